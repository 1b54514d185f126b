"""Who proposes, issues, answers and reviews slips; who logs calls; who drafts and issues the bulletin.

Issuing is an act of a person: blue and uncoloured slips to a unit by anybody of the office, everything else – orange,
red, whatever goes above the unit – by the office administrator alone.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import BulletinState, EntryState, SlipColour, SlipLevel, SlipState
from programs.models import Bulletin, PhoneCall, Slip, SlipAnswer
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
from .items import is_named, named_items

#: States in which a slip is the office's own affair.
INSIDE = (SlipState.PROPOSED, SlipState.DISMISSED)
ABOVE = (*OFFICE, Role.DISTRICT_OFFICE, *READERS)


def _discreet(actor: ActorContext, prefix: str = "") -> Q:
    """Slips about a restricted item (挂牌督办案件) exist for the persons named for it alone."""
    open_to_all = Q(**{f"{prefix}item_part__isnull": True}) | Q(
        **{f"{prefix}item_part__item__restricted": False}
    )
    if has_business_role(actor):
        open_to_all |= Q(**{f"{prefix}item_part__item__in": named_items(actor)})
    return open_to_all


def _may_know(actor: ActorContext, obj: Any) -> bool:
    if obj.item_part_id is None or not obj.item_part.item.restricted:
        return True
    return is_named(actor, obj.item_part.item)


def _granted(actor: ActorContext, slip: Any, grant: Grant | None, why: Any) -> Decision:
    """A right by role, which about a restricted item only a named person has."""
    if grant is None or not _may_know(actor, slip):
        return deny(why)
    return allow(grant)


def slips_scope(actor: ActorContext) -> Q:
    """Proposals are seen by the office alone; what was issued by whoever oversees the territory and by the unit."""
    wanted = Q(jurisdiction_id__in=offices(actor))
    wanted |= (in_territory(actor, "", *OVERSIGHT) | Q(department_id__in=actor.departments(*UNIT))) & ~Q(
        state__in=INSIDE
    )
    return wanted & _discreet(actor)


def view_slip(actor: ActorContext, obj: Slip) -> Decision:
    if not _may_know(actor, obj):
        return deny()
    if office_grant(actor, obj):
        return allow()
    if obj.state in INSIDE:
        return deny()
    if obj.department_id in actor.departments(*UNIT):
        return allow()
    return allow() if actor.sees_territory(obj.jurisdiction.path, *OVERSIGHT) else deny()


def manage_slip(actor: ActorContext, obj: Slip) -> Decision:
    return _granted(actor, obj, office_grant(actor, obj), _("Only the office does this."))


def needs_director(colour: str, level: str) -> bool:
    """Orange, red and whatever goes above the unit is the administrator's to issue."""
    return colour in (SlipColour.ORANGE, SlipColour.RED) or level == SlipLevel.LEADER


def issue_slip(actor: ActorContext, obj: Slip) -> Decision:
    if not needs_director(obj.colour, obj.level):
        return manage_slip(actor, obj)
    why = _("Orange and red slips, and whatever goes above the unit, are issued by the office administrator.")
    return _granted(actor, obj, director_grant(actor, obj), why)


def acknowledge_slip(actor: ActorContext, obj: Slip) -> Decision:
    grant = unit_grant(actor, obj.department_id)
    return _granted(actor, obj, grant, _("Only the unit itself acknowledges its slip."))


register_scope(Slip, slips_scope)
register_rule(Slip, "view", view_slip)
register_rule(Slip, "manage", manage_slip)
register_rule(Slip, "issue", issue_slip)
register_rule(Slip, "acknowledge", acknowledge_slip)
register_rule(Slip, "answer", lambda actor, obj: acknowledge_slip(actor, obj) or manage_slip(actor, obj))


def answers_scope(actor: ActorContext) -> Q:
    """As with every filed row: the unit its own, the office what was handed in, everybody above what was signed."""
    wanted = Q(slip__department_id__in=actor.departments(*UNIT))
    wanted |= Q(slip__jurisdiction_id__in=offices(actor)) & (~Q(state=EntryState.DRAFT) | Q(on_behalf=True))
    wanted |= in_territory(actor, "slip__", *ABOVE) & Q(state__in=EntryState.reported())
    return wanted & _discreet(actor, "slip__")


