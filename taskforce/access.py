"""Permission rules of `taskforce`.

Registers of who (jurisdictions, units, bodies, groups) are readable by everybody with a business role in the territory;
the contact book too: people must find each other. The office edits the registers of its own territory. Accounts are
made by the system administrator, who has no business right; business roles are given by the office administrator.
A district office is the office of its own territory: it keeps its units, contact book and the accounts of its people.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope

from .choices import Role
from .models import (
    Body,
    Contact,
    Delegation,
    Department,
    DepartmentGroup,
    Jurisdiction,
    Membership,
    PeopleImport,
    Robot,
    Seat,
    User,
)

BUSINESS = frozenset(Role.values) - {Role.SYSTEM_ADMIN}
OFFICE = frozenset(Role.office_roles())
#: Who keeps units and contact book: the office, and a district office in its district.
KEEPERS = OFFICE | {Role.DISTRICT_OFFICE}


def root_paths(actor: ActorContext, *roles: str) -> set[str]:
    """Paths of the territories whose registers the person reads: his own and everything below and above it.

    A town's liaison needs the city's contact book as much as the city's office needs the town's.
    """
    roots = set()
    for grant in actor.holding(*roles):
        first = grant.path.strip("/").split("/")[0]
        roots.add(f"/{first}/")
    return roots


def _register_scope(prefix: str) -> Callable[[ActorContext], Q]:
    def scope(actor: ActorContext) -> Q:
        wanted = Q(pk__in=[])
        for path in root_paths(actor, *Role.values):
            wanted |= Q(**{f"{prefix}path__startswith": path})
        return wanted

    return scope


def _may_read(path_of: Callable[[Any], str]) -> Callable[[ActorContext, Any], Decision]:
    def rule(actor: ActorContext, obj: Any) -> Decision:
        path = path_of(obj)
        return allow() if any(path.startswith(root) for root in root_paths(actor, *Role.values)) else deny()

    return rule


def _may_edit(path_of: Callable[[Any], str], roles: frozenset[str]) -> Callable[[ActorContext, Any], Decision]:
    def rule(actor: ActorContext, obj: Any) -> Decision:
        for grant in actor.holding(*roles):
            if grant.covers(path_of(obj)):
                return allow(grant)
        return deny()

    return rule


for model, prefix, path_of, editors in (
    (Jurisdiction, "", lambda obj: obj.path, OFFICE),
    (Department, "jurisdiction__", lambda obj: obj.jurisdiction.path, KEEPERS),
    (DepartmentGroup, "jurisdiction__", lambda obj: obj.jurisdiction.path, OFFICE),
    (Body, "jurisdiction__", lambda obj: obj.jurisdiction.path, OFFICE),
    (Seat, "body__jurisdiction__", lambda obj: obj.body.jurisdiction.path, OFFICE),
    (Contact, "department__jurisdiction__", lambda obj: obj.department.jurisdiction.path, KEEPERS),
):
    register_scope(model, _register_scope(prefix))
    register_rule(model, "view", _may_read(path_of))
    register_rule(model, "edit", _may_edit(path_of, editors))


#: Who opens accounts, and therefore sees those that have no role yet.
OPENERS = (Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN)
#: Who looks after the accounts of a territory.
HELPERS = (*OPENERS, Role.DISTRICT_OFFICE)
#: Whose accounts a helper of the business looks after: never somebody with equal or higher rights.
HELPED: dict[str, frozenset[str]] = {
    Role.OFFICE_ADMIN: frozenset(Role.unit_roles()),
    Role.DISTRICT_OFFICE: frozenset({Role.LIAISON, Role.UNIT_HEAD}),
}


def _accounts_scope(actor: ActorContext) -> Q:
    wanted = Q(pk=actor.user_id)
    for grant in actor.holding(*HELPERS, Role.AUDITOR):
        wanted |= Q(memberships__jurisdiction__path__startswith=grant.path)
    if actor.holding(*OPENERS):
        wanted |= Q(memberships__isnull=True)
    return Q(pk__in=User.objects.filter(wanted).values("pk"))


def _account_rule(*roles: str, own: bool = False) -> Callable[[ActorContext, Any], Decision]:
    def rule(actor: ActorContext, obj: User) -> Decision:
        if own and obj.pk == actor.user_id:
            return allow()
        grants = actor.holding(*roles)
        paths = [row.jurisdiction.path for row in obj.memberships.all()]
        for grant in grants:
            if any(grant.covers(path) for path in paths) or (not paths and grant.role in OPENERS):
                return allow(grant)
        return deny()

    return rule


register_scope(User, _accounts_scope)
register_rule(User, "view", _account_rule(*HELPERS, Role.AUDITOR, own=True))
register_rule(User, "edit", _account_rule(Role.SYSTEM_ADMIN))


def _open_account(actor: ActorContext, obj: User) -> Decision:
    for grant in actor.holding(*HELPERS):
        return allow(grant)
    return deny(_("Accounts are opened by the system administrator or the office administrator."))


def _reset_password(actor: ActorContext, obj: User) -> Decision:
    if obj.pk == actor.user_id:
        return deny(_("Change your own password under “My account”."))
    return _look_after(actor, obj)


def _look_after(actor: ActorContext, obj: User) -> Decision:
    """The office helps people of the units; whoever oversees or administers is helped by the system administrator.

    Every role counts that the person holds today or will hold, also in another territory.
    """
    if obj.pk == actor.user_id:
        return deny(_("Nobody looks after his own account here."))
    ended = actor.as_of or timezone.localdate()
    rows = [row for row in obj.memberships.all() if row.valid_until is None or row.valid_until > ended]
    for grant in actor.holding(*HELPED):
        if rows and all(row.role in HELPED[grant.role] and grant.covers(row.jurisdiction.path) for row in rows):
            return allow(grant)
    if _account_rule(Role.SYSTEM_ADMIN)(actor, obj):
        return allow()
    return deny(
        _("The office looks after the accounts of units. For this one please turn to the system administrator.")
    )


register_rule(User, "create", _open_account)
register_rule(User, "reset_password", _reset_password)
register_rule(User, "look_after", _look_after)


def _memberships_scope(actor: ActorContext) -> Q:
    wanted = Q(user_id=actor.user_id)
    for grant in actor.holding(Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.AUDITOR):
        wanted |= Q(jurisdiction__path__startswith=grant.path)
    return wanted


def _view_membership(actor: ActorContext, obj: Membership) -> Decision:
    if obj.user_id == actor.user_id:
        return allow()
    for grant in actor.holding(Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.AUDITOR):
        if grant.covers(obj.jurisdiction.path):
            return allow(grant)
    return deny()


def _give_role(actor: ActorContext, obj: Membership) -> Decision:
    """Nobody gives himself a role; business roles come from the office administrator."""
    if obj.user_id == actor.user_id:
        return deny(_("Nobody gives a role to himself."))
    giver = Role.SYSTEM_ADMIN if obj.role == Role.SYSTEM_ADMIN else Role.OFFICE_ADMIN
    for grant in actor.holding(giver):
        if grant.covers(obj.jurisdiction.path):
            return allow(grant)
    # the office of a district names the people of the district's units
    if obj.role in HELPED[Role.DISTRICT_OFFICE]:
        for grant in actor.holding(Role.DISTRICT_OFFICE):
            if grant.covers(obj.jurisdiction.path):
                return allow(grant)
    # A fresh installation has no office administrator yet: the system administrator names the first ones.
    if obj.role == Role.OFFICE_ADMIN:
        for grant in actor.holding(Role.SYSTEM_ADMIN):
            if grant.covers(obj.jurisdiction.path):
                return allow(grant)
    return deny()


register_scope(Membership, _memberships_scope)
register_rule(Membership, "view", _view_membership)
register_rule(Membership, "edit", _give_role)


def _delegations_scope(actor: ActorContext) -> Q:
    wanted = Q(principal_id=actor.user_id) | Q(deputy_id=actor.user_id)
    paths = actor.paths(Role.OFFICE_ADMIN, Role.AUDITOR)
    if paths:
        people = Q(pk__in=[])
        for path in paths:
            people |= Q(jurisdiction__path__startswith=path)
        wanted |= Q(principal_id__in=Membership.objects.filter(people).values("user_id"))
    return wanted


def _view_delegation(actor: ActorContext, obj: Delegation) -> Decision:
    if actor.user_id in (obj.principal_id, obj.deputy_id):
        return allow()
    paths = [row.jurisdiction.path for row in obj.principal.memberships.all()]
    for grant in actor.holding(Role.OFFICE_ADMIN, Role.AUDITOR):
        if any(grant.covers(path) for path in paths):
            return allow(grant)
    return deny()


def _name_stand_in(actor: ActorContext, obj: Delegation) -> Decision:
    """One names one's own stand-in; the office administrator may do it for a unit when somebody fell ill."""
    if obj.principal_id == actor.user_id:
        return allow()
    paths = [row.jurisdiction.path for row in obj.principal.memberships.all()]
    for grant in actor.holding(Role.OFFICE_ADMIN):
        if any(grant.covers(path) for path in paths) and obj.deputy_id != actor.user_id:
            return allow(grant)
    return deny()


