"""What this floor expects of those above it, and what it offers to the one below; registered in the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from programs.choices import ProgrammeState
from programs.models import Responsibility, Task
from programs.queries.board import board
from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import load_calendar
from taskforce.contracts import UnitTask


@dataclass(frozen=True)
class Panel:
    """A small table shown beside a task; cells are text. See TASK_PANELS."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def task_panels(*, task: Task, actor: ActorContext) -> list[Panel]:
    """Panels of all registered apps for this task, empty ones left out."""
    panels = (import_string(path)(task=task, actor=actor) for path in settings.TASK_PANELS)
    return [panel for panel in panels if panel is not None]


def unit_tasks(*, department_id: int, actor: ActorContext, today: date) -> list[UnitTask]:
    """Tasks in which the unit has a part, running programmes first; three queries. See UNIT_TASKS."""
    mine = Responsibility.objects.filter(department_id=department_id)
    tasks = (
        Task.objects.visible_to(actor)
        .exclude(programme__state=ProgrammeState.DRAFT)
        .filter(pk__in=mine.values("task_id"))
        .order_by("-programme__year", "programme_id", "sort", "pk")
    )
    result = []
    for row in board(tasks, actor=actor, today=today, calendar=load_calendar()):
        part = next(part for part in row.parts if part.department_id == department_id)
        light = row.light_of(department_id)
        result.append(
            UnitTask(
                pk=row.task.pk,
                title=str(row.task),
                programme_id=row.task.programme_id,
                programme=str(row.task.programme),
                role=part.get_role_display(),
                state=row.task.get_state_display(),
                due_on=row.task.due_on,
                light=light.code,
                sentence=light.sentence,
                historical=row.task.programme.historical,
            )
        )
    return sorted(result, key=lambda task: task.historical)
