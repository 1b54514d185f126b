"""填报负担 of supervision: papers due are weighed against the limit, slips are counted and never refused."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from programs.domain import burden
from programs.domain.supervision import materials, slips
from programs.models import Material, MaterialDue
from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove
from tests.pages.sheets import Statements

from .slips import drawn_up, issued
from .test_materials import register

# the world stands on 26 March 2026; its programme asks 甲局, 乙局 and 丙局 once in every quarter


def table(world, year=2026):
    """Unit → asks by quarter."""
    return {
        row.unit.short_name: [len(row.quarters[quarter]) for quarter in (1, 2, 3, 4)]
        for row in burden.burden(world.city, year)
    }


def limited(world, most):
    burden.set_cap(actor=world.actor("director"), jurisdiction=world.city, per_quarter=most)


def values(world, **more):
    """The register's form as a browser sends it."""
    return {
        "title": "质量分析报告", "recipient": "市质量强市办", "recurrence": "quarter", "first_due": "2026-04-10",
        "about_previous": "on", "basis": "", "hint": "五页以内", "units": [world.units["甲局"].pk], **more,
    }  # fmt: skip


# --- counting --------------------------------------------------------------------------------------


def test_papers_count_where_they_fall_due_also_those_not_laid_out_yet(world):
    register(world)
    assert MaterialDue.objects.filter(department=world.units["甲局"]).count() == 1
    assert table(world) == {"市甲局": [1, 2, 2, 2], "市乙局": [1, 2, 2, 2], "市丙局": [1, 1, 1, 1]}
    assert table(world, 2027) == {"市甲局": [1, 1, 1, 1], "市乙局": [1, 1, 1, 1]}
    assert table(world, 2025) == {}


def test_what_is_laid_out_later_is_no_second_ask(world, clock):
    register(world)
    clock.move_to("2026-12-01T09:00:00+08:00")
    materials.lay_out()
    assert MaterialDue.objects.filter(department=world.units["甲局"], due_on__year=2027).exists()
    # 10 July and 10 October were never laid out: the portal did not ask for them
    assert table(world)["市甲局"] == [1, 2, 1, 1]
    assert table(world, 2027)["市甲局"] == [1, 1, 1, 1]


def test_a_paper_put_off_counts_once_in_the_quarter_of_its_new_date(world):
    register(world)
    MaterialDue.objects.filter(department=world.units["甲局"]).update(due_on=date(2026, 7, 3))
    assert table(world)["市甲局"] == [1, 1, 3, 2]
    assert table(world)["市乙局"] == [1, 2, 2, 2]


def test_waived_papers_and_dates_after_the_end_are_no_asks(world):
    material = register(world)
    first = MaterialDue.objects.get(department=world.units["甲局"])
    materials.waive(first, actor=world.actor("director"), reason="机构合并")
    assert table(world)["市甲局"] == [1, 1, 2, 2]
    materials.end(material, actor=world.actor("director"), reason="并入半年报告")
    assert table(world)["市甲局"] == table(world)["市乙局"] == [1, 1, 1, 1]


def test_a_slip_counts_from_its_issue_and_not_once_it_is_void(world):
    slip = drawn_up(world)
    assert table(world)["市甲局"] == [1, 1, 1, 1]
    slip = slips.issue(slip, actor=world.actor("clerk"))
    assert table(world)["市甲局"] == [2, 1, 1, 1]
    slips.withdraw(slip, actor=world.actor("clerk"), reason="单位有误")
    assert table(world)["市甲局"] == [1, 1, 1, 1]


def test_a_slip_is_issued_however_much_is_asked(world):
    limited(world, 1)
    issued(world)
    assert table(world)["市甲局"] == [2, 1, 1, 1]
    assert not Entry.objects.filter(action="exceed_burden").exists()


def test_a_slip_is_named_by_its_number_and_not_by_its_matter(as_user, world):
    slip = issued(world, matter="仅限指定人员知悉的事项")
    unit = world.units["甲局"]
    page = as_user("clerk").get(f"{reverse('burden_rows')}?year=2026&unit={unit.pk}").content.decode()
    assert slip.number in page and reverse("slip", args=[slip.pk]) in page
    assert "仅限指定人员知悉的事项" not in page


# --- the limit -------------------------------------------------------------------------------------


def test_a_paper_above_the_limit_is_refused_with_units_and_counts_and_undone(world):
    limited(world, 1)
    with pytest.raises(burden.AskedTooMuch) as refused:
        register(world)
    said = str(refused.value.sentence)
    # in the first quarter nothing more falls due
    assert "市甲局 2026年第二季度 2 次" in said and "市乙局 2026年第三季度 2 次" in said and "2026年第一季度" not in said
    assert "等另 1 项" in said
    assert not Material.objects.exists() and not MaterialDue.objects.exists()
    assert not InboxItem.objects.filter(kind="material").exists()


def test_a_paper_within_the_limit_needs_no_reason(world):
    limited(world, 2)
    register(world)
    assert not Entry.objects.filter(action="exceed_burden").exists()
    with pytest.raises(burden.AskedTooMuch):
        register(world, title="另一份总结")


def test_what_lies_beyond_a_year_is_not_weighed_but_the_next_date_is(world):
    limited(world, 1)
    register(world, recurrence="once", first_due=date(2027, 10, 8), about_previous=False)
    with pytest.raises(burden.AskedTooMuch) as refused:
        register(world, title="另一份", recurrence="once", first_due=date(2027, 10, 9), about_previous=False)
    assert "市甲局 2027年第四季度 2 次" in str(refused.value.sentence)


