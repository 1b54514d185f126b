"""进展填报: reporting windows, filed lines, their evidence, and signatures on paper."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import PeriodKind
from qualitycity.files.models import StoredFile
from qualitycity.periods import Period
from taskforce.models import Department

from .base import Versioned, VisibleQuerySet
from .filing import Filed
from .programmes import Programme
from .responsibility import Responsibility


class ReportingWindow(Versioned):
    """填报期: one period of one programme: opens, is due, is locked by the office."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="windows"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PeriodKind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting window")
        verbose_name_plural = _("reporting windows")
        ordering = ["programme", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "starts_on"], name="window_once"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on"), opens_on__lte=F("due_on")),
                name="window_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.label}"

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id

    @property
    def period(self) -> Period:
        return Period(self.kind, self.starts_on, self.ends_on)

    @property
    def label(self) -> str:
        return self.period.label


class ProgressEntry(Filed):
    """One unit's report on one task in one window. After acceptance a correction is a new row (`supersedes`)."""

    part = models.ForeignKey(
        Responsibility, verbose_name=_("responsibility"), on_delete=models.PROTECT, related_name="entries"
    )
    window = models.ForeignKey(
        ReportingWindow, verbose_name=_("reporting window"), on_delete=models.PROTECT, related_name="entries"
    )
    progress = models.TextField(_("progress this period"), blank=True)
    result = models.TextField(_("result"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    coordination = models.TextField(_("needs coordination"), blank=True)
    percent = models.PositiveSmallIntegerField(
        _("percentage"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    percent_reason = models.CharField(_("why the percentage fell"), max_length=200, blank=True)
    unchanged = models.BooleanField(_("no change"), default=False)

    class Meta(Filed.Meta):
        verbose_name = _("progress entry")
        verbose_name_plural = _("progress entries")
        ordering = ["window", "part", "-version"]
        indexes = [models.Index(fields=["state", "window"])]
        constraints = [
            *Filed.Meta.constraints,
            models.UniqueConstraint(fields=["part", "window", "version"], name="entry_version_once"),
            models.UniqueConstraint(
                fields=["part", "window"],
                condition=~Q(state__in=["accepted", "superseded"]),
                name="one_open_entry_per_line",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="entry_percent_up_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.window.label}"

    @property
    def jurisdiction_id(self) -> int:
        return self.part.task.programme.jurisdiction_id

    @property
    def department_id(self) -> int | None:
        """The unit whose line this is; every filed row answers this."""
        return self.part.department_id

    @property
    def programme(self) -> Programme:
        return self.part.task.programme


class Evidence(models.Model):
    """佐证材料 of one line; several per line."""

    entry = models.ForeignKey(ProgressEntry, on_delete=models.CASCADE, related_name="evidence")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    caption = models.CharField(_("caption"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption or self.file.original_name


class PaperSignature(models.Model):
    """纸质审签: the scan of the printed 进展情况报送表, signed and stamped; counts as the head's signature."""

    window = models.ForeignKey(ReportingWindow, on_delete=models.PROTECT, related_name="paper_signatures")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="paper_signatures")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="paper_signature")
    signer = models.CharField(_("signed by, as on the paper"), max_length=40)
    check_code = models.CharField(_("check code"), max_length=12)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    entries = models.ManyToManyField(ProgressEntry, related_name="paper_signatures")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature on paper")
        verbose_name_plural = _("signatures on paper")
        ordering = ["-uploaded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.department} {self.window.label}"
