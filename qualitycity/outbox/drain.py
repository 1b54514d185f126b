"""Draining a queue: claim one message, run its handler, book the result; then the next."""

import logging
import os
import socket
import time
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from .choices import State
from .claims import MAX_ATTEMPTS, claim, doubt, ours, park, take_back
from .models import Message
from .registry import GiveUp, Handler, NotSent, handler_for

logger = logging.getLogger(__name__)

#: Pause after the first and after the second failed attempt.
BACKOFF: Final = (timedelta(minutes=1), timedelta(minutes=5))


def drain(queue: str = "default", limit: int = 100, worker: str = "", budget: float | None = None) -> int:
    """Handle up to ``limit`` messages of ``queue``; returns how many were claimed.

    ``budget`` in seconds: no further message is claimed once it is used up. May be called by any number of
    processes at once, but not inside a transaction. A handler's failure is booked, never raised.
    """
    take_back(queue)
    name = worker or f"{socket.gethostname()}:{os.getpid()}"
    started = time.monotonic()
    count = 0
    while count < limit and (budget is None or time.monotonic() - started < budget):
        message = claim(queue, name)
        if message is None:
            break
        count += 1
        handler = handler_for(message.kind)
        if handler.outside:
            _send(message, handler)
        else:
            _apply(message, handler)
    return count


def _apply(message: Message, handler: Handler) -> None:
    """An effect inside the database: it and ``done`` commit together or not at all."""
    try:
        prepared = () if handler.prepare is None else (handler.prepare(message),)
        with transaction.atomic():
            # While this row is locked nobody can take the lease back; who has already, has the work.
            if not Message.objects.select_for_update().filter(ours(message, State.LEASED)).exists():
                logger.warning("outbox message %s: lease lost, result thrown away", message.pk)
                return
            handler.run(message, *prepared)
            Message.objects.filter(pk=message.pk).update(
                state=State.DONE, finished_at=timezone.now(), last_error=""
            )
    except Exception as error:
        _failed(message, error)


def _send(message: Message, handler: Handler) -> None:
    """An effect outside: ``sending`` is committed, so whatever happens now, nobody sends it a second time."""
    try:
        handler.run(message)
    except (NotSent, GiveUp) as error:
        _failed(message, error)
    except Exception as error:
        logger.exception("outbox message %s (%s): unclear whether sent", message.pk, message.kind)
        with transaction.atomic():
            locked = Message.objects.select_for_update().filter(ours(message, State.SENDING)).first()
            if locked is not None:
                doubt(locked, _describe(error))
    else:
        # Doubtful as well: somebody took the lease back while we were slow, and now we know better.
        Message.objects.filter(ours(message, State.SENDING, State.DOUBTFUL)).update(
            state=State.SENT, finished_at=timezone.now(), last_error=""
        )


def _failed(message: Message, error: Exception) -> None:
    """Book a failure without effect: later again, or parked when useless or tried often enough."""
    logger.warning("outbox message %s (%s) failed", message.pk, message.kind, exc_info=error)
    with transaction.atomic():
        locked = (
            Message.objects.select_for_update().filter(ours(message, State.LEASED, State.SENDING)).first()
        )
        if locked is None:
            return
        if isinstance(error, GiveUp) or locked.attempts >= MAX_ATTEMPTS:
            park(locked, _describe(error))
            return
        locked.state = State.PENDING
        locked.last_error = _describe(error)
        locked.next_at = timezone.now() + BACKOFF[locked.attempts - 1]
        locked.lease_token = locked.leased_until = None
        locked.save(update_fields=["state", "last_error", "next_at", "lease_token", "leased_until"])


def _describe(error: Exception) -> str:
    """A ``GiveUp`` carries a sentence for people; of anything else the class matters as well."""
    text = str(error) if isinstance(error, GiveUp) else f"{error.__class__.__name__}: {error}"
    # PostgreSQL text holds no NUL
    return text.replace("\x00", "")[:2000]
