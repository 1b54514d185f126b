"""配合单位的部分: what a supporting unit tells the lead about its part of a task in one period, or an assisting unit
(协办) the handling one about its part of a supervised item."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ContributionState
from qualitycity.files.models import StoredFile

from ..base import Versioned, VisibleQuerySet
from ..progress import ProgressEntry, ReportingWindow
from ..responsibility import Responsibility
from .item_reports import ItemReport
from .items import ItemPart

USER = settings.AUTH_USER_MODEL


class Contribution(Versioned):
    """One supporting unit's part, of a task in one window (`part`, `window`) or of a supervised item (`item_part`).

    Never owed: the lead's report is in time without it (减负), and the lead answers for the whole. `due_on` is the day by
    which the lead would like to have it. Of an item one is under way at a time; what was adopted stays.
    """

    part = models.ForeignKey(
        Responsibility, verbose_name=_("part"), null=True, on_delete=models.CASCADE, related_name="contributions"
    )
    window = models.ForeignKey(
        ReportingWindow,
        verbose_name=_("reporting window"),
        null=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    item_part = models.ForeignKey(
        ItemPart,
        verbose_name=_("part of a supervised item"),
        null=True,
        on_delete=models.CASCADE,
        related_name="contributions",
    )
    state = models.CharField(_("state"), max_length=12, choices=ContributionState, default=ContributionState.ASKED)
    text = models.TextField(_("our part"), max_length=1000, blank=True)
    due_on = models.DateField(_("wanted by"))
    asked_by = models.ForeignKey(
        USER, verbose_name=_("asked by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"), null=True)
    filed_by = models.ForeignKey(
        USER, verbose_name=_("filed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(_("filed at"), null=True)
    adopted_by = models.ForeignKey(
        USER, verbose_name=_("adopted by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_at = models.DateTimeField(_("adopted at"), null=True)
    adopted_into = models.ForeignKey(
        ProgressEntry, verbose_name=_("adopted into"), null=True, on_delete=models.SET_NULL, related_name="adopted"
    )
    adopted_report = models.ForeignKey(
        ItemReport, verbose_name=_("adopted into"), null=True, on_delete=models.SET_NULL, related_name="adopted"
    )
    remark = models.CharField(_("why it was asked back"), max_length=300, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a supporting unit")
        verbose_name_plural = _("parts of supporting units")
        ordering = ["window", "part", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__isnull=False, window__isnull=False, item_part__isnull=True)
                | Q(part__isnull=True, window__isnull=True, item_part__isnull=False),
                name="contribution_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["item_part"], condition=~Q(state="adopted"), name="contribution_one_under_way_per_item_part"
            ),
            models.UniqueConstraint(fields=["part", "window"], name="contribution_once_per_window"),
            models.CheckConstraint(condition=Q(state__in=ContributionState.values), name="contribution_state_known"),
            models.CheckConstraint(
                condition=Q(state="asked")
                | (Q(filed_by__isnull=False, filed_at__isnull=False) & ~Q(text="")),
                name="contribution_handed_in_has_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(adopted_by__isnull=False, adopted_at__isnull=False),
                name="contribution_adopted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.window.label}" if self.window else str(self.item_part)

    @property
    def of(self) -> Any:
        """The part of the task or of the item that is spoken of."""
        return self.part or self.item_part

    @property
    def department(self) -> Any:
        """The supporting unit."""
        return self.of.department

    @property
    def department_id(self) -> int | None:
        return self.of.department_id

    @property
    def matter(self) -> Any:
        """The task or the supervised item."""
        return self.of.task if self.part else self.of.item

    @property
    def governing(self) -> Any:
        """What office and territory are read from: the programme of the task, or the item itself."""
        return self.programme if self.part else self.matter

    @property
    def programme(self) -> Any:
        """Of a part of a task alone; guards of the window ask for it."""
        return self.of.task.programme

    @property
    def reported_in(self) -> ProgressEntry | ItemReport | None:
        """The lead's report that took it in."""
        return self.adopted_into or self.adopted_report

    @property
    def jurisdiction_id(self) -> int:
        return self.governing.jurisdiction_id


class ContributionFile(models.Model):
    """A file behind it; the lead's report takes it along when the part is adopted."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="contribution_file")

    class Meta:
        verbose_name = _("file of a supporting unit")
        verbose_name_plural = _("files of supporting units")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.original_name
