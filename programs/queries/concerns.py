"""What is wrong with a task besides its light: not signed for in time (未签收), a report that is due and missing (未反馈),
one that came back, a pace too slow.

Facts over a row of the board; the board, the ledger's filter and every figure that leads there ask here.
"""

from collections.abc import Iterable
from datetime import date

from programs.choices import Concern, EntryState, PartState, TaskState
from programs.domain.lights import TaskFacts, planned_percent
from programs.domain.rules import BEHIND_POINTS
from programs.models import Responsibility

from .board import BoardRow

ANSWERING = (TaskState.ACTIVE, TaskState.COMPLETED)


def concerns(row: BoardRow, unit: int | None, today: date) -> set[str]:
    """Codes of `Concern` that hold for the task, or for the part of one unit in it."""
    if row.task.programme.historical or row.task.state not in ANSWERING:
        return set()
    found = set()
    parts = [part for part in row.filing if not unit or part.department_id == unit]
    for part in parts:
        found |= _reporting(part, today)
        if part.pk in row.unsigned:
            found.add(Concern.UNSIGNED)
    convened = [part for part in parts if part.convenor and part.pk in row.percents]
    if _behind(row, parts if unit else convened or parts, today):
        found.add(Concern.BEHIND)
    return found


def _reporting(part: Responsibility, today: date) -> Iterable[str]:
    window = part.pressing
    if not window or window["reported"] or part.state == PartState.WAIVED:
        return set()
    found = set()
    if date.fromisoformat(window["due_on"]) < today:
        found.add(Concern.UNREPORTED)
    if window["state"] == EntryState.RETURNED:
        found.add(Concern.RETURNED)
    return found


def _behind(row: BoardRow, parts: Iterable[Responsibility], today: date) -> bool:
    """落后序时进度, measured as the light does it: on the day each percentage is of, until the task's own date passes."""
    task = row.task
    if task.state != TaskState.ACTIVE or task.due_on is None:
        return False
    over = task.due_on < today
    facts = TaskFacts(task.state, task.nature, task.assigned_on, task.due_on)
    for part in parts:
        percent = row.percents.get(part.pk)
        planned = planned_percent(facts, today if over else min(row.percents_on.get(part.pk, today), today))
        if percent is not None and planned is not None and planned - percent >= BEHIND_POINTS:
            return True
    return False
