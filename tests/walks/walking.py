"""The walker: somebody does something to some row, and whatever came of it must stand in the tables written by hand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import transaction
from django.db.models import CharField, F, Value
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from qualitycity.access import ActorContext
from qualitycity.audit.models import Entry
from qualitycity.home.invariants import violations
from qualitycity.workflow import Refused, advance

from ..factories import World
from .walk import CLOCK, Deed, Walk

#: As forms let them through; what they do not is tried page by page.
REASONS = ("", "   ", "理由", "职责调整", "长" * 500, "<b>x</b>")


#: (model, primary key) → (state, version).
States = dict[tuple[str, int], tuple[str, int]]


@dataclass
class Ground:
    """What all walks of a run share: the world they start from, and counts of what was tried."""

    world: World
    walks: Sequence[Walk]
    clock: Any
    start: Any
    walked: int = 0
    moved: int = 0
    refused: int = 0
    actors: dict[Any, ActorContext] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_label = {walk.label: walk for walk in self.walks}
        self.deeds: list[tuple[str, Deed]] = [
            (name, deed) for walk in self.walks for name, deed in walk.deeds.items()
        ]
        # those who only look on are asked less often than those who have something to do
        doers = [name for name in self.world.people if name.endswith(("liaison", "head", "clerk", "director"))]
        self.people = sorted(self.world.people) + sorted(doers) * 3
        self.roles: dict[int | None, frozenset[str]] = {None: CLOCK}
        for name in self.world.people:
            actor = self.actor(name)
            self.roles[actor.user_id] = actor.roles

    def holds(self, name: str) -> frozenset[str]:
        return self.roles[self.world.people[name].pk]

    def rows(self, walk: Walk) -> list[Any]:
        return list(apps.get_model(walk.machine.model)._base_manager.order_by("pk"))

    def states(self) -> States:
        """State and version of every row of every machine; one query."""
        parts = [
            apps.get_model(walk.machine.model)
            ._base_manager.order_by()
            .annotate(label=Value(walk.label, output_field=CharField()), stands=F(walk.machine.field))
            .values_list("label", "pk", "stands", "row_version")
            for walk in self.walks
        ]
        return {(label, pk): (state, version) for label, pk, state, version in parts[0].union(*parts[1:], all=True)}

    def actor(self, name: str) -> ActorContext:
        """Roles of the world's people hold all year; an actor is made once a day."""
        key = (name, timezone.localdate())
        if key not in self.actors:
            self.actors[key] = self.world.actor(name)
        return self.actors[key]


def last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def judge(ground: Ground, before: States, after: States, since: int) -> int:
    """Every state that changed got there by entries of the journal, one per move, each in the table and by somebody
    whose role it is; a row that is new begins where the machine begins. Returns the number of moves."""
    written = defaultdict(list)
    for entry in Entry.objects.filter(pk__gt=since, subject_type__in=ground.by_label).order_by("pk"):
        if ground.by_label[entry.subject_type].machine.knows(entry.action):
            written[entry.subject_type, entry.subject_id].append(entry)
    moves = 0
    for key, (state, version) in after.items():
        entries = written.pop(key, [])
        walk = ground.by_label[key[0]]
        here, old = before.get(key, (entries[0].from_state if entries else state, 0))
        for entry in entries:
            assert entry.from_state == here, (key, entry.action, entry.from_state, here)
            target, roles = walk.shadow.get((here, entry.action), ("nowhere", frozenset()))
            assert entry.to_state == target, (key, here, entry.action, entry.to_state, target)
            assert ground.roles[entry.actor_id] & roles, (key, here, entry.action, ground.roles[entry.actor_id])
            here = entry.to_state
        assert here == state, (key, "stands at", state, "by the journal at", here)
        assert version >= old + len(entries) - (key not in before), (key, version, old)
        moves += len(entries)
    assert not written, ("entries of rows that are not there", list(written))
    assert not before.keys() - after.keys(), "rows of governed models were deleted"
    return moves


