"""Supporters' parts: the unit itself, the lead of the task or item, and the office what the lead has adopted."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ContributionState, EntryState, ItemRole, ResponsibilityRole
from programs.models import Contribution, ItemPart, Responsibility
from qualitycity.access import ActorContext, Decision, Grant, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from ..ground import FILERS, OFFICE, READERS, UNIT, in_territory, office_grant, offices, unit_grant
from .items import of_item_scope, served_leaders, view_item, with_view

#: Roles that collect the parts of others.
LEADS = (ResponsibilityRole.LEAD, ResponsibilityRole.SOLE)
OVERSEEING = (*OFFICE, Role.DISTRICT_OFFICE, *READERS)
REPORTED = tuple(EntryState.reported())


def contributions_scope(actor: ActorContext) -> Q:
    """The unit its own, the lead those of its matter, the office what was adopted, everybody else in charge what was
    adopted into a report that left the lead signed. Of an item only who sees the item sees anything."""
    mine = actor.departments(*UNIT)
    led = Responsibility.objects.filter(role__in=LEADS, department_id__in=mine).exclude(state="waived")
    handled = ItemPart.objects.filter(role=ItemRole.LEAD, department_id__in=mine).exclude(state="waived")
    adopted = Q(state=ContributionState.ADOPTED)
    of_task = (
        Q(part__department_id__in=mine)
        | Q(part__task__in=led.values("task_id"))
        | (adopted & Q(part__task__programme__jurisdiction_id__in=offices(actor)))
        | (
            adopted
            & Q(adopted_into__state__in=REPORTED)
            & in_territory(actor, "part__task__programme__", *OVERSEEING)
        )
    )
    signed = adopted & Q(adopted_report__state__in=REPORTED)
    of_item = (
        Q(item_part__department_id__in=mine)
        | Q(item_part__item__in=handled.values("item_id"))
        | (adopted & Q(item_part__item__jurisdiction_id__in=offices(actor)))
        | (signed & in_territory(actor, "item_part__item__", *OVERSEEING))
    )
    if served_leaders(actor):
        of_item |= signed & Q(item_part__item__leader_id__in=served_leaders(actor))
    return of_task | (of_item_scope(actor, "item_part__") & of_item)


def view_contribution(actor: ActorContext, obj: Contribution) -> Decision:
    item = obj.item_part.item if obj.item_part else None
    if item is not None and not view_item(actor, item):
        return deny()
    mine = actor.departments(*UNIT)
    if obj.department_id in mine or any(part.department_id in mine for part in leading_parts(obj)):
        return allow()
    if obj.state != ContributionState.ADOPTED:
        return deny()
    if office_grant(actor, obj.governing):
        return allow()
    if obj.reported_in is None or obj.reported_in.state not in REPORTED:
        return deny()
    if actor.sees_territory(obj.governing.jurisdiction.path, *OVERSEEING):
        return allow()
    return allow() if item is not None and item.leader_id in served_leaders(actor) else deny()


def leading_parts(obj: Contribution) -> list[Responsibility] | list[ItemPart]:
    """Parts of the units that answer for the whole."""
    if obj.item_part:
        return [part for part in obj.item_part.item.parts.all() if part.answers and part.state != "waived"]
    assert obj.part is not None
    return [
        part
        for part in obj.part.task.parts.all()
        if part.role in LEADS and part.department_id is not None and part.state != "waived"
    ]


def _of_unit(actor: ActorContext, obj: Contribution, grant: Grant | None, why: Any) -> Decision:
    if obj.item_part:
        return with_view(actor, obj.item_part.item, grant, why)
    return allow(grant) if grant else deny(why)


def contribute(actor: ActorContext, obj: Contribution) -> Decision:
    why = _("Only the supporting unit itself reports its part to the lead.")
    return _of_unit(actor, obj, unit_grant(actor, obj.department_id), why)


def collect(actor: ActorContext, obj: Contribution) -> Decision:
    grants = (unit_grant(actor, part.department_id, *FILERS) for part in leading_parts(obj))
    why = _("Only the liaison of the lead unit adopts or asks back.")
    return _of_unit(actor, obj, next(filter(None, grants), None), why)


register_scope(Contribution, contributions_scope)
register_rule(Contribution, "view", view_contribution)
register_rule(Contribution, "contribute", contribute)
register_rule(Contribution, "collect", collect)
