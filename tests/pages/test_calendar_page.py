"""节点日历: what stands on which day, where it leads, that figures equal rows, and who sees what."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from programs.domain import tasks
from programs.models import Milestone, Task
from qualitycity.audit.models import Entry
from qualitycity.workdays.models import Holiday

from ..factories import make_part, make_task
from .stage import running

pytestmark = pytest.mark.django_db
MOST = 12


def point(world, title, day, task=None, **more):
    return Milestone.objects.create(
        programme=world.programme, task=task, title=title, due_on=day, original_due=day, **more
    )


@pytest.fixture
def dated(world):
    """March 2026 (today is Thursday 26): one milestone late, one done, one ahead, one dropped, a task and 甲局's own."""
    point(world, "完成方案初稿", date(2026, 3, 10), world.tasks[0])
    point(world, "召开动员会", date(2026, 3, 12), state="done", done_on=date(2026, 3, 12))
    point(world, "中期评估", date(2026, 3, 30), world.tasks[0])
    point(world, "不做了", date(2026, 3, 30), world.tasks[0], state="dropped")
    Task.objects.filter(pk=world.tasks[2].pk).update(due_on=date(2026, 3, 30), original_due=date(2026, 3, 30))
    return world


def days(page):
    """day → (kind, title, state) of the month view."""
    return {
        day.day.day: [(entry.kind, entry.title, entry.state) for entry in day.entries]
        for week in page.context["weeks"]
        for day in week
        if day.total
    }


def test_the_month_shows_milestones_tasks_and_returns_on_their_days(dated, as_user):
    assert days(as_user("director").get(reverse("calendar"))) == {
        10: [("milestone", "完成方案初稿（(1)任务1）", "late")],
        12: [("milestone", "召开动员会", "done")],
        30: [("milestone", "中期评估（(1)任务1）", "ahead"), ("task", "(3) 任务3", "ahead")],
    }
    april = as_user("director").get(reverse("calendar"), {"month": "2026-04"})
    assert days(april) == {7: [("window", "2026年第一季度", "ahead")]}


def test_each_entry_leads_to_its_task_or_sheet(dated, as_user):
    first, unit = dated.tasks[0], dated.units["甲局"]
    window = dated.programme.windows.first()
    expected = {
        "director": f"/missing/?window={window.pk}", "leader": f"/missing/?window={window.pk}",
        "jia_liaison": f"/sheets/{window.pk}/{unit.pk}/", "jia_head": f"/sheets/{window.pk}/{unit.pk}/",
    }  # fmt: skip
    for who, address in expected.items():
        client = as_user(who)
        assert f'href="/tasks/{first.pk}/"' in client.get(reverse("calendar")).content.decode()
        april = client.get(reverse("calendar"), {"month": "2026-04"}).content.decode()
        assert f'href="{address}"' in april, who
        assert client.get(address).status_code == 200


def test_every_figure_equals_its_rows(dated, as_user):
    client = as_user("director")
    for view in ({}, {"view": "list"}):
        page = client.get(reverse("calendar"), view)
        assert page.context["total"] == 4
        for url, _label, figure, _chosen in page.context["kinds"]:
            shown = client.get(url).context
            cells = [day for week in shown.get("weeks", ()) for day in week]
            grid = [entry for day in cells for entry in day.entries]
            assert len(shown["lines"] or grid) == figure == shown["total"]
    assert page.context["shown"].totals["late"] == 1


def test_a_full_day_says_how_many_more_there_are_and_leads_to_them(dated, as_user):
    for number in range(9):
        point(dated, f"节点{number}", date(2026, 3, 30), dated.tasks[0])
    client = as_user("director")
    page = client.get(reverse("calendar"))
    (day,) = [day for week in page.context["weeks"] for day in week if day.day == date(2026, 3, 30) and day.inside]
    assert (day.total, len(day.entries), day.more) == (11, 4, 7)
    listed = client.get(f"{page.context['day_base']}2026-03-30")
    assert len(listed.context["lines"]) == listed.context["total"] == 11


