"""填报事项 of a programme, line by line: what came in on time, late or not at all. Counted and listed by one definition.

A line is what one unit owes on one task or indicator in one period. It has come in on the day on which the report that
stands was signed; a line that was returned has not come in until it is signed again. A correction does not unsay the
report that it corrects. Everything is counted in the database: a board asks one statement for all periods.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.apps import apps
from django.db import models
from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, JSONObject, TruncDate
from django.utils.translation import gettext_lazy as _

from programs.choices import EntryState
from programs.domain.sources import Source, sources
from programs.models import ReportingWindow
from qualitycity.access import ActorContext, visible
from qualitycity.periods import Period


class Came(models.TextChoices):
    """How a line came in; a chart shows them as green, amber, red and grey."""

    ON_TIME = "on_time", _("Filed on time")
    LATE = "late", _("Late but made up")
    MISSING = "missing", _("Due and not filed")
    OPEN = "open", _("Not due yet")


#: Filter beside those of `Came`: lines that were returned and have not come in again, due or not.
RETURNED = "returned"
FILTERS = [*Came.choices, (RETURNED, _("Returned, not filed again"))]
CODES = {Came.MISSING: "red", Came.LATE: "amber", Came.ON_TIME: "green", Came.OPEN: "grey"}


class Opened(Protocol):
    """A period that has opened, as a row or as a page lists it."""

    @property
    def pk(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def due_on(self) -> date: ...


@dataclass
class WindowCount:
    """Lines of one period, by how they came in; `returned` are among those missing or not due."""

    window: Opened
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*Came.values, RETURNED), 0))

    @property
    def total(self) -> int:
        return sum(self.counts[code] for code in Came.values)


@dataclass(frozen=True)
class LineRow:
    """One line in a list. `state` in words, `task_id` where it belongs to a task."""

    unit: str
    unit_id: int
    number: str
    title: str
    task_id: int | None
    period: str
    due_on: date
    code: str
    word: str
    state: str
    came_on: date | None


@dataclass(frozen=True)
class Window:
    """A period as a list of several programmes names it."""

    pk: int
    label: str
    due_on: date
    programme_id: int
    programme: str


def count_lines(
    windows: Collection[Opened],
    actor: ActorContext,
    *,
    today: date,
    departments: Collection[int] | None = None,
) -> list[WindowCount]:
    """Every period with its counts, in the order given; one query. `departments` narrows to lines of these units."""
    found = {window.pk: WindowCount(window) for window in windows}
    if not found:
        return []
    asked = []
    for source in sources():
        rows = _lines(source, list(found), actor, today, departments)
        asked.append(rows.order_by().values_list("in_window", "came", "was_returned").annotate(number=Count("pk")))
    for window, came, was_returned, number in asked[0].union(*asked[1:], all=True):
        counts = found[window].counts
        counts[came] += number
        counts[RETURNED] += number * was_returned
    return list(found.values())


def count_lines_of(
    windows: QuerySet[ReportingWindow], actor: ActorContext, *, today: date, departments: Collection[int]
) -> list[WindowCount]:
    """As `count_lines`, of all periods of a queryset in which these units owe anything; one query."""
    facts = windows.filter(pk=OuterRef("in_window")).values(
        json=JSONObject(
            kind="kind", start="starts_on", end="ends_on", due="due_on", programme="programme_id",
            name="programme__short_title",
        )
    )  # fmt: skip
    asked = []
    for source in sources():
        rows = _lines(source, windows.order_by().values("pk"), actor, today, departments)
        rows = rows.annotate(of_window=Subquery(facts[:1])).order_by()
        asked.append(
            rows.values_list("in_window", "of_window", "came", "was_returned").annotate(number=Count("pk"))
        )
    found: dict[int, WindowCount] = {}
    for window, told, came, was_returned, number in asked[0].union(*asked[1:], all=True):
        if window not in found:
            found[window] = WindowCount(_window(window, told))
        found[window].counts[came] += number
        found[window].counts[RETURNED] += number * was_returned
    return list(found.values())


def _window(pk: int, told: dict[str, Any]) -> Window:
    start, end, due = (date.fromisoformat(told[name]) for name in ("start", "end", "due"))
    return Window(pk, Period(told["kind"], start, end).label, due, told["programme"], told["name"])


def list_lines(
    windows: Collection[Opened],
    actor: ActorContext,
    *,
    today: date,
    came: str = "",
    departments: Collection[int] | None = None,
) -> QuerySet:
    """The lines themselves as plain values (see `as_rows`), by period, unit and number; one query."""
    asked = []
    for source in sources():
        owner = f"{source.reach.owner}__"
        rows = _lines(source, [window.pk for window in windows], actor, today, departments)
        if came:
            rows = rows.filter(was_returned=True) if came == RETURNED else rows.filter(came=came)
        department = source.reach.department.removeprefix(owner)
        asked.append(
            rows.order_by().values(
                l_window=F("in_window"),
                l_start=F("line_start"),
                l_unit=F(f"{department}__short_name"),
                l_unit_id=F(f"{department}_id"),
                l_sort=F(f"{department}__sort"),
                l_number=Cast(F(source.reach.number.removeprefix(owner)), CharField()),
                l_title=Cast(F(source.reach.title.removeprefix(owner)), CharField()),
                l_task=F("task_id"),
                l_came=F("came"),
                l_state=F("state_now"),
                l_day=F("came_on"),
                l_owner=F("pk"),
            )
        )
    return asked[0].union(*asked[1:], all=True).order_by("-l_start", "l_sort", "l_unit_id", "l_task", "l_owner")


def as_rows(values: Iterable[dict[str, Any]], windows: Iterable[Opened]) -> list[LineRow]:
    """Lines in words; `windows` are those that were asked for."""
    by_id = {window.pk: window for window in windows}
    words = {"": _("Nothing filed yet"), EntryState.DRAFT: _("Nothing filed yet")}
    words |= {EntryState(code): EntryState(code).label for code in EntryState.values if code != EntryState.DRAFT}
    return [
        LineRow(
            unit=row["l_unit"],
            unit_id=row["l_unit_id"],
            number=row["l_number"],
            title=row["l_title"],
            task_id=row["l_task"],
            period=by_id[row["l_window"]].label,
            due_on=by_id[row["l_window"]].due_on,
            code=CODES[Came(row["l_came"])],
            word=str(Came(row["l_came"]).label),
            state=str(words[row["l_state"]]),
            came_on=row["l_day"],
        )
        for row in values
    ]


def _lines(
    source: Source, windows: Any, actor: ActorContext, today: date, departments: Collection[int] | None
) -> QuerySet:
    """Owners of one source, once per period of `windows` (keys, or a query for them), with `in_window`, `came`,
    `came_on`, `state_now` and `was_returned`."""
    owner = source.reach.owner
    filed = apps.get_model(source.machine.model).objects.filter(**{owner: OuterRef("pk")}, window=OuterRef("in_window"))
    reported = filed.filter(state__in=EntryState.reported()).order_by("signed_at")
    newest = filed.exclude(state=EntryState.SUPERSEDED).order_by("-version")
    window = ReportingWindow.objects.filter(pk=OuterRef("in_window"))
    rows = visible(source.owed_lines(windows), actor)
    if departments is not None:
        department = source.reach.department.removeprefix(f"{owner}__")
        rows = rows.filter(**{f"{department}_id__in": list(departments)})
    return rows.annotate(
        line_due=Subquery(window.values("due_on")),
        line_start=Subquery(window.values("starts_on")),
        came_on=Subquery(reported.annotate(day=TruncDate("signed_at")).values("day")[:1]),
        state_now=Coalesce(Subquery(newest.values("state")[:1]), Value("")),
    ).annotate(
        came=Case(
            When(came_on__isnull=False, came_on__lte=F("line_due"), then=Value(Came.ON_TIME.value)),
            When(came_on__isnull=False, then=Value(Came.LATE.value)),
            When(line_due__lt=today, then=Value(Came.MISSING.value)),
            default=Value(Came.OPEN.value),
            output_field=CharField(),
        ),
        was_returned=Case(
            When(Q(came_on__isnull=True, state_now=EntryState.RETURNED), then=Value(True)), default=Value(False)
        ),
    )
