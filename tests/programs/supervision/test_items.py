"""The life of a supervised item from 立项 to 销号: what is written, who is told, what cannot be done."""

from datetime import date

import pytest
from django.utils import timezone

from programs.domain import remarks
from programs.domain.supervision import item_parts, item_reports, item_units, items, registering
from programs.models import ItemPart, LeaderRemark, SupervisedItem
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

from ...factories import make_user
from .stage import complete, file_report, hand_out, make_case, make_item, name_units, part_of, report_through


def heard(world, who: str) -> list[str]:
    return list(InboxItem.objects.filter(recipient=world.people[who]).order_by("pk").values_list("title", flat=True))


def test_from_registering_to_striking_off(world, clock):
    item = hand_out(world, "甲局", "乙局")
    assert (item.number, item.state, item.assigned_on) == ("督办〔2026〕1号", "assigned", timezone.localdate())
    assert heard(world, "jia_liaison")[-1] == "交办督办事项“落实省级督查反馈问题整改”，请签收，4月30日前办结"
    assert heard(world, "yi_head")[-1].startswith("交办督办事项")
    item_parts.sign_for([part_of(world, item, "乙局")], actor=world.actor("yi_liaison"))

    report = file_report(world, item)
    part = part_of(world, item)
    assert (part.state, part.signed_for_by) == ("signed_for", world.people["jia_liaison"])  # reporting signs for
    assert "待审签" in heard(world, "jia_head")[-1]
    clock.move_to("2026-03-27T09:00:00+08:00")
    item_reports.sign(report, actor=world.actor("jia_head"))
    clock.move_to("2026-04-07T09:00:00+08:00")
    item_reports.accept(report, actor=world.actor("clerk"))
    part = part_of(world, item)
    # as of the day on which the unit handed in, not of the review
    assert (part.state, part.settled_on) == ("done", date(2026, 3, 27))

    items.complete(item, actor=world.actor("director"))
    item = items.close(item, actor=world.actor("director"))
    assert (item.completed_on, item.closed_on) == (date(2026, 4, 7), date(2026, 4, 7))
    assert [entry.action for entry in history(item)] == ["register", "name_units", "assign", "complete", "close"]
    assert list(violations()) == []


def test_numbers_count_without_gaps_and_a_failed_one_is_given_back(world):
    first = make_item(world)
    with pytest.raises(IllegalMove):
        make_item(world, title="另一事项", due_on=date(2026, 3, 1))
    second = make_item(world, title="另一事项")
    assert [first.number, second.number] == ["督办〔2026〕1号", "督办〔2026〕2号"]


def test_the_same_form_sent_twice_registers_once(world):
    assert make_item(world).pk == make_item(world).pk
    assert SupervisedItem.objects.count() == 1
    assert make_item(world, who="director").pk != make_item(world).pk  # somebody else meant another one


@pytest.mark.parametrize(
    ("kind", "urgency", "due"),
    [
        ("instruction", "urgent", date(2026, 3, 26)),
        ("instruction", "normal", date(2026, 4, 9)),
        ("instruction", "hard", date(2026, 4, 30)),
        ("meeting", "normal", date(2026, 4, 16)),
        ("superior", "normal", date(2026, 4, 30)),
    ],
)
def test_the_usual_limit_is_taken_when_none_is_given(world, kind, urgency, due):
    leader = world.people["leader"] if kind == "instruction" else None
    item = make_item(world, kind=kind, urgency=urgency, due_on=None, leader=leader)
    assert (item.due_on, item.original_due) == (due, due)  # no holidays on record in this world


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"given_on": date(2026, 3, 27)},
        {"due_on": date(2026, 3, 18)},
        {"kind": "instruction"},
        {"kind": "case", "named": []},
        {"kind": "nonsense"},
        {"urgency": "nonsense"},
        {"case": registering.Case("1号")},
    ],
)
def test_what_cannot_be_registered(world, wrong):
    with pytest.raises(IllegalMove):
        make_item(world, **wrong)
    assert SupervisedItem.objects.count() == 0


def test_a_leader_registers_his_instruction_and_his_secretary_records_it(world):
    own = make_item(world, "leader", kind="instruction", title="请抓紧整改", due_on=None, urgency="urgent")
    assert (own.leader, own.recorded_by, own.by_secretary) == (world.people["leader"], world.people["leader"], False)
    recorded = make_item(world, "secretary", kind="instruction", title="请专题研究", due_on=None)
    assert recorded.leader == world.people["leader"] and recorded.recorded_by == world.people["secretary"]
    assert recorded.by_secretary
    assert heard(world, "director")[-1] == "leader作出批示，已立项督办事项“请专题研究”，请交办"
    for who in ("leader", "secretary"):
        with pytest.raises(NotAllowed):
            make_item(world, who, kind="superior")


@pytest.mark.parametrize(
    "who", ["jia_liaison", "jia_head", "supervisor", "auditor", "sysadmin", "stranger", "district"]
)
def test_nobody_else_registers(world, who):
    with pytest.raises(NotAllowed):
        make_item(world, who)


def test_a_secretary_records_for_nobody_but_the_leader_he_serves(world):
    other = make_user("leader2", "leader", jurisdiction=world.city)
    with pytest.raises(NotAllowed):
        make_item(world, "secretary", kind="instruction", leader=other)


def test_a_remark_becomes_an_item_in_one_step_and_only_once(world):
    remark = remarks.remark(
        programme=world.programme, task=world.tasks[0], actor=world.actor("secretary"), text="请甲局月底前报方案"
    )
    item = registering.from_remark(remark, actor=world.actor("clerk"))
    assert (item.kind, item.leader, item.content) == ("instruction", world.people["leader"], "请甲局月底前报方案")
    assert (item.task, item.programme) == (world.tasks[0], world.programme)
    assert registering.from_remark(remark, actor=world.actor("director")) == item
    assert LeaderRemark.objects.get().item == item
    with pytest.raises(NotAllowed):
        registering.from_remark(
            remarks.remark(programme=world.programme, task=None, actor=world.actor("leader"), text="另一条"),
            actor=world.actor("jia_liaison"),
        )


