"""谁还没报: units whose lines of an open window have not reached the office, over every programme one oversees."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from programs.access.ground import OVERSIGHT, in_territory, offices
from programs.choices import EntryState, ProgrammeState
from programs.models import ReportingWindow
from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import Calendar, format_days_left
from taskforce.models import Contact, Department


@dataclass(frozen=True)
class Filters:
    """Narrowing from the address; None stands for all. `holder`: liaison, head or office; `late`: past due alone."""

    programme: int | None = None
    window: int | None = None
    unit: int | None = None
    holder: str = ""
    late: bool = False


@dataclass
class Missing:
    """One unit in one window: lines owed, and those that are still missing by where they lie.

    `unit` answers today (a successor stands for the units it took over); `days` are working days, negative when late.
    """

    window: ReportingWindow
    unit: Department
    departments: set[int] = field(default_factory=set)
    owed: int = 0
    untouched: int = 0
    draft: int = 0
    returned: int = 0
    submitted: int = 0
    countersign: int = 0
    last_filed: datetime | None = None
    days: int = 0
    when: str = ""
    enters: bool = False

    @property
    def with_liaison(self) -> int:
        return self.untouched + self.draft + self.returned

    @property
    def missing(self) -> int:
        return self.with_liaison + self.submitted + self.countersign

    @property
    def late(self) -> bool:
        return self.days < 0

    def held_by(self, holder: str) -> int:
        """Lines that lie with the liaison, the head of the unit, or the office (to be countersigned)."""
        return {"liaison": self.with_liaison, "head": self.submitted, "office": self.countersign}[holder]

    @property
    def contact(self) -> str:
        return self.unit.contact_name or ""  # type: ignore[attr-defined]

    @property
    def phones(self) -> list[str]:
        """Numbers to call, the contact's own first."""
        unit: Any = self.unit
        return list(dict.fromkeys(filter(None, (unit.contact_phone, unit.contact_mobile, unit.phone))))


def overseen_windows(actor: ActorContext, today: date) -> QuerySet[ReportingWindow]:
    """Windows of running programmes in the person's territory that have opened and are not locked, by due date."""
    return (
        ReportingWindow.objects.filter(
            in_territory(actor, "programme__", *OVERSIGHT),
            programme__state=ProgrammeState.RUNNING,
            opens_on__lte=today,
            locked_at__isnull=True,
        )
        .select_related("programme__jurisdiction")
        .order_by("due_on", "programme_id", "pk")
    )


def missing_lines(
    sources: Iterable[Any], windows: Sequence[ReportingWindow], *, actor: ActorContext
) -> list[Missing]:
    """Units that still owe lines in the windows: by window, then those with nothing at all first. Four queries.

    `submitted` counts every line that waits for a signature; who is to sign it, see `hand_to_office`.
    """
    by_id = {window.pk: window for window in windows}
    if not by_id:
        return []
    sources = list(sources)
    lines = [source.owed(list(by_id)) for source in sources]
    counts: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for department, state, window, count in lines[0].union(*lines[1:], all=True):
        counts[window, department][state] += count
    present = _present(department for _window, department in counts)
    units = {unit.pk: unit for unit in _units(set(present.values()))}
    filed = _last_filed(sources, present)
    runs, rows = set(offices(actor)), {}
    for (window_id, department), states in counts.items():
        window, unit = by_id[window_id], units[present[department]]
        row = rows.setdefault((window_id, unit.pk), Missing(window, unit))
        row.departments.add(department)
        row.owed += states.total()
        row.untouched += states[""]
        row.draft += states[EntryState.DRAFT]
        row.returned += states[EntryState.RETURNED]
        row.submitted += states[EntryState.SUBMITTED]
        row.last_filed = filed.get(unit.pk)
        row.enters = window.programme.jurisdiction_id in runs
    return sorted(
        (row for row in rows.values() if row.missing),
        key=lambda row: (
            row.window.due_on, row.window.programme_id, row.window.pk, row.missing < row.owed, -row.missing,
            row.unit.sort, row.unit.pk,
        ),
    )  # fmt: skip


def silent_counts(sources: Iterable[Any], windows: QuerySet[ReportingWindow]) -> tuple[int, int]:
    """Units that have not reported in the windows, and lines that are missing; one query."""
    parts = [source.owed(windows.order_by().values("pk")) for source in sources]
    missing = [
        (department, count)
        for department, state, _window, count in parts[0].union(*parts[1:], all=True)
        if state in ("", *EntryState.with_unit())
    ]
    return len({department for department, _count in missing}), sum(count for _department, count in missing)


def hand_to_office(rows: Iterable[Missing], single: Collection[int]) -> None:
    """Lines of units without a second account wait for the office's countersignature, not for a head."""
    for row in rows:
        if row.departments <= set(single):
            row.countersign, row.submitted = row.countersign + row.submitted, 0


def chosen(rows: Iterable[Missing], filters: Filters) -> list[Missing]:
    return [
        row
        for row in rows
        if filters.programme in (None, row.window.programme_id)
        and filters.window in (None, row.window.pk)
        and filters.unit in (None, row.unit.pk)
        and (not filters.holder or row.held_by(filters.holder))
        and (not filters.late or row.late)
    ]


def date_rows(rows: Iterable[Missing], *, today: date, calendar: Calendar) -> None:
    """Says of every row how far its due date is away; late also where only days off lie between."""
    for row in rows:
        due = row.window.due_on
        days = calendar.working_days_between(today, due)
        row.days = min(days, -1) if due < today else days
        row.when = format_days_left(today, due, calendar)


def _present(departments: Iterable[int]) -> dict[int, int]:
    """Unit → the one that answers today, following successors; one query."""
    after = dict(Department.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    result = {}
    for pk in departments:
        unit, seen = pk, {pk}
        while unit in after and after[unit] not in seen:
            unit = after[unit]
            seen.add(unit)
        result[pk] = unit
    return result


def _units(wanted: Collection[int]) -> list[Department]:
    """Units with name and telephones of the first entry in the contact book."""
    first = Contact.objects.filter(department=OuterRef("pk")).order_by("sort", "pk")
    return list(
        Department.objects.filter(pk__in=wanted).annotate(
            contact_name=Subquery(first.values("name")[:1]),
            contact_phone=Subquery(first.values("phone")[:1]),
            contact_mobile=Subquery(first.values("mobile")[:1]),
        )
    )


def _last_filed(sources: Iterable[Any], present: dict[int, int]) -> dict[int, datetime]:
    """Unit → when it last handed anything in, of whatever programme; one query."""
    parts = []
    for source in sources:
        department = f"{source.reach.department}_id"
        rows = apps.get_model(source.machine.model).objects.filter(
            Q(**{f"{department}__in": list(present)}), filed_at__isnull=False
        )
        parts.append(rows.order_by().values(l_unit=F(department)).annotate(l_at=Max("filed_at")))
    result: dict[int, datetime] = {}
    for row in parts[0].union(*parts[1:], all=True):
        unit = present[row["l_unit"]]
        result[unit] = max(row["l_at"], result.get(unit, row["l_at"]))
    return result
