"""Loading the registers of who (行政区划, 单位, 单位组, 领导机构) from checked facts.

The files start a register, the office keeps it: what is missing is added, what is there stays as the office has it.
"""

from django.db import transaction

from qualitycity.access import ActorContext
from qualitycity.audit import record
from taskforce.loading.facts import BodyFacts, DepartmentFacts, GroupFacts, Registers
from taskforce.models import (
    Body,
    Department,
    DepartmentAlias,
    DepartmentGroup,
    DepartmentName,
    GroupMember,
    Jurisdiction,
    Seat,
)

REFRESHED = ("kind", "name", "short_name", "sort")


@transaction.atomic
def load_registers(*, registers: Registers, refresh: bool = False, actor: ActorContext | None = None) -> int:
    """Add what the facts name and the database lacks; return how many rows were added or mended.

    With `refresh` the kind, names and order of units that are there are taken from the facts too, and the journal
    keeps what stood before. Lists of groups, seats and aliases entered by the office stay in any case.
    """
    places, touched = _load_jurisdictions(registers)
    units, added = _load_departments(registers, places)
    touched += added
    for code, facts in registers.departments.items():
        if refresh:
            touched += _refresh(units[code], facts, actor)
        touched += _load_names(units[code], facts)
        touched += _load_succession(units[code], facts, units)
    groups = DepartmentGroup.objects.in_bulk(registers.groups, field_name="code")
    for code, group in registers.groups.items():
        if code not in groups:
            groups[code] = DepartmentGroup.objects.create(
                code=code, jurisdiction=places[group.jurisdiction], name=group.name
            )
            touched += 1
        touched += _give_list(groups[code], group, units)
    bodies = set(Body.objects.filter(code__in=registers.bodies).values_list("code", flat=True))
    for code, body in registers.bodies.items():
        if code not in bodies:
            touched += _create_body(body, places, units)
    return touched


def _load_jurisdictions(registers: Registers) -> tuple[dict[str, Jurisdiction], int]:
    """Every jurisdiction by code, superiors first, and how many are new."""
    places = Jurisdiction.objects.in_bulk(registers.jurisdictions, field_name="code")
    before = len(places)

    def ensure(code: str) -> Jurisdiction:
        if code not in places:
            facts = registers.jurisdictions[code]
            places[code] = Jurisdiction.objects.create(
                code=code,
                name=facts.name,
                short_name=facts.short_name,
                level=facts.level,
                parent=ensure(facts.parent) if facts.parent else None,
            )
        return places[code]

    for code in registers.jurisdictions:
        ensure(code)
    return places, len(places) - before


def _load_departments(
    registers: Registers, places: dict[str, Jurisdiction]
) -> tuple[dict[str, Department], int]:
    units = Department.objects.prefetch_related("names", "aliases").in_bulk(
        registers.departments, field_name="code"
    )
    missing = [facts for code, facts in registers.departments.items() if code not in units]
    created = Department.objects.bulk_create(
        Department(
            code=facts.code,
            jurisdiction=places[facts.jurisdiction],
            kind=facts.kind,
            name=facts.name,
            short_name=facts.short_name,
            sort=facts.sort,
        )
        for facts in missing
    )
    units.update((unit.code, unit) for unit in created)
    return units, len(created)


def _refresh(unit: Department, facts: DepartmentFacts, actor: ActorContext | None) -> int:
    before = {name: getattr(unit, name) for name in REFRESHED}
    after = {name: getattr(facts, name) for name in REFRESHED}
    if before == after:
        return 0
    for name, value in after.items():
        setattr(unit, name, value)
    unit.save(update_fields=REFRESHED)
    record(subject=unit, action="load_facts", actor=actor, before=before, after=after)
    return 1


def _load_names(unit: Department, facts: DepartmentFacts) -> int:
    """Missing aliases; dated names (曾用名) only where the unit has none yet, for the office keeps them afterwards."""
    known = {row.alias for row in unit.aliases.all()}
    aliases = DepartmentAlias.objects.bulk_create(
        DepartmentAlias(department=unit, alias=alias) for alias in facts.aliases if alias not in known
    )
    if not facts.names or unit.names.all():
        return len(aliases)
    names = DepartmentName.objects.bulk_create(
        DepartmentName(
            department=unit,
            name=row.name,
            short_name=row.short_name,
            valid_from=row.since,
            valid_until=row.until,
        )
        for row in facts.names
    )
    return len(aliases) + len(names)


def _load_succession(unit: Department, facts: DepartmentFacts, units: dict[str, Department]) -> int:
    """机构改革: entered once; a unit that the office has closed or led on already is left alone."""
    if unit.closed_on or unit.successor_id or not (facts.closed_on or facts.successor):
        return 0
    unit.closed_on = facts.closed_on
    unit.successor = units[facts.successor] if facts.successor else None
    unit.save(update_fields=["closed_on", "successor"])
    return 1


def _give_list(group: DepartmentGroup, facts: GroupFacts, units: dict[str, Department]) -> int:
    """The printed or known list of a group that is still 名单待定."""
    if facts.members is None or not group.pending:
        return 0
    group.list_given_on = facts.list_given_on
    group.list_basis = facts.list_basis or ""
    group.save(update_fields=["list_given_on", "list_basis"])
    members = GroupMember.objects.bulk_create(
        GroupMember(group=group, department=units[code]) for code in facts.members
    )
    return 1 + len(members)


def _create_body(facts: BodyFacts, places: dict[str, Jurisdiction], units: dict[str, Department]) -> int:
    body = Body.objects.create(
        code=facts.code,
        jurisdiction=places[facts.jurisdiction],
        kind=facts.kind,
        name=facts.name,
        office_name=facts.office_name or "",
        office_department=units[facts.office_department] if facts.office_department else None,
        source=facts.source or "",
        clause_path=facts.clause_path or "",
        roster_printed=bool(facts.seats),
    )
    seats = Seat.objects.bulk_create(
        Seat(
            body=body,
            role=seat.role,
            printed_role=seat.printed_role or "",
            person=seat.person or "",
            post=seat.post or "",
            department=units[seat.department] if seat.department else None,
            duties=seat.duties or "",
            sort=(number + 1) * 10,
            source=body.source,
            clause_path=body.clause_path,
        )
        for number, seat in enumerate(facts.seats)
    )
    return 1 + len(seats)
