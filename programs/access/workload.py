"""Who sees workbooks that came back, and who counts and limits what units are asked for."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import BurdenCap, WorkbookImport
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from .ground import OFFICE

#: Who runs an office of a territory.
OFFICES = (*OFFICE, Role.DISTRICT_OFFICE)


def imports_scope(actor: ActorContext) -> Q:
    """One's own uploads: they hold texts of a draft."""
    return Q(uploaded_by_id=actor.user_id) if actor.user_id else Q(pk__in=[])


def own_import(actor: ActorContext, obj: WorkbookImport) -> Decision:
    return allow() if actor.user_id and obj.uploaded_by_id == actor.user_id else deny()


register_scope(WorkbookImport, imports_scope)
register_rule(WorkbookImport, "view", own_import)
register_rule(WorkbookImport, "edit", own_import)


def caps_scope(actor: ActorContext) -> Q:
    return Q(jurisdiction_id__in=actor.jurisdictions(*OFFICES))


def view_cap(actor: ActorContext, obj: BurdenCap) -> Decision:
    return allow() if obj.jurisdiction_id in actor.jurisdictions(*OFFICES) else deny()


def set_cap(actor: ActorContext, obj: BurdenCap) -> Decision:
    """By the office administrator; a district office decides for its district."""
    for grant in actor.holding(Role.OFFICE_ADMIN, Role.DISTRICT_OFFICE):
        if grant.jurisdiction_id == obj.jurisdiction_id:
            return allow(grant)
    return deny(_("The limit is set by the office administrator."))


register_scope(BurdenCap, caps_scope)
register_rule(BurdenCap, "view", view_cap)
register_rule(BurdenCap, "set", set_cap)
