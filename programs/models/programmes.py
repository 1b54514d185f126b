"""方案/计划: programmes with their sections as printed and their phases."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from programs.choices import PeriodKind, ProgrammeState
from qualitycity.sealing.models import RuleSnapshot
from taskforce.models import Body, Department, Jurisdiction

from .base import Provenance, Versioned, VisibleQuerySet
from .documents import PolicyDocument


class ProgrammeQuerySet(VisibleQuerySet):
    def current(self) -> "ProgrammeQuerySet":
        """Outside are drafts, closed ones and 历史档案: reminders and boards look only at these."""
        return self.filter(state=ProgrammeState.RUNNING)


class Programme(Versioned):
    """A programme, plan or year of one. `ends_computed`: the end is not printed but follows from the title (推算)."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="programmes"
    )
    document = models.ForeignKey(
        PolicyDocument,
        verbose_name=_("policy document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    carried_from = models.ForeignKey(
        "self",
        verbose_name=_("carried over from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
    )
    body = models.ForeignKey(
        Body,
        verbose_name=_("leading body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    office_department = models.ForeignKey(
        Department,
        verbose_name=_("office in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes_run",
    )
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=60)
    year = models.PositiveIntegerField(_("year"))
    starts_on = models.DateField(_("starts on"))
    starts_computed = models.BooleanField(_("start computed"), default=False)
    ends_on = models.DateField(_("ends on"))
    ends_computed = models.BooleanField(_("end computed"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=ProgrammeState, default=ProgrammeState.DRAFT)
    report_every = models.CharField(
        _("reported"), max_length=10, choices=PeriodKind, default=PeriodKind.QUARTER
    )
    report_opens_before = models.PositiveIntegerField(
        _("opens before the end of the period (days)"), default=10
    )
    report_due_after = models.PositiveIntegerField(
        _("due after the end of the period (working days)"), default=5
    )
    light_policy = models.ForeignKey(
        RuleSnapshot,
        verbose_name=_("light rules"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    reminder_ladder = models.ForeignKey(
        RuleSnapshot,
        verbose_name=_("reminder ladder"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    #: Rungs that passed before the ladder was changed are not made up by it.
    ladder_since = models.DateField(_("reminder ladder changed on"), null=True, blank=True, editable=False)
    contact = models.CharField(_("office contact"), max_length=120, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-year", "pk"]
        permissions = [("work_on_programme", "Can see and work on the programme (working team)")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="programme_dates_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=ProgrammeState.values), name="programme_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    @property
    def historical(self) -> bool:
        """历史档案: readable, searchable, printable; outside reminders and current boards."""
        return self.state == ProgrammeState.ARCHIVED


class ProgrammeUserObjectPermission(UserObjectPermissionBase):
    """A person added to one programme (专班). Direct key, so that it goes with the programme."""

    content_object = models.ForeignKey(Programme, on_delete=models.CASCADE)


def section_label(number: str, title: str) -> str:
    """一、总体目标, but (一)总体目标: brackets separate by themselves."""
    return f"{number}{title}" if number.startswith("(") else f"{number}、{title}"


class Section(models.Model):
    """章节 as printed: path "一" or "二/(一)"."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="sections"
    )
    path = models.CharField(_("path"), max_length=60)
    number = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    sort = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["programme", "sort", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "path"], name="section_path_once")]

    def __str__(self) -> str:
        return section_label(self.number, self.title)


class Phase(Provenance):
    """阶段, to which tasks and milestones attach."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="phases"
    )
    number = models.CharField(_("number"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["programme", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="phase_once"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="phase_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name
