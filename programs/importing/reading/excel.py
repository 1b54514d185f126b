"""Excel workbooks: every sheet a table, cells as they are shown, merged ones in all their places. Read piece by piece,
since a small file may claim a million rows or one merged area as large as the sheet."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from qualitycity.files.merged import merged_areas

from ..source import Source, Unreadable
from .building import Builder, joined

MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 80
MOST_SHEETS: Final = 30
MOST_MERGED: Final = 20_000

Rows = list[list[str]]


def read_workbook(data: bytes) -> Source:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        areas = merged_areas(archive)
    # what formulas gave when the file was last saved
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if len(sheets) > MOST_SHEETS:
            raise Unreadable("too_long")
        read = [
            (sheet.title, _rows(sheet), areas.get(getattr(sheet, "_worksheet_path", ""), []))
            for sheet in sheets
        ]
    finally:
        book.close()
    filled = [(title, rows, merged) for title, rows, merged in read if rows]
    builder = Builder()
    for title, rows, merged in filled:
        if len(filled) > 1:
            builder.line(title, 1)
        _write(rows, merged, builder)
    return builder.source("xlsx")


def _rows(sheet: Any) -> Rows:
    """Texts by row and column, without empty ones at the end."""
    rows: Rows = []
    for cells in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS):
        rows.append([_shown(cell) for cell in cells])
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise Unreadable("too_long")
    width = max((at + 1 for row in rows for at, said in enumerate(row) if said), default=0)
    return [(row + [""] * width)[:width] for row in rows]


def _write(rows: Rows, merged: Sequence[str], builder: Builder) -> None:
    grid = _grid(rows, merged)
    texts = [said for row in rows for said in row]
    kept = [row for row in grid if any(texts[number] for number in row)]
    # what stands alone above and below the table is its title and its notes
    first = next((at for at, row in enumerate(kept) if len(_said(row, texts)) > 1), len(kept))
    last = next((at for at in range(len(kept), first, -1) if len(_said(kept[at - 1], texts)) > 1), first)
    for row in kept[:first]:
        builder.line(_alone(row, texts))
    if first < last:
        builder.table(texts, kept[first:last])
    for row in kept[last:]:
        builder.line(_alone(row, texts))


def _grid(rows: Rows, merged: Sequence[str]) -> list[list[int]]:
    """By row and column the number of the cell that is shown there; cells are numbered row by row."""
    width = len(rows[0])
    grid = [[at * width + column for column in range(width)] for at in range(len(rows))]
    if len(merged) > MOST_MERGED:
        raise Unreadable("too_long")
    for area in merged:
        left, top, right, bottom = range_boundaries(area)
        if left > width or top > len(rows):
            continue
        number = grid[top - 1][left - 1]
        for at in range(top - 1, min(bottom, len(rows))):
            for column in range(left - 1, min(right, width)):
                grid[at][column] = number
    return grid


def _said(row: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Cells of the row in which something stands."""
    return [number for number in dict.fromkeys(row) if texts[number]]


def _alone(row: Sequence[int], texts: Sequence[str]) -> str:
    return "".join(texts[number] for number in _said(row, texts))


def _shown(cell: Any) -> str:
    value, pattern = cell.value, getattr(cell, "number_format", None) or ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        # fifteen digits, as the program itself shows them
        percent = "%" in pattern
        number = Decimal(format(value, ".15g")) * (100 if percent else 1)
        return f"{number.normalize():f}" + ("%" if percent else "")
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月" + (f"{value.day}日" if "d" in pattern.lower() else "")
    return joined([str(value)])
