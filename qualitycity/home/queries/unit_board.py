"""A unit's own board, and a district's: tasks by light, who holds what is late, how its periods came in.

Counted from the standings; the caller has called `domain.standings.board_day()`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse

from programs.choices import EntryState, PartState, ProgrammeState, TaskState
from programs.models import Programme, ProgressEntry, ProgressReport, ReportingWindow, Responsibility, Task
from programs.queries.standing import ANSWERS, answering, empty_counts, light_counts_by
from qualitycity.access import ActorContext, visible
from qualitycity.home.boards import PeriodRow, period_cells
from qualitycity.home.figures import Group
from qualitycity.home.queries import lines
from taskforce.choices import JurisdictionLevel, Role
from taskforce.models import Department, Jurisdiction, Membership

#: People who enter a unit's lines.
FILERS = (Role.LIAISON, Role.DISTRICT_OFFICE)
PRESSING = ("red", "amber")
#: Periods and reports that are shown; the lists have them all.
NEWEST = 8


@dataclass(frozen=True)
class UnitRow:
    """One unit's part of a task. `answered`: a tile counts it, since it owes reports and its programme runs.
    `holders` are named where it is late or near; `with_head`: it waits for the signature."""

    pk: int
    title: str
    programme_id: int
    programme: str
    unit: str
    role: str
    state: str
    due_on: date | None
    light: str
    sentence: str
    historical: bool
    answered: bool
    early: bool
    extended: int = 0
    adjusted: int = 0
    holders: str = ""
    with_head: bool = False


def unit_rows(departments: Collection[int], actor: ActorContext, *, today: date) -> list[UnitRow]:
    """Tasks in which the units have a part, running programmes first. One query."""
    tasks = Task.objects.visible_to(actor).exclude(programme__state=ProgrammeState.DRAFT)
    waiting = ProgressEntry.objects.filter(
        part=OuterRef("pk"), state=EntryState.SUBMITTED, window__locked_at__isnull=True
    )
    found = (
        Responsibility.objects.filter(department_id__in=departments, task__in=tasks.order_by().values("pk"))
        .select_related("task__programme", "task__standing", "standing", "department", "contact_user")
        # the names ride along with the parts: the database reads them once
        .annotate(waits=Exists(waiting), filers=ArraySubquery(_filers(departments, today)))
        .order_by("-task__programme__year", "task__programme_id", "task__sort", "task_id", "sort")
    )
    return sorted((_row(part) for part in found), key=lambda row: row.historical)


def light_counts(rows: Iterable[UnitRow]) -> dict[str, int]:
    """Rows that are answered for, by light."""
    counts = empty_counts()
    for row in rows:
        if row.answered:
            counts[row.light] += 1
            counts["early"] += row.early
            counts["total"] += 1
    return counts


def narrowed(rows: Iterable[UnitRow], *, role: str, light: str) -> list[UnitRow]:
    """The rows that a tile counts, all rows without a filter."""
    rows = [row for row in rows if row.answered] if role == ANSWERS or light else list(rows)
    return [row for row in rows if row.light == light] if light else rows


def _filers(departments: Collection[int], today: date) -> QuerySet:
    """Names of those who enter the units' lines."""
    members = Membership.objects.current(today).filter(
        department_id__in=list(departments), role__in=FILERS, user__is_active=True
    )
    name = Coalesce(NullIf(F("user__full_name"), Value("")), F("user__username"))
    return members.order_by("pk").values(json=JSONObject(name=name, department="department_id"))


def _row(part: Any) -> UnitRow:
    task = part.task
    # a supporting unit, or one that was waived, stands under the light of the whole task
    counts = part.owes_reports and part.state != PartState.WAIVED
    standing = part.standing if counts and hasattr(part, "standing") else task.standing
    answered = bool(counts and hasattr(part, "standing") and task.programme.state == ProgrammeState.RUNNING)
    acting = task.state == TaskState.ACTIVE and part.state not in PartState.settled()
    pressing = answered and acting and standing.light in PRESSING
    present = [person["name"] for person in part.filers if person["department"] == part.department_id]
    names = [str(part.contact_user)] if part.contact_user else present
    return UnitRow(
        pk=task.pk,
        title=str(task),
        programme_id=task.programme_id,
        programme=str(task.programme),
        unit=str(part.department),
        role=part.get_role_display(),
        state=task.get_state_display(),
        due_on=task.due_on,
        light=standing.light,
        sentence=standing.sentence,
        historical=task.programme.historical,
        answered=answered,
        early=bool(standing.early and standing.light == "green"),
        extended=task.extended,
        adjusted=task.adjusted,
        holders="、".join(names) if pressing else "",
        with_head=bool(pressing and part.waits),
    )


