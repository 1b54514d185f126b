"""What this floor expects of those above it; registered in the settings.

WORKBOOK_SHEETS: a `WorkbookSheet` for a source of PERIOD_ENTRIES puts its lines into the 填报表 as well.
BURDEN_SOURCES: see `programs.domain.burden`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from programs.models import Programme, Task
from programs.queries.facts import FactBlock
from programs.workbook.cells import Figure, Percent, Words, YesNo
from programs.workbook.sheets import Asked, Shown, WorkbookSheet
from qualitycity.access import ActorContext

__all__ = [
    "Asked",
    "Figure",
    "Panel",
    "Percent",
    "Shown",
    "Words",
    "WorkbookSheet",
    "YesNo",
    "programme_facts",
    "task_panels",
]


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
