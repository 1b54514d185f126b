"""Who sees, registers, hands out and strikes off supervised items, and who reports on them.

Oversight reads what is not restricted in its territory, units read what was handed out to them, leader and secretary
read the instructions that are the leader's own. A restricted item (挂牌督办案件 always) exists for the persons named for
it and for nobody else: every other rule asks for that first. A stand-in is not named with the person he stands in for.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import EntryState, ItemKind, ItemState
from programs.models import ItemPart, ItemReport, SupervisedItem, SupervisedItemUserObjectPermission
from qualitycity.access import ActorContext, Decision, Grant, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from ..ground import (
    FILERS,
    OFFICE,
    OVERSIGHT,
    READERS,
    UNIT,
    director_grant,
    has_business_role,
    in_territory,
    office_grant,
    offices,
    unit_grant,
)

REPORTED = tuple(EntryState.reported())


def named_items(actor: ActorContext) -> Any:
    """Primary keys of the restricted items this very person was named for; a sub-query, never a loop."""
    return SupervisedItemUserObjectPermission.objects.filter(
        user_id=actor.person_id, permission__codename="follow_item"
    ).values("content_object_id")


def served_leaders(actor: ActorContext) -> frozenset[int]:
    """Accounts of the leaders whose instructions are this person's own: himself, or whom he serves or stands in for."""
    found = {grant.acting_for_id or actor.user_id for grant in actor.holding(Role.LEADER)}
    found |= {grant.leader_id for grant in actor.holding(Role.SECRETARY)}
    return frozenset(pk for pk in found if pk is not None)


def handed_parts(actor: ActorContext) -> Any:
    """Parts of the person's units that have been handed out."""
    return ItemPart.objects.filter(department_id__in=actor.departments(*UNIT), assigned_on__isnull=False)


def items_scope(actor: ActorContext) -> Q:
    """Restricted items only by name; the others by territory, by part, by being one's own instruction."""
    wanted = in_territory(actor, "", *OVERSIGHT)
    if actor.departments(*UNIT):
        wanted |= Q(pk__in=handed_parts(actor).values("item_id"))
    if served_leaders(actor):
        wanted |= Q(leader_id__in=served_leaders(actor))
    wanted = Q(restricted=False) & wanted
    if has_business_role(actor):
        wanted |= Q(restricted=True, pk__in=named_items(actor))
    return wanted


def is_named(actor: ActorContext, item: SupervisedItem) -> bool:
    return has_business_role(actor) and named_items(actor).filter(content_object_id=item.pk).exists()


def view_item(actor: ActorContext, obj: SupervisedItem) -> Decision:
    if obj.restricted:
        return allow() if is_named(actor, obj) else deny()
    if actor.sees_territory(obj.jurisdiction.path, *OVERSIGHT):
        return allow()
    if obj.leader_id is not None and obj.leader_id in served_leaders(actor):
        return allow()
    if actor.departments(*UNIT) and handed_parts(actor).filter(item_id=obj.pk).exists():
        return allow()
    return deny()


def with_view(actor: ActorContext, item: SupervisedItem, grant: Grant | None, why: Any = "") -> Decision:
    """A right by role, which for a restricted item only a named person has."""
    if grant is None:
        return deny(why) if why else deny()
    if item.restricted and not is_named(actor, item):
        return deny()
    return allow(grant)


def manage_item(actor: ActorContext, obj: SupervisedItem) -> Decision:
    return with_view(actor, obj, office_grant(actor, obj))


def decide_item(actor: ActorContext, obj: SupervisedItem) -> Decision:
    """Hand out, complete, strike off, suspend: the office administrator."""
    grant = director_grant(actor, obj)
    return with_view(actor, obj, grant, _("Only the office administrator decides this."))


def register_item(actor: ActorContext, obj: SupervisedItem) -> Decision:
    """立项, asked of the row that is about to be made: by the office; an instruction also by the leader himself or,
    代录, by his secretary."""
    grant = office_grant(actor, obj)
    if grant is not None:
        return allow(grant)
    if obj.kind != ItemKind.INSTRUCTION:
        return deny(_("Only the office registers this kind of item."))
    for grant in actor.holding(Role.LEADER, Role.SECRETARY):
        leader = grant.leader_id if grant.role == Role.SECRETARY else (grant.acting_for_id or actor.user_id)
        if grant.covers(obj.jurisdiction.path) and leader is not None and leader == obj.leader_id:
            return allow(grant)
    return deny(_("A leader's instruction is registered by the office, by the leader or by his secretary."))


def edit_item(actor: ActorContext, obj: SupervisedItem) -> Decision:
    """Until it is handed out: the office, and whoever recorded an instruction."""
    decision = manage_item(actor, obj)
    if decision or obj.recorded_by_id != actor.user_id or obj.state != ItemState.REGISTERED:
        return decision
    return register_item(actor, obj)


