"""Open reporting windows and how every unit's lines stand in them; two queries for all windows and sources."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.access.ground import UNIT, offices
from programs.choices import EntryState, ProgrammeState
from programs.domain.people import nobody_signs
from programs.domain.sources import sources
from programs.models import ReportingWindow, Responsibility
from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import Calendar, format_days_left
from taskforce.models import Contact, Department, Membership

#: So many periods of a silent unit are named.
NAMED = 2


class Standing(NamedTuple):
    """Lines of one unit in one window that stand alike; `state` is "" where nothing was typed yet."""

    department_id: int
    state: str
    window_id: int
    count: int


def open_windows(actor: ActorContext, *, today: date) -> list[ReportingWindow]:
    """Windows that have opened and are not locked: those his office runs and those his units file in, oldest first."""
    mine = Responsibility.objects.filter(department_id__in=actor.departments(*UNIT)).values(
        "task__programme_id"
    )
    return list(
        ReportingWindow.objects.visible_to(actor)
        .filter(
            Q(programme__jurisdiction_id__in=offices(actor)) | Q(programme_id__in=mine),
            programme__state=ProgrammeState.RUNNING,
            opens_on__lte=today,
            locked_at__isnull=True,
        )
        .select_related("programme")
        .order_by("due_on", "pk")
    )


def standings(windows: Sequence[ReportingWindow], actor: ActorContext) -> list[Standing]:
    """How the lines stand: of all units where his office runs the programme, otherwise of his own units."""
    runs, mine = set(offices(actor)), actor.departments(*UNIT)
    of_office = [window.pk for window in windows if window.programme.jurisdiction_id in runs]
    of_unit = [window.pk for window in windows if window.programme.jurisdiction_id not in runs]
    asked = [source.owed(of_office) for source in sources() if of_office]
    asked += [source.owed(of_unit, mine) for source in sources() if of_unit]
    if not asked:
        return []
    return [Standing(*row) for row in asked[0].union(*asked[1:], all=True)]


@dataclass
class OpenSheet:
    """One unit's sheet in one open window. `with_head` lines wait for a signature: the head's, or the office's where the
    unit has nobody to sign (`countersigned`)."""

    window: ReportingWindow
    unit_id: int
    unit: str
    days: int
    when: str
    owed: int = 0
    untouched: int = 0
    draft: int = 0
    returned: int = 0
    with_head: int = 0
    countersigned: bool = False

    @property
    def open(self) -> int:
        """Lines that wait for the liaison."""
        return self.untouched + self.draft + self.returned

    @property
    def filed(self) -> int:
        return self.owed - self.open

    @property
    def late(self) -> bool:
        return self.days < 0


def unit_of(actor: ActorContext, *roles: str) -> dict[int, tuple[int, str]]:
    """Department → (unit, name) on whose sheet its lines stand: the unit in which the role is held."""
    result: dict[int, tuple[int, str]] = {}
    # the widest grant last: where a person is in both, the successor's sheet shows the predecessor's lines
    for grant in sorted(actor.holding(*roles), key=lambda grant: len(grant.departments)):
        for department in grant.departments:
            result[department] = (grant.unit_id or department, grant.unit)
    return result


def open_sheets(
    windows: Iterable[ReportingWindow],
    counted: Iterable[Standing],
    actor: ActorContext,
    *,
    roles: Collection[str],
    today: date,
    calendar: Calendar,
) -> list[OpenSheet]:
    """His units' sheets that still have lines to file or to sign, the most urgent first; one query at most."""
    units = unit_of(actor, *roles)
    by_id = {window.pk: window for window in windows}
    sheets: dict[tuple[int, int], OpenSheet] = {}
    for row in counted:
        if row.department_id not in units:
            continue
        pk, name = units[row.department_id]
        if (row.window_id, pk) not in sheets:
            window = by_id[row.window_id]
            sheets[row.window_id, pk] = OpenSheet(
                window,
                pk,
                name,
                days_to(window.due_on, today, calendar),
                format_days_left(today, window.due_on, calendar),
            )
        sheet = sheets[row.window_id, pk]
        sheet.owed += row.count
        sheet.untouched += row.count * (row.state == "")
        sheet.draft += row.count * (row.state == EntryState.DRAFT)
        sheet.returned += row.count * (row.state == EntryState.RETURNED)
        sheet.with_head += row.count * (row.state == EntryState.SUBMITTED)
    waiting = [sheet for sheet in sheets.values() if sheet.open or sheet.with_head]
    _mark_countersigned([sheet for sheet in waiting if sheet.with_head], units, today)
    return sorted(
        waiting, key=lambda sheet: (sheet.window.due_on, -sheet.returned, -sheet.open, sheet.unit_id)
    )


