"""Rules for what no app owns: the journal, outbox messages, holidays. Registered by the house that knows the roles."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from programs.models import ReminderDelivery
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.outbox.registry import outside_kinds
from qualitycity.workdays.models import Holiday
from taskforce.choices import Role
from taskforce.models import Jurisdiction, Membership, Robot

EVERY_ROW = Q()
NO_ROW = Q(pk__in=[])
OFFICE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK)
IN_CHARGE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.AUDITOR)


def _entries_scope(actor: ActorContext) -> Q:
    """The auditor reads the journal of his territory; what belongs to no territory is read at the root."""
    paths = actor.paths(Role.AUDITOR)
    if not paths:
        return NO_ROW
    wanted = Q(jurisdiction_id__in=Jurisdiction.objects.within(paths).values("pk"))
    return wanted | Q(jurisdiction_id__isnull=True) if _at_root(paths) else wanted


def _at_root(paths: tuple[str, ...]) -> bool:
    return any(path.count("/") == 2 for path in paths)


def _view_entry(actor: ActorContext, obj: Entry) -> Decision:
    grants = actor.holding(Role.AUDITOR)
    if obj.jurisdiction_id is None:
        return allow() if _at_root(tuple(grant.path for grant in grants)) else deny()
    place = Jurisdiction.objects.filter(pk=obj.jurisdiction_id).first()
    for grant in grants:
        if place is not None and grant.covers(place.path):
            return allow(grant)
    return deny()


register_scope(Entry, _entries_scope)
register_rule(Entry, "view", _view_entry)


def _held_by(*roles: str) -> tuple[Any, Any]:
    """Scope and rule for rows that somebody with one of the roles, and nobody else, has to do with."""

    def scope(actor: ActorContext) -> Q:
        return EVERY_ROW if actor.holding(*roles) else NO_ROW

    def rule(actor: ActorContext, obj: Any) -> Decision:
        for grant in actor.holding(*roles):
            return allow(grant)
        return deny()

    return scope, rule


system_scope, system_rule = _held_by(Role.SYSTEM_ADMIN)


def _messages_scope(actor: ActorContext) -> Q:
    """The system administrator sees every message, an office those to people and groups of its territory."""
    if actor.holding(Role.SYSTEM_ADMIN):
        return EVERY_ROW
    paths = actor.paths(*OFFICE, Role.DISTRICT_OFFICE)
    if not paths:
        return NO_ROW
    here = Q()
    for path in paths:
        here |= Q(jurisdiction__path__startswith=path)
    people = Membership.objects.filter(here).annotate(text=Cast("user_id", CharField()))
    robots = Robot.objects.filter(here).annotate(text=Cast("pk", CharField()))
    to = {name: KeyTextTransform(name, OuterRef("payload")) for name in ("user", "robot")}
    reached = Q(Exists(people.filter(text=to["user"]))) | Q(Exists(robots.filter(text=to["robot"])))
    return Q(kind__in=outside_kinds()) & reached


def _view_message(actor: ActorContext, obj: Message) -> Decision:
    for grant in actor.holding(Role.SYSTEM_ADMIN):
        return allow(grant)
    if obj.kind not in outside_kinds():
        return deny()
    person, robot = obj.payload.get("user"), obj.payload.get("robot")
    places = [
        *Membership.objects.filter(user_id=person).values_list("jurisdiction__path", flat=True),
        *Robot.objects.filter(pk=robot).values_list("jurisdiction__path", flat=True),
    ]
    for grant in actor.holding(*OFFICE, Role.DISTRICT_OFFICE):
        if any(grant.covers(path) for path in places):
            return allow(grant)
    return deny()


register_scope(Message, _messages_scope)
register_rule(Message, "view", _view_message)
register_rule(Message, "retry", _view_message)


def _inbox_scope(actor: ActorContext) -> Q:
    """Everybody his own notices; the system administrator sees that they were written, to find out what went wrong."""
    return EVERY_ROW if actor.holding(Role.SYSTEM_ADMIN) else Q(recipient_id=actor.user_id)


def _view_item(actor: ActorContext, obj: InboxItem) -> Decision:
    return allow() if obj.recipient_id == actor.user_id else system_rule(actor, obj)


register_scope(InboxItem, _inbox_scope)
register_rule(InboxItem, "view", _view_item)



def _deliveries_scope(actor: ActorContext) -> Q:
    """Who was reminded of what: one's own, and for those in charge the people of their territory."""
    wanted = Q(recipient_id=actor.user_id)
    for path in actor.paths(*IN_CHARGE):
        people = Membership.objects.filter(jurisdiction__path__startswith=path)
        wanted |= Q(recipient_id__in=people.values("user_id"))
    return wanted


def _view_delivery(actor: ActorContext, obj: ReminderDelivery) -> Decision:
    if obj.recipient_id == actor.user_id:
        return allow()
    places = [row.jurisdiction.path for row in obj.recipient.memberships.select_related("jurisdiction")]
    for grant in actor.holding(*IN_CHARGE):
        if any(grant.covers(path) for path in places):
            return allow(grant)
    return deny()


register_scope(ReminderDelivery, _deliveries_scope)
register_rule(ReminderDelivery, "view", _view_delivery)

register_scope(Holiday, _held_by(*Role.values)[0])
register_rule(Holiday, "view", _held_by(*Role.values)[1])
register_rule(Holiday, "edit", _held_by(Role.OFFICE_ADMIN, Role.SYSTEM_ADMIN)[1])
