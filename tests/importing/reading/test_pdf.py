"""Printed pages: lines back to paragraphs, drawn tables back to tables, page numbers and running heads gone."""

import pytest

from programs.importing.reading.pdf import read_pdf
from programs.importing.reading.print import Char, lines
from programs.importing.reading.rulings import Rule, found_tables
from programs.importing.source import Unreadable

from . import prints
from .prints import OFFICIAL, pdf

LONG = "为深入推进质量强市建设，提升产品、工程、服务质量水平，更好满足人民群众需要，结合本市实际，制定本实施意见，请认真贯彻执行。"


#: One page has no running head: what stands there once may be the document's own.
BARE = OFFICIAL + "@page { @top-right { content: none } }"


def read(body: str, style: str = BARE) -> list[str]:
    return read_pdf(pdf(body, style)).text.splitlines()


def cells(data: bytes) -> list[list[list[str]]]:
    source = read_pdf(data)
    return [[[source.quote(cell) for cell in row] for row in table.rows] for table in source.tables]


def test_paragraphs_go_on_over_lines_and_pages():
    body = "".join(f"<p>{number}.{LONG}{LONG}</p>" for number in range(1, 30))
    assert read(body) == [f"{number}.{LONG}{LONG}" for number in range(1, 30)]


def test_short_lines_below_each_other_stay_lines():
    body = "<p>组长：林知远</p><p>副组长：周明诚</p><p class=left>何清</p><p>一、总体要求</p><p>（一）指导思想</p>"
    assert read(f"<p>{LONG}</p>" * 3 + body)[3:] == [
        "组长：林知远",
        "副组长：周明诚",
        "何清",
        "一、总体要求",
        "（一）指导思想",
    ]


def test_figures_and_latin_words_keep_their_spaces_and_lose_none():
    words = "The quality of products and services in this city is measured every year by third parties and published."
    assert read(f"<p class=left style='font-family: Liberation Serif'>{words}</p>") == [words]
    figures = "到2027年，新增国家标准20项，合格率达到98.5%以上，热线12345全年受理，" * 3
    assert read(f"<p>{figures}</p>") == [figures]


def test_page_numbers_and_running_heads_are_left_out():
    margins = '@top-left { content: "示政发〔2025〕8号" } @bottom-center { content: "第 " counter(page) " 页 共 3 页" }'
    style = f"{OFFICIAL} @page {{ {margins} }}"
    found = read("".join(f"<p>{number}.{LONG}</p>" for number in range(1, 25)), style)
    assert found == [f"{number}.{LONG}" for number in range(1, 25)]


def test_two_columns_are_read_one_after_the_other():
    style = BARE + ".two { columns: 2; column-gap: 2em; font-size: 12pt; line-height: 18pt }"
    said = [f"{number}.{LONG}" for number in range(1, 9)]
    body = (
        "<p class=title>质量工作动态</p><div class=two>"
        + "".join(f"<p>{text}</p>" for text in said)
        + "</div>"
    )
    assert read(body, style) == ["质量工作动态", *said]


def row(*said: str) -> str:
    return f"<tr>{''.join(f'<td>{text}</td>' for text in said)}</tr>"


def test_a_table_goes_on_over_pages_without_its_heads():
    head = f"<thead>{row('序号', '任务', '责任单位')}</thead>"
    rows = [(str(number), f"完成第{number}项任务，{LONG}", "市市场监管局") for number in range(1, 16)]
    data = pdf(
        f"<p>任务表</p><table>{head}<tbody>{''.join(row(*said) for said in rows)}</tbody></table><p>说明</p>"
    )
    assert cells(data) == [[["序号", "任务", "责任单位"], *map(list, rows)]]


def test_a_row_that_a_page_cuts_is_put_together():
    rows = [(str(number), f"完成第{number}项任务。{LONG * 4}", "市市场监管局") for number in range(1, 9)]
    data = pdf(f"<table>{row('序号', '任务', '责任单位')}{''.join(row(*said) for said in rows)}</table>")
    assert cells(data) == [[["序号", "任务", "责任单位"], *map(list, rows)]]


