"""What the breakdown of a task shows and offers, in few statements: many small lists come out of two unions."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Concat

from programs.choices import TaskState
from programs.models import Deliverable, Milestone, Phase, Programme, Responsibility, Task
from taskforce.choices import Origin
from taskforce.models import Department, DepartmentGroup, Seat, User

TEXT = CharField()


@dataclass
class Point:
    """A milestone, deliverable or sub-item of a task. `state` is the milestone's, the item's, or the deliverable's kind;
    `note` the proof of delivery or the item's number; `form` the one by which it is settled on the page."""

    kind: str
    pk: int
    title: str
    due_on: date | None
    original_due: date | None
    state: str
    done_on: date | None
    note: str
    origin: str
    form: Any = None

    @property
    def printed(self) -> bool:
        return self.origin == Origin.PRINTED


def points(task: Task) -> dict[str, list[Point]]:
    """"milestone", "deliverable", "item" → what the task has of them; one query."""

    def columns(rows: QuerySet, kind: str, **more: Any) -> QuerySet:
        values = {
            "p_kind": Value(kind),
            "p_pk": F("pk"),
            "p_title": F("title"),
            "p_due_on": F("due_on"),
            "p_original_due": F("original_due"),
            "p_state": Cast(F("state"), TEXT),
            "p_done_on": F("done_on"),
            "p_note": Value(""),
            "p_origin": F("origin"),
        } | more
        return rows.order_by().values(**values)

    nothing = Cast(Value(None), DateField())
    milestones = columns(Milestone.objects.filter(task=task), "milestone")
    deliverables = columns(
        Deliverable.objects.filter(task=task), "deliverable",
        p_title=F("name"), p_original_due=nothing, p_state=Cast(F("kind"), TEXT), p_note=F("done_note"),
    )  # fmt: skip
    items = columns(
        Task.objects.filter(parent=task), "item", p_done_on=F("completed_on"), p_note=F("number"),
    )  # fmt: skip
    found: dict[str, list[Point]] = {"milestone": [], "deliverable": [], "item": []}
    for row in milestones.union(deliverables, items, all=True).order_by("p_kind", "p_due_on", "p_pk"):
        point = Point(**{name.removeprefix("p_"): value for name, value in row.items()})
        found[point.kind].append(point)
    return found


def choices(programme: Programme, *, today: date) -> dict[str, list[tuple[str, str]]]:
    """"phase", "leader", "department" → (value, label) for the selects of the page; one query.

    Leaders are the seats of the programme's body (of all bodies of the territory where it names none); departments
    those that answer today in the territory and below it.
    """
    phases = _choice(Phase.objects.filter(programme=programme), "phase", F("name"), Cast(Value(0), IntegerField()))
    seats = Seat.objects.in_office(today)
    seats = (
        seats.filter(body=programme.body_id)
        if programme.body_id
        else seats.filter(body__jurisdiction_id=programme.jurisdiction_id)
    )
    who = Concat(F("post"), Value(" "), F("person"), output_field=TEXT)
    leaders = _choice(seats.filter(~Q(person="") | ~Q(post="")), "leader", who, F("sort"))
    units = Department.objects.filter(
        jurisdiction__path__startswith=programme.jurisdiction.path, closed_on__isnull=True, successor__isnull=True
    )
    departments = _choice(units, "department", F("short_name"), F("sort"))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in phases.union(leaders, departments, all=True).order_by("c_kind", "c_sort", "c_pk"):
        found[row["c_kind"]].append((str(row["c_pk"]), row["c_label"].strip()))
    return found


def _choice(rows: QuerySet, kind: str, label: Any, sort: Any) -> QuerySet:
    return rows.order_by().values(c_kind=Value(kind), c_pk=F("pk"), c_label=Cast(label, TEXT), c_sort=sort)


def parts() -> QuerySet[Responsibility]:
    """Parts as printed, what the office added after them."""
    return Responsibility.objects.select_related("department", "group", "contact_user", "expanded_from__group").order_by(
        "sort", "pk"
    )


def people(users: Collection[int]) -> list[tuple[str, str]]:
    """(value, label) of accounts; one query."""
    return [(str(user.pk), str(user)) for user in User.objects.filter(pk__in=users).order_by("pk")]


def tasks_to_move(programme: Programme) -> dict[str, list[Task]]:
    """"confirm", "assign" → tasks that stand before the step, with `named`: a unit is named; three queries."""
    rows = (
        programme.tasks.filter(state__in=[TaskState.DRAFT, TaskState.CONSULTING, TaskState.CONFIRMED])
        .select_related("section")
        .annotate(named=Exists(Responsibility.objects.filter(task=OuterRef("pk"), department__isnull=False)))
        .prefetch_related(
            Prefetch("parts", parts())
        )
        .order_by("sort", "pk")
    )
    found: dict[str, list[Task]] = {"confirm": [], "assign": []}
    for row in rows:
        found["assign" if row.state == TaskState.CONFIRMED else "confirm"].append(row)
    return found


def group_choices(group: DepartmentGroup, members: Collection[Department]) -> list[tuple[int, str]]:
    """Units that can stand on a group's list: those that answer today in its territory and below, and whoever
    stands on it already; one query."""
    units = Department.objects.filter(
        Q(jurisdiction__path__startswith=group.jurisdiction.path, closed_on__isnull=True, successor__isnull=True)
        | Q(pk__in=[member.pk for member in members])
    )
    return [(unit.pk, unit.short_name) for unit in units.order_by("kind", "sort", "pk")]
