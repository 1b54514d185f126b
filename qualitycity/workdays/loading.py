"""Taking the published holidays 放假安排 of a data file into the table."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, TypedDict

from .models import DayKind, Holiday


class Span(TypedDict):
    """One holiday: days off from ``first`` to ``last`` and the weekend days worked for it, as ISO dates."""

    name: str
    first: str
    last: str
    make_up: list[str]


class YearRecord(TypedDict):
    """One year as published: the notice's title and number, and its holidays."""

    year: int
    notice: str
    number: str
    holidays: list[Span]


def load_holidays(records: Iterable[YearRecord] | Iterable[Mapping[str, Any]]) -> int:
    """Write every date of ``records``, by date: loading again changes nothing, a mended fact is updated in
    place. Dates that the records do not name are left alone. Returns how many dates are on record through them.

    Raises ``ValueError`` when a holiday ends before it begins, lies outside its year by more than a month, or
    when a date is both a day off and a working day.
    """
    rows: dict[date, Holiday] = {}
    for record in records:
        for row in _rows(record):
            known = rows.get(row.date)
            if known is not None and known.kind != row.kind:
                raise ValueError(f"{row.date} is both a day off and a working day")
            rows[row.date] = row
    Holiday.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["date"], update_fields=["kind", "name", "source"]
    )
    return len(rows)


def enter_days(days: Iterable[tuple[date, str]], *, name: str, source: str) -> list[Holiday]:
    """Further days of one holiday, (date, kind); the caller has seen that none is on record. Returns the rows."""
    return Holiday.objects.bulk_create(Holiday(date=day, kind=kind, name=name, source=source) for day, kind in days)


def _rows(record: Mapping[str, Any]) -> Iterator[Holiday]:
    source = f"{record['notice']}（{record['number']}）"[:200]
    for span in record["holidays"]:
        first, last = date.fromisoformat(span["first"]), date.fromisoformat(span["last"])
        if last < first:
            raise ValueError(f"{span['name']} {record['year']} ends before it begins")
        days_off = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        make_up = [date.fromisoformat(day) for day in span["make_up"]]
        for kind, days in ((DayKind.REST, days_off), (DayKind.WORK, make_up)):
            for day in days:
                if not belongs_to(record["year"], day):
                    raise ValueError(f"{span['name']}: {day} does not belong to {record['year']}")
                yield Holiday(date=day, kind=kind, name=span["name"][:40], source=source)


def belongs_to(year: int, day: date) -> bool:
    """New Year's days off and their make-up day may lie in the neighbouring year, but only just."""
    return date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31)
