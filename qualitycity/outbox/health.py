"""Is background work alive? Numbers for the readiness page and for operators."""

from typing import Final, TypedDict

from django.db.models import Count, ExpressionWrapper, F, Min, Q, fields
from django.db.models.functions import Now
from django.utils import timezone

from .choices import NEEDS_PERSON, State
from .models import Heartbeat, Message

WORKER: Final = "worker"


class Snapshot(TypedDict):
    """Ages in seconds. ``oldest_pending_seconds`` is 0 when nothing waits; ``last_heartbeat_age`` is ``None``
    when no heartbeat was ever written."""

    oldest_pending_seconds: float
    parked: int
    doubtful: int
    last_heartbeat_age: float | None


def beat(name: str = WORKER) -> None:
    """Write the heartbeat, by the database's clock: the reader's machine may have another one."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def snapshot() -> Snapshot:
    """The state of background work; three queries, each on an index."""
    now = timezone.now()
    oldest = Message.objects.filter(state=State.PENDING, next_at__lte=now).aggregate(at=Min("next_at"))["at"]
    stopped = Message.objects.filter(state__in=NEEDS_PERSON).aggregate(
        parked=Count("pk", filter=Q(state=State.PARKED)), doubtful=Count("pk", filter=Q(state=State.DOUBTFUL))
    )
    age = (
        Heartbeat.objects.filter(name=WORKER)
        .annotate(age=ExpressionWrapper(Now() - F("at"), output_field=fields.DurationField()))
        .values_list("age", flat=True)
        .first()
    )
    return {
        "oldest_pending_seconds": (now - oldest).total_seconds() if oldest else 0.0,
        "parked": stopped["parked"],
        "doubtful": stopped["doubtful"],
        "last_heartbeat_age": None if age is None else age.total_seconds(),
    }
