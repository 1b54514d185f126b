"""Random walks: no illegal state, one entry per move, no exception but a refusal in words, invariants hold at the end.

WALKS=5000 (`make drill-walks`) walks longer; SEED chooses other walks. The same seed gives the same walks. Every machine
has its own share of them, a test each, and must have been moved in it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from programs.models import Adjustment, Contribution
from qualitycity.home.invariants import violations

from ..conftest import NOW
from ..factories import make_world
from .registry import WALKS
from .walk import Walk
from .walking import Ground, PortalWalk, judge, last_entry

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sealing")]
COUNT = int(os.environ.get("WALKS") or 150)
FIRST = int(os.environ.get("SEED") or 1)
#: Walks of one machine.
SHARE = -(-COUNT // len(WALKS))
#: In a share of this size every row of the machine's table must have been walked.
LARGE = 200
STEPS = 25
PART = "programs.responsibility"


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Ground]:
    """Built once; every test and every walk is undone."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        time_machine.travel(NOW, tick=False) as clock,
        transaction.atomic(),
    ):
        world = make_world()
        for walk in WALKS:
            if walk.prepare:
                walk.prepare(world)
        yield Ground(world, WALKS, clock, NOW)
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(WALKS)), ids=[walk.label for walk in WALKS])
def test_no_walk_leaves_the_tables(ground, number):
    home = WALKS[number]
    ground.count_anew()
    walker = type("Walk", (PortalWalk,), {"ground": ground, "home": home})
    run_state_machine_as_test(
        seed(FIRST * 1_000_000 + number)(walker),
        settings=settings(
            max_examples=SHARE,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    mine, never = ground.moves_of(home), ground.never_made(home)
    print(
        f"{home.label}: {ground.walked} walks, {ground.moved} moves, {mine} of it, {ground.refused} refusals,"
        f" {len(home.shadow) - len(never)} of {len(home.shadow)} rows of the table {never or ''}"
    )
    # walks that never get anywhere show nothing
    assert ground.walked >= SHARE and ground.moved > 3 * SHARE and mine >= SHARE // 2 and ground.refused > SHARE
    assert not (SHARE >= LARGE and never)


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


def test_a_row_that_is_gone_is_found(ground):
    before, since = ground.states(), last_entry()
    Contribution.objects.latest("pk").delete()
    with pytest.raises(AssertionError, match="rows were deleted"):
        judge(ground, before, ground.states(), since)


def judged(ground: Ground, label: str, act: Callable[[Walk], Any], **more: Any) -> int:
    """Moves found in what `act` does, by the eyes of that machine's walk as it would be with `more`."""
    walk = ground.by_label[label]
    before, since = ground.states(), last_entry()
    act(walk)
    ground.by_label[label] = replace(walk, **more)
    try:
        return judge(ground, before, ground.states(), since)
    finally:
        ground.by_label[label] = walk


def waived(ground: Ground, **more: Any) -> int:
    """The director waives the part of 甲局."""
    part, director = ground.world.tasks[0].parts.get(role="lead"), ground.world.actor("director")
    return judged(ground, PART, lambda walk: walk.moves["waive"](part, director, "职责调整"), **more)


def test_a_move_that_stands_in_no_table_is_found(ground):
    shadow = ground.by_label[PART].shadow
    with pytest.raises(AssertionError, match="nowhere"):
        waived(ground, shadow={key: cell for key, cell in shadow.items() if key[1] != "waive"})


def test_a_move_by_the_wrong_role_is_found(ground):
    heads_only = {("assigned", "waive"): ("waived", frozenset({"unit_head"}))}
    with pytest.raises(AssertionError, match="office_admin"):
        waived(ground, shadow=ground.by_label[PART].shadow | heads_only)


@pytest.mark.parametrize("said", ["", "only on Mondays"])
def test_what_the_design_says_beside_the_table_is_asked(ground, said):
    if said:
        with pytest.raises(AssertionError, match=said):
            waived(ground, closer=lambda row, action, roles: said)
    else:
        assert waived(ground, closer=lambda row, action, roles: "" if roles == {"office_admin"} else "?") == 1


@pytest.mark.parametrize("columns", [(), ("drafted_by_id",)])
def test_a_move_of_ones_own_work_is_found(ground, columns):
    """The administrator puts aside what he drafted himself, which he may; were it to be somebody else, it is found."""
    row = Adjustment.objects.get(drafted_by=ground.world.people["director"])
    director = ground.world.actor("director")

    def drop(walk: Walk) -> Any:
        return walk.moves["drop"](row, director, "作废")

    if not columns:
        assert judged(ground, "programs.adjustment", drop, apart={}) == 1
        return
    with pytest.raises(AssertionError, match="his own work"):
        judged(ground, "programs.adjustment", drop, apart={"drop": columns})


@pytest.mark.parametrize("unit", ["甲局", "乙局"])
def test_a_move_for_another_unit_is_found(ground, unit):
    part, liaison = ground.world.tasks[0].parts.get(role="lead"), ground.world.actor("jia_liaison")
    theirs = {ground.world.units[unit].pk}

    def sign_for(walk: Walk) -> Any:
        return walk.moves["sign_for"](part, liaison, "")

    if unit == "甲局":
        assert judged(ground, PART, sign_for, units=lambda row, action: theirs) == 1
        return
    with pytest.raises(AssertionError, match="another unit"):
        judged(ground, PART, sign_for, units=lambda row, action: theirs)
