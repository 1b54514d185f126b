"""`advance()`: one transaction → lock → legal? → allowed? → write → journal → effects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, Decision, allow, can, deny
from qualitycity.audit.journal import build_entry, write_entries
from qualitycity.audit.models import Entry

from .machine import Batch, Change, IllegalMove, Machine, NotAllowed, Transition


def advance(
    machine: Machine,
    obj: Any,
    action: str,
    *,
    actor: ActorContext,
    reason: str = "",
    fields: Mapping[str, Any] | None = None,
    row_version: int | None = None,
) -> Any:
    """Moves one row and returns it, freshly read. See `advance_many`."""
    versions = None if row_version is None else {obj.pk: row_version}
    moved = advance_many(
        machine, [obj], action, actor=actor, reason=reason, fields={obj.pk: fields}, versions=versions
    )
    return moved[0]


def advance_many(
    machine: Machine,
    objs: Iterable[Any],
    action: str,
    *,
    actor: ActorContext,
    reason: str = "",
    fields: Mapping[int, Mapping[str, Any] | None] | None = None,
    versions: Mapping[int, int] | None = None,
) -> list[Any]:
    """Moves all rows or none, in a constant number of statements; `fields` and `versions` as in `Batch`.

    Repeating a move that the same person has just made is a no-op. Raises IllegalMove or NotAllowed, both with a
    sentence and the row it stands at.
    """
    batch = Batch(machine, list(objs), fields or {}, versions or {})
    return advance_together([batch], action, actor=actor, reason=reason)[0]


def advance_together(
    batches: Sequence[Batch], action: str, *, actor: ActorContext, reason: str = ""
) -> list[list[Any]]:
    """The same move on rows of several machines: all of them or none, one writing of the journal, and one call of
    each effect with the changes of all machines. Returns the rows of each batch in the order given."""
    reason = reason.strip()
    with transaction.atomic():
        moves: list[_Move] = []
        moved: list[list[Any]] = []
        for batch in batches:
            rows = list(batch.rows) if batch.held else _locked_rows(batch)
            done = _just_done(batch.machine, rows, action, actor)
            found = [_judge(batch, row, action, actor, reason) for row in rows if row.pk not in done]
            _write_rows(batch, found)
            moves += found
            moved.append(rows)
        if moves:
            write_entries([move.entry() for move in moves])
            _run_effects(moves)
    return moved


@dataclass(frozen=True)
class _Move:
    """One judged move, and what the journal says of it."""

    change: Change
    transition: Transition
    before: dict[str, Any]
    after: dict[str, Any]

    def entry(self) -> Entry:
        change = self.change
        return build_entry(
            subject=change.obj,
            action=change.action,
            actor=None if change.actor.is_clock else change.actor,
            from_state=change.source,
            to_state=change.target,
            reason=change.reason,
            before=self.before or None,
            after=self.after or None,
            audience=self.transition.audience,
            at=timezone.now(),
        )


def _locked_rows(batch: Batch) -> list[Any]:
    machine, wanted = batch.machine, [obj.pk for obj in batch.rows]
    model: Any = apps.get_model(machine.model)
    rows = (
        model._base_manager.select_related(*machine.related)
        .prefetch_related(*machine.prefetch)
        .select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    order = {pk: index for index, pk in enumerate(wanted)}
    return sorted(rows, key=lambda row: order[row.pk])


def _judge(batch: Batch, row: Any, action: str, actor: ActorContext, reason: str) -> _Move:
    """Is the move legal and allowed? Then the row is set to its target."""
    machine = batch.machine
    state = getattr(row, machine.field)
    transition = machine.find(state, action)
    if transition is None:
        raise IllegalMove(_illegal_sentence(machine, row, action), row)
    decision = _allowed(transition, row, actor)
    if not decision:
        raise NotAllowed(decision.reason, row)
    if batch.versions.get(row.pk, row.row_version) != row.row_version:
        raise IllegalMove(
            _("Somebody else has changed this line in the meantime. Please look at it again."), row
        )
    if _same_person(transition, row, actor, decision):
        raise NotAllowed(_own_work_sentence(transition), row)
    if transition.reason_required and not reason:
        raise IllegalMove(_("Please give a reason."), row)
    blocked = transition.guard(row, actor) if transition.guard else ""
    if blocked:
        raise IllegalMove(blocked, row)
    before = _snapshot(machine, row)
    for name, value in (batch.fields.get(row.pk) or {}).items():
        setattr(row, name, value)
    setattr(row, machine.field, transition.target)
    if row.pk:
        row.row_version += 1
    change = Change(row, action, state, transition.target, actor.on_behalf(decision.grant), reason)
    return _Move(change, transition, before, _snapshot(machine, row))


def _write_rows(batch: Batch, moves: list[_Move]) -> None:
    manager: Any = apps.get_model(batch.machine.model)._base_manager
    rows = [move.change.obj for move in moves]
    new, old = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
    if new:
        manager.bulk_create(new)
    if old:
        columns = {batch.machine.field, "row_version", *batch.changed}
        columns |= {name for row in old for name in batch.fields.get(row.pk) or {}}
        manager.bulk_update(old, sorted(columns))


def available(machine: Machine, obj: Any, actor: ActorContext) -> list[Transition]:
    """Moves this person could make now: the buttons of a page. Guards are included, so a button always works."""
    open_moves = []
    for transition in machine.transitions:
        if transition.by != "person" or getattr(obj, machine.field) not in transition.source:
            continue
        decision = can(actor, transition.who, obj)
        if not decision or _same_person(transition, obj, actor, decision):
            continue
        if transition.guard and transition.guard(obj, actor):
            continue
        open_moves.append(transition)
    return open_moves


def _allowed(transition: Transition, row: Model, actor: ActorContext) -> Decision:
    """The clock makes the clock's moves and no others; a person is judged by the rules."""
    if transition.by == "clock":
        return allow() if actor.is_clock else deny()
    return can(actor, transition.who, row)


