"""Writing messages, and what a person does with one that stopped."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from qualitycity.audit.journal import Actor, build_entry, write_entries

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
    put_back = retry_many([message.pk], actor=actor, reason=reason)
    if not put_back:
        message = Message.objects.get(pk=message.pk)
        raise NotRetryable(f"message {message.pk} is {message.state}")
    return put_back[0]


def retry_many(messages: Iterable[int], *, actor: Actor | None, reason: str) -> list[Message]:
    """The same for several at once, in a constant number of queries; those that do not wait for a person are left
    alone. Returns the fresh rows of those put back."""
    if not reason.strip():
        raise ValueError("a reason is required")
    with transaction.atomic():
        rows = Message.objects.select_for_update().filter(pk__in=list(messages), state__in=NEEDS_PERSON)
        stopped = list(rows.order_by("pk"))
        entries = []
        for message in stopped:
            before, message.state = message.state, State.PENDING
            message.attempts = 0
            message.next_at = timezone.now()
            message.finished_at = None
            message.lease_token = message.leased_until = None
            entries.append(
                build_entry(
                    subject=message,
                    action="outbox.retry",
                    actor=actor,
                    from_state=before,
                    to_state=message.state,
                    reason=reason,
                    audience="office",
                    after={"last_error": message.last_error},
                )
            )
            ring_on_commit(message.queue)
        Message.objects.bulk_update(
            stopped, ["state", "attempts", "next_at", "finished_at", "lease_token", "leased_until"]
        )
        write_entries(entries)
    return stopped
