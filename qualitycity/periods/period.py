"""The value type ``Period``. Pure: no database, no clock, no settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Final, Literal, get_args

Kind = Literal["month", "quarter", "half", "year"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

#: Month and day on which a year begins: (1, 1) is the calendar year 自然年, (7, 1) an assessment year 考核年度
#: from July. Days after the 28th are not in every month and are refused.
YearStart = tuple[int, int]
CALENDAR_YEAR: Final[YearStart] = (1, 1)

_MONTHS: Final[dict[Kind, int]] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_ORDINALS: Final = ("一", "二", "三", "四")
_HALVES: Final = ("上半年", "下半年")
_ONE_DAY: Final = timedelta(days=1)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """One month 月, quarter 季度, half-year 半年 or year 年度; ``start`` and ``end`` both belong to it.

    Raises ``ValueError`` when the dates are not exactly a period of that kind in a year that begins on
    ``year_starts``. Ordered by start; of two that start together the shorter comes first.
    """

    kind: Kind
    start: date
    end: date
    year_starts: YearStart = CALENDAR_YEAR

    def __post_init__(self) -> None:
        if (self.start, self.end) != _bounds(self.kind, self.start, self.year_starts):
            span = f"{self.start}–{self.end}"
            raise ValueError(f"{span} is not a {self.kind} of a year from {self.year_starts}")

    @classmethod
    def containing(cls, kind: Kind, day: date, year_starts: YearStart = CALENDAR_YEAR) -> Period:
        """The period of ``kind`` that ``day`` belongs to."""
        start, end = _bounds(kind, day, year_starts)
        return cls(kind, start, end, year_starts)

    def next(self) -> Period:
        return Period.containing(self.kind, self.end + _ONE_DAY, self.year_starts)

    def previous(self) -> Period:
        return Period.containing(self.kind, self.start - _ONE_DAY, self.year_starts)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return self._rank() < other._rank()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As an official paper prints it: 2026年9月, 2026年第三季度, 2026年上半年, 2026年度,
        2026—2027考核年度第一季度. A month that does not begin on the 1st is printed by its dates.
        """
        if self.kind == "month":
            if self.start.day == 1:
                return f"{self.start.year}年{self.start.month}月"
            return f"{self.start.year}年{self.start.month}月{self.start.day}日—{self.end.month}月{self.end.day}日"
        year_start = _year_start(self.start, self.year_starts)
        months = (self.start.year - year_start.year) * 12 + self.start.month - year_start.month
        calendar_year = self.year_starts == CALENDAR_YEAR
        year = f"{year_start.year}年" if calendar_year else f"{year_start.year}—{year_start.year + 1}考核年度"
        if self.kind == "year":
            return f"{year}度" if calendar_year else year
        if self.kind == "half":
            return year + _HALVES[months // 6]
        return f"{year}第{_ORDINALS[months // 3]}季度"

    def _rank(self) -> tuple[date, date, YearStart]:
        return self.start, self.end, self.year_starts


def periods_between(
    kind: Kind, start: date, end: date, year_starts: YearStart = CALENDAR_YEAR
) -> list[Period]:
    """Every period with at least one day from ``start`` to ``end``, both included; none if ``end`` comes first.

    They follow one another without gap or overlap; the first and the last may reach beyond the two dates.
    """
    found: list[Period] = []
    if end < start:
        return found
    period = Period.containing(kind, start, year_starts)
    while period.start <= end:
        found.append(period)
        period = period.next()
    return found


def _bounds(kind: Kind, day: date, year_starts: YearStart) -> tuple[date, date]:
    if kind not in _MONTHS:
        raise ValueError(f"unknown kind of period: {kind!r}")
    length = _MONTHS[kind]
    year_start = _year_start(day, year_starts)
    months = (day.year - year_start.year) * 12 + day.month - year_start.month
    if day.day < year_start.day:
        months -= 1
    start = _add_months(year_start, months // length * length)
    return start, _add_months(start, length) - _ONE_DAY


def _year_start(day: date, year_starts: YearStart) -> date:
    month, first = year_starts
    if not 1 <= first <= 28:
        raise ValueError(f"a year cannot begin on day {first} of a month")
    start = date(day.year, month, first)
    return start if start <= day else date(day.year - 1, month, first)


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, day.day)
