"""看板: tasks with their lights, newest progress and next milestone: the one reading that ledger, start pages, reports
and charts share, so that all of them show the same colours.

Lights are facts and the same for everybody; texts and percentages come only from entries the actor may see.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from programs.choices import EntryState, PartState, ResponsibilityRole, TaskState
from programs.domain.lights import (
    Days,
    Light,
    PartFacts,
    TaskFacts,
    WindowFacts,
    part_light,
    sign_for_by,
    task_light,
)
from programs.domain.outlook import Outlook, outlook
from programs.domain.rules import LIGHT_POLICY, LightPolicy
from programs.models import Responsibility, Section, Task
from qualitycity.access import ActorContext

from . import speaking
from .filed import window_label, with_board_facts


@dataclass(frozen=True)
class Latest:
    """The newest signed or accepted report of a unit. `unchanged`: the period brought no change, the texts are those
    of the report before. `sign_mode` and `on_behalf` are marks of the newest one.
    """

    part_id: int
    entry_id: int
    unit: str
    period: str
    starts_on: str
    text: str
    percent: int | None
    accepted: bool
    unchanged: bool
    ends_on: str = ""
    result: str = ""
    problems: str = ""
    next_steps: str = ""
    coordination: str = ""
    sign_mode: str = ""
    on_behalf: bool = False
    evidence: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Point:
    """An open milestone (节点)."""

    pk: int
    title: str
    due_on: date


@dataclass(frozen=True)
class Coordination:
    """需协调事项 of one unit's newest report."""

    unit: str
    text: str
    period: str


@dataclass
class BoardRow:
    """One task. The lists hold what a reader sees: units and groups as words, 名单待定 and 召集 said in them.
    `percents_on`: the end of the period that a part's percentage was reported for."""

    task: Task
    section: Section | None
    parts: list[Responsibility]
    light: Light
    part_lights: dict[int, Light] = field(default_factory=dict)
    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    joint: list[str] = field(default_factory=list)
    sole: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    latest: Latest | None = None
    latest_by_part: dict[int, Latest] = field(default_factory=dict)
    percent: int | None = None
    percents: dict[int, int] = field(default_factory=dict)
    percents_on: dict[int, date] = field(default_factory=dict)
    outlook: Outlook | None = None
    next_milestone: Point | None = None
    late_milestones: list[Point] = field(default_factory=list)
    coordination: list[Coordination] = field(default_factory=list)
    #: Keys of parts that are not signed for though the time for it is over (未签收).
    unsigned: set[int] = field(default_factory=set)

    @property
    def filing(self) -> list[Responsibility]:
        """Parts whose light counts: those that owe reports and were not waived."""
        return [part for part in self.parts if part.owes_reports and part.state != PartState.WAIVED]

    def light_of(self, department_id: int | None) -> Light:
        """The light as it concerns one unit: its own part where several answer, otherwise that of the task."""
        filing = self.filing
        if len(filing) > 1:
            for part in filing:
                if part.department_id == department_id and part.pk in self.part_lights:
                    return self.part_lights[part.pk]
        return self.light


@dataclass(frozen=True)
class DepartmentBar:
    """Tasks a unit answers for (lead, joint, sole, member), by its own light."""

    department: Any
    total: int
    red: int
    amber: int
    grey: int
    green: int


def board(
    tasks: QuerySet[Task], *, actor: ActorContext | None, today: date, calendar: Days
) -> list[BoardRow]:
    """Rows in the order of `tasks`, which the caller has narrowed with `visible_to(actor)`, worked out anew from the
    facts. Two queries. Without an actor every report counts (see `domain/standings.py`).
    """
    return board_rows(with_board_facts(tasks, actor=actor, today=today), today=today, calendar=calendar)


def board_rows(tasks: Iterable[Task], *, today: date, calendar: Days) -> list[BoardRow]:
    """Rows of tasks that were read `with_board_facts`; no query beyond that reading."""
    return [_row(task, list(task.parts.all()), today, calendar) for task in tasks]


def by_department(rows: Iterable[BoardRow]) -> list[DepartmentBar]:
    """Units by the number of tasks they answer for, most first; every figure equals the rows `light_of` that unit."""
    counts: dict[int, dict[str, int]] = {}
    departments: dict[int, Any] = {}
    for row in rows:
        for part in row.filing:
            departments[part.department_id] = part.department
            mine = counts.setdefault(part.department_id, {"red": 0, "amber": 0, "grey": 0, "green": 0})
            mine[row.light_of(part.department_id).code] += 1
    bars = [DepartmentBar(departments[pk], sum(mine.values()), **mine) for pk, mine in counts.items()]
    return sorted(bars, key=lambda bar: (-bar.total, -bar.red, -bar.amber, bar.department.sort, bar.department.pk))


def unit_label(part: Responsibility) -> str:
    """A unit or group in a cell (see `speaking`)."""
    return speaking.unit_label(
        unit=str(part.department) if part.department else None,
        group=str(part.group) if part.group else None,
        pending=bool(part.group and part.group.pending),
        convenor=part.convenor,
    )


