"""Word files as Word shows them."""

import pytest

from programs.importing.reading.markers import counting, written
from programs.importing.reading.word import read_word

from .builders import OFFICIAL, STYLES, archive, docx, level, lists, numbered, p, part, run, scheme, tc


def lines(body: str, **parts: str) -> list[str]:
    return read_word(docx(body, **parts)).text.splitlines()


def listed(*paragraphs: tuple[int, int], numbering: str) -> list[str]:
    """What stands before each paragraph of (list, level)."""
    body = "".join(numbered("文", at, number) for number, at in paragraphs)
    return [line.removesuffix("文") for line in lines(body, numbering=numbering)]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"), (100, "一百"), (101, "一百零一"),
        (110, "一百一十"), (1001, "一千零一"), (1010, "一千零一十"), (9999, "九千九百九十九"),
    ],
)  # fmt: skip
def test_counting_in_chinese(number, said):
    assert counting(number) == said


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("decimal", 12, "12"), ("decimalZero", 7, "07"), ("upperRoman", 49, "XLIX"), ("lowerRoman", 4, "iv"),
        ("upperLetter", 28, "BB"), ("lowerLetter", 3, "c"), ("decimalFullWidth", 12, "１２"),
        ("decimalEnclosedCircle", 3, "③"), ("decimalEnclosedCircle", 21, "21"), ("decimalEnclosedParen", 2, "⑵"),
        ("ideographEnclosedCircle", 2, "㈡"), ("ideographDigital", 10, "一〇"), ("ideographTraditional", 11, "甲"),
        ("ideographZodiac", 12, "亥"), ("chineseLegalSimplified", 12, "壹拾贰"), ("chineseCountingThousand", 15, "十五"),
        ("none", 3, ""), ("unheardOf", 3, "3"),
    ],
)  # fmt: skip
def test_kinds_of_numbers(kind, number, said):
    assert written(number, kind) == said


def test_official_numbers_restart_below_and_run_through_where_told():
    shown = listed(
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 2),
        (1, 1),
        (1, 2),
        (1, 0),
        (1, 1),
        (1, 2),
        numbering=scheme(OFFICIAL) + lists((1, 1, "")),
    )
    assert shown == ["一、", "（一）", "1.", "2.", "（二）", "3.", "二、", "（一）", "4."]


def test_parts_of_a_number_come_from_the_levels_above():
    levels = (
        level(0, "chineseCounting", "第%1章")
        + level(1, "decimal", "%1.%2")
        + level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")
    )
    assert listed((1, 0), (1, 1), (1, 1), (1, 2), numbering=scheme(levels) + lists((1, 1, ""))) == [
        "第一章 ",
        "一.1 ",
        "一.2 ",
        "1.2.1 ",
    ]


def test_lists_of_one_scheme_count_on_unless_told_to_begin_anew():
    levels = scheme(level(0, "decimal", "%1."))
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    shown = listed(
        (1, 0), (1, 0), (2, 0), (3, 0), (3, 0), numbering=levels + lists((1, 1, ""), (2, 1, ""), (3, 1, anew))
    )
    assert shown == ["1.", "2.", "3.", "1.", "2."]


def test_a_list_with_levels_of_its_own():
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "ideographTraditional", "（%1）", start=3)}</w:lvlOverride>'
    assert listed((1, 0), (1, 0), numbering=scheme(level(0, "decimal", "%1.")) + lists((1, 1, own))) == [
        "（丙）",
        "（丁）",
    ]


def test_bullets_and_unknown_lists_show_no_number():
    levels = scheme(level(0, "bullet", "\uf0b7")) + lists((1, 1, ""))
    assert listed((1, 0), (9, 0), (0, 0), numbering=levels) == ["", "", ""]


