"""应报材料: on which days a paper falls due, and of which period it speaks. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, cast

from programs.choices import Recurrence
from qualitycity.periods import Period

#: A paper appears at the unit this many days before it is due; the next one always, however far away.
AHEAD: Final = timedelta(days=100)


@dataclass(frozen=True)
class DueDate:
    """One date of a paper; `label` is empty for a paper that is due once."""

    due_on: date
    label: str


def due_dates(
    *, recurrence: str, first_due: date, about_previous: bool, since: date, until: date | None = None
) -> Iterator[DueDate]:
    """Dates from `since` on, in order, without end for a recurring paper unless `until` is given (that day included)."""
    step = Recurrence(recurrence).months
    for count in range(1 if not step else 12 * 200):
        day = _later(first_due, count * step)
        if until is not None and day > until:
            return
        if day >= since:
            yield DueDate(day, _label(recurrence, day, about_previous))


def dates_to_lay_out(
    *,
    recurrence: str,
    first_due: date,
    about_previous: bool,
    ended_on: date | None,
    today: date,
    ahead: timedelta = AHEAD,
) -> list[DueDate]:
    """What must stand in the units' lists today: everything within `ahead`, and in any case the next date."""
    found: list[DueDate] = []
    for due in due_dates(
        recurrence=recurrence, first_due=first_due, about_previous=about_previous, since=today, until=ended_on
    ):
        if found and due.due_on > today + ahead:
            break
        found.append(due)
    return found


def _later(day: date, months: int) -> date:
    """The same day of a later month, its last day where it is shorter; the last day of a month stays the last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = monthrange(year, month)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if at_end else min(day.day, last))


def _label(recurrence: str, day: date, about_previous: bool) -> str:
    if recurrence == Recurrence.ONCE:
        return ""
    period = Period.containing(cast(Any, recurrence), day)
    return (period.previous() if about_previous else period).label
