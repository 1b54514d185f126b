"""The text as the recognisers see it: one width, one script, no invisible characters, broken lines joined.

A `View` has one character for each that it keeps of the source, and knows where each of them stands there, so that what
is found in the view is quoted from the source.
"""

import re
import unicodedata
from array import array
from functools import lru_cache

import opencc

from .source import Source, Span

INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\r")
SENTENCE_ENDS = "。;:!?"
# a line that opens with one of these begins something new, however full the line before it is
_OPENER = re.compile(
    r"[ \t]{0,40}(?:第[〇零一二三四五六七八九十百\d]{1,5}[章节条篇]|[一二三四五六七八九十]{1,4}[、.]|"
    r"\([一二三四五六七八九十\d]{1,4}\)|\d{1,3}[.、](?!\d)|[①-⑳㈠-㈩⑴-⒛]|附\s?件|——|--|\S{2,6}(?:单位|部门|时限):)"
)


class _Folding(dict[int, str]):
    """ord → the character that stands for it; always one for one."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _folded(char: str) -> str:
    code = ord(char)
    if code < 0x80 or char == "\n":
        return char
    wide = 0xFF00 <= code <= 0xFFEF or 0xFE30 <= code <= 0xFE6F or 0xF900 <= code <= 0xFAFF
    radical = 0x2E80 <= code <= 0x2FDF
    if wide or radical or unicodedata.category(char) == "Zs":
        plain = unicodedata.normalize("NFKC", char)
        char = plain if len(plain) == 1 else char
    if "\u3400" <= char <= "\u9fff":
        plain = _simplifier().convert(char)
        char = plain if len(plain) == 1 else char
    return char


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Half width, simplified, plain spaces; as long as `text`."""
    return text.translate(_FOLDING)


class View:
    """`text`: what is recognised; `at[i]`: the place of its i-th character in the source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        folded = fold(source.text)
        kept = array("l")
        pieces: list[str] = []
        for start, end in _kept_pieces(folded):
            kept.extend(range(start, end))
            pieces.append(folded[start:end])
        self.text = "".join(pieces)
        kept.append(len(folded))
        self.at = kept

    def span(self, start: int, end: int) -> Span:
        """The place in the source of [start, end) of the view, without white space at its ends."""
        text = self.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return Span(self.at[start], self.at[start])
        return Span(self.at[start], self.at[end - 1] + 1)

    def place(self, offset: int) -> int:
        """Where an offset of the source stands in the view."""
        low, high = 0, len(self.at) - 1
        while low < high:
            middle = (low + high) // 2
            if self.at[middle] < offset:
                low = middle + 1
            else:
                high = middle
        return low


def _kept_pieces(text: str) -> list[tuple[int, int]]:
    """The runs of `text` that stay: without invisible characters and without the breaks inside sentences."""
    breaks = _false_breaks(text)
    pieces = []
    start = 0
    for gap_start, gap_end in sorted([*breaks, *_invisible(text)]):
        if gap_start > start:
            pieces.append((start, gap_start))
        start = max(start, gap_end)
    pieces.append((start, len(text)))
    return pieces


def _invisible(text: str) -> list[tuple[int, int]]:
    if INVISIBLE.isdisjoint(text):
        return []
    return [(i, i + 1) for i, char in enumerate(text) if char in INVISIBLE]


def _false_breaks(text: str) -> list[tuple[int, int]]:
    """Line breaks that only the width of a page made. A text has such breaks when many of its lines are about as long
    as the longest and stop in mid-sentence; a text with one paragraph a line has none."""
    lines = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, start + len(line), line.strip()))
        start += len(line) + 1
    long = sorted(len(line) for _, _, line in lines if line)
    if len(long) < 8:
        return []
    full = long[int(len(long) * 0.9)]
    open_ended = [len(line) >= full * 0.85 and line[-1] not in SENTENCE_ENDS for _, _, line in lines if line]
    if not 12 <= full <= 70 or long[-1] > full * 1.4 or sum(open_ended) < len(open_ended) * 0.3:
        return []
    out = []
    for (start, end, line), (after, _, following) in zip(lines, lines[1:], strict=False):
        if not line or not following or "\t" in line or "\t" in following or _OPENER.match(following):
            continue
        if len(line) >= full * 0.85 and line[-1] not in "。!?":
            stop = after + len(text[after:]) - len(text[after:].lstrip(" ")) if text[after] == " " else after
            out.append((start + len(text[start:end].rstrip(" ")), stop))
    return out
