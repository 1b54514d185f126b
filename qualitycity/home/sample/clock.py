"""The moved clock under which the story is told. It only runs forward and never beyond the real present."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import TracebackType
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings

from qualitycity.workdays.calendar import Calendar

_MORNING = time(8, 5)


class Clock:
    """`weekly` is called on every Monday morning that passes: what the portal's own clock would have done by then."""

    def __init__(self, calendar: Calendar, *, start: date, weekly: Callable[[], object]) -> None:
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.calendar = calendar
        self.weekly = weekly
        self.until = datetime.now(self.zone)
        self.now = datetime.combine(start, time(8), self.zone)
        self.monday = datetime.combine(start + timedelta(days=7 - start.weekday()), _MORNING, self.zone)

    def __enter__(self) -> "Clock":
        # tick=False: everything within one step happens at one instant, however slow the machine
        self.travel = time_machine.travel(self.now.astimezone(UTC), tick=False)
        self.traveller = self.travel.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.travel.stop()

    @property
    def today(self) -> date:
        return self.now.date()

    def go(self, day: date, at: str = "09:30") -> None:
        """Forward to the first working day from `day` on, at this time."""
        while not self.calendar.is_working_day(day):
            day += timedelta(days=1)
        self._forward(datetime.combine(day, time.fromisoformat(at), self.zone))

    def workday(self, end: date, before: int) -> date:
        """The `before`-th working day before the day after `end`: 1 is the last working day up to `end`."""
        return self.calendar.add_working_days(end + timedelta(days=1), -before)

    def ago(self, days: int, *, not_before: date) -> None:
        """Forward to so many days before the present, or to that day."""
        earliest = datetime.combine(not_before, time(9), self.zone)
        self._forward(max(earliest, self.until - timedelta(days=days)))

    def pause(self, minutes: int = 6) -> None:
        self._forward(self.now + timedelta(minutes=minutes))

    def _forward(self, moment: datetime) -> None:
        target = min(max(moment, self.now), self.until)
        while self.monday <= target:
            self._set(self.monday)
            self.weekly()
            self.monday += timedelta(days=7)
        self._set(target)

    def _set(self, moment: datetime) -> None:
        self.now = max(moment, self.now)
        self.traveller.move_to(self.now.astimezone(UTC))
