"""The HTML of a paper: escaped, complete, and with a word beside every colour."""

import re

import pytest

from qualitycity.reports import document
from qualitycity.reports.blocks import (
    Cell,
    Chart,
    ChartRow,
    Column,
    Fact,
    Facts,
    Lights,
    Paragraph,
    Row,
    Table,
)

from .samples import paper, task_table

HOSTILE = '<img src="file:///etc/hostname"></style><script>alert(1)</script>{{ paper.title }}'


def html(*blocks, **changes) -> str:
    return document.build(paper(*blocks, **changes)).html


@pytest.mark.parametrize(
    "content",
    [
        paper(Paragraph(HOSTILE)),
        paper(
            Table((Column(HOSTILE, 1),), (Row((Cell(HOSTILE, "red", HOSTILE, HOSTILE),)),), caption=HOSTILE)
        ),
        paper(Facts((Fact(HOSTILE, HOSTILE),))),
        paper(Chart("trend", (ChartRow(HOSTILE, 1),), HOSTILE, HOSTILE)),
        paper(title=HOSTILE, subtitle=HOSTILE, issuer=HOSTILE, number=HOSTILE, footer_note=HOSTILE),
    ],
)
def test_text_is_never_markup(content):
    built = document.build(content)
    assert "<script" not in built.html
    assert "<img src=&quot;file" in built.html.replace("&lt;", "<")
    assert 'src="file' not in built.html
    assert HOSTILE not in built.rules


def test_control_characters_are_left_out_and_lines_kept():
    assert document.clean("甲\x00乙\x0b\r\n丙\t丁\ud800\x85") == "甲乙\n丙 丁"


def test_every_light_has_its_shape_and_word():
    shown = html(task_table(4), Lights(green=5, amber=2, red=1, grey=0, early=3))
    for light, shape, word in (
        ("green", "●", "正常"),
        ("amber", "▲", "预警"),
        ("red", "■", "逾期"),
        ("grey", "○", "无数据"),
    ):
        assert (
            f'<span class="light {light}"><span class="shape">{shape}</span> <span class="word">{word}</span>'
            in shown
        )
    assert "其中提前 3 项" in shown
    assert re.findall(r'class="count">(\d+)<', shown) == ["1", "2", "5", "0", "8"]


def test_a_light_may_carry_another_word():
    table = Table((Column("亮灯", 1),), (Row((Cell("", "green", "提前"),)),))
    assert '<span class="shape">●</span> <span class="word">提前</span>' in html(table)


def test_a_paragraph_is_split_at_line_breaks():
    assert html(Paragraph("第一段。\n\n 第二段。 ")).count('<p class="body">') == 2
    assert '<p class="lead"><span class="set">请市领导协调。</span></p>' in html(
        Paragraph("请市领导协调。", emphasis=True)
    )


def test_column_widths_add_up_and_no_element_carries_a_style():
    built = document.build(paper(task_table(2), task_table(2)))
    for table in ("t1", "t2"):
        widths = [
            float(width) for width in re.findall(rf"\.{table} \.c\d+ {{ width: ([\d.]+)% }}", built.rules)
        ]
        assert len(widths) == 4
        assert sum(widths) == pytest.approx(100, abs=0.01)
    assert "style=" not in built.html


def test_only_a_long_row_may_break_over_pages():
    table = Table((Column("进展", 1),), (Row((Cell("短"),)), Row((Cell("长" * (document.LONG_ROW + 1)),))))
    assert html(table).count('<tr class="long">') == 1


def test_a_table_without_rows_says_so():
    shown = html(Table((Column("事项", 1),), (), empty="本期无需协调事项。"))
    assert "本期无需协调事项。" in shown
    assert "<table" not in shown


@pytest.mark.parametrize(
    ("values", "cells_in_rows", "alone"),
    [
        (["1项", "2项"], [2], 0),
        (["1项", "2项", "3项"], [2, 1], 1),
        (["1项", "长" * 30, "3项", "4项"], [1, 1, 2], 2),
        (["长" * 30], [1], 1),
    ],
)
def test_facts_stand_in_pairs_and_a_long_one_alone(values, cells_in_rows, alone):
    shown = html(Facts(tuple(Fact("名称", value) for value in values)))
    table = shown[shown.index('<table class="facts">') :]
    assert [row.count("<td") for row in re.findall(r"<tr>.*?</tr>", table)] == cells_in_rows
    assert table.count('colspan="3"') == alone


def test_the_table_beside_a_trend_gives_every_number():
    chart = Chart("trend", (ChartRow("第1季度", 4, 3, 2, 1), ChartRow("第2季度", 8, 7, 6, 5)), "走势", "走势")
    built = document.build(paper(chart))
    beside = built.html[built.html.index('<table class="beside">') :]
    assert re.findall(r"<td>(\d+)</td>", beside) == ["2", "6", "3", "7", "4", "8", "1", "5"]
    assert built.charts == [chart]


def test_moment_and_origin_stand_at_the_foot_with_the_check_code():
    shown = html(footer_note="联系电话 0000-1234567")
    assert re.search(
        r'data-note="数据截至2026年9月30日18:05，由质量强市工作门户生成　核对码 [0-9A-F ]{14}　联系电话 0000-1234567"',
        shown,
    )


@pytest.mark.parametrize(
    ("kind", "label", "head"),
    [
        ("report", "编制单位：", "letterhead"),
        ("return_form", "填报单位：", "formhead"),
        ("breakdown", "编制单位：", "formhead"),
    ],
)
def test_each_kind_has_its_head(kind, label, head):
    shown = html(kind=kind)
    assert f'class="label">{label}' in shown
    assert f'<header class="{head}' in shown


def test_the_red_rule_is_for_issued_papers():
    assert 'class="letterhead issued"' in html()
    assert 'class="letterhead"' in html(number=None)