def periods(
    departments: Collection[int], actor: ActorContext, *, today: date, **wanted: Any
) -> list[PeriodRow]:
    """How the newest periods of running programmes came in from these units; one query. `wanted` goes into the
    address of each figure."""
    running = Programme.objects.visible_to(actor).current()
    windows = ReportingWindow.objects.filter(programme__in=running.values("pk"), opens_on__lte=today)
    counted = lines.count_lines_of(windows, actor, today=today, departments=departments)
    rows = []
    for count in sorted(counted, key=lambda count: (count.window.due_on, count.window.pk), reverse=True)[:NEWEST]:
        path = reverse("period_lines", args=[count.window.programme_id])
        label = f"{count.window.programme} {count.window.label}"
        rows.append(PeriodRow(label, count.window.due_on, period_cells(count, path, **wanted)))
    return rows


def districts(actor: ActorContext) -> list[Group]:
    """Districts and counties with the tasks of their units, as far as the person sees them; two queries."""
    tasks = Task.objects.visible_to(actor).current()
    counts: dict[str, dict[str, int]] = {}
    rows = answering(tasks).order_by().values("department__jurisdiction__path", "standing__light")
    for row in rows.annotate(count=Count("pk")):
        mine = counts.setdefault(row["department__jurisdiction__path"], empty_counts())
        mine[row["standing__light"]] += row["count"]
    return [_of_place(place, counts) for place in visible(Jurisdiction.objects.all(), actor) if _near(place, actor)]


def _near(place: Jurisdiction, actor: ActorContext) -> bool:
    """Right below one of the person's own territories, or the district he belongs to; not of a neighbouring city."""
    if place.parent_id in {grant.jurisdiction_id for grant in actor.grants}:
        return True
    below = place.level in (JurisdictionLevel.COUNTY, JurisdictionLevel.ZONE)
    return below and any(grant.path.startswith(place.path) for grant in actor.grants)


def _of_place(place: Jurisdiction, counts: dict[str, dict[str, int]]) -> Group:
    """A district with everything below it."""
    mine = empty_counts()
    for path, found in counts.items():
        if path.startswith(place.path):
            mine = {code: mine[code] + found[code] for code in mine}
    page = reverse("district", args=[place.pk])
    return Group(place.name, page, mine, {"role": ANSWERS}, page)


def own_programmes(place: Jurisdiction, actor: ActorContext) -> list[Group]:
    """Programmes that the place runs itself, by light of their tasks; two queries."""
    programmes = list(Programme.objects.visible_to(actor).current().filter(jurisdiction=place).order_by("-year", "pk"))
    tasks = Task.objects.visible_to(actor).filter(programme__in=programmes)
    counts = light_counts_by(tasks, "programme_id") if programmes else {}
    return [
        Group(
            str(programme),
            reverse("programme", args=[programme.pk]),
            counts.get(programme.pk, empty_counts()),
            page=reverse("programme_board", args=[programme.pk]),
        )
        for programme in programmes
    ]


def reports_about(
    actor: ActorContext, departments: Iterable[int], place: Jurisdiction | None = None
) -> QuerySet[ProgressReport]:
    """The newest finished reports about these units, or about programmes of the place."""
    about = Q(department_id__in=list(departments))
    if place is not None:
        about |= Q(programme__jurisdiction=place)
    return (
        ProgressReport.objects.visible_to(actor)
        .filter(about, state="ready")
        .select_related("programme", "window")
        .defer("content")
        .order_by("-built_at", "-pk")[:NEWEST]
    )


def departments_of(place: Jurisdiction) -> list[Department]:
    """Units of the place and of everything below it."""
    return list(Department.objects.filter(jurisdiction__path__startswith=place.path).order_by("sort", "pk"))
