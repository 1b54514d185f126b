"""The units of a people's workbook: found in the register under any of their names, changed, or new."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from taskforce.domain.naming import plain
from taskforce.loading.people_book import Row
from taskforce.loading.people_cells import LONGEST_ALIAS, CellWrong, clean, kind_labels, parts
from taskforce.models import Department, Jurisdiction

NEW, CHANGED, SAME = "new", "changed", "same"
#: Column → field of the register, where one value replaces another.
FIELDS = {"short_name": "short_name", "kind": "kind", "unit_phone": "phone"}


@dataclass(frozen=True)
class Problem:
    """A cell that stops the import. `column` is its letter and heading."""

    sheet: str
    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass
class UnitPlan:
    """`department` is the row of the register with the new values set, or a new one. `row` is where it stood first."""

    row: Row
    department: Department
    changes: list[Change] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    #: What the workbook said already: column → (value, row).
    said: dict[str, tuple[str, Row]] = field(default_factory=dict)
    #: A cell of its row stops the import.
    refused: bool = False

    @property
    def verdict(self) -> str:
        if self.department.pk is None:
            return NEW
        return CHANGED if self.changes or self.aliases else SAME


def label_of(model: type[Model], column: str) -> str:
    """What the register calls the column."""
    return str(getattr(model._meta.get_field(column), "verbose_name", column))


class UnitPlanner:
    """Takes the rows in their order. Every row that names a new unit may bring its kind: the first that does counts."""

    def __init__(self, place: Jurisdiction, actor: ActorContext, problems: list[Problem]) -> None:
        self.place, self.actor, self.problems = place, actor, problems
        self.kinds = kind_labels()
        self.places = list(Jurisdiction.objects.within([place.path]))
        self.codes = set(Department.objects.values_list("code", flat=True))
        self.plans: dict[str, UnitPlan] = {}
        self.by_code: dict[str, Department] = {}
        self.by_name: dict[str, list[Department]] = defaultdict(list)
        self.by_other: dict[str, list[Department]] = defaultdict(list)
        units = Department.objects.filter(jurisdiction__path__startswith=place.path)
        for unit in units.select_related("jurisdiction", "successor").prefetch_related("aliases", "names"):
            self.by_code[unit.code] = unit
            self.by_name[plain(unit.name)].append(unit)
            others = {unit.short_name, *(row.alias for row in unit.aliases.all())}
            for row in unit.names.all():
                others |= {row.name, row.short_name}
            for other in {plain(text) for text in others} - {plain(unit.name)}:
                self.by_other[other].append(unit)

    def wrong(self, row: Row, name: str, sentence: Any) -> None:
        self.problems.append(Problem(row.sheet, row.number, row.column(name), str(sentence)))

    def of(self, row: Row) -> Department | None:
        """The unit of a row that was taken; None where the row was refused."""
        return self._find(row, silent=True)

    def take(self, row: Row) -> None:
        unit = self._find(row)
        if unit is None:
            return
        plan = self.plans.get(unit.code)
        if plan is None:
            plan = self.plans[unit.code] = UnitPlan(row, unit)
        for name in ("short_name", "kind", "unit_phone"):
            if name in row.cells:
                self._set(plan, row, name)
        self._aliases(plan, row)
        # further rows may call the unit by what it is called from now on
        for other in {plain(text) for text in (unit.short_name, *plan.aliases) if text}:
            if all(one is not unit for one in self.by_other[other]):
                self.by_other[other].append(unit)

    def _set(self, plan: UnitPlan, row: Row, name: str) -> None:
        try:
            value = self._kind(row) if name == "kind" else clean(name, row.cells[name])
        except CellWrong as error:
            self.wrong(row, name, error)
            return
        told = plan.said.setdefault(name, (value, row))
        if told[0] != value:
            self.wrong(
                row, name, _("Row %(row)s of “%(sheet)s” says something else of this unit.")
                % {"row": told[1].number, "sheet": told[1].sheet},
            )  # fmt: skip
            return
        column, unit = FIELDS[name], plan.department
        before = getattr(unit, column)
        if before == value:
            return
        shown = unit.get_kind_display() if name == "kind" and before else before
        setattr(unit, column, value)
        if unit.pk is not None:
            after = unit.get_kind_display() if name == "kind" else value
            plan.changes.append(Change(label_of(Department, column), str(shown), str(after)))

    def _kind(self, row: Row) -> str:
        kind = self.kinds.get(row.cells["kind"])
        if kind is None:
            raise CellWrong(
                _("“%(kind)s” is no kind of unit. Known are: %(known)s.")
                % {"kind": row.cells["kind"][:20], "known": "、".join(self.kinds)}
            )
        return kind

    def _aliases(self, plan: UnitPlan, row: Row) -> None:
        unit = plan.department
        known = {unit.name, unit.short_name, *plan.aliases}
        if unit.pk is not None:
            known |= {one.alias for one in unit.aliases.all()}
        for alias in parts(row.cells.get("aliases", "")):
            if len(alias) > LONGEST_ALIAS:
                self.wrong(row, "aliases", _("An alias has at most %(limit)s characters.") % {"limit": LONGEST_ALIAS})
            elif alias not in known:
                plan.aliases.append(alias)
                known.add(alias)

    def _find(self, row: Row, *, silent: bool = False) -> Department | None:
        """The unit a row names, a new one if nobody bears the name. With `silent` nothing is complained about."""
        complain = (lambda *said: None) if silent else self.wrong
        name, code = row.cells.get("unit", ""), row.cells.get("code", "")
        if not name:
            complain(row, "unit", _("The unit is missing."))
            return None
        place = self._place(row, complain)
        if place is None and "place" in row.cells:
            return None
        named = self.by_code.get(code)
        if named is not None and plain(name) not in (plain(named.name), plain(named.short_name)):
            complain(
                row, "unit", _("“%(code)s” is the code of “%(unit)s”. A unit is renamed in the settings, which keep its"
                               " former name.") % {"code": code, "unit": named.name},
            )  # fmt: skip
            return None
        found = [named] if named is not None else self._bearing(name, place)
        if len(found) > 1:
            complain(
                row, "unit", _("Several units bear the name “%(name)s”: %(units)s. Please write the full name.")
                % {"name": name, "units": "、".join(unit.name for unit in found[:4])},
            )  # fmt: skip
            return None
        if found:
            return self._open(row, found[0], complain)
        return self._new(row, name, place or self.place, complain)

    def _bearing(self, name: str, place: Jurisdiction | None) -> list[Department]:
        for index in (self.by_name, self.by_other):
            found = [unit for unit in index[plain(name)] if place is None or unit.jurisdiction == place]
            # a unit that was closed steps back behind one that bears the name today
            present = [unit for unit in found if unit.closed_on is None]
            if found:
                return list({unit.code: unit for unit in present or found}.values())
        return []

    def _open(self, row: Row, unit: Department, complain: Any) -> Department | None:
        if unit.closed_on is not None:
            today = unit.successor.name if unit.successor else ""
            said = _("“%(unit)s” was closed.") % {"unit": unit.name}
            if today:
                said = _("“%(unit)s” was closed; “%(today)s” answers for it.") % {"unit": unit.name, "today": today}
            complain(row, "unit", said)
            return None
        decision = can(self.actor, "edit", unit)
        if not decision:
            complain(row, "unit", decision.reason)
            return None
        return unit

    def _place(self, row: Row, complain: Any) -> Jurisdiction | None:
        text = row.cells.get("place", "")
        if not text:
            return None
        for place in self.places:
            if text in (place.name, place.short_name, place.code):
                return place
        complain(
            row, "place", _("“%(place)s” is no part of %(territory)s.") % {"place": text, "territory": self.place.name}
        )
        return None

    def _new(self, row: Row, name: str, place: Jurisdiction, complain: Any) -> Department | None:
        try:
            name = clean("unit", name)
            code = clean("code", row.cells["code"]) if "code" in row.cells else self._free_code(place)
        except CellWrong as error:
            complain(row, "unit", error)
            return None
        if code in self.codes:
            complain(row, "code", _("The code “%(code)s” is taken.") % {"code": code})
            return None
        unit = Department(jurisdiction=place, code=code, name=name, short_name="", kind="")
        self.codes.add(code)
        self.by_code[code] = unit
        self.by_name[plain(name)].append(unit)
        return unit

    def _free_code(self, place: Jurisdiction) -> str:
        number = 1
        while f"{place.code}-{number:03d}" in self.codes:
            number += 1
        return f"{place.code}-{number:03d}"

    def finish(self) -> list[UnitPlan]:
        """New units are complete now or refused."""
        for plan in self.plans.values():
            unit = plan.department
            if unit.pk is not None:
                continue
            if not unit.kind and "kind" not in plan.row.cells:
                self.wrong(
                    plan.row, "unit",
                    _("There is no unit “%(name)s”. If it is new, say its kind (单位类别); otherwise mind the spelling.")
                    % {"name": unit.name},
                )  # fmt: skip
            if not unit.short_name:
                unit.short_name = unit.name[:40]
            if len(unit.name) > 40 and not plan.said.get("short_name"):
                self.wrong(plan.row, "short_name", _("A unit with a long name needs a short one."))
        self.problems.sort(key=lambda problem: (problem.sheet, problem.row))
        return list(self.plans.values())
