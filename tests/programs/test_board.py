"""The board: one reading for ledger, start pages and reports. Its rows come about through the domain."""

from datetime import date

import pytest
from django.utils import timezone

from programs.domain import breakdown, parts, programmes, tasks
from programs.domain.entries import TASKS as LINES
from programs.domain.filing import return_rows
from programs.domain.lights import count_lights
from programs.models import Responsibility, Task
from programs.queries.board import board, by_department
from qualitycity.workdays import Calendar
from taskforce.models import DepartmentGroup, GroupMember

from ..factories import make_part, make_task

pytestmark = pytest.mark.django_db
AFTER_DUE = "2026-04-20T09:00:00+08:00"


def rows_of(world, who="director"):
    """Rows by number, as this person sees them today."""
    actor = world.actor(who)
    found = board(
        Task.objects.visible_to(actor).order_by("sort"),
        actor=actor,
        today=timezone.localdate(),
        calendar=Calendar(),
    )
    return {row.task.number: row for row in found}


def reported(world, **values):
    for code, unit in (("jia", "甲局"), ("yi", "乙局")):
        world.file(f"{code}_liaison", unit, **values)
        world.sign(f"{code}_head", unit)
        world.accept("clerk", unit)


def test_units_stand_in_the_column_of_their_role(world):
    rows = rows_of(world)
    assert (rows["(1)"].lead, rows["(1)"].support) == (["市甲局"], ["市乙局"])
    assert rows["(2)"].joint == ["市甲局", "市乙局"]
    assert rows["(3)"].sole == ["市丙局"]


def test_a_group_is_printed_as_such_until_and_after_its_list_is_given(world):
    director = world.actor("director")
    group = DepartmentGroup.objects.create(jurisdiction=world.city, code="members", name="成员单位")
    task = make_task(world.programme, 4, mode="all_members")
    part = Responsibility.objects.create(task=task, group=group, role="all_members", printed="各成员单位")
    row = rows_of(world)["(4)"]
    assert len(row.members) == 1 and row.members[0].startswith("成员单位") and row.members[0] != "成员单位"
    assert (row.light.code, row.light.sentence) == ("grey", "未分解，尚未明确责任单位")
    for unit in ("甲局", "乙局"):
        GroupMember.objects.create(group=group, department=world.units[unit])
    DepartmentGroup.objects.filter(pk=group.pk).update(list_given_on=date(2026, 3, 1))
    breakdown.expand_group(Responsibility.objects.get(pk=part.pk), actor=director)
    row = rows_of(world)["(4)"]
    assert len(row.members) == 1 and "2" in row.members[0]
    assert {part.department for part in row.filing} == {world.units["甲局"], world.units["乙局"]}


def test_never_filed_turns_red_when_the_window_is_over(world, clock):
    world.programme.tasks.update(due_on=None)
    parts.sign_for(
        list(Responsibility.objects.filter(department=world.units["丙局"])), actor=world.actor("bing_liaison")
    )
    assert rows_of(world)["(3)"].light.code == "grey"
    clock.move_to(AFTER_DUE)
    light = rows_of(world)["(3)"].light
    assert (light.code, light.sentence) == ("red", "2026年第一季度进展未报，逾期9个工作日")


def test_the_way_of_a_report_through_the_colours(world, clock):
    def sentence():
        light = rows_of(world)["(1)"].light
        return light.code, light.sentence

    window = world.window
    clock.move_to(AFTER_DUE)
    world.file("jia_liaison", "甲局", window)
    assert sentence() == ("red", "2026年第一季度进展已填报、待审签，逾期9个工作日")
    world.sign("jia_head", "甲局", window)
    assert sentence() == ("grey", "尚无审核通过的进展")
    return_rows(
        LINES.machine,
        world.rows("甲局", window),
        actor=world.actor("clerk"),
        by="office",
        reason="请补充数据",
    )
    assert sentence() == ("red", "2026年第一季度进展被退回、尚未重报，逾期9个工作日")
    world.file("jia_liaison", "甲局", window)
    world.sign("jia_head", "甲局", window)
    world.accept("clerk", "甲局", window)
    assert sentence() == ("green", "进度40%，还有160个工作日")


def test_the_oldest_window_presses_first_and_a_locked_one_no_more(world, clock):
    first = world.window
    clock.move_to("2026-07-20T09:00:00+08:00")
    parts.sign_for(
        list(Responsibility.objects.filter(department=world.units["丙局"])), actor=world.actor("bing_liaison")
    )
    assert rows_of(world)["(3)"].light.sentence.startswith("2026年第一季度进展未报")
    programmes.lock_window(first, actor=world.actor("director"), reason="单位撤并期间未报，已说明")
    assert rows_of(world)["(3)"].light.sentence.startswith("2026年第二季度进展未报")


def test_the_worst_unit_is_named_and_a_waived_one_does_not_count(world, clock):
    window = world.window
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    yi = Responsibility.objects.get(task=world.tasks[1], department=world.units["乙局"])
    parts.sign_for([yi], actor=world.actor("yi_liaison"))
    clock.move_to(AFTER_DUE)
    row = rows_of(world)["(2)"]
    assert (row.light.code, row.light.unit) == ("red", "市乙局")
    assert row.light.sentence == f"市乙局：{window.label}进展未报，逾期9个工作日"
    assert (row.light_of(world.units["甲局"].pk).code, row.light_of(world.units["乙局"].pk).code) == (
        "green",
        "red",
    )
    parts.waive(yi, actor=world.actor("director"), reason="职能已划转")
    assert rows_of(world)["(2)"].light.code == "green"


