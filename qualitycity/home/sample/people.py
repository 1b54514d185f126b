"""Who there is: registers, accounts with their roles, seats with 分管, the contact book."""

from dataclasses import replace

from qualitycity.access import SYSTEM, ActorContext, Grant
from taskforce.choices import Role
from taskforce.domain.accounts import create_account, give_role
from taskforce.domain.contacts import enter_contacts, enter_phone
from taskforce.domain.people import password_changed
from taskforce.domain.registers import load_registers
from taskforce.domain.seats import seat_account, supervise
from taskforce.models import Contact, Jurisdiction, Seat

from .facts import AccountFacts
from .stage import Stage

ROOT = "sysadmin"


def settle(stage: Stage) -> dict[str, str]:
    """Registers, then the people. Returns the password of every login."""
    load_registers(registers=stage.facts.registers)
    city = Jurisdiction.objects.get(code=stage.facts.programme.programme.jurisdiction)
    passwords: dict[str, str] = {}
    # administrators first: who gives a role must hold one
    for facts in sorted(stage.facts.people.accounts, key=_rank):
        giver = _installer(city) if facts.login == ROOT else stage.actor(ROOT)
        user, passwords[facts.login] = create_account(
            actor=giver, username=facts.login, full_name=facts.name, phone=facts.phone
        )
        stage.users[facts.login] = user
        if facts.role is not None:
            by = giver if facts.role in (Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN) else stage.actor("office")
            _give_role(stage, facts, city, by)
        # all of them have signed in long before the present day
        password_changed(user=user, actor=stage.actor(facts.login))
    _take_seats(stage)
    _enter_contacts(stage)
    return passwords


def _rank(facts: AccountFacts) -> tuple[int, int]:
    order = (Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN)
    return (order.index(facts.role) if facts.role in order else len(order), bool(facts.serves))


def _installer(city: Jurisdiction) -> ActorContext:
    """Who sets the portal up: nobody's account, with the system administrator's right for this one step."""
    grant = Grant(role=Role.SYSTEM_ADMIN, jurisdiction_id=city.pk, path=city.path)
    return replace(SYSTEM, grants=(grant,))


def _give_role(stage: Stage, facts: AccountFacts, city: Jurisdiction, by: ActorContext) -> None:
    unit = stage.units[facts.unit] if facts.unit else None
    give_role(
        actor=by,
        user=stage.users[facts.login],
        role=str(facts.role),
        jurisdiction=unit.jurisdiction if unit else city,
        department=unit,
        leader=stage.users[facts.serves] if facts.serves else None,
    )


def _take_seats(stage: Stage) -> None:
    office = stage.actor("office")
    seats = {
        seat.post: seat
        for seat in Seat.objects.filter(body__code=stage.facts.programme.programme.body).select_related(
            "body__jurisdiction"
        )
    }
    for facts in stage.facts.people.seats:
        seat = seats[facts.post]
        if facts.account is not None:
            seat_account(seat, actor=office, user=stage.users[facts.account])
        supervise(
            seat,
            actor=office,
            departments=[stage.units[code] for code in facts.supervises],
            since=stage.facts.programme.document.written_on,
        )


def _enter_contacts(stage: Stage) -> None:
    """Everybody of a unit, whom to call without an account, and the units' telephones (the head's office)."""
    office, people = stage.actor("office"), stage.facts.people
    rows = [
        Contact(department=stage.units[row.unit], name=row.name, post=row.post, phone=row.phone, sort=50)
        for row in people.contacts
    ]
    for facts in people.accounts:
        if facts.unit is None:
            continue
        rows.append(
            Contact(
                department=stage.units[facts.unit],
                user=stage.users[facts.login],
                name=facts.name,
                post=facts.post,
                phone=facts.phone,
                sort=20 if facts.role == Role.UNIT_HEAD else 10,
            )
        )
    enter_contacts(rows, actor=office)
    phones = {row.unit: row.phone for row in people.contacts}
    phones |= {row.unit: row.phone for row in people.accounts if row.unit and row.role is not None}
    for code, phone in phones.items():
        if code in stage.units:
            enter_phone(stage.units[code], actor=office, phone=phone)
    # the paper forms print the telephone: read anew
    del stage.units
