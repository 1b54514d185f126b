"""Keeping the standings (现状): what changed is worked out anew before it is read, everything once a day.

Triggers note the tasks that a change may concern (`StandingChange`), in the transaction of the change. A reader who
finds notes, or yesterday's standings, works them out under a lock of their own and clears exactly the notes he saw: a
change committed meanwhile leaves a note that the next reader finds. Nobody ever reads a standing older than the facts.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from django.core.cache import caches
from django.db import connection, transaction
from django.utils import timezone

from programs.models import PartStanding, Task, TaskStanding
from programs.queries.board import BoardRow, board
from programs.queries.concerns import concerns
from programs.queries.kept import BoardDay
from qualitycity.workdays.calendar import Calendar, load_calendar

#: Tasks worked out in one transaction: short enough for others to wait for.
CHUNK: Final = 500
LOCK: Final = 7_314_001
SENTENCE: Final = 600
REASON: Final = 300


def board_day() -> BoardDay:
    """Today and the calendar, with all standings as of today: every page that shows lights begins here.

    One query when nothing has changed since the last reader, nine more for whoever reads first after a change.
    """
    today = timezone.localdate()
    state = _look(today)
    if state.stale:
        calendar = load_calendar()
        return BoardDay(today, calendar, _refresh(today, calendar, state))
    return BoardDay(today, _calendar(state.version), state.version)


def _calendar(version: int) -> Calendar:
    """The holiday table is watched like everything else: it is read anew with every version."""
    calendar = caches["boards"].get(f"calendar:{version}") if version else None
    if calendar is None:
        calendar = load_calendar()
        caches["boards"].set(f"calendar:{version}", calendar, None)
    return calendar


def refresh(*, today: date, calendar: Calendar) -> None:
    """The same for callers that know the day."""
    state = _look(today)
    if state.stale:
        _refresh(today, calendar, state)


class _State(NamedTuple):
    """Is there a note, is there a standing of another day, and the version of the standings (0: none yet)."""

    noted: bool
    outdated: bool
    version: int

    @property
    def stale(self) -> bool:
        return self.noted or self.outdated


def _look(today: date) -> _State:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM programs_standingchange),"
            " (SELECT min(as_of) FROM programs_taskstanding), (SELECT max(as_of) FROM programs_taskstanding),"
            " (SELECT number FROM programs_standingversion WHERE id = 1)"
        )
        noted, first, last, version = cursor.fetchone()
    return _State(noted, first is not None and (first != today or last != today), version or 0)


def _refresh(today: date, calendar: Calendar, state: _State) -> int:
    """Works out what is stale, piece by piece; returns the version that holds then."""
    version = state.version
    while True:
        with transaction.atomic():
            _lock()
            wanted = _take_notes()
            if state.outdated:
                wanted |= _outdated(today)
            if wanted:
                _work_out(wanted, today, calendar)
                version = _new_version()
        if len(wanted) < CHUNK:
            # somebody else may have done it while this one waited for the lock
            return version if version != state.version else _look(today).version


def _new_version() -> int:
    # the moment, not a counter: an emptied table must not bring back a number that was used before
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programs_standingversion (id, number)"
            " VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
            " ON CONFLICT (id) DO UPDATE SET number = excluded.number RETURNING number"
        )
        return cursor.fetchone()[0]


def _take_notes() -> set[int]:
    """Tasks noted since, at most `CHUNK`; their notes are cleared, all of a task at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM programs_standingchange WHERE task_id IN"
            " (SELECT DISTINCT task_id FROM programs_standingchange LIMIT %s) RETURNING task_id",
            [CHUNK],
        )
        return {row[0] for row in cursor.fetchall()}


def _outdated(today: date) -> set[int]:
    """Tasks whose standing is of another day, at most `CHUNK`."""
    return set(TaskStanding.objects.exclude(as_of=today).values_list("pk", flat=True)[:CHUNK])


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _work_out(task_ids: Iterable[int], today: date, calendar: Calendar) -> None:
    tasks = Task.objects.filter(pk__in=list(task_ids)).order_by("pk")
    rows = board(tasks, actor=None, today=today, calendar=calendar)
    result = ("as_of", "light", "early", "sentence", "turns_on", "concerns")
    TaskStanding.objects.bulk_create(
        [_of_task(row, today) for row in rows],
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=[*result, "unit", "percent", "outlook", "outlook_reason"],
    )
    PartStanding.objects.bulk_create(
        [standing for row in rows for standing in _of_parts(row, today)],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=result,
    )


def _of_task(row: BoardRow, today: date) -> TaskStanding:
    light = row.light
    return TaskStanding(
        task_id=row.task.pk,
        as_of=today,
        light=light.code,
        early=light.early,
        sentence=light.sentence[:SENTENCE],
        unit=light.unit,
        turns_on=light.inputs.get("window_due") or light.inputs.get("due_on"),
        concerns=sorted(concerns(row, None, today)),
        percent=row.percent,
        outlook=row.outlook.code if row.outlook else "",
        outlook_reason=row.outlook.sentence[:REASON] if row.outlook else "",
    )


def _of_parts(row: BoardRow, today: date) -> Iterable[PartStanding]:
    """Only parts whose light counts; one that was waived since keeps its last line, which nobody reads."""
    for part in row.filing:
        light = row.light_of(part.department_id)
        yield PartStanding(
            part_id=part.pk,
            as_of=today,
            light=light.code,
            early=light.early,
            sentence=light.sentence[:SENTENCE],
            turns_on=light.inputs.get("window_due") or light.inputs.get("due_on"),
            concerns=sorted(concerns(row, part.department_id, today)),
        )