def _row(task: Task, parts: list[Responsibility], today: date, calendar: Days) -> BoardRow:
    latest = {part.pk: _latest(part) for part in parts if part.newest}
    percents = {part.pk: percent for part in parts if (percent := _part_percent(part, task, latest)) is not None}
    percents_on = {part.pk: day for part in parts if (day := _percent_on(part, latest)) is not None}
    points = [Point(row["pk"], row["title"], date.fromisoformat(row["due_on"])) for row in task.open_milestones]
    late = [point for point in points if point.due_on < today]
    policy = task.programme.light_policy.content if task.programme.light_policy else LIGHT_POLICY
    named = [part for part in parts if part.department_id is not None]
    part_facts = {part.pk: _part_facts(part, percents, percents_on) for part in named}
    facts = TaskFacts(
        state=task.state,
        nature=task.nature,
        assigned_on=task.assigned_on,
        due_on=task.due_on,
        completed_on=task.completed_on,
        parts=tuple(part_facts.values()),
        late_milestones=tuple((point.title, point.due_on) for point in late),
        historical=task.programme.historical,
        suspended_why=task.suspended_why,
    )
    row = BoardRow(task, task.section, parts, task_light(facts, policy, today, calendar))
    if task.state in TaskState.given() and not facts.historical:
        row.part_lights = {
            part.pk: part_light(part_facts[part.pk], facts, policy, today, calendar)
            for part in named
            if part.owes_reports
        }
        if task.state == TaskState.ACTIVE:
            rules = LightPolicy.of(policy)
            limits = {part.pk: sign_for_by(part_facts[part.pk], rules, calendar) for part in row.filing}
            row.unsigned = {pk for pk, limit in limits.items() if limit is not None and limit < today}
    _fill_units(row)
    row.latest_by_part = latest
    row.latest = _spokesman(row)
    row.percents, row.percents_on = percents, percents_on
    row.outlook = outlook(facts, policy, today, calendar)
    row.percent = _task_percent(row)
    row.late_milestones = late
    row.next_milestone = next((point for point in points if point.due_on >= today), None)
    row.coordination = [
        Coordination(str(part.department), latest[part.pk].coordination, latest[part.pk].period)
        for part in named
        if part.pk in latest and latest[part.pk].coordination.strip()
    ]
    return row


def _part_facts(part: Responsibility, percents: dict[int, int], percents_on: dict[int, date]) -> PartFacts:
    window = None
    if part.pressing and part.owes_reports and part.state != PartState.WAIVED:
        row = part.pressing
        window = WindowFacts(
            label=window_label(row),
            opens_on=date.fromisoformat(row["opens_on"]),
            due_on=date.fromisoformat(row["due_on"]),
            entry_state=EntryState.SIGNED if row["reported"] else row["state"],
        )
    return PartFacts(
        unit=str(part.department),
        state=part.state,
        assigned_on=part.assigned_on,
        settled_on=part.settled_on,
        owes_reports=part.owes_reports,
        percent=percents.get(part.pk),
        percent_on=percents_on.get(part.pk),
        opening_on=part.opening_on,
        ever_accepted=part.ever_accepted,
        window=window,
    )


def _latest(part: Responsibility) -> Latest:
    newest, worded = speaking.newest_and_worded(part.newest)
    return Latest(
        part_id=part.pk,
        entry_id=newest["pk"],
        unit=unit_label(part),
        period=window_label(newest),
        starts_on=newest["starts_on"],
        text=worded["progress"],
        percent=newest["percent"],
        accepted=newest["state"] == EntryState.ACCEPTED,
        unchanged=newest["unchanged"],
        ends_on=newest["ends_on"],
        result=worded["result"],
        problems=worded["problems"],
        next_steps=worded["next_steps"],
        coordination=worded["coordination"],
        sign_mode=newest["sign_mode"],
        on_behalf=newest["on_behalf"],
        evidence=tuple(newest.get("evidence", ())),
    )


def _spokesman(row: BoardRow) -> Latest | None:
    """The report shown for the whole task."""
    spoke = [part for part in row.parts if part.pk in row.latest_by_part]
    said = [speaking.Spoken(row.latest_by_part[part.pk].starts_on, part.convenor, part.role) for part in spoke]
    first = speaking.speaker(said)
    return None if first is None else row.latest_by_part[spoke[first].pk]


def _part_percent(part: Responsibility, task: Task, latest: dict[int, Latest]) -> int | None:
    newest = latest.get(part.pk)
    return speaking.part_percent(
        nature=task.nature,
        state=part.state,
        files=part.owes_reports,
        reported=newest is not None,
        newest=newest.percent if newest else None,
        opening=part.opening_percent,
    )


def _percent_on(part: Responsibility, latest: dict[int, Latest]) -> date | None:
    """The day the part's percentage is of; None where none was reported or known before the portal."""
    newest = latest.get(part.pk)
    return date.fromisoformat(newest.ends_on) if newest else part.opening_on


def _task_percent(row: BoardRow) -> int | None:
    known = [(part.convenor, row.percents.get(part.pk)) for part in row.filing]
    return speaking.task_percent(nature=row.task.nature, state=row.task.state, known=known)


def _fill_units(row: BoardRow) -> None:
    labels = speaking.labels_by_role(
        speaking.Named(part.pk, part.expanded_from_id, part.role, unit_label(part), str(part.group or ""))
        for part in row.parts
    )
    row.lead = labels.get(ResponsibilityRole.LEAD, [])
    row.support = labels.get(ResponsibilityRole.SUPPORT, [])
    row.joint = labels.get(ResponsibilityRole.JOINT, [])
    row.sole = labels.get(ResponsibilityRole.SOLE, [])
    row.members = labels.get(ResponsibilityRole.ALL_MEMBERS, [])