def test_numbers_that_styles_bring():
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="一级"/><w:pPr><w:outlineLvl w:val="0"/>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="二级"/><w:basedOn w:val="A"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="A"/>') + level(
        1, "chineseCounting", "（%2）", '<w:pStyle w:val="B"/>'
    )
    body = "".join(
        p(said, properties=f'<w:pStyle w:val="{style}"/>')
        for said, style in (("甲", "A"), ("乙", "B"), ("丙", "A"))
    )
    unnumbered = p("丁", properties='<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    source = read_word(docx(body + unnumbered, styles=styles, numbering=scheme(levels) + lists((1, 1, ""))))
    assert source.text.splitlines() == ["一、甲", "（一）乙", "二、丙", "丁"]
    assert source.headings == ((0, 1), (4, 2), (9, 1), (13, 1))


def test_empty_paragraphs_count_and_are_not_shown():
    numbering = scheme(level(0, "decimal", "%1.")) + lists((1, 1, ""))
    assert lines(numbered("甲", 0) + numbered("", 0) + numbered("乙", 0), numbering=numbering) == [
        "1.甲",
        "3.乙",
    ]


def test_a_column_that_is_nothing_but_automatic_numbers():
    numbering = scheme(level(0, "decimal", "%1")) + lists((1, 1, ""))
    row = "<w:tr><w:tc><w:tcPr/>{}</w:tc>{}</w:tr>"
    rows = "".join(row.format(numbered("", 0), tc(said)) for said in ("甲", "乙"))
    assert lines(f"<w:tbl>{rows}</w:tbl>", numbering=numbering) == ["1\t甲", "2\t乙"]


def test_revisions_fields_and_hidden_text():
    said = (
        "<w:p>"
        + run("保")
        + f"<w:ins>{run('留')}</w:ins>"
        + "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r>'
        f"<w:hyperlink>{run('链接')}</w:hyperlink><w:r><w:tab/><w:t>后</w:t><w:br/><w:t>行</w:t></w:r></w:p>"
    )
    assert lines(said) == ["保留移来3链接 后", "行"]


def test_a_deleted_end_of_a_paragraph_joins_it_to_the_next():
    ended = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>' + run("前半") + "</w:p>"
    gone = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
    )
    assert lines(ended + p("后半") + gone + p("末")) == ["前半后半", "末"]


def test_text_boxes_once_after_their_paragraph():
    box = "<w:txbxContent>" + p("示例市人民政府文件") + "</w:txbxContent>"
    hung = (
        f"<w:p>{run('示政发〔2025〕8号')}<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(hung + p("正文")) == ["示政发〔2025〕8号", "示例市人民政府文件", "正文"]


def test_footnotes_stand_at_the_end_in_the_order_of_their_calls():
    def call(number: int) -> str:
        return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'

    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>'
        f'<w:footnote w:id="2">{p("第一条注。")}{p("又一段。")}</w:footnote><w:footnote w:id="5">{p("第二条注。")}</w:footnote>'
    )
    body = f"<w:p>{run('甲')}{call(2)}</w:p><w:p>{run('乙')}{call(5)}</w:p>" + p("丙")
    assert lines(body, footnotes=notes) == ["甲", "乙", "丙", "注1：第一条注。 又一段。", "注2：第二条注。"]


def test_a_table_of_contents_is_left_out():
    styles = STYLES + '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f"<w:sdt>{gallery}<w:sdtContent>{p('一、总体要求 1')}</w:sdtContent></w:sdt>"
    loose = p("一、总体要求 1", properties='<w:pStyle w:val="T"/>')
    wrapped = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('正文')}</w:sdtContent></w:sdt>"
    assert lines(contents + loose + wrapped, styles=styles) == ["正文"]


def test_a_frame_of_one_cell_is_no_table():
    source = read_word(
        docx(f"<w:tbl><w:tr>{tc('示政发〔2025〕8号')}</w:tr><w:tr>{tc('正文')}</w:tr></w:tbl>")
    )
    assert (source.text, source.tables) == ("示政发〔2025〕8号\n正文\n", ())


def test_cells_hold_their_paragraphs_and_inner_tables_on_one_line():
    inner = f"<w:tbl><w:tr>{tc('内一')}{tc('内二')}</w:tr></w:tbl>"
    cell = f"<w:tc><w:tcPr/>{p('甲')}{p('乙')}{inner}</w:tc>"
    source = read_word(docx(f"<w:tbl><w:tr>{cell}{tc('右')}</w:tr></w:tbl>" + p("后")))
    assert source.text == "甲 乙 内一 内二\t右\n后\n"
    assert [[source.quote(cell) for cell in row] for row in source.tables[0].rows] == [
        ["甲 乙 内一 内二", "右"]
    ]


def test_parts_under_other_names_and_the_strict_kind_of_file():
    body = part("document", f"<w:body>{p('正文')}</w:body>").replace(
        "schemas.openxmlformats.org", "purl.oclc.org/ooxml"
    )
    assert "purl.oclc.org" in body
    kind = "http" + "://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    relation = f'<Relationship Id="a" Type="{kind}" Target="/word/document2.xml"/>'
    files = {
        "_rels/.rels": f"<Relationships>{relation}</Relationships>",
        "word/document2.xml": body,
    }
    assert read_word(archive(files)).text == "正文\n"