def test_with_a_reason_the_paper_is_registered_and_the_reason_stands_on_the_page(as_user, world):
    limited(world, 1)
    register(world, reason="省局要求按季分析")
    entry = Entry.objects.get(action="exceed_burden")
    assert (entry.reason, entry.after["for"], entry.after["per_quarter"]) == ("省局要求按季分析", "质量工作总结", 1)
    assert ["市甲局", "2026年第二季度", 2] in entry.after["units"]
    page = as_user("clerk").get(reverse("burden")).content.decode()
    assert "省局要求按季分析" in page and "质量工作总结" in page


def change(world, material, names, **more):
    material.refresh_from_db()
    return materials.change(
        material, actor=world.actor("clerk"), units=[world.units[name] for name in names],
        row_version=material.row_version, hint="四页以内", **more,
    )  # fmt: skip


def test_added_units_are_weighed_and_no_others(world):
    material = register(world)
    limited(world, 1)
    # 甲局 and 乙局 are above the limit since it was set; nothing more is asked of them
    change(world, material, ["甲局", "乙局"])
    change(world, material, ["甲局"])
    with pytest.raises(burden.AskedTooMuch) as refused:
        change(world, material, ["甲局", "丙局"])
    said = str(refused.value.sentence)
    assert "市丙局 2026年第二季度 2 次" in said and "市甲局" not in said
    material.refresh_from_db()
    assert [unit.short_name for unit in material.units.all()] == ["市甲局"]
    change(world, material, ["甲局", "丙局"], reason="新增职能")
    assert Entry.objects.get(action="exceed_burden").reason == "新增职能"
    assert table(world)["市丙局"] == [1, 2, 2, 2]


def test_other_refusals_are_no_question_of_the_limit(world):
    register(world)
    with pytest.raises(IllegalMove) as refused:
        register(world)
    assert not isinstance(refused.value, burden.AskedTooMuch)


# --- pages -----------------------------------------------------------------------------------------


def test_the_form_asks_for_the_reason_only_after_the_refusal_and_keeps_what_was_typed(as_user, world):
    limited(world, 1)
    client, url = as_user("clerk"), reverse("material_new")
    assert 'name="reason"' not in client.get(url).content.decode()
    answer = client.post(url, values(world))
    text = answer.content.decode()
    assert answer.status_code == 422 and "市甲局 2026年第二季度 2 次" in text
    assert 'name="reason"' in text and 'value="质量分析报告"' in text and "五页以内" in text
    # something else is wrong: the reason typed already stays
    answer = client.post(url, values(world, title="", reason="省里专项"))
    assert answer.status_code == 422 and "省里专项" in answer.content.decode()
    assert client.post(url, values(world, reason="省里专项")).status_code == 302
    assert Entry.objects.get(action="exceed_burden").reason == "省里专项"


def test_the_form_of_a_line_asks_when_units_are_added(as_user, world):
    material = register(world)
    limited(world, 1)
    client, url = as_user("clerk"), reverse("material_edit", args=[material.pk])
    units = [world.units[name].pk for name in ("甲局", "乙局", "丙局")]
    sent = values(world, units=units, row_version=material.row_version)
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "市丙局 2026年第二季度 2 次" in answer.content.decode()
    assert client.post(url, {**sent, "reason": "新增职能"}).status_code == 302
    assert set(material.units.values_list("pk", flat=True)) == set(units)


def test_a_line_with_added_units_costs_no_more_than_the_budget(as_user, world):
    material = register(world, units=[world.units["甲局"]], recurrence="month")
    limited(world, 1)
    client, url = as_user("clerk"), reverse("material_edit", args=[material.pk])
    client.get(url)
    units = [world.units[name].pk for name in ("甲局", "乙局", "丙局")]
    sent = values(world, units=units, row_version=material.row_version)
    with Statements(connection) as refused:
        assert client.post(url, sent).status_code == 422
    with Statements(connection) as done:
        assert client.post(url, {**sent, "reason": "省里专项"}).status_code == 302
    assert len(refused.counted) <= 20 and len(done.counted) <= 20, (len(refused.counted), len(done.counted))


def test_registering_many_dates_costs_no_more_than_the_budget(as_user, world):
    limited(world, 1)
    client, url = as_user("clerk"), reverse("material_new")
    client.get(url)
    units = [world.units[name].pk for name in ("甲局", "乙局", "丙局")]
    sent = values(world, recurrence="month", units=units)
    with Statements(connection) as refused:
        assert client.post(url, sent).status_code == 422
    with Statements(connection) as done:
        assert client.post(url, {**sent, "reason": "省里专项"}).status_code == 302
    assert len(refused.counted) <= 20 and len(done.counted) <= 20, (len(refused.counted), len(done.counted))


def test_the_page_of_the_burden_stays_within_its_budget(as_user, world):
    client = as_user("clerk")

    def count():
        with Statements(connection) as statements:
            assert client.get(reverse("burden")).status_code == 200
        return len(statements.counted)

    for number in range(3):
        register(world, title=f"材料{number}")
    issued(world)
    count()
    few = count()
    for number in range(3, 12):
        register(world, title=f"材料{number}", recurrence="month", units=list(world.units.values()))
    assert count() == few <= 12
