"""When the fictional city's programme runs: from four quarters before the present one, for three years."""

from calendar import monthrange
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from programs.loading.facts import ProgrammeFacts
from qualitycity.periods import Period

#: The first day of the programme in the files; every day in them is counted from here.
FILES_START = date(2025, 1, 1)
PAST_QUARTERS = 4

T = TypeVar("T")


@dataclass(frozen=True)
class Timeline:
    """`quarters`: the past ones in their order, then the one that holds the present day."""

    quarters: tuple[Period, ...]

    @classmethod
    def of(cls, today: date) -> "Timeline":
        found = [Period.containing("quarter", today)]
        for _ in range(PAST_QUARTERS):
            found.insert(0, found[0].previous())
        return cls(tuple(found))

    @property
    def start(self) -> date:
        return self.quarters[0].start

    def moved(self, day: date) -> date:
        """The day so many months later or earlier as the programme starts; the end of a month stays one."""
        shift = (self.start.year - FILES_START.year) * 12 + self.start.month - FILES_START.month
        years, month = divmod(day.month - 1 + shift, 12)
        year, month = day.year + years, month + 1
        last = monthrange(year, month)[1]
        was_last = day.day == monthrange(day.year, day.month)[1]
        return date(year, month, last if was_last else min(day.day, last))

    def shifted(self, facts: T) -> T:
        """`facts` with every day in them moved, however deep it stands."""
        if isinstance(facts, date):
            return self.moved(facts)  # type: ignore[return-value]
        if isinstance(facts, tuple):
            return tuple(self.shifted(item) for item in facts)  # type: ignore[return-value]
        if is_dataclass(facts) and not isinstance(facts, type):
            values = {field.name: getattr(facts, field.name) for field in fields(facts)}
            return replace(facts, **{name: self.shifted(value) for name, value in values.items()})
        return facts

    def programme(self, facts: ProgrammeFacts) -> ProgrammeFacts:
        """Days moved, and the years that are printed as words ({year} of the document, {end_year} of the plan)."""
        facts = self.shifted(facts)
        document, head = facts.document, facts.programme
        years: dict[str, Any] = {"year": document.written_on.year, "end_year": head.ends_on.year}
        return replace(
            facts,
            document=replace(document, number=(document.number or "").format(**years)),
            programme=replace(head, year=head.starts_on.year),
            indicators=tuple(replace(row, deadline=(row.deadline or "").format(**years)) for row in facts.indicators),
        )
