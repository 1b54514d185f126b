"""The doorbell: after a commit, tell a worker to look at the table now rather than in 15 seconds.

Nothing depends on it. A person's request must not suffer because the broker is away, so: no retry, one second
per network step, every error swallowed, and after a failure silence for a while (beat rings anyway).
"""

import logging
import time
from functools import partial
from typing import Final

from celery import current_app
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

from .choices import Queue

logger = logging.getLogger(__name__)

SILENCE_AFTER_FAILURE: Final = 15.0  # seconds; beat's own interval
NETWORK_LIMIT: Final = 1  # seconds per connect, read or write
#: A ring nobody heard is worthless a minute later: beat has rung since.
RING_EXPIRES: Final = 60  # seconds

_silent_until = 0.0


def ring(queue: str) -> bool:
    """Ask a worker of ``queue`` to drain it. Returns whether the broker took the message; never raises."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        with producers[_connection()].acquire(block=True, timeout=NETWORK_LIMIT) as producer:
            current_app.send_task(
                "outbox.drain",
                args=[str(queue)],
                queue=str(queue),
                producer=producer,
                retry=False,
                expires=RING_EXPIRES,
                ignore_result=True,
            )
    except Exception:
        # Whatever a broker library may raise: the business change is committed and beat will ring.
        _silent_until = time.monotonic() + SILENCE_AFTER_FAILURE
        logger.debug("doorbell of queue %s not heard", queue, exc_info=True)
        return False
    return True


def ring_on_commit(queue: str) -> None:
    """Ring once after the running transaction commits, however many messages it writes to ``queue``."""
    connection = transaction.get_connection()
    ringer = _RINGERS[Queue(queue)]
    # Asking Django's own list, not keeping one: it forgets what a rolled back savepoint had registered.
    if any(hook[1] is ringer for hook in connection.run_on_commit):
        return
    transaction.on_commit(ringer, robust=True)


_RINGERS = {queue: partial(ring, queue.value) for queue in Queue}


def _connection() -> Connection:
    """A broker connection that gives up at once; kombu's default is to try again for ever."""
    return current_app.connection_for_write(
        connect_timeout=NETWORK_LIMIT,
        transport_options={
            "max_retries": 0,
            "interval_start": 0,
            "socket_timeout": NETWORK_LIMIT,
            "socket_connect_timeout": NETWORK_LIMIT,
            "retry_on_timeout": False,
        },
    )
