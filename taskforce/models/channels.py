"""消息渠道: robots of groups, and the secret address of a person's calendar."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qualitycity.access import visible
from qualitycity.channels.choices import RobotKind
from qualitycity.outbox.models import Message

from .departments import Department
from .jurisdictions import Jurisdiction


class RobotQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "RobotQuerySet":
        return visible(self, actor)


class Robot(models.Model):
    """群机器人 of an office's or a unit's group. Off until somebody switches it on.

    Address and signing secret are the keys to the group: they are stored sealed and never shown again.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="robots"
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="robots",
        help_text=_("Empty: the group of the office itself."),
    )
    kind = models.CharField(_("service"), max_length=12, choices=RobotKind)
    name = models.CharField(_("name of the group"), max_length=40)
    address_sealed = models.TextField(_("address, sealed"))
    address_hint = models.CharField(_("address, shortened"), max_length=120)
    secret_sealed = models.TextField(_("signing secret, sealed"), blank=True, default="")
    active = models.BooleanField(_("switched on"), default=False)
    last_message = models.ForeignKey(
        Message, verbose_name=_("latest message"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RobotQuerySet.as_manager()

    class Meta:
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")
        ordering = ["jurisdiction__code", "department__sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"], condition=Q(department__isnull=False), name="one_robot_per_department"
            ),
            models.UniqueConstraint(
                fields=["jurisdiction"], condition=Q(department__isnull=True), name="one_robot_per_office"
            ),
            models.CheckConstraint(condition=Q(kind__in=RobotKind.values), name="robot_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def whose(self) -> str:
        """Whose matters are counted, as the message in the group says it."""
        return self.department.short_name if self.department else f"{self.jurisdiction.name}办公室"


class CalendarFeed(models.Model):
    """日历订阅: the secret address under which a person's calendar is read without signing in; only its hash is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="calendar_feed"
    )
    key_hash = models.CharField(_("hash of the address"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.user)

    @staticmethod
    def hashed(secret: str) -> str:
        """Secrets are random and long, so that a plain hash is enough."""
        return hashlib.sha256(secret.encode()).hexdigest()