def test_a_part_added_later_owes_only_what_was_due_since(world, clock):
    clock.move_to(AFTER_DUE)
    part = breakdown.add_part(
        world.tasks[2], actor=world.actor("director"), department=world.units["甲局"], role="joint"
    )
    parts.sign_for([part], actor=world.actor("jia_liaison"))
    assert rows_of(world)["(3)"].part_lights[part.pk].sentence == "尚无审核通过的进展"


def test_a_late_milestone_warns_and_the_next_one_is_named(world, clock):
    reported(world)
    director = world.actor("director")
    for title, due in (("中期评估", date(2026, 4, 10)), ("验收", date(2026, 10, 30))):
        breakdown.add_milestone(
            programme=world.programme, task=world.tasks[0], actor=director, title=title, due_on=due
        )
    clock.move_to(AFTER_DUE)
    row = rows_of(world)["(1)"]
    assert (row.light.code, row.light.sentence) == ("amber", "节点“中期评估”逾期6个工作日，任务尚未到期")
    assert (row.next_milestone.title, row.next_milestone.due_on) == ("验收", date(2026, 10, 30))
    assert [point.title for point in row.late_milestones] == ["中期评估"]


def test_the_lowest_percentage_stands_for_the_task_unless_one_unit_convenes(world):
    task = make_task(world.programme, 4, mode="joint", due_on=date(2026, 12, 1))
    jia, _yi = make_part(task, world.units["甲局"], "joint"), make_part(task, world.units["乙局"], "joint")
    director = world.actor("director")
    tasks.confirm([task], actor=director)
    tasks.assign([task], actor=director)
    assert rows_of(world)["(4)"].percent is None
    for code, unit, percent in (("jia", "甲局", 70), ("yi", "乙局", 30)):
        world.file(f"{code}_liaison", unit, percent=percent)
        world.sign(f"{code}_head", unit)
        world.accept("clerk", unit)
    row = rows_of(world)["(4)"]
    assert row.percent == 30
    breakdown.name_convenor(Responsibility.objects.get(pk=jia.pk), actor=director)
    row = rows_of(world)["(4)"]
    assert row.percent == 70 and row.joint[0].startswith("市甲局") and row.joint[0] != "市甲局"
    assert row.latest.part_id == jia.pk


def test_no_change_keeps_the_words_and_the_needs_of_the_report_before(world, clock):
    world.file("jia_liaison", "甲局", progress="印发实施方案", coordination="请市财政局落实经费")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    nothing = {"progress": "", "result": "", "next_steps": ""}
    assert world.file("jia_liaison", "甲局", unchanged=True, **nothing).ok
    row = rows_of(world)["(1)"]
    assert (row.latest.period, row.latest.unchanged) == ("2026年第一季度", False)
    world.sign("jia_head", "甲局")
    row = rows_of(world)["(1)"]
    assert (row.latest.period, row.latest.unchanged, row.latest.accepted) == ("2026年第二季度", True, False)
    assert row.latest.text == "印发实施方案"
    assert [(need.unit, need.text) for need in row.coordination] == [("市甲局", "请市财政局落实经费")]


def test_lights_are_the_same_for_everybody_texts_only_for_those_who_may_read_them(world):
    reported(world, coordination="请协调")
    office, unit = rows_of(world), rows_of(world, "yi_head")
    assert set(unit) == {"(1)", "(2)"}
    for number in unit:
        mine, theirs = unit[number].light, office[number].light
        assert (mine.code, mine.unit) == (theirs.code, theirs.unit)
    assert len(office["(2)"].coordination) == 2 and len(unit["(2)"].coordination) == 1
    assert office["(1)"].latest.unit == "市甲局" and unit["(1)"].latest is None
    assert office["(1)"].percent == 40 and unit["(1)"].percent is None
    assert "40" not in unit["(1)"].light.sentence
    assert rows_of(world, "stranger") == {}


def test_a_historical_record_has_no_lights(world):
    director = world.actor("director")
    programmes.close(world.programme, actor=director, reason="年度结束")
    programmes.archive(type(world.programme).objects.get(pk=world.programme.pk), actor=director)
    row = rows_of(world)["(1)"]
    assert (row.light.code, row.light.sentence, row.part_lights) == ("grey", "历史档案，不作实时评价", {})


def test_figures_by_unit_are_the_rows_they_lead_to(world, clock):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to(AFTER_DUE)
    rows = list(rows_of(world).values())
    counts = {**count_lights(row.light for row in rows), "total": len(rows)}
    assert counts["total"] == 3 == sum(counts[code] for code in ("red", "amber", "grey", "green"))
    bars = {str(bar.department): bar for bar in by_department(rows)}
    assert (bars["市甲局"].total, bars["市甲局"].green) == (2, 2)
    assert (bars["市乙局"].total, bars["市乙局"].red) == (1, 1)
    assert [bar.total for bar in by_department(rows)] == sorted(
        (bar.total for bar in bars.values()), reverse=True
    )
    for bar in bars.values():
        mine = [row for row in rows if bar.department in [part.department for part in row.filing]]
        assert sum(row.light_of(bar.department.pk).code == "red" for row in mine) == bar.red


def test_two_queries_however_many_tasks(world, django_assert_num_queries):
    actor, today = world.actor("yi_head"), timezone.localdate()
    for more in (0, 60):
        for number in range(100, 100 + more):
            task = make_task(world.programme, number, state="consulting")
            make_part(task, world.units["乙局"])
        with django_assert_num_queries(2):
            rows = board(Task.objects.visible_to(actor), actor=actor, today=today, calendar=Calendar())
        assert len(rows) == 2 + more
