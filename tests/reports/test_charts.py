"""Charts of lights: the right bars, in the right order, readable without colour."""

import subprocess
from xml.etree import ElementTree

import pytest

from qualitycity.reports import charts
from qualitycity.reports.blocks import LIGHTS, Chart, ChartRow

ROWS = (
    ChartRow("市教育局", green=3),
    ChartRow("市市场监管局", green=8, amber=2, red=1, grey=1),
    ChartRow("市财政局", green=2, red=1),
    ChartRow("市公安局"),
)
DEPARTMENTS = Chart("departments", ROWS, "图1　各单位亮灯情况", "市市场监管局任务最多，共12项")
TREND = Chart(
    "trend", (ChartRow("2026年第1季度", 4, 1), ChartRow("2026年第2季度", 5, 0, 1)), "图2　走势", "逾期增加1项"
)


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [(node.text or "").strip("\u200b") for node in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture(scope="module")
def drawn() -> tuple[str, ...]:
    hostile = Chart("departments", (ChartRow('<script>&"甲', 1),), '图<3> & "乙"', "<b>说明</b>")
    return charts.draw((DEPARTMENTS, TREND, hostile))


def test_the_longest_bar_comes_first_and_of_equal_ones_the_worse():
    assert [row.label for row in charts.ranked(ROWS)] == ["市市场监管局", "市财政局", "市教育局", "市公安局"]


def test_two_departments_of_one_name_keep_a_bar_each():
    labels = [row.label for row in charts.ranked((ChartRow("办公室", 2), ChartRow("办公室", 1)))]
    assert len(set(labels)) == 2
    assert {label.strip("\u200b") for label in labels} == {"办公室"}


def test_parts_of_a_bar_follow_each_other_with_what_is_wrong_first():
    values = charts.spec(DEPARTMENTS)["data"]["values"]
    parts = [value for value in values if value["label"] == "市市场监管局"]
    assert [part["light"] for part in parts] == ["■ 逾期", "▲ 预警", "● 正常", "○ 无数据"]
    assert [(part["start"], part["end"]) for part in parts] == [(0, 1), (1, 3), (3, 11), (11, 12)]
    assert [part["last"] for part in parts] == [False, False, False, True]


def test_what_does_not_fit_is_said_below_the_bars():
    many = Chart("departments", tuple(ChartRow(f"单位{n}", n) for n in range(1, 41)), "图", "图")
    spec = charts.spec(many)
    assert len({value["label"] for value in spec["data"]["values"]}) == charts.MOST_BARS
    assert spec["title"]["text"] == "其余 10 个单位共 55 项，未在图中列出。"


def test_a_thin_part_keeps_its_bar_but_loses_its_label():
    lopsided = Chart("departments", (ChartRow("甲", green=400, red=1),), "图", "图")
    labels = {value["light"]: value["text"] for value in charts.spec(lopsided)["data"]["values"]}
    assert labels == {"■ 逾期": "", "● 正常": "● 400"}


def test_ink_can_be_read_on_each_fill():
    def luminance(colour: str) -> float:
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for light in LIGHTS:
        pair = sorted((luminance(charts.FILLS[light]), luminance(charts.INKS[light])))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, light


def test_the_picture_shows_names_numbers_and_words(drawn):
    seen = words(drawn[0])
    assert {"市市场监管局", "市教育局", "● 8", "▲ 2", "■ 逾期", "○ 无数据", "12"} <= set(seen)
    assert seen.index("市市场监管局") < seen.index("市财政局") < seen.index("市教育局")


def test_the_trend_keeps_the_order_of_periods(drawn):
    seen = "".join(words(drawn[1])) + "".join(ElementTree.fromstring(drawn[1]).itertext())
    assert seen.index("第1季度") < seen.index("第2季度")


def test_title_and_description_are_there_for_those_who_cannot_see(drawn):
    root = ElementTree.fromstring(drawn[0])
    assert root.get("role") == "img"
    assert root.find("{http://www.w3.org/2000/svg}title").text == DEPARTMENTS.caption
    assert root.find("{http://www.w3.org/2000/svg}desc").text == DEPARTMENTS.alt


def test_names_are_text_and_never_markup(drawn):
    root = ElementTree.fromstring(drawn[2])
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert '<script>&"甲' in words(drawn[2])


def test_no_charts_start_no_process(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)
    assert charts.draw(()) == ()


def test_a_drawing_process_that_takes_too_long_is_ended():
    with pytest.raises(subprocess.TimeoutExpired):
        charts.draw((TREND,), timeout=0.05)
