"""应报材料 on the desk of a unit: what is due within a month, with light and time left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from programs.domain.lights import Light
from programs.domain.supervision.material_lights import paper_light
from programs.models import MaterialDue
from programs.queries.supervision import materials
from qualitycity.workdays.calendar import Calendar

#: How far the desk looks ahead.
AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class PaperDue:
    due: MaterialDue
    light: Light


def at_unit(departments: Collection[int], today: date, calendar: Calendar) -> list[PaperDue]:
    """One query."""
    return [
        PaperDue(
            due,
            paper_light(
                state=due.state, due_on=due.due_on, filed_on=due.filed_on, remark=due.remark,
                today=today, days=calendar,
            ),
        )
        for due in materials.at_unit(departments, today + AHEAD)
    ]  # fmt: skip
