"""20 people press the same button in the same instant, machine by machine: one moves the row, 19 are told."""

import pytest

from programs.choices import PartState
from programs.domain import entries, filing, parts, programmes, tasks
from programs.models import Programme, ProgressEntry, Responsibility, Task
from qualitycity.workflow import IllegalMove

from ..factories import make_world
from ..racing import Press, assert_one_succeeded, people_like, press_at_once, race

pytestmark = pytest.mark.django_db(transaction=True)
MACHINE = entries.TASKS.machine


def submitted(world) -> ProgressEntry:
    world.file("jia_liaison", "甲局")
    return ProgressEntry.objects.filter(state="submitted").order_by("pk")[0]


def test_signing_for_a_part(world):
    part = Responsibility.objects.get(task=world.tasks[0], role="lead")
    part = race(world, "jia_head", part, "sign_for", lambda row, actor: parts.sign_for([row], actor=actor))
    assert part.state == PartState.SIGNED_FOR and part.signed_for_by.username.startswith("racer")


def test_waiving_a_part(world):
    part = Responsibility.objects.get(task=world.tasks[2])
    race(world, "director", part, "waive", lambda row, actor: parts.waive(row, actor=actor, reason="职责调整"))


def test_completing_a_task(world):
    task = world.tasks[2]
    parts.waive(task.parts.get(), actor=world.actor("director"), reason="不再需要")
    race(world, "director", task, "complete", lambda row, actor: tasks.complete(row, actor=actor))


def test_assigning_a_task_sends_its_parts_out_once(clock):
    world = make_world(started=False)
    director = world.actor("director")
    programmes.start(world.programme, actor=director)
    tasks.confirm(world.tasks[:1], actor=director)
    task = race(world, "director", world.tasks[0], "assign", lambda row, actor: tasks.assign([row], actor=actor))
    assert set(task.parts.values_list("state", flat=True)) == {"assigned"}


def test_starting_a_programme_opens_its_windows_once(clock):
    world = make_world(started=False)
    race(world, "director", world.programme, "start", lambda row, actor: programmes.start(row, actor=actor))
    assert Programme.objects.get(pk=world.programme.pk).windows.count() == 4


def test_signing_a_line(world):
    row = submitted(world)
    row = race(world, "jia_head", row, "sign", lambda row, actor: filing.sign_rows(MACHINE, [row], actor=actor))
    assert row.state == "signed" and row.signed_by.username.startswith("racer")


def test_accepting_a_line(world):
    row = submitted(world)
    filing.sign_rows(MACHINE, [row], actor=world.actor("jia_head"))
    row = race(world, "clerk", row, "accept", lambda row, actor: filing.accept_rows(MACHINE, [row], actor=actor))
    assert row.state == "accepted" and row.reviewed_by.username.startswith("racer")


def test_a_button_without_a_lock_is_found_out(world):
    """The helper itself: read, think, write without holding the row lets more than one through."""
    task = world.tasks[0]
    seen = Task.objects.get(pk=task.pk).state

    def careless(actor):
        if Task.objects.get(pk=task.pk).state != seen:
            raise IllegalMove("somebody was quicker", task)
        return task

    presses = press_at_once(people_like(world.actor("director"), 5), careless)
    with pytest.raises(AssertionError):
        assert_one_succeeded(presses, task, "complete")


def test_other_errors_are_not_taken_for_an_answer(world):
    with pytest.raises(ZeroDivisionError):
        press_at_once(people_like(world.actor("clerk"), 3), lambda actor: 1 / 0)


def test_a_winner_without_an_entry_in_the_journal_is_found_out(world):
    winner, loser = people_like(world.actor("director"), 2)
    presses = [Press(winner, value=1), Press(loser, told="已由他人办理")]
    with pytest.raises(AssertionError):
        assert_one_succeeded(presses, world.tasks[0], "complete")
