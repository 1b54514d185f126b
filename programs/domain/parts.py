"""责任: the transition table of one unit's part of a task.

| from | action | to | who |
|---|---|---|---|
| pending | assign 交办 | assigned | office administrator (with the task) |
| assigned | sign_for 签收 | signed_for | liaison or head of the unit; filing signs for as well |
| assigned, signed_for | finish 完成 | done | office; by accepting a report of 100 % |
| pending, assigned, signed_for | waive 免办 | waived | office administrator, with a reason |
| done, waived | reopen 恢复办理 | signed_for | office administrator, with a reason |
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import PartState, ProgrammeState, TaskNature, TaskState
from programs.models import Responsibility
from qualitycity.access import ActorContext
from qualitycity.workflow import Change, Machine, Transition, advance, advance_many

from . import notices

PENDING, ASSIGNED, SIGNED_FOR = PartState.PENDING, PartState.ASSIGNED, PartState.SIGNED_FOR
DONE, WAIVED = PartState.DONE, PartState.WAIVED


def _running(row: Responsibility, actor: ActorContext) -> str:
    if row.task.programme.state != ProgrammeState.RUNNING:
        return _("The programme is not running.")
    return ""


def _task_active(row: Responsibility, actor: ActorContext) -> str:
    if row.task.state in TaskState.finished():
        return _("The task is completed; reopen the task first.")
    if row.task.state == TaskState.SUSPENDED:
        return _("The task is suspended; resume the task first.")
    return _running(row, actor)


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, who, label, **{"guard": _task_active, **more})


PARTS = Machine(
    model="programs.Responsibility",
    field="state",
    related=("task__programme__jurisdiction", "department", "group"),
    transitions=(
        _move(
            "assign", {PENDING}, ASSIGNED, "decide", gettext_lazy("Assign"), effects=(notices.tell_assigned,)
        ),
        _move("sign_for", {ASSIGNED}, SIGNED_FOR, "sign_for", gettext_lazy("Sign for")),
        _move("finish", {ASSIGNED, SIGNED_FOR}, DONE, "manage", gettext_lazy("Record as done")),
        _move(
            "waive",
            {PENDING, ASSIGNED, SIGNED_FOR},
            WAIVED,
            "decide",
            gettext_lazy("Waive"),
            reason_required=True,
        ),
        _move(
            "reopen",
            {DONE, WAIVED},
            SIGNED_FOR,
            "decide",
            gettext_lazy("Take up again"),
            reason_required=True,
        ),
    ),
)


def assign_parts(parts: list[Responsibility], *, actor: ActorContext) -> list[Responsibility]:
    today = timezone.localdate()
    return advance_many(
        PARTS, parts, "assign", actor=actor, fields={part.pk: {"assigned_on": today} for part in parts}
    )


def sign_for(parts: list[Responsibility], *, actor: ActorContext) -> list[Responsibility]:
    """签收, one or many."""
    fields = {
        part.pk: {"signed_for_by_id": actor.user_id, "signed_for_on": timezone.localdate()} for part in parts
    }
    return advance_many(PARTS, parts, "sign_for", actor=actor, fields=fields)


def finish(part: Responsibility, *, actor: ActorContext, reason: str = "") -> Responsibility:
    fields = {"settled_on": timezone.localdate()}
    return advance(PARTS, part, "finish", actor=actor, reason=reason, fields=fields)


def waive(part: Responsibility, *, actor: ActorContext, reason: str) -> Responsibility:
    fields = {"settled_on": timezone.localdate(), "settled_note": reason.strip()[:200]}
    return advance(PARTS, part, "waive", actor=actor, reason=reason, fields=fields)


def reopen(part: Responsibility, *, actor: ActorContext, reason: str) -> Responsibility:
    fields = {
        "settled_on": None,
        "settled_note": "",
        "assigned_on": part.assigned_on or timezone.localdate(),
    }
    return advance(PARTS, part, "reopen", actor=actor, reason=reason, fields=fields)


def sign_for_filed_parts(changes: list[Change]) -> None:
    """Effect of `submit`: who reports on a task has taken it on; no second form for that. Not when the office typed."""
    waiting = [
        change.obj.part
        for change in changes
        if change.obj.part.state == ASSIGNED and not change.obj.on_behalf
    ]
    if waiting:
        sign_for(waiting, actor=changes[0].actor)


def finish_reported_parts(changes: list[Change]) -> None:
    """Effect of `accept`: 100 % of a definite outcome, accepted, finishes the unit's part."""
    parts = [
        change.obj.part
        for change in changes
        if change.obj.percent == 100
        and change.obj.part.task.nature == TaskNature.OUTCOME
        and change.obj.part.state in (ASSIGNED, SIGNED_FOR)
    ]
    if parts:
        today = timezone.localdate()
        advance_many(
            PARTS,
            parts,
            "finish",
            actor=changes[0].actor,
            fields={part.pk: {"settled_on": today} for part in parts},
        )
