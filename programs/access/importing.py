"""Who brings documents in: the office of the territory (a district's for its district)."""

from django.db.models import Q

from programs.models import PolicyDraft
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from .ground import office_grant, offices


def drafts_scope(actor: ActorContext) -> Q:
    """The office's own, and what the auditor looks into."""
    wanted = Q(jurisdiction_id__in=offices(actor))
    for path in actor.paths(Role.AUDITOR):
        wanted |= Q(jurisdiction__path__startswith=path)
    return wanted


def view_draft(actor: ActorContext, obj: PolicyDraft) -> Decision:
    if office_grant(actor, obj):
        return allow()
    return allow() if actor.sees_territory(obj.jurisdiction.path, Role.AUDITOR) else deny()


def edit_draft(actor: ActorContext, obj: PolicyDraft) -> Decision:
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny()


register_scope(PolicyDraft, drafts_scope)
register_rule(PolicyDraft, "view", view_draft)
register_rule(PolicyDraft, "edit", edit_draft)
