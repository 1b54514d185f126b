"""Celery jobs of the outbox. They carry a queue's name, nothing else: what is to be done stands in the table."""

from typing import Final

from celery import shared_task

from . import health
from .claims import waiting
from .doorbell import ring
from .drain import drain

#: A third of the time between two rings: while a long mailing has every process of a worker, the ring of another queue
#: must be heard before it expires. Well under the soft time limit, too: what is claimed last has time to finish.
BUDGET: Final = 5.0  # seconds


@shared_task(name="outbox.drain")
def drain_queue(queue: str = "default") -> None:
    """Handle what waits in ``queue``; when it is more than one turn can do, ring for the next turn."""
    if drain(queue, budget=BUDGET) and waiting(queue).exists():
        ring(queue)


@shared_task(name="outbox.heartbeat")
def heartbeat() -> None:
    """Leave a trace that beat, broker and a worker work together."""
    health.beat()