def _mark_countersigned(submitted: Collection[OpenSheet], units: dict[int, tuple[int, str]], today: date) -> None:
    """One query over the accounts of the person's units, none without a submitted line."""
    if not submitted:
        return
    people: dict[int, set[tuple[int, str]]] = defaultdict(set)
    rows = Membership.objects.current(today).filter(department_id__in=units, role__in=UNIT, user__is_active=True)
    for department, user, role in rows.values_list("department_id", "user_id", "role"):
        people[units[department][0]].add((user, role))
    for sheet in submitted:
        sheet.countersigned = nobody_signs(people[sheet.unit_id])


def days_to(due: date, today: date, calendar: Calendar) -> int:
    """Working days left; negative when late, also where only days off lie between."""
    days = calendar.working_days_between(today, due)
    return min(days, -1) if due < today else days


@dataclass
class Silent:
    """A unit that owes lines which have not reached the office."""

    department: Department
    untouched: int = 0
    draft: int = 0
    returned: int = 0
    with_head: int = 0
    #: The periods in words, the first ones by name.
    places: str = ""
    when: str = ""
    days: int = 0

    @property
    def missing(self) -> int:
        return self.untouched + self.draft + self.returned + self.with_head


def silent_units(
    windows: Sequence[ReportingWindow],
    counted: Iterable[Standing],
    actor: ActorContext,
    *,
    today: date,
    calendar: Calendar,
) -> list[Silent]:
    """Who has not reported in the programmes of the person's office, latest and longest lists first; one query.

    Departments carry `contact_name`, `contact_phone` and `contact_mobile` of the first entry in the contact book.
    """
    runs = set(offices(actor))
    by_id = {window.pk: window for window in windows if window.programme.jurisdiction_id in runs}
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    where: dict[int, set[int]] = defaultdict(set)
    for row in counted:
        if row.window_id in by_id and row.state in ("", *EntryState.with_unit()):
            found[row.department_id][row.state] += row.count
            where[row.department_id].add(row.window_id)
    first = Contact.objects.filter(department=OuterRef("pk")).order_by("sort", "pk")
    units = Department.objects.filter(pk__in=found).annotate(
        contact_name=Subquery(first.values("name")[:1]),
        contact_phone=Subquery(first.values("phone")[:1]),
        contact_mobile=Subquery(first.values("mobile")[:1]),
    )
    result = []
    for unit in units:
        counts, places = found[unit.pk], [window for window in windows if window.pk in where[unit.pk]]
        result.append(
            Silent(
                unit,
                untouched=counts[""],
                draft=counts[EntryState.DRAFT],
                returned=counts[EntryState.RETURNED],
                with_head=counts[EntryState.SUBMITTED],
                places=_named(places),
                when=format_days_left(today, places[0].due_on, calendar),
                days=days_to(places[0].due_on, today, calendar),
            )
        )
    return sorted(result, key=lambda row: (row.days, -row.missing, row.department.sort, row.department.pk))


def _named(windows: Sequence[ReportingWindow]) -> str:
    """质量提升2026 2026年第三季度, … and how many more."""
    words = _(", ").join(f"{window.programme.short_title} {window.label}" for window in windows[:NAMED])
    more = len(windows) - NAMED
    if more <= 0:
        return words
    return ngettext("%(first)s and %(count)s more", "%(first)s and %(count)s more", more) % {
        "first": words,
        "count": more,
    }


def to_review(windows: Iterable[ReportingWindow], counted: Iterable[Standing], actor: ActorContext) -> int:
    """Lines that wait for the person's office."""
    runs = set(offices(actor))
    mine = {window.pk for window in windows if window.programme.jurisdiction_id in runs}
    return sum(row.count for row in counted if row.window_id in mine and row.state == EntryState.SIGNED)
