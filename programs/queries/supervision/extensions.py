"""延期: requests as lists show them, what waits for whom, and how many each unit has asked for."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet

from programs.access.ground import offices
from programs.choices import ExtensionState
from programs.models import Extension, Milestone, Task
from qualitycity.access import ActorContext
from taskforce.choices import Role

RELATED = (
    "task__programme__jurisdiction", "milestone", "item_part__item__jurisdiction", "department", "filed_by",
    "signed_by", "decided_by",
)  # fmt: skip


def requests(actor: ActorContext) -> QuerySet[Extension]:
    """What the person may see, the newest first."""
    return Extension.objects.visible_to(actor).select_related(*RELATED).order_by("-filed_at", "-pk")


def to_sign(actor: ActorContext) -> QuerySet[Extension]:
    """Requests that wait for the person's signature as head."""
    mine = actor.departments(Role.UNIT_HEAD)
    return requests(actor).filter(state=ExtensionState.SUBMITTED, department_id__in=mine).order_by("due_then", "pk")


def before_office(actor: ActorContext) -> QuerySet[Extension]:
    """Requests in the territory of the person's office that are signed or wait for a signature; the nearest first."""
    waiting = [ExtensionState.SIGNED, ExtensionState.SUBMITTED]
    mine = Q(task__programme__jurisdiction_id__in=offices(actor)) | Q(
        item_part__item__jurisdiction_id__in=offices(actor)
    )
    return requests(actor).filter(mine, state__in=waiting).order_by("due_then", "pk")


def counts_by_unit(
    departments: Collection[int], *, since: date, until: date
) -> dict[int, tuple[int, int]]:
    """Unit → (asked, granted) of the requests handed in from `since` to `until`; one query. Withdrawn ones and those
    still being written do not count."""
    rows = (
        Extension.objects.filter(department_id__in=departments, asked_on__range=(since, until))
        .exclude(state__in=[ExtensionState.DRAFT, ExtensionState.WITHDRAWN])
        .order_by()
        .values("department_id")
        .annotate(asked=Count("pk"), granted=Count("pk", filter=Q(state=ExtensionState.GRANTED)))
    )
    return {row["department_id"]: (row["asked"], row["granted"]) for row in rows}


def of_subject(actor: ActorContext, task: Task | None, milestone: Milestone | None) -> list[Extension]:
    """Requests for the same date that the person may see, the oldest first."""
    return list(requests(actor).filter(task=task, milestone=milestone).order_by("filed_at", "pk")) if task else []


def of_task(actor: ActorContext, task: Task) -> list[Extension]:
    """Requests about a task and its milestones that the person may see, the oldest first."""
    return list(requests(actor).filter(task=task).order_by("filed_at", "pk"))


def count_of(row: Extension) -> int:
    """How many extensions the date has had."""
    return getattr(row.dated, "extended", 0)
