"""Tags of the frame: what a person reads for a light, a date, a number of days, a bar."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import engines
from django.utils import translation

from qualitycity.home.templatetags import portal_ui

DAY = datetime.date(2026, 11, 22)


def draw(source: str, **context) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(("code", "shape"), [("green", "●"), ("amber", "▲"), ("red", "■"), ("grey", "○")])
def test_a_light_is_shape_word_and_colour(code, shape):
    with translation.override("en"):
        html = draw("{% light code %}", code=code)
        assert shape in html
        assert f"qc-light-{code}" in html
        assert portal_ui.light_word(code) in html


def test_a_light_says_why_to_mouse_keyboard_and_touch():
    html = draw('{% light "red" why %}', why="时限已过 6 个工作日")
    assert html.startswith("<details")
    assert html.count("时限已过 6 个工作日") == 2
    assert 'title="时限已过 6 个工作日"' in html


def test_a_light_can_print_its_sentence_and_take_another_word():
    html = draw('{% light "green" "提前 24 天" "提前" why="text" %}')
    assert "<details" not in html
    assert "提前</span>" in html
    assert "提前 24 天" in html


def test_the_sentence_of_a_light_is_escaped():
    assert "<script>" not in draw('{% light "red" why %}', why='"><script>')


def test_an_unknown_light_is_a_fault_and_not_grey():
    with pytest.raises(KeyError):
        portal_ui.light("purple")


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("zh_date", "2026年11月22日", "Nov 22, 2026"),
        ("zh_date_day", "2026年11月22日(周日)", "Sun, Nov 22, 2026"),
        ("zh_date_short", "11月22日", "Nov 22"),
    ],
)
def test_dates_in_both_languages(name, chinese, english):
    with translation.override("zh-hans"):
        assert getattr(portal_ui, name)(DAY) == chinese
        assert getattr(portal_ui, name)(None) == "—"
    with translation.override("en"):
        assert getattr(portal_ui, name)(DAY) == english


def test_a_moment_is_shown_in_local_time_even_across_midnight():
    late = datetime.datetime(2026, 11, 21, 16, 5, tzinfo=datetime.UTC)
    with translation.override("zh-hans"):
        assert portal_ui.zh_datetime(late) == "2026年11月22日 00:05"
        assert portal_ui.zh_date(late) == "2026年11月22日"
        assert portal_ui.zh_datetime(None) == "—"
    with translation.override("en"):
        assert portal_ui.zh_datetime(late) == "Nov 22, 2026, 00:05"


def test_days_left_are_said_as_people_say_them():
    with translation.override("en"):
        assert [portal_ui.workdays_left(days) for days in (3, 1, 0, -1, -6, None)] == [
            "3 working days left",
            "1 working day left",
            "Due today",
            "1 working day late",
            "6 working days late",
            "—",
        ]


def test_a_span_in_minutes_is_rounded_up():
    assert portal_ui.minutes(datetime.timedelta(minutes=15)) == 15
    assert portal_ui.minutes(datetime.timedelta(seconds=61)) == 2


def test_a_dash_stands_for_nothing_but_not_for_zero():
    assert [portal_ui.dash(value) for value in (None, "", 0, "甲")] == ["—", "—", 0, "甲"]


def widths(svg: str) -> list[tuple[str, float]]:
    return [
        (kind, float(width))
        for kind, width in re.findall(r'qc-fill-(\w+)" x="[\d.]+" y="0" width="([\d.]+)"', svg)
    ]


def test_bars_compare_by_length_and_start_with_what_is_wrong():
    parts = widths(portal_ui.light_bar(red=2, amber=0, green=3, grey=5, full=20))
    assert [kind for kind, _width in parts] == ["red", "green", "grey"]
    assert [round(width + 3) for _kind, width in parts] == [100, 150, 250]


def test_an_empty_bar_is_no_division_by_zero():
    assert "<rect" not in portal_ui.light_bar()


def test_progress_shows_figure_and_plan_and_never_more_than_full():
    with translation.override("en"):
        html = draw("{% progress 60 75 %}")
    assert ">60%<" in html.replace("</svg>", ">")
    assert 'title="Planned by now: 75%"' in html
    assert widths(portal_ui.progress(130))[1] == ("blue", 1000.0)
    assert draw("{% progress None %}") == "—"


def test_icons_are_decoration_unless_they_carry_a_label():
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    assert 'aria-label="收件箱"' in draw('{% icon "bell" "收件箱" %}')


def test_pager_shows_the_ends_and_an_ellipsis():
    numbers = portal_ui.page_numbers(Paginator(range(240), 20).page(5))
    assert numbers == [1, 2, 3, 4, 5, 6, 7, Paginator.ELLIPSIS, 12]


def test_every_icon_named_in_a_template_is_in_the_list():
    listed = set((settings.BASE_DIR / "ops" / "icons.txt").read_text().split())
    used = {
        name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'\{%\s*icon\s+"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert used
    assert used - listed == set()
