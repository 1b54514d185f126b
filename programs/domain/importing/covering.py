"""覆盖: every sentence of a document is behind a proposal, or stands in the list of those that are not. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A sentence ends at these or with its line; a closing quotation mark or bracket behind them belongs to it.
_END = re.compile(r"[^。；！？\n]{0,4000}(?:[。；！？][”’」』）)]{0,3}|\n|$)")
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Sentence:
    """Half-open piece of the text, without white space around it."""

    start: int
    end: int


@dataclass(frozen=True)
class Coverage:
    """`share`: of the letters that stand in sentences, those behind something; 1.0 for a document without any."""

    sentences: int
    open: tuple[Sentence, ...]
    share: float

    @property
    def percent(self) -> int:
        """Rounded down: 100 is said only when nothing is left."""
        return int(self.share * 100)


def sentences(text: str, start: int, end: int) -> list[Sentence]:
    """All sentences between two offsets; lines without a letter or digit are none."""
    found = []
    for match in _END.finditer(text, start, end):
        words = match[0]
        if not _WORD.search(words):
            continue
        left = match.start() + len(words) - len(words.lstrip())
        found.append(Sentence(left, match.start() + len(words.rstrip())))
    return found


def coverage(text: str, body: tuple[int, int], spans: Iterable[tuple[int, int]]) -> Coverage:
    """`spans`: pieces that something stands for. A sentence counts when most of it lies in them."""
    merged = _merged(spans)
    open_ones, letters, covered, at = [], 0, 0, 0
    rows = sentences(text, *body)
    for row in rows:
        while at < len(merged) and merged[at][1] <= row.start:
            at += 1
        inside, look = 0, at
        while look < len(merged) and merged[look][0] < row.end:
            inside += min(row.end, merged[look][1]) - max(row.start, merged[look][0])
            look += 1
        length = row.end - row.start
        letters += length
        if inside * 2 > length:
            covered += length
        else:
            open_ones.append(row)
    return Coverage(len(rows), tuple(open_ones), covered / letters if letters else 1.0)


def _merged(spans: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
