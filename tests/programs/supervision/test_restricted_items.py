"""挂牌督办案件 and other restricted items: there for the persons named, and nowhere for anybody else."""

import pytest

from programs.domain.supervision import item_parts, item_people, item_reports, items
from programs.models import ItemPart, ItemReport, SupervisedItem
from qualitycity.access import can
from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

from ..test_task_matrices import PEOPLE
from .stage import file_report, make_case, make_item, name_units, part_of

NAMED = {"director", "jia_liaison", "jia_head"}
SECRET = "制售假冒伪劣"


@pytest.fixture
def case(world):
    found = make_case(world, "jia_liaison", "jia_head")
    name_units(world, found, "甲局", "丙局", who="director")
    return found


def test_only_named_persons_see_the_case_its_parts_and_its_reports(world, case):
    item_people.name_people(
        case, people=[world.people[name].pk for name in NAMED | {"bing_liaison"}], actor=world.actor("director")
    )
    items.assign(case, actor=world.actor("director"))
    report = file_report(world, case)
    item_reports.sign(report, actor=world.actor("jia_head"))
    for name in PEOPLE:
        actor, sees = world.actor(name), name in NAMED | {"bing_liaison"}
        assert SupervisedItem.objects.visible_to(actor).exists() == sees, name
        assert ItemPart.objects.visible_to(actor).exists() == sees, name
        assert bool(can(actor, "view", case)) == sees, name
        assert ItemReport.objects.visible_to(actor).exists() == (name in NAMED), name


def test_a_right_by_role_is_worth_nothing_without_a_name(world, case):
    for name in ("clerk", "supervisor", "leader", "auditor"):
        for action in ("manage", "decide", "edit"):
            assert not can(world.actor(name), action, case), (name, action)
    with pytest.raises(NotAllowed):
        items.suspend(case, actor=world.actor("clerk"), reason="试试")


def test_of_each_unit_somebody_is_named_before_it_goes_out(world, case):
    with pytest.raises(IllegalMove, match="市丙局"):
        items.assign(case, actor=world.actor("director"))
    name_units(world, case, "甲局", who="director")
    assert items.assign(case, actor=world.actor("director")).state == "assigned"


def test_a_colleague_of_the_named_liaison_cannot_sign_for_it(world, case):
    item_people.name_people(case, people=[world.people["jia_liaison"].pk], actor=world.actor("director"))
    name_units(world, case, "甲局", who="director")
    items.assign(case, actor=world.actor("director"))
    with pytest.raises(NotAllowed):
        item_parts.sign_for([part_of(world, case)], actor=world.actor("jia_head"))
    item_parts.sign_for([part_of(world, case)], actor=world.actor("jia_liaison"))


def test_who_registered_it_is_named_and_stays_named(world, case):
    item_people.name_people(case, people=[], actor=world.actor("director"))
    assert item_people.named_people([case])[case.pk] == {world.people["director"].pk}


def test_somebody_who_can_hand_it_out_is_named_with_it(world):
    with pytest.raises(IllegalMove, match="administrator|管理员"):
        make_case(world, who="clerk")
    assert SupervisedItem.objects.count() == 0
    assert make_case(world, "director", who="clerk").number == "挂牌督办〔2026〕1号"


@pytest.mark.parametrize("name", ["sysadmin", "stranger"])
def test_who_has_no_business_role_cannot_be_named(world, case, name):
    with pytest.raises(IllegalMove):
        item_people.name_people(case, people=[world.people[name].pk], actor=world.actor("director"))


def test_its_number_leaves_no_gap_in_the_open_series(world):
    assert make_item(world).number == "督办〔2026〕1号"
    make_case(world)
    make_item(world, "director", title="限阅事项", restricted=True)
    assert make_item(world, title="下一件").number == "督办〔2026〕2号"


def test_neither_notices_nor_the_journal_say_what_it_is_about(world, case):
    name_units(world, case, "甲局", who="director")
    items.assign(case, actor=world.actor("director"))
    report = file_report(world, case)
    item_reports.sign(report, actor=world.actor("jia_head"))
    item_reports.send_back(report, actor=world.actor("director"), by="office", reason="请补充涉案企业名单")
    told = InboxItem.objects.filter(url__contains="/item")
    assert {row.recipient.username for row in told} <= NAMED
    assert not any(SECRET in f"{row.title}{row.body}" or "涉案" in row.body for row in told)
    kinds = ["programs.superviseditem", "programs.itempart", "programs.itemreport"]
    entries = Entry.objects.filter(subject_type__in=kinds)
    assert entries.count() > 5
    assert not any(SECRET in f"{entry.subject_label}{entry.before}{entry.after}" for entry in entries)
    assert not any("市甲局" in f"{entry.subject_label}{entry.after}" for entry in entries)


def test_whose_instruction_it_is_sees_his_restricted_instruction(world):
    item = make_item(
        world, "director", kind="instruction", leader=world.people["leader"], title="限阅批示", restricted=True
    )
    assert can(world.actor("leader"), "view", item) and not can(world.actor("secretary"), "view", item)
