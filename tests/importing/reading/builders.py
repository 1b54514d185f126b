"""The sample as a file of every format, and files for single questions, made on the spot."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import openpyxl

from .sample import Line, Rows, blocks, is_section, text

W = "http" + "://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http" + "://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http" + "://schemas.openxmlformats.org/package/2006"
_XML = '<Default Extension="xml" ContentType="application/xml"/>'
CONTENT_TYPES = f'<Types xmlns="{_PACKAGE}/content-types">{_XML}</Types>'
PARTS = ("styles", "numbering", "footnotes", "endnotes")


def txt(encoding: str) -> bytes:
    """With Windows' line ends, as an office saves it; `utf-16` writes its mark."""
    return text().replace("\n", "\r\n").encode(encoding)


# Word


def docx(body: str, external: str = "", **parts: str) -> bytes:
    """A document of the given content of its body; further parts by name: styles, numbering, footnotes …"""
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{_RELATION}/{name}" Target="{name}.xml"/>' for name in parts
    )
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": _relations(
            f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": _relations(relations + external),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        **{f"word/{name}.xml": part(name, content) for name, content in parts.items()},
    }
    return archive(files)


def part(root: str, content: str) -> str:
    others = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("wps", "mc", "v", "wp"))
    spaces = f'xmlns:w="{W}" xmlns:r="{_RELATION}" {others}'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{root} {spaces}>{content}</w:{root}>'


def archive(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


def _relations(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'


def p(said: str, *, properties: str = "") -> str:
    """A paragraph; `said` in two runs, as Word cuts text where somebody has typed twice."""
    half = len(said) // 2
    runs = "".join(run(piece) for piece in (said[:half], said[half:]) if piece)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(said: str) -> str:
    return f'<w:r><w:rPr/><w:t xml:space="preserve">{escape(said)}</w:t></w:r>'


def numbered(said: str, level: int, number: int = 1, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return p(
        said, properties=f'{named}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def level(at: int, kind: str, pattern: str, extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{extra}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def scheme(levels: str, number: int = 1) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'


def lists(*pairs: tuple[int, int, str]) -> str:
    """(numId, abstractNumId, overrides)."""
    return "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{its}"/>{extra}</w:num>'
        for number, its, extra in pairs
    )


OFFICIAL = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.", '<w:lvlRestart w:val="0"/>')
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
)


def sample_docx() -> bytes:
    """No number of a clause is typed; headings are headings; the table has merged cells."""
    body = []
    for block in blocks():
        if isinstance(block, Rows):
            body.append(_table(block))
        elif block.level is None:
            body.append(p(block.text))
        else:
            style = str(block.level + 1) if block.is_heading and block.level < 2 else ""
            body.append(numbered(block.text, block.level, style=style))
    return docx("".join(body), styles=STYLES, numbering=scheme(OFFICIAL) + lists((1, 1, "")))


def _table(block: Rows) -> str:
    rows = []
    for at, row in enumerate(block.rows):
        below = block.rows[at + 1] if at + 1 < len(block.rows) else row
        if is_section(row):
            cells = tc(row[0]) + tc(row[1], f'<w:gridSpan w:val="{len(row) - 1}"/>')
        else:
            cells = ""
            for column, said in enumerate(row):
                merge = ""
                if column < 2 and not said:
                    merge = "<w:vMerge/>"
                elif column < 2 and not below[column]:
                    merge = '<w:vMerge w:val="restart"/>'
                cells += tc(said, merge)
        rows.append(f"<w:tr>{cells}</w:tr>")
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def tc(said: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(said)}</w:tc>"


# pages


def sample_html(charset: str = "utf-8", declared: bool = True) -> bytes:
    """The document as a government's site shows it, with all that such sites put around it."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if declared else ""
    body = "\n".join(_html(block) for block in blocks())
    page = (Path(__file__).parent / "page.html").read_text("utf-8")
    encoding = "gb18030" if charset == "gb2312" else charset
    return page.replace("<!--meta-->", meta).replace("<!--document-->", body).encode(encoding)


def _html(block: Line | Rows) -> str:
    if isinstance(block, Rows):
        return table_as_html(block)
    tag = f"h{block.level + 2}" if block.is_heading and block.level is not None and block.level < 2 else "p"
    # the editor of the site breaks its lines where it likes, and indents by entities
    wide = [at for at in range(1, len(block.text)) if block.text[at - 1] > "⿿" and block.text[at] > "⿿"]
    half = wide[len(wide) // 2] if wide else len(block.text)
    said = escape(block.text[:half]) + "\n      " + escape(block.text[half:])
    return f"<{tag} style='text-indent:2em'>&nbsp;&nbsp;<span>{escape(block.number)}</span>{said.strip()}</{tag}>"


def table_as_html(block: Rows) -> str:
    rows = []
    for at, row in enumerate(block.rows):
        below = block.rows[at + 1] if at + 1 < len(block.rows) else row
        cells = []
        for column, said in enumerate(row):
            if is_section(row):
                if column < 2:
                    cells.append(f"<td{f' colspan={len(row) - 1}' if column else ''}>{said}</td>")
            elif said or column > 1:
                down = " rowspan='2'" if column < 2 and not below[column] else ""
                cells.append(f"<td{down}><p>{escape(said)}</p></td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table border=1><tbody>{''.join(rows)}</tbody></table>"


def cells_of(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """What stands at every place of a sample table, merged cells in all of theirs."""
    shown: list[list[str]] = []
    for row in rows:
        if is_section(tuple(row)):
            shown.append([row[0], *[row[1]] * (len(row) - 1)])
        else:
            shown.append([said or (shown[-1][at] if at < 2 else "") for at, said in enumerate(row)])
    return shown


# Excel


def sample_xlsx(order: Sequence[int] = (0, 1, 2, 3, 4, 5)) -> bytes:
    """The table of tasks as offices keep it: a title over all columns, merged cells, a note; columns in any order."""
    (table,) = [block for block in blocks() if isinstance(block, Rows)]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务分解"
    sheet.append(["重点任务分解表"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(order))
    for at, row in enumerate(table.rows, 2):
        if is_section(row):
            sheet.append([row[0], row[1]])
            sheet.merge_cells(start_row=at, end_row=at, start_column=2, end_column=len(order))
            continue
        sheet.append([int(said) if said.isdigit() else said for said in (row[column] for column in order)])
        for column in (0, 1):
            if not row[column]:
                place = order.index(column) + 1
                sheet.merge_cells(start_row=at - 1, end_row=at, start_column=place, end_column=place)
    sheet.append([])
    sheet.append(["注：本表由领导小组办公室负责解释。"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
