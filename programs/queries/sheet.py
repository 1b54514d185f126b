"""Who stands behind a unit's sheet, and the windows in which units file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from programs.choices import ProgrammeState
from programs.models import ReportingWindow
from qualitycity.access import ActorContext
from taskforce.choices import Role
from taskforce.models import Department, Membership


@dataclass(frozen=True)
class Unit:
    """A unit as it files: `covers` are its own lines and those of the units it succeeded (机构改革).

    `heads` are accounts by primary key, with names.
    """

    department: Department
    covers: frozenset[int]
    heads: dict[int, str]


def unit_of(department_id: int, *, day: date) -> Unit | None:
    """The unit with whoever signs for it today; two queries."""
    chain = {
        row.pk: row for row in Department.objects.filter(Q(pk=department_id) | Q(successor__isnull=False))
    }
    if department_id not in chain:
        return None
    covers = _earlier({department_id}, chain)
    heads = _heads(covers | _later(department_id, chain), day)
    return Unit(department=chain[department_id], covers=covers, heads=heads)


def _earlier(units: Collection[int], chain: dict[int, Department]) -> frozenset[int]:
    """The units with all they succeeded."""
    found = set(units)
    while more := {pk for pk, row in chain.items() if row.successor_id in found} - found:
        found |= more
    return frozenset(found)


def _later(unit: int, chain: dict[int, Department]) -> frozenset[int]:
    """Whoever leads the unit on, to the end of the chain."""
    found: set[int] = set()
    following = chain[unit].successor_id
    while following is not None and following not in found:
        found.add(following)
        following = chain[following].successor_id if following in chain else None
    return frozenset(found)


def _heads(units: Collection[int], day: date) -> dict[int, str]:
    rows = (
        Membership.objects.current(day)
        .filter(department_id__in=units, role=Role.UNIT_HEAD, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return {row.user_id: str(row.user) for row in rows}


def own_units(departments: Collection[int]) -> dict[int, Department]:
    """Department → the unit whose sheet shows its lines: itself, or whichever of `departments` succeeded it."""
    rows = Department.objects.in_bulk(departments)
    result = {}
    for pk, row in rows.items():
        unit, seen = row, {pk}
        while unit.successor_id in rows and unit.successor_id not in seen:
            unit = rows[unit.successor_id]
            seen.add(unit.pk)
        result[pk] = unit
    return result


def open_windows(actor: ActorContext, *, day: date) -> QuerySet[ReportingWindow]:
    """Windows of running programmes that have opened, newest first."""
    return (
        ReportingWindow.objects.visible_to(actor)
        .filter(programme__state=ProgrammeState.RUNNING, opens_on__lte=day)
        .select_related("programme__jurisdiction")
        .order_by("-due_on", "-starts_on", "programme_id")
    )
