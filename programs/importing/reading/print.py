"""What stands on a printed page: lines of characters and drawn tables, in the order in which they are read."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final, NamedTuple

from .rulings import Drawn

WIDE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·]")
#: In widths of a character: within a line a gap of this size is a space; one of that size parts two columns.
_SPACE: Final = 0.55
_WORD: Final = 0.22
_APART: Final = 1.2
#: Characters whose feet differ by less are on one line.
_ONE_LINE: Final = 0.3
_DASHES: Final = r"[-—–－―·•\s]{0,9}"
_NUMBER_OF_PAGE: Final = re.compile(
    rf"{_DASHES}(?:第\s?)?(?:\d{{1,4}}|[ivxIVX]{{1,6}})(?:\s?页)?(?:[\s/，,]{{0,3}}(?:共\s?)?\d{{1,4}}\s?页?)?{_DASHES}"
)
#: Shares of the height within which heads and feet stand, of pages on which a head returns, of lines of two columns.
_MARGIN: Final = 0.14
_RETURNS: Final = 0.5
_COLUMNS: Final = 0.6
_LEAST_COLUMN: Final = 8


class Char(NamedTuple):
    """`base`: the line it stands on."""

    left: float
    upper: float
    right: float
    lower: float
    base: float
    text: str


@dataclass(frozen=True)
class Line:
    """`em`: the width of a full character in it. `parts`: pieces that wide gaps part, left to right."""

    left: float
    upper: float
    right: float
    lower: float
    text: str
    em: float
    parts: tuple["Line", ...] = ()

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Printed:
    """A table of a page with its texts by number of the cell."""

    drawn: Drawn
    texts: tuple[str, ...]

    @property
    def upper(self) -> float:
        return self.drawn.down[0]


@dataclass(frozen=True)
class Page:
    """`columns`: for each column of the page, left to right, what stands in it from the top down."""

    width: float
    height: float
    columns: tuple[tuple[Line | Printed, ...], ...] = field(default=())


def arranged(width: float, height: float, chars: Sequence[Char], tables: Sequence[Drawn]) -> Page:
    loose: list[Char] = []
    inside: list[list[list[Char]]] = [[[] for _cell in range(drawn.count)] for drawn in tables]
    for char in chars:
        x, y = (char.left + char.right) / 2, (char.upper + char.lower) / 2
        if not (-1 <= x <= width + 1 and -1 <= y <= height + 1):
            continue
        for drawn, cells in zip(tables, inside, strict=True):
            if (number := drawn.cell_at(x, y)) is not None:
                cells[number].append(char)
                break
        else:
            loose.append(char)
    printed = [
        Printed(
            drawn, tuple(_in_cell(cell, *sides) for cell, sides in zip(cells, drawn.sides(), strict=True))
        )
        for drawn, cells in zip(tables, inside, strict=True)
        if any(cells)
    ]
    things: list[Line | Printed] = [*lines(loose), *printed]
    return Page(width, height, (tuple(sorted(things, key=lambda thing: thing.upper)),))


def lines(chars: Iterable[Char]) -> list[Line]:
    """Characters on one base as lines, from the top down."""
    rows: list[list[Char]] = []
    base = size = 0.0
    for char in sorted(chars, key=lambda char: char.base):
        its = max(char.lower - char.upper, char.right - char.left)
        if rows and char.base - base < _ONE_LINE * max(its, size):
            rows[-1].append(char)
            size = max(its, size)
            continue
        rows.append([char])
        base, size = char.base, its
    found = []
    for row in rows:
        line = _line(sorted(row, key=lambda char: char.left))
        if line is not None:
            found.append(line)
    return found


def _line(row: Sequence[Char]) -> Line | None:
    visible = [char for char in row if char.text.strip()]
    if not visible:
        return None
    wide = [char.right - char.left for char in visible if WIDE.match(char.text)]
    em = median(wide) if wide else 1.8 * median(char.right - char.left for char in visible) or 1.0
    parts: list[list[Char]] = [[]]
    for char in visible:
        if parts[-1] and char.left - parts[-1][-1].right > _APART * em:
            parts.append([])
        parts[-1].append(char)
    # spaces that are printed as such count where they are seen
    pieces = tuple(_piece(part, em) for part in parts)
    whole = replace(pieces[0], text=" ".join(piece.text for piece in pieces), right=pieces[-1].right)
    upper, lower = min(piece.upper for piece in pieces), max(piece.lower for piece in pieces)
    return replace(whole, upper=upper, lower=lower, parts=pieces)


def _piece(row: Sequence[Char], em: float) -> Line:
    text = row[0].text
    for before, char in zip(row, row[1:], strict=False):
        gap = char.left - before.right
        alone = WIDE.match(before.text) or WIDE.match(char.text)
        text += (" " if gap > em * (_SPACE if alone else _WORD) else "") + char.text
    return Line(
        row[0].left, min(char.upper for char in row), max(char.right for char in row),
        max(char.lower for char in row), text, em,
    )  # fmt: skip


def _in_cell(chars: Sequence[Char], left: float, right: float) -> str:
    """Text of a cell on one line: what was only wrapped is put together, what was typed below each other parted."""
    rows = lines(chars)
    text = rows[0].text if rows else ""
    # as much room as at the other side, where that is room and no indent
    room = right - max(2.0, min([6.0, *(row.left - left for row in rows)]))
    for before, row in zip(rows, rows[1:], strict=False):
        meant = before.right + first_word(row) <= room - 0.3 * row.em
        text += (" " if meant else glue(before.text, row.text)) + row.text
    return text


def glue(before: str, after: str) -> str:
    """What stands between the end of a line and the next line of one paragraph."""
    if not before or not after or WIDE.match(before[-1]) or WIDE.match(after[0]):
        return ""
    return "" if before[-1].isdigit() and after[0].isdigit() else " "


_TOKEN: Final = re.compile(
    r"[（(“‘《〈【〔]{0,3}(?:[0-9A-Za-z.,%]{1,40}|.)[，。、；：！？）)”’》〉】〕%]{0,3}"
)


def first_word(line: Line) -> float:
    """How much room the first thing that cannot be broken would have needed on the line before."""
    found = _TOKEN.match(line.text)
    token = found[0] if found else line.text[:1]
    return sum(line.em if WIDE.match(char) else line.em * 0.55 for char in token)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Without page numbers and what returns at the head or foot of most pages; columns of a page one after another."""
    seen: Counter[tuple[str, bool]] = Counter()
    for page in pages:
        seen.update({(_bare(line.text), above) for line, above in _edge_lines(page)})
    often = max(2, len(pages) * _RETURNS)
    kept = []
    for page in pages:
        gone = {
            id(line)
            for line, above in _edge_lines(page)
            if _NUMBER_OF_PAGE.fullmatch(line.text.strip()) or seen[_bare(line.text), above] >= often
        }
        left = [thing for column in page.columns for thing in column if id(thing) not in gone]
        kept.append(replace(page, columns=_columns(left)))
    return kept


