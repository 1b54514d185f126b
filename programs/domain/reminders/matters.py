"""What is reminded of, and the sources of it: any floor registers its own under `REMINDER_SOURCES`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from programs.domain.rules import REMINDER_LADDER
from programs.models import Programme

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """Something with a date. `units` owe it, in `named_units` the `persons` named for it; with none of them the office
    of the jurisdiction holds it. `heads_only`: it is the turn of the heads alone. `office`: the office is told of every
    rung, beside the units.

    `kind` and `ident` name it in the delivery log for ever. Kinds that begin with "sign_for" count from the day of
    assignment, those that begin with "validity" in plain days; all others in working days around `due_on`. `rungs` are
    days before (negative) and after the date; rungs that passed before `live_from` are not made up, nor those that
    passed before the programme's ladder was changed (`ladder_since`). After the date the heads are told from rung
    `heads_from` on, the office from `office_from` on.
    """

    kind: str
    ident: int
    jurisdiction: int
    subject: str
    url: str
    due_on: date
    live_from: date
    rungs: tuple[int, ...]
    office_from: int = REMINDER_LADDER["office_from"]
    heads_from: int = 1
    programme: int | None = None
    ladder_since: date | None = None
    units: frozenset[int] = NOBODY
    heads_only: frozenset[int] = NOBODY
    named_units: frozenset[int] = NOBODY
    persons: frozenset[int] = NOBODY
    office: bool = False

    @property
    def held_by_office(self) -> bool:
        return self.office or not (self.units or self.heads_only or self.persons)


@dataclass(frozen=True)
class Ground:
    """Where a scan looks: running programmes by key with their ladders, and the jurisdictions whose matters outside
    programmes count (None: all of them). `day` is the day for which it is asked what is due to be told."""

    day: date
    programmes: Mapping[int, Programme]
    jurisdictions: frozenset[int] | None = None

    def covers(self, jurisdiction: int) -> bool:
        """Whether a matter outside any programme counts here."""
        return self.jurisdictions is None or jurisdiction in self.jurisdictions


#: Yields the matters of a ground in a constant number of queries, as a stream: nothing is held for all rows at once.
MatterSource = Callable[[Ground], Iterable[Matter]]


@cache
def _sources(paths: tuple[str, ...]) -> tuple[MatterSource, ...]:
    return tuple(import_string(path) for path in paths)


def matters(ground: Ground) -> Iterator[Matter]:
    """Everything dated on the ground, source by source."""
    for source in _sources(tuple(settings.REMINDER_SOURCES)):
        yield from source(ground)


def ladder_of(programme: Programme | None) -> Mapping[str, Any]:
    """The ladder sealed for the programme; outside programmes and before they start the default one."""
    sealed = programme.reminder_ladder if programme else None
    return REMINDER_LADDER | sealed.content if sealed else REMINDER_LADDER
