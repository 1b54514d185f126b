"""Periods closed and opened, programmes carried over or made by hand, remarks, lists of groups."""

from datetime import date

import pytest
from django.urls import reverse

from programs.models import LeaderRemark, Programme, Responsibility, Task
from qualitycity.audit.journal import history
from taskforce.domain.groups import give_list
from taskforce.models import Department, DepartmentGroup
from tests.factories import make_task

# --- periods ------------------------------------------------------------------------------------------------------


def test_a_period_is_closed_with_its_name_and_opened_with_a_reason(world, as_user, clock):
    window = world.window
    client, url = as_user("director"), reverse("window_lock", args=[window.pk])
    early = client.post(url, {"reason": "提前"})
    assert early.status_code == 422 and early.context["form"].non_field_errors()
    clock.move_to("2026-04-20T09:00:00+08:00")
    client = as_user("director")
    page = client.get(url)
    assert window.label in page.content.decode() and page.context["lines"] == 4
    assert client.post(url, {"reason": ""}).context["form"].errors["reason"]
    assert client.post(url, {"reason": "个别单位长期未报"}).status_code == 302
    window.refresh_from_db()
    assert window.locked_at is not None and history(window).last().reason == "个别单位长期未报"
    assert client.post(url, {"reason": ""}).status_code == 422, "opening again needs a reason too"
    assert client.post(url, {"reason": "补报"}).status_code == 302
    window.refresh_from_db()
    assert window.locked_at is None


def test_with_everything_accepted_no_reason_is_asked(world, as_user, clock):
    for unit, name in (("甲局", "jia"), ("乙局", "yi")):
        assert world.file(f"{name}_liaison", unit).ok
        world.sign(f"{name}_head", unit)
        world.accept("clerk", unit)
    Task.objects.filter(pk=world.tasks[2].pk).update(state="draft")
    clock.move_to("2026-04-20T09:00:00+08:00")
    client, url = as_user("director"), reverse("window_lock", args=[world.programme.windows.earliest("starts_on").pk])
    assert client.get(url).context["lines"] == 0
    assert client.post(url, {"reason": ""}).status_code == 302


def test_only_the_director_closes_a_period(world, as_user):
    url = reverse("window_lock", args=[world.window.pk])
    for who, status in (("clerk", 403), ("leader", 403), ("jia_liaison", 403), ("stranger", 404)):
        assert as_user(who).get(url).status_code == status
        assert as_user(who).post(url, {"reason": "x"}).status_code == status


# --- carrying over ------------------------------------------------------------------------------------------------


def test_carrying_over_proposes_and_makes_the_next_year(world, as_user):
    client, url = as_user("director"), reverse("roll_forward", args=[world.programme.pk])
    form = client.get(url).context["form"]
    assert form.initial == {
        "title": "示例市质量提升行动计划（2027年）", "short_title": "质量提升2027", "key": "shili-2027",
        "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31),
    }  # fmt: skip
    done = client.post(url, {**form.initial})
    made = Programme.objects.get(key="shili-2027")
    assert done.status_code == 302 and done.url == reverse("programme", args=[made.pk])
    assert (made.carried_from, made.state, made.tasks.count()) == (world.programme, "draft", 3)
    again = client.post(url, {**form.initial})
    assert again.status_code == 422 and list(again.context["form"].errors) == ["key"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"key": "mit leerzeichen"}, "key"), ({"starts_on": "2026-01-01"}, "starts_on"),
        ({"ends_on": "2026-12-31"}, "ends_on"), ({"title": ""}, "title"), ({"starts_on": "2027-13-01"}, "starts_on"),
    ],
)  # fmt: skip
def test_errors_stand_at_their_field_and_the_rest_is_kept(wrong, field, world, as_user):
    client, url = as_user("director"), reverse("roll_forward", args=[world.programme.pk])
    good = client.get(url).context["form"].initial
    refused = client.post(url, {**good, "short_title": "我的简称", **wrong})
    assert refused.status_code == 422 and field in refused.context["form"].errors
    assert "我的简称" in refused.content.decode() and Programme.objects.count() == 1


def test_a_programme_of_long_ago_is_carried_into_this_year(world, as_user):
    Programme.objects.filter(pk=world.programme.pk).update(
        state="archived", year=2013, key="shili-2013", title="计划2013",
        starts_on=date(2013, 1, 1), ends_on=date(2013, 12, 31),
    )  # fmt: skip
    initial = as_user("director").get(reverse("roll_forward", args=[world.programme.pk])).context["form"].initial
    assert (initial["key"], initial["title"], initial["ends_on"]) == ("shili-2026", "计划2026", date(2026, 12, 31))


