"""What is wrong with a task besides its light: a report that is due and missing, one that came back, a pace too slow.

Facts over a row of the board; the board, the ledger's filter and every figure that leads there ask here.
"""

from collections.abc import Iterable
from datetime import date

from programs.choices import Concern, EntryState, PartState, TaskNature, TaskState
from programs.domain.rules import BEHIND_POINTS
from programs.models import Responsibility, Task

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
    if any(_behind(row, percent, today) for percent in _percents(row, unit, parts)):
        found.add(Concern.BEHIND)
    return found


def planned_percent(task: Task, today: date) -> int | None:
    """序时进度: the share of the time from assignment to the due date that has passed, for tasks with a percentage."""
    if task.nature != TaskNature.OUTCOME or task.assigned_on is None or task.due_on is None:
        return None
    whole = (task.due_on - task.assigned_on).days
    passed = (today - task.assigned_on).days
    return 100 if whole <= 0 else max(0, min(100, round(passed * 100 / whole)))


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


def _percents(row: BoardRow, unit: int | None, parts: Iterable[Responsibility]) -> Iterable[int]:
    shown = [row.percents.get(part.pk) for part in parts] if unit else [row.percent]
    return [percent for percent in shown if percent is not None]


def _behind(row: BoardRow, percent: int, today: date) -> bool:
    planned = planned_percent(row.task, today)
    return row.task.state == TaskState.ACTIVE and planned is not None and planned - percent >= BEHIND_POINTS
