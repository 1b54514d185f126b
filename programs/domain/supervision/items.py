"""督办事项: the transition table of a supervised item outside programmes, and its moves.

| from | action | to | who |
|---|---|---|---|
| registered | assign 交办 | assigned | office administrator; a handling unit must be named |
| assigned | complete 办结 | completed | office administrator; every handling unit's part done or waived |
| completed | reopen 恢复办理 | assigned | office administrator, with a reason; the handling units' parts open again |
| completed | close 销号 | closed | office administrator; a listed case only after its 摘牌 was asked for by somebody else |
| registered, assigned | suspend 中止 | suspended | office administrator, with a reason |
| suspended | resume 恢复办理 | assigned | office administrator, with a reason; what had been handed out |
| suspended | restore 恢复立项 | registered | office administrator, with a reason; what had not |

签收, 反馈 and 审核 happen unit by unit: `item_parts.py`, `item_reports.py`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import Endorsement, ItemKind, ItemPartState, ItemState
from programs.models import SupervisedItem
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Department

from . import item_notices as notices
from .item_parts import assign_parts, reopen_parts
from .item_people import units_nobody_is_named_of
from .item_units import name_units

REGISTERED, ASSIGNED, COMPLETED = ItemState.REGISTERED, ItemState.ASSIGNED, ItemState.COMPLETED
CLOSED, SUSPENDED = ItemState.CLOSED, ItemState.SUSPENDED


def _assignable(item: SupervisedItem, actor: ActorContext) -> str:
    if not any(part.answers for part in item.parts.all()):
        return _("Name a handling unit first.")
    return ""


def _completable(item: SupervisedItem, actor: ActorContext) -> str:
    waiting = [
        part for part in item.parts.all() if part.answers and part.state not in ItemPartState.settled()
    ]
    if waiting:
        units = "、".join(str(part.department) for part in waiting[:5])
        return _("Not every handling unit's part is done or waived yet: %(units)s.") % {"units": units}
    return ""


def _closable(item: SupervisedItem, actor: ActorContext) -> str:
    if item.kind == ItemKind.CASE and item.delisting_asked_by_id is None:
        return _("A listed case is struck off after its delisting has been asked for.")
    return ""


def _was_out(item: SupervisedItem, actor: ActorContext) -> str:
    return "" if item.assigned_on else _("The item had not been handed out; it goes back to the registered ones.")


def _was_not_out(item: SupervisedItem, actor: ActorContext) -> str:
    return _("The item had been handed out; it goes on where it stood.") if item.assigned_on else ""


def _assign_waiting_parts(changes: list[Change]) -> None:
    """Effect of 交办: all parts that are still with the office go out with the item."""
    waiting = [
        part for change in changes for part in change.obj.parts.all() if part.state == ItemPartState.PENDING
    ]
    if waiting:
        assign_parts(waiting, actor=changes[0].actor)


def _reopen_done_parts(changes: list[Change]) -> None:
    """Effect of 恢复办理: the handling units owe again; what was waived stays waived."""
    done = [
        part
        for change in changes
        for part in change.obj.parts.all()
        if part.answers and part.state == ItemPartState.DONE
    ]
    if done:
        reopen_parts(done, actor=changes[0].actor, reason=changes[0].reason)


def _move(action: str, source: set[str], target: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, "decide", label, **more)


ITEMS = Machine(
    model="programs.SupervisedItem",
    field="state",
    related=("jurisdiction",),
    prefetch=("parts__department",),
    transitions=(
        _move(
            "assign",
            {REGISTERED},
            ASSIGNED,
            gettext_lazy("Hand out"),
            guard=_assignable,
            effects=(_assign_waiting_parts,),
        ),
        _move(
            "complete",
            {ASSIGNED},
            COMPLETED,
            gettext_lazy("Complete"),
            guard=_completable,
            effects=(notices.tell_item,),
        ),
        _move(
            "reopen",
            {COMPLETED},
            ASSIGNED,
            gettext_lazy("Take up again"),
            reason_required=True,
            effects=(_reopen_done_parts, notices.tell_item),
        ),
        _move(
            "close",
            {COMPLETED},
            CLOSED,
            gettext_lazy("Strike off"),
            guard=_closable,
            second_person=("delisting_asked_by_id",),
            second_person_sentence=gettext_lazy(
                "You asked for the delisting yourself; somebody else decides about it."
            ),
            effects=(notices.tell_item,),
        ),
        _move(
            "suspend",
            {REGISTERED, ASSIGNED},
            SUSPENDED,
            gettext_lazy("Suspend"),
            reason_required=True,
            effects=(notices.tell_item,),
        ),
        _move(
            "resume",
            {SUSPENDED},
            ASSIGNED,
            gettext_lazy("Resume"),
            reason_required=True,
            guard=_was_out,
            effects=(notices.tell_item,),
        ),
        _move(
            "restore",
            {SUSPENDED},
            REGISTERED,
            gettext_lazy("Put back among the registered"),
            reason_required=True,
            guard=_was_not_out,
        ),
    ),
)


def assign(item: SupervisedItem, *, actor: ActorContext) -> SupervisedItem:
    """交办: the item and all its parts go out in one act. Of a restricted item somebody of each unit must be named."""
    if item.restricted:
        units = list(item.parts.values_list("department_id", flat=True))
        unnamed = units_nobody_is_named_of(item, units)
        if unnamed and can(actor, "decide", item):
            names = "、".join(str(unit) for unit in Department.objects.filter(pk__in=unnamed).order_by("sort", "pk"))
            raise IllegalMove(
                _("Name the persons who handle it first: nobody of %(units)s is named.") % {"units": names}, item
            )
    return advance(ITEMS, item, "assign", actor=actor, fields={"assigned_on": timezone.localdate()})


def assign_with_units(
    item: SupervisedItem, *, units: Sequence[tuple[Department, str]], actor: ActorContext
) -> SupervisedItem:
    """确定单位并交办: both or neither. Pressed again by the same person it changes nothing."""
    with transaction.atomic():
        item = _locked(item)
        if item.state == REGISTERED:
            item = name_units(item, units=units, actor=actor)
        return assign(item, actor=actor)


def complete(item: SupervisedItem, *, actor: ActorContext, reason: str = "") -> SupervisedItem:
    """办结."""
    fields = {"completed_on": timezone.localdate()}
    return advance(ITEMS, item, "complete", actor=actor, reason=reason, fields=fields)


def reopen(item: SupervisedItem, *, actor: ActorContext, reason: str) -> SupervisedItem:
    """恢复办理. What was said about the completed item – 摘牌 asked for, the leader's word – falls with it."""
    fields: dict[str, Any] = {
        "completed_on": None,
        "delisting_asked_by_id": None,
        "delisting_basis": "",
        "delisting_approved_by": "",
        "endorsement": "",
        "endorsed_by_id": None,
        "endorsed_at": None,
    }
    return advance(ITEMS, item, "reopen", actor=actor, reason=reason, fields=fields)