def test_a_draft_is_not_carried_over(world, as_user):
    Programme.objects.filter(pk=world.programme.pk).update(state="draft")
    client, url = as_user("director"), reverse("roll_forward", args=[world.programme.pk])
    assert "roll-form" not in client.get(url).content.decode()
    assert client.post(url, {"key": "x"}).status_code == 422 and Programme.objects.count() == 1
    assert as_user("clerk").get(url).status_code == 403


# --- by hand ------------------------------------------------------------------------------------------------------


def new_programme(**more):
    return {
        "title": "市质量强链行动方案", "short_title": "质量强链", "jurisdiction": "", "document": "", "contact": "办公室 0000-1",
        "starts_on": "2026-04-01", "ends_on": "2027-03-31", "report_every": "month", **more,
    }  # fmt: skip


def test_a_programme_and_its_tasks_by_hand(world, as_user):
    client = as_user("clerk")
    data = new_programme(jurisdiction=world.city.pk)
    wrong = client.post(reverse("programme_new"), {**data, "ends_on": "2026-03-01"})
    assert wrong.status_code == 422 and list(wrong.context["form"].errors) == ["ends_on"]
    done = client.post(reverse("programme_new"), data)
    made = Programme.objects.get(short_title="质量强链")
    assert done.url == reverse("task_new", args=[made.pk])
    assert (made.key, made.year, made.state, made.report_every) == ("990100-2026-1", 2026, "draft", "month")
    url = done.url
    first = client.post(url, {"title": "建链", "nature": "outcome", "new_section": "重点产业链", "due_on": "2026-12-31"})
    task = made.tasks.get()
    assert first.url == reverse("breakdown", args=[task.pk])
    assert (str(task), str(task.section), task.origin, task.role_mode) == ("1. 建链", "一、重点产业链", "office", "unspecified")
    more = {"title": "强链", "nature": "ongoing", "section": task.section_id, "another": "1"}
    assert client.post(url, more).url == url
    assert [str(row) for row in made.tasks.order_by("sort")] == ["1. 建链", "2. 强链"]
    both = client.post(url, {**more, "new_section": "又一章"})
    assert both.status_code == 422 and list(both.context["form"].errors) == ["new_section"]
    outside = client.post(url, {"title": "x", "nature": "outcome", "due_on": "2030-01-01"})
    assert outside.status_code == 422 and list(outside.context["form"].errors) == ["due_on"]
    assert "没有" not in client.get(reverse("breakdown", args=[task.pk])).context["programme"].title


def test_programmes_are_made_by_the_office_for_its_own_territory(world, as_user):
    for who in ("jia_liaison", "leader", "sysadmin", "stranger"):
        assert as_user(who).get(reverse("programme_new")).status_code == 403
    forged = as_user("clerk").post(reverse("programme_new"), new_programme(jurisdiction=world.district.pk))
    assert forged.status_code == 422 and "jurisdiction" in forged.context["form"].errors
    assert as_user("district").post(
        reverse("programme_new"), new_programme(jurisdiction=world.district.pk)
    ).status_code == 302
    assert as_user("jia_liaison").get(reverse("task_new", args=[world.programme.pk])).status_code == 403


# --- remarks ------------------------------------------------------------------------------------------------------


def test_a_leader_remarks_and_the_secretary_records(world, as_user):
    url = reverse("remark_task", args=[world.tasks[0].pk])
    assert as_user("leader").post(url, {"text": "请抓紧。"}).status_code == 302
    client = as_user("secretary")
    page = client.get(url).content.decode()
    assert "请抓紧。" in page and "leader" in page and "qc-tag-amber" in page
    assert client.post(url, {"text": "月底前报结果。"}).url == reverse("task", args=[world.tasks[0].pk])
    recorded = LeaderRemark.objects.get(text="月底前报结果。")
    assert recorded.by_secretary and recorded.leader == world.people["leader"]
    whole = as_user("leader").post(reverse("remark", args=[world.programme.pk]), {"text": "总体可以。"})
    assert whole.status_code == 302 and LeaderRemark.objects.filter(task=None).count() == 1


