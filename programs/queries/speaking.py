"""How units stand in a line and who speaks for a task: rules that instances (the board) and plain values (the ledger)
share. Everything here is pure; a report is a dict with `starts_on` (ISO), `unchanged`, `percent` and texts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from programs.choices import PartState, ResponsibilityRole, TaskNature, TaskState

#: Who speaks first where several units reported in the same period.
FIRST = (ResponsibilityRole.LEAD, ResponsibilityRole.SOLE)


def unit_label(*, unit: str | None, group: str | None, pending: bool = False, convenor: bool = False) -> str:
    """A unit or group in a cell: 市甲局（召集）, 成员单位（名单待定）."""
    if unit is None:
        return _("%(group)s (list to be given)") % {"group": group} if pending else str(group)
    return _("%(unit)s (convenes)") % {"unit": unit} if convenor else unit


class Named(NamedTuple):
    """A part as a line names it; `under` is the part of the group whose list gave it."""

    pk: int
    under: int | None
    role: str
    label: str
    group: str | None


def labels_by_role(parts: Iterable[Named]) -> dict[str, list[str]]:
    """Labels in the order of the parts; units of a given list stand behind the group's printed name, as on paper."""
    named = list(parts)
    given = Counter(part.under for part in named if part.under is not None)
    found: dict[str, list[str]] = {}
    for part in named:
        if part.under is not None:
            continue
        counted = {"group": part.group, "count": given[part.pk]}
        label = _("%(group)s (%(count)s units)") % counted if given[part.pk] else part.label
        found.setdefault(part.role, []).append(label)
    return found


def newest_and_worded(reports: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The newest report, and the one whose texts are shown: where the newest says 无变化, the one before."""
    rows = sorted(reports, key=lambda report: report["starts_on"], reverse=True)
    return rows[0], next((report for report in rows if not report["unchanged"]), rows[0])


class Spoken(NamedTuple):
    """A part that has reported: the first day of the newest period, and how it stands in the task."""

    since: str
    convenor: bool
    role: str


def speaker(parts: Sequence[Spoken]) -> int | None:
    """Index of the part that speaks for the task: newest period first, in it the convenor, the lead, then as printed."""
    if not parts:
        return None
    newest = max(part.since for part in parts)
    present = [index for index, part in enumerate(parts) if part.since == newest]
    return min(present, key=lambda index: 0 if parts[index].convenor else 1 if parts[index].role in FIRST else 2)


def part_percent(
    *, nature: str, state: str, files: bool, reported: bool, newest: int | None, opening: int | None
) -> int | None:
    """The percentage of one part; None where none is asked or known. `files`: the part owes reports."""
    if nature != TaskNature.OUTCOME:
        return None
    if state == PartState.DONE and files:
        return 100
    # before the first report the state before the portal (上线前) is what is known last
    return newest if reported else opening


def task_percent(*, nature: str, state: str, known: Iterable[tuple[bool, int | None]]) -> int | None:
    """Of (convenor, percentage) of the parts that answer: the convenor's figure where there is one, otherwise the lowest
    that any unit has reported. None is no data.
    """
    if nature == TaskNature.OUTCOME and state in TaskState.finished():
        return 100
    figures = [(convenor, percent) for convenor, percent in known if percent is not None]
    convened = [percent for convenor, percent in figures if convenor]
    return convened[0] if convened else min((percent for _convenor, percent in figures), default=None)
