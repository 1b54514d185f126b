"""Web pages: what is seen in order, without what is around the document and without losing any of it."""

import pytest

from programs.importing.reading.web import read_page


def lines(body: str) -> list[str]:
    return read_page(f"<meta charset=utf-8><body>{body}".encode()).text.splitlines()


def test_blocks_are_lines_and_the_source_breaks_where_it_likes():
    body = """<div>甲乙
        丙丁<b>戊</b>
        己</div><p>A
        word</p><p>一<br>二<br/><br/>三</p>散文<span>字</span><h3>标题</h3>"""
    assert lines(body) == ["甲乙丙丁戊己", "A word", "一", "二", "三", "散文字", "标题"]


def test_text_as_it_was_typed():
    assert lines("<pre>一、甲\n二、乙</pre><div style='white-space: pre-wrap'>三\n四</div>") == [
        "一、甲",
        "二、乙",
        "三",
        "四",
    ]


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ("<ol><li>甲<li>乙</ol>", ["1.甲", "2.乙"]),
        ("<ol start=3 type=A><li>甲<li value=7>乙<li>丙</ol>", ["C.甲", "G.乙", "H.丙"]),
        ("<ol style='list-style-type: cjk-ideographic'><li>甲<li>乙</ol>", ["一、甲", "二、乙"]),
        ("<ol style='list-style: none'><li>1.甲</ol>", ["1.甲"]),
        ("<ul><li>甲</ul>", ["甲"]),
    ],
)
def test_numbers_that_the_browser_makes(items, shown):
    assert lines(items) == shown


def test_headings_keep_their_level():
    source = read_page("<h1>题</h1><h2>一、甲</h2><p>文</p><h3> </h3><p>末</p>".encode())
    assert source.headings == ((0, 1), (2, 2))


DOCUMENT = "<p>为推进质量强市建设，制定本意见。到二〇二七年，全市质量水平明显提升。各单位要抓好落实。</p>" * 3


@pytest.mark.parametrize(
    "around",
    [
        "<nav>导航栏目</nav>",
        "<div class='site-nav'>导航栏目</div>",
        "<div id=breadcrumb>导航栏目</div>",
        "<div role=navigation>导航栏目</div>",
        "<div hidden>导航栏目</div>",
        "<p style='display:none'>导航栏目</p>",
        "<ul><li><a>导航栏目一</a><li><a>导航栏目二</a><li><a>导航栏目三</a></ul>",
        "<script>导航栏目</script><!-- 导航栏目 --><select><option>导航栏目</select>",
        "<div class='ad'>导航栏目</div><div class=comments>导航栏目</div><footer>导航栏目</footer>",
    ],
)
def test_what_surrounds_the_document_is_left_out(around):
    assert not any("导航栏目" in line for line in lines(around + DOCUMENT + around))


@pytest.mark.parametrize(
    "kept",
    [
        "<div class='head'>示政发〔2025〕8号</div>",
        "<div class='content-nav-free'>示政发〔2025〕8号</div>",
        "<div class='adjust'>示政发〔2025〕8号</div>",
        "<div class='related'>附件：1.示政发〔2025〕8号</div>",
        "<ul><li><a>附件1：示政发〔2025〕8号</a><li><a>附件2</a><li><a>附件3</a></ul>",
        "<p>依据<a>示政发〔2025〕8号</a>和<a>另一文件</a>以及<a>第三份文件</a>，结合本市实际情况，现就有关事项作如下规定。</p>",
    ],
)
def test_what_may_be_of_the_document_is_kept(kept):
    assert any("示政发〔2025〕8号" in line for line in lines(kept + DOCUMENT))


def test_a_document_is_kept_whatever_its_part_is_called():
    assert len(lines(f"<div class='sidebar'><div style='display:none'>{DOCUMENT}</div></div>")) == 3


def test_a_table_that_lays_out_the_page_is_walked_through():
    source = read_page(f"<table><tr><td>{DOCUMENT * 9}</td><td>旁</td></tr></table>".encode())
    assert (source.tables, len(source.text.splitlines())) == ((), 28)


def test_a_table_of_one_column_is_lines():
    assert lines("<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>") == ["甲", "乙"]


def test_cells_over_rows_and_columns():
    source = read_page(
        "<table><caption>分解表</caption><tr><th>序号<th>任务<th>单位</tr><tr><td rowspan=2>1<td colspan=2>甲<br>乙</tr>"
        "<tr><td>丙<td></tr></table>".encode()
    )
    assert source.text == "分解表\n序号\t任务\t单位\n1\t甲 乙\n\t丙\t\n"
    (table,) = source.tables
    assert [[source.quote(cell) for cell in row] for row in table.rows] == [
        ["序号", "任务", "单位"],
        ["1", "甲 乙", "甲 乙"],
        ["1", "丙", ""],
    ]


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ("<meta charset=utf-8>", "utf-8"),
        ("<meta charset='GB2312'>", "gb18030"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=gbk'>", "gb18030"),
        ("", "utf-8"),
        ("", "gb18030"),
        ("<meta charset=iso-8859-1>", "gb18030"),
        ("<meta charset=utf-8>", "gb18030"),
        ("<meta charset=big5>", "big5"),
        ("", "utf-16"),
        ("<?xml version='1.0' encoding='gb2312'?><meta charset=gb2312>", "gb18030"),
    ],
)
def test_encodings_as_pages_declare_them_or_not(meta, encoding):
    said = "質量目標" if encoding == "big5" else "质量强市镕堃"
    page = f"<html><head>{meta}</head><body><p>{said if encoding != 'big5' else said}</p></body></html>"
    assert read_page(page.encode(encoding)).text == f"{said}\n"