register_scope(Delegation, _delegations_scope)
register_rule(Delegation, "view", _view_delegation)
register_rule(Delegation, "edit", _name_stand_in)


#: Who brings units and people in from a workbook, each in his own territory.
IMPORTERS = (Role.OFFICE_ADMIN, Role.DISTRICT_OFFICE)


def _imports_scope(actor: ActorContext) -> Q:
    """One's own uploads: they hold telephone numbers that nobody has confirmed yet."""
    wanted = Q(pk__in=[])
    for grant in actor.holding(*IMPORTERS):
        wanted |= Q(uploaded_by_id=actor.user_id, jurisdiction__path__startswith=grant.path)
    return wanted


def _own_import(actor: ActorContext, obj: PeopleImport) -> Decision:
    for grant in actor.holding(*IMPORTERS):
        if obj.uploaded_by_id == actor.user_id and grant.covers(obj.jurisdiction.path):
            return allow(grant)
    return deny()


register_scope(PeopleImport, _imports_scope)
register_rule(PeopleImport, "view", _own_import)
register_rule(PeopleImport, "edit", _own_import)


#: Who sets up robots of groups, each in his own territory; the system administrator sees how they stand.
CHANNEL_KEEPERS = (Role.OFFICE_ADMIN, Role.DISTRICT_OFFICE)
CHANNEL_READERS = (*CHANNEL_KEEPERS, Role.SYSTEM_ADMIN)


def _robots_scope(actor: ActorContext) -> Q:
    wanted = Q(pk__in=[])
    for path in actor.paths(*CHANNEL_READERS):
        wanted |= Q(jurisdiction__path__startswith=path)
    return wanted


register_scope(Robot, _robots_scope)
register_rule(Robot, "view", _may_edit(lambda obj: obj.jurisdiction.path, frozenset(CHANNEL_READERS)))
register_rule(Robot, "edit", _may_edit(lambda obj: obj.jurisdiction.path, frozenset(CHANNEL_KEEPERS)))
