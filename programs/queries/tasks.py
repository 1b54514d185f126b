"""Reads of the task page: the task with everything that hangs on it, in one statement and one for its parts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from programs.choices import AdjustmentState, DeliverableKind, MilestoneState
from programs.domain.lights import Light
from programs.models import Adjustment, Deliverable, Milestone, Responsibility, Task
from qualitycity.access import ActorContext
from taskforce.choices import Origin

from . import remarks
from .board import BoardRow, Latest
from .filed import with_board_facts
from .supervision.extensions import listed_requests


@dataclass(frozen=True)
class Point:
    """A milestone or deliverable of the task, as its page lists it. `tone` names the look of its state."""

    title: str
    due_on: date | None
    original_due: date | None
    done_on: date | None
    note: str
    late: bool
    dropped: bool
    added: bool
    pk: int = 0
    extended: int = 0
    open: bool = False


@dataclass(frozen=True)
class PartLine:
    """One unit or group in the responsibility table."""

    part: Responsibility
    unit: str
    role: str
    added: bool
    expanded: bool
    pending_list: bool
    state: str
    light: Light | None
    percent: int | None
    latest: Latest | None
    contact: str
    phone: str


def task_pages(actor: ActorContext, *, today: date) -> QuerySet[Task]:
    """Tasks with their board facts and, as JSON, milestones, deliverables, sub-items, remarks and later copies."""
    milestones = Milestone.objects.filter(task=OuterRef("pk")).order_by("due_on", "pk")
    deliverables = Deliverable.objects.filter(task=OuterRef("pk")).order_by("pk")
    seen = Task.objects.visible_to(actor)
    listed = JSONObject(
        pk="pk", number="number", title="title", state="state", programme="programme__short_title", due_on="due_on"
    )
    return with_board_facts(Task.objects.all(), actor=actor, today=today, detail=True).select_related(
        "programme__document", "programme__body", "phase", "parent", "carried_from__programme",
        "responsible_leader__body",
    ).annotate(
        milestone_list=ArraySubquery(
            milestones.values(
                json=JSONObject(
                    title="title", due_on="due_on", original_due="original_due", state="state", done_on="done_on",
                    origin="origin", pk="pk", extended="extended",
                )
            )
        ),
        deliverable_list=ArraySubquery(
            deliverables.values(
                json=JSONObject(
                    name="name", kind="kind", due_on="due_on", done_on="done_on", note="done_note", origin="origin"
                )
            )
        ),
        item_list=ArraySubquery(seen.filter(parent=OuterRef("pk")).order_by("sort", "pk").values(json=listed)),
        carried_list=ArraySubquery(seen.filter(carried_from=OuterRef("pk")).order_by("pk").values(json=listed)),
        remark_list=remarks.of_task(actor),
        adjustment_list=ArraySubquery(
            Adjustment.objects.visible_to(actor).filter(task=OuterRef("pk"))
            .exclude(state=AdjustmentState.DROPPED).order_by("pk").values(
                json=JSONObject(
                    pk="pk", state="state", year="year", number="number", before="before", after="after",
                    basis="basis", approved_on="approved_on", approver="approver",
                )
            )
        ),
        extension_list=listed_requests(actor, task=OuterRef("pk")),
    )  # fmt: skip


def milestones_of(task: Task, today: date) -> list[Point]:
    return [
        Point(
            title=row["title"],
            due_on=_day(row["due_on"]),
            original_due=_day(row["original_due"]) if row["original_due"] != row["due_on"] else None,
            done_on=_day(row["done_on"]),
            note="",
            late=row["state"] == MilestoneState.OPEN and row["due_on"] < today.isoformat(),
            dropped=row["state"] == MilestoneState.DROPPED,
            added=row["origin"] == Origin.OFFICE,
            pk=row["pk"],
            extended=row["extended"],
            open=row["state"] == MilestoneState.OPEN,
        )
        for row in task.milestone_list
    ]


def deliverables_of(task: Task, today: date) -> list[Point]:
    kinds = dict(DeliverableKind.choices)
    return [
        Point(
            title=f"{row['name']}（{kinds[row['kind']]}）",
            due_on=_day(row["due_on"]),
            original_due=None,
            done_on=_day(row["done_on"]),
            note=row["note"],
            late=row["done_on"] is None and row["due_on"] is not None and row["due_on"] < today.isoformat(),
            dropped=False,
            added=row["origin"] == Origin.OFFICE,
        )
        for row in task.deliverable_list
    ]


@dataclass(frozen=True)
class Adjusted:
    """An adjustment (调整单), as the task's page lists it; `number` is empty while it is a draft."""

    pk: int
    number: str
    changes: list[tuple[str, str, str]]
    basis: str
    approver: str
    approved_on: date | None


def adjustments_of(task: Task) -> list[Adjusted]:
    rows = []
    for row in task.adjustment_list or ():
        after = dict(row["after"])
        rows.append(
            Adjusted(
                pk=row["pk"],
                number=f"〔{row['year']}〕{row['number']}号" if row["number"] else "",
                changes=[(what, old, after.get(what, "—")) for what, old in row["before"]],
                basis=row["basis"],
                approver=row["approver"],
                approved_on=_day(row["approved_on"]),
            )
        )
    return rows



def part_lines(row: BoardRow) -> list[PartLine]:
    """The responsibility table; units of a resolved group stand below the group."""
    below: dict[int | None, list[Responsibility]] = {}
    for part in row.parts:
        below.setdefault(part.expanded_from_id, []).append(part)
    ordered = [line for part in below.get(None, []) for line in (part, *below.get(part.pk, []))]
    return [_part_line(part, row) for part in ordered]


def _part_line(part: Responsibility, row: BoardRow) -> PartLine:
    contact: Any = part.contact_user
    return PartLine(
        part=part,
        unit=str(part.department or part.group),
        role=str(part.get_role_display()),
        added=part.origin == Origin.OFFICE,
        expanded=part.expanded_from_id is not None,
        pending_list=part.group is not None and part.group.pending,
        state=str(part.get_state_display()) if part.department_id else "",
        light=row.part_lights.get(part.pk),
        percent=row.percents.get(part.pk) if part.owes_reports else None,
        latest=row.latest_by_part.get(part.pk),
        contact=str(contact) if contact else "",
        phone=contact.phone if contact else "",
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
