"""明日提醒预览: what the next scan of a day will tell, worked out by the scan's own calculation."""

from collections.abc import Collection
from datetime import date, timedelta

from qualitycity.workdays.calendar import Calendar

from .addressing import people_on
from .matters import matters
from .plan import Reminder, ground, plan, served, untold
from .rungs import Rungs

#: Reminders looked up in the delivery log at once: a page asks once, whatever a city has.
AT_ONCE = 50_000


def preview(day: date, *, today: date, calendar: Calendar, jurisdictions: Collection[int]) -> list[Reminder]:
    """Everything the scan of `day` will tell about matters of these offices if nothing changes until then, in the order
    of the digests.

    The days from today on are gone through one after the other, because what is told on one is not told on the next;
    who has had today's digest waits for tomorrow's.
    """
    days = [today + timedelta(days=offset) for offset in range((day - today).days + 1)]
    rungs, had = Rungs(calendar), served(today)
    found = list(matters(ground(day, jurisdictions=jurisdictions)))
    planned: list[Reminder] = []
    for each, people in zip(days, people_on(days), strict=True):
        planned += plan(rungs.due(found, each), each, people, served=had if each == today else frozenset())
    told: dict[str, Reminder] = {}
    for batch in untold(planned, AT_ONCE):
        for reminder in batch:
            told.setdefault(reminder.key, reminder)
    of_day = [reminder for reminder in told.values() if reminder.digest_on == day]
    return sorted(of_day, key=lambda reminder: (reminder.person, reminder.due_on))
