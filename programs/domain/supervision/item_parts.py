"""督办事项的承办: the transition table of one unit's part of an item.

| from | action | to | who |
|---|---|---|---|
| pending | assign 交办 | assigned | office administrator (with the item) |
| assigned | sign_for 签收 | signed_for | liaison or head of the unit; filing a report signs for as well |
| assigned, signed_for | finish 完成 | done | office, with a reason; by accepting a final report |
| assigned, signed_for | waive 免办 | waived | office administrator, with a reason |
| done, waived | reopen 恢复办理 | signed_for | office administrator, with a reason |
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import ItemPartState, ItemState
from programs.models import ItemPart
from qualitycity.access import ActorContext
from qualitycity.workflow import Change, Machine, Transition, advance, advance_many

from . import item_notices as notices

PENDING, ASSIGNED, SIGNED_FOR = ItemPartState.PENDING, ItemPartState.ASSIGNED, ItemPartState.SIGNED_FOR
DONE, WAIVED = ItemPartState.DONE, ItemPartState.WAIVED
#: Stands in the journal, in the office's language.
ACCEPTED_FINAL = "办结报告审核通过"


def in_hand(part: ItemPart, actor: ActorContext | None = None) -> str:
    """Guard: the item is out and neither suspended nor completed."""
    match part.item.state:
        case ItemState.ASSIGNED:
            return ""
        case ItemState.SUSPENDED:
            return _("The item is suspended; nothing moves until it is resumed.")
        case ItemState.REGISTERED:
            return _("The item has not been handed out yet.")
    return _("The item is completed; take it up again first.")


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, who, label, guard=in_hand, **more)


ITEM_PARTS = Machine(
    model="programs.ItemPart",
    field="state",
    related=("item__jurisdiction", "department"),
    transitions=(
        _move(
            "assign", {PENDING}, ASSIGNED, "decide", gettext_lazy("Hand out"), effects=(notices.tell_assigned,)
        ),
        _move("sign_for", {ASSIGNED}, SIGNED_FOR, "sign_for", gettext_lazy("Sign for")),
        _move(
            "finish",
            {ASSIGNED, SIGNED_FOR},
            DONE,
            "manage",
            gettext_lazy("Record as done"),
            reason_required=True,
        ),
        _move(
            "waive",
            {ASSIGNED, SIGNED_FOR},
            WAIVED,
            "decide",
            gettext_lazy("Waive"),
            reason_required=True,
            effects=(notices.tell_part,),
        ),
        _move(
            "reopen",
            {DONE, WAIVED},
            SIGNED_FOR,
            "decide",
            gettext_lazy("Take up again"),
            reason_required=True,
            effects=(notices.tell_part,),
        ),
    ),
)


def assign_parts(parts: Iterable[ItemPart], *, actor: ActorContext) -> list[ItemPart]:
    """交办: with the item, or a unit added to an item that is out."""
    parts, today = list(parts), timezone.localdate()
    fields = {part.pk: {"assigned_on": today} for part in parts}
    return advance_many(ITEM_PARTS, parts, "assign", actor=actor, fields=fields)


def sign_for(parts: Iterable[ItemPart], *, actor: ActorContext) -> list[ItemPart]:
    """签收, one or many."""
    parts, today = list(parts), timezone.localdate()
    fields = {part.pk: {"signed_for_by_id": actor.user_id, "signed_for_on": today} for part in parts}
    return advance_many(ITEM_PARTS, parts, "sign_for", actor=actor, fields=fields)


def finish(part: ItemPart, *, actor: ActorContext, reason: str) -> ItemPart:
    """完成 without a final report: the office says on what ground."""
    return advance(
        ITEM_PARTS, part, "finish", actor=actor, reason=reason, fields={"settled_on": timezone.localdate()}
    )


def waive(part: ItemPart, *, actor: ActorContext, reason: str) -> ItemPart:
    fields = {"settled_on": timezone.localdate(), "settled_note": reason.strip()[:200]}
    return advance(ITEM_PARTS, part, "waive", actor=actor, reason=reason, fields=fields)


def reopen_parts(parts: Iterable[ItemPart], *, actor: ActorContext, reason: str) -> list[ItemPart]:
    parts = list(parts)
    fields = {part.pk: {"settled_on": None, "settled_note": ""} for part in parts}
    return advance_many(ITEM_PARTS, parts, "reopen", actor=actor, reason=reason, fields=fields)


def reopen(part: ItemPart, *, actor: ActorContext, reason: str) -> ItemPart:
    return reopen_parts([part], actor=actor, reason=reason)[0]


def sign_for_reported_parts(changes: list[Change]) -> None:
    """Effect of `submit`: who reports has taken the part on; no second form for that. Not when the office typed."""
    waiting = [
        change.obj.part for change in changes if change.obj.part.state == ASSIGNED and not change.obj.on_behalf
    ]
    if waiting:
        sign_for(waiting, actor=changes[0].actor)


def finish_reported_parts(changes: list[Change]) -> None:
    """Effect of `accept`: a final report finishes the part, as of the day on which the unit handed it in – the days of
    the review are not the unit's."""
    finals = [
        change.obj
        for change in changes
        if change.obj.final and change.obj.part.state in (ASSIGNED, SIGNED_FOR)
    ]
    if finals:
        fields = {row.part_id: {"settled_on": timezone.localdate(row.signed_at)} for row in finals}
        advance_many(
            ITEM_PARTS,
            [row.part for row in finals],
            "finish",
            actor=changes[0].actor,
            reason=ACCEPTED_FINAL,
            fields=fields,
        )
