"""延期: a later date, asked for before the date passes, signed by the head, decided by the office."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ExtensionState, SignMode
from taskforce.models import Department

from ..base import Versioned, VisibleQuerySet
from ..breakdown import Milestone
from ..tasks import Task
from .items import ItemPart

USER = settings.AUTH_USER_MODEL


class ExtensionQuerySet(VisibleQuerySet):
    def open(self) -> "ExtensionQuerySet":
        return self.filter(state__in=ExtensionState.open())

    def granted(self) -> "ExtensionQuerySet":
        return self.filter(state=ExtensionState.GRANTED)


class Extension(Versioned):
    """One request. It is about a task, a milestone of a task (then both are set), or the item of a unit's part.

    `due_then` is the date in force when it was asked for, `granted_on` the new date that the office states, which may
    differ from the `wanted_on`. The original date stays with the subject; every granted request counts.
    """

    task = models.ForeignKey(
        Task, verbose_name=_("task"), null=True, on_delete=models.CASCADE, related_name="extensions"
    )
    milestone = models.ForeignKey(
        Milestone, verbose_name=_("milestone"), null=True, on_delete=models.CASCADE, related_name="extensions"
    )
    item_part = models.ForeignKey(
        ItemPart, verbose_name=_("part of an item"), null=True, on_delete=models.CASCADE, related_name="extensions"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="extensions"
    )
    reason = models.CharField(_("reason"), max_length=500)
    progress = models.CharField(_("present progress"), max_length=500)
    wanted_on = models.DateField(_("wanted date"))
    due_then = models.DateField(_("date in force"))
    asked_on = models.DateField(_("asked on"))
    state = models.CharField(_("state"), max_length=12, choices=ExtensionState, default=ExtensionState.DRAFT)
    on_behalf = models.BooleanField(_("entered by the office"), default=False)
    filed_by = models.ForeignKey(USER, verbose_name=_("filed by"), on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("filed at"))
    signed_by = models.ForeignKey(
        USER, verbose_name=_("signed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), null=True)
    sign_mode = models.CharField(_("signature"), max_length=12, choices=SignMode, blank=True)
    decided_by = models.ForeignKey(
        USER, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    granted_on = models.DateField(_("new date"), null=True)
    answer = models.CharField(_("answer"), max_length=400, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for extension")
        verbose_name_plural = _("requests for extension")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["department", "state"]), models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExtensionState.values), name="extension_state_known"),
            models.CheckConstraint(
                condition=Q(task__isnull=False, item_part__isnull=True)
                | Q(task__isnull=True, milestone__isnull=True, item_part__isnull=False),
                name="extension_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(milestone__isnull=True, state__in=["draft", "submitted", "signed"]),
                name="one_open_extension_per_task",
            ),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state__in=["draft", "submitted", "signed"]),
                name="one_open_extension_per_milestone",
            ),
            models.UniqueConstraint(
                fields=["item_part"],
                condition=Q(state__in=["draft", "submitted", "signed"]),
                name="one_open_extension_per_item_part",
            ),
            models.CheckConstraint(condition=Q(asked_on__lte=F("due_then")), name="extension_asked_in_time"),
            models.CheckConstraint(condition=Q(wanted_on__gt=F("due_then")), name="extension_wants_later"),
            models.CheckConstraint(
                condition=Q(state="granted", granted_on__gt=F("due_then"))
                | (~Q(state="granted") & Q(granted_on__isnull=True)),
                name="extension_granted_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("filed_by"))),
                name="extension_not_decided_by_filer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "granted", "refused"])
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_by=F("filed_by"))),
                name="extension_not_signed_by_filer",
            ),
        ]

    def __str__(self) -> str:
        """About a restricted item its number alone, as the journal and notices of others may print this."""
        return str(self.subject) if self.restricted else f"{self.department} · {self.subject}"

    @property
    def subject(self) -> Any:
        """The row whose date it is about: the task, the milestone, or the item of the part."""
        return self.milestone or self.task or self.item_part.item  # type: ignore[union-attr]

    @property
    def restricted(self) -> bool:
        """Whether it concerns an item that is there for named persons alone."""
        return self.item_part is not None and self.item_part.item.restricted

    @property
    def matter(self) -> Any:
        """The programme or the item: where the office and the territory come from."""
        return self.task.programme if self.task is not None else self.item_part.item  # type: ignore[union-attr]

    @property
    def programme(self) -> Any:
        """For the rules that filed rows share: they ask for the territory alone."""
        return self.matter

    @property
    def jurisdiction_id(self) -> int:
        return self.matter.jurisdiction_id

    @property
    def original_due(self) -> date:
        return self.subject.original_due
