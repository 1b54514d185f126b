"""Who keeps the register of 应报材料, hands in and accepts. A paper is seen by its unit, its office and the overseers."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Material, MaterialDue
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope

from ..ground import OVERSIGHT, UNIT, director_grant, in_territory, office_grant, unit_grant


def materials_scope(actor: ActorContext) -> Q:
    """The register: those in charge, and the units from which the paper is asked."""
    wanted = in_territory(actor, "", *OVERSIGHT)
    mine = actor.departments(*UNIT)
    if mine:
        wanted |= Q(pk__in=MaterialDue.objects.filter(department_id__in=mine).values("material_id"))
    return wanted


def view_material(actor: ActorContext, obj: Material) -> Decision:
    if actor.sees_territory(obj.jurisdiction.path, *OVERSIGHT):
        return allow()
    mine = actor.departments(*UNIT)
    return allow() if mine and obj.dues.filter(department_id__in=mine).exists() else deny()


def keep_material(actor: ActorContext, obj: Material) -> Decision:
    """Asked of a row that may be about to be made."""
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny(_("The register of papers due is kept by the office that asks for them."))


def end_material(actor: ActorContext, obj: Material) -> Decision:
    grant = director_grant(actor, obj)
    return allow(grant) if grant else deny(_("Only the office administrator takes a paper off the register."))


register_scope(Material, materials_scope)
register_rule(Material, "view", view_material)
register_rule(Material, "manage", keep_material)
register_rule(Material, "decide", end_material)


def dues_scope(actor: ActorContext) -> Q:
    return in_territory(actor, "material__", *OVERSIGHT) | Q(department_id__in=actor.departments(*UNIT))


def view_due(actor: ActorContext, obj: MaterialDue) -> Decision:
    if actor.sees_territory(obj.material.jurisdiction.path, *OVERSIGHT):
        return allow()
    return allow() if obj.department_id in actor.departments(*UNIT) else deny()


def file_own(actor: ActorContext, obj: MaterialDue) -> Decision:
    grant = unit_grant(actor, obj.department_id, *UNIT)
    return allow(grant) if grant else deny(_("Only the unit itself hands in its paper."))


def file_any(actor: ActorContext, obj: MaterialDue) -> Decision:
    """By the unit – the paper carries its seal, so liaison or head – or by the office for a unit without account."""
    return file_own(actor, obj) or accept_due(actor, obj)


def accept_due(actor: ActorContext, obj: MaterialDue) -> Decision:
    grant = office_grant(actor, obj.material)
    return allow(grant) if grant else deny(_("Only the office that asks for the paper accepts it."))


def waive_due(actor: ActorContext, obj: MaterialDue) -> Decision:
    grant = director_grant(actor, obj.material)
    return allow(grant) if grant else deny(_("Only the office administrator waives a paper."))


register_scope(MaterialDue, dues_scope)
register_rule(MaterialDue, "view", view_due)
register_rule(MaterialDue, "file", file_any)
register_rule(MaterialDue, "file_own", file_own)
register_rule(MaterialDue, "accept", accept_due)
register_rule(MaterialDue, "decide", waive_due)
