"""调整单 as lists and pages show them, and what a form offers to choose from."""

from django.db.models import QuerySet

from programs.choices import PartState
from programs.models import Adjustment, Task
from qualitycity.access import ActorContext
from taskforce.models import Department

RELATED = (
    "task__programme__jurisdiction", "task__programme__body", "part__department", "department", "drafted_by",
    "settled_by", "basis_file",
)  # fmt: skip


def adjustments(actor: ActorContext) -> QuerySet[Adjustment]:
    """What the person may see, drafts first, then the newest."""
    return Adjustment.objects.visible_to(actor).select_related(*RELATED).order_by("-drafted_at", "-pk")


def choices_for(task: Task) -> dict[str, list[tuple[int, str]]]:
    """Units with an open part, and units of the territory that have none; two queries."""
    parts = [part for part in task.parts.all() if part.department_id is not None]
    named = {part.department_id for part in parts}
    units = Department.objects.filter(
        jurisdiction__path__startswith=task.programme.jurisdiction.path, successor__isnull=True
    ).order_by("jurisdiction__path", "sort", "pk")
    return {
        "part": [
            (part.pk, f"{part.department}（{part.get_role_display()}）")
            for part in parts
            if part.state not in PartState.settled()
        ],
        "department": [(unit.pk, str(unit)) for unit in units if unit.pk not in named],
    }