def _bare(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text)


def _edge_lines(page: Page) -> list[tuple[Line, bool]]:
    """Lines in the upper (True) and lower margin."""
    found = []
    for column in page.columns:
        for thing in column:
            if isinstance(thing, Line):
                if thing.lower < page.height * _MARGIN:
                    found.append((thing, True))
                elif thing.upper > page.height * (1 - _MARGIN):
                    found.append((thing, False))
    return found


def _columns(things: Sequence[Line | Printed]) -> tuple[tuple[Line | Printed, ...], ...]:
    """Two columns of running text are read one after the other; what runs across both parts them."""
    gutter = _gutter([thing for thing in things if isinstance(thing, Line)])
    if gutter is None:
        return (tuple(things),) if things else ()
    done: list[tuple[Line | Printed, ...]] = []
    left: list[Line | Printed] = []
    right: list[Line | Printed] = []
    for thing in things:
        sides = _sides(thing, gutter) if isinstance(thing, Line) else None
        if sides is None:
            done += [tuple(column) for column in (left, right) if column]
            left, right = [], []
            done.append((thing,))
            continue
        left += sides[0]
        right += sides[1]
    return (*done, *(tuple(column) for column in (left, right) if column))


def _sides(line: Line, gutter: float) -> tuple[list[Line], list[Line]] | None:
    """None for a line that runs across."""
    if any(part.left < gutter - 1 and part.right > gutter + 1 for part in line.parts):
        return None
    left = [part for part in line.parts if part.right <= gutter + 1]
    right = [part for part in line.parts if part.right > gutter + 1]
    return [_together(left)] if left else [], [_together(right)] if right else []


def _together(parts: Sequence[Line]) -> Line:
    return replace(
        parts[0], text=" ".join(part.text for part in parts), right=parts[-1].right, parts=tuple(parts)
    )


def _gutter(found: Sequence[Line]) -> float | None:
    """The middle of the empty strip that most lines leave, with running text on both sides of it."""
    if len(found) < _LEAST_COLUMN:
        return None
    left, right = min(line.left for line in found), max(line.right for line in found)
    gaps = [
        (before.right, after.left)
        for line in found
        for before, after in zip(line.parts, line.parts[1:], strict=False)
        if left + 0.3 * (right - left) < (before.right + after.left) / 2 < left + 0.7 * (right - left)
    ]
    if len(gaps) < max(_LEAST_COLUMN, _COLUMNS * len(found)):
        return None
    start, end = median(gap[0] for gap in gaps), median(gap[1] for gap in gaps)
    middle = (start + end) / 2
    both = [line for line in found if (sides := _sides(line, middle)) and all(sides)]
    full = [line for line in both if line.width > 0.8 * (right - left)]
    return middle if len(both) >= _LEAST_COLUMN and len(full) > 0.6 * len(both) else None