class PortalWalk(RuleBasedStateMachine):
    """One walk, undone at its end. `ground` is set by the test before the first one."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.ground.clock.move_to(self.ground.start)
        caches["boards"].clear()
        self.ground.walked += 1
        self.states, self.entry = self.ground.states(), last_entry()

    def actor(self, who: int) -> ActorContext:
        return self.ground.actor(self.ground.people[who % len(self.ground.people)])

    def attempt(self, act: Any) -> bool:
        """Does it, and judges what came of it; whether it was let through."""
        ground = self.ground
        try:
            with transaction.atomic():
                act()
            let_through = True
        except Refused as refused:
            assert str(refused.sentence).strip()
            let_through = False
        before, self.states = self.states, ground.states()
        moves = judge(ground, before, self.states, self.entry)
        if moves:
            self.entry = last_entry()
        assert let_through or not moves
        ground.moved += moves
        ground.refused += not let_through
        return let_through

    @rule(
        which=st.integers(0, 99),
        row=st.integers(0, 99),
        action=st.integers(0, 99),
        who=st.integers(0, 99),
        reason=st.sampled_from(REASONS),
    )
    def press(self, which: int, row: int, action: int, who: int, reason: str) -> None:
        """Anybody presses any button of any row."""
        walk = self.ground.walks[which % len(self.ground.walks)]
        rows = self.ground.rows(walk)
        if not rows:
            return
        picked, chosen = rows[row % len(rows)], walk.actions[action % len(walk.actions)]
        move = walk.moves.get(chosen)
        if move is None:
            if chosen in walk.deeds:
                return
            # the clock's own moves, asked for by a person
            assert not self.attempt(lambda: advance(walk.machine, picked, chosen, actor=self.actor(who), reason=reason))
            return
        self.attempt(lambda: move(picked, self.actor(who), reason))

    @rule(seed=st.integers(0, 2**32))
    def press_what_is_open(self, seed: int) -> None:
        """People with the right role press buttons that the table knows: otherwise walks would get nowhere."""
        chance = Random(seed)
        for walk in chance.sample(self.ground.walks, len(self.ground.walks)):
            cells = [
                (row, action, roles)
                for row in self.ground.rows(walk)
                for (state, action), (_target, roles) in sorted(walk.shadow.items())
                if getattr(row, walk.machine.field) == state and action in walk.moves
            ]
            if not cells:
                continue
            row, action, roles = chance.choice(cells)
            people = [name for name in sorted(self.ground.world.people) if self.ground.holds(name) & roles]
            reason = chance.choice(("理由", "职责调整", ""))
            for name in chance.sample(people, min(3, len(people))):
                actor = self.ground.actor(name)
                if self.attempt(lambda: walk.moves[action](row, actor, reason)):  # noqa: B023  (called at once)
                    return

    @rule(which=st.integers(0, 99), row=st.integers(0, 99), action=st.integers(0, 99), who=st.integers(0, 99))
    def press_on_an_old_page(self, which: int, row: int, action: int, who: int) -> None:
        """The row has moved on since the page was opened: nothing happens, whatever was pressed."""
        walk = self.ground.walks[which % len(self.ground.walks)]
        rows = self.ground.rows(walk)
        if rows:
            picked, chosen = rows[row % len(rows)], [*walk.actions, "fly"][action % (len(walk.actions) + 1)]
            moved = self.ground.moved
            stale = picked.row_version - 1
            self.attempt(
                lambda: advance(
                    walk.machine, picked, chosen, actor=self.actor(who), reason="理由", row_version=stale
                )
            )
            assert self.ground.moved == moved

    @rule(which=st.integers(0, 99), who=st.integers(0, 99), chance=st.integers(0, 10**9))
    def deed(self, which: int, who: int, chance: int) -> None:
        """Anybody fills in a sheet, asks for a report, opens a round of comments …"""
        _name, deed = self.ground.deeds[which % len(self.ground.deeds)]
        self.attempt(lambda: deed(self.ground.world, self.actor(who), Random(chance)))

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.ground.clock.shift(days * 86_400)

    def teardown(self) -> None:
        try:
            found = list(violations())
        finally:
            self.block.__exit__(RuntimeError, RuntimeError("undone"), None)
            caches["boards"].clear()
        assert found == []
