"""节点日历: milestones, due dates of tasks and of reporting periods over all one may see, as rows of one statement."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber

from programs.choices import (
    ActivityState,
    MaterialState,
    MilestoneState,
    ProgrammeState,
    ResponsibilityRole,
    TaskState,
)
from programs.models import (
    ActivityRun,
    MaterialDue,
    Milestone,
    Programme,
    ReportingWindow,
    Responsibility,
    Task,
)
from qualitycity.access import ActorContext
from qualitycity.periods import Period
from qualitycity.workdays.models import DayKind, Holiday
from taskforce.models import Department

MILESTONE, TASK, WINDOW, MATERIAL, ACTIVITY = "milestone", "task", "window", "material", "activity"
KINDS = (MILESTONE, TASK, WINDOW, MATERIAL, ACTIVITY)
#: Tasks that have been given to units; dates of drafts are proposals.
#: A suspended one owes nothing on its day.
GIVEN = (TaskState.ACTIVE, *sorted(TaskState.finished()))


@dataclass(frozen=True)
class Filters:
    """Narrowing from the address; None and "" stand for all."""

    programme: int | None = None
    unit: int | None = None
    kind: str = ""


@dataclass
class Entry:
    """One date. `state`: done (of a period: over), late or ahead. `url` leads to the task, sheet or programme.

    `programme` is to whom the date belongs: the programme, the recipient of a paper, the organiser of an activity.
    """

    kind: str
    pk: int
    due_on: date
    title: str
    state: str
    programme_id: int | None
    programme: str
    jurisdiction_id: int
    task_id: int | None
    url: str = ""
    word: str = ""


@dataclass
class Day:
    """One day of the month view. `rest`: nobody works; `mark`: 休 or 班 where the day differs from the weekend rule."""

    day: date
    inside: bool
    rest: bool
    mark: str
    occasion: str
    today: bool
    entries: list[Entry] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.entries)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def counts(actor: ActorContext, first: date, last: date, filters: Filters, today: date) -> dict[date, Counter[str]]:
    """Entries per day and kind, `late` beside the kinds; one query."""
    parts = [
        rows.order_by().values("c_due", "c_kind", "c_state").annotate(c_count=Count("pk"))
        for rows in _sources(actor, first, last, filters, today)
    ]
    result: dict[date, Counter[str]] = defaultdict(Counter)
    if parts:
        for row in parts[0].union(*parts[1:], all=True):
            result[row["c_due"]][row["c_kind"]] += row["c_count"]
            if row["c_state"] == "late":
                result[row["c_due"]]["late"] += row["c_count"]
    return result


def open_counts(actor: ActorContext, first: date, last: date, today: date) -> dict[date, Counter[str]]:
    """What is not done yet, per day and kind; one query."""
    parts = [
        rows.exclude(c_state="done").order_by().values("c_due", "c_kind").annotate(c_count=Count("pk"))
        for rows in _sources(actor, first, last, Filters(), today)
    ]
    result: dict[date, Counter[str]] = defaultdict(Counter)
    for row in parts[0].union(*parts[1:], all=True):
        result[row["c_due"]][row["c_kind"]] += row["c_count"]
    return result


def entries(
    actor: ActorContext, first: date, last: date, filters: Filters, today: date, *, per_day: int = 0
) -> QuerySet[Any]:
    """Rows by day, periods first, then milestones and tasks; `per_day` keeps so many of each kind and day."""
    parts = []
    for rows in _sources(actor, first, last, filters, today):
        if per_day:
            place = Window(RowNumber(), partition_by=F("c_due"), order_by=[F("c_sort").asc(), F("pk").asc()])
            first = rows.order_by().annotate(c_place=place).filter(c_place__lte=per_day)
            rows = rows.filter(pk__in=first.values("pk"))
        parts.append(
            rows.order_by().values(
                "c_due", "c_kind", "c_state", "c_rank", "c_sort", "c_title", "c_task", "c_programme_id", "c_programme",
                "c_place_id", "c_period", "c_starts", "c_ends", c_pk=F("pk"),
            )
        )  # fmt: skip
    if not parts:
        return Task.objects.none().values()
    return parts[0].union(*parts[1:], all=True).order_by("c_due", "c_rank", "c_programme_id", "c_sort", "c_pk")


def as_entries(rows: Iterable[dict[str, Any]]) -> list[Entry]:
    return [
        Entry(
            row["c_kind"],
            row["c_pk"],
            row["c_due"],
            Period(row["c_period"], row["c_starts"], row["c_ends"]).label if row["c_period"] else row["c_title"],
            row["c_state"],
            row["c_programme_id"],
            row["c_programme"],
            row["c_place_id"],
            row["c_task"],
        )
        for row in rows
    ]


def weeks(
    first: date, found: Iterable[Entry], counted: dict[date, Counter[str]], today: date, *, per_day: int
) -> list[list[Day]]:
    """The month as weeks from Monday, days off marked from the holiday table; one query."""
    grid = calendar.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    special = {row.date: row for row in Holiday.objects.filter(date__range=(grid[0][0], grid[-1][-1]))}
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in found:
        by_day[entry.due_on].append(entry)
    return [[_day(day, first, special.get(day), by_day, counted, today, per_day) for day in week] for week in grid]


def _day(
    day: date,
    first: date,
    special: Holiday | None,
    by_day: dict[date, list[Entry]],
    counted: dict[date, Counter[str]],
    today: date,
    per_day: int,
) -> Day:
    inside = day.month == first.month
    rest = special.kind == DayKind.REST if special else day.weekday() >= 5
    mark = "" if special is None else "休" if rest else "班"
    total = sum(counted[day][kind] for kind in KINDS) if inside and day in counted else 0
    mine = by_day[day][:per_day] if inside else []
    return Day(day, inside, rest, mark, special.name if special else "", day == today, mine, total)


def choices(actor: ActorContext) -> tuple[list[tuple[int, str]], list[Department]]:
    """Running programmes one sees, and the units that have a part in their tasks; two queries."""
    programmes = list(
        Programme.objects.visible_to(actor)
        .filter(state=ProgrammeState.RUNNING)
        .order_by("-year", "pk")
        .values_list("pk", "short_title")
    )
    parts = Responsibility.objects.filter(task__in=_tasks(actor).values("pk"), department__isnull=False)
    units = Department.objects.filter(pk__in=parts.values("department_id")).order_by("sort", "pk")
    return programmes, list(units)


def _tasks(actor: ActorContext) -> QuerySet[Task]:
    return Task.objects.visible_to(actor).filter(programme__state=ProgrammeState.RUNNING, state__in=GIVEN)


def _sources(
    actor: ActorContext, first: date, last: date, filters: Filters, today: date
) -> list[QuerySet[Any]]:
    """One queryset per kind with the same columns."""
    made = {
        MILESTONE: _milestones, TASK: _due_tasks, WINDOW: _windows, MATERIAL: _materials, ACTIVITY: _activities,
    }  # fmt: skip
    wanted = [kind for kind in KINDS if filters.kind in ("", kind)]
    return [made[kind](actor, first, last, filters, today) for kind in wanted]


def _milestones(actor: ActorContext, first: date, last: date, filters: Filters, today: date) -> QuerySet[Any]:
    rows = (
        Milestone.objects.visible_to(actor)
        .filter(
            Q(task__isnull=True) | Q(task__state__in=GIVEN),
            programme__state=ProgrammeState.RUNNING,
            due_on__range=(first, last),
        )
        .exclude(state=MilestoneState.DROPPED)
    )
    if filters.programme:
        rows = rows.filter(programme_id=filters.programme)
    if filters.unit:
        mine = Responsibility.objects.filter(department_id=filters.unit)
        rows = rows.filter(
            Q(task_id__in=mine.values("task_id"))
            | Q(task__isnull=True, programme_id__in=mine.values("task__programme_id"))
        )
    done = Q(state=MilestoneState.DONE)
    title = _text(Concat(F("title"), Value("（"), F("task__number"), F("task__title"), Value("）")))
    rows = rows.annotate(c_title=_whole(Q(task__isnull=True), _text(F("title")), title), c_task=F("task_id"))
    return _common(rows, MILESTONE, 1, done, today, sort="pk")


def _due_tasks(actor: ActorContext, first: date, last: date, filters: Filters, today: date) -> QuerySet[Any]:
    rows = _tasks(actor).filter(due_on__range=(first, last))
    if filters.programme:
        rows = rows.filter(programme_id=filters.programme)
    if filters.unit:
        rows = rows.filter(parts__department_id=filters.unit)
    rows = rows.annotate(c_title=_text(Concat(F("number"), Value(" "), F("title"))), c_task=F("pk"))
    return _common(rows, TASK, 2, Q(state__in=TaskState.finished()), today, sort="sort")


def _windows(actor: ActorContext, first: date, last: date, filters: Filters, today: date) -> QuerySet[Any]:
    rows = ReportingWindow.objects.visible_to(actor).filter(
        programme__state=ProgrammeState.RUNNING, due_on__range=(first, last)
    )
    if filters.programme:
        rows = rows.filter(programme_id=filters.programme)
    if filters.unit:
        owing = Responsibility.objects.filter(
            department_id=filters.unit, role__in=ResponsibilityRole.filing(), task__state__in=GIVEN
        )
        rows = rows.filter(programme_id__in=owing.values("task__programme_id"))
    rows = rows.annotate(c_title=Value("", CharField()), c_task=Value(None, IntegerField()))
    # a period that is over is not late by itself: who is late in it stands in 谁还没报
    over = Q(locked_at__isnull=False) | Q(due_on__lt=today)
    return _common(rows, WINDOW, 0, over, today, sort="pk", period=True)


def _materials(actor: ActorContext, first: date, last: date, filters: Filters, today: date) -> QuerySet[Any]:
    """应报材料; without a programme of their own they belong to whoever gets them."""
    rows = MaterialDue.objects.visible_to(actor).filter(due_on__range=(first, last)).exclude(state=MaterialState.WAIVED)
    if filters.programme:
        rows = rows.filter(material__programme_id=filters.programme)
    if filters.unit:
        rows = rows.filter(department_id=filters.unit)
    title = Concat(F("material__title"), Value("（"), F("department__short_name"), Value("）"))
    rows = rows.annotate(c_title=_text(title), c_task=Value(None, IntegerField()))
    done = Q(state__in=[MaterialState.FILED, MaterialState.ACCEPTED])
    place = "material__jurisdiction_id"
    belongs = {"programme": "material__programme_id", "name": "material__recipient", "place": place}
    return _common(rows, MATERIAL, 3, done, today, sort="pk", **belongs)


def _activities(actor: ActorContext, first: date, last: date, filters: Filters, today: date) -> QuerySet[Any]:
    """Yearly activities on their first day; no programme holds them, and none of them is late by itself."""
    rows = ActivityRun.objects.visible_to(actor).filter(starts_on__range=(first, last))
    rows = rows.exclude(state=ActivityState.CANCELLED)
    if filters.programme:
        rows = rows.none()
    if filters.unit:
        rows = rows.filter(activity__organiser_id=filters.unit)
    rows = rows.annotate(c_title=_text(F("activity__title")), c_task=Value(None, IntegerField()), due_on=F("starts_on"))
    done = Q(state=ActivityState.HELD) | Q(starts_on__lt=today)
    belongs = {"programme": "", "name": "activity__organiser__short_name", "place": "activity__jurisdiction_id"}
    return _common(rows, ACTIVITY, 4, done, today, sort="pk", **belongs)


def _common(
    rows: QuerySet[Any],
    kind: str,
    rank: int,
    done: Q,
    today: date,
    *,
    sort: str,
    period: bool = False,
    programme: str = "programme_id",
    name: str = "programme__short_title",
    place: str = "programme__jurisdiction_id",
) -> QuerySet[Any]:
    state = _whole(done, Value("done"), _whole(Q(due_on__lt=today), Value("late"), Value("ahead")))
    nothing = Value(None, CharField())
    return rows.annotate(
        c_kind=Value(kind, CharField()),
        c_rank=Value(rank, IntegerField()),
        c_due=F("due_on"),
        c_state=state,
        c_sort=Cast(F(sort), IntegerField()),
        c_programme_id=F(programme) if programme else Value(None, IntegerField()),
        c_programme=_text(F(name)),
        c_place_id=F(place),
        c_period=F("kind") if period else nothing,
        c_starts=F("starts_on") if period else Cast(nothing, DateField()),
        c_ends=F("ends_on") if period else Cast(nothing, DateField()),
    )


def _text(expression: Any) -> Coalesce:
    return Coalesce(Cast(expression, CharField()), Value(""), output_field=CharField())


def _whole(condition: Q, then: Any, otherwise: Any) -> Any:
    return Case(When(condition, then=then), default=otherwise, output_field=CharField())
