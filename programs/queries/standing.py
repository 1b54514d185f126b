"""Counting and choosing by standing (现状) in the database: every figure of a board, and the rows it leads to.

All functions take tasks narrowed with `visible_to(actor)` after `domain.standings.board_day()` has been called.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programs.choices import LightCode, MatterState, PartState, ResponsibilityRole, TaskState
from programs.models import CoordinationMatter, ProgressEntry, Responsibility, Task
from programs.models.programmes import section_label
from qualitycity.access import ActorContext
from taskforce.models import Department

from .board import DepartmentBar
from .filed import NEWEST

LIGHTS = tuple(LightCode.values)
#: Filter of the role: units that owe reports and were not waived; what the bars by unit count.
ANSWERS = "answers"
#: Filter of a place: tasks in none.
NONE = -1
#: “This week”: amber tasks whose date lies so many days ahead turn red next.
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Unit:
    """A unit as lists name it."""

    pk: int
    label: str
    sort: int

    def __str__(self) -> str:
        return self.label


def empty_counts() -> dict[str, int]:
    return {"red": 0, "amber": 0, "grey": 0, "green": 0, "early": 0, "total": 0}


@dataclass
class Picture:
    """A programme at a glance: counts, the places and units that filters offer as (key, words), bars by unit."""

    counts: dict[str, int]
    sections: list[tuple[int, str]]
    phases: list[tuple[int, str]]
    unplaced: bool
    unphased: bool
    units: list[Unit]
    bars: list[DepartmentBar]


def picture(tasks: QuerySet[Task]) -> Picture:
    """Two queries, however many tasks there are."""
    counts = empty_counts()
    sections: dict[int, tuple[int, str]] = {}
    phases: dict[int, str] = {}
    unplaced = unphased = False
    places = ("section_id", "section__sort", "section__number", "section__title", "phase_id", "phase__name")
    rows = (
        tasks.order_by()
        .values(*places, "standing__light", "standing__early")
        .annotate(count=Count("pk"))
        .order_by("phase__starts_on", "phase_id")
    )
    for row in rows:
        _add(counts, row)
        unplaced, unphased = unplaced or row["section_id"] is None, unphased or row["phase_id"] is None
        if row["section_id"] is not None:
            label = section_label(row["section__number"], row["section__title"])
            sections[row["section_id"]] = (row["section__sort"], label)
        if row["phase_id"] is not None:
            phases[row["phase_id"]] = row["phase__name"]
    ordered = sorted(sections.items(), key=lambda item: (item[1][0], item[0]))
    units, bars = units_and_bars(tasks)
    named = [(pk, label) for pk, (_sort, label) in ordered]
    return Picture(counts, named, list(phases.items()), unplaced, unphased, units, bars)


def _add(counts: dict[str, int], row: dict[str, Any]) -> None:
    counts[row["standing__light"]] += row["count"]
    counts["total"] += row["count"]
    if row["standing__early"] and row["standing__light"] == LightCode.GREEN:
        counts["early"] += row["count"]


def light_counts_by(tasks: QuerySet[Task], column: str) -> dict[Any, dict[str, int]]:
    """Tasks per colour (`red`, `amber`, `grey`, `green`), of the green ones those `early`, and `total`, by a column of
    the task (`programme_id` …). One query.
    """
    result: dict[Any, dict[str, int]] = {}
    for row in tasks.order_by().values(column, "standing__light", "standing__early").annotate(count=Count("pk")):
        _add(result.setdefault(row[column], empty_counts()), row)
    return result


def answering(tasks: QuerySet[Task]) -> QuerySet[Responsibility]:
    """Parts of these tasks that owe reports and were not waived: what the bars by unit count."""
    parts = Responsibility.objects.filing().exclude(state=PartState.WAIVED)
    return parts.filter(task__in=tasks.order_by().values("pk"))


def department_bars_of(tasks: QuerySet[Task]) -> list[DepartmentBar]:
    """Units by the number of tasks they answer for, most first, by their own light. One query."""
    return units_and_bars(tasks)[1]


def units_and_bars(tasks: QuerySet[Task]) -> tuple[list[Unit], list[DepartmentBar]]:
    """All units with a part in these tasks in their order, and the bars of those that answer for any. One query."""
    units: dict[int, Unit] = {}
    found: dict[int, dict[str, int]] = {}
    answers = Q(role__in=ResponsibilityRole.filing()) & ~Q(state=PartState.WAIVED)
    parts = (
        Responsibility.objects.filter(department__isnull=False, task__in=tasks.order_by().values("pk"))
        .order_by()
        .values("department_id", "department__short_name", "department__sort", "standing__light")
        .annotate(count=Count("pk", filter=answers))
    )
    for row in parts:
        pk, light = row["department_id"], row["standing__light"]
        units.setdefault(pk, Unit(pk, row["department__short_name"], row["department__sort"]))
        if row["count"] and light:
            mine = found.setdefault(pk, dict.fromkeys(LIGHTS, 0))
            mine[light] += row["count"]
    bars = [DepartmentBar(units[pk], sum(mine.values()), **mine) for pk, mine in found.items()]
    bars.sort(key=lambda bar: (-bar.total, -bar.red, -bar.amber, bar.department.sort, bar.department.pk))
    return sorted(units.values(), key=lambda unit: (unit.sort, unit.pk)), bars


def turning_red(tasks: QuerySet[Task], today: date) -> QuerySet[Task]:
    """Amber tasks whose date lies within seven days, the nearest first: what becomes late next."""
    soon = tasks.filter(standing__light=LightCode.AMBER, standing__turns_on__range=(today, today + WEEK))
    return soon.order_by("standing__turns_on", "pk")


def worst_first(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Late tasks, the longest late first."""
    return tasks.filter(standing__light=LightCode.RED).order_by(F("standing__turns_on").asc(nulls_last=True), "sort")


