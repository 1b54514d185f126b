"""Who is behind a unit, an office, a programme: recipients of notices, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.utils import timezone

from programs.access.ground import Governed
from taskforce.choices import Role
from taskforce.models import Department, Membership


def successors() -> dict[int, int]:
    """Department → the one that took its place; one query."""
    return dict(Department.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))


def follow(after: Mapping[int, int], unit: int) -> int:
    """The unit that answers today for `unit`, following successors."""
    seen = {unit}
    while unit in after and after[unit] not in seen:
        unit = after[unit]
        seen.add(unit)
    return unit


def _present_units(departments: Iterable[int | None]) -> dict[int, int]:
    """Department → the one that answers today; one query."""
    after = successors()
    return {pk: follow(after, pk) for pk in departments if pk is not None}


def unit_roles(departments: Iterable[int | None], roles: Iterable[str]) -> dict[int, set[tuple[int, str]]]:
    """Department → (account, role) of whoever holds one of the roles there (or in its successor) today; two queries.

    Members of the unit itself and of its successors both count: an archive copy may still be staffed as printed.
    """
    units = {pk for pk in departments if pk is not None}
    present = _present_units(units)
    rows = (
        Membership.objects.current(timezone.localdate())
        .filter(department_id__in=units | set(present.values()), role__in=list(roles), user__is_active=True)
        .values_list("department_id", "user_id", "role")
    )
    held: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for department, user, role in rows:
        held[department].add((user, role))
    return {pk: held[pk] | held[present[pk]] for pk in units}


def unit_people(departments: Iterable[int | None], *roles: str) -> dict[int, set[int]]:
    """Department → accounts that hold one of the roles there (or in its successor) today; two queries."""
    return {pk: {user for user, _role in held} for pk, held in unit_roles(departments, roles).items()}


def unit_accounts(departments: Iterable[int | None]) -> dict[int, set[int]]:
    """Department → every account that acts there."""
    return unit_people(departments, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)


def units_without_signer(departments: Iterable[int | None]) -> set[int]:
    """Units in which nobody but the one who files could sign: no head, or a single account; the office countersigns.

    The rule of one line is in `filing.countersign_rows`; this is its reading for whole units, in two queries.
    """
    held = unit_roles(departments, (Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE))
    return {unit for unit, people in held.items() if nobody_signs(people)}


def nobody_signs(people: Collection[tuple[int, str]]) -> bool:
    """Of a unit's (account, role) today: no head among them, or one account for everything."""
    return all(role != Role.UNIT_HEAD for _user, role in people) or len({user for user, _role in people}) == 1


def office_people(programmes: Iterable[Governed]) -> dict[int, set[int]]:
    """Jurisdiction → accounts of its office, for programmes, items, slips …; one query."""
    jurisdictions = {programme.jurisdiction_id for programme in programmes}
    result: dict[int, set[int]] = {pk: set() for pk in jurisdictions}
    rows = (
        Membership.objects.current(timezone.localdate())
        .filter(
            jurisdiction_id__in=jurisdictions,
            role__in=[Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE],
            user__is_active=True,
        )
        .values_list("jurisdiction_id", "user_id")
    )
    for jurisdiction, user in rows:
        result[jurisdiction].add(user)
    return result
