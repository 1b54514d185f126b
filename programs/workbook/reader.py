"""Reading a 填报表 that came back, within bounds: cells by heading and key, wherever rows and columns have been moved.

The file has been judged as an archive before (`qualitycity.files`); here it is read piece by piece, since a small file
may claim a million rows or one merged area as large as the sheet.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from qualitycity.files.merged import merged_areas
from qualitycity.files.refusals import FileRefused

from .cells import Cell, cleaned
from .sheets import KEY, WorkbookSheet
from .stamp import SHEET, Issued, Stamp, read_stamp

MOST_ROWS: Final = 3000
MOST_COLUMNS: Final = 60
MOST_SHEETS: Final = 20
MOST_MERGED: Final = 2000
HEAD_WITHIN: Final = 8
#: Bytes after unpacking: five hundred lines with long texts fill a third of it.
MOST_UNPACKED: Final = 30 * 1024 * 1024
_NOTE: Final = re.compile(r"[（(].*?[)）]|[*＊:：\s%％]")


@dataclass
class ReadRow:
    """`cells` by field; `title` what stands in the grey column of the title; `merged` the areas that reach into it."""

    number: int
    key: Cell
    title: Cell | None
    cells: dict[str, Cell] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


@dataclass
class ReadSheet:
    """`absent`: headings of the sheet that are not there; `twice`: headings that stand there more than once."""

    title: str
    rows: list[ReadRow] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    further: list[str] = field(default_factory=list)


@dataclass
class ReadBook:
    """By name of the source; `skipped`: sheets that are none of the workbook's."""

    stamp: Stamp
    sheets: dict[str, ReadSheet]
    skipped: list[str]


def read_workbook(content: IO[bytes], specs: Sequence[WorkbookSheet]) -> ReadBook:
    """Raises FileRefused with a sentence for a file that is no 填报表 of this portal or cannot be read as meant."""
    try:
        merged = _merged(content)
        content.seek(0)
        book = load_workbook(content, read_only=True, keep_links=False)
        try:
            return _read(book, specs, merged)
        finally:
            book.close()
    except FileRefused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a strange file makes the library stumble over
        raise FileRefused(_("The file cannot be read. Please open it, save it as .xlsx and retry.")) from error


def _read(book: Any, specs: Sequence[WorkbookSheet], merged: dict[str, list[str]]) -> ReadBook:
    if len(book.worksheets) > MOST_SHEETS:
        raise FileRefused(_("The workbook has too many sheets."))
    stamp = _stamp(next((sheet for sheet in book.worksheets if sheet.title == SHEET), None))
    titles = {spec.title: spec for spec in specs}
    # sheets that kept their names first; a renamed one is known by its headings
    order = sorted(
        (sheet for sheet in book.worksheets if sheet.title != SHEET), key=lambda sheet: sheet.title not in titles
    )
    found: dict[str, ReadSheet] = {}
    skipped: list[str] = []
    for sheet in order:
        areas = merged.get(getattr(sheet, "_worksheet_path", ""), [])
        named = titles.get(sheet.title)
        for spec in [named] if named else [spec for spec in specs if spec.source not in found]:
            read = _sheet(sheet, spec, areas)
            if read is not None:
                found[spec.source] = read
                break
            if named:
                raise FileRefused(
                    _("Sheet “%(sheet)s” has no column “%(heading)s” any more. Please download the workbook again.")
                    % {"sheet": sheet.title, "heading": KEY}
                )
        else:
            if sheet.title != "说明":
                skipped.append(sheet.title)
    return ReadBook(stamp, found, skipped)


def _stamp(sheet: Any) -> Stamp:
    if sheet is None:
        raise FileRefused(_("This is no workbook downloaded from the sheet. Please download it there and fill it in."))
    rows = list(sheet.iter_rows(min_row=1, max_row=MOST_ROWS, max_col=2, values_only=True))
    stamp = read_stamp(rows)
    if stamp is None:
        raise FileRefused(
            _(
                "The workbook was not issued by this portal, or its hidden check data were changed. "
                "Please download it again and fill it in."
            )
        )
    return stamp


