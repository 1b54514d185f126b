"""指标: indicators as printed, and what the units report of them per window."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis.choices import Comparator, IndicatorKind
from programs.choices import EntryState
from programs.models import Programme, ReportingWindow, Task
from programs.models.base import Provenance, Versioned, VisibleQuerySet
from programs.models.filing import Filed
from taskforce.models import Department


class Indicator(Provenance, Versioned):
    """An indicator of a programme, `value` in `unit`.

    `doubtful` (存疑): the office has to confirm the printed figure; until then it has no light and counts in no figure.
    Once settled, `doubt_note` stays to say what was printed.
    """

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="indicators"
    )
    task = models.ForeignKey(
        Task,
        verbose_name=_("task"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="indicators",
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=IndicatorKind)
    comparator = models.CharField(_("comparator"), max_length=8, choices=Comparator)
    value = models.DecimalField(_("target"), max_digits=14, decimal_places=4, null=True, blank=True)
    value_text = models.CharField(_("target in words"), max_length=80, blank=True)
    original_target = models.CharField(_("target as printed"), max_length=120, blank=True, editable=False)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    deadline = models.CharField(_("deadline as printed"), max_length=20, blank=True)
    area = models.CharField(_("area"), max_length=20, blank=True)
    strict = models.BooleanField(_("strict (can be judged)"), default=True)
    doubtful = models.BooleanField(_("doubtful figure"), default=False)
    doubt_note = models.CharField(_("what is doubtful"), max_length=200, blank=True)
    settled_on = models.DateField(_("doubt settled on"), null=True, blank=True, editable=False)
    settled_basis = models.CharField(_("how the office knows"), max_length=200, blank=True, editable=False)
    data_source = models.CharField(_("source of the figure"), max_length=120, blank=True)
    reporter = models.ForeignKey(
        Department,
        verbose_name=_("reported by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
        help_text=_("Set by the office: the unit that enters the figure each period."),
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "clause_path", "name"], name="indicator_once_per_clause"
            ),
            models.CheckConstraint(
                condition=Q(comparator__in=["zero", "reach"]) | Q(value__isnull=False),
                name="indicator_figure_given",
            ),
            models.CheckConstraint(
                condition=Q(doubtful=False) | ~Q(doubt_note=""), name="indicator_doubt_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id


class IndicatorReading(Filed):
    """A reported figure. Signed and reviewed together with the unit's lines of progress."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="readings"
    )
    window = models.ForeignKey(
        ReportingWindow, verbose_name=_("reporting window"), on_delete=models.PROTECT, related_name="readings"
    )
    value = models.DecimalField(_("figure"), max_digits=14, decimal_places=4, null=True, blank=True)
    note = models.CharField(_("source or explanation"), max_length=200, blank=True)

    class Meta(Filed.Meta):
        verbose_name = _("indicator reading")
        verbose_name_plural = _("indicator readings")
        ordering = ["window", "indicator", "-version"]
        constraints = [
            *Filed.Meta.constraints,
            models.UniqueConstraint(fields=["indicator", "window", "version"], name="reading_version_once"),
            models.UniqueConstraint(
                fields=["indicator", "window"],
                condition=~Q(state__in=[EntryState.ACCEPTED, EntryState.SUPERSEDED]),
                name="one_open_reading_per_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.window.label}"

    @property
    def jurisdiction_id(self) -> int:
        return self.indicator.programme.jurisdiction_id

    @property
    def department_id(self) -> int | None:
        """The unit whose line this is; every filed row answers this."""
        return self.indicator.reporter_id

    @property
    def programme(self) -> Programme:
        return self.indicator.programme
