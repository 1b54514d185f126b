"""Random walks: no illegal state, one entry per move, no exception but a refusal in words, invariants hold at the end.

WALKS=5000 (`make drill-walks`) walks longer; SEED chooses other walks. The same seed gives the same walks.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from qualitycity.home.invariants import violations

from ..conftest import NOW
from ..factories import make_world
from .registry import WALKS
from .walking import Ground, PortalWalk, judge, last_entry

COUNT = int(os.environ.get("WALKS") or 150)
FIRST = int(os.environ.get("SEED") or 1)
#: Walks of one test: long runs are shared among processes.
SHARE = 250
STEPS = 25


@pytest.fixture
def ground(db, clock, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    world = make_world()
    for walk in WALKS:
        if walk.prepare:
            walk.prepare(world)
    return Ground(world, WALKS, clock, NOW)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(-(-COUNT // SHARE)))
def test_no_walk_leaves_the_tables(ground, share):
    PortalWalk.ground = ground
    walks = min(SHARE, COUNT - share * SHARE)
    machine = seed(FIRST * 1_000_000 + share)(type("Walk", (PortalWalk,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=walks,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{ground.walked} walks, {ground.moved} moves, {ground.refused} refusals")
    # walks that never get anywhere show nothing
    assert ground.walked >= walks and ground.moved > walks and ground.refused > walks


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.label)
def test_every_action_can_be_tried(walk):
    persons = {transition.action for transition in walk.machine.transitions if transition.by == "person"}
    assert persons <= walk.moves.keys() | walk.deeds.keys()
    assert {action for _state, action in walk.shadow} == set(walk.actions)


def test_the_world_the_walks_start_from_is_sound(ground):
    assert list(violations()) == []


def test_a_move_behind_the_journals_back_is_found(ground):
    task = ground.world.tasks[0]
    before, since = ground.states(), last_entry()
    type(task).objects.filter(pk=task.pk).update(state="confirmed")
    with pytest.raises(AssertionError, match="by the journal at"):
        judge(ground, before, ground.states(), since)


def test_a_move_that_stands_in_no_table_is_found(ground):
    part = ground.world.tasks[0].parts.get(role="lead")
    walk = ground.by_label["programs.responsibility"]
    before, since = ground.states(), last_entry()
    walk.moves["waive"](part, ground.world.actor("director"), "职责调整")
    assert judge(ground, before, ground.states(), since) == 1
    narrower = {key: cell for key, cell in walk.shadow.items() if key[1] != "waive"}
    ground.by_label[walk.label] = type(walk)(walk.machine, narrower, walk.moves)
    with pytest.raises(AssertionError, match="nowhere"):
        judge(ground, before, ground.states(), since)