def brought_up(tasks: QuerySet[Task], actor: ActorContext) -> QuerySet[ProgressEntry]:
    """需协调事项: of every part the newest report with a text of its own, where it brings a matter up that has neither
    been answered nor decided."""
    reports = ProgressEntry.objects.visible_to(actor).filter(state__in=NEWEST, unchanged=False)
    newer = ProgressEntry.objects.filter(part=OuterRef("part"), state__in=NEWEST, unchanged=False).filter(
        Q(window__starts_on__gt=OuterRef("window__starts_on"))
        | Q(window=OuterRef("window"), version__gt=OuterRef("version"))
    )
    settled = CoordinationMatter.objects.filter(
        part=OuterRef("part"), window=OuterRef("window"), state__in=MatterState.settled()
    )
    return (
        reports.filter(part__task__in=tasks.order_by().values("pk"))
        .exclude(coordination="")
        .filter(~Exists(newer), ~Exists(settled))
        .select_related("part__task", "part__department", "window")
        .order_by("part__task__programme_id", "part__task__sort", "part__sort", "pk")
    )


def in_state(tasks: QuerySet[Task], state: str) -> QuerySet[Task]:
    """Tasks in a state, "" for any; a closed task (销号) counts as completed and is found as such, too."""
    if state == TaskState.COMPLETED:
        return tasks.filter(state__in=TaskState.finished())
    return tasks.filter(state=state) if state else tasks


def filter_tasks(tasks: QuerySet[Task], wanted: dict[str, Any]) -> QuerySet[Task]:
    """Tasks that match every filter of the ledger in force (see `forms/ledger.py`); no query of its own.

    With a unit, light and concern are those of its own part where several answer.
    """
    for name in ("section", "phase"):
        if place := wanted.get(name):
            tasks = tasks.filter(**{f"{name}__isnull": True} if place == NONE else {f"{name}_id": place})
    if wanted.get("nature"):
        tasks = tasks.filter(nature=wanted["nature"])
    tasks = in_state(tasks, wanted.get("state") or "")
    unit, role = wanted.get("department"), wanted.get("role")
    mine = Responsibility.objects.filter(task=OuterRef("pk"))
    if unit:
        mine = mine.filter(department_id=unit)
    filing = mine.filing().exclude(state=PartState.WAIVED)
    if role == ANSWERS:
        tasks = tasks.filter(Exists(filing))
    elif unit or role:
        tasks = tasks.filter(Exists(mine.filter(role=role) if role else mine))
    if light := wanted.get("light"):
        own = Subquery(filing.values("standing__light")[:1]) if unit else F("standing__light")
        tasks = tasks.alias(own_light=Coalesce(own, F("standing__light"))).filter(own_light=light)
    if concern := wanted.get("concern"):
        whose = Q(Exists(filing.filter(standing__concerns__contains=[concern])))
        tasks = tasks.filter(whose if unit else Q(standing__concerns__contains=[concern]))
    if outlook := wanted.get("outlook"):
        tasks = tasks.filter(standing__outlook=outlook)
    if text := wanted.get("q", ""):
        named = Responsibility.objects.filter(task=OuterRef("pk")).filter(
            Q(printed__icontains=text)
            | Q(group__name__icontains=text)
            | Q(department__in=Department.objects.named(text).values("pk"))
        )
        tasks = tasks.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(requirement__icontains=text) | Q(Exists(named))
        )
    return tasks
