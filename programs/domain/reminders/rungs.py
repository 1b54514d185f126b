"""台阶: which rung of a matter has passed, and how a rung is said. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from qualitycity.workdays.calendar import Calendar

from .matters import Matter


class Told(Protocol):
    """What of a reminder is needed to say it; the delivery log and a reminder not yet sent both have it."""

    key: str
    due_on: date
    rung: int
    digest_on: date


class Due(NamedTuple):
    """A rung whose day has come."""

    matter: Matter
    rung: int


def in_plain_days(kind: str) -> bool:
    return kind.startswith("validity")


def since_assignment(kind: str) -> bool:
    return kind.startswith("sign_for")


class Rungs:
    """Fire days of rungs by date; many matters share their dates, so each is counted once."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._days: dict[tuple[date, int], date] = {}

    def day_of(self, matter: Matter, rung: int) -> date:
        if in_plain_days(matter.kind):
            return matter.due_on + timedelta(days=rung)
        known = self._days.get((matter.due_on, rung))
        if known is None:
            known = self._days[matter.due_on, rung] = self._calendar.add_working_days(matter.due_on, rung)
        return known

    def passed(self, matter: Matter, today: date) -> int | None:
        """The latest rung whose day has come; None before the first, and when it passed before the matter was live."""
        for rung in sorted(matter.rungs, reverse=True):
            day = self.day_of(matter, rung)
            if day <= today:
                since = max(matter.live_from, matter.ladder_since or matter.live_from)
                return rung if day >= since else None
        return None

    def due(self, matters: Iterable[Matter], today: date) -> Iterator[Due]:
        for matter in matters:
            rung = self.passed(matter, today)
            if rung is not None:
                yield Due(matter, rung)


def when(item: Told, calendar: Calendar) -> str:
    """2026年3月31日到期，还有3个工作日: the days that are left when it is told, also where the rung is made up for later.
    A document's end is counted in plain days."""
    day = f"{item.due_on.year}年{item.due_on.month}月{item.due_on.day}日"
    if in_plain_days(item.key):
        left = (item.due_on - item.digest_on).days
        return f"{day}届满，还有{left}天" if left >= 0 else f"{day}已届满"
    left = calendar.working_days_between(item.digest_on, item.due_on)
    if since_assignment(item.key):
        return f"{day}交办，已过{-left}个工作日"
    if item.due_on < item.digest_on:
        return f"{day}到期，已逾期{max(1, -left)}个工作日"
    if item.due_on == item.digest_on:
        return f"{day}今天到期"
    return f"{day}到期，还有{left}个工作日" if left else f"{day}到期，之前没有工作日"


def rung_in_words(kind: str, rung: int) -> str:
    """到期前3个工作日, as a line of the preview names it."""
    unit = "天" if in_plain_days(kind) else "个工作日"
    if since_assignment(kind):
        return f"交办后第{rung}{unit}"
    if rung == 0:
        return "到期当日"
    return f"到期后{rung}{unit}" if rung > 0 else f"到期前{-rung}{unit}"
