"""One document in every format: the same text and the same table come out."""

import pytest

from programs.importing.reading import read_document
from programs.importing.source import Source

from . import builders, prints
from .sample import Rows, blocks, text

TEXTS = {
    "utf-8.txt": lambda: builders.txt("utf-8"),
    "utf-8-bom.txt": lambda: builders.txt("utf-8-sig"),
    "utf-16.txt": lambda: builders.txt("utf-16"),
    "gb18030.txt": lambda: builders.txt("gb18030"),
}
MARKED = {
    "word.docx": builders.sample_docx,
    "utf-8.html": builders.sample_html,
    "gb2312.htm": lambda: builders.sample_html("gb2312"),
    "undeclared.html": lambda: builders.sample_html("gb18030", declared=False),
}
PRINTED = {
    "upright.pdf": prints.sample_pdf,
    **{
        f"turned {angle}.pdf": lambda angle=angle: prints.turned(prints.sample_pdf(), angle)
        for angle in (90, 180, 270)
    },
}
ALL = MARKED | PRINTED
NOISE = (
    "不可见",
    "导航",
    "当前位置",
    "隐藏",
    "分享",
    "热点",
    "年度会议",
    "优惠",
    "相关链接",
    "网友",
    "版权所有",
)


def lines(source: Source) -> list[str]:
    return source.text.splitlines()


@pytest.mark.parametrize("name", TEXTS)
def test_text_files_stand_as_they_were_typed(name):
    assert read_document(name, TEXTS[name]()).text == text()


@pytest.mark.parametrize("name", ALL)
def test_every_line_comes_out_with_its_number(name):
    source = read_document(name, ALL[name]())
    expected = [block.shown for block in blocks() if not isinstance(block, Rows)]
    table = range(source.text[: source.tables[0].span.start].count("\n"), len(lines(source)))
    assert [line for at, line in enumerate(lines(source)) if at not in table] == expected


@pytest.mark.parametrize("name", ALL)
def test_the_table_comes_out_cell_by_cell(name):
    source = read_document(name, ALL[name]())
    (expected,) = [block for block in blocks() if isinstance(block, Rows)]
    (table,) = source.tables
    assert [[source.quote(cell) for cell in row] for row in table.rows] == builders.cells_of(expected.rows)
    written = source.quote(table.span).splitlines()
    assert len(written) == len(expected.rows)
    assert written[1] == "\t".join(expected.rows[1]).rstrip("\t")


@pytest.mark.parametrize("name", MARKED)
def test_headings_are_marked_with_their_level(name):
    source = read_document(name, MARKED[name]())
    first = 1 if name.endswith("docx") else 2
    marked = {source.text[at:].partition("\n")[0]: level - first for at, level in source.headings}
    assert marked == {
        "一、总体目标": 0,
        "二、重点任务": 0,
        "三、实施步骤": 0,
        "四、保障措施": 0,
        "（一）提升产业质量竞争力": 1,
        "（二）守牢质量安全底线": 1,
        "（三）优化质量发展环境": 1,
        "（四）夯实质量基础设施": 1,
    }


@pytest.mark.parametrize("name", [name for name in MARKED if "htm" in name])
def test_nothing_around_the_document_is_kept(name):
    source = read_document(name, MARKED[name]())
    assert [word for word in NOISE if word in source.text] == []


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (2, 3, 0, 1, 5, 4)])
def test_a_workbook_is_title_table_and_note(order):
    source = read_document("分解表.xlsx", builders.sample_xlsx(order))
    (expected,) = [block for block in blocks() if isinstance(block, Rows)]
    rows = [row for row in builders.cells_of(expected.rows) if len(set(row)) > 2]
    (table,) = source.tables
    read = [[source.quote(cell) for cell in row] for row in table.rows]
    assert [row for row in read if len(set(row)) > 2] == [[row[column] for column in order] for row in rows]
    assert [row[:2] for row in read if len(set(row)) == 2] == [
        ["一", "提升产业质量竞争力"],
        ["二", "守牢质量安全底线"],
    ]
    assert lines(source)[0] == "重点任务分解表"
    assert lines(source)[-1] == "注：本表由领导小组办公室负责解释。"
