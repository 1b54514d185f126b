"""Rows of tables of tasks as tasks.

A row that says an item of the text again is put to that item: it brings the time limit, and units where the text named
none. Any other row is a task of its own.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from ..cleaning import fold
from ..extraction import SectionFound, TaskFound
from ..source import Source, Span, Table
from .clauses import Clause, Party, parse
from .reading import Reading
from .table_heads import Columns, find_head
from .tasks import QUOTE, assign
from .units import split_names

_CHINESE: Final = r"\(?[一二三四五六七八九十]{1,3}\)?"
_NUMBER: Final = re.compile(
    rf"\s{{0,9}}(\(?\d{{1,3}}\)?|{_CHINESE}|第[一二三四五六七八九十]{{1,3}}[章节部分]{{1,2}})[.、)]?\s{{0,9}}"
)
_SECTION: Final = re.compile(rf"\s{{0,9}}{_CHINESE}[、.]?\s{{0,9}}")
#: A number that is typed before a title: 1. or （一） or 一、, no figure.
_TYPED: Final = re.compile(
    r"\s{0,9}(\d{1,3}(?=[.、](?!\d))|\([\d一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}(?=、))[.、]?\s{0,9}"
)
_ANNEX: Final = re.compile(
    r"^[ \t\u3000]{0,40}(附[ \u3000]{0,4}件[ \u3000]{0,4}[\d一二三四五六七八九十]{0,3})", re.M
)
_BESIDES: Final = re.compile(r"[\W_]+")
_SENTENCE: Final = re.compile(r"[。;；]")
_LONGEST_TITLE: Final = 60
#: Characters from which on a title that stands whole in another is the same.
_TELLING: Final = 5


@dataclass(frozen=True)
class Tabled:
    """The items of the text with what rows add to them, then the tables' own tasks and their sections; `heads` of
    tables, and of parts of them that only say items of the text again, are behind nothing else."""

    tasks: tuple[TaskFound, ...]
    sections: tuple[SectionFound, ...]
    heads: tuple[Span, ...]


@dataclass(frozen=True)
class TableFound:
    """A table of tasks; paths are its own until it is put beside a text. `name`: 附件2, or 表1."""

    name: str
    span: Span
    head: Span
    tasks: tuple[TaskFound, ...]
    sections: tuple[SectionFound, ...]


def find_tables(reading: Reading) -> list[TableFound]:
    found: list[TableFound] = []
    names: Counter[str] = Counter()
    annexes = [
        (match.start(), "".join(match[1].split())) for match in _ANNEX.finditer(reading.view.source.text)
    ]
    for at, table in enumerate(reading.view.source.tables):
        above = bisect_left(annexes, (table.span.start,)) - 1
        read = _read(reading, table, annexes[above][1] if above >= 0 else f"表{at + 1}")
        if read is not None:
            names[read.name] += 1
            again = names[read.name] > 1
            found.append(replace(read, name=f"{read.name}-{names[read.name]}") if again else read)
    return found


def put_together(tasks: Sequence[TaskFound], tables: Sequence[TableFound]) -> Tabled:
    """`tasks` are those of the text."""
    items = list(tasks)
    prefixed = bool(items) or len(tables) > 1
    own: list[TaskFound] = []
    sections: list[SectionFound] = []
    heads: list[Span] = []
    for table in tables:
        further = _put_to_items(items, table.tasks)
        under = f"{table.name}/" if prefixed else ""
        own += [
            replace(task, path=under + task.path, section=(under + task.section).strip("/"))
            for task in further
        ]
        used = {task.section for task in further}
        sections += [replace(row, path=under + row.path) for row in table.sections if row.path in used]
        heads += [table.head, *(row.heading for row in table.sections if row.path not in used)]
    return Tabled((*items, *own), tuple(sections), tuple(heads))


@dataclass(frozen=True)
class _Row:
    """`line`: its text; cells of a merged area stand in the line of the first row alone."""

    cells: tuple[Span, ...]
    line: Span


def _read(reading: Reading, table: Table, name: str) -> TableFound | None:
    source = reading.view.source
    head = find_head(source, table)
    if head is None:
        return None
    columns, first = head
    rows = list(_rows(source, table))
    reader = _Reader(reading, columns)
    for row in _without_repeats(source, rows[first:], rows[first - 1]):
        reader.take(row)
    reader.finish()
    if not reader.tasks:
        return None
    heads = Span(rows[0].line.start, rows[first - 1].line.end)
    return TableFound(name, table.span, heads, tuple(reader.tasks), tuple(reader.sections))


def _rows(source: Source, table: Table) -> Iterator[_Row]:
    start = table.span.start
    for cells in table.rows:
        # a cell that reaches down from a row above stands there
        own = [cell for cell in cells if cell.start >= start and cell.end > cell.start]
        start = source.text.rfind("\n", 0, min(own).start) + 1 if own else start
        end = source.text.find("\n", max([start, *(cell.end for cell in own)]))
        end = len(source.text) if end < 0 else end
        yield _Row(cells, Span(start, end))
        start = end + 1


def _without_repeats(source: Source, rows: Sequence[_Row], head: _Row) -> Iterator[_Row]:
    """Without empty rows and heads that return on every page."""
    said = [source.quote(cell) for cell in head.cells]
    for row in rows:
        texts = [source.quote(cell) for cell in row.cells]
        if any(text.strip() for text in texts) and texts != said:
            yield row


class _Reader:
    """Takes rows in order; rows of one task – their title is one merged cell, or is not said again – are one group."""

    def __init__(self, reading: Reading, columns: Columns) -> None:
        self.reading, self.columns = reading, columns
        self.source = reading.view.source
        self.tasks: list[TaskFound] = []
        self.sections: list[SectionFound] = []
        self.section = self.path = ""
        self.group: list[_Row] = []
        self.paths: Counter[str] = Counter()

    def take(self, row: _Row) -> None:
        heading = self.heading(row)
        if heading is None and self.group and self.goes_on(row):
            self.group.append(row)
            return
        self.finish()
        if heading is not None:
            self.open_section(*heading, row.line)
            return
        if self.columns.section is not None and (cell := row.cells[self.columns.section]) and self.said(cell):
            number, title = _numbered(self.said(cell))
            if (number or title) != self.section:
                self.open_section(number, title, cell, cell)
        self.group = [row]

    def said(self, cell: Span) -> str:
        return self.source.quote(cell).strip()

    def goes_on(self, row: _Row) -> bool:
        key = self.columns.title if self.columns.title is not None else self.columns.number
        if key is None:
            return False
        empty = not any(
            self.said(row.cells[at]) for at in (self.columns.title, self.columns.number) if at is not None
        )
        return empty or bool(self.said(row.cells[key])) and row.cells[key] == self.group[-1].cells[key]

    def heading(self, row: _Row) -> tuple[str, str, Span] | None:
        """(number, title, place) of a row with nothing in it but one text, its number before it or beside it."""
        filled = [cell for cell in dict.fromkeys(row.cells) if self.said(cell)]
        if len(filled) == 1 and (len(set(row.cells)) == 1 or filled[0] in self.key_cells(row)):
            number, title = _numbered(self.said(filled[0]))
            return (number, title, filled[0]) if title else None
        if len(filled) != 2 or not _NUMBER.fullmatch(fold(self.said(filled[0]))):
            return None
        number = self.said(filled[0])
        if sum(cell == filled[1] for cell in row.cells) > 1 or _SECTION.fullmatch(fold(number)):
            return number, self.said(filled[1]), Span(filled[0].start, filled[1].end)
        return None

    def key_cells(self, row: _Row) -> list[Span]:
        return [row.cells[at] for at in (self.columns.number, self.columns.title) if at is not None]

    def open_section(self, number: str, title: str, heading: Span, span: Span) -> None:
        self.section = self.unused(_step(number) or title)
        self.sections.append(SectionFound(number, title, self.section, span, heading))

    def finish(self) -> None:
        """What the rows of the group say: one task, or one for each work that is named under their title."""
        rows, self.group = self.group, []
        if not rows:
            return
        work = self.columns.content if self.columns.content is not None else self.columns.title
        works = [
            list(part) for _work, part in groupby(rows, key=lambda row: work is not None and row.cells[work])
        ]
        number = self.number(rows[0])
        if len(works) == 1:
            self.add(rows, number, None)
            return
        for place, part in enumerate(works, 1):
            self.add(part, number, place)

    def number(self, row: _Row) -> str:
        if self.columns.number is not None and (said := self.said(row.cells[self.columns.number])):
            return said
        return _numbered(self.said(self.title_cell(row, False)))[0] or str(len(self.tasks) + 1)

    def title_cell(self, row: _Row, is_part: bool) -> Span:
        places = [self.columns.title, self.columns.content]
        cells = [row.cells[at] for at in (reversed(places) if is_part else places) if at is not None]
        return next((cell for cell in cells if self.said(cell)), cells[0])

    def add(self, rows: Sequence[_Row], number: str, part: int | None) -> None:
        """One task. `part`: its place among those that share a title."""
        title = self.title(self.title_cell(rows[0], part is not None))
        clauses = [clause for row in rows if (clause := self.clause(row)) is not None]
        leads, supports, responsible, mode, is_open = assign(self.reading, clauses)
        cells = self.filled(rows, [at for at, _role in self.columns.units])
        dues = self.filled(rows, [] if self.columns.due is None else [self.columns.due])
        step = _step(number)
        if part is None or part == 1:
            self.path = self.unused(f"{self.section}/{step}" if self.section else step)
        self.tasks.append(TaskFound(
            path=self.path if part is None else f"{self.path}/{part}", number=number,
            title="".join(self.source.quote(title).split()), section=self.section,
            quote=Span(title.start, min(title.start + QUOTE, title.end)),
            span=Span(rows[0].line.start, rows[-1].line.end),
            lead_units=leads, support_units=supports, responsible_units=responsible, role_mode=mode,
            open_ended=is_open, clause=cells[0] if cells else None, inherited_from=None, clauses=tuple(cells),
            due=dues[-1] if dues else None,
        ))  # fmt: skip

    def filled(self, rows: Sequence[_Row], places: Sequence[int]) -> list[Span]:
        return list(dict.fromkeys(row.cells[at] for row in rows for at in places if self.said(row.cells[at])))

    def title(self, cell: Span) -> Span:
        """Without its number; of a cell of several sentences the first."""
        typed = _TYPED.match(fold(self.source.quote(cell)))
        start = cell.start + (typed.end() if typed else 0)
        stop = _SENTENCE.search(self.source.text, start, cell.end)
        return Span(start, min(stop.start() if stop else cell.end, start + _LONGEST_TITLE))

    def clause(self, row: _Row) -> Clause | None:
        """The units of a row; what a cell says of them counts more than the head of its column."""
        text, view = self.reading.text, self.reading.view
        parties: list[Party] = []
        places: list[int] = []
        is_open = False
        for at, role in self.columns.units:
            start, end = view.place(row.cells[at].start), view.place(row.cells[at].end)
            if not re.search(r"\w", text[start:end]):
                continue
            places += [start, end]
            read = parse(text, start, end)
            if read is None:
                parties += [
                    Party("lead" if piece.lead else role, piece) for piece in split_names(text, start, end)
                ]
                continue
            is_open = is_open or read.open_ended
            told = any(party.role in ("lead", "support") for party in read.parties)
            parties += read.parties if told else [Party(role, party.piece) for party in read.parties]
        return Clause(min(places), max(places), parties, is_open, True) if parties else None

    def unused(self, path: str) -> str:
        """Some tables give one number twice: 1, 1-2."""
        self.paths[path] += 1
        return path if self.paths[path] == 1 else f"{path}-{self.paths[path]}"


def _put_to_items(items: list[TaskFound], rows: Sequence[TaskFound]) -> list[TaskFound]:
    """The rows that say no item of the text; the items take what the others add."""
    known = {_key(item.title): at for at, item in enumerate(items) if item.kind == "work"}
    further = []
    for row in rows:
        at = _same(_key(row.title), known)
        if at is None:
            further.append(row)
            continue
        item = items[at]
        if item.role_mode == "unspecified":
            item = replace(
                item, lead_units=row.lead_units, support_units=row.support_units, role_mode=row.role_mode,
                responsible_units=row.responsible_units, open_ended=row.open_ended, clause=row.clause,
                clauses=row.clauses,
            )  # fmt: skip
        items[at] = replace(item, due=row.due or item.due, rows=(*item.rows, row.span))
    return further


def _same(key: str, known: dict[str, int]) -> int | None:
    if key in known:
        return known[key]
    near = {
        at
        for other, at in known.items()
        if min(len(key), len(other)) >= _TELLING and (key in other or other in key)
    }
    return near.pop() if len(near) == 1 else None


def _key(title: str) -> str:
    return _BESIDES.sub("", fold(title))


def _numbered(said: str) -> tuple[str, str]:
    """(number, title): 一、质量基础 → 一, 质量基础."""
    found = _TYPED.match(fold(said))
    return (said[found.start(1) : found.end(1)], said[found.end() :].strip()) if found else ("", said)


def _step(number: str) -> str:
    """A number as a step of a path."""
    found = _NUMBER.fullmatch(fold(number))
    return found[1] if found else fold(number).strip()
