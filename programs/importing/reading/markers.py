"""Numbers that are not in the file but on the page: what counts them and how each kind of number is written."""

from collections.abc import Callable
from typing import Any, Final

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                 (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
#: Beyond it nobody numbers paragraphs; a file may claim any number.
MOST: Final = 9999


def counting(number: int, digits: str = _DIGITS, tens: str = "十百千") -> str:
    """一, 十, 十一, 二十, 一百零一: as one counts."""
    zero = "零"
    if number == 0:
        return zero if digits is _LEGAL else digits[0]
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (zero if gap else "") + digits[digit] + (tens[place - 1] if place else "")
        gap = False
    return said[1:] if said.startswith(digits[1] + tens[0]) and digits is not _LEGAL else said


def roman(number: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        said += letters * count
    return said


def letters(number: int) -> str:
    """a … z, then aa, bb …"""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)


def _cycled(row: str) -> Callable[[int], str]:
    return lambda number: row[(number - 1) % len(row)] if number else ""


def _enclosed(first: int, last: int, otherwise: Callable[[int], str]) -> Callable[[int], str]:
    return lambda number: chr(first + number - 1) if 1 <= number <= last else otherwise(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


#: How numbers are written, by the name that word processors give it (ST_NumberFormat).
WRITTEN: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": lambda number: roman(number).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda number: letters(number).upper() if number else "",
    "lowerLetter": lambda number: letters(number) if number else "",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _enclosed(0x2460, 20, str),
    "decimalEnclosedCircleChinese": _enclosed(0x2460, 20, str),
    "decimalEnclosedParen": _enclosed(0x2474, 20, str),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20, str),
    "ideographEnclosedCircle": _enclosed(0x3220, 10, counting),
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "ideographTraditional": _cycled(_STEMS),
    "ideographZodiac": _cycled(_BRANCHES),
    "chineseLegalSimplified": lambda number: counting(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: counting(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
         "japaneseCounting", "koreanDigital2"), counting,
    ),
    "none": lambda number: "",
    "bullet": lambda number: "",
}  # fmt: skip


def written(number: int, kind: str) -> str:
    """The number in that writing; plain digits where the writing is not known."""
    return WRITTEN.get(kind, str)(max(0, min(number, MOST)))


#: Kinds of lists of web pages.
_PAGES: Final = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal", "": "decimal",
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting", "cjk-decimal": "ideographDigital",
    "lower-alpha": "lowerLetter", "upper-alpha": "upperLetter", "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman", "decimal": "decimal",
}  # fmt: skip


class ListNumbers:
    """Numbers of the items of a page's lists; items are asked for in their order."""

    def __init__(self) -> None:
        self._last: dict[Any, int] = {}

    def before(self, item: Any) -> str:
        """What a browser shows before the item; nothing in a list without numbers."""
        above = item.getparent()
        if above is None or above.tag != "ol":
            return ""
        last = self._last.get(above, _number(above.get("start"), 1) - 1)
        number = self._last[above] = _number(item.get("value"), last + 1)
        style = above.get("style", "").replace(" ", "").lower()
        kind = above.get("type", "").strip()
        if "list-style" in style:
            words = style.partition("list-style")[2].partition(":")[2].partition(";")[0]
            if "none" in words:
                return ""
            kind = next((name for name in _PAGES if len(name) > 1 and name in words), kind)
        kind = _PAGES.get(kind, "decimal")
        return written(number, kind) + ("、" if kind.startswith(("chinese", "ideo")) else ".")


def _number(said: str | None, otherwise: int) -> int:
    said = (said or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else otherwise
