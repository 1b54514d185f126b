"""任务: facts and responsibility above, what happened below, clause and indicators beside."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.access.ground import FILERS, UNIT, office_grant
from programs.choices import PartState, ProgrammeState, TaskState
from programs.contracts import task_panels
from programs.domain.parts import PARTS
from programs.domain.supervision.contributions import supporting
from programs.domain.supervision.extensions import asking_parts
from programs.domain.tasks import TASKS
from programs.models import Responsibility, Task
from programs.queries import tasks as queries
from programs.queries.board import board_rows
from programs.queries.history import timeline
from programs.queries.remarks import remarks_of
from programs.queries.supervision.extensions import asked_of
from programs.queries.supervision.slips import slips_about_task
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workdays import load_calendar

from .buttons import Button, buttons
from .moves import PART_STEPS, TASK_STEPS

#: Events shown at first; the rest on demand.
EVENTS = 40


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    actor, today, calendar = actor_of(request), timezone.localdate(), load_calendar()
    found: Task = fetch(request, queries.task_pages(actor, today=today), pk=pk)
    (row,) = board_rows([found], today=today, calendar=calendar)
    lines = queries.part_lines(row)
    everything = request.GET.get("history") == "all"
    events, older = timeline(found, actor=actor, limit=None if everything else EVENTS)
    live = found.programme.state in (ProgrammeState.DRAFT, ProgrammeState.RUNNING)
    move_part = reverse("part_move", args=[0]).removesuffix("0/move/")
    parts: list[dict[str, Any]] = [
        {
            "line": line,
            "moves": _part_buttons(line.part, found, actor, f"{move_part}{line.part.pk}/move/"),
            "opening": live and _may_open(line.part, actor),
        }
        for line in lines
    ]
    to_sign = [
        line.part
        for line in lines
        if live and line.part.state == PartState.ASSIGNED and can(actor, "sign_for", line.part)
    ]
    context = {
        "task": found,
        "programme": found.programme,
        "row": row,
        "parts": parts,
        "has_moves": any(part["moves"] for part in parts),
        "reports": [line for line in lines if line.latest],
        "to_sign": to_sign,
        "to_file": _to_file(found, actor, today),
        "to_contribute": _to_contribute(found, actor, today),
        "moves": buttons(TASKS, found, actor, TASK_STEPS, reverse("task_move", args=[pk])) if live else [],
        "slips": slips_about_task(found, actor),
        "milestones": queries.milestones_of(found, today),
        "deliverables": queries.deliverables_of(found, today),
        "remarks": remarks_of(found),
        "extensions": (asked := asked_of(found.extension_list)),
        "asked_already": any(row.waits and not row.milestone for row in asked),
        "adjustments": queries.adjustments_of(found),
        "may_extend": live and _may_extend(found, actor),
        "panels": task_panels(task=found, actor=actor),
        "events": events,
        "older": older,
        "days_left": None if found.due_on is None else calendar.working_days_between(today, found.due_on),
        "may_manage": live and bool(can(actor, "manage", found)),
        "may_slip": [line for line in lines if _owes(line.part)] if live and can(actor, "manage", found) else [],
        "may_remark": live and bool(can(actor, "remark", found)),
        "task_base": reverse("task", args=[0]).removesuffix("0/"),
    }
    return render(request, "programs/task_detail.html", context)


def _owes(part: Responsibility) -> bool:
    """Is there something a slip or a call could be about?"""
    return part.department_id is not None and part.state in (PartState.ASSIGNED, PartState.SIGNED_FOR)


def _part_buttons(part: Responsibility, task: Task, actor: ActorContext, url: str) -> list[Button]:
    """Moves of a part; a part goes out with its task, so 交办 of its own only follows where the task is out."""
    if part.department_id is None or task.programme.state != ProgrammeState.RUNNING:
        return []
    found = buttons(PARTS, part, actor, PART_STEPS, url)
    return [button for button in found if button.action != "assign" or task.state == TaskState.ACTIVE]


def _may_open(part: Responsibility, actor: ActorContext) -> bool:
    """May this person record where the part stood before the portal (上线前)?"""
    if not part.owes_reports or part.state in PartState.settled():
        return False
    return bool(can(actor, "manage", part) or can(actor, "propose_opening", part))


def _to_contribute(task: Task, actor: ActorContext, today: date) -> str:
    """Where this person reports a supporting unit's part to the lead, in the period that presses now; else empty."""
    if task.state != TaskState.ACTIVE or task.programme.state != ProgrammeState.RUNNING:
        return ""
    mine = actor.departments(*UNIT)
    for part in supporting(task):
        window = part.pressing  # type: ignore[attr-defined]
        if part.department_id in mine and window and window["opens_on"] <= today.isoformat():
            return reverse("contribution", args=[window["pk"], part.pk])
    return ""


def _may_extend(task: Task, actor: ActorContext) -> bool:
    """May this person ask for a later date (延期) for a unit of this task?"""
    if task.state != TaskState.ACTIVE or task.programme.state != ProgrammeState.RUNNING:
        return False
    units = {part.department_id for part in asking_parts(task)}
    return bool(units and (office_grant(actor, task.programme) or units & actor.departments(*FILERS)))


def _to_file(task: Task, actor: ActorContext, today: date) -> str:
    """Where this person files this task's line for the window that presses now; empty when nothing is to be filed."""
    mine = actor.departments(*FILERS)
    for part in task.parts.all():
        window = part.pressing
        if part.department_id not in mine or not window or not part.owes_reports or window["reported"]:
            continue
        owed = part.state in (PartState.ASSIGNED, PartState.SIGNED_FOR)
        if owed and task.programme.state == ProgrammeState.RUNNING and window["opens_on"] <= today.isoformat():
            return reverse("entry", args=[window["pk"], part.department_id, f"task-{part.pk}"])
    return ""
