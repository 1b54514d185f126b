"""填报负担: how many returns each unit is asked for in a quarter, and the limit above which an office says why.

An ask is one return by one unit: a period of a programme in which it owes lines, a paper that is due, a slip that
wants an answer. Other floors and rooms add theirs through BURDEN_SOURCES; whoever is about to ask for more calls
`check_burden` in his transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from programs.choices import PartState, ProgrammeState
from programs.models import BurdenCap, Programme, ProgressEntry, ReportingWindow, Responsibility
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.periods import Period
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department, Jurisdiction

from .people import follow
from .sources import sources

#: This app's own source, by path like those of other floors.
OWN = "programs.domain.burden.WINDOWS"
#: So many units are named in a sentence.
NAMED = 5


@dataclass(frozen=True)
class Ask:
    """One return by one unit. `key` tells it from others, whoever counts it; it counts in the quarter of `on`: the end
    of the period reported on, the day a paper is due, the day a slip was issued."""

    key: str
    department_id: int
    on: date
    title: str
    detail: str = ""
    url: str = ""

    @property
    def quarter(self) -> Period:
        return Period.containing("quarter", self.on)


class BurdenSource(Protocol):
    """A kind of asks. `path` is that of a territory: what its office and those below it ask."""

    def asked(self, *, path: str, first: date, last: date) -> Iterable[Ask]:
        """Asks that count between the two days; a constant number of queries."""


class WindowAsks:
    """Returns of programmes: a period counts once for each unit with a line to file in it, tasks and indicators alike.

    Parts that are named and not assigned yet count for the periods to come: the programme runs, they will be asked.
    """

    def asked(self, *, path: str, first: date, last: date) -> Iterable[Ask]:
        windows = ReportingWindow.objects.filter(
            programme__jurisdiction__path__startswith=path, ends_on__range=(first, last)
        )
        return self.of(windows)

    def of(self, windows: QuerySet[ReportingWindow]) -> list[Ask]:
        filed = Exists(ProgressEntry.objects.filter(window=OuterRef("pk")))
        # of a programme that has ended those periods were asked for in which something came
        asked = Q(programme__state=ProgrammeState.RUNNING) | Q(filed, programme__state=ProgrammeState.CLOSED)
        wanted = windows.filter(asked).order_by().values("pk")
        owed = [
            source.owed_lines(wanted).order_by().values_list(
                f"{source.reach.department.removeprefix(f'{source.reach.owner}__')}_id",
                *_of_window(source.reach.programme.removeprefix(f"{source.reach.owner}__")),
            )
            for source in sources()
        ]  # fmt: skip
        pending = (
            Responsibility.objects.filing()
            .annotate(in_window=F("task__programme__windows"), window_due=F("task__programme__windows__due_on"))
            .filter(
                in_window__in=wanted, state=PartState.PENDING, department__isnull=False,
                task__programme__state=ProgrammeState.RUNNING, window_due__gte=timezone.localdate(),
            )
            .order_by()
            .values_list("department_id", *_of_window("task__programme"))
        )  # fmt: skip
        return [
            Ask(
                f"window-{pk}", department, ends_on, title, Period(kind, starts_on, ends_on).label,
                reverse("programme", args=[programme]),
            )
            for department, pk, kind, starts_on, ends_on, programme, title in sorted(owed[0].union(*owed[1:], pending))
        ]  # fmt: skip


def _of_window(programme: str) -> tuple[str, ...]:
    """Columns of the window that `owed_lines` has joined as `in_window`: the join is used again, not made anew."""
    window = f"{programme}__windows"
    return (
        "in_window", f"{window}__kind", f"{window}__starts_on", f"{window}__ends_on", f"{programme}_id",
        f"{programme}__short_title",
    )  # fmt: skip


WINDOWS = WindowAsks()


def burden_sources() -> list[BurdenSource]:
    return [import_string(path) for path in (OWN, *settings.BURDEN_SOURCES)]


@dataclass
class UnitBurden:
    """What one unit is asked for in a year, by quarter 1 to 4; `unit` answers today."""

    unit: Department
    quarters: dict[int, list[Ask]]

    @property
    def total(self) -> int:
        return sum(map(len, self.quarters.values()))


def burden(place: Jurisdiction, year: int) -> list[UnitBurden]:
    """Every unit that the office of `place`, or an office below it, asks for something in the year; most asked first."""
    asked = _asked(place, date(year, 1, 1), date(year, 12, 31))
    units = _units(asked)
    found: dict[int, dict[int, list[Ask]]] = defaultdict(lambda: {quarter: [] for quarter in (1, 2, 3, 4)})
    for unit, asks in _by_unit(asked, units).items():
        for ask in asks:
            found[unit][_number(ask.quarter)].append(ask)
    rows = [UnitBurden(units[pk], quarters) for pk, quarters in found.items()]
    return sorted(rows, key=lambda row: (-row.total, row.unit.sort, row.unit.pk))


def _asked(place: Jurisdiction, first: date, last: date) -> list[Ask]:
    return [ask for source in burden_sources() for ask in source.asked(path=place.path, first=first, last=last)]


def _units(asks: Iterable[Ask]) -> dict[int, Department]:
    """The units asked, those that have a successor, and those that took over; one query."""
    wanted = Q(pk__in={ask.department_id for ask in asks}) | Q(successor__isnull=False)
    took_over = Exists(Department.objects.filter(successor=OuterRef("pk")))
    return {unit.pk: unit for unit in Department.objects.filter(wanted | Q(took_over))}


def _by_unit(asks: Iterable[Ask], units: Mapping[int, Department]) -> dict[int, list[Ask]]:
    """By the unit that answers today: lines of several it took over make one return. By day, then title."""
    after = {pk: unit.successor_id for pk, unit in units.items() if unit.successor_id is not None}
    once = {(ask.key, follow(after, ask.department_id)): ask for ask in asks}
    found: dict[int, list[Ask]] = defaultdict(list)
    for (_key, unit), ask in sorted(once.items(), key=lambda item: (item[1].on, item[1].title, item[0])):
        found[unit].append(ask)
    return found


def _number(quarter: Period) -> int:
    return (quarter.start.month + 2) // 3


# --- the limit -------------------------------------------------------------------------------------


def cap_of(place: Jurisdiction) -> BurdenCap | None:
    return BurdenCap.objects.filter(jurisdiction=place).first()


def set_cap(*, actor: ActorContext, jurisdiction: Jurisdiction, per_quarter: int | None) -> BurdenCap:
    """How many returns a unit is asked for in a quarter without a reason; None: counted, nothing is refused."""
    with transaction.atomic():
        # one at a time in a territory, so that the journal tells what stood before
        Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
        cap = cap_of(jurisdiction) or BurdenCap(jurisdiction=jurisdiction, row_version=0)
        decision = can(actor, "set", cap)
        if not decision:
            raise NotAllowed(decision.reason)
        before = cap.per_quarter
        if cap.pk is not None and before == per_quarter:
            return cap
        cap.per_quarter = per_quarter
        cap.updated_by_id, cap.updated_at = actor.person_id, timezone.now()
        cap.row_version += 1
        cap.save()
        record(
            subject=cap, action="set_burden_cap", actor=actor.on_behalf(decision.grant), audience="office",
            before={"per_quarter": before}, after={"per_quarter": per_quarter},
        )  # fmt: skip
    return cap


class AskedTooMuch(IllegalMove):
    """Units would be asked for more than the limit, and no reason is given."""


@dataclass(frozen=True)
class Excess:
    """A unit that would be asked for `count` returns in a quarter, more than the limit."""

    unit: str
    quarter: str
    count: int

    def __str__(self) -> str:
        return _("%(unit)s %(quarter)s %(count)s times") % {
            "unit": self.unit, "quarter": self.quarter, "count": self.count,
        }  # fmt: skip


def check_burden(
    *, actor: ActorContext, subject: Any, jurisdiction: Jurisdiction, asks: Iterable[Ask], reason: str = ""
) -> list[Excess]:
    """Called by an act of the office of `jurisdiction` that asks units for `asks`, inside its transaction, before or
    after they are written.

    Above the limit it is refused, naming units and counts, unless a reason is given; the reason is journalled with
    `subject` and stands on the page of the burden. Returns what is above the limit.
    """
    with transaction.atomic():
        # two acts at once are judged one after the other
        cap = BurdenCap.objects.select_for_update().filter(jurisdiction=jurisdiction).first()
        asks = list(asks)
        if cap is None or cap.per_quarter is None or not asks:
            return []
        found = _excesses(jurisdiction, asks, cap.per_quarter)
        if not found:
            return []
        cap.jurisdiction = jurisdiction
        if not reason.strip():
            raise AskedTooMuch(_refusal(found, cap.per_quarter), subject)
        # on the limit, not on what is asked for: the last entry of that is its own move
        record(
            subject=cap, action="exceed_burden", actor=actor, audience="office", reason=reason.strip(),
            after={
                "for": str(subject),
                "per_quarter": cap.per_quarter,
                "units": [[one.unit, one.quarter, one.count] for one in found],
            },
        )  # fmt: skip
    return found


def _excesses(place: Jurisdiction, asks: list[Ask], most: int) -> list[Excess]:
    quarters = [ask.quarter for ask in asks]
    known = _asked(place, min(one.start for one in quarters), max(one.end for one in quarters))
    units = _units([*known, *asks])
    touched = {(unit, ask.quarter) for unit, found in _by_unit(asks, units).items() for ask in found}
    counts: dict[tuple[int, Period], int] = defaultdict(int)
    for unit, found in _by_unit([*known, *asks], units).items():
        for ask in found:
            counts[unit, ask.quarter] += 1
    above = {key: counts[key] for key in touched if counts[key] > most}
    order = sorted(above, key=lambda key: (units[key[0]].sort, key[0], key[1]))
    return [Excess(units[unit].short_name, quarter.label, above[unit, quarter]) for unit, quarter in order]


def warning(*, jurisdiction: Jurisdiction, asks: Iterable[Ask]) -> str:
    """What `check_burden` would refuse, said beforehand: units and counts; "" where nothing is above the limit."""
    cap, asks = cap_of(jurisdiction), list(asks)
    if cap is None or cap.per_quarter is None or not asks:
        return ""
    found = _excesses(jurisdiction, asks, cap.per_quarter)
    return _sentence(found, cap.per_quarter) if found else ""


def _sentence(found: list[Excess], most: int) -> str:
    named = "；".join(map(str, found[:NAMED]))
    if len(found) > NAMED:
        named = _("%(named)s and %(count)s more") % {"named": named, "count": len(found) - NAMED}
    return _("Units would be asked for more than %(most)s returns in a quarter: %(units)s.") % {
        "most": most, "units": named,
    }  # fmt: skip


def _refusal(found: list[Excess], most: int) -> str:
    return _("%(excess)s Please give the reason, or ask for less.") % {"excess": _sentence(found, most)}


def asks_of(programme: Programme) -> list[Ask]:
    """What a running programme asks of its units, over all its periods."""
    return WINDOWS.of(ReportingWindow.objects.filter(programme=programme))


def asks_to_come(programme: Programme, windows: Iterable[ReportingWindow]) -> list[Ask]:
    """What a programme being prepared will ask once it runs in `windows`, which do not stand yet; one query."""
    named = [source.named_units(programme).order_by() for source in sources()]
    units = list(named[0].union(*named[1:]))
    today = timezone.localdate()
    return [
        Ask(f"window-from-{window.starts_on}", unit, window.ends_on, programme.short_title, window.label)
        for window in windows
        for unit, at_once in units
        if at_once or window.due_on >= today
    ]
