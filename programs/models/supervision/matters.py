"""需协调事项: what a unit cannot settle alone and brought up in its report."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import MatterState
from taskforce.models import Department, Jurisdiction

from ..base import Versioned, VisibleQuerySet
from ..programmes import Programme
from ..progress import ProgressEntry, ReportingWindow
from ..responsibility import Responsibility
from .meetings import Meeting

USER = settings.AUTH_USER_MODEL


class MatterQuerySet(VisibleQuerySet):
    def open(self) -> "MatterQuerySet":
        return self.filter(state__in=MatterState.open())


class CoordinationMatter(Versioned):
    """One line's 需协调事项 of one period: raised by the report that left the unit signed, followed until the unit has
    noted the answer or the decision. A report filed anew changes the text, it makes no second matter.

    `leader` is before whom it was put, `meeting` on whose agenda; `decided_by` who entered the decision (`leader`
    himself, his secretary, or the office from a paper named in `decision_basis`).
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="matters"
    )
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="matters"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="matters"
    )
    part = models.ForeignKey(
        Responsibility, verbose_name=_("responsibility"), on_delete=models.PROTECT, related_name="matters"
    )
    window = models.ForeignKey(
        ReportingWindow, verbose_name=_("reporting window"), on_delete=models.PROTECT, related_name="matters"
    )
    entry = models.ForeignKey(
        ProgressEntry, verbose_name=_("report"), on_delete=models.PROTECT, related_name="matters"
    )
    text = models.TextField(_("what has to be coordinated"), max_length=2000)
    raised_on = models.DateField(_("brought up on"))
    state = models.CharField(_("state"), max_length=14, choices=MatterState, default=MatterState.RAISED)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        USER, verbose_name=_("answered by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    proposal = models.TextField(_("what the office proposes"), max_length=1000, blank=True)
    leader = models.ForeignKey(
        USER, verbose_name=_("leader"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), null=True, blank=True, on_delete=models.SET_NULL, related_name="matters"
    )
    put_before_by = models.ForeignKey(
        USER, verbose_name=_("put before by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    put_before_on = models.DateField(_("put before on"), null=True, blank=True)
    decision = models.TextField(_("decision"), max_length=1000, blank=True)
    decision_basis = models.CharField(_("basis of the decision"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        USER, verbose_name=_("entered by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    by_secretary = models.BooleanField(_("recorded by the secretary"), default=False)
    acknowledged_by = models.ForeignKey(
        USER, verbose_name=_("noted by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_on = models.DateField(_("noted on"), null=True, blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter for coordination")
        verbose_name_plural = _("matters for coordination")
        ordering = ["-raised_on", "-pk"]
        indexes = [
            models.Index(fields=["jurisdiction", "state", "raised_on"]),
            models.Index(fields=["department", "state"]),
            models.Index(fields=["leader", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["part", "window"], name="matter_once_per_line"),
            models.CheckConstraint(condition=Q(state__in=MatterState.values), name="matter_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="matter_not_empty"),
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="matter_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="put_before")
                | (Q(put_before_on__isnull=False) & (Q(leader__isnull=False) | Q(meeting__isnull=False))),
                name="matter_put_before_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (~Q(decision="") & Q(decided_on__isnull=False)),
                name="matter_decided_has_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def decided(self) -> bool:
        """Whether what stands is a leader's decision rather than the office's answer."""
        return bool(self.decision)