def test_before_it_goes_out_it_is_put_right_and_the_journal_keeps_what_it_was(world):
    item = make_item(world)
    item = registering.revise(
        item, actor=world.actor("clerk"), values={"title": "改正后的标题", "due_on": date(2026, 5, 8)}, row_version=1
    )
    assert (item.title, item.original_due) == ("改正后的标题", date(2026, 5, 8))
    entry = history(item).last()
    assert entry.before == {"title": "落实省级督查反馈问题整改", "due_on": "2026-04-30"}
    with pytest.raises(IllegalMove, match="meantime|期间"):
        registering.revise(item, actor=world.actor("clerk"), values={"title": "又一个"}, row_version=1)
    name_units(world, item, "甲局")
    items.assign(item, actor=world.actor("director"))
    with pytest.raises(IllegalMove):
        registering.revise(item, actor=world.actor("clerk"), values={"title": "太晚了"})


def test_units_are_named_changed_and_added(world):
    item = make_item(world)
    name_units(world, item, "甲局", "乙局")
    name_units(world, item, "丙局", "甲局")
    assert list(item.parts.values_list("department__short_name", "role")) == [("市丙局", "lead"), ("市甲局", "support")]
    with pytest.raises(IllegalMove, match="twice|重复"):
        name_units(world, item, "甲局", "甲局")
    with pytest.raises(IllegalMove):
        items.assign(make_item(world, title="没有单位"), actor=world.actor("director"))
    items.assign(item, actor=world.actor("director"))
    part = item_units.add_unit(item, unit=world.units["乙局"], role="support", actor=world.actor("director"))
    assert part.state == "assigned"
    again = item_units.add_unit(item, unit=world.units["乙局"], role="support", actor=world.actor("director"))
    assert again.pk == part.pk and ItemPart.objects.filter(item=item).count() == 3
    with pytest.raises(IllegalMove):
        name_units(world, item, "甲局")


def test_an_item_is_completed_when_every_handling_unit_is_done_or_waived(world):
    item = hand_out(world, "甲局", "+丙局", "乙局")
    report_through(world, item)
    with pytest.raises(IllegalMove, match="市丙局"):
        items.complete(item, actor=world.actor("director"))
    item_parts.waive(part_of(world, item, "丙局"), actor=world.actor("director"), reason="职责已划转")
    assert heard(world, "bing_liaison")[-1].endswith("免办")
    assert items.complete(item, actor=world.actor("director")).state == "completed"  # 乙局 only assists


def test_taken_up_again_the_handling_units_owe_again(world):
    item = complete(world, hand_out(world))
    item = items.reopen(item, actor=world.actor("director"), reason="问题反弹")
    part = part_of(world, item)
    assert (item.state, item.completed_on, part.state, part.settled_on) == ("assigned", None, "signed_for", None)
    assert "请继续办理" in heard(world, "jia_liaison")[-1]
    report_through(world, item)
    assert items.complete(item, actor=world.actor("director")).state == "completed"
    assert list(violations()) == []


def test_suspended_nothing_moves_and_resumed_it_goes_on(world):
    item = hand_out(world)
    item = items.suspend(item, actor=world.actor("director"), reason="等待省里意见")
    with pytest.raises(IllegalMove, match="suspended|中止"):
        file_report(world, item)
    item = items.resume(item, actor=world.actor("director"), reason="意见已到")
    assert item.state == "assigned" and file_report(world, item).state == "submitted"
    registered = make_item(world, title="尚未交办的事项")
    items.suspend(registered, actor=world.actor("director"), reason="暂缓")
    assert items.resume(registered, actor=world.actor("director"), reason="继续").state == "registered"


def test_the_leader_says_that_he_has_read_it(world):
    item = hand_out(world, kind="instruction", leader=world.people["leader"])
    with pytest.raises(IllegalMove):
        items.endorse(item, actor=world.actor("leader"), word="read")
    item = complete(world, item)
    item = items.endorse(item, actor=world.actor("secretary"), word="agreed")
    assert (item.endorsement, item.endorsed_by) == ("agreed", world.people["secretary"])
    assert heard(world, "director")[-1].endswith("的意见：同意销号")
    for who in ("director", "supervisor", "jia_head"):
        with pytest.raises(NotAllowed):
            items.endorse(item, actor=world.actor(who), word="read")
    # nothing waited for it
    assert items.close(item, actor=world.actor("director")).state == "closed"


def test_nothing_tells_a_leader_by_itself(world):
    item = complete(world, hand_out(world, kind="instruction", leader=world.people["leader"]))
    items.close(item, actor=world.actor("director"))
    assert heard(world, "leader") == []


def test_a_case_is_asked_about_once_and_quietly_twice(world):
    case = make_case(world, "clerk", "jia_liaison", "jia_head")
    name_units(world, case, "甲局", who="director")
    case = items.assign(case, actor=world.actor("director"))
    case = complete(world, case)
    asked = {"basis": "整改验收合格", "approved_by": "省局局长办公会"}
    first = items.ask_delisting(case, actor=world.actor("clerk"), **asked)
    again = items.ask_delisting(case, actor=world.actor("clerk"), **asked)
    assert first.row_version == again.row_version
    with pytest.raises(IllegalMove):
        items.ask_delisting(case, actor=world.actor("director"), **asked)
    assert items.close(case, actor=world.actor("director")).state == "closed"
    assert list(violations()) == []
