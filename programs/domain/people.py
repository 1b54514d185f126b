"""Who is behind a unit, an office, a programme: recipients of notices, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q, Value
from django.utils import timezone

from programs.access.ground import Governed
from taskforce.choices import Role
from taskforce.models import Department, Membership

OFFICE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE)


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


def unit_roles(departments: Iterable[int | None], roles: Iterable[str]) -> dict[int, set[tuple[int, str]]]:
    """Department → (account, role) of whoever holds one of the roles there (or in its successor) today; one query.

    Members of the unit itself and of its successors both count: an archive copy may still be staffed as printed.
    """
    held, _offices = _held(departments, roles)
    return held


def heads_and_offices(
    departments: Iterable[int | None], programmes: Iterable[Governed]
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Who signs for the units, and by jurisdiction who does in their stead; as `unit_people` and `office_people`, in
    one query."""
    held, offices = _held(departments, [Role.UNIT_HEAD], {programme.jurisdiction_id for programme in programmes})
    return {pk: {user for user, _role in found} for pk, found in held.items()}, offices


def _held(
    departments: Iterable[int | None], roles: Iterable[str], jurisdictions: Collection[int] = ()
) -> tuple[dict[int, set[tuple[int, str]]], dict[int, set[int]]]:
    """Successors are few: whoever acts in any of them is read along with them, and with the units asked for."""
    units = {pk for pk in departments if pk is not None}
    members = Membership.objects.current(timezone.localdate()).filter(user__is_active=True).order_by()
    answering = Q(department_id__in=units) | Q(department__in=Department.objects.filter(predecessors__isnull=False))
    found = (
        Department.objects.filter(successor__isnull=False)
        .order_by()
        .values_list(Value("after"), "pk", "successor_id", Value(""))
        .union(
            members.filter(answering, role__in=list(roles)).values_list(
                Value("unit"), "department_id", "user_id", "role"
            ),
            members.filter(jurisdiction_id__in=jurisdictions, role__in=OFFICE).values_list(
                Value("office"), "jurisdiction_id", "user_id", "role"
            ),
        )
    )
    after: dict[int, int] = {}
    held: dict[int, set[tuple[int, str]]] = defaultdict(set)
    offices: dict[int, set[int]] = {pk: set() for pk in jurisdictions}
    for kind, where, who, role in found:
        if kind == "after":
            after[where] = who
        elif kind == "unit":
            held[where].add((who, role))
        else:
            offices[where].add(who)
    return {pk: held[pk] | held[follow(after, pk)] for pk in units}, offices


def unit_people(departments: Iterable[int | None], *roles: str) -> dict[int, set[int]]:
    """Department → accounts that hold one of the roles there (or in its successor) today; one query."""
    return {pk: {user for user, _role in held} for pk, held in unit_roles(departments, roles).items()}


def unit_accounts(departments: Iterable[int | None]) -> dict[int, set[int]]:
    """Department → every account that acts there."""
    return unit_people(departments, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)


def units_without_signer(departments: Iterable[int | None]) -> set[int]:
    """Units in which nobody but the one who files could sign: no head, or a single account; the office countersigns.

    The rule of one line is in `filing.countersign_rows`; this is its reading for whole units, in one query.
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
            role__in=OFFICE,
            user__is_active=True,
        )
        .values_list("jurisdiction_id", "user_id")
    )
    for jurisdiction, user in rows:
        result[jurisdiction].add(user)
    return result
