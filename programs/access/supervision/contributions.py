"""Supporters' parts: the unit itself, the lead of the task, and the office what the lead has adopted."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ContributionState, EntryState, ResponsibilityRole
from programs.models import Contribution, Responsibility
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from ..ground import FILERS, OFFICE, READERS, UNIT, in_territory, office_grant, offices, unit_grant

#: Roles that collect the parts of others.
LEADS = (ResponsibilityRole.LEAD, ResponsibilityRole.SOLE)
OVERSEEING = (*OFFICE, Role.DISTRICT_OFFICE, *READERS)
REPORTED = tuple(EntryState.reported())


def contributions_scope(actor: ActorContext) -> Q:
    mine = actor.departments(*UNIT)
    led = Responsibility.objects.filter(role__in=LEADS, department_id__in=mine).exclude(state="waived")
    adopted = Q(state=ContributionState.ADOPTED)
    signed = adopted & Q(adopted_into__state__in=REPORTED)
    return (
        Q(part__department_id__in=mine)
        | Q(part__task__in=led.values("task_id"))
        | (adopted & Q(part__task__programme__jurisdiction_id__in=offices(actor)))
        | (signed & in_territory(actor, "part__task__programme__", *OVERSEEING))
    )


def view_contribution(actor: ActorContext, obj: Contribution) -> Decision:
    mine = actor.departments(*UNIT)
    if obj.department_id in mine or any(part.department_id in mine for part in leading_parts(obj)):
        return allow()
    if obj.state != ContributionState.ADOPTED:
        return deny()
    if office_grant(actor, obj.programme):
        return allow()
    signed = obj.adopted_into is not None and obj.adopted_into.state in REPORTED
    seen = actor.sees_territory(obj.programme.jurisdiction.path, *OVERSEEING)
    return allow() if signed and seen else deny()


def leading_parts(obj: Contribution) -> list[Responsibility]:
    return [
        part
        for part in obj.part.task.parts.all()
        if part.role in LEADS and part.department_id is not None and part.state != "waived"
    ]


def contribute(actor: ActorContext, obj: Contribution) -> Decision:
    grant = unit_grant(actor, obj.department_id)
    return allow(grant) if grant else deny(_("Only the supporting unit itself reports its part to the lead."))


def collect(actor: ActorContext, obj: Contribution) -> Decision:
    for part in leading_parts(obj):
        grant = unit_grant(actor, part.department_id, *FILERS)
        if grant:
            return allow(grant)
    return deny(_("Only the liaison of the lead unit adopts or asks back."))


register_scope(Contribution, contributions_scope)
register_rule(Contribution, "view", view_contribution)
register_rule(Contribution, "contribute", contribute)
register_rule(Contribution, "collect", collect)
