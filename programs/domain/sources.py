"""What a unit files per window comes from sources: tasks here, indicators from `kpis` through PERIOD_ENTRIES."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple, Protocol

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from programs.choices import EntryState
from programs.models import Programme, ReportingWindow
from qualitycity.workflow import Machine

#: Fields that a line asks for by its nature, in the order of the paper form.
FIELDS = {
    "outcome": ("percent", "percent_reason", "progress", "problems", "next_steps", "coordination"),
    "ongoing": ("progress", "result", "problems", "next_steps", "coordination"),
    "indicator": ("progress", "problems", "next_steps", "coordination"),
    "figure": ("value", "note"),
}


@dataclass
class Line:
    """One line of a 本单位报表. `row` is the filed row of this window, unsaved when nothing was typed yet."""

    source: "Source"
    ident: int
    department_id: int
    number: str
    title: str
    requirement: str
    role: str
    nature: str
    row: Any
    previous: Any | None = None
    section: str = ""
    due_on: Any = None
    unit: str = ""

    @property
    def key(self) -> str:
        """Unique on the sheet: "task-12", "indicator-3"."""
        return f"{self.source.name}-{self.ident}"


@dataclass(frozen=True)
class Reach:
    """Lookups from a filed row to what a list of filed rows shows, so that all sources are read in one statement.

    `owner` is the foreign key to what is reported on, `figure` the column with its number, `part` leads to the
    responsibility where there is one ("" otherwise), `unit` to the unit of the figure ("" means per cent).
    """

    owner: str
    programme: str
    department: str
    number: str
    title: str
    sort: str
    figure: str
    unit: str = ""
    part: str = ""


class LineState(NamedTuple):
    """Where one line stands, without its texts; a line nobody has typed into is a draft."""

    window_id: int
    department_id: int
    state: str


class Source(Protocol):
    """A kind of line. `fields` are the columns the unit types; `check` returns sentences by field."""

    name: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]
    reach: ClassVar[Reach]
    machine: Machine

    def lines(
        self, window: ReportingWindow, departments: Collection[int], *, lock: bool = False
    ) -> list[Line]:
        """Every line the departments owe in the window; two queries. `lock` holds the filed rows for a write."""

    def states(self, windows: Collection[ReportingWindow], departments: Collection[int]) -> list[LineState]:
        """The state of every line owed in any of the windows; two queries."""

    def stored(self, line: Line, values: Mapping[str, Any]) -> dict[str, Any]:
        """What is written for what was typed: known fields alone, and what follows from them."""

    def check(self, line: Line, values: Mapping[str, Any], *, final: bool) -> dict[str, Any]:
        """Sentences by field; `final` asks for completeness, otherwise only what can be stored."""

    def owed(self, windows: Collection[int], departments: Collection[int] | None = None) -> QuerySet:
        """(department, state, window, count) of the lines that any unit, or one of `departments`, owes in the
        windows; state "" where nothing was typed. One statement, however many windows are open."""

    def owed_lines(self, windows: Collection[int] | QuerySet) -> QuerySet:
        """What is reported on (`reach.owner`), once per window of these in which it owes a line: annotated with
        `in_window`, its key."""

    def named_units(self, programme: Programme) -> QuerySet:
        """(department, whether from the first period on) of the units that will owe lines once the programme runs;
        those that come with an assignment owe from then on."""

    def requirement(self, row: Any) -> str:
        """What the document asks for, in one line, of what a filed row reports on."""


def last_report(filed: QuerySet, *, owner: str, window: ReportingWindow) -> Subquery:
    """Primary key of the report before `window` that still speaks: the last one signed or accepted with a text.

    A report that said 无变化 has no text of its own and repeats the percentage of the one it points back to.
    """
    earlier = filed.filter(
        **{owner: OuterRef("pk")},
        window__starts_on__lt=window.starts_on,
        state__in=[EntryState.SIGNED, EntryState.ACCEPTED],
    )
    return Subquery(earlier.order_by("unchanged", "-window__starts_on", "-version").values("pk")[:1])


def filed_rows(
    filed: QuerySet, *, owner: str, window: ReportingWindow, before: Mapping[int, int | None], lock: bool
) -> tuple[dict[int, Any], dict[int, Any]]:
    """Newest rows of the window and last reports before it, both by owner; one query.

    `before` maps every owner to the primary key of his last report. `lock`: the rows stay locked to the end of the
    transaction, so that what was read is still so when it is written.
    """
    if not before:
        return {}, {}
    wanted = Q(window=window, **{f"{owner}_id__in": list(before)}) & ~Q(state=EntryState.SUPERSEDED)
    rows = filed.filter(wanted | Q(pk__in=[pk for pk in before.values() if pk is not None]))
    if lock:
        rows = rows.select_for_update(of=("self",))
    current: dict[int, Any] = {}
    previous: dict[int, Any] = {}
    for row in sorted(rows.select_related("window").order_by("pk"), key=lambda row: row.version):
        (current if row.window_id == window.pk else previous)[getattr(row, f"{owner}_id")] = row
    return current, previous


def counted(owners: QuerySet, filed: QuerySet, *, owner: str, department: str) -> QuerySet:
    """Lines counted by unit, state and window. `owners` are parts or indicators annotated with `in_window`."""
    newest = (
        filed.filter(**{owner: OuterRef("pk")}, window=OuterRef("in_window"))
        .exclude(state=EntryState.SUPERSEDED)
        .order_by("-version")
    )
    return (
        owners.order_by()
        .annotate(filed_state=Coalesce(Subquery(newest.values("state")[:1]), Value("")))
        .values_list(department, "filed_state", "in_window")
        .annotate(count=Count("pk"))
    )


#: This app's own source, by path like those of other floors: it stands above this module.
OWN = "programs.domain.entries.TASKS"


@cache
def sources() -> tuple[Source, ...]:
    """Tasks first, then whatever other floors have registered."""
    return tuple(import_string(path) for path in (OWN, *settings.PERIOD_ENTRIES))


def source_named(name: str) -> Source | None:
    return next((source for source in sources() if source.name == name), None)
