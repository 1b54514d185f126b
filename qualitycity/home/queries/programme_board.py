"""方案看板: one programme by unit, section, phase and nature, and what is wrong in it.

Everything is counted in the database from the standings by which the ledger filters, so that a figure and its list
cannot differ; the caller has called `domain.standings.board_day()`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from programs.choices import Concern, LightCode, OutlookCode, TaskNature
from programs.models import Section, Task
from programs.queries.board import DepartmentBar
from programs.queries.standing import ANSWERS, NONE, department_bars_of, empty_counts, worst_first
from qualitycity.home.figures import Group

#: So many of the worst tasks are named on the board.
WORST = 8
COLUMNS = (
    "section_id", "section__sort", "section__number", "section__title", "phase_id", "phase__starts_on", "phase__name",
    "nature", "standing__light", "standing__early", "standing__concerns", "standing__outlook",
)  # fmt: skip


@dataclass
class Tally:
    """Tasks of a programme, counted. Places are keyed by (order, key, words), None for tasks in none."""

    counts: dict[str, int] = field(default_factory=empty_counts)
    concerns: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Concern.values, 0))
    sections: dict[Any, dict[str, int]] = field(default_factory=lambda: defaultdict(empty_counts))
    phases: dict[Any, dict[str, int]] = field(default_factory=lambda: defaultdict(empty_counts))
    natures: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(empty_counts))
    outlooks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OutlookCode.values, 0))
    paced: int = 0


def tally(tasks: QuerySet[Task]) -> Tally:
    """Everything the board counts of tasks; one query. `paced` have a percentage and a date to compare it with."""
    found = Tally()
    paced = Q(nature=TaskNature.OUTCOME, standing__percent__isnull=False, due_on__isnull=False)
    rows = tasks.order_by().values(*COLUMNS).annotate(count=Count("pk"), with_pace=Count("pk", filter=paced))
    for row in rows:
        section, phase = _section(row), _phase(row)
        for counts in (found.counts, found.sections[section], found.phases[phase], found.natures[row["nature"]]):
            _add(counts, row)
        for code in row["standing__concerns"] or ():
            found.concerns[code] += row["count"]
        if row["standing__outlook"]:
            found.outlooks[row["standing__outlook"]] += row["count"]
        found.paced += row["with_pace"]
    return found


def _section(row: Mapping[str, Any]) -> tuple[Any, int, str] | None:
    if row["section_id"] is None:
        return None
    words = str(Section(number=row["section__number"], title=row["section__title"]))
    return row["section__sort"], row["section_id"], words


def _phase(row: Mapping[str, Any]) -> tuple[Any, int, str] | None:
    return (row["phase__starts_on"], row["phase_id"], row["phase__name"]) if row["phase_id"] is not None else None


def _add(counts: dict[str, int], row: Mapping[str, Any]) -> None:
    counts[row["standing__light"]] += row["count"]
    counts["total"] += row["count"]
    if row["standing__early"] and row["standing__light"] == LightCode.GREEN:
        counts["early"] += row["count"]


def worst(tasks: QuerySet[Task]) -> list[Task]:
    """The longest late, with their standings and sections; one query."""
    return list(worst_first(tasks).select_related("standing", "section")[:WORST])


def unit_groups(tasks: QuerySet[Task], path: str, unit_path: str) -> list[Group]:
    """Units by the tasks they answer for, each by its own light; one query."""
    return [unit_group(bar, path, unit_path) for bar in department_bars_of(tasks)]


def unit_group(bar: DepartmentBar, path: str, unit_path: str) -> Group:
    counts = {"red": bar.red, "amber": bar.amber, "green": bar.green, "grey": bar.grey}
    wanted = {"department": bar.department.pk, "role": ANSWERS}
    return Group(str(bar.department), path, counts, wanted, unit_path.format(bar.department.pk))


def section_groups(found: Tally, path: str) -> list[Group]:
    """Sections as printed; none where the programme has none."""
    return _places(found.sections, path, "section", _("Without a section"))


def phase_groups(found: Tally, path: str) -> list[Group]:
    """Phases in time; none where no task belongs to one."""
    return _places(found.phases, path, "phase", _("Without a phase"))


def nature_groups(found: Tally, path: str) -> list[Group]:
    present = (nature for nature in TaskNature if nature.value in found.natures)
    return [Group(str(nature.label), path, found.natures[nature], {"nature": nature.value}) for nature in present]


def _places(found: Mapping[Any, dict[str, int]], path: str, name: str, rest: str) -> list[Group]:
    named: Iterable[Any] = sorted(place for place in found if place is not None)
    groups = [Group(words, path, found[order, pk, words], {name: pk}) for order, pk, words in named]
    if groups and None in found:
        groups.append(Group(rest, path, found[None], {name: NONE}))
    return groups
