"""Tables that leave the portal as CSV or Excel: streamed, readable by Excel, and never run as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

#: What a spreadsheet may take for a formula, half and full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows that are written and sent at once.
CHUNK = 500
#: Head and width in characters of each column.
Columns = Sequence[tuple[str, int]]


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would run is made text by the apostrophe that spreadsheets know; other values pass."""
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file in pieces of `CHUNK` rows, with the mark by which Excel knows UTF-8 in front.

    Rows are looked at by the first characters of their texts, all at once: only a piece in which one of them is
    suspicious is gone through cell by cell, so that ten thousand rows cost hardly more than writing them.
    """
    yield "\ufeff" + _written([head])
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield _written(_guarded(chunk))


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`name` without its ending; Chinese names reach every browser."""
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(f"{name}.csv")
    return response


def xlsx_response(
    name: str, columns: Columns, rows: Iterable[Sequence[Any]], *, title: str, note: str = "", freeze: str = "A4"
) -> FileResponse:
    """Excel as an office prints it: title, a line on what it shows, sticky head, A3 landscape, head on every page."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:28])
    for index, (_head, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = freeze
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    thin = Side(style="thin", color="808080")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    wrap = Alignment(wrap_text=True, vertical="top")
    first = WriteOnlyCell(sheet, safe_cell(title))
    first.font = Font(bold=True, size=14)
    sheet.append([first])
    sheet.append([safe_cell(note)])
    heads = [WriteOnlyCell(sheet, head) for head, _width in columns]
    for head in heads:
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", start_color="E6EDF5")
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        head.border = border
    sheet.append(heads)
    for row in rows:
        cells = [WriteOnlyCell(sheet, safe_cell(value)) for value in row]
        for cell in cells:
            cell.alignment = wrap
            cell.border = border
            if hasattr(cell.value, "year"):
                cell.number_format = "yyyy-mm-dd"
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = disposition(f"{name}.xlsx")
    return response


def disposition(name: str) -> str:
    """An ASCII name for old programs, the Chinese one beside it (RFC 6266)."""
    plain = f"export.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _guarded(chunk: list[Sequence[Any]]) -> list[Sequence[Any]]:
    # by columns, since most columns say the same few things again and again
    columns = (set(column) for column in zip(*chunk, strict=True))
    heads = {cell[:1] for column in columns for cell in column if cell.__class__ is str}
    if any(head.startswith(FORMULA) or head.isspace() for head in heads):
        return [[safe_cell(cell) for cell in row] for row in chunk]
    return chunk


def _written(rows: Iterable[Sequence[Any]]) -> str:
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()
