"""Parts that may have a state before the portal (上线前), with what is recorded of them."""

from django.db.models import QuerySet

from programs.choices import PartState
from programs.models import Programme, Responsibility


def parts_with_opening(programme: Programme) -> QuerySet[Responsibility]:
    """Parts of units that owe reports and are not settled, in the order of the ledger, with task and record."""
    return (
        Responsibility.objects.filing()
        .filter(task__programme=programme)
        .exclude(state__in=PartState.settled())
        .select_related("task__section", "task__programme__jurisdiction", "department", "opening__entered_by")
        .order_by("task__sort", "task_id", "sort", "pk")
    )
