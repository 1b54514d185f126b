"""Text files, and the characters of any bytes: UTF-8, UTF-16 with its mark, GB18030 and what it grew out of."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from ..source import Source, Span, Table, Unreadable
from .building import MOST_CHARACTERS

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Share of characters that may be lost before it is no text any more: a damaged spot, not another encoding.
_MOST_LOST: Final = 0.01
_LOST: Final = "\ufffd"
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
#: What pages call themselves → the encoding all of it is part of. Nothing else that a file names is tried.
_DECLARED: Final = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(
        ("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "ms936", "euc-cn"), "gb18030"
    ),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
}


def read_text(data: bytes) -> Source:
    """The text as it stands in the file; only line ends are made one kind and unprintable bytes taken out."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if len(_CONTROL.findall(text)) > len(text) * _MOST_LOST:
        raise Unreadable("not_text")
    text = _CONTROL.sub("", text)
    if not text.strip():
        raise Unreadable("no_text")
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long")
    return Source(text, "txt", tuple(_tables(text)))


def _tables(text: str) -> Iterator[Table]:
    """Lines in a row that hold tabs, at least two of them with three cells: a table pasted as text."""
    rows: list[tuple[Span, ...]] = []
    begin = start = 0
    for line in f"{text}\n".split("\n"):
        cells = _cells(line, start) if "\t" in line.strip() else ()
        if cells:
            begin = begin if rows else start
            rows.append(cells)
        elif rows:
            yield from _table(rows, Span(begin, start))
            rows = []
        start += len(line) + 1


def _cells(line: str, start: int) -> tuple[Span, ...]:
    found: list[Span] = []
    for said in line.split("\t"):
        text = said.strip()
        at = start + (len(said) - len(said.lstrip()) if text else 0)
        found.append(Span(at, at + len(text)))
        start += len(said) + 1
    return tuple(found)


def _table(rows: list[tuple[Span, ...]], span: Span) -> Iterator[Table]:
    if sum(len(row) > 2 for row in rows) < 2:
        return
    width = max(map(len, rows))
    full = tuple((*row, *[Span(row[-1].end, row[-1].end)] * (width - len(row))) for row in rows)
    yield Table(span, full)


def decode(data: bytes, declared: str = "") -> str:
    """The characters. `declared` is what the file says of itself; it is believed where it fits.

    Raises `Unreadable` for what is text in none of the encodings.
    """
    tried = ["utf-8", "gb18030"]
    if (known := _DECLARED.get(declared.strip().lower())) and known != tried[0]:
        tried = [known, *(other for other in tried if other != known)]
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data, tried = data[len(mark) :], [encoding]
            break
    for encoding in tried:
        try:
            # a character cut in half at the end is a cut file, not another encoding
            return codecs.getincrementaldecoder(encoding)("strict").decode(data)
        except UnicodeDecodeError:
            continue
    lost, text = min(
        (text.count(_LOST) / len(text), text) for text in (data.decode(name, "replace") for name in tried)
    )
    if lost > _MOST_LOST:
        raise Unreadable("not_text")
    return text
