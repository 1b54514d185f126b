"""The walker: somebody does something to some row, and whatever came of it must stand in the tables written by hand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import CharField, F, Value
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from qualitycity.access import ActorContext
from qualitycity.audit.models import Entry
from qualitycity.home.invariants import violations
from qualitycity.workflow import Refused, advance

from ..factories import World
from .walk import CLOCK, UNIT, Deed, Walk

#: As forms let them through; what they do not is tried page by page.
REASONS = ("", "   ", "理由", "职责调整", "长" * 500, "<b>x</b>")
NUMBERS = st.integers(0, 99)

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
    #: (model, state, action) → how often it was made.
    cells: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    actors: dict[str, ActorContext] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_label = {walk.label: walk for walk in self.walks}
        self.statement = self._statement()
        self.deeds: list[tuple[str, Deed]] = [
            (name, deed) for walk in self.walks for name, deed in walk.deeds.items()
        ]
        # those who only look on are asked less often than those who have something to do
        self.doers = sorted(
            name for name in self.world.people if name.endswith(("liaison", "head", "clerk", "director"))
        )
        self.people = sorted(self.world.people) + self.doers * 3
        self.roles: dict[int | None, frozenset[str]] = {None: CLOCK}
        self.units: dict[int | None, frozenset[int]] = {None: frozenset()}
        for name in self.world.people:
            actor = self.actor(name)
            self.roles[actor.user_id] = actor.roles
            self.units[actor.user_id] = frozenset(actor.departments(*UNIT))

    def holds(self, name: str) -> frozenset[str]:
        return self.roles[self.world.people[name].pk]

    def rows(self, walk: Walk) -> list[Any]:
        return list(apps.get_model(walk.machine.model)._base_manager.order_by("pk"))

    def states(self) -> States:
        """State and version of every row of every machine; one statement."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement)
            return {(label, pk): (state, version) for label, pk, state, version in cursor.fetchall()}

    def _statement(self) -> tuple[str, Any]:
        """Composed once: it is asked after every step."""
        parts = [
            apps.get_model(walk.machine.model)
            ._base_manager.order_by()
            .annotate(machine=Value(walk.label, output_field=CharField()), stands=F(walk.machine.field))
            .values_list("machine", "pk", "stands", "row_version")
            for walk in self.walks
        ]
        return parts[0].union(*parts[1:], all=True).query.sql_with_params()

    def actor(self, name: str) -> ActorContext:
        """Roles of the world's people hold all year; only the day is another."""
        if name not in self.actors:
            self.actors[name] = self.world.actor(name)
        return replace(self.actors[name], as_of=timezone.localdate())

    def count_anew(self) -> None:
        self.walked = self.moved = self.refused = 0
        self.cells.clear()

    def moves_of(self, walk: Walk) -> int:
        return sum(count for (label, _state, _action), count in self.cells.items() if label == walk.label)

    def never_made(self, walk: Walk) -> list[tuple[str, str]]:
        """Rows of the shadow table that no walk has tried with success since the last counting."""
        return sorted(cell for cell in walk.shadow if (walk.label, *cell) not in self.cells)


def last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def judge(ground: Ground, before: States, after: States, since: int) -> int:
    """Every state that changed got there by entries of the journal, one per move, each in the table and by somebody
    whose role it is, for his own unit and not on his own work; nothing was deleted. Returns the number of moves."""
    written = defaultdict(list)
    for entry in Entry.objects.filter(pk__gt=since, subject_type__in=ground.by_label).order_by("pk"):
        if ground.by_label[entry.subject_type].machine.knows(entry.action):
            written[entry.subject_type, entry.subject_id].append(entry)
    made: dict[str, dict[int, list[Entry]]] = defaultdict(dict)
    for key, (state, version) in after.items():
        entries = written.pop(key, [])
        walk = ground.by_label[key[0]]
        here, old = before.get(key, (entries[0].from_state if entries else state, 0))
        for entry in entries:
            assert entry.from_state == here, (key, entry.action, entry.from_state, here)
            target, roles = walk.shadow.get((here, entry.action), ("nowhere", frozenset()))
            assert entry.to_state == target, (key, here, entry.action, entry.to_state, target)
            assert ground.roles[entry.actor_id] & roles, (
                key,
                here,
                entry.action,
                ground.roles[entry.actor_id],
            )
            ground.cells[key[0], here, entry.action] += 1
            here = entry.to_state
        assert here == state, (key, "stands at", state, "by the journal at", here)
        assert version >= old + len(entries) - (key not in before), (key, version, old)
        if entries:
            made[key[0]][key[1]] = entries
    assert not written, ("entries of rows that are not there", list(written))
    may_go = {}
    for label, moved in made.items():
        walk = ground.by_label[label]
        _look_closer(ground, walk, moved)
        for entry in (entry for entries in moved.values() for entry in entries):
            may_go.update(walk.removes.get(entry.action, {}))
    gone = {key: before[key][0] for key in before.keys() - after.keys()}
    assert all(may_go.get(label) == state for (label, _pk), state in gone.items()), ("rows were deleted", gone)
    return sum(len(entries) for moved in made.values() for entries in moved.values())


