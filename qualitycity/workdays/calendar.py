"""The working-day calendar as a value: pure arithmetic over one query's worth of dates."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from django.utils.translation import gettext, ngettext

from .models import DayKind, Holiday

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
#: Thirteen days a year are statutory holidays. With fewer dates than this on record, the year's notice is not
#: in (one local day off does not make a calendar).
FEWEST_DATES: Final = 8


@dataclass(frozen=True)
class Calendar:
    """Dates that differ from the weekend rule: ``True`` is a make-up working day 调休上班, ``False`` a day off.

    A year without published dates follows Monday to Friday; ``warnings`` says so in words.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        return self.overrides.get(day, day.weekday() < _SATURDAY)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it when negative). ``day`` itself is not counted
        and may be any day; with 0 it is returned as it is.
        """
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` is the earlier.

        So the days left until a due date are ``working_days_between(today, due)``.
        """
        if last < first:
            return -self.working_days_between(last, first)
        return self._up_to(last) - self._up_to(first)

    def has_data(self, year: int) -> bool:
        """Whether the holidays of ``year`` are on record."""
        return self._dates_per_year[year] >= FEWEST_DATES

    def warnings(self, years: Iterable[int]) -> list[str]:
        """One sentence for each of ``years`` whose holidays are not on record."""
        return [
            gettext(
                "The holidays of %(year)s are not on record yet: its working days are counted as Monday to Friday."
            )
            % {"year": year}
            for year in sorted(set(years))
            if not self.has_data(year)
        ]

    def _up_to(self, day: date) -> int:
        """Working days from the beginning of the calendar to ``day``, both included, in logarithmic time:
        a page of 10,000 tasks asks this twice for each.
        """
        weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 is a Monday
        return weeks * 5 + min(rest, 5) + bisect_right(self._gained, day) - bisect_right(self._lost, day)

    @cached_property
    def _gained(self) -> list[date]:
        return sorted(day for day, works in self.overrides.items() if works and day.weekday() >= _SATURDAY)

    @cached_property
    def _lost(self) -> list[date]:
        return sorted(day for day, works in self.overrides.items() if not works and day.weekday() < _SATURDAY)

    @cached_property
    def _dates_per_year(self) -> Counter[int]:
        return Counter(day.year for day in self.overrides)


def load_calendar() -> Calendar:
    """The calendar on record now. One query; load it once per request or job and pass it on."""
    return Calendar({day: kind == DayKind.WORK for day, kind in Holiday.objects.values_list("date", "kind")})


def format_days_left(today: date, due: date, calendar: Calendar) -> str:
    """How far a due date is away, in working days and in words: 还有 3 个工作日, 今天到期, 逾期 6 个工作日.

    When only days off lie between, the sentence says that instead of "0".
    """
    if due == today:
        return gettext("Due today")
    days = calendar.working_days_between(today, due)
    if days > 0:
        return ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}
    if days < 0:
        return ngettext("%(days)d working day overdue", "%(days)d working days overdue", -days) % {
            "days": -days
        }
    if due > today:
        return gettext("Due before the next working day")
    return gettext("Overdue since the last working day")
