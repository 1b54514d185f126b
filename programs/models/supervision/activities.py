"""活动日历: yearly recurring activities (质量月, 3·15 …) with organiser, date and a three-line result."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ActivityState
from taskforce.models import Department, Jurisdiction

from ..base import Versioned, VisibleQuerySet

USER = settings.AUTH_USER_MODEL


class Activity(Versioned):
    """An activity that comes back every year: from `month`/`day` for `days` days."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="activities"
    )
    title = models.CharField(_("activity"), max_length=80)
    organiser = models.ForeignKey(
        Department, verbose_name=_("organiser"), on_delete=models.PROTECT, related_name="activities"
    )
    month = models.PositiveSmallIntegerField(
        _("month"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(_("day"), validators=[MinValueValidator(1), MaxValueValidator(31)])
    days = models.PositiveSmallIntegerField(
        _("length in days"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    note = models.CharField(_("what is done"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly activity")
        verbose_name_plural = _("yearly activities")
        ordering = ["month", "day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "title"], condition=Q(ended_on__isnull=True), name="activity_once"
            ),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31), days__range=(1, 100)), name="activity_day_real"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityRun(Versioned):
    """The activity of one year. `result` has at most three lines: what was done, with whom, what came of it."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="runs"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=ActivityState, default=ActivityState.PLANNED)
    result = models.CharField(_("result"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        USER, verbose_name=_("recorded by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_on = models.DateField(_("recorded on"), null=True, blank=True)
    remark = models.CharField(_("why cancelled or moved"), max_length=200, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity of a year")
        verbose_name_plural = _("activities of a year")
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["state", "starts_on"])]
        constraints = [
            models.UniqueConstraint(fields=["activity", "year"], name="activity_once_a_year"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="activity_days_in_order"),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
            models.CheckConstraint(
                condition=~Q(state="held") | (~Q(result="") & Q(recorded_by__isnull=False, recorded_on__isnull=False)),
                name="activity_held_has_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.year}"

    @property
    def jurisdiction_id(self) -> int:
        return self.activity.jurisdiction_id