def test_filters_stand_in_the_address(dated, as_user):
    client = as_user("director")
    yi, bing = dated.units["乙局"].pk, dated.units["丙局"].pk
    assert set(days(client.get(reverse("calendar"), {"kind": "task"}))) == {30}
    assert days(client.get(reverse("calendar"), {"unit": bing, "kind": "task"}))[30] == [("task", "(3) 任务3", "ahead")]
    assert set(days(client.get(reverse("calendar"), {"unit": yi, "kind": "task"}))) == set()
    page = client.get(reverse("calendar"), {"unit": bing, "month": "2026-04"})
    assert f"unit={bing}" in page.context["after"] and "month=2026-05" in page.context["after"]
    assert "month=2026-03" in page.context["before"]
    other = {"programme": dated.programme.pk, "month": "2026-13", "kind": "x", "unit": "9" * 30, "day": "2026-02-30"}
    assert set(days(client.get(reverse("calendar"), other))) == {10, 12, 30}


def test_months_lead_over_the_turn_of_the_year(world, as_user):
    page = as_user("director").get(reverse("calendar"), {"month": "2026-12"})
    assert "month=2027-01" in page.context["after"]
    assert "month=2025-12" in as_user("director").get(reverse("calendar"), {"month": "2026-01"}).context["before"]


def test_days_off_are_those_of_the_holiday_table(dated, as_user):
    Holiday.objects.create(date=date(2026, 3, 27), kind="rest", name="本地假")
    Holiday.objects.create(date=date(2026, 3, 28), kind="work", name="本地假")
    page = as_user("director").get(reverse("calendar"))
    found = {day.day.day: (day.rest, day.mark) for week in page.context["weeks"] for day in week if day.inside}
    assert found[27] == (True, "休") and found[28] == (False, "班")
    assert found[26] == (False, "") and found[29] == (True, "")
    assert "本地假" in page.content.decode()


def test_one_sees_the_dates_of_ones_own_tasks_alone(dated, as_user):
    assert set(days(as_user("bing_liaison").get(reverse("calendar")))) == {12, 30}
    assert [kind for kind, _title, _state in days(as_user("bing_liaison").get(reverse("calendar")))[30]] == ["task"]
    assert days(as_user("district").get(reverse("calendar"))) == {}
    assert days(as_user("stranger").get(reverse("calendar"))) == {}
    assert as_user("stranger").get(reverse("calendar_csv")).status_code == 404


def test_drafts_and_programmes_that_do_not_run_have_no_dates(dated, as_user):
    make_task(dated.programme, 9, due_on=date(2026, 3, 31))
    other = running(dated.city, "second", "第二个方案", dated.units["质量局"], dated.actor("director"))
    task = make_task(other, 1, mode="sole", due_on=date(2026, 3, 31))
    make_part(task, dated.units["甲局"], "sole")
    tasks.confirm([task], actor=dated.actor("director"))
    tasks.assign([task], actor=dated.actor("director"))
    client = as_user("director")
    assert days(client.get(reverse("calendar")))[31] == [("task", "(1) 任务1", "ahead")]
    type(other).objects.filter(pk=other.pk).update(state="closed")
    assert 31 not in days(client.get(reverse("calendar")))


def test_the_month_leaves_the_portal_as_it_stands_in_the_address(dated, as_user):
    client = as_user("jia_liaison")
    text = b"".join(client.get(reverse("calendar_csv"), {"kind": "milestone"})).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["2026-03-10", "2026-03-12", "2026-03-30"]
    assert [row[4] for row in rows[1:]] == ["逾期", "已完成", "未到期"]
    sheet = load_workbook(io.BytesIO(b"".join(client.get(reverse("calendar_xlsx"), {"month": "2026-04"})))).active
    assert sheet["C4"].value == "2026年第一季度报送截止" and sheet.max_row == 4
    entries = Entry.objects.filter(action="export_calendar").order_by("id")
    assert [(entry.after["month"], entry.after["lines"]) for entry in entries] == [("2026-03", 3), ("2026-04", 1)]


@pytest.mark.parametrize("who", ["director", "jia_liaison"])
def test_few_and_many_dates_cost_the_same_queries(world, as_user, settled, who, django_assert_max_num_queries):
    client = as_user(who)
    for count in (1, 150):
        for number in range(count):
            point(world, f"节点{number}", date(2026, 3, 1) + timedelta(days=number % 30), world.tasks[0])
        for query in ({}, {"view": "list"}, {"view": "list", "page": "2"}):
            settled()
            with django_assert_max_num_queries(MOST):
                assert client.get(reverse("calendar"), query).status_code == 200
