"""What every act of the story needs at hand: the facts, the clock, the people, the rows."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from programs.domain import sheet
from programs.domain.sources import Line
from programs.models import Programme, ReportingWindow, Task
from qualitycity.access import ActorContext
from taskforce.contracts import actor_context
from taskforce.models import Department, User

from .clock import Clock
from .facts import AccountFacts, CityFacts, FigureFacts, ReportFacts
from .timeline import Timeline

#: What is said of one line.
Said = ReportFacts | FigureFacts
Pairs = list[tuple[Line, Said]]
#: What happens on a day, in the order in which it was planned.
Agenda = dict[date, list[Callable[[], object]]]


class Stumbled(RuntimeError):
    """The story asks for something the portal refuses: the files and the rules do not fit together."""


@dataclass
class Stage:
    facts: CityFacts
    timeline: Timeline
    clock: Clock
    users: dict[str, User] = field(default_factory=dict)
    _actors: dict[str, ActorContext] = field(default_factory=dict)

    def actor(self, login: str) -> ActorContext:
        """The person as he is today. Roles are given once, before anybody acts, so they are asked once."""
        if login not in self._actors:
            self._actors[login] = actor_context(self.users[login], day=self.clock.today)
        return replace(self._actors[login], as_of=self.clock.today)

    @cached_property
    def units(self) -> dict[str, Department]:
        rows = Department.objects.select_related("jurisdiction").filter(code__in=self.facts.registers.departments)
        return {unit.code: unit for unit in rows}

    @cached_property
    def programme(self) -> Programme:
        return Programme.objects.select_related("jurisdiction").get(key=self.facts.programme.programme.key)

    @cached_property
    def windows(self) -> list[ReportingWindow]:
        """The windows of the quarters of the story."""
        starts = [quarter.start for quarter in self.timeline.quarters]
        rows = self.programme.windows.select_related("programme__jurisdiction").order_by("starts_on")
        return list(rows.filter(starts_on__in=starts))

    def task(self, number: str) -> Task:
        return self.programme.tasks.get(number=number)

    def accounts(self, unit: str, *roles: str) -> list[AccountFacts]:
        return [row for row in self.facts.people.accounts if row.unit == unit and row.role in roles]

    def filer(self, unit: str) -> str:
        """Login of the unit's liaison or district office."""
        return self.accounts(unit, "liaison", "district_office")[0].login

    def head(self, unit: str) -> str | None:
        """Login of the unit's head; None where the unit has one account."""
        heads = self.accounts(unit, "unit_head")
        return heads[0].login if heads else None

    @cached_property
    def said(self) -> dict[tuple[str, str, int], Said]:
        """What is said of (task number or indicator, unit, quarter from 0), where something is."""
        found: dict[tuple[str, str, int], Said] = {}
        for line in self.facts.lines:
            found |= {(line.task, line.unit, n): said for n, said in enumerate(line.quarters) if said is not None}
        for row in self.facts.readings:
            figures = {(row.indicator, row.reporter, n): said for n, said in enumerate(row.figures)}
            found |= {key: said for key, said in figures.items() if said is not None}
        return found

    def reporting(self, quarter: int) -> list[str]:
        """Codes of the units that file something in the quarter, in the order of the register."""
        filing = {unit for _what, unit, n in self.said if n == quarter}
        return [code for code in self.facts.registers.departments if code in filing]

    def sheets(self, quarter: int, units: Collection[str]) -> dict[str, Pairs]:
        """The units' sheets of the quarter as they stand, by unit: the lines of which something is said. Read
        together, for a city has many. A line that no sheet holds is a Stumbled."""
        codes = {self.units[code].pk: code for code in units}
        owed = {
            (codes[line.department_id], line.number if line.source.name == "task" else line.title): line
            for line in sheet.sheet_lines(self.windows[quarter], set(codes))
        }
        found: dict[str, Pairs] = {code: [] for code in units}
        for (what, unit, of), said in self.said.items():
            if of == quarter and unit in found:
                if (unit, what) not in owed:
                    raise Stumbled(f"{unit}, quarter {quarter + 1}: {what} is not on the sheet")
                found[unit].append((owed[unit, what], said))
        return found
