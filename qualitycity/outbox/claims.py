"""Claiming: a worker takes one message under a lease, in a transaction of its own.

Leases run on the database's clock, so that the clocks of two machines need not agree.
"""

import logging
import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from .choices import HELD, State
from .models import Message, MessageQuerySet
from .registry import handler_for, kinds, known

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 3

LEASE_LOST: Final = "The worker was lost before it finished."
SENDING_LOST: Final = "The worker was lost while sending: it may have been sent or not."


def lease() -> timedelta:
    """How long a worker may hold a message: longer than the longest job, which `checks` makes sure of.

    A worker that was killed leaves its message held until then; nobody else can know that it will not come back.
    """
    return timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def waiting(queue: str) -> MessageQuerySet:
    """Claimable messages of kinds this process knows. Newer kinds are left to a worker of that version."""
    return Message.objects.all().claimable(queue).filter(kind__in=kinds())


def claim(queue: str, worker: str) -> Message | None:
    """Take the next message of ``queue`` whose time has come, or ``None``. Committed when this returns.

    An outside message is ``sending`` from here on, any other ``leased``. Nobody waits for anybody: rows that
    another worker is looking at are skipped.
    """
    # durable: inside a caller's transaction "committed before sending" would be a lie
    with transaction.atomic(durable=True):
        message = waiting(queue).select_for_update(skip_locked=True).order_by("next_at", "id").first()
        if message is None:
            return None
        message.state = State.SENDING if handler_for(message.kind).outside else State.LEASED
        message.attempts += 1
        message.lease_token = uuid.uuid4()
        message.leased_by = worker[:120]
        Message.objects.filter(pk=message.pk).update(
            state=message.state,
            attempts=message.attempts,
            lease_token=message.lease_token,
            leased_by=message.leased_by,
            leased_until=Now() + lease(),
        )
    return message


def take_back(queue: str) -> int:
    """Free the messages of lost workers. Returns how many leases had run out.

    A leased one waits again, or is parked when it has used up its attempts (a job that kills its worker must
    not go round for ever). One left in ``sending`` may have been sent: it becomes doubtful, never sent again
    by itself. A row that its worker still has locked is at work, whatever its lease says, and is skipped.
    """
    with transaction.atomic(durable=True):
        lost = list(
            Message.objects.filter(queue=queue, state__in=HELD, leased_until__lt=Now())
            .select_for_update(skip_locked=True)
            .order_by("id")
        )
        for message in lost:
            if message.state == State.SENDING:
                doubt(message, SENDING_LOST)
            elif message.attempts >= MAX_ATTEMPTS:
                park(message, LEASE_LOST)
            else:
                message.state = State.PENDING
                message.last_error = LEASE_LOST
                message.lease_token = message.leased_until = None
                message.save(update_fields=["state", "last_error", "lease_token", "leased_until"])
    return len(lost)


def ours(message: Message, *states: str) -> Q:
    """The message's row as long as the lease taken by ``claim`` is still this worker's."""
    return Q(pk=message.pk, lease_token=message.lease_token, state__in=states)


def park(message: Message, error: str) -> None:
    """Set a locked message aside for good and tell its kind so (``on_parked``), in one transaction.

    When ``on_parked`` fails itself, the message is parked all the same and that is added to ``last_error``.
    """
    _stop(message, State.PARKED, error)
    # a kind this process does not know cannot be told; it stands in the list of parked messages
    on_parked = handler_for(message.kind).on_parked if known(message.kind) else None
    if on_parked is None:
        return
    try:
        with transaction.atomic():
            on_parked(message)
    except Exception as failure:
        logger.exception("on_parked of outbox message %s failed", message.pk)
        message.last_error = f"{error}\non_parked: {failure.__class__.__name__}: {failure}"
        message.save(update_fields=["last_error"])


def doubt(message: Message, error: str) -> None:
    """Leave a locked outside message to a person. The lease token stays: a late "sent" still counts."""
    _stop(message, State.DOUBTFUL, error)


def _stop(message: Message, state: State, error: str) -> None:
    message.state = state
    message.last_error = error
    message.finished_at = timezone.now()
    message.save(update_fields=["state", "last_error", "finished_at"])
