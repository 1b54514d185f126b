"""The workbook as it goes out: 说明, a sheet per kind of line, the hidden stamp. Nothing in it that WPS cannot open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from .cells import cleaned, guarded, is_formula
from .sheets import KEY, Asked, WorkbookSheet
from .stamp import SHEET, Stamp

HEAD_ROW = 3
_THIN = Side(style="thin", color="A6A6A6")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD, _GREY = PatternFill("solid", start_color="DCE6F1"), PatternFill("solid", start_color="F2F2F2")
_ASKED = PatternFill("solid", start_color="FFF2CC")
_WRAP = Alignment(wrap_text=True, vertical="top")
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")
_OPEN = Protection(locked=False)


@dataclass(frozen=True)
class WrittenLine:
    """`key` is what stands in the column of keys; `asks`: fields that can be typed into, none for a line that is closed;
    `values` what stands there; a field without a value is shown as not asked for."""

    key: str
    line: Any
    asks: Collection[str]
    values: Mapping[str, Any] = field(default_factory=dict)


def write_workbook(
    *,
    title: str,
    note: str,
    guide: Sequence[tuple[str, str]],
    sheets: Sequence[tuple[WorkbookSheet, Sequence[WrittenLine]]],
    stamp: Stamp,
) -> bytes:
    """`title` heads every page, `note` stands below it; `guide` are the rows of 说明."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _guide(first, title, guide)
    for spec, lines in sheets:
        _sheet(book.create_sheet(spec.title), spec, lines, title=title, note=note)
    hidden = book.create_sheet(SHEET)
    for row in stamp.cells():
        hidden.append(row)
    hidden.sheet_state = "veryHidden"
    hidden.protection.sheet = True
    # sheets keep their names and the stamp its place; no password: it is a help, not a lock
    book.security = WorkbookProtection(lockStructure=True)
    book.active = 1 if len(sheets) else 0
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: Worksheet, title: str, guide: Sequence[tuple[str, str]]) -> None:
    sheet.title = "说明"
    _text(sheet, 1, 1, title).font = Font(bold=True, size=14)
    for number, (head, text) in enumerate(guide, 2):
        _text(sheet, number, 1, head).font = Font(bold=True)
        _text(sheet, number, 2, text).alignment = _WRAP
        sheet.cell(number, 1).alignment = _WRAP
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 100
    sheet.protection.sheet = True
    _paper(sheet)


def _sheet(
    sheet: Worksheet, spec: WorkbookSheet, lines: Sequence[WrittenLine], *, title: str, note: str
) -> None:
    _text(sheet, 1, 1, f"{title}（{spec.title}）").font = Font(bold=True, size=14)
    _text(sheet, 2, 1, note)
    heads = [(KEY, 7), *((one.heading, one.width) for one in spec.shown)]
    fixed = len(heads)
    heads += [(one.heading + one.hint, one.width) for one in spec.asked]
    for index, (heading, width) in enumerate(heads, 1):
        cell = _text(sheet, HEAD_ROW, index, heading)
        cell.font, cell.border, cell.alignment = Font(bold=True), _BORDER, _MIDDLE
        cell.fill = _HEAD if index <= fixed else _ASKED
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row, line in enumerate(lines, HEAD_ROW + 1):
        _locked(sheet, row, 1, line.key)
        for index, shown in enumerate(spec.shown, 2):
            _locked(sheet, row, index, shown.text(line.line))
        for index, asked in enumerate(spec.asked, fixed + 1):
            _asked(sheet, row, index, asked, line)
    last = HEAD_ROW + len(lines)
    if lines:
        for index, asked in enumerate(spec.asked, fixed + 1):
            rule = asked.kind.rule()
            if rule is not None:
                letter = get_column_letter(index)
                rule.add(f"{letter}{HEAD_ROW + 1}:{letter}{last}")
                sheet.add_data_validation(rule)
    sheet.freeze_panes = f"{get_column_letter(min(fixed, 3) + 1)}{HEAD_ROW + 1}"
    # columns may be widened and rows grow with the text; content of grey cells stays
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    _paper(sheet)


def _asked(sheet: Worksheet, row: int, column: int, asked: Asked, line: WrittenLine) -> None:
    if asked.field not in line.values:
        _locked(sheet, row, column, "—").alignment = _MIDDLE
        return
    value = asked.kind.shown(line.values[asked.field])
    cell = _text(sheet, row, column, value) if isinstance(value, str) else sheet.cell(row, column, value)
    cell.number_format = asked.kind.number_format
    cell.border, cell.alignment = _BORDER, _WRAP
    if asked.field in line.asks:
        cell.protection = _OPEN
    else:
        cell.fill = _GREY


def _locked(sheet: Worksheet, row: int, column: int, value: Any) -> Any:
    if hasattr(value, "year"):
        value = f"{value:%Y-%m-%d}"
    cell = _text(sheet, row, column, guarded(cleaned(value)))
    cell.fill, cell.border, cell.alignment, cell.number_format = _GREY, _BORDER, _WRAP, "@"
    return cell


def _text(sheet: Worksheet, row: int, column: int, value: str | None) -> Any:
    """A cell that holds text and is never run as a formula, whatever it begins with: it has the type of text, and the
    mark that programs set themselves when a person types an apostrophe before it."""
    cell: Any = sheet.cell(row, column)
    cell.value = value
    if value:
        cell.data_type = "s"
        if is_formula(value):
            cell.quotePrefix = True
    return cell


def _paper(sheet: Worksheet) -> None:
    """A4 across, as wide as one page, pages numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