def view_answer(actor: ActorContext, obj: SlipAnswer) -> Decision:
    if not _may_know(actor, obj.slip):
        return deny()
    if obj.department_id in actor.departments(*UNIT):
        return allow()
    if office_grant(actor, obj) and (obj.state != EntryState.DRAFT or obj.on_behalf):
        return allow()
    reported = obj.state in EntryState.reported()
    return allow() if reported and actor.sees_territory(obj.slip.jurisdiction.path, *ABOVE) else deny()


def file_answer(actor: ActorContext, obj: SlipAnswer) -> Decision:
    grant = unit_grant(actor, obj.department_id, *FILERS)
    return _granted(actor, obj.slip, grant, _("Only the unit's liaison answers."))


def sign_answer(actor: ActorContext, obj: SlipAnswer) -> Decision:
    grant = unit_grant(actor, obj.department_id, Role.UNIT_HEAD)
    return _granted(actor, obj.slip, grant, _("Only the head of the unit signs."))


def manage_answer(actor: ActorContext, obj: SlipAnswer) -> Decision:
    return manage_slip(actor, obj.slip)


register_scope(SlipAnswer, answers_scope)
register_rule(SlipAnswer, "view", view_answer)
register_rule(SlipAnswer, "file", lambda actor, obj: file_answer(actor, obj) or manage_answer(actor, obj))
register_rule(SlipAnswer, "file_own", file_answer)
register_rule(SlipAnswer, "sign", sign_answer)
register_rule(SlipAnswer, "review", manage_answer)


def calls_scope(actor: ActorContext) -> Q:
    """The log of calls is read by whoever oversees; it is no paper of the unit."""
    if not has_business_role(actor):
        return Q(pk__in=[])
    restricted = Q(item_part__item__restricted=True) | Q(slip__item_part__item__restricted=True)
    named = Q(item_part__item__in=named_items(actor)) | Q(slip__item_part__item__in=named_items(actor))
    hidden = PhoneCall.objects.filter(restricted).exclude(named).order_by().values("pk")
    return in_territory(actor, "", *OVERSIGHT) & ~Q(pk__in=hidden)


def view_call(actor: ActorContext, obj: PhoneCall) -> Decision:
    subject = obj.slip if obj.slip_id else obj
    if not _may_know(actor, subject):
        return deny()
    return allow() if actor.sees_territory(obj.jurisdiction.path, *OVERSIGHT) else deny()


def manage_call(actor: ActorContext, obj: PhoneCall) -> Decision:
    subject = obj.slip if obj.slip is not None else obj
    return _granted(actor, subject, office_grant(actor, obj), _("Only the office does this."))


register_scope(PhoneCall, calls_scope)
register_rule(PhoneCall, "view", view_call)
register_rule(PhoneCall, "manage", manage_call)


def bulletins_scope(actor: ActorContext) -> Q:
    """A draft is the office's own; an issued bulletin is read by everybody with business in the territory."""
    wanted = Q(jurisdiction_id__in=offices(actor))
    wanted |= (in_territory(actor, "", *OVERSIGHT) | _of_units(actor)) & Q(
        state__in=[BulletinState.ISSUED, BulletinState.WITHDRAWN]
    )
    return wanted


def _of_units(actor: ActorContext) -> Q:
    """Bulletins of the territory a unit belongs to and of those above it."""
    wanted = Q(pk__in=[])
    for path in actor.paths(*UNIT):
        steps = path.strip("/").split("/")
        wanted |= Q(
            jurisdiction__path__in=["/" + "/".join(steps[:end]) + "/" for end in range(1, len(steps) + 1)]
        )
    return wanted


def view_bulletin(actor: ActorContext, obj: Bulletin) -> Decision:
    if office_grant(actor, obj):
        return allow()
    if obj.state not in (BulletinState.ISSUED, BulletinState.WITHDRAWN):
        return deny()
    if actor.sees_territory(obj.jurisdiction.path, *OVERSIGHT):
        return allow()
    return allow() if any(path.startswith(obj.jurisdiction.path) for path in actor.paths(*UNIT)) else deny()


def manage_bulletin(actor: ActorContext, obj: Bulletin) -> Decision:
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny(_("Only the office does this."))


def decide_bulletin(actor: ActorContext, obj: Bulletin) -> Decision:
    grant = director_grant(actor, obj)
    return allow(grant) if grant else deny(_("A bulletin is issued by the office administrator."))


register_scope(Bulletin, bulletins_scope)
register_rule(Bulletin, "view", view_bulletin)
register_rule(Bulletin, "manage", manage_bulletin)
register_rule(Bulletin, "decide", decide_bulletin)
