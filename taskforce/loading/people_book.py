"""Reading a workbook of units and people: which sheet holds what is found by its headings, whatever their order.

A workbook is judged before it is opened (`qualitycity.files`), and read within bounds here: a small file may claim a
million rows. Cells become plain text; what they mean is judged by `taskforce.domain.people_plan`.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from qualitycity.files.refusals import FileRefused
from qualitycity.files.spreadsheets import FORMULA

MOST_ROWS: Final = 2000
MOST_COLUMNS: Final = 40
MOST_SHEETS: Final = 12
#: The headings stand in one of the first rows, below a title perhaps.
HEAD_WITHIN: Final = 8
#: Bytes after unpacking: two thousand people fill a twentieth of it.
MOST_UNPACKED: Final = 20 * 1024 * 1024

#: Field → headings that mean it, the first one as the template prints it.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "unit": ("单位", "单位全称", "单位名称", "全称", "工作单位", "部门"),
    "short_name": ("简称", "单位简称"),
    "kind": ("单位类别", "类别", "单位性质"),
    "aliases": ("别称", "其他名称", "又称"),
    "code": ("单位代码", "代码", "编码"),
    "unit_phone": ("单位电话", "总机", "值班电话"),
    "place": ("行政区划", "区划", "所属区划"),
    "name": ("姓名", "人员姓名", "联系人"),
    "role": ("角色", "岗位角色"),
    "account": ("账号", "帐号", "登录账号", "登录名"),
    "post": ("职务", "职位"),
    "phone": ("办公电话", "电话", "座机", "固定电话", "联系电话"),
    "mobile": ("手机", "手机号", "手机号码", "移动电话"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "E-mail", "email", "Email"),
}
PERSON: Final = ("name", "role", "account", "post", "phone", "mobile", "email")
_FIELD_OF: Final = {heading: field for field, names in HEADINGS.items() for heading in names}
_NOTE: Final = re.compile(r"[（(].*?[)）]|[*＊:：\s]")


@dataclass(frozen=True)
class Row:
    """One row: the text of each known column, and under which letter and heading it stood."""

    sheet: str
    number: int
    cells: dict[str, str]
    columns: dict[str, str]

    @property
    def about_a_person(self) -> bool:
        return any(self.cells.get(field) for field in PERSON)

    def column(self, field: str) -> str:
        """“C 手机”; the heading of the template where the sheet has no such column."""
        return self.columns.get(field, HEADINGS[field][0])


@dataclass(frozen=True)
class Book:
    """`skipped`: sheets without headings that say what they hold."""

    rows: list[Row]
    skipped: list[str]


def read_book(content: IO[bytes]) -> Book:
    """Every row with something in it. Raises FileRefused with a sentence for a file that cannot be read as meant."""
    _check_size(content)
    content.seek(0)
    try:
        book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001 - whatever a strange file makes the library stumble over
        raise FileRefused(_("The file cannot be read. Please open it, save it as .xlsx and retry.")) from error
    rows: list[Row] = []
    skipped: list[str] = []
    try:
        for sheet in book.worksheets[:MOST_SHEETS]:
            found = list(_sheet_rows(sheet))
            rows += found
            if not found:
                skipped.append(sheet.title)
    except FileRefused:
        raise
    except Exception as error:  # noqa: BLE001 - as above; rows are parsed as they are read
        raise FileRefused(_("The file cannot be read. Please open it, save it as .xlsx and retry.")) from error
    finally:
        book.close()
    if not rows:
        raise FileRefused(
            _("No sheet holds units or people: one row must have the headings “单位” and “姓名”, or “单位” and “简称”.")
        )
    if len(rows) > MOST_ROWS:
        raise FileRefused(_too_many())
    return Book(rows, skipped)


def _too_many() -> str:
    return _("The file holds more than %(count)s rows. Please bring it in in several parts.") % {"count": MOST_ROWS}


def _check_size(content: IO[bytes]) -> None:
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise FileRefused(_("The file unpacks to far more than a list of people."))


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    columns: dict[int, str] = {}
    named: dict[str, str] = {}
    # one row more than may be there: it tells a long sheet from a full one
    cells = sheet.iter_rows(min_row=1, max_row=MOST_ROWS + HEAD_WITHIN + 1, max_col=MOST_COLUMNS, values_only=True)
    for number, values in enumerate(cells, 1):
        if not columns:
            columns = _headings(values)
            named = {
                field: f"{get_column_letter(index + 1)} {_said(values[index])}" for index, field in columns.items()
            }
            if not columns and number >= HEAD_WITHIN:
                return
            continue
        texts = {field: text for index, field in columns.items() if (text := cell_text(values[index]))}
        if not texts:
            continue
        if number > MOST_ROWS + HEAD_WITHIN:
            raise FileRefused(_too_many())
        yield Row(sheet.title, number, texts, named)


def _headings(values: Sequence[Any]) -> dict[int, str]:
    """Column number → field, when the row names the unit and something about it or its people."""
    found: dict[int, str] = {}
    for index, value in enumerate(values):
        field = _FIELD_OF.get(_NOTE.sub("", cell_text(value)))
        if field and field not in found.values():
            found[index] = field
    fields = set(found.values())
    return found if "unit" in fields and fields & {"name", "short_name", "kind"} else {}


def _said(value: Any) -> str:
    return " ".join(cell_text(value).split())


def cell_text(value: Any) -> str:
    """What a person reads in the cell: numbers without .0, text without invisible characters and the apostrophe
    that our own exports set before what could be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    text = unicodedata.normalize("NFC", str(value))
    text = "".join(" " if char in "\u00a0\u3000\t\r\n" else char for char in text)
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf"}).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
