"""Charts on pages: the same definition as on paper, drawn without an engine, safe, linked, readable when narrow."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from qualitycity.reports import charts
from qualitycity.reports.blocks import CHART_KINDS, Chart, ChartRow
from qualitycity.reports.webcharts import LONGEST_NAME, MOST_COLUMNS, web_svg

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    ChartRow("市教育局", green=3),
    ChartRow("市市场监管局", green=8, amber=2, red=1, grey=1),
    ChartRow("市财政局", green=2, red=1),
    ChartRow("市公安局"),
)
UNITS = Chart("departments", ROWS, "各单位亮灯情况", "市市场监管局任务最多，共12项")


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in parsed(svg).iter(f"{SVG}text")]


def test_units_stand_in_the_order_of_the_paper_and_groups_as_given():
    names = {row.label for row in ROWS}
    assert [word for word in texts(web_svg(UNITS)) if word in names] == [row.label for row in charts.ranked(ROWS)]
    groups = Chart("groups", ROWS, "按章节", "按章节")
    assert [word for word in texts(web_svg(groups)) if word in names] == [row.label for row in ROWS]


def test_parts_of_a_bar_fill_their_share_with_what_is_wrong_first():
    root = parsed(web_svg(UNITS, limit=1))
    parts = [node for node in root.iter(f"{SVG}rect") if node.get("fill") in charts.FILLS.values()]
    assert [node.get("fill") for node in parts] == [charts.FILLS[code] for code in ("red", "amber", "green", "grey")]
    widths = [float(node.get("width", "").rstrip("%")) for node in parts]
    starts = [float(node.get("x", "").rstrip("%")) for node in parts]
    assert widths == pytest.approx([100 / 12, 200 / 12, 800 / 12, 100 / 12], abs=0.01)
    assert starts == pytest.approx([0, 100 / 12, 300 / 12, 1100 / 12], abs=0.01)


def test_what_is_wrong_stands_on_top_of_a_column():
    root = parsed(web_svg(Chart("filing", (ChartRow("2026年第一季度", 3, 1, 1),), "报送", "报送")))
    tops = {node.get("fill"): float(node.get("y", "0")) for node in root.iter(f"{SVG}rect")}
    assert tops[charts.FILLS["red"]] < tops[charts.FILLS["amber"]] < tops[charts.FILLS["green"]]


def test_every_figure_leads_to_its_rows_and_says_what_it_is():
    links = [{code: f"/rows/{n}/?light={code}" for code in ("red", "amber", "green", "grey", "total")} for n in range(4)]
    found = {
        (node.get("href"), node.get("data-figure"), node.findtext(f"{SVG}title"))
        for node in parsed(web_svg(UNITS, links)).iter(f"{SVG}a")
    }
    assert ("/rows/1/?light=amber", "2", "市市场监管局 预警 2") in found
    assert ("/rows/0/?light=total", "3", "市教育局 3") in found
    # four totals and the seven parts that hold anything
    assert len(found) == 4 + 7


def test_words_are_those_of_the_chart_and_can_be_those_of_the_page():
    filing = Chart("filing", (ChartRow("2026年7月", 1, 1, 1, 1),), "报送", "报送")
    assert "2026年7月 逾期补报 1" in web_svg(filing) and "2026年7月 Late 1" in web_svg(filing, words={"amber": "Late"})


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_the_picture_has_a_title_a_description_and_no_style(kind):
    svg = web_svg(Chart(kind, ROWS, "图", "市市场监管局最多"), ident="units")
    root = parsed(svg)
    assert root.get("role") == "img" and root.get("aria-labelledby") == "units-title units-desc"
    assert root.findtext(f"{SVG}title") == "图" and root.findtext(f"{SVG}desc") == "市市场监管局最多"
    assert not re.search(r"\s(?:style|on\w+)=|<style|<script|url\(", svg)


def test_hostile_names_and_addresses_stay_text():
    bad = '"><script>alert(1)</script>&'
    svg = web_svg(Chart("groups", (ChartRow(bad, 1),), bad, bad), [{"green": f"/?q={bad}", "total": bad}], ident=bad)
    assert "<script" not in svg and parsed(svg).findtext(f"{SVG}title") == bad


def test_type_keeps_its_size_and_long_names_are_cut_with_the_whole_name_at_hand():
    name = "示例市经济技术开发区管理委员会质量发展和市场监督管理局（知识产权局）"
    svg = web_svg(Chart("departments", (ChartRow(name, 1),), "图", "图"))
    root = parsed(svg)
    assert root.get("width") == "100%" and root.get("viewBox") is None
    label = next(root.iter(f"{SVG}text"))
    assert len(label.text or "") == LONGEST_NAME and label.findtext(f"{SVG}title") == name


def test_a_thin_part_keeps_its_link_but_not_its_number():
    chart = Chart("departments", (ChartRow("甲", green=400, red=1),), "图", "图")
    svg = web_svg(chart, [{"red": "/red/", "green": "/green/"}])
    assert "● 400" in texts(svg) and not any("■" in word for word in texts(svg))
    assert 'href="/red/" data-figure="1"' in svg


def test_the_newest_periods_are_drawn_where_there_are_too_many():
    rows = tuple(ChartRow(f"{year}年第{quarter}季度", 1) for year in (2024, 2025, 2026) for quarter in "一二三四")
    said = texts(web_svg(Chart("trend", rows, "走势", "走势")))
    assert said.count("四季度") == 2 and "2024年" not in said
    assert sum(word.endswith("季度") for word in said) == MOST_COLUMNS


def test_no_drawing_engine_is_loaded_in_the_process_of_a_page():
    code = "import qualitycity.reports.webcharts, sys; sys.exit('vl_convert' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
