"""What a 填报表 that came back would change, cell by cell: computed from what was read, nothing is written.

A line is recognised by its key; a field counts as typed when it differs from what went out. A line nobody touched in the
workbook is left alone, whoever has changed it in the portal since; one that was touched on both sides stops the import.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from programs.models import ReportingWindow
from programs.workbook.cells import Unreadable
from programs.workbook.reader import ReadBook, ReadRow, ReadSheet
from programs.workbook.sheets import KEY, Asked, WorkbookSheet
from programs.workbook.stamp import TEMPLATE, Issued, Stamp, mark_of
from qualitycity.access import ActorContext
from qualitycity.sealing.canonical import digest

from .sheet import Typed
from .sources import Line
from .workbook import normal, open_to, values_of, withheld, workbook_sheets


@dataclass(frozen=True)
class Problem:
    """`address` is a cell (F7), a row (7) or "" for the whole sheet; `column` its heading."""

    sheet: str
    address: str
    column: str
    sentence: str
    line: str = ""

    def __str__(self) -> str:
        return f"“{self.sheet}”表 {self.address} {self.column}：{self.sentence}"


@dataclass(frozen=True)
class Change:
    """One field; `before` and `after` as they are shown."""

    field: str
    column: str
    address: str
    before: str
    after: str


@dataclass
class LinePlan:
    """One line of the workbook. `values` are all its fields as they would stand afterwards."""

    line: Line
    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    refused: bool = False

    @property
    def name(self) -> str:
        return f"{self.line.number} {self.line.title}".strip()


@dataclass
class Plan:
    """`problems` stop the import, `missing` only the handing in that may follow it; `notes` stop nothing."""

    lines: list[LinePlan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Lines that this person can hand in now, by key; those of the workbook as they would stand afterwards.
    final: dict[str, Typed] = field(default_factory=dict)

    @property
    def changed(self) -> list[LinePlan]:
        return [one for one in self.lines if one.changes]

    @property
    def same(self) -> int:
        return len(self.lines) - len(self.changed) - sum(one.refused and not one.changes for one in self.lines)

    @property
    def typed(self) -> dict[str, Typed]:
        return {one.line.key: self.final[one.line.key] for one in self.changed}

    @property
    def digest(self) -> str:
        """Of everything that would be written, as it was shown."""
        return digest(
            {
                "lines": [
                    [one.line.key, [[row.field, row.before, row.after] for row in one.changes]] for one in self.changed
                ],
                "problems": [str(row) for row in self.problems],
                "missing": [str(row) for row in self.missing],
                "final": sorted(self.final),
            }
        )


def misplaced(stamp: Stamp, *, window: ReportingWindow, department: int) -> str:
    """The one sentence why a workbook does not belong to this page, or ""."""
    if stamp.template != TEMPLATE:
        return _("The workbook follows an older template. Please download it again and fill it in.")
    if stamp.department != department:
        return _("The workbook is that of %(unit)s, not of this unit.") % {"unit": stamp.unit}
    if stamp.window == window.pk:
        return ""
    if stamp.programme != window.programme.title:
        return _("The workbook belongs to “%(theirs)s”, this page to “%(ours)s”.") % {
            "theirs": stamp.programme, "ours": window.programme.title,
        }  # fmt: skip
    return _("The workbook is for %(theirs)s, this page for %(ours)s.") % {
        "theirs": stamp.period, "ours": window.label,
    }  # fmt: skip


def make_plan(book: ReadBook, *, actor: ActorContext, lines_now: Collection[Line]) -> Plan:
    """`lines_now`: the lines of the sheet as they stand."""
    lines = {line.key: line for line in lines_now}
    plan, seen = Plan(), dict[str, str]()
    for spec in workbook_sheets():
        read = book.sheets.get(spec.source)
        if read is not None:
            _SheetPlanner(spec, read, book.stamp, lines, actor, plan, seen).take_all()
    if book.skipped:
        plan.notes.append(_("Not read, since they are no sheets of the workbook: %(names)s.") % {
            "names": "、".join(book.skipped)
        })  # fmt: skip
    absent = [line for key, line in lines.items() if key not in seen]
    if absent:
        plan.notes.append(
            _("%(count)s lines of the sheet are not in the workbook; they stay as they are.") % {"count": len(absent)}
        )
    _completeness(plan, lines, actor)
    return plan


def _completeness(plan: Plan, lines: Mapping[str, Line], actor: ActorContext) -> None:
    """What would still be missing if the whole sheet were handed in, as its own page does it."""
    planned = {one.line.key: one for one in plan.lines}
    specs = {spec.source: spec for spec in workbook_sheets()}
    for key, line in lines.items():
        if not open_to(line, actor):
            continue
        one, spec = planned.get(key), specs.get(line.source.name)
        stored = {name: getattr(line.row, name) for name in line.source.fields}
        values = one.values if one and one.values else values_of(line, spec) if spec else stored
        plan.final[key] = Typed(values, line.row.row_version if line.row.pk else None)
        headings = {asked.field: asked.heading for asked in spec.asked} if spec else {}
        for name, sentence in line.source.check(line, values, final=True).items():
            address = one.addresses.get(name, str(one.row)) if one else ""
            title = one.sheet if one else ""
            plan.missing.append(
                Problem(title, address, headings.get(name, ""), str(sentence), f"{line.number} {line.title}".strip())
            )


@dataclass
class _SheetPlanner:
    """One sheet of the workbook against the lines as they stand."""

    spec: WorkbookSheet
    read: ReadSheet
    stamp: Stamp
    lines: Mapping[str, Line]
    actor: ActorContext
    plan: Plan
    seen: dict[str, str]

    def wrong(self, address: str, column: str, sentence: Any, line: Line | None = None) -> None:
        name = f"{line.number} {line.title}".strip() if line else ""
        self.plan.problems.append(Problem(self.read.title, address, column, str(sentence), name))

    def take_all(self) -> None:
        for heading in self.read.twice:
            self.wrong("", heading, _("there are two columns of this name; please keep one"))
        names = {"sheet": self.read.title}
        if self.read.absent:
            self.plan.notes.append(
                _("Sheet “%(sheet)s” lacks the columns %(columns)s; what they hold stays as it is.")
                % {**names, "columns": "、".join(self.read.absent)}
            )
        if self.read.further:
            self.plan.notes.append(
                _("Sheet “%(sheet)s” has further columns that are not read: %(columns)s.")
                % {**names, "columns": "、".join(one[:20] for one in self.read.further)}
            )
        for row in self.read.rows:
            self._take(row)

    def _take(self, row: ReadRow) -> None:
        if row.merged:
            self.wrong(row.merged[0], "", _("merged cells are not taken; please split them and fill each row in"))
            return
        ident = row.key.shown
        key = f"{self.spec.source}-{ident}"
        issued = self.stamp.lines.get(key)
        if issued is None:
            typed = [cell for cell in row.cells.values() if not cell.says_nothing]
            if ident:
                self.wrong(row.key.address, KEY, _("“%(text)s” is no line of this workbook") % {"text": row.key.told()})
            elif typed:
                self.wrong(
                    typed[0].address, "",
                    _("this row has no %(key)s; lines cannot be added here, please ask the office") % {"key": KEY},
                )  # fmt: skip
            return
        if key in self.seen:
            self.wrong(
                row.key.address, KEY, _("the line stands in row %(row)s already") % {"row": self.seen[key]}
            )
            return
        self.seen[key] = str(row.number)
        if row.title is not None and mark_of(normal(row.title.shown)) != issued.title:
            self.wrong(
                row.title.address, self.spec.shown[self.spec.titled].heading,
                _("number and name of the line do not belong together; was only part of the table sorted?"),
            )  # fmt: skip
            return
        self._judge(row, key, issued)

    def _judge(self, row: ReadRow, key: str, issued: Issued) -> None:
        line = self.lines.get(key)
        unit = line.unit if line else ""
        values, faults = self._values(row, unit)
        asked = self._asked
        touched = {
            name for name, mark in issued.fields.items()
            if name in faults or (name in values and mark_of(normal(values[name])) != mark)
        }  # fmt: skip
        stray = [
            name for name, cell in row.cells.items() if name not in issued.fields and not cell.says_nothing
        ]
        if line is None:
            if touched or stray:
                said = _("the line is not on the unit's sheet any more; nothing can be filed on it")
                self.wrong(str(row.number), "", said)
            return
        one = LinePlan(line, self.read.title, row.number)
        one.addresses = {name: cell.address for name, cell in row.cells.items()}
        self.plan.lines.append(one)
        count = len(self.plan.problems)
        if not open_to(line, self.actor):
            self._closed(row, line, touched, stray, values)
        else:
            for name in stray:
                said = _("this line does not ask for it; please clear the cell")
                self.wrong(row.cells[name].address, asked[name].heading, said, line)
            for name, sentence in faults.items():
                if name in stray:
                    continue  # one cell, one sentence
                self.wrong(row.cells[name].address, asked[name].heading, sentence, line)
            self._compare(one, row, issued, touched - set(faults), values)
        one.refused = len(self.plan.problems) > count

    @property
    def _asked(self) -> dict[str, Asked]:
        return {asked.field: asked for asked in self.spec.asked}

    def _values(self, row: ReadRow, unit: str) -> tuple[dict[str, Any], dict[str, str]]:
        """Readable values and the sentences at the others, by field."""
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for name, cell in row.cells.items():
            try:
                values[name] = self._asked[name].kind.read(cell, unit=unit)
            except Unreadable as wrong:
                faults[name] = wrong.sentence
        return values, faults

    def _closed(
        self, row: ReadRow, line: Line, touched: set[str], stray: list[str], values: Mapping[str, Any]
    ) -> None:
        """A line that cannot be typed into now: fine as long as it says what it said, or what the portal says."""
        hidden = withheld(line, self.actor)
        differs = [
            name for name in row.cells
            if name in stray or name in touched
            and (hidden or name not in values or normal(values[name]) != normal(getattr(line.row, name)))
        ]  # fmt: skip
        if not differs:
            return
        cell = row.cells[differs[0]]
        if hidden:
            said = _("The unit has begun to fill in this line. Its draft is not shown to the office.")
        else:
            said = _("This line has been handed in already (%(state)s); take it back first.") % {
                "state": line.row.get_state_display()
            }
        self.wrong(cell.address, self._asked[differs[0]].heading, said, line)

    def _compare(
        self, one: LinePlan, row: ReadRow, issued: Issued, touched: set[str], values: Mapping[str, Any]
    ) -> None:
        line, stored = one.line, values_of(one.line, self.spec)
        # untouched fields stay as they are in the portal, to the last space
        one.values = {name: values[name] if name in touched else value for name, value in stored.items()}
        differing = [name for name in stored if normal(one.values[name]) != normal(stored[name])]
        if not differing:
            one.values = stored
            return
        if issued.version != (line.row.row_version if line.row.pk else 0):
            self.wrong(
                row.cells[differing[0]].address, self._asked[differing[0]].heading,
                _("the line was changed in the portal after the download; please download the workbook again"), line,
            )  # fmt: skip
        wrong = line.source.check(line, one.values, final=bool(one.values.get("unchanged")))
        for name, sentence in wrong.items():
            address = one.addresses.get(name, str(row.number))
            self.wrong(address, self._asked[name].heading if name in self._asked else "", sentence, line)
        one.changes = [
            Change(
                name, self._asked[name].heading, one.addresses.get(name, ""), _shown(self._asked[name], stored[name]),
                _shown(self._asked[name], one.values[name]),
            )
            for name in differing
        ]  # fmt: skip


def _shown(asked: Asked, value: Any) -> str:
    """A value as a person reads it in the workbook."""
    shown = value if isinstance(value, str) else asked.kind.shown(value)
    if shown is None:
        return ""
    return format(shown, "f") if isinstance(shown, Decimal) else str(shown)
