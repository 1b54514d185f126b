"""What the office adds (办公室分解): milestones, deliverables, and the round of comments (征求意见)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import DeliverableKind, MilestoneState, ReplyStance
from taskforce.models import Department

from .base import Provenance, Versioned, VisibleQuerySet
from .programmes import Phase, Programme
from .tasks import Task


class MilestoneQuerySet(VisibleQuerySet):
    def open(self) -> "MilestoneQuerySet":
        return self.filter(state=MilestoneState.OPEN)


class Milestone(Provenance, Versioned):
    """节点: a dated point of a programme, or of one task. `original_due` stays for ever."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="milestones"
    )
    task = models.ForeignKey(
        Task,
        verbose_name=_("task"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="milestones",
    )
    phase = models.ForeignKey(
        Phase,
        verbose_name=_("phase"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="milestones",
    )
    title = models.CharField(_("title"), max_length=120)
    due_on = models.DateField(_("due on"))
    original_due = models.DateField(_("original due date"), editable=False)
    extended = models.PositiveSmallIntegerField(_("extensions granted"), default=0, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MilestoneState, default=MilestoneState.OPEN)
    done_on = models.DateField(_("reached on"), null=True, blank=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on__isnull=True)),
                name="milestone_done_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MilestoneState.values), name="milestone_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id


class Deliverable(Provenance, Versioned):
    """成果: what a task of definite outcome is closed against, or a report that is due."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="deliverables"
    )
    task = models.ForeignKey(
        Task,
        verbose_name=_("task"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliverables",
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=DeliverableKind)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    recurrence = models.CharField(_("recurrence"), max_length=20, blank=True)
    due_printed = models.CharField(_("due, as printed"), max_length=60, blank=True)
    by = models.CharField(_("by whom, as printed"), max_length=120, blank=True)
    to = models.CharField(_("to whom, as printed"), max_length=80, blank=True)
    done_on = models.DateField(_("delivered on"), null=True, blank=True, editable=False)
    done_note = models.CharField(_("evidence of delivery"), max_length=200, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "clause_path", "name"], name="deliverable_once_per_clause"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Consultation(Versioned):
    """征求意见: one round in which the draft 任务分解表 goes to the units."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="consultations")
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("answers due on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note to the units"), max_length=300, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(closed_on__isnull=True), name="one_open_consultation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.opened_on}"


class ConsultationReply(Versioned):
    """One unit's answer: to the whole table (task empty) or to one task."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="replies")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="consultation_replies")
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.CASCADE, related_name="consultation_replies"
    )
    stance = models.CharField(_("answer"), max_length=10, choices=ReplyStance)
    text = models.CharField(_("wording asked for"), max_length=500, blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField()
    answer = models.CharField(_("office's answer"), max_length=300, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply to a consultation")
        verbose_name_plural = _("replies to consultations")
        ordering = ["replied_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "department", "task"],
                nulls_distinct=False,
                name="one_reply_per_unit_and_task",
            ),
            models.CheckConstraint(condition=~Q(stance="change") | ~Q(text=""), name="a_change_is_worded"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.get_stance_display()}"
