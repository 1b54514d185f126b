"""In-portal notices 站内消息. They need no worker: the rows are written with the business change itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from .models import InboxItem


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice for one person. ``title`` (cut to 200 characters) and ``body`` are whole sentences, ``url`` is
    a path inside the portal. ``key``, at most 200 characters, names the event; with the recipient it is unique.
    """

    recipient_id: int
    kind: str
    key: str
    title: str
    body: str = ""
    url: str = ""
    urgent: bool = False


def post_inbox(
    *,
    recipient_ids: Iterable[int],
    kind: str,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    urgent: bool = False,
) -> int:
    """Tell several people the same. Arguments as in ``Notice``, result as of ``post_many``."""
    return post_many(Notice(person, kind, key, title, body, url, urgent) for person in recipient_ids)


def post_many(notices: Iterable[Notice]) -> int:
    """Write notices in the caller's transaction, in one query; returns how many are new.

    A recipient who has one under the same key already, read or unread, gets none.
    """
    rows = list({(notice.key, notice.recipient_id): notice for notice in notices}.values())
    if not rows:
        return 0
    # The caller wants to know how many rows were written; bulk_create(ignore_conflicts=True) hides it.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO outbox_inboxitem (recipient_id, kind, dedup_key, title, body, url, urgent, created_at)
            SELECT recipient, kind, key || ':' || recipient, title, body, url, urgent, %s
              FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                          %s::boolean[])
                   AS notice (recipient, kind, key, title, body, url, urgent)
            ON CONFLICT (dedup_key) DO NOTHING
            """,
            [
                timezone.now(),
                [row.recipient_id for row in rows],
                [row.kind for row in rows],
                [row.key for row in rows],
                [row.title[:200] for row in rows],
                [row.body for row in rows],
                [row.url for row in rows],
                [row.urgent for row in rows],
            ],
        )
        return cursor.rowcount


def unread_count(recipient_id: int) -> int:
    return InboxItem.objects.filter(recipient_id=recipient_id, read_at=None).count()


def mark_read(*, recipient_id: int, item_ids: Iterable[int] | None = None) -> int:
    """Mark the person's own unread notices as read, all or those named. Returns how many were unread."""
    unread = InboxItem.objects.filter(recipient_id=recipient_id, read_at=None)
    if item_ids is not None:
        unread = unread.filter(pk__in=item_ids)
    return unread.update(read_at=timezone.now())