def test_an_empty_or_too_long_remark_is_asked_back(world, as_user):
    client, url = as_user("leader"), reverse("remark", args=[world.programme.pk])
    for text in (" ", "字" * 501, "a\x00b"):
        refused = client.post(url, {"text": text})
        assert refused.status_code == 422 and refused.context["form"].errors["text"]
    assert not LeaderRemark.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "director", "jia_head", "auditor"])
def test_nobody_else_remarks(who, world, as_user):
    client = as_user(who)
    for url in (reverse("remark", args=[world.programme.pk]), reverse("remark_task", args=[world.tasks[0].pk])):
        assert client.get(url).status_code == 403 and client.post(url, {"text": "x"}).status_code == 403


# --- lists of groups ----------------------------------------------------------------------------------------------


@pytest.fixture
def group(world):
    made = DepartmentGroup.objects.create(jurisdiction=world.city, code="members", name="成员单位")
    task = make_task(world.programme, 30, mode="all_members")
    Responsibility.objects.create(task=task, group=made, role="all_members", printed="各成员单位")
    return made


def test_the_office_gives_the_list(world, as_user, group):
    client, url = as_user("clerk"), reverse("group_list", args=[group.pk])
    page = client.get(url).content.decode()
    assert "(30)任务30" in page and 'name="departments"' in page
    refused = client.post(url, {"basis": "示质强〔2026〕1号"})
    assert refused.status_code == 422 and "示质强〔2026〕1号" in refused.content.decode()
    chosen = [world.units["甲局"].pk, world.units["乙局"].pk]
    assert client.post(url, {"departments": chosen, "basis": "示质强〔2026〕1号"}).status_code == 302
    group.refresh_from_db()
    assert not group.pending and {str(unit) for unit in group.members.all()} == {"市甲局", "市乙局"}
    anew = {"departments": [world.units["甲局"].pk, world.units["丙局"].pk], "basis": "调整"}
    assert client.post(url, anew).status_code == 302
    entry = history(group).last()
    assert entry.after == {"units": 2, "come": ["市丙局"], "gone": ["市乙局"]} and entry.reason == "调整"


def test_others_read_the_list_and_strangers_do_not(world, as_user, group):
    give_list(group, [world.units["甲局"]], "示质强〔2026〕1号", world.actor("clerk"))
    url = reverse("group_list", args=[group.pk])
    page = as_user("jia_liaison").get(url).content.decode()
    assert "市甲局" in page and 'name="departments"' not in page
    assert as_user("jia_liaison").post(url, {"departments": [1], "basis": "x"}).status_code == 403
    assert as_user("stranger").get(url).status_code == 404
    forged = as_user("clerk").post(url, {"departments": ["999999"], "basis": "x"})
    assert forged.status_code == 422 and group.members.count() == 1


@pytest.mark.parametrize("count", [1, 60])
def test_pages_cost_the_same_with_few_and_many_rows(count, world, as_user, group, clock, django_assert_max_num_queries):
    for number in range(count):
        Department.objects.create(
            jurisdiction=world.city, code=f"u{number}", kind="government_dept", name=f"单位{number}",
            short_name=f"单位{number}",
        )  # fmt: skip
        make_task(world.programme, 100 + number)
    clock.move_to("2026-04-20T09:00:00+08:00")
    client = as_user("director")
    pages = {
        reverse("group_list", args=[group.pk]): {
            "departments": list(Department.objects.values_list("pk", flat=True)), "basis": "名单",
        },
        reverse("window_lock", args=[world.programme.windows.earliest("starts_on").pk]): {"reason": "未报"},
        reverse("task_new", args=[world.programme.pk]): {"title": "x", "nature": "outcome", "new_section": "新"},
        reverse("programme_new"): new_programme(jurisdiction=world.city.pk),
    }  # fmt: skip
    for url, data in pages.items():
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
        with django_assert_max_num_queries(20):
            assert client.post(url, data).status_code == 302, url
    with django_assert_max_num_queries(12):
        assert client.get(reverse("roll_forward", args=[world.programme.pk])).status_code == 200
    leader = as_user("leader")
    with django_assert_max_num_queries(12):
        assert leader.get(reverse("remark_task", args=[world.tasks[0].pk])).status_code == 200
    with django_assert_max_num_queries(20):
        assert leader.post(reverse("remark_task", args=[world.tasks[0].pk]), {"text": "请抓紧"}).status_code == 302
