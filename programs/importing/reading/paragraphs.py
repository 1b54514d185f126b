"""Lines of printed pages as paragraphs, over the ends of columns and pages, and tables that go on over them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from .building import Builder
from .print import Line, Page, Printed, first_word, glue

#: In widths of a character: how far a first line is drawn in, and how large a gap below a paragraph is.
_DRAWN_IN: Final = 1.2
_LEAST_LINES: Final = 6
_GAP: Final = 1.7
#: Sizes of type that differ by so much are another kind of text.
_OTHER_SIZE: Final = 0.12
_BEGINS: Final = re.compile(
    r"(?:第?[一二三四五六七八九十百]{1,4}(?:[、．.]|[章节条])|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}[、．]|"
    r"\d{1,2}\.(?!\d)|附件|附：)"
)
_ENDS: Final = "。；！？：:;）)"


@dataclass(frozen=True)
class _Edges:
    """Left and right edge of the text of a column, and the size of its type."""

    left: float
    right: float
    em: float

    @classmethod
    def of(cls, lines: Sequence[Line], others: "_Edges | None") -> "_Edges":
        long = [line for line in lines if line.width > 10 * line.em] or list(lines)
        if len(long) < _LEAST_LINES:
            return others or cls(
                min(line.left for line in long),
                max(line.right for line in long),
                median(line.em for line in long),
            )
        # a line that sticks out is no measure
        left, right = (
            quantiles([line.left for line in long], n=10)[0],
            quantiles([line.right for line in long], n=10)[-1],
        )
        return cls(left, right, median(line.em for line in long))


def write(pages: Sequence[Page], builder: Builder) -> None:
    paragraph: list[str] = []
    last: Line | None = None
    last_edges: _Edges | None = None
    going_on: _GoingOn | None = None

    def finish() -> None:
        nonlocal last
        if paragraph:
            builder.line("".join(paragraph))
            paragraph.clear()
        last = None

    for column, edges in _columns(pages):
        # the first line of a column stands below nothing
        above: Line | None = None
        for thing in column:
            if isinstance(thing, Printed):
                finish()
                if going_on is not None and going_on.takes(thing):
                    going_on.add(thing)
                else:
                    if going_on is not None:
                        going_on.write(builder)
                    going_on = _GoingOn(thing)
                above = None
                continue
            if going_on is not None:
                going_on.write(builder)
                going_on = None
            if (
                last is not None
                and last_edges is not None
                and _goes_on(last, thing, last_edges, edges, above)
            ):
                paragraph.append(glue(last.text, thing.text) + thing.text)
            else:
                finish()
                paragraph.append(thing.text)
            last = above = thing
            last_edges = edges
    finish()
    if going_on is not None:
        going_on.write(builder)


def _columns(pages: Sequence[Page]) -> Iterator[tuple[Sequence[Line | Printed], _Edges]]:
    """Columns of all pages with their edges; one of few lines takes those of the one before."""
    edges: _Edges | None = None
    for page in pages:
        for column in page.columns:
            lines = [thing for thing in column if isinstance(thing, Line)]
            if lines:
                edges = _Edges.of(lines, edges)
            yield column, edges or _Edges(0.0, page.width, 1.0)


def _goes_on(before: Line, line: Line, its: _Edges, edges: _Edges, above: Line | None) -> bool:
    """The line belongs to the paragraph of the one before it. `above` is that line when it stands right above."""
    em = line.em
    if abs(before.em - em) > _OTHER_SIZE * em:
        return False
    if above is not None and line.upper - above.upper > _GAP * max(above.lower - above.upper, em) + 0.6 * em:
        return False
    if above is not None and _is_centred(before, its, -em) and _is_centred(line, edges, em):
        # a title in two lines; what stands in the middle in type of the text's size is of its own
        return (
            em > (1 + _OTHER_SIZE) * edges.em
            and not _BEGINS.match(line.text)
            and before.text[-1] not in _ENDS
        )
    if line.left > edges.left + _DRAWN_IN * em:
        return False
    if before.right + first_word(line) < its.right - 0.4 * em:
        return False
    return not (_BEGINS.match(line.text) and before.text[-1] in _ENDS and line.left > edges.left + 0.5 * em)


def _is_centred(line: Line, edges: _Edges, least: float) -> bool:
    """As far from the left edge as from the right one, and by `least` from both."""
    left, right = line.left - edges.left, edges.right - line.right
    return min(left, right) > least and abs(left - right) < 1.5 * line.em


class _GoingOn:
    """A table that may go on on the next page."""

    def __init__(self, first: Printed) -> None:
        self.edges = first.drawn.across
        self.texts: list[str] = list(first.texts)
        self.grid: list[list[int | None]] = [list(row) for row in first.drawn.cells]
        self.open_below = first.drawn.open_below

    def takes(self, other: Printed) -> bool:
        edges = other.drawn.across
        return len(edges) == len(self.edges) and all(
            abs(one - two) < 6 for one, two in zip(edges, self.edges, strict=True)
        )

    def add(self, other: Printed) -> None:
        first = len(self.texts)
        texts = list(other.texts)
        rows: list[list[int]] = [list(row) for row in other.drawn.cells]
        head = [self._text(number) for number in self.grid[0]]
        if [texts[number] for number in rows[0]] == head:
            rows = rows[1:]
        is_open = self.open_below or other.drawn.open_above
        if rows and (is_open or self._is_rest(rows[0], texts, rows[1] if len(rows) > 1 else None)):
            for column, number in enumerate(rows[0]):
                above = self.grid[-1][column]
                if texts[number] and above is not None:
                    self.texts[above] += glue(self.texts[above], texts[number]) + texts[number]
                    texts[number] = ""
            rows = rows[1:]
        self.open_below = other.drawn.open_below
        self.texts += texts
        self.grid += [[first + number for number in row] for row in rows]

    def _is_rest(self, row: Sequence[int], texts: Sequence[str], below: Sequence[int] | None) -> bool:
        """The row is the end of the last one, which the page's end has cut: its number is not said again and little
        else stands in it."""
        if below is not None and set(row) & set(below):
            return False
        said = [bool(texts[number]) for number in row]
        return not said[0] and bool(self._text(self.grid[-1][0])) and sum(said) * 2 < len(said)

    def _text(self, number: int | None) -> str:
        return "" if number is None else self.texts[number]

    def write(self, builder: Builder) -> None:
        builder.table(self.texts, self.grid)