def _sheet(sheet: Any, spec: WorkbookSheet, areas: Sequence[str]) -> ReadSheet | None:
    """None when no row names the key and half of the columns to fill in."""
    read, columns = ReadSheet(sheet.title), dict[str, int]()
    span = {"min_row": 1, "max_row": MOST_ROWS + HEAD_WITHIN + 1, "max_col": MOST_COLUMNS}
    for number, cells in enumerate(sheet.iter_rows(**span), 1):
        if not columns:
            columns = _columns(cells, spec, read)
            if not columns and number >= HEAD_WITHIN:
                return None
            continue
        row = _row(cells, number, columns)
        if row is None:
            continue
        if number > MOST_ROWS + HEAD_WITHIN:
            raise FileRefused(
                _("Sheet “%(sheet)s” has more than %(count)s rows.") % {"sheet": sheet.title, "count": MOST_ROWS}
            )
        read.rows.append(row)
    if not columns:
        return None
    _mark_merged(read.rows, areas, set(columns.values()))
    return read


def _columns(cells: Sequence[Any], spec: WorkbookSheet, read: ReadSheet) -> dict[str, int]:
    """Field → index of its column; "" is the key, "title" the grey column of the title."""
    meant = {_bare(KEY): "", _bare(spec.shown[spec.titled].heading): " title"}
    for asked in spec.asked:
        meant |= dict.fromkeys(map(_bare, (asked.heading, *asked.also)), asked.field)
    found: dict[str, int] = {}
    twice, further = [], []
    known = {_bare(shown.heading) for shown in spec.shown}
    for index, cell in enumerate(cells):
        said = cleaned(cell.value)
        field_name = meant.get(_bare(said))
        if field_name is None:
            further += [said] if said and _bare(said) not in known else []
        elif field_name in found:
            twice.append(said)
        else:
            found[field_name] = index
    asked_found = [asked for asked in spec.asked if asked.field in found]
    if "" not in found or len(asked_found) * 2 < len(spec.asked):
        return {}
    read.absent = [asked.heading for asked in spec.asked if asked.field not in found]
    read.twice, read.further = twice, further
    return found


def _bare(heading: str) -> str:
    return _NOTE.sub("", heading)


def _row(cells: Sequence[Any], number: int, columns: dict[str, int]) -> ReadRow | None:
    """None for a row in which nothing of interest stands."""
    found = {}
    for name, index in columns.items():
        address = f"{get_column_letter(index + 1)}{number}"
        cell = cells[index] if index < len(cells) else None
        value = None if cell is None else cell.value
        if value is None:
            found[name] = Cell(address)
        else:
            found[name] = Cell.of(address, value, kind=cell.data_type, number_format=cell.number_format)
    if all(cell.kind == "" or not cell.shown for name, cell in found.items() if name != " title"):
        return None
    key, title = found.pop(""), found.pop(" title", None)
    return ReadRow(number, key, title, found)


def _mark_merged(rows: Sequence[ReadRow], areas: Sequence[str], columns: set[int]) -> None:
    for area in areas:
        left, top, right, bottom = range_boundaries(area)
        if any(left <= column + 1 <= right for column in columns):
            for row in rows:
                if top <= row.number <= bottom:
                    row.merged.append(area)


def _merged(content: IO[bytes]) -> dict[str, list[str]]:
    """Merged areas by part of the archive."""
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise FileRefused(_("The file unpacks to far more than a workbook of one unit."))
        found = merged_areas(archive)
    if any(len(areas) > MOST_MERGED for areas in found.values()):
        raise FileRefused(_("The workbook has too many merged cells."))
    return found


def to_json(book: ReadBook) -> dict[str, Any]:
    """For keeping what was read until the import is settled."""
    return asdict(book)


def from_json(data: dict[str, Any]) -> ReadBook:
    stamp = data["stamp"]
    lines = {key: Issued(**line) for key, line in stamp["lines"].items()}
    sheets = {source: ReadSheet(**{**sheet, "rows": list(map(_row_back, sheet["rows"]))})
              for source, sheet in data["sheets"].items()}  # fmt: skip
    return ReadBook(Stamp(**{**stamp, "lines": lines}), sheets, data["skipped"])


def _row_back(data: dict[str, Any]) -> ReadRow:
    title = data["title"]
    return ReadRow(
        data["number"], Cell(**data["key"]), Cell(**title) if title else None,
        {name: Cell(**cell) for name, cell in data["cells"].items()}, data["merged"],
    )  # fmt: skip
