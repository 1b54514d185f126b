"""调整单: the transition table, what each kind of change does, and the words of before and after.

| from | action | to | who |
|---|---|---|---|
| draft | carry_out 执行调整 | carried_out | office administrator, not the drafter; takes the next number |
| draft | drop 作废 | dropped | office, with a reason |

Nothing printed is overwritten: a printed unit that leaves is waived with its history and filed lines, a new one is the
office's; title and requirement as they were stand in `original_title` and `original_requirement`, a role in
`original_role`, a target with the indicator. Every adjustment counts with its task.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import (
    AdjustmentKind,
    AdjustmentState,
    PartState,
    ProgrammeState,
    ResponsibilityRole,
    TaskState,
)
from programs.models import Adjustment, Responsibility, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Department

from .. import parts
from ..breakdown import add_part, name_convenor
from . import adjustment_notices as notices
from .adjusters import adjuster_of, targets_of
from .numbering import take_number

DRAFT, CARRIED_OUT, DROPPED = AdjustmentState.DRAFT, AdjustmentState.CARRIED_OUT, AdjustmentState.DROPPED
KIND = AdjustmentKind
SERIES = "adjustment"
Words = list[list[str]]


def adjustable(task: Task) -> Any:
    """Why a task is not adjusted; "" while it is in progress. Before 交办 the breakdown itself is changed."""
    if task.programme.state != ProgrammeState.RUNNING:
        return _("The programme is not running.")
    if task.state != TaskState.ACTIVE:
        return _("Only a task in progress is adjusted (%(state)s).") % {"state": task.get_state_display()}
    return ""


def _open(row: Adjustment, actor: ActorContext) -> Any:
    return adjustable(row.task)


def _apply(changes: list[Change]) -> None:
    """Effect of `carry_out`: the change itself, one more on the task's count, one entry in the task's history."""
    for change in changes:
        row, actor = change.obj, change.actor
        task = Task.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction").get(pk=row.task_id)
        if [row.before, row.after] != [*map(list, words_of(row, task))]:
            raise IllegalMove(
                _("The task has changed since the adjustment was drafted. Put it aside and draft it again."), row
            )
        reason = f"调整单{row.numbered}：{row.basis}"
        APPLY[row.kind](row, task, actor, reason)
        task.refresh_from_db(fields=["row_version", "adjusted"])
        task.adjusted += 1
        task.row_version += 1
        task.save(update_fields=["adjusted", "row_version"])
        record(
            subject=task,
            action="adjust",
            actor=actor,
            reason=reason,
            before={"words": row.before},
            after={"words": row.after, "approver": row.approver},
        )


def _move(action: str, target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset({DRAFT}), target, who, label, **more)


ADJUSTMENTS = Machine(
    model="programs.Adjustment",
    field="state",
    related=("task__programme__jurisdiction", "part__department", "department"),
    transitions=(
        _move(
            "carry_out",
            CARRIED_OUT,
            "decide",
            gettext_lazy("Carry out the adjustment"),
            guard=_open,
            second_person=("drafted_by_id",),
            second_person_sentence=gettext_lazy(
                "You drafted this adjustment yourself; another office administrator must carry it out."
            ),
            effects=(_apply, notices.tell_units),
        ),
        _move("drop", DROPPED, "manage", gettext_lazy("Put aside"), reason_required=True),
    ),
)


def draft(
    *,
    task: Task,
    kind: str,
    actor: ActorContext,
    basis: str,
    approver: str,
    approved_on: date,
    part: Responsibility | None = None,
    department: Department | None = None,
    role: str = "",
    title: str = "",
    requirement: str = "",
    target: str = "",
    value: Decimal | None = None,
    value_text: str = "",
    upload: UploadedFile | None = None,
) -> Adjustment:
    """办公室起草; nothing of the task changes yet. Raises FileRefused where the file of the basis is not taken."""
    with transaction.atomic():
        task = Task.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction").get(pk=task.pk)
        row = Adjustment(
            jurisdiction_id=task.jurisdiction_id,
            task=task,
            kind=kind,
            part=part,
            department=department,
            role=role,
            title=title.strip(),
            requirement=requirement.strip(),
            target=target,
            value=value,
            value_text=value_text.strip(),
            basis=basis.strip()[:300],
            approver=approver.strip()[:80],
            approved_on=approved_on,
            drafted_by_id=actor.person_id,
            drafted_at=timezone.now(),
        )
        decision = can(actor, "manage", row)
        if not decision:
            raise NotAllowed(decision.reason, task)
        blocked = adjustable(task)
        if not row.basis or not row.approver:
            blocked = blocked or _("Please name the basis and who approved it.")
        if approved_on > timezone.localdate():
            blocked = blocked or _("The day of the approval lies in the future.")
        if blocked:
            raise IllegalMove(blocked, task)
        row.before, row.after = words_of(row, task)
        if row.before == row.after:
            raise IllegalMove(_("Nothing would change."), task)
        if upload is not None:
            row.basis_file = store(upload, purpose="adjustment", actor=actor)
        row.save()
        record(
            subject=row,
            action="draft_adjustment",
            actor=actor.on_behalf(decision.grant),
            reason=row.basis,
            before={"words": row.before},
            after={"words": row.after},
            audience="office",
        )
    return row


def carry_out(adjustment: Adjustment, *, actor: ActorContext) -> Adjustment:
    """执行: the number is taken and the change made in one transaction, or neither."""
    with transaction.atomic():
        held = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
        fields: Mapping[str, Any] = {}
        if held.state == DRAFT:
            year = timezone.localdate().year
            number = take_number(jurisdiction=held.jurisdiction, series=SERIES, year=year)
            fields = {"year": year, "number": number, **_settled(actor)}
        return advance(ADJUSTMENTS, held, "carry_out", actor=actor, reason=held.basis, fields=fields)


def drop(adjustment: Adjustment, *, actor: ActorContext, reason: str) -> Adjustment:
    return advance(ADJUSTMENTS, adjustment, "drop", actor=actor, reason=reason, fields=_settled(actor))


def _settled(actor: ActorContext) -> dict[str, Any]:
    return {"settled_by_id": actor.user_id, "settled_at": timezone.now()}


# --- the words of before and after -------------------------------------------------------------------


def words_of(row: Adjustment, task: Task) -> tuple[Words, Words]:
    """[what, words] before and after, from the facts in force. Chinese: they stand on papers. Raises IllegalMove when
    the change does not fit the task."""
    return WORDS[row.kind](row, task)


def _role(code: str) -> str:
    return {"lead": "牵头", "support": "配合", "joint": "共同负责", "sole": "单独负责", "all_members": "成员单位"}[code]


def _part(row: Adjustment, task: Task) -> Responsibility:
    part = Responsibility.objects.select_related("department").filter(pk=row.part_id or 0, task=task).first()
    if part is None or part.department_id is None:
        raise IllegalMove(_("Please choose a unit of this task."), task)
    if part.state in PartState.settled():
        raise IllegalMove(_("The part of %(unit)s is settled already.") % {"unit": part.department}, task)
    return part


def _new_unit(row: Adjustment, task: Task) -> Department:
    if row.department is None:
        raise IllegalMove(_("Please choose the new unit."), task)
    if task.parts.filter(department=row.department).exists():
        raise IllegalMove(_("%(unit)s has a part in this task already.") % {"unit": row.department}, task)
    return row.department


def _known_role(row: Adjustment, task: Task) -> str:
    if row.role not in ResponsibilityRole.values:
        raise IllegalMove(_("Please choose the role."), task)
    return row.role


def _words_add(row: Adjustment, task: Task) -> tuple[Words, Words]:
    what = f"{_role(_known_role(row, task))}单位"
    return [[what, "—"]], [[what, str(_new_unit(row, task))]]


def _words_replace(row: Adjustment, task: Task) -> tuple[Words, Words]:
    part = _part(row, task)
    what = f"{_role(part.role)}单位"
    return [[what, str(part.department)]], [[what, str(_new_unit(row, task))]]


def _words_remove(row: Adjustment, task: Task) -> tuple[Words, Words]:
    part = _part(row, task)
    what = f"{_role(part.role)}单位"
    others = task.parts.exclude(pk=part.pk).filter(role__in=ResponsibilityRole.filing(), department__isnull=False)
    if part.owes_reports and not others.exclude(state=PartState.WAIVED).exists():
        raise IllegalMove(
            _("Nobody would answer for the task any more; let another unit take the place instead."), task
        )
    return [[what, str(part.department)]], [[what, "退出"]]


def _words_role(row: Adjustment, task: Task) -> tuple[Words, Words]:
    part = _part(row, task)
    what = f"{part.department}的责任"
    return [[what, _role(part.role)]], [[what, _role(_known_role(row, task))]]


def _words_wording(row: Adjustment, task: Task) -> tuple[Words, Words]:
    if not row.title:
        raise IllegalMove(_("Please give the title of the task."), task)
    before = [["任务", task.title], ["工作要求", task.requirement or "—"]]
    after = [["任务", row.title], ["工作要求", row.requirement or "—"]]
    changed = [index for index in range(2) if before[index] != after[index]]
    return [before[index] for index in changed], [after[index] for index in changed]


def _words_target(row: Adjustment, task: Task) -> tuple[Words, Words]:
    found = next((target for target in targets_of(task) if target.key == row.target), None)
    adjuster = adjuster_of(row.target)
    if found is None or adjuster is None:
        raise IllegalMove(_("Please choose an indicator of this task."), task)
    if row.value is None and not row.value_text:
        raise IllegalMove(_("Please give the new target."), task)
    what = f"指标“{found.label}”目标"
    return [[what, found.words]], [[what, adjuster.worded(row.target, value=row.value, words=row.value_text)]]


# --- the changes themselves --------------------------------------------------------------------------


def _add(row: Adjustment, task: Task, actor: ActorContext, reason: str) -> None:
    assert row.department is not None
    add_part(task, actor=actor, department=row.department, role=row.role)


def _replace(row: Adjustment, task: Task, actor: ActorContext, reason: str) -> None:
    """The old unit keeps its history and its filed lines; it owes nothing more. The new one is assigned today."""
    assert row.department is not None and row.part is not None
    parts.waive(row.part, actor=actor, reason=f"{reason}，由{row.department}承担")
    new = add_part(task, actor=actor, department=row.department, role=row.part.role)
    if row.part.convenor:
        name_convenor(new, actor=actor, reason=reason)


def _remove(row: Adjustment, task: Task, actor: ActorContext, reason: str) -> None:
    assert row.part is not None
    parts.waive(row.part, actor=actor, reason=reason)


def _change_role(row: Adjustment, task: Task, actor: ActorContext, reason: str) -> None:
    part = Responsibility.objects.select_for_update(of=("self",)).get(pk=row.part_id or 0)
    part.original_role = part.original_role or part.role
    part.role = row.role
    part.row_version += 1
    part.save(update_fields=["role", "original_role", "row_version"])


def _reword(row: Adjustment, task: Task, actor: ActorContext, reason: str) -> None:
    if task.title != row.title:
        task.original_title = task.original_title or task.title
        task.title = row.title
    if task.requirement != row.requirement:
        task.original_requirement = task.original_requirement or task.requirement
        task.requirement = row.requirement
    task.save(update_fields=["title", "original_title", "requirement", "original_requirement"])


def _retarget(row: Adjustment, task: Task, actor: ActorContext, reason: str) -> None:
    adjuster = adjuster_of(row.target)
    assert adjuster is not None
    adjuster.adjust(row.target, value=row.value, words=row.value_text, actor=actor, reason=reason)


WORDS: dict[str, Callable[[Adjustment, Task], tuple[Words, Words]]] = {
    KIND.ADD_UNIT: _words_add, KIND.REPLACE_UNIT: _words_replace, KIND.REMOVE_UNIT: _words_remove,
    KIND.CHANGE_ROLE: _words_role, KIND.WORDING: _words_wording, KIND.TARGET: _words_target,
}  # fmt: skip
APPLY: dict[str, Callable[[Adjustment, Task, ActorContext, str], None]] = {
    KIND.ADD_UNIT: _add, KIND.REPLACE_UNIT: _replace, KIND.REMOVE_UNIT: _remove, KIND.CHANGE_ROLE: _change_role,
    KIND.WORDING: _reword, KIND.TARGET: _retarget,
}  # fmt: skip