def _look_closer(ground: Ground, walk: Walk, moved: dict[int, list[Entry]]) -> None:
    """What the rows themselves say of whoever moved them."""
    model: Any = apps.get_model(walk.machine.model)
    for row in model._base_manager.filter(pk__in=moved):
        for entry in moved[row.pk]:
            told = (walk.label, row.pk, entry.action, entry.actor_id)
            _target, roles = walk.shadow[entry.from_state, entry.action]
            acting = ground.roles[entry.actor_id] & roles
            for column in walk.apart.get(entry.action, ()):
                assert getattr(row, column) != entry.actor_id, (*told, "did it to his own work", column)
            if acting <= UNIT:
                mine = ground.units[entry.actor_id]
                assert mine & set(walk.units(row, entry.action)), (*told, "acts for another unit")
            wrong = walk.closer(row, entry.action, acting) if walk.closer else ""
            assert not wrong, (*told, wrong)


class PortalWalk(RuleBasedStateMachine):
    """One walk, undone at its end. It keeps to the rows of one machine, its `home`, and looks in at the others: seeds
    lie close to each other, and left to chance some machines would never be moved. `ground` and `home` are set by the
    test before the first one."""

    ground: Ground
    home: Walk

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.ground.clock.move_to(self.ground.start)
        caches["boards"].clear()
        self.ground.walked += 1
        self.states, self.entry = self.ground.states(), last_entry()
        self.trace: list[str] = []

    def actor(self, who: int) -> ActorContext:
        return self.ground.actor(self.ground.people[who % len(self.ground.people)])

    def walk(self, which: int) -> Walk:
        walks = self.ground.walks
        return self.home if which % 2 else walks[which // 2 % len(walks)]

    def attempt(self, actor: ActorContext, what: str, act: Any) -> bool:
        """Does it, and judges what came of it; whether it was let through. What was refused is undone whole."""
        ground = self.ground
        self.trace.append(f"{timezone.localdate()} {actor.label or 'nobody'}: {what}")
        try:
            with transaction.atomic():
                act()
        except Refused as refused:
            assert str(refused.sentence).strip()
            ground.refused += 1
            self.trace[-1] += f" – refused: {refused.sentence}"
            return False
        except Exception as fault:
            fault.add_note("\n".join(self.trace[-12:]))
            raise
        before, self.states = self.states, ground.states()
        try:
            moves = judge(ground, before, self.states, self.entry)
        except AssertionError as fault:
            fault.add_note("\n".join(self.trace[-12:]))
            raise
        if moves:
            self.entry = last_entry()
        ground.moved += moves
        return True

    @rule(which=NUMBERS, row=NUMBERS, action=NUMBERS, who=NUMBERS, reason=st.sampled_from(REASONS))
    def press(self, which: int, row: int, action: int, who: int, reason: str) -> None:
        """Anybody presses any button of any row."""
        walk = self.walk(which)
        rows = self.ground.rows(walk)
        if not rows:
            return
        picked, chosen = rows[row % len(rows)], walk.actions[action % len(walk.actions)]
        move, actor = walk.moves.get(chosen), self.actor(who)
        what = f"{chosen} {walk.label} {picked.pk}, {reason[:9]!r}"
        if move is not None:
            self.attempt(actor, what, lambda: move(picked, actor, reason))
        elif chosen not in walk.deeds:
            # the clock's own moves, asked for by a person
            assert not self.attempt(
                actor, what, lambda: advance(walk.machine, picked, chosen, actor=actor, reason=reason)
            )

    @initialize(seed=st.integers(0, 2**32))
    def set_out(self, seed: int) -> None:
        """Every walk begins with steps that lead somewhere."""
        chance = Random(seed)
        for _step in range(5):
            self._get_on(chance)

    @rule(seed=st.integers(0, 2**32))
    def get_on(self, seed: int) -> None:
        """People whose role it is press buttons that the table knows, or do one of the deeds."""
        self._get_on(Random(seed))

    def _get_on(self, chance: Random) -> None:
        """Mostly at home, where a deed makes new rows when nothing can be pressed; else wherever something is open."""
        luck, mine = chance.random(), list(self.home.deeds.items())
        others = chance.sample(self.ground.walks, len(self.ground.walks))
        if luck < 0.5:
            if not self._press_what_is_open([self.home], chance) and mine:
                self._do_a_deed(mine, chance)
        elif luck < 0.75:
            self._do_a_deed(mine if mine and chance.random() < 0.6 else self.ground.deeds, chance)
        else:
            self._press_what_is_open(others, chance)

    def _press_what_is_open(self, walks: Sequence[Walk], chance: Random) -> bool:
        for walk in walks:
            cells = [
                (row, action, roles)
                for row in self.ground.rows(walk)
                for (state, action), (_target, roles) in sorted(walk.shadow.items())
                if getattr(row, walk.machine.field) == state and action in walk.moves
            ]
            if not cells:
                continue
            # what no walk has done yet comes first, or rare roads would never be taken
            fresh = [
                (row, action, roles)
                for row, action, roles in cells
                if not self.ground.cells[walk.label, getattr(row, walk.machine.field), action]
            ]
            row, action, roles = chance.choice(fresh if fresh and chance.random() < 0.6 else cells)
            reason = chance.choice(("理由", "职责调整", ""))
            for name in self._likely(walk, row, action, roles, chance)[:3]:
                actor = self.ground.actor(name)
                what = f"{action} {walk.label} {row.pk}, {reason!r}"
                done = self.attempt(actor, what, lambda: walk.moves[action](row, actor, reason))  # noqa: B023
                if done:
                    return True
        return False

    def _likely(self, walk: Walk, row: Any, action: str, roles: frozenset[str], chance: Random) -> list[str]:
        """Who may make the move, by role; those of the row's unit come first, in any order."""
        people = [name for name in sorted(self.ground.world.people) if self.ground.holds(name) & roles]
        chance.shuffle(people)
        if not roles & UNIT:
            return people
        theirs = set(walk.units(row, action))
        of_unit = {name for name in people if self.ground.units[self.ground.world.people[name].pk] & theirs}
        strangers = {name for name in people if self.ground.holds(name) & UNIT and name not in of_unit}
        return [name for name in people if name not in strangers] + sorted(strangers)

    def _do_a_deed(self, deeds: Sequence[tuple[str, Deed]], chance: Random) -> None:
        name, deed = chance.choice(deeds)
        luck = chance.random()
        for who in chance.sample(self.ground.doers, 3):
            actor = self.ground.actor(who)
            if self.attempt(actor, name, lambda: deed(self.ground.world, actor, Random(luck))):  # noqa: B023
                return

    @rule(which=NUMBERS, row=NUMBERS, action=NUMBERS, who=NUMBERS)
    def press_on_an_old_page(self, which: int, row: int, action: int, who: int) -> None:
        """The row has moved on since the page was opened: nothing happens, whatever was pressed."""
        walk = self.walk(which)
        rows = self.ground.rows(walk)
        if rows:
            picked, chosen = rows[row % len(rows)], [*walk.actions, "fly"][action % (len(walk.actions) + 1)]
            moved, actor = self.ground.moved, self.actor(who)
            stale = picked.row_version - 1
            self.attempt(
                actor,
                f"{chosen} {walk.label} {picked.pk} on an old page",
                lambda: advance(walk.machine, picked, chosen, actor=actor, reason="理由", row_version=stale),
            )
            assert self.ground.moved == moved

    @rule(which=NUMBERS, who=NUMBERS, chance=st.integers(0, 10**9))
    def deed(self, which: int, who: int, chance: int) -> None:
        """Anybody fills in a sheet, asks for a report, opens a round of comments …"""
        deeds = list(self.home.deeds.items()) if which % 2 else self.ground.deeds
        name, deed = (deeds or self.ground.deeds)[which // 2 % len(deeds or self.ground.deeds)]
        actor = self.actor(who)
        self.attempt(actor, name, lambda: deed(self.ground.world, actor, Random(chance)))

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.ground.clock.shift(days * 86_400)

    def teardown(self) -> None:
        try:
            found = list(violations())
        finally:
            self.block.__exit__(RuntimeError, RuntimeError("undone"), None)
            caches["boards"].clear()
        assert found == [], "\n".join([*found, *self.trace[-30:]])
