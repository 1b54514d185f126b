"""Desk of a unit: what to sign for, what came back and why, what is near, what to sign off, what is late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf

from programs.choices import EntryState, PartState, ProgrammeState, TaskState
from programs.domain.lights import Light
from programs.domain.sources import sources
from programs.models import Milestone, Responsibility, Task
from programs.queries.board import BoardRow, board
from programs.queries.standing import answering
from qualitycity.access import ActorContext
from qualitycity.audit.models import Entry
from qualitycity.periods import Period
from qualitycity.workdays.calendar import Calendar, format_days_left
from taskforce.choices import Role
from taskforce.models import Membership

from .sheets import days_to, unit_of

#: Milestones of so many days ahead are “next”.
AHEAD = timedelta(days=31)
#: Lists of a start page end here; the rest is one click away.
LONGEST = 50
#: Late tasks that a head reads on his desk; the unit's page has them all.
HELD = 20
FILERS = (Role.LIAISON, Role.DISTRICT_OFFICE)


def to_sign_for(departments: Collection[int]) -> list[Responsibility]:
    """Assigned parts that nobody of the unit has signed for, oldest first."""
    return list(
        Responsibility.objects.filter(
            department_id__in=departments,
            state=PartState.ASSIGNED,
            task__state=TaskState.ACTIVE,
            task__programme__state=ProgrammeState.RUNNING,
        )
        .select_related("task__programme", "department")
        .order_by("assigned_on", "task__sort", "pk")
    )


@dataclass(frozen=True)
class Returned:
    """A line that came back; `reason` in full, `by` is whoever returned it."""

    key: str
    window_id: int
    unit_id: int
    number: str
    title: str
    programme: str
    period: Period
    due_on: date
    reason: str
    by: str
    at: datetime | None


def returned_lines(actor: ActorContext, *roles: str) -> list[Returned]:
    """Returned lines of his units in windows that are not locked, the earliest due first; one query."""
    units = unit_of(actor, *roles)
    asked = []
    for source in sources():
        reach, model = source.reach, apps.get_model(source.machine.model)
        move = Entry.objects.filter(
            subject_type=model._meta.label_lower, subject_id=OuterRef("pk"), to_state=EntryState.RETURNED
        ).order_by("-id")
        rows = model.objects.visible_to(actor).filter(
            **{f"{reach.department}_id__in": list(units), f"{reach.programme}__state": ProgrammeState.RUNNING},
            state=EntryState.RETURNED,
            window__locked_at__isnull=True,
        )
        asked.append(
            rows.order_by().values(
                r_source=Value(source.name),
                r_owner=F(f"{reach.owner}_id"),
                r_window=F("window_id"),
                r_kind=F("window__kind"),
                r_start=F("window__starts_on"),
                r_end=F("window__ends_on"),
                r_due=F("window__due_on"),
                r_department=F(f"{reach.department}_id"),
                r_number=Cast(F(reach.number), CharField()),
                r_title=Cast(F(reach.title), CharField()),
                r_programme=F(f"{reach.programme}__short_title"),
                r_reason=F("remark"),
                r_by=Subquery(move.values("actor_label")[:1]),
                r_at=Subquery(move.values("at")[:1]),
            )
        )
    found = asked[0].union(*asked[1:], all=True).order_by("r_due", "r_window", "r_source", "r_owner")
    return [_returned(row, units) for row in found[:LONGEST]]


def _returned(row: dict[str, Any], units: dict[int, tuple[int, str]]) -> Returned:
    return Returned(
        key=f"{row['r_source']}-{row['r_owner']}",
        window_id=row["r_window"],
        unit_id=units[row["r_department"]][0],
        number=row["r_number"],
        title=row["r_title"],
        programme=row["r_programme"],
        period=Period(row["r_kind"], row["r_start"], row["r_end"]),
        due_on=row["r_due"],
        reason=row["r_reason"],
        by=row["r_by"] or "",
        at=row["r_at"],
    )


@dataclass(frozen=True)
class NextMilestone:
    milestone: Milestone
    when: str
    late: bool


def next_milestones(
    actor: ActorContext, departments: Collection[int], *, today: date, calendar: Calendar
) -> list[NextMilestone]:
    """Open milestones of the unit's tasks and of its programmes within a month, and those that have passed."""
    mine = Responsibility.objects.filter(department_id__in=departments)
    rows = (
        Milestone.objects.visible_to(actor)
        .open()
        .filter(
            Q(task_id__in=mine.values("task_id"), task__state=TaskState.ACTIVE)
            | Q(task__isnull=True, programme_id__in=mine.values("task__programme_id")),
            programme__state=ProgrammeState.RUNNING,
            due_on__lte=today + AHEAD,
        )
        .select_related("task", "programme")
        .order_by("due_on", "pk")[:LONGEST]
    )
    return [NextMilestone(row, format_days_left(today, row.due_on, calendar), row.due_on < today) for row in rows]


@dataclass(frozen=True)
class ToSignOff:
    """Lines of one unit and window that wait for the head's signature."""

    window_id: int
    unit_id: int
    unit: str
    programme: str
    period: Period
    due_on: date
    count: int
    when: str
    late: bool


