"""Ledger, calendar and today's sheet as Chromium shows and prints them.

The pages come from the test's own client, not from a live server: so the clock of the test may stand in the spring.
"""

import io

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from programs.domain import tasks
from programs.models import Programme, Task

from ..factories import make_part, make_task
from ..pages.stage import running
from .conftest import NARROW

LATE = "2026-04-20T09:00:00+08:00"


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_todays_sheet_is_one_page_however_much_there_is(world, browse, clock, count):
    """The longest names everywhere: nothing is cut off at the foot, and the printer gets one page."""
    director = world.actor("director")
    for number in range(count):
        other = running(world.city, f"p{number}", f"第{number}个方案", world.units["质量局"], director)
        rows = [make_task(other, n, mode="sole") for n in range(12)]
        for task in rows:
            make_part(task, world.units["甲局"], "sole")
        tasks.confirm(rows, actor=director)
        tasks.assign(rows, actor=director)
        Task.objects.filter(programme=other).update(title="深入推进重点产业链供应链质量联动提升" * 10)
    Programme.objects.filter(pk=world.programme.pk).update(state="closed")
    Programme.objects.exclude(pk=world.programme.pk).update(short_title="深入开展质量提升行动实施方案" * 4)
    for window in Programme.objects.exclude(pk=world.programme.pk).first().windows.all()[:1]:
        assert world.file("jia_liaison", "甲局", window, coordination="请协调解决检验检测经费和场地问题，" * 20).ok
        world.sign("jia_head", "甲局", window)
    clock.move_to(LATE)
    page = browse("secretary", reverse("edition"))
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})  # the width of the paper inside its margins
    over = page.locator("[data-sheet]").evaluate("(sheet) => sheet.scrollHeight - sheet.clientHeight")
    assert over <= 1


def test_filtering_keeps_the_focus_announces_and_goes_back(world, browse):
    page = browse("director", reverse("programme", args=[world.programme.pk]))
    page.focus("#filter_nature")
    page.select_option("#filter_nature", "ongoing")
    expect(page.locator(".qc-task-title")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "filter_nature"
    expect(page.locator("#qc-live")).to_contain_text("1")
    assert page.url.endswith("?nature=ongoing")
    page.go_back()
    expect(page.locator(".qc-task-title")).to_have_count(3)
    assert page.input_value("#filter_nature") == "" and "?" not in page.url


def test_a_column_taken_away_is_gone_at_once_and_stands_in_the_address(world, browse):
    page = browse("director", reverse("programme", args=[world.programme.pk]))
    page.click(".qc-layout > summary")
    page.uncheck("input[name=col][value=latest]")
    expect(page.locator("th.qc-col-latest")).to_have_count(0)
    assert "col=lead" in page.url and "col=latest" not in page.url
    page.reload()
    assert page.locator("th.qc-col-latest").count() == 0 and page.locator("th.qc-col-unit").count() == 1


def test_the_head_of_the_ledger_stays_in_sight(world, browse):
    for number in range(10, 70):
        make_task(world.programme, number)
    page = browse("director", reverse("programme", args=[world.programme.pk]))
    page.evaluate("window.scrollTo(0, document.body.scrollHeight - 1200)")
    top = page.evaluate("document.querySelector('.qc-breakdown thead th').getBoundingClientRect().top")
    assert 0 <= top < 5


def test_the_calendar_is_a_list_on_a_phone(world, browse):
    path = f"{reverse('calendar')}?month=2026-11"
    wide, narrow = browse("director", path), browse("director", path, NARROW)
    cells = "[...document.querySelectorAll('.qc-cal td')].filter((cell) => cell.offsetParent !== null)"
    assert wide.evaluate(f"{cells}.length") == 42
    assert narrow.evaluate(f"{cells}.length") == 1
    assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert narrow.locator(".qc-cal-full:visible").inner_text() == "2026年11月30日(周一)"
