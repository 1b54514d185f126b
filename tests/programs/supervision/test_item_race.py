"""Twenty people press the same button of a supervised item at once: one succeeds, the others are told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from programs.domain import remarks
from programs.domain.supervision import item_parts, item_reports, items, registering
from programs.models import SupervisedItem
from qualitycity.access import ActorContext
from qualitycity.audit.journal import history
from qualitycity.workflow import IllegalMove

from ...factories import make_user
from .stage import file_report, hand_out, make_item, name_units, part_of

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 20


def crowd(world: Any, name: str) -> list[ActorContext]:
    """Different accounts, each with the grants of the named one."""
    first = world.actor(name)
    return [first, *(replace(first, user_id=make_user(f"{name}{n}").pk) for n in range(1, CROWD))]


def press(actors: list[ActorContext], button: Callable[[ActorContext], Any]) -> int:
    """How many succeeded; everybody else must have been told a sentence."""
    barrier = threading.Barrier(len(actors))

    def one(actor: ActorContext) -> bool:
        barrier.wait()
        try:
            button(actor)
            return True
        except IllegalMove as told:
            assert str(told.sentence)
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        return sum(pool.map(one, actors))


def test_signing_for_a_part(world):
    part = part_of(world, hand_out(world))
    assert press(crowd(world, "jia_liaison"), lambda actor: item_parts.sign_for([part], actor=actor)) == 1
    assert history(part).filter(action="sign_for").count() == 1


def test_handing_an_item_out(world):
    item = make_item(world)
    name_units(world, item, "甲局", "乙局")
    assert press(crowd(world, "director"), lambda actor: items.assign(item, actor=actor)) == 1
    assert history(item).filter(action="assign").count() == 1


def test_accepting_a_report(world):
    report = file_report(world, hand_out(world))
    item_reports.sign(report, actor=world.actor("jia_head"))
    assert press(crowd(world, "clerk"), lambda actor: item_reports.accept(report, actor=actor)) == 1
    assert history(part_of(world, report.part.item)).filter(action="finish").count() == 1


def test_beginning_a_report(world):
    part = part_of(world, hand_out(world))
    typed = {"progress": "已办", "final": False}
    assert press(crowd(world, "jia_liaison"), lambda actor: item_reports.save(part, actor=actor, values=typed)) == 1


def test_registering_what_a_remark_says(world):
    remark = remarks.remark(programme=world.programme, task=None, actor=world.actor("leader"), text="请抓紧")
    # whoever is slower is led to the item that is there
    assert press(crowd(world, "clerk"), lambda actor: registering.from_remark(remark, actor=actor)) == CROWD
    assert SupervisedItem.objects.get().number == "督办〔2026〕1号"


def test_one_person_s_twenty_presses_register_one_item_and_different_people_s_number_on(world):
    one = [world.actor("clerk")] * CROWD
    assert press(one, lambda actor: make_item(world)) == CROWD
    assert SupervisedItem.objects.count() == 1
    values = {"jurisdiction": world.city, "kind": "superior", "title": "同名事项", "given_on": world.tasks[0].assigned_on}
    assert press(crowd(world, "clerk"), lambda actor: registering.register(actor=actor, **values)) == CROWD
    numbers = SupervisedItem.objects.values_list("number", flat=True)
    assert sorted(numbers) == sorted(f"督办〔2026〕{n}号" for n in range(1, CROWD + 2))
