"""Who asks for an extension, who sees it, who signs and decides.

About a restricted item (挂牌督办案件 always) a request exists for the persons named for the item alone.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ExtensionState
from programs.models import Extension
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from ..ground import OFFICE, READERS, UNIT, director_grant, in_territory, offices
from ..progress import file_any, file_line, review_line, sign_line
from .items import is_named, of_item_scope, served_leaders, view_item

#: Requests that left the unit with its signature: what those in charge see.
LEFT = tuple(ExtensionState.left_unit())
OVERSEEING = (*OFFICE, Role.DISTRICT_OFFICE, *READERS)


def _seen(actor: ActorContext, prefix: str) -> Q:
    """The unit sees its own; the office what was handed in or it typed itself; those in charge what left the unit."""
    office = Q(**{f"{prefix}jurisdiction_id__in": offices(actor)})
    wanted = Q(department_id__in=actor.departments(*UNIT))
    wanted |= office & (~Q(state__in=[ExtensionState.DRAFT, ExtensionState.WITHDRAWN]) | Q(on_behalf=True))
    return wanted | (in_territory(actor, prefix, *OVERSEEING) & Q(state__in=LEFT))


def extensions_scope(actor: ActorContext) -> Q:
    of_items = _seen(actor, "item_part__item__")
    if served_leaders(actor):
        of_items |= Q(item_part__item__leader_id__in=served_leaders(actor), state__in=LEFT)
    of_tasks = Q(task__isnull=False) & _seen(actor, "task__programme__")
    return of_tasks | (Q(item_part__isnull=False) & of_item_scope(actor, "item_part__") & of_items)


def _hidden(actor: ActorContext, obj: Extension) -> bool:
    """A request about a restricted item, for somebody who is not named for it."""
    return obj.item_part is not None and obj.restricted and not is_named(actor, obj.item_part.item)


def view_extension(actor: ActorContext, obj: Extension) -> Decision:
    item = obj.item_part.item if obj.item_part is not None else None
    if item is not None and not view_item(actor, item):
        return deny()
    if obj.department_id in actor.departments(*UNIT):
        return allow()
    inside = obj.state in (ExtensionState.DRAFT, ExtensionState.WITHDRAWN) and not obj.on_behalf
    if obj.jurisdiction_id in offices(actor) and not inside:
        return allow()
    if obj.state not in LEFT:
        return deny()
    if actor.sees_territory(obj.matter.jurisdiction.path, *OVERSEEING):
        return allow()
    return allow() if item is not None and item.leader_id in served_leaders(actor) else deny()


def decide_extension(actor: ActorContext, obj: Extension) -> Decision:
    grant = director_grant(actor, obj.matter)
    return allow(grant) if grant else deny(_("Only the office administrator decides about extensions."))


def _if_named(rule: Any) -> Any:
    """The right by role, which about a restricted item only a named person has."""
    return lambda actor, obj: deny() if _hidden(actor, obj) else rule(actor, obj)


register_scope(Extension, extensions_scope)
register_rule(Extension, "view", view_extension)
register_rule(Extension, "file", _if_named(file_any))
register_rule(Extension, "file_own", _if_named(file_line))
register_rule(Extension, "sign", _if_named(sign_line))
register_rule(Extension, "review", _if_named(review_line))
register_rule(Extension, "decide", _if_named(decide_extension))
