"""Who asks for an extension, who sees it, who signs and decides."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ExtensionState
from programs.models import Extension
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from ..ground import OFFICE, READERS, UNIT, director_grant, in_territory, offices
from ..progress import file_any, file_line, review_line, sign_line

#: Requests that left the unit with its signature: what those in charge see.
LEFT = tuple(ExtensionState.left_unit())
OVERSEEING = (*OFFICE, Role.DISTRICT_OFFICE, *READERS)


def extensions_scope(actor: ActorContext) -> Q:
    """The unit sees its own; the office what was handed in or it typed itself; those in charge what left the unit."""
    office = Q(task__programme__jurisdiction_id__in=offices(actor))
    wanted = Q(department_id__in=actor.departments(*UNIT))
    wanted |= office & (~Q(state__in=[ExtensionState.DRAFT, ExtensionState.WITHDRAWN]) | Q(on_behalf=True))
    return wanted | (in_territory(actor, "task__programme__", *OVERSEEING) & Q(state__in=LEFT))


def view_extension(actor: ActorContext, obj: Extension) -> Decision:
    if obj.department_id in actor.departments(*UNIT):
        return allow()
    hidden = obj.state in (ExtensionState.DRAFT, ExtensionState.WITHDRAWN) and not obj.on_behalf
    if obj.task_id is not None and obj.jurisdiction_id in offices(actor) and not hidden:
        return allow()
    if obj.task_id is not None and obj.state in LEFT:
        return allow() if actor.sees_territory(obj.matter.jurisdiction.path, *OVERSEEING) else deny()
    return deny()


def decide_extension(actor: ActorContext, obj: Extension) -> Decision:
    grant = director_grant(actor, obj.matter)
    return allow(grant) if grant else deny(_("Only the office administrator decides about extensions."))


register_scope(Extension, extensions_scope)
register_rule(Extension, "view", view_extension)
register_rule(Extension, "file", file_any)
register_rule(Extension, "file_own", file_line)
register_rule(Extension, "sign", sign_line)
register_rule(Extension, "review", review_line)
register_rule(Extension, "decide", decide_extension)