def test_two_tables_with_text_between_them_are_two():
    table = f"<table>{row('甲', '乙')}{row('丙', '丁')}</table>"
    assert len(cells(pdf(f"<p>表一</p>{table}<p>表二</p>{table}"))) == 2


def test_units_below_each_other_in_a_cell_stay_apart_and_wrapped_ones_together():
    style = OFFICIAL + "table { table-layout: fixed } td { width: 7em }"
    data = pdf(
        f"<table>{row('任务', '单位')}{row('清查', '市教育局<br>市住房和城乡建设局<br>市财政局')}</table>",
        style,
    )
    assert cells(data)[0][1][1] == "市教育局 市住房和城乡建设局 市财政局"


def test_a_frame_around_text_is_no_table():
    source = read_pdf(
        pdf(
            f"<div style='border: 1pt solid; padding: 5pt'><p>{LONG}</p></div><p><u>有下划线的字</u></p>",
            BARE,
        )
    )
    assert (source.tables, source.text) == ((), f"{LONG}\n有下划线的字\n")


@pytest.mark.parametrize(
    ("cmap", "encoding"),
    [
        ("GBK-EUC-H", "gbk"),
        ("GB-EUC-H", "gb2312"),
        ("GBKp-EUC-H", "gbk"),
        ("UniGB-UCS2-H", "utf-16-be"),
        ("UniGB-UTF16-H", "utf-16-be"),
    ],
)
def test_fonts_that_are_not_in_the_file(cmap, encoding):
    said = "示例市人民政府关于质量强市的意见"
    assert read_pdf(prints.unembedded(said, cmap, encoding)).text == f"{said}\n"


def test_characters_that_nobody_can_name_are_no_text():
    with pytest.raises(Unreadable) as failure:
        read_pdf(prints.unembedded("\ue001\ue002\ue003\ue004" * 5 + "质量" * 8, "UniGB-UCS2-H", "utf-16-be"))
    assert failure.value.code == "garbled"


def test_characters_of_one_base_are_one_line():
    row = [Char(10 * at, 100, 10 * at + 10, 112, 110, said) for at, said in enumerate("质量强市")]
    # drawn characters have no more box than their ink, footnote marks stand a little higher
    row[1] = Char(10, 105, 20, 106, 110, "一")
    row[3] = Char(30, 98, 34, 104, 107, "1")
    below = [Char(10, 120, 20, 132, 130, "下")]
    assert [line.text for line in lines([*reversed(row), *below])] == ["质一强1", "下"]


def test_rules_that_meet_are_a_grid_and_a_missing_one_makes_one_cell():
    frame = [Rule(True, x, 0, 40) for x in (0, 50, 100)] + [Rule(False, y, 0, 100) for y in (0, 20, 40)]
    (whole,) = found_tables(frame)
    assert whole.cells == ((0, 1), (2, 3))
    (merged,) = found_tables(
        [rule for rule in frame if rule != Rule(True, 50, 0, 40)] + [Rule(True, 50, 20, 40)]
    )
    assert merged.cells == ((0, 0), (1, 2))
    (tall,) = found_tables(
        [rule for rule in frame if rule != Rule(False, 20, 0, 100)] + [Rule(False, 20, 50, 100)]
    )
    assert tall.cells == ((0, 1), (0, 2))


def test_rules_in_pieces_and_double_ones_are_one():
    lying = [Rule(False, y, x, x + 50) for y in (0, 1.5, 20, 40) for x in (0, 50)]
    upright = [Rule(True, x, y, y + 20) for x in (0, 50, 100) for y in (0, 20)]
    (table,) = found_tables(lying + upright)
    assert table.cells == ((0, 1), (2, 3))


def test_a_table_that_is_open_at_its_sides():
    (table,) = found_tables([Rule(True, 50, 0, 40), *(Rule(False, y, 0, 100) for y in (0, 20, 40))])
    assert table.cells == ((0, 1), (2, 3))
    assert found_tables([Rule(False, y, 0, 100) for y in (0, 20)]) == []