def close(item: SupervisedItem, *, actor: ActorContext, reason: str = "") -> SupervisedItem:
    """销号, for a listed case 摘牌."""
    return advance(ITEMS, item, "close", actor=actor, reason=reason, fields={"closed_on": timezone.localdate()})


def suspend(item: SupervisedItem, *, actor: ActorContext, reason: str) -> SupervisedItem:
    """中止."""
    return advance(ITEMS, item, "suspend", actor=actor, reason=reason)


def resume(item: SupervisedItem, *, actor: ActorContext, reason: str) -> SupervisedItem:
    """恢复: the item goes on where it stood."""
    return advance(ITEMS, item, "resume" if item.assigned_on else "restore", actor=actor, reason=reason)


def extend_item(item: SupervisedItem, *, actor: ActorContext, due_on: date, reason: str) -> SupervisedItem:
    """延期: the new date at the request of a handling unit; the original one stays for ever, and each time counts."""
    with transaction.atomic():
        item = _locked(item)
        decision = can(actor, "decide", item)
        if not decision:
            raise NotAllowed(decision.reason, item)
        if item.state != ASSIGNED:
            raise IllegalMove(_("Only the time limit of an item that is being handled is extended."), item)
        if due_on <= item.due_on:
            raise IllegalMove(
                _("The new date must lie after the date in force (%(day)s).") % {"day": date_format(item.due_on)}, item
            )
        before = {"due_on": item.due_on.isoformat()}
        item.due_on, item.extended = due_on, item.extended + 1
        item.row_version += 1
        item.save()
        record(
            subject=item,
            action="extend",
            actor=actor.on_behalf(decision.grant),
            reason=reason,
            before=before,
            after={"due_on": due_on.isoformat(), "extended": item.extended},
        )
    return item


def ask_delisting(
    item: SupervisedItem, *, actor: ActorContext, basis: str, approved_by: str
) -> SupervisedItem:
    """申请摘牌 of a completed case: on what basis, and who approved it. A second person strikes the case off."""
    basis, approved_by = basis.strip()[:300], approved_by.strip()[:80]
    with transaction.atomic():
        item = _locked(item)
        decision = can(actor, "manage", item)
        if not decision:
            raise NotAllowed(decision.reason, item)
        if item.kind != ItemKind.CASE:
            raise IllegalMove(_("Only a listed case is delisted."), item)
        if item.state != COMPLETED:
            raise IllegalMove(_("The delisting is asked for once the case is completed."), item)
        if not basis or not approved_by:
            raise IllegalMove(_("Please give the basis and who approved the delisting."), item)
        same = (item.delisting_basis, item.delisting_approved_by) == (basis, approved_by)
        if item.delisting_asked_by_id == actor.user_id and same:
            return item
        if item.delisting_asked_by_id is not None:
            raise IllegalMove(_("The delisting has been asked for already."), item)
        item.delisting_asked_by_id = actor.person_id
        item.delisting_basis, item.delisting_approved_by = basis, approved_by
        item.row_version += 1
        item.save()
        record(subject=item, action="ask_delisting", actor=actor.on_behalf(decision.grant), audience="office")
        notices.tell_delisting(item, actor=actor.user_id)
    return item


def endorse(item: SupervisedItem, *, actor: ActorContext, word: str) -> SupervisedItem:
    """已阅 or 同意销号 by the leader whose instruction it is, or recorded by his secretary. Nothing waits for it."""
    word = Endorsement(word)
    with transaction.atomic():
        item = _locked(item)
        decision = can(actor, "endorse", item)
        if not decision:
            raise NotAllowed(decision.reason, item)
        if item.state not in (COMPLETED, CLOSED):
            raise IllegalMove(_("The leader says this once the item is completed."), item)
        if item.endorsement == word:
            return item
        item.endorsement, item.endorsed_by_id, item.endorsed_at = word, actor.person_id, timezone.now()
        item.row_version += 1
        item.save()
        words = {Endorsement.READ: "已阅", Endorsement.AGREED: "同意销号"}[word]
        record(subject=item, action="endorse", actor=actor.on_behalf(decision.grant), after={"word": words})
        notices.tell_endorsed(item, actor=actor.user_id, words=words)
    return item


def _locked(item: SupervisedItem) -> SupervisedItem:
    rows = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction", "leader")
    return rows.get(pk=item.pk)
