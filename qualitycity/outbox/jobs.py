"""Celery jobs of the outbox. They carry a queue's name, nothing else: what is to be done stands in the table."""

from typing import Final

from celery import shared_task

from . import health
from .claims import waiting
from .doorbell import ring
from .drain import drain

#: Well under the soft time limit of a job, so that a message claimed last still has time to finish.
BUDGET: Final = 20.0  # seconds


@shared_task(name="outbox.drain")
def drain_queue(queue: str = "default") -> None:
    """Handle what waits in ``queue``; when it is more than one turn can do, ring for the next turn."""
    if drain(queue, budget=BUDGET) and waiting(queue).exists():
        ring(queue)


@shared_task(name="outbox.heartbeat")
def heartbeat() -> None:
    """Leave a trace that beat, broker and a worker work together."""
    health.beat()