def to_sign_off(actor: ActorContext, *, today: date, calendar: Calendar) -> list[ToSignOff]:
    """What his liaisons have submitted, the earliest due first; one query. His own lines wait for somebody else."""
    units = unit_of(actor, Role.UNIT_HEAD)
    asked = []
    for source in sources():
        reach, model = source.reach, apps.get_model(source.machine.model)
        asked.append(
            model.objects.filter(
                **{f"{reach.department}_id__in": list(units), f"{reach.programme}__state": ProgrammeState.RUNNING},
                state=EntryState.SUBMITTED,
                window__locked_at__isnull=True,
            )
            .exclude(filed_by_id__in=actor.user_ids())
            .order_by()
            .values(
                s_window=F("window_id"),
                s_kind=F("window__kind"),
                s_start=F("window__starts_on"),
                s_end=F("window__ends_on"),
                s_due=F("window__due_on"),
                s_department=F(f"{reach.department}_id"),
                s_programme=F(f"{reach.programme}__short_title"),
            )
            .annotate(s_count=Count("pk"))
        )
    found: dict[tuple[int, int], ToSignOff] = {}
    for row in asked[0].union(*asked[1:], all=True):
        pk, name = units[row["s_department"]]
        before = found.get((row["s_window"], pk))
        found[row["s_window"], pk] = ToSignOff(
            window_id=row["s_window"],
            unit_id=pk,
            unit=name,
            programme=row["s_programme"],
            period=Period(row["s_kind"], row["s_start"], row["s_end"]),
            due_on=row["s_due"],
            count=row["s_count"] + (before.count if before else 0),
            when=format_days_left(today, row["s_due"], calendar),
            late=days_to(row["s_due"], today, calendar) < 0,
        )
    return sorted(found.values(), key=lambda item: (item.due_on, item.window_id, item.unit_id))


@dataclass(frozen=True)
class Held:
    """A task of the unit that is late or near: `holder` is who has to act. Of one that is `done` nobody has."""

    row: BoardRow
    light: Light
    holder: str
    with_head: bool
    with_office: bool = False
    done: bool = False


@dataclass(frozen=True)
class UnitPicture:
    """Lights of one unit, counted, and the first `HELD` of what is red or amber, the worst first."""

    unit_id: int
    unit: str
    counts: dict[str, int]
    held: list[Held]

    @property
    def more(self) -> int:
        """Late or near tasks that are not listed."""
        return self.counts["red"] + self.counts["amber"] - len(self.held)


def unit_pictures(actor: ActorContext, *, today: date, calendar: Calendar) -> list[UnitPicture]:
    """For every unit the person heads: its lights and who holds what is late; three queries."""
    units = unit_of(actor, Role.UNIT_HEAD)
    pictures: dict[int, UnitPicture] = {}
    for pk, name in set(units.values()):
        pictures[pk] = UnitPicture(pk, name, dict.fromkeys(("red", "amber", "green", "grey"), 0), [])
    parts = answering(Task.objects.visible_to(actor).current()).filter(department_id__in=list(units))
    for row in parts.order_by().values("department_id", "standing__light").annotate(count=Count("pk")):
        pictures[units[row["department_id"]][0]].counts[row["standing__light"]] += row["count"]
    worst = parts.filter(standing__light__in=("red", "amber")).order_by("-standing__light", "standing__turns_on", "pk")
    chosen = list(worst.values_list("pk", flat=True)[:HELD])
    for row in board(_with_filers(units, chosen, today), actor=actor, today=today, calendar=calendar):
        for part in row.filing:
            if part.pk in chosen:
                picture, light = pictures[units[part.department_id][0]], row.light_of(part.department_id)
                picture.held.append(_held(row, part, light, units))
    for picture in pictures.values():
        picture.held.sort(key=lambda item: item.light.rank)
    return sorted(pictures.values(), key=lambda picture: picture.unit_id)


def _with_filers(units: dict[int, tuple[int, str]], parts: Collection[int], today: date) -> QuerySet[Task]:
    """The tasks of these parts; the names of those who file ride along: the database reads them once."""
    people = (
        Membership.objects.current(today)
        .filter(department_id__in=list(units), role__in=FILERS, user__is_active=True)
        .order_by("pk")
        .values(
            json=JSONObject(
                user="user_id",
                name=Coalesce(NullIf(F("user__full_name"), Value("")), F("user__username")),
                department="department_id",
            )
        )
    )
    tasks = Task.objects.filter(pk__in=Responsibility.objects.filter(pk__in=parts).values("task_id"))
    return tasks.annotate(filers=ArraySubquery(people)).order_by("due_on", "sort", "pk")


def _held(row: BoardRow, part: Any, light: Light, units: dict[int, tuple[int, str]]) -> Held:
    """Who has to act: the head himself once it was submitted, the office once he has signed, else the person named for
    the part, else the liaisons."""
    state = part.pressing["state"] if part.pressing else ""
    done = row.task.state in TaskState.finished() or part.state in PartState.settled()
    unit = units[part.department_id][0]
    filers = row.task.filers
    named = [person["name"] for person in filers if person["user"] == part.contact_user_id]
    present = [person["name"] for person in filers if units[person["department"]][0] == unit]
    holder = "、".join(dict.fromkeys(named or present))
    return Held(row, light, holder, state == EntryState.SUBMITTED, state == EntryState.SIGNED, done)