def _run_effects(moves: list[_Move]) -> None:
    for effect in dict.fromkeys(effect for move in moves for effect in move.transition.effects):
        effect([move.change for move in moves if effect in move.transition.effects])


def _snapshot(machine: Machine, row: Model) -> dict[str, Any]:
    return {name: getattr(row, name) for name in machine.snapshot}


def why_not(machine: Machine, obj: Any, action: str, actor: ActorContext) -> Any:
    """The sentence that keeps this person from the move, "" when it is open; queries no more than the guard does."""
    transition = machine.find(getattr(obj, machine.field), action)
    if transition is None:
        return _illegal_sentence(machine, obj, action)
    decision = _allowed(transition, obj, actor)
    if not decision:
        return decision.reason
    if _same_person(transition, obj, actor, decision):
        return _own_work_sentence(transition)
    return transition.guard(obj, actor) if transition.guard else ""


def _same_person(transition: Transition, row: Model, actor: ActorContext, decision: Decision) -> bool:
    """Maker ≠ checker: neither the person himself nor whoever he stands in for in this very act made the row."""
    mine = {actor.user_id}
    if decision.grant is not None and decision.grant.acting_for_id is not None:
        mine.add(decision.grant.acting_for_id)
    return any(
        getattr(row, name) in mine for name in transition.second_person if getattr(row, name) is not None
    )


def _own_work_sentence(transition: Transition) -> Any:
    return transition.second_person_sentence or _("Nobody signs or accepts what he has entered himself.")


def _just_done(machine: Machine, rows: list[Any], action: str, actor: ActorContext) -> set[int]:
    """A double click or a resent form: rows that stand where this very person has put them a moment ago."""
    stuck = {
        row.pk: getattr(row, machine.field)
        for row in rows
        if machine.find(getattr(row, machine.field), action) is None
    }
    if not stuck:
        return set()
    last = (
        Entry.objects.filter(subject_type=machine.model.lower(), subject_id__in=stuck)
        .order_by("subject_id", "-id")
        .distinct("subject_id")
    )
    return {
        entry.subject_id
        for entry in last
        if entry.action == action
        and entry.to_state == stuck[entry.subject_id]
        and entry.actor_id == actor.user_id
    }


def _illegal_sentence(machine: Machine, row: Any, action: str) -> str:
    state = getattr(row, f"get_{machine.field}_display")()
    label = next((str(t.label) for t in machine.transitions if t.action == action), action)
    return _("“%(action)s” is not possible any more: the state is now “%(state)s”.") % {
        "action": label,
        "state": state,
    }
