"""What a workbook of units and people would do to the registers: computed from its rows, nothing is written.

The same rows give the same plan as long as the registers stay as they are; `Plan.digest` says whether they did. Empty
cells leave what is there; nothing is ever removed by an import.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.sealing.canonical import digest
from qualitycity.workflow import Refused
from taskforce.choices import Role
from taskforce.loading.people_book import Row
from taskforce.loading.people_cells import ROLES, CellWrong, clean, parts, role_labels
from taskforce.models import Contact, Department, Jurisdiction, Membership, User

from . import accounts
from .unit_plan import CHANGED, NEW, SAME, Change, Problem, UnitPlan, UnitPlanner, label_of

__all__ = ["Change", "PersonPlan", "Plan", "Problem", "UnitPlan", "make_plan"]

#: How the name of a new account ends: 市市场监管局's liaison is shijianju.llr.
ENDINGS = {
    Role.LIAISON: "llr", Role.UNIT_HEAD: "fzr", Role.DISTRICT_OFFICE: "zlb", Role.OFFICE_CLERK: "bgs",
    Role.LEADER: "ld", Role.SUPERVISOR: "mdb", Role.AUDITOR: "sj",
}  # fmt: skip
CONTACT_FIELDS = ("post", "phone", "mobile", "email")


@dataclass
class PersonPlan:
    """One person of one unit. `contact` and `user` are rows of the tables, or new ones; `roles` are to be given."""

    row: Row
    unit: Department
    contact: Contact
    user: User | None = None
    roles: list[Membership] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    account_changes: dict[str, str] = field(default_factory=dict)
    #: A cell of its row stops the import.
    refused: bool = False
    #: Set when the account has been written.
    opened: bool = False

    @property
    def verdict(self) -> str:
        if self.contact.pk is None:
            return NEW
        return CHANGED if self.changes or self.roles or self.account_changes else SAME

    @property
    def new_account(self) -> str:
        """Name of the account that would be opened, "" for none."""
        return self.user.username if self.user is not None and self.user.pk is None else ""


@dataclass
class Plan:
    units: list[UnitPlan]
    people: list[PersonPlan]
    problems: list[Problem]

    @property
    def counts(self) -> dict[str, int]:
        """How many units and people are new, changed, as they are; how many accounts would be opened. A row that cannot
        be brought in is none of them."""
        found = {f"{what}_{verdict}": 0 for what in ("units", "people") for verdict in (NEW, CHANGED, SAME)}
        people = [person for person in self.people if not person.refused]
        for unit in self.units:
            if not unit.refused:
                found[f"units_{unit.verdict}"] += 1
        for person in people:
            found[f"people_{person.verdict}"] += 1
        return {**found, "accounts": sum(bool(person.new_account) for person in people)}

    @property
    def does_something(self) -> bool:
        return any(one.verdict != SAME for one in self.units) or any(one.verdict != SAME for one in self.people)

    @property
    def digest(self) -> str:
        """Of everything that would be written, as it was shown."""
        return digest(
            {
                "units": [
                    [plan.department.code, plan.verdict, [str(row) for row in plan.changes], plan.aliases]
                    for plan in self.units
                ],
                "people": [
                    [
                        plan.unit.code, plan.contact.name, plan.verdict, [str(row) for row in plan.changes],
                        plan.new_account, [row.role for row in plan.roles], plan.account_changes,
                    ]
                    for plan in self.people
                ],
                "problems": [str(row) for row in self.problems],
            }
        )  # fmt: skip


def make_plan(rows: Iterable[Row], *, place: Jurisdiction, actor: ActorContext) -> Plan:
    """A constant number of queries, however many rows there are."""
    rows = list(rows)
    problems: list[Problem] = []
    units = UnitPlanner(place, actor, problems)
    # first those that say what kind of unit it is: others may call a new unit by its short name only
    for row in sorted(rows, key=lambda row: "kind" not in row.cells):
        units.take(row)
    people = _PeoplePlanner(place, actor, problems, units)
    for row in rows:
        if row.about_a_person:
            people.take(row)
    people.finish()
    plan = Plan(units.finish(), list(people.found.values()), problems)
    wrong = {(problem.sheet, problem.row) for problem in problems}
    for unit in plan.units:
        unit.refused = (unit.row.sheet, unit.row.number) in wrong
    for person in plan.people:
        person.refused = (person.row.sheet, person.row.number) in wrong
    return plan


class _PeoplePlanner:
    def __init__(
        self, place: Jurisdiction, actor: ActorContext, problems: list[Problem], units: UnitPlanner
    ) -> None:
        self.place, self.actor, self.problems, self.units = place, actor, problems, units
        self.today = timezone.localdate()
        self.found: dict[tuple[str, str], PersonPlan] = {}
        self.labels = role_labels()
        territory = {"department__jurisdiction__path__startswith": place.path}
        self.contacts = {
            (row.department_id, row.name): row for row in Contact.objects.filter(**territory).select_related("user")
        }
        self.held: dict[tuple[int | None, str], list[Membership]] = defaultdict(list)
        memberships = Membership.objects.current(self.today).filter(jurisdiction__path__startswith=place.path)
        for row in memberships.select_related("user"):
            self.held[row.department_id, row.user.full_name].append(row)
        # every account: names must be free in the whole portal
        self.accounts = {user.username: user for user in User.objects.all()}
        self.taken = {name.lower() for name in self.accounts}

    def wrong(self, row: Row, name: str, sentence: Any) -> None:
        self.problems.append(Problem(row.sheet, row.number, row.column(name), str(sentence)))

    def take(self, row: Row) -> None:
        unit = self.units.of(row)
        values = self._values(row)
        if "name" not in row.cells:
            self.wrong(row, "name", _("The name of the person is missing."))
        if unit is None or "name" not in values:
            return
        key = (unit.code, values["name"])
        plan = self.found.get(key)
        if plan is None:
            contact = self.contacts.get((unit.pk, values["name"])) if unit.pk else None
            contact = contact or Contact(department=unit, name=values["name"])
            plan = self.found[key] = PersonPlan(row, unit, contact)
            for name in CONTACT_FIELDS:
                self._set(plan, name, values.get(name, ""))
        elif any(values.get(name, "") not in ("", getattr(plan.contact, name)) for name in CONTACT_FIELDS):
            first = plan.row
            self.wrong(
                row, "name",
                _("%(name)s stands in row %(row)s of “%(sheet)s” already, with other entries.")
                % {"name": values["name"], "row": first.number, "sheet": first.sheet},
            )  # fmt: skip
        roles = self._roles(row)
        if roles or values.get("account"):
            self._account(plan, row, roles, values.get("account", ""))

    def _values(self, row: Row) -> dict[str, str]:
        values = {}
        for name in ("name", "account", *CONTACT_FIELDS):
            if name in row.cells:
                try:
                    values[name] = clean(name, row.cells[name])
                except CellWrong as error:
                    self.wrong(row, name, error)
        return values

    def _set(self, plan: PersonPlan, name: str, value: str) -> None:
        before = getattr(plan.contact, name)
        if value and value != before:
            setattr(plan.contact, name, value)
            plan.changes.append(Change(label_of(Contact, name), before, value))

    def _roles(self, row: Row) -> list[str]:
        found = []
        for text in parts(row.cells.get("role", "")):
            role = self.labels.get(text)
            if role in ROLES:
                found.append(role)
            elif role is not None:
                self.wrong(row, "role", _("“%(role)s” is given in the settings, one by one.") % {"role": text})
            else:
                known = "、".join(label for label, value in self.labels.items() if value in ROLES)
                self.wrong(
                    row, "role", _("“%(role)s” is no role. Known are: %(known)s.") % {"role": text[:20], "known": known}
                )
        return found

    def _account(self, plan: PersonPlan, row: Row, roles: list[str], wanted: str) -> None:
        """Finds the account of the person or prepares a new one, and the roles that are not held yet."""
        user = plan.user or self._known(plan, row, roles, wanted)
        if user is None:
            return
        if not user.is_active:
            self.wrong(row, "name", _("The account %(account)s is closed; open it again first.") % {"account": user})
            return
        if user.pk is None and not roles:
            self.wrong(row, "role", _("An account needs a role: please name it."))
            return
        plan.user = user
        held = self.held if user.pk else {}
        for role in roles:
            unit = plan.unit if role in Role.unit_roles() else None
            place = plan.unit.jurisdiction if unit else self.place
            rows = held.get((unit.pk if unit else None, user.full_name), [])
            given = [*rows, *plan.roles]
            if any(one.role == role and (one.user_id or user.pk) == user.pk for one in given):
                continue
            self._give(plan, row, Membership(
                user=user, role=role, jurisdiction=place, department=unit, valid_from=self.today
            ))  # fmt: skip

    def _give(self, plan: PersonPlan, row: Row, role: Membership) -> None:
        try:
            accounts.check_role(role)
        except Refused as refused:
            self.wrong(row, "role", refused.sentence)
            return
        decision = can(self.actor, "edit", role)
        if decision:
            plan.roles.append(role)
        else:
            self.wrong(
                row, "role", _("You cannot give the role “%(role)s” here: %(why)s")
                % {"role": role.get_role_display(), "why": decision.reason},
            )  # fmt: skip

    def _known(self, plan: PersonPlan, row: Row, roles: list[str], wanted: str) -> User | None:
        """The person's account: the one named, the contact's, or the one that holds a role here under this name."""
        name = plan.contact.name
        if wanted:
            return self._named(plan, row, roles, wanted)
        if plan.contact.user_id:
            return plan.contact.user
        rows = self.held[plan.unit.pk, name] if plan.unit.pk else []
        if any(role not in Role.unit_roles() for role in roles):
            rows = [*rows, *self.held[None, name]]
        users = {one.user_id: one.user for one in rows}
        if len(users) > 1:
            self.wrong(
                row, "name", _("Several accounts are named %(name)s; please fill in the account.") % {"name": name}
            )
            return None
        if users:
            return next(iter(users.values()))
        return self._new(plan, self._free_name(plan.unit, roles)) if roles else None

    def _named(self, plan: PersonPlan, row: Row, roles: list[str], wanted: str) -> User | None:
        user = self.accounts.get(wanted)
        if user is None:
            if wanted.lower() in self.taken:
                self.wrong(row, "account", _("The account “%(account)s” is taken.") % {"account": wanted})
                return None
            try:
                User._meta.get_field("username").run_validators(wanted)
            except Exception:  # noqa: BLE001 - the validators' own words do not say what to do
                self.wrong(
                    row, "account",
                    _("The name of an account is made of letters, figures and . - _: “%(account)s” is not.")
                    % {"account": wanted[:30]},
                )  # fmt: skip
                return None
            return self._new(plan, wanted)
        mine = plan.contact.user_id == user.pk or any(
            one.user_id == user.pk for rows in self.held.values() for one in rows
        )
        if not mine or user.full_name not in ("", plan.contact.name):
            self.wrong(
                row, "account",
                _("The account “%(account)s” belongs to somebody else; leave the cell empty or choose another name.")
                % {"account": wanted},
            )  # fmt: skip
            return None
        return user

    def _new(self, plan: PersonPlan, username: str) -> User:
        self.taken.add(username.lower())
        contact = plan.contact
        return User(
            username=username, full_name=contact.name, email=contact.email, phone=contact.mobile or contact.phone,
            must_change_password=True,
        )  # fmt: skip

    def _free_name(self, unit: Department, roles: list[str]) -> str:
        start = f"{unit.code}.{ENDINGS[Role(roles[0])]}"
        name, number = start, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{start}{number}"
        return name

    def finish(self) -> None:
        """E-mail and telephone of accounts follow the contact book, where the account is one's own to look after."""
        people = [(plan, user) for plan in self.found.values() if (user := self._account_of(plan)) is not None]
        prefetch_related_objects([user for _plan, user in people], "memberships__jurisdiction")
        for plan, user in people:
            contact = plan.contact
            wanted = {"email": contact.email, "phone": contact.mobile or contact.phone}
            changed = {name: value for name, value in wanted.items() if value and value != getattr(user, name)}
            touched = plan.contact.pk is None or bool(plan.changes)
            if changed and touched and can(self.actor, "look_after", user):
                plan.user, plan.account_changes = user, changed

    def _account_of(self, plan: PersonPlan) -> User | None:
        user = plan.user or (plan.contact.user if plan.contact.user_id else None)
        return user if user is not None and user.pk else None
