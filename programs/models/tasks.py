"""任务: what the document asks for, and what the office has made of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from programs.choices import RoleMode, TaskKind, TaskNature, TaskState
from taskforce.models import Seat

from .base import Provenance, Versioned, VisibleQuerySet
from .programmes import Phase, Programme, Section


class TaskQuerySet(VisibleQuerySet):
    def current(self) -> "TaskQuerySet":
        return self.filter(programme__state="running")

    def overdue(self, day) -> "TaskQuerySet":
        return self.filter(state=TaskState.ACTIVE, due_on__lt=day)

    def led_by(self, department) -> "TaskQuerySet":
        return self.filter(parts__department=department, parts__role="lead")


class Task(Provenance, Versioned):
    """A task. `title` as printed, or as adjusted (调整单), and then `original_title` has the print; `requirement`
    is one sentence of the office's own, never the paragraph.

    `due_on` is set by the office (办公室分解), from the printed time limit where the document has one. `original_due`
    never changes.
    """

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="tasks"
    )
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    phase = models.ForeignKey(
        Phase, verbose_name=_("phase"), null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("sub-item of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    carried_from = models.ForeignKey(
        "self",
        verbose_name=_("carried over from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
    )
    number = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    requirement = models.CharField(_("requirement in one sentence"), max_length=400, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind, default=TaskKind.WORK)
    nature = models.CharField(_("nature"), max_length=10, choices=TaskNature)
    role_mode = models.CharField(_("responsibility as printed"), max_length=14, choices=RoleMode)
    inherited_from = models.CharField(
        _("clause of the group"),
        max_length=60,
        blank=True,
        help_text=_("The clause above that names the units, where the item itself names none."),
    )
    open_ended = models.BooleanField(_("list left open (等)"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=TaskState, default=TaskState.DRAFT)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    original_due = models.DateField(_("original due date"), null=True, blank=True, editable=False)
    extended = models.PositiveSmallIntegerField(_("extensions granted"), default=0, editable=False)
    adjusted = models.PositiveSmallIntegerField(_("adjustments"), default=0, editable=False)
    original_title = models.CharField(_("title as it was"), max_length=200, blank=True, editable=False)
    original_requirement = models.CharField(_("requirement as it was"), max_length=400, blank=True, editable=False)
    assigned_on = models.DateField(_("assigned on"), null=True, blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("struck off on"), null=True, blank=True, editable=False)
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True, editable=False)
    suspended_why = models.CharField(_("why suspended"), max_length=200, blank=True, editable=False)
    suspended_basis = models.CharField(_("basis of the suspension"), max_length=200, blank=True, editable=False)
    responsible_leader = models.ForeignKey(
        Seat,
        verbose_name=_("responsible leader"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tasks",
    )
    sort = models.PositiveIntegerField(_("order"), default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["programme", "sort", "pk"]
        permissions = [("work_on_task", "Can see and work on the task (added person)")]
        indexes = [models.Index(fields=["programme", "state"]), models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "clause_path", "number"], name="task_once_per_clause"
            ),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["completed", "closed"], completed_on__isnull=False)
                | (~Q(state__in=["completed", "closed"]) & Q(completed_on__isnull=True)),
                name="task_completed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="task_closed_has_date",
            ),
            models.CheckConstraint(
                condition=(Q(state="suspended", suspended_on__isnull=False) & ~Q(suspended_why=""))
                | (~Q(state="suspended") & Q(suspended_on__isnull=True, suspended_why="", suspended_basis="")),
                name="task_suspended_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(original_due__isnull=False),
                name="task_due_keeps_original",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="task_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.title}" if self.number.startswith("(") else f"{self.number}. {self.title}"

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id

    @property
    def stage(self) -> str:
        """The state in words; a draft without a unit reads 未分解. Lists annotate `named` or prefetch the parts."""
        if self.state != TaskState.DRAFT:
            return self.get_state_display()
        named = getattr(self, "named", None)
        if named is None:
            named = any(part.department_id is not None for part in self.parts.all())
        return self.get_state_display() if named else gettext("Not broken down")

    @property
    def asks_percentage(self) -> bool:
        return self.nature == TaskNature.OUTCOME


class Suspension(models.Model):
    """中止 that is over: from `since` until the day before `until` nothing was owed on the task. The present one stands
    in the task itself. Written when a task is taken up again; what was not owed then is not owed later either."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="suspensions")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    basis = models.CharField(_("basis"), max_length=200)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["task", "since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="suspension_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.since}–{self.until}"


class TaskUserObjectPermission(UserObjectPermissionBase):
    """A person added to one task. Direct key, so that it goes with the task."""

    content_object = models.ForeignKey(Task, on_delete=models.CASCADE)
