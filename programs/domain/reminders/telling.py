"""The scan: carries the plan out. Safe to run at any time, by several at once, and to be killed anywhere.

What is due is first spooled into a temporary table, piece by piece; then people are told, some hundred to a
transaction: log, digest and word outside commit together. So memory does not grow with the number of matters, and
whoever was told before a worker died is not told again, because the log knows him.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from programs.models import ReminderDelivery
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workdays.calendar import Calendar, load_calendar

from .addressing import people_on
from .announcing import announce
from .matters import matters
from .plan import Reminder, ground, plan, served, untold
from .rungs import Rungs, when

#: Key of the advisory lock under which people are told: nobody gets two digests, whoever scans at the same time.
SCAN_LOCK = 7_203_411
#: Reminders written in one transaction, unless one person alone has more.
WRITE = 2000
#: Lines of a digest; what is beyond is counted, and stands in the portal.
LINES = 50


def scan(*, programmes: Sequence[int] | None = None) -> int:
    """Tells everybody what has become due to be told; returns the number of reminders."""
    today = timezone.localdate()
    calendar, (people,) = load_calendar(), people_on([today])
    due = Rungs(calendar).due(matters(ground(today, programmes=programmes)), today)
    _open_spool()
    for batch in untold(plan(due, today, people, served=served(today))):
        _spool(batch)
    told = sum(_tell(some, today, calendar) for some in _people_waiting())
    _close_spool()
    return told


def _open_spool() -> None:
    _close_spool()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE reminders_due (place bigserial, key text, person bigint, subject text, url text,"
            " due_on date, rung integer)"
        )


def _close_spool() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.reminders_due")


def _spool(reminders: Sequence[Reminder]) -> None:
    if not reminders:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reminders_due (key, person, subject, url, due_on, rung)"
            " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::date[], %s::integer[])",
            [
                [reminder.key for reminder in reminders],
                [reminder.person for reminder in reminders],
                [reminder.matter.subject[:200] for reminder in reminders],
                [reminder.matter.url for reminder in reminders],
                [reminder.due_on for reminder in reminders],
                [reminder.rung for reminder in reminders],
            ],
        )


def _people_waiting() -> Iterator[list[int]]:
    """Accounts in the spool, so many at a time that their reminders make one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON reminders_due (person)")
        cursor.execute("SELECT person, count(*) FROM reminders_due GROUP BY person ORDER BY person")
        waiting = cursor.fetchall()
    some: list[int] = []
    rows = 0
    for person, count in waiting:
        if some and rows + count > WRITE:
            yield some
            some, rows = [], 0
        some.append(person)
        rows += count
    if some:
        yield some


def _tell(people: Sequence[int], today: date, calendar: Calendar) -> int:
    """Log, digests and words outside for these people, together or not at all. Somebody who has had today's digest
    meanwhile gets the rest tomorrow."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCAN_LOCK])
            cursor.execute(
                "INSERT INTO programs_reminderdelivery (key, recipient_id, subject, url, due_on, rung, digest_on)"
                " SELECT key, person, subject, url, due_on, rung, %s FROM reminders_due"
                " WHERE person = ANY(%s) AND NOT EXISTS (SELECT 1 FROM programs_reminderdelivery told"
                " WHERE told.recipient_id = person AND told.digest_on = %s)"
                " ORDER BY due_on, place ON CONFLICT (key) DO NOTHING RETURNING recipient_id",
                [today, list(people), today],
            )
            counts = Counter(person for (person,) in cursor.fetchall())
        if counts:
            found = _lines(counts, today)
            post_many(_digest(lines, counts[lines[0].recipient_id], calendar) for lines in found)
            announce(counts, today)
    return counts.total()


def _lines(people: Iterable[int], today: date) -> Iterator[list[Any]]:
    """The first rows of each person's digest, with `latest`, the highest rung of all of them; one query."""
    mine: dict[str, Any] = {"partition_by": [F("recipient_id")]}
    rows = (
        ReminderDelivery.objects.filter(digest_on=today, recipient_id__in=list(people))
        .annotate(
            place=Window(RowNumber(), order_by=["due_on", "pk"], **mine),
            latest=Window(Max("rung"), **mine),
        )
        .filter(place__lte=LINES)
        .order_by("recipient_id", "place")
    )
    lines: list[Any] = []
    for row in rows:
        if lines and lines[0].recipient_id != row.recipient_id:
            yield lines
            lines = []
        lines.append(row)
    if lines:
        yield lines


def _digest(lines: Sequence[Any], count: int, calendar: Calendar) -> Notice:
    first = lines[0]
    said = [f"{line.subject}，{when(line, calendar)}" for line in lines]
    if count > len(lines):
        said.append(f"另有{count - len(lines)}项，请在门户首页查看")
    return Notice(
        first.recipient_id,
        "digest",
        f"digest:{first.digest_on:%Y%m%d}",
        f"您有{count}项到期提醒",
        "\n".join(said),
        reverse("start") if count > 1 else first.url,
        first.latest > 0,
    )
