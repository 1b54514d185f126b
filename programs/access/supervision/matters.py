"""Who sees, answers, decides and notes 需协调事项."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import MatterState
from programs.models import CoordinationMatter
from qualitycity.access import ActorContext, Decision, Grant, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from ..ground import OFFICE, READERS, UNIT, in_territory, office_grant, offices, unit_grant

ABOVE = (*OFFICE, Role.DISTRICT_OFFICE)


def matters_scope(actor: ActorContext) -> Q:
    """The unit sees its own, the office its own with those taken back, offices above and readers the others."""
    standing = ~Q(state=MatterState.DROPPED)
    return (
        Q(department_id__in=actor.departments(*UNIT))
        | Q(jurisdiction_id__in=offices(actor))
        | (in_territory(actor, "", *ABOVE, *READERS) & standing)
    )


def view_matter(actor: ActorContext, obj: CoordinationMatter) -> Decision:
    if obj.department_id in actor.departments(*UNIT) or obj.jurisdiction_id in offices(actor):
        return allow()
    if obj.state == MatterState.DROPPED:
        return deny()
    return allow() if actor.sees_territory(obj.jurisdiction.path, *ABOVE, *READERS) else deny()


def manage_matter(actor: ActorContext, obj: CoordinationMatter) -> Decision:
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny(_("Only the office deals with this matter."))


def leader_grant(actor: ActorContext, leader_id: int | None) -> Grant | None:
    """The grant by which the person is this leader, stands in for him, or records for him (代录)."""
    if leader_id is None:
        return None
    for grant in actor.holding(Role.LEADER, Role.SECRETARY):
        whose = grant.leader_id if grant.role == Role.SECRETARY else (grant.acting_for_id or actor.user_id)
        if whose == leader_id:
            return grant
    return None


def decide_matter(actor: ActorContext, obj: CoordinationMatter) -> Decision:
    """The leader before whom it was put, his secretary, or the office from a paper that it names."""
    grant = leader_grant(actor, obj.leader_id) or office_grant(actor, obj)
    return allow(grant) if grant else deny(_("The leader before whom the matter was put decides it."))


def acknowledge_matter(actor: ActorContext, obj: CoordinationMatter) -> Decision:
    grant = unit_grant(actor, obj.department_id)
    return allow(grant) if grant else deny(_("Only the unit that brought the matter up notes what came of it."))


def reopen_matter(actor: ActorContext, obj: CoordinationMatter) -> Decision:
    grant = unit_grant(actor, obj.department_id) or office_grant(actor, obj)
    return allow(grant) if grant else deny(_("Only the unit or the office takes the matter up again."))


register_scope(CoordinationMatter, matters_scope)
register_rule(CoordinationMatter, "view", view_matter)
register_rule(CoordinationMatter, "manage", manage_matter)
register_rule(CoordinationMatter, "decide", decide_matter)
register_rule(CoordinationMatter, "acknowledge", acknowledge_matter)
register_rule(CoordinationMatter, "reopen", reopen_matter)
