"""Writing messages, and what a person does with one that stopped."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from qualitycity.audit.journal import Actor, record

from .choices import NEEDS_PERSON, Queue, State
from .doorbell import ring_on_commit
from .models import Message


class NotRetryable(Exception):
    """The message is not one that waits for a person."""


def enqueue(
    kind: str,
    *,
    key: str,
    payload: Mapping[str, Any] | None = None,
    queue: str = Queue.DEFAULT,
    not_before: datetime | None = None,
) -> Message | None:
    """Write a message in the running transaction; ``None`` when one with ``key`` exists already.

    ``key`` (at most 200 characters) names the effect, for instance ``due:task:123:2026-12-01:T-3``: whoever
    computes the same effect again writes nothing. ``payload`` holds ids only.
    """
    queue = Queue(queue)
    now = timezone.now()
    next_at = not_before or now
    # The ORM's ignore_conflicts does not tell whether the row was written; RETURNING does, in one query.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO outbox_message (kind, dedup_key, queue, payload, state, attempts, next_at,
                                        leased_by, last_error, created_at)
            VALUES (%s, %s, %s, %s, %s, 0, %s, '', '', %s)
            ON CONFLICT (dedup_key) DO NOTHING RETURNING id
            """,
            [kind, key, queue.value, json.dumps(dict(payload or {})), State.PENDING.value, next_at, now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if next_at <= now:
        ring_on_commit(queue)
    return Message(
        id=row[0],
        kind=kind,
        dedup_key=key,
        queue=queue,
        payload=dict(payload or {}),
        next_at=next_at,
        created_at=now,
    )


def enqueue_many(
    kind: str,
    messages: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    queue: str = Queue.DEFAULT,
    not_before: datetime | None = None,
) -> int:
    """Write messages of one kind, each given as (key, payload), in one query; returns how many are new.

    For each of them holds what holds for ``enqueue``.
    """
    rows = dict(messages)
    if not rows:
        return 0
    queue, now = Queue(queue), timezone.now()
    next_at = not_before or now
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO outbox_message (kind, dedup_key, queue, payload, state, attempts, next_at,
                                        leased_by, last_error, created_at)
            SELECT %s, key, %s, payload, %s, 0, %s, '', '', %s
              FROM unnest(%s::text[], %s::jsonb[]) AS message (key, payload)
            ON CONFLICT (dedup_key) DO NOTHING
            """,
            [
                kind,
                queue.value,
                State.PENDING.value,
                next_at,
                now,
                list(rows),
                [json.dumps(dict(payload)) for payload in rows.values()],
            ],
        )
        written = cursor.rowcount
    if written and next_at <= now:
        ring_on_commit(queue)
    return written


def retry(message: Message, *, actor: Actor | None, reason: str) -> Message:
    """Put a parked or doubtful message back in its queue, journalled. Returns the fresh row.

    For a doubtful e-mail this may send it a second time: that is why a person decides, and why ``reason`` is
    required. Raises ``ValueError`` without a reason and ``NotRetryable`` in any other state.
    """
    if not reason.strip():
        raise ValueError("a reason is required")
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if locked.state not in NEEDS_PERSON:
            raise NotRetryable(f"message {locked.pk} is {locked.state}")
        before = locked.state
        locked.state = State.PENDING
        locked.attempts = 0
        locked.next_at = timezone.now()
        locked.finished_at = None
        locked.lease_token = locked.leased_until = None
        locked.save()
        record(
            subject=locked,
            action="outbox.retry",
            actor=actor,
            from_state=before,
            to_state=locked.state,
            reason=reason,
            audience="office",
            after={"last_error": locked.last_error},
        )
        ring_on_commit(locked.queue)
    return locked
