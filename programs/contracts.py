"""What this floor expects of those above it, and what it offers to the one below; registered in the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from programs.choices import PartState, ProgrammeState
from programs.domain.standings import refresh
from programs.models import Programme, Responsibility, Task
from programs.queries.facts import FactBlock
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


def programme_facts(*, programme: Programme, actor: ActorContext) -> list[FactBlock]:
    """Blocks of printed facts that the floors above keep of this programme, in the order of PROGRAMME_FACTS."""
    return [import_string(path)(programme=programme, actor=actor) for path in settings.PROGRAMME_FACTS]


def unit_tasks(*, department_id: int, actor: ActorContext, today: date) -> list[UnitTask]:
    """Tasks in which the unit has a part, running programmes first; one query where nothing changed. See UNIT_TASKS."""
    refresh(today=today, calendar=load_calendar())
    tasks = Task.objects.visible_to(actor).exclude(programme__state=ProgrammeState.DRAFT)
    parts = (
        Responsibility.objects.filter(department_id=department_id, task__in=tasks.order_by().values("pk"))
        .select_related("task__programme", "task__standing", "standing")
        .order_by("-task__programme__year", "task__programme_id", "task__sort", "task_id")
    )
    found = [_unit_task(part) for part in parts]
    return sorted(found, key=lambda task: task.historical)


def _unit_task(part: Responsibility) -> UnitTask:
    task = part.task
    # a supporting unit, or one that was waived, stands under the light of the whole task
    counts = part.owes_reports and part.state != PartState.WAIVED
    standing = part.standing if counts and hasattr(part, "standing") else task.standing
    return UnitTask(
        pk=task.pk,
        title=str(task),
        programme_id=task.programme_id,
        programme=str(task.programme),
        role=part.get_role_display(),
        state=task.get_state_display(),
        due_on=task.due_on,
        light=standing.light,
        sentence=standing.sentence,
        historical=task.programme.historical,
    )