def endorse_item(actor: ActorContext, obj: SupervisedItem) -> Decision:
    """已阅, 同意销号: the leader whose instruction it is, or his secretary."""
    for grant in actor.holding(Role.LEADER, Role.SECRETARY):
        leader = grant.leader_id if grant.role == Role.SECRETARY else (grant.acting_for_id or actor.user_id)
        if leader is not None and leader == obj.leader_id:
            return with_view(actor, obj, grant)
    return deny(_("Only the leader whose instruction it is, or his secretary, says this."))


register_scope(SupervisedItem, items_scope)
register_rule(SupervisedItem, "view", view_item)
register_rule(SupervisedItem, "register", register_item)
register_rule(SupervisedItem, "edit", edit_item)
register_rule(SupervisedItem, "manage", manage_item)
register_rule(SupervisedItem, "decide", decide_item)
register_rule(SupervisedItem, "endorse", endorse_item)


# --- parts -----------------------------------------------------------------------------------------


def of_item_scope(actor: ActorContext, prefix: str = "") -> Q:
    """Rows that are seen by whoever sees their item; `prefix` reaches the row that has `item`, e.g. "part__"."""
    return Q(**{f"{prefix}item__in": SupervisedItem.objects.filter(items_scope(actor)).values("pk")})


def sign_for_part(actor: ActorContext, obj: ItemPart) -> Decision:
    grant = unit_grant(actor, obj.department_id)
    return with_view(actor, obj.item, grant, _("Only the unit itself signs for its part."))


register_scope(ItemPart, of_item_scope)
register_rule(ItemPart, "view", lambda actor, obj: view_item(actor, obj.item))
register_rule(ItemPart, "sign_for", sign_for_part)
register_rule(ItemPart, "manage", lambda actor, obj: manage_item(actor, obj.item))
register_rule(ItemPart, "decide", lambda actor, obj: decide_item(actor, obj.item))


# --- reports ---------------------------------------------------------------------------------------


def reports_scope(actor: ActorContext) -> Q:
    """The unit sees its own; the office what was handed in (a draft is the unit's own affair, unless the office typed
    it); everybody else in charge what left the unit signed."""
    handed_in = ~Q(state=EntryState.DRAFT) | Q(on_behalf=True)
    signed = Q(state__in=REPORTED)
    wanted = Q(part__department_id__in=actor.departments(*UNIT))
    wanted |= Q(part__item__jurisdiction_id__in=offices(actor)) & handed_in
    wanted |= in_territory(actor, "part__item__", *OFFICE, Role.DISTRICT_OFFICE, *READERS) & signed
    if served_leaders(actor):
        wanted |= Q(part__item__leader_id__in=served_leaders(actor)) & signed
    return of_item_scope(actor, "part__") & wanted


def view_report(actor: ActorContext, obj: ItemReport) -> Decision:
    item = obj.part.item
    own = obj.part.department_id in actor.departments(*UNIT)
    if own and obj.part.assigned_on is not None and not item.restricted:
        return allow()  # as `view_item` would say, without asking the database
    if not view_item(actor, item):
        return deny()
    if own:
        return allow()
    if office_grant(actor, item) and (obj.state != EntryState.DRAFT or obj.on_behalf):
        return allow()
    if obj.state not in REPORTED:
        return deny()
    if actor.sees_territory(item.jurisdiction.path, *OFFICE, Role.DISTRICT_OFFICE, *READERS):
        return allow()
    return allow() if item.leader_id is not None and item.leader_id in served_leaders(actor) else deny()


def file_report(actor: ActorContext, obj: ItemReport) -> Decision:
    """反馈 by the unit's liaison (or the district office for its government)."""
    grant = unit_grant(actor, obj.part.department_id, *FILERS)
    return with_view(actor, obj.part.item, grant, _("Only the unit's liaison files this report."))


def file_any(actor: ActorContext, obj: ItemReport) -> Decision:
    """反馈, or 代填 by the office."""
    return file_report(actor, obj) or manage_item(actor, obj.part.item)


def sign_report(actor: ActorContext, obj: ItemReport) -> Decision:
    grant = unit_grant(actor, obj.part.department_id, Role.UNIT_HEAD)
    return with_view(actor, obj.part.item, grant, _("Only the head of the unit signs."))


def review_report(actor: ActorContext, obj: ItemReport) -> Decision:
    grant = office_grant(actor, obj.part.item)
    return with_view(actor, obj.part.item, grant, _("Only the office that supervises the item reviews."))


register_scope(ItemReport, reports_scope)
register_rule(ItemReport, "view", view_report)
register_rule(ItemReport, "file", file_any)
register_rule(ItemReport, "file_own", file_report)
register_rule(ItemReport, "sign", sign_report)
register_rule(ItemReport, "review", review_report)
