"""Tables that a page left behind as plain text: one cell a line, or cells between upright strokes.

Pages saved as text lose their tables; what is left of a table of tasks (任务分解表) is its head, cell by cell, and numbers
that begin its rows. Tables with tabs are the reader's.
"""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from ..cleaning import fold
from ..source import Source, Span, Table
from .finding import paragraphs
from .table_heads import is_head, is_wide_head, unit_columns
from .units import looks_like_unit

_FEWEST, _MOST = 3, 9
_LONGEST_CELL: Final = 600
_ORDER: Final = re.compile(r"\(?(\d{1,3})\)?[.、]?")
_NAMES: Final = re.compile(r"[、,;\s]|等(?:单位|部门)?")
_RULE: Final = re.compile(r"[\s|:+\-=—]+")
_ENDS: Final = re.compile(
    r"(?:附\s?件|注\s?:|备注:|抄送|【|打印|关闭|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))"
)


def with_loose_tables(source: Source) -> Source:
    """The source with the tables that its text only hints at."""
    if source.format not in ("txt", "html"):
        return source
    text = fold(source.text)
    known = source.tables
    lines = [
        Span(start, end)
        for start, end in paragraphs(text, 0, len(text))
        if not any(table.span.start <= start < table.span.end for table in known)
    ]
    found = [*_stroked(text, lines), *_lined(text, lines)]
    return (
        replace(source, tables=tuple(sorted((*known, *found), key=lambda table: table.span)))
        if found
        else source
    )


def _stroked(text: str, lines: list[Span]) -> list[Table]:
    """| 序号 | 任务 | 责任单位 |, a line for each row."""
    out: list[Table] = []
    rows: list[tuple[Span, ...]] = []
    for line in [*lines, None]:
        cells = _cells(text, line) if line is not None else ()
        if len(cells) >= _FEWEST:
            rows.append(cells)
            continue
        if line is not None and rows and _RULE.fullmatch(text, *line):
            continue
        if len(rows) > 1 and any(is_head([text[slice(*cell)] for cell in row]) for row in rows[:3]):
            width = max(map(len, rows))
            full = tuple((*row, *[Span(row[-1].end, row[-1].end)] * (width - len(row))) for row in rows)
            out.append(Table(Span(rows[0][0].start, rows[-1][-1].end), full))
        rows = []
    return out


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    if text.count("|", *line) < _FEWEST - 1 or _RULE.fullmatch(text, *line):
        return ()
    marks = [at for at in range(*line) if text[at] == "|"]
    edges = [line.start - 1, *marks, line.end]
    cells = [_trimmed(text, a + 1, b) for a, b in pairwise(edges)]
    begins, ends = text[line.start] == "|", text[line.end - 1] == "|"
    return tuple(cells[begins : len(cells) - ends])


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _lined(text: str, lines: list[Span]) -> list[Table]:
    """A head cell by cell in lines of their own, then rows that a number opens."""
    out: list[Table] = []
    at = 0
    while at < len(lines):
        width = _head_width(text, lines, at)
        rows, after = _lined_rows(text, lines, at, width) if width else ([], at)
        if rows:
            head = tuple(lines[at : at + width])
            out.append(Table(Span(head[0].start, rows[-1][-1].end), (head, *rows)))
            at = after
        else:
            at += 1
    return out


def _head_width(text: str, lines: list[Span], at: int) -> int:
    """How many lines from here are heads of columns, the first that of numbers; 0 for no head."""
    if _bare(text, lines[at]) not in ("序号", "编号", "序", "项次"):
        return 0
    for width in range(_MOST, _FEWEST - 1, -1):
        heads = [_bare(text, line) for line in lines[at : at + width]]
        if (
            len(heads) == width
            and max(map(len, heads)) <= 14
            and is_head(heads)
            and not _ORDER.fullmatch(heads[-1])
        ):
            first = lines[at + width] if at + width < len(lines) else None
            if first is not None and _order(text, first) == 1:
                return width
    return 0


def _bare(text: str, line: Span) -> str:
    return "".join(text[slice(*line)].split())


def _order(text: str, line: Span) -> int | None:
    match = _ORDER.fullmatch(text, *line)
    return int(match[1]) if match else None


def _lined_rows(text: str, lines: list[Span], at: int, width: int) -> tuple[list[tuple[Span, ...]], int]:
    heads = [_bare(text, line) for line in lines[at : at + width]]
    wide = next((place for place, head in enumerate(heads) if is_wide_head(head)), 1)
    rows: list[tuple[Span, ...]] = []
    place, order = at + width, 1
    while place < len(lines) and _order(text, lines[place]) == order:
        stop = place + 1
        while stop < len(lines) and _order(text, lines[stop]) != order + 1 and stop - place < 40:
            if lines[stop].end - lines[stop].start > _LONGEST_CELL or _ENDS.match(text, *lines[stop]):
                break
            stop += 1
        if stop - place < 2:
            break
        last = stop >= len(lines) or _order(text, lines[stop]) != order + 1
        stop = place + _length(text, lines[place:stop], heads, wide) if last else stop
        rows.append(_spread(lines[place:stop], width, wide))
        place, order = stop, order + 1
    return rows, place


def _length(text: str, cells: list[Span], heads: list[str], wide: int) -> int:
    """No number says where the last row ends: it is as long as makes its units units."""
    columns = unit_columns(heads)
    for size in range(min(len(cells), len(heads)), len(cells) + 1):
        row = _spread(cells[:size], len(heads), wide)
        if all(_are_units(text[slice(*row[at])]) for at in columns):
            return size
    return min(len(cells), len(heads))


def _are_units(printed: str) -> bool:
    return not printed or all(looks_like_unit(name.strip()) for name in _NAMES.split(printed))


def _spread(cells: list[Span], width: int, wide: int) -> tuple[Span, ...]:
    """The lines of a row on its columns: surplus lines belong to the widest, missing ones are empty at the end."""
    surplus = len(cells) - width
    if surplus > 0:
        joined = Span(cells[wide].start, cells[wide + surplus].end)
        return (*cells[:wide], joined, *cells[wide + surplus + 1 :])
    nothing = Span(cells[-1].end, cells[-1].end)
    return (*cells, *[nothing] * -surplus)
