"""One cell as it came back, and what it says: text, a percentage, a figure, yes or no. Nothing is guessed: a cell that
does not say one thing is refused with a sentence."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.datavalidation import DataValidation

from qualitycity.files.spreadsheets import FORMULA

YES: Final = frozenset({"是", "√", "✓", "✔", "Y", "YES", "TRUE", "1", "无变化"})
NO: Final = frozenset({"", "否", "×", "N", "NO", "FALSE", "0"})
#: What stands in a cell that this line does not ask for.
NOTHING: Final = frozenset({"", "—", "-", "－", "/"})
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Longest piece of a cell that a sentence repeats.
_QUOTED: Final = 20


class Unreadable(Exception):
    """The cell does not say what is asked for; `sentence` is for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Cell:
    """`kind`: "" (empty), text, number, yes (TRUE or FALSE), formula or fault (#REF!). `percent`: it is shown in per
    cent, so that 0.6 reads 60%."""

    address: str
    kind: str = ""
    text: str = ""
    percent: bool = False

    @classmethod
    def of(cls, address: str, value: Any, *, kind: str, number_format: str) -> "Cell":
        """`kind` and `number_format` as the library names them."""
        if value is None:
            return cls(address)
        if kind in ("f", "e"):
            return cls(address, "formula" if kind == "f" else "fault", str(getattr(value, "text", value)))
        if isinstance(value, bool):
            return cls(address, "yes", "1" if value else "0")
        if isinstance(value, int | float):
            # fifteen digits, as the program itself shows them: 0.1 + 0.2 is 0.3 on every screen
            return cls(address, "number", format(Decimal(format(value, ".15g")), "f"), "%" in (number_format or ""))
        if isinstance(value, datetime | date):
            return cls(address, "text", value.strftime("%Y-%m-%d"))
        return cls(address, "text", _unescaped(str(value)))

    @property
    def shown(self) -> str:
        """What a person reads in it."""
        if self.kind == "yes":
            return "是" if self.text == "1" else "否"
        if self.kind == "number":
            number = Decimal(self.text)
            return f"{_plain(number * 100)}%" if self.percent else _plain(number)
        return restored(cleaned(self.text)) if self.kind == "text" else self.text

    @property
    def says_nothing(self) -> bool:
        return self.kind == "" or self.shown in NOTHING

    def told(self) -> str:
        """For a sentence: short, on one line."""
        text = " ".join(self.shown.split())
        return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"

    def demand_value(self) -> None:
        """Neither a formula, whose result nobody has seen here, nor a fault."""
        if self.kind == "formula":
            raise Unreadable(_("formulas are not taken; please put in the value itself"))
        if self.kind == "fault":
            raise Unreadable(_("the cell shows a fault (%(text)s)") % {"text": self.told()})


class Kind(Protocol):
    """What a column asks for. `number_format` and `rule` go into the workbook, `read` judges what comes back."""

    @property
    def number_format(self) -> str: ...

    def shown(self, value: Any) -> Any:
        """The stored value as it is put into a cell."""

    def read(self, cell: Cell, *, unit: str) -> Any:
        """The value as it is stored. Raises Unreadable."""

    def rule(self) -> DataValidation | None:
        """Checked by the program while typing; never trusted here."""


@dataclass(frozen=True)
class Words:
    most: int
    number_format: str = "@"

    def shown(self, value: Any) -> Any:
        return guarded(cleaned(value)) or None

    def read(self, cell: Cell, *, unit: str) -> str:
        cell.demand_value()
        return cell.shown

    def rule(self) -> DataValidation:
        return DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(self.most), allow_blank=True,
            showErrorMessage=True, errorTitle="文字过长", error=f"不超过{self.most}字。",
        )  # fmt: skip


