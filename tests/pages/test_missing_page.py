"""谁还没报: who stands there, with whom the lines lie, whom to call, and that every figure equals its rows."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from programs.domain import filing, programmes, tasks
from programs.domain.entries import TASKS
from programs.models import ReportingWindow
from programs.views.missing import COLUMNS
from qualitycity.audit.models import Entry
from taskforce.models import Contact, Department

from ..factories import make_part, make_task
from .stage import running

pytestmark = pytest.mark.django_db
MOST = 12
LATE = "2026-04-20T09:00:00+08:00"


@pytest.fixture
def partly(world, clock):
    """甲局 reported one of two lines and got it back; 乙局 waits for its head; 丙局, with one account, for the office."""
    Contact.objects.create(department=world.units["甲局"], name="王晓", phone="0990 111", mobile="13800000000")
    assert world.file("jia_liaison", "甲局").ok
    world.sign("jia_head", "甲局")
    kept, back = world.rows("甲局")
    filing.return_rows(TASKS.machine, [back], actor=world.actor("clerk"), by="office", reason="请补充数据")
    assert world.file("yi_liaison", "乙局").ok
    assert world.file("bing_liaison", "丙局").ok
    clock.move_to(LATE)
    return world


def told(page):
    """(unit, missing, with liaison, with head, with office) of each row."""
    rows = [line.row for line in page.context["lines"]]
    return [(str(row.unit), row.missing, row.with_liaison, row.submitted, row.countersign) for row in rows]


def test_it_says_with_whom_the_lines_lie(partly, as_user):
    page = as_user("clerk").get(reverse("missing"), {"window": partly.programme.windows.first().pk})
    assert told(page) == [("市乙局", 1, 0, 1, 0), ("市丙局", 1, 0, 0, 1), ("市甲局", 1, 1, 0, 0)]
    text = page.content.decode()
    assert "退回1项" in text.replace(" ", "") and "逾期9个工作日" in text.replace(" ", "")
    assert 'href="tel:0990111"' in text and 'href="tel:13800000000"' in text and "王晓" in text


def test_every_figure_leads_to_the_rows_it_counts(partly, as_user):
    client = as_user("director")
    page = client.get(reverse("missing"))
    figures = {str(tile["label"]): (tile["figure"], tile["url"]) for tile in page.context["tiles"]}
    assert [figure for figure, _url in figures.values()] == [3, 3, 1, 1, 1]
    for label, measure in (
        ("未报", lambda row: row.missing), ("其中逾期", lambda row: row.missing), ("在联络员处", lambda row: row.with_liaison),
        ("在单位负责人处", lambda row: row.submitted), ("在办公室，待会签", lambda row: row.countersign),
    ):  # fmt: skip
        figure, url = figures[label]
        rows = [line.row for line in client.get(url).context["lines"]]
        assert sum(map(measure, rows)) == figure, label


def test_last_filed_is_when_the_unit_last_handed_in(partly, as_user):
    lines = as_user("leader").get(reverse("missing")).context["lines"]
    assert {line.row.last_filed.date() for line in lines} == {date(2026, 3, 26)}
    assert partly.rows("甲局")[0].filed_at.date() == date(2026, 3, 26)


def test_periods_of_several_programmes_stand_on_one_page_and_are_told_apart(world, as_user, clock):
    other = running(world.city, "second", "第二个方案", world.units["质量局"], world.actor("director"))
    task = make_task(other, 1, mode="sole")
    make_part(task, world.units["乙局"], "sole")
    tasks.confirm([task], actor=world.actor("director"))
    tasks.assign([task], actor=world.actor("director"))
    client = as_user("supervisor")
    page = client.get(reverse("missing"))
    assert {line.head for line in page.context["lines"] if line.head} == {
        "质量提升2026 · 2026年第一季度", "第二个方案 · 2026年第一季度",
    }  # fmt: skip
    yi = world.units["乙局"].pk
    by_unit = client.get(reverse("missing"), {"by": "unit", "unit": yi})
    assert [line.head for line in by_unit.context["lines"]] == ["市乙局", ""]
    alone = client.get(reverse("missing"), {"programme": other.pk})
    assert told(alone) == [("市乙局", 1, 1, 0, 0)]
    assert client.get(reverse("missing"), {"programme": "x", "window": "9" * 30, "holder": "?"}).status_code == 200


def test_the_office_enters_for_a_unit_and_others_look_at_its_tasks(partly, as_user):
    window, yi = partly.programme.windows.first(), partly.units["乙局"]
    assert reverse("sheet", args=[window.pk, yi.pk]) in as_user("clerk").get(reverse("missing")).content.decode()
    seen = as_user("leader").get(reverse("missing")).content.decode()
    assert "/sheets/" not in seen and f"/programmes/{partly.programme.pk}/?department={yi.pk}&amp;role=answers" in seen


def test_a_successor_stands_for_the_unit_it_took_over(world, as_user):
    Department.objects.filter(pk=world.units["丙局"].pk).update(
        successor=world.units["质量局"], closed_on=date(2026, 3, 1)
    )
    units = [str(line.row.unit) for line in as_user("clerk").get(reverse("missing")).context["lines"]]
    assert "市质量局" in units and "市丙局" not in units


@pytest.mark.parametrize("who", ["jia_liaison", "jia_head", "sysadmin", "stranger"])
@pytest.mark.parametrize("name", ["missing", "missing_csv", "missing_xlsx"])
def test_only_who_oversees_reads_it(world, as_user, who, name):
    assert as_user(who).get(reverse(name)).status_code == 403
    assert not Entry.objects.filter(action="export_missing").exists()


def test_a_district_sees_its_own_periods_alone(world, as_user):
    assert as_user("district").get(reverse("missing")).context["windows"] == []
    unit = world.units["东湖区"]
    own = running(world.district, "donghu", "东湖区方案", unit, world.actor("district"))
    task = make_task(own, 1, mode="sole")
    make_part(task, unit, "sole")
    tasks.confirm([task], actor=world.actor("district"))
    tasks.assign([task], actor=world.actor("district"))
    page = as_user("district").get(reverse("missing"))
    assert {row.programme_id for row in page.context["windows"]} == {own.pk} and len(told(page)) == 1


def test_a_locked_period_and_a_closed_programme_are_asked_of_nobody(partly, as_user):
    window = partly.programme.windows.first()
    programmes.lock_window(window, actor=partly.actor("director"), reason="到此为止")
    assert told(as_user("clerk").get(reverse("missing"))) == []


def test_the_call_list_leaves_the_portal_as_it_stands_in_the_address(partly, as_user):
    client = as_user("director")
    text = b"".join(client.get(reverse("missing_csv"), {"holder": "head"})).decode()
    head, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert text.startswith("\ufeff") and head == [name for name, _width in COLUMNS]
    assert row[:3] == ["市乙局", "质量提升2026", "2026年第一季度"] and row[5:10] == ["1", "1", "0", "1", "0"]
    sheet = load_workbook(io.BytesIO(b"".join(client.get(reverse("missing_xlsx"))))).active
    assert sheet.max_row == 3 + 3 and sheet["L6"].value == "王晓" and sheet["M6"].value == "0990 111 13800000000"
    entries = Entry.objects.filter(action="export_missing").order_by("id")
    assert [(entry.after["kind"], entry.after["lines"]) for entry in entries] == [("csv", 1), ("xlsx", 3)]


@pytest.mark.parametrize("who", ["director", "leader"])
def test_few_and_many_periods_cost_the_same_queries(
    world, as_user, clock, settled, django_assert_max_num_queries, who
):
    clock.move_to(LATE)
    client = as_user(who)
    assert world.file("yi_liaison", "乙局", world.programme.windows.first()).ok
    for first_year in (2025, 2015):
        ReportingWindow.objects.bulk_create(
            ReportingWindow(
                programme=world.programme, kind="year", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
                opens_on=date(year, 12, 20), due_on=date(2026, 4, 1),
            )
            for year in range(first_year, 2026)
            if not world.programme.windows.filter(starts_on=date(year, 1, 1)).exists()
        )  # fmt: skip
        settled()
        with django_assert_max_num_queries(MOST):
            page = client.get(reverse("missing"))
        assert len(told(page)) >= 2026 - first_year
