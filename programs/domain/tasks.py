"""任务: the transition table of a task, and what the office writes into it (办公室分解).

| from | action | to | who |
|---|---|---|---|
| draft | consult 征求意见 | consulting | office |
| draft, consulting | confirm 确认分解 | confirmed | office |
| confirmed | revise 重新分解 | draft | office |
| confirmed | assign 交办 | active | office administrator; a unit must be named |
| active | complete 办结 | completed | office administrator; every part done or waived, deliverables delivered |
| completed | close 销号 | closed | office administrator; no report of it is under way |
| active | suspend 中止 | suspended | office administrator, with a reason and the basis |
| suspended | resume 恢复（中止后） | active | office administrator |
| completed, closed | reopen 恢复办理 | active | office administrator, with a reason |
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import EntryState, PartState, ProgrammeState, TaskNature, TaskState
from programs.models import Programme, ProgressEntry, Suspension, Task
from qualitycity.access import ActorContext
from qualitycity.workflow import (
    Batch,
    Change,
    IllegalMove,
    Machine,
    Transition,
    advance,
    advance_many,
    advance_together,
)

from . import notices
from .parts import assign_parts

DRAFT, CONSULTING, CONFIRMED = TaskState.DRAFT, TaskState.CONSULTING, TaskState.CONFIRMED
ACTIVE, COMPLETED = TaskState.ACTIVE, TaskState.COMPLETED
CLOSED, SUSPENDED = TaskState.CLOSED, TaskState.SUSPENDED
#: Columns that are empty unless a task is closed or suspended.
NOT_FINISHED: dict[str, Any] = {"completed_on": None, "closed_on": None}
NOT_SUSPENDED: dict[str, Any] = {"suspended_on": None, "suspended_why": "", "suspended_basis": ""}


def _being_prepared(task: Task, actor: ActorContext) -> str:
    if task.programme.state not in (ProgrammeState.DRAFT, ProgrammeState.RUNNING):
        return _("The programme is closed or a historical record; its tasks do not move any more.")
    return ""


def _running(task: Task, actor: ActorContext) -> str:
    if task.programme.state != ProgrammeState.RUNNING:
        return _("Start the programme first.")
    return ""


def has_unit(task: Task) -> bool:
    """False shows as 未分解: no unit, or only groups whose list is still pending."""
    return any(part.department_id is not None for part in task.parts.all())


def _assignable(task: Task, actor: ActorContext) -> str:
    if not has_unit(task):
        return _("No unit is named yet (not broken down): name one, or give the list of the group, first.")
    return _running(task, actor)


def _completable(task: Task, actor: ActorContext) -> str:
    open_parts = [
        part for part in task.parts.all() if part.owes_reports and part.state not in PartState.settled()
    ]
    if open_parts:
        units = "、".join(str(part.department) for part in open_parts[:5])
        return _("Not every part is done or waived yet: %(units)s.") % {"units": units}
    if task.nature == TaskNature.OUTCOME:
        missing = [deliverable.name for deliverable in task.deliverables.all() if deliverable.done_on is None]
        if missing:
            return _("Deliverables are still missing: %(names)s.") % {"names": "、".join(missing[:5])}
    return _running(task, actor)


def _assign_open_parts(changes: list[Change]) -> None:
    """Effect of 交办: the parts go out with the task."""
    parts = [
        part
        for change in changes
        for part in change.obj.parts.all()
        if part.state == PartState.PENDING and part.department_id is not None
    ]
    assign_parts(parts, actor=changes[0].actor)


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, who, label, **more)


TASKS = Machine(
    model="programs.Task",
    field="state",
    related=("programme__jurisdiction", "section"),
    # names of units and deliverables are only read for a refusal, one task at a time
    prefetch=("parts",),
    transitions=(
        _move(
            "consult",
            {DRAFT},
            CONSULTING,
            "manage",
            gettext_lazy("Send out for comment"),
            guard=_being_prepared,
        ),
        _move(
            "confirm",
            {DRAFT, CONSULTING},
            CONFIRMED,
            "manage",
            gettext_lazy("Confirm"),
            guard=_being_prepared,
        ),
        _move("revise", {CONFIRMED}, DRAFT, "manage", gettext_lazy("Revise"), guard=_being_prepared),
        _move(
            "assign",
            {CONFIRMED},
            ACTIVE,
            "decide",
            gettext_lazy("Assign"),
            guard=_assignable,
            effects=(_assign_open_parts,),
        ),
        _move("complete", {ACTIVE}, COMPLETED, "decide", gettext_lazy("Complete"), guard=_completable),
        _move(
            "close",
            {COMPLETED},
            CLOSED,
            "decide",
            gettext_lazy("Strike off"),
            guard=_running,
        ),
        _move(
            "suspend",
            {ACTIVE},
            SUSPENDED,
            "decide",
            gettext_lazy("Suspend"),
            guard=_running,
            reason_required=True,
            effects=(notices.tell_suspended,),
        ),
        _move(
            "resume",
            {SUSPENDED},
            ACTIVE,
            "decide",
            gettext_lazy("Resume"),
            guard=_running,
            effects=(notices.tell_suspended,),
        ),
        _move(
            "reopen",
            {COMPLETED, CLOSED},
            ACTIVE,
            "decide",
            gettext_lazy("Take up again"),
            guard=_running,
            reason_required=True,
        ),
    ),
)


def confirm(tasks: Iterable[Task], *, actor: ActorContext) -> list[Task]:
    """确认分解: the breakdown stands, after comment or without."""
    return advance_many(TASKS, tasks, "confirm", actor=actor)


def revise(tasks: Iterable[Task], *, actor: ActorContext) -> list[Task]:
    return advance_many(TASKS, tasks, "revise", actor=actor)


def assign(tasks: Iterable[Task], *, actor: ActorContext) -> list[Task]:
    """交办: the tasks and all their named parts go out in one act."""
    tasks = list(tasks)
    today = timezone.localdate()
    return advance_many(
        TASKS, tasks, "assign", actor=actor, fields={task.pk: {"assigned_on": today} for task in tasks}
    )


def move_picked(
    programme: Programme, picked: Collection[int], action: str, *, actor: ActorContext
) -> list[Task]:
    """确认 or 交办 of the picked tasks of one programme, all of them or none."""
    fields = {pk: {"assigned_on": timezone.localdate()} for pk in picked} if action == "assign" else {}
    with transaction.atomic():
        rows = list(
            Task.objects.filter(programme=programme, pk__in=picked)
            .select_related(*TASKS.related)
            .prefetch_related(*TASKS.prefetch)
            .select_for_update(of=("self",))
            .order_by("sort", "pk")
        )
        if len(rows) != len(set(picked)):
            raise IllegalMove(
                _("One of the ticked tasks is not there any more; look at the list again."), programme
            )
        return advance_together([Batch(TASKS, rows, fields, held=True)], action, actor=actor)[0]


def complete(task: Task, *, actor: ActorContext, reason: str = "") -> Task:
    """办结."""
    fields = {"completed_on": timezone.localdate()}
    return advance(TASKS, task, "complete", actor=actor, reason=reason, fields=fields)


def reopen(task: Task, *, actor: ActorContext, reason: str) -> Task:
    return advance(TASKS, task, "reopen", actor=actor, reason=reason, fields=NOT_FINISHED)


def close(task: Task, *, actor: ActorContext, reason: str = "") -> Task:
    """销号: the matter is filed. A report of it that is still on its way would never arrive, so it is settled first."""
    under_way = EntryState.with_unit() | {EntryState.SIGNED}
    with transaction.atomic():
        reports = ProgressEntry.objects.filter(part__task=task, state__in=under_way - {EntryState.DRAFT})
        waiting = reports.select_related("part__department", "window").first()
        if waiting is not None and task.state == COMPLETED:
            raise IllegalMove(
                _("The report of %(unit)s for %(period)s is still under way; let it be decided first.")
                % {"unit": waiting.part.department, "period": waiting.window.label},
                task,
            )
        return advance(TASKS, task, "close", actor=actor, reason=reason, fields={"closed_on": timezone.localdate()})


def suspend(task: Task, *, actor: ActorContext, reason: str, basis: str) -> Task:
    """中止: nothing is owed and nobody reminded until the task is resumed."""
    if not basis.strip():
        raise IllegalMove(_("Please name the basis: the document, minutes or instruction it rests on."), task)
    fields = {
        "suspended_on": timezone.localdate(),
        "suspended_why": reason.strip()[:200],
        "suspended_basis": basis.strip()[:200],
    }
    return advance(TASKS, task, "suspend", actor=actor, reason=reason, fields=fields)


def resume(task: Task, *, actor: ActorContext, reason: str = "") -> Task:
    """恢复办理 of a suspended task, with all its dates; who needs a later one asks for it (延期). From when until when
    nothing was owed, and why, stays on record."""
    with transaction.atomic():
        held = Task.objects.select_for_update().get(pk=task.pk)
        if held.suspended_on is not None:
            Suspension.objects.create(
                task=held,
                since=held.suspended_on,
                until=timezone.localdate(),
                reason=held.suspended_why,
                basis=held.suspended_basis,
            )
        return advance(TASKS, task, "resume", actor=actor, reason=reason, fields=NOT_SUSPENDED)
