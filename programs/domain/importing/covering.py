"""覆盖 on the screen: every sentence of a document is behind a proposal that a person may still change, or stands in the
list of those that are not. Pure; what a sentence is says `programs.importing.coverage`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programs.importing.coverage import split
from programs.importing.source import Source, Span


@dataclass(frozen=True)
class Coverage:
    """`share`: of the letters that stand in sentences, those behind something; 1.0 for a document without any."""

    sentences: int
    open: tuple[Span, ...]
    share: float

    @property
    def percent(self) -> int:
        """Rounded down: 100 is said only when nothing is left."""
        return int(self.share * 100)


def sentences(text: str, start: int, end: int) -> list[Span]:
    """All sentences between two offsets; those without a letter or digit are none."""
    rows = split(Source(text, "txt"), Span(start, end))
    return [row for row in rows if any(letter.isalnum() for letter in text[row.start : row.end])]


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
