from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import HELD, NEEDS_PERSON, Queue, State


class MessageQuerySet(models.QuerySet["Message"]):
    def claimable(self, queue: str) -> "MessageQuerySet":
        """Messages of a queue whose time has come."""
        return self.filter(queue=queue, state=State.PENDING, next_at__lte=timezone.now())


class Message(models.Model):
    """One piece of work that follows from a committed business change.

    ``payload`` holds ids, never texts: the handler reads the facts as they are when it runs.
    ``next_at`` is business time (it moves with a moved clock), leases run on the database's clock.
    """

    kind = models.CharField(_("kind"), max_length=60)
    dedup_key = models.CharField(_("unique key"), max_length=200, unique=True)
    queue = models.CharField(_("queue"), max_length=10, choices=Queue.choices, default=Queue.DEFAULT)
    payload = models.JSONField(_("ids concerned"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("not before"), default=timezone.now)
    lease_token = models.UUIDField(_("lease"), null=True, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    leased_by = models.CharField(_("worker"), max_length=120, blank=True, default="")
    last_error = models.TextField(_("last error"), blank=True, default="")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="outbox_message_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="outbox_message_queue_known", condition=Q(queue__in=Queue.values)),
            models.CheckConstraint(
                name="outbox_message_held_has_lease",
                condition=~Q(state__in=HELD) | Q(lease_token__isnull=False, leased_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="outbox_message_claimable",
                fields=["queue", "next_at", "id"],
                condition=Q(state=State.PENDING),
            ),
            models.Index(name="outbox_message_held", fields=["leased_until"], condition=Q(state__in=HELD)),
            models.Index(name="outbox_message_person", fields=["state"], condition=Q(state__in=NEEDS_PERSON)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedup_key}"


class InboxItem(models.Model):
    """A notice in a person's portal inbox 站内消息, written in the business transaction itself."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="inbox_items",
        verbose_name=_("recipient"),
    )
    kind = models.CharField(_("kind"), max_length=60)
    dedup_key = models.CharField(_("unique key"), max_length=220, unique=True)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, default="")
    url = models.CharField(_("link"), max_length=300, blank=True, default="")
    urgent = models.BooleanField(_("urgent"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(name="outbox_inbox_unread", fields=["recipient", "read_at"]),
            models.Index(name="outbox_inbox_latest", fields=["recipient", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.title


class Heartbeat(models.Model):
    """Proof that beat, broker and a worker are all alive: written by a job, read by the readiness page."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
