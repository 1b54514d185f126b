"""20 people press the same button of supervision in the same instant: one moves the row, 19 are told a sentence.

Signing for a part, handing out and accepting the report of an item are tried in `test_item_race.py`, answering a matter
in `test_matters.py`.
"""

from datetime import date

import pytest
from django.utils import timezone

from programs.domain.supervision import (
    adjustments,
    contributions,
    extensions,
    items,
    materials,
    matters,
    minutes,
    slip_answers,
    slips,
)
from programs.models import Contribution, NumberSeries, ProgressEntry, SupervisedItem, Task
from qualitycity.audit.journal import history

from ...racing import people_like, press_at_once, race
from . import slips as slip_stage
from .stage import complete, hand_out, make_case, part_of, report_through
from .test_adjustments import drafted
from .test_contributions import handed_in
from .test_item_extensions import signed as item_request
from .test_materials import due, paper
from .test_matters import report
from .test_meetings import body, meeting
from .test_minutes import decided, held

__all__ = ["body", "due", "meeting"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)
LATER = date(2026, 12, 18)


def task_request(world):
    row = extensions.ask(
        task=world.tasks[0], department=world.units["甲局"], actor=world.actor("jia_liaison"), reason="流标",
        progress="已备案", wanted_on=LATER,
    )  # fmt: skip
    return extensions.sign(row, actor=world.actor("jia_head"))


def grant(row, actor, day=LATER):
    return extensions.grant(row, actor=actor, granted_on=day)


def test_granting_an_extension_of_a_task(world):
    race(world, "director", task_request(world), "grant", grant)
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (task.due_on, task.extended) == (LATER, 1)


def test_granting_and_refusing_at_once_does_one_of_both(world):
    row, first = task_request(world), world.actor("director")
    (second,) = people_like(first, 1)

    def decide(actor):
        return grant(row, actor) if actor is first else extensions.refuse(row, actor=actor, reason="不同意")

    presses = press_at_once([first, second], decide)
    assert [press.succeeded for press in presses].count(True) == 1
    row.refresh_from_db()
    assert Task.objects.get(pk=world.tasks[0].pk).extended == (row.state == "granted")


def test_granting_an_extension_of_an_item(world):
    item = hand_out(world)
    row = item_request(world, item)
    race(world, "director", row, "grant", lambda row, actor: grant(row, actor, date(2026, 5, 15)))
    item.refresh_from_db()
    assert (item.due_on, item.extended) == (date(2026, 5, 15), 1)
    assert history(item).filter(action="extend").count() == 1


def test_one_person_s_twenty_presses_grant_once(world):
    item = hand_out(world)
    row = item_request(world, item)
    presses = press_at_once([world.actor("director")] * 20, lambda actor: grant(row, actor, date(2026, 5, 15)))
    assert all(press.succeeded for press in presses) and history(row).filter(action="grant").count() == 1
    assert SupervisedItem.objects.get(pk=item.pk).extended == 1


def test_asking_for_an_extension_of_an_item(world):
    part = part_of(world, hand_out(world))
    texts = {"reason": "检测未完成", "progress": "已检查", "wanted_on": date(2026, 5, 20)}
    presses = press_at_once(
        people_like(world.actor("jia_liaison"), 20),
        lambda actor: extensions.ask_for_item(part=part, actor=actor, **texts),
    )
    assert [press.succeeded for press in presses].count(True) == 1
    assert part.extensions.count() == 1


def test_carrying_out_an_adjustment(world):
    row = drafted(world, "wording", title="新题目", requirement="")
    row = race(
        world, "director", row, "carry_out", lambda row, actor: adjustments.carry_out(row, actor=actor)
    )
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (row.number, task.title, task.adjusted) == (1, "新题目", 1)


def test_adopting_a_supporters_part(world):
    row = race(
        world, "jia_liaison", handed_in(world), "adopt", lambda row, actor: contributions.adopt(row, actor=actor)
    )
    assert row.state == "adopted" and Contribution.objects.count() == 1
    assert ProgressEntry.objects.get(pk=row.adopted_into_id).progress.count("完成抽检120批次") == 1


def test_issuing_a_slip_takes_one_number(world):
    slip = race(
        world, "clerk", slip_stage.drawn_up(world), "issue", lambda row, actor: slips.issue(row, actor=actor)
    )
    assert slip.number.endswith("1号") and slip.state == "issued"
    assert NumberSeries.objects.get(series="slip-urge").last == 1


def test_settling_a_slip(world):
    slip = slip_stage.issued(world)
    answer = slip_stage.answered(world, slip)
    slip_answers.accept(answer, actor=world.actor("clerk"), settled=False)
    slip.refresh_from_db()
    assert race(world, "clerk", slip, "settle", lambda row, actor: slips.settle(row, actor=actor)).state == "settled"


def test_completing_an_item(world):
    item = hand_out(world)
    report_through(world, item)
    race(world, "director", item, "complete", lambda row, actor: items.complete(row, actor=actor))


def test_striking_an_item_off(world):
    item = complete(world, hand_out(world))
    race(world, "director", item, "close", lambda row, actor: items.close(row, actor=actor))


def test_asking_for_the_delisting_of_a_case(world):
    case = make_case(world)
    SupervisedItem.objects.filter(pk=case.pk).update(state="completed", completed_on=timezone.localdate())
    presses = press_at_once(
        [world.actor("director")] * 20,
        lambda actor: items.ask_delisting(case, actor=actor, basis="整改已验收", approved_by="省局"),
    )
    assert all(press.succeeded for press in presses)
    assert history(case).filter(action="ask_delisting").count() == 1


def test_accepting_a_paper(world, due):
    row = materials.hand_in(due, actor=world.actor("jia_liaison"), uploads=[paper()])
    race(world, "clerk", row, "accept", lambda row, actor: materials.accept([row], actor=actor))


def test_issuing_minutes_takes_one_number(world, meeting):
    meeting = held(world, meeting)
    decided(world, meeting)
    row = race(world, "director", meeting, "issue", lambda row, actor: minutes.issue(row, actor=actor))
    assert row.number == "纪要〔2026〕1号" and NumberSeries.objects.get(series="minutes").last == 1


def test_registering_a_decision_makes_one_item(world, meeting):
    meeting = held(world, meeting)
    decision = decided(world, meeting)
    minutes.issue(meeting, actor=world.actor("director"))
    presses = press_at_once(
        people_like(world.actor("director"), 20), lambda actor: minutes.register_decision(decision, actor=actor)
    )
    item = SupervisedItem.objects.get()
    # whoever is slower is led to the item that is there
    assert [press.value for press in presses] == [item] * 20 and item.parts.count() == 2


def test_deciding_a_matter(world):
    matter = report(world)
    matter = matters.put_before(matter, actor=world.actor("clerk"), leader=world.people["leader"])
    row = race(
        world, "clerk", matter, "decide",
        lambda row, actor: matters.decide(row, actor=actor, text="同意用地", basis="市政府专题会议纪要"),
    )  # fmt: skip
    assert row.decision == "同意用地" and row.decided_on == timezone.localdate()
