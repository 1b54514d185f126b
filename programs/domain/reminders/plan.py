"""Who is to be told what: the one calculation that the scan carries out and the preview shows."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from programs.models import Programme, ReminderDelivery

from .addressing import People
from .matters import Ground, Matter
from .rungs import Due

#: Reminders looked up in the delivery log at once.
BATCH = 1000


class Reminder(NamedTuple):
    """One rung of one matter for one person; what the delivery log will hold."""

    matter: Matter
    rung: int
    person: int
    digest_on: date

    @property
    def key(self) -> str:
        matter = self.matter
        return f"{matter.kind}:{matter.ident}:{matter.due_on:%Y%m%d}:{self.rung}:{self.person}"

    @property
    def due_on(self) -> date:
        return self.matter.due_on


def ground(
    day: date, *, programmes: Collection[int] | None = None, jurisdictions: Collection[int] | None = None
) -> Ground:
    """Running programmes with their ladders; one query. With `programmes` those alone and nothing outside programmes,
    with `jurisdictions` only what these offices run."""
    current = Programme.objects.current().select_related("reminder_ladder")
    outside = None if jurisdictions is None else frozenset(jurisdictions)
    if programmes is not None:
        current = current.filter(pk__in=programmes)
        outside = frozenset()
    if jurisdictions is not None:
        current = current.filter(jurisdiction_id__in=jurisdictions)
    return Ground(day, {programme.pk: programme for programme in current}, outside)


def served(day: date) -> set[int]:
    """People who have had the digest of the day; the rest of theirs waits for the next one."""
    told = ReminderDelivery.objects.filter(digest_on=day).order_by()
    return set(told.values_list("recipient_id", flat=True).distinct())


def plan(due: Iterable[Due], day: date, people: People, *, served: Collection[int]) -> Iterator[Reminder]:
    """A reminder for everybody concerned who has not had the digest of the day. No query; order as given."""
    for matter, rung in due:
        for person in people.concerned(matter, rung):
            if person not in served:
                yield Reminder(matter, rung, person, day)


def untold(reminders: Iterable[Reminder], size: int = BATCH) -> Iterator[list[Reminder]]:
    """Those that the delivery log does not hold yet, piece by piece, the first of each key; one query per piece."""
    stream = iter(reminders)
    while batch := list(islice(stream, size)):
        by_key: dict[str, Reminder] = {}
        for reminder in batch:
            by_key.setdefault(reminder.key, reminder)
        known = ReminderDelivery.objects.filter(key__in=list(by_key)).values_list("key", flat=True)
        for key in known:
            del by_key[key]
        yield list(by_key.values())