@dataclass(frozen=True)
class Percent:
    """A whole number from 0 to 100; 60, 60%, ６０％ and 0.6 shown in per cent are the same."""

    number_format: str = "0"

    def shown(self, value: Any) -> Any:
        return value

    def read(self, cell: Cell, *, unit: str) -> int | None:
        cell.demand_value()
        number = _number(cell)
        if number is None and cell.says_nothing:
            return None
        if number is None or number != number.to_integral_value() or not 0 <= number <= 100:
            raise Unreadable(
                _("should be a whole number from 0 to 100; it is “%(text)s” now") % {"text": cell.told()}
            )
        return int(number)

    def rule(self) -> DataValidation:
        return DataValidation(
            type="whole", operator="between", formula1="0", formula2="100", allow_blank=True, showErrorMessage=True,
            errorTitle="完成百分比", error="请填0到100的整数，不带%。",
        )  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """Any figure with up to four decimals, ten digits before the point."""

    number_format: str = "General"

    def shown(self, value: Any) -> Any:
        return value.normalize() if isinstance(value, Decimal) else value

    def read(self, cell: Cell, *, unit: str) -> Decimal | None:
        cell.demand_value()
        number = _number(cell, plain=unit != "%")
        if number is None and cell.says_nothing:
            return None
        if number is None or abs(number) >= 10**10:
            raise Unreadable(_("should be a figure, such as 96.5; it is “%(text)s” now") % {"text": cell.told()})
        if number != round(number, 4):
            raise Unreadable(
                _("at most four digits after the point; it is “%(text)s” now") % {"text": cell.told()}
            )
        return number

    def rule(self) -> DataValidation:
        return DataValidation(
            type="decimal", operator="between", formula1="-9999999999", formula2="9999999999", allow_blank=True,
            showErrorMessage=True, errorTitle="本期数值", error="请只填数字，如 96.5；说明写在“数据来源或说明”。",
        )  # fmt: skip


@dataclass(frozen=True)
class YesNo:
    number_format: str = "@"

    def shown(self, value: Any) -> Any:
        return "是" if value else None

    def read(self, cell: Cell, *, unit: str) -> bool:
        cell.demand_value()
        said = unicodedata.normalize("NFKC", cell.shown).strip().upper()
        if said not in YES and said not in NO and not cell.says_nothing:
            raise Unreadable(_("should be 是 or empty; it is “%(text)s” now") % {"text": cell.told()})
        return said in YES

    def rule(self) -> DataValidation:
        return DataValidation(
            type="list", formula1='"是,否"', allow_blank=True, showErrorMessage=True, errorTitle="无变化",
            error="请选“是”，或留空。",
        )  # fmt: skip


def cleaned(value: Any) -> str:
    """Text as both sides compare it: one kind of line break, nothing invisible, no space around it."""
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL_CHARACTERS_RE.sub("", text).strip()


def guarded(text: str) -> str:
    """Text for a cell. What begins like a formula is marked as text by the cell itself (`is_formula`); here only what
    `restored` would take off on the way back gets one apostrophe more. Runs that Excel would take for an escaped
    character are escaped themselves."""
    text = _ESCAPED.sub(r"_x005F_x\1_", text)
    return f"'{text}" if text.startswith("'") and is_formula(text.lstrip("'")) else text


def restored(text: str) -> str:
    """Without the apostrophe that exports and some programs set before what could be a formula."""
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text


def is_formula(text: str) -> bool:
    return text.startswith(FORMULA)


def _unescaped(text: str) -> str:
    """_x000D_ is how the format writes a character that XML cannot hold; what no text should hold is left out."""

    def character(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return "" if 0xD800 <= code <= 0xDFFF else ILLEGAL_CHARACTERS_RE.sub("", chr(code))

    return _ESCAPED.sub(character, text)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _number(cell: Cell, *, plain: bool = False) -> Decimal | None:
    """The number that a person reads; None where there is none. `plain`: a sign of per cent makes it no number."""
    if cell.kind == "number":
        number = Decimal(cell.text)
        if cell.percent and plain:
            return None
        return number * 100 if cell.percent else number
    if cell.kind != "text":
        return None
    text = unicodedata.normalize("NFKC", cell.shown).replace(",", "").replace(" ", "")
    if text.endswith("%"):
        if plain:
            return None
        text = text[:-1]
    if not re.fullmatch(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
