"""Boards as Chromium shows them: a meeting room sees one screen and turns pages by a key; a telephone reads them too."""

from datetime import date

import pytest
from django.urls import reverse

from programs.domain import tasks
from taskforce.models import Department

from ..factories import make_part, make_task
from .conftest import NARROW

LATE = "2026-04-20T09:00:00+08:00"
#: 16:9 at the width of a meeting room's screen, and the shape of an older projector.
ROOM, PROJECTOR = {"width": 1920, "height": 1080}, {"width": 1280, "height": 720}
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"


@pytest.fixture
def crowded(world):
    """Twenty units with long names, all with tasks."""
    more = []
    for number in range(20):
        unit = Department.objects.create(
            jurisdiction=world.city, code=f"many-{number}", kind="government_dept", name=f"示例市第{number}局",
            short_name=f"市{number}号产业园区质量发展与标准化工作协调办公室（综合行政执法支队）", sort=100 + number,
        )  # fmt: skip
        task = make_task(world.programme, 100 + number, mode="sole", due_on=date(2026, 4, 1 + number % 28))
        make_part(task, unit, "sole")
        more.append(task)
    director = world.actor("director")
    tasks.confirm(more, actor=director)
    tasks.assign(more, actor=director)
    return world


@pytest.mark.parametrize("size", [ROOM, PROJECTOR], ids=["room", "projector"])
def test_every_screen_fits_and_enter_turns_the_page(crowded, browse, clock, size):
    clock.move_to(LATE)
    page = browse("leader", reverse("board_screen", args=[crowded.programme.pk, "wrong"]), size)
    seen = []
    while page.url not in seen:
        seen.append(page.url)
        # what is measured before the type has arrived is another page
        page.evaluate("document.fonts.ready.then(() => true)")
        assert page.evaluate(SIZE) == [size["width"], size["height"]], page.url
        inner, outer = page.evaluate("(m => [m.scrollHeight, m.clientHeight])(document.querySelector('main'))")
        assert inner <= outer, f"{page.url}: {inner} pixels in a place of {outer}"
        # read from five metres: nothing smaller than a fiftieth of the screen's height but the foot's help
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('main text, main span, main a, main td')]"
            ".filter(n => n.textContent.trim()).map(n => n.getBoundingClientRect().height || 99))"
        )
        assert smallest >= size["height"] / 50, page.url
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert len(seen) >= 4 and page.url == seen[0]


def test_the_board_fits_a_telephone_and_its_type_stays_readable(crowded, browse, clock):
    clock.move_to(LATE)
    page = browse("director", reverse("programme_board", args=[crowded.programme.pk]), NARROW)
    assert page.evaluate(SIZE)[0] <= NARROW["width"]
    sizes = page.evaluate(
        "[...document.querySelectorAll('.qc-chart text')].map(n => parseFloat(getComputedStyle(n).fontSize))"
    )
    assert len(sizes) > 40 and min(sizes) >= 12
    # a bar leads to its rows
    with page.expect_navigation():
        page.locator(".qc-chart a[data-figure]").first.click()
    assert "/programmes/" in page.url and "?" in page.url
