"""审核: what waits for the office, in all sources at once; a constant number of statements however long the queue is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    DecimalField,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf

from programs.access.ground import offices
from programs.choices import ContributionState, EntryState, ProgrammeState
from programs.models import Contribution, Evidence, PaperSignature, ReportingWindow, Responsibility
from qualitycity.access import ActorContext
from qualitycity.periods import Period
from taskforce.models import Contact, Department

from .filed import with_facts

WAITING = (EntryState.SUBMITTED, EntryState.SIGNED, EntryState.RETURNED)
#: So many lines are listed at once; the queue is worked off from the top, the next ones move up.
LIMIT = 100

_NUMBER = DecimalField(max_digits=14, decimal_places=4)
_NO_FACTS = Cast(Value(None, TextField()), JSONField())


@dataclass(frozen=True)
class Filters:
    """Narrowing from the address; None stands for all. `period` is (kind, first day)."""

    programme: int | None = None
    unit: int | None = None
    period: tuple[str, date] | None = None


@dataclass(frozen=True)
class Group:
    """Lines of one unit, programme and window in one state; the filters and the counts of the tabs come from these."""

    state: str
    programme_id: int
    programme: str
    department_id: int
    department: str
    department_sort: int
    period: Period
    count: int

    def matches(self, filters: Filters) -> bool:
        return (
            filters.programme in (None, self.programme_id)
            and filters.unit in (None, self.department_id)
            and filters.period in (None, (self.period.kind, self.period.start))
        )


@dataclass(frozen=True)
class QueueRow:
    """One filed line as the list shows it. `figure` and `before` are per cent or in `unit`; `pressing` and `policy`
    feed the light, for lines that have one."""

    source: str
    pk: int
    row_version: int
    state: str
    on_behalf: bool
    sign_mode: str
    unchanged: bool
    supersedes: int | None
    filed_by: int | None
    filed_by_name: str
    filed_at: datetime | None
    signed_by: int | None
    signed_by_name: str
    signed_at: datetime | None
    remark: str
    changed_at: datetime
    programme_id: int
    programme: str
    department_id: int
    department: str
    number: str
    title: str
    period: Period
    figure: Decimal | None
    before: Decimal | None
    unit: str
    previous: int | None
    facts: dict[str, Any] | None

    @property
    def key(self) -> str:
        """Unique in the queue: "task-12", by primary key of the filed row."""
        return f"{self.source}-{self.pk}"

    @property
    def change(self) -> Decimal | None:
        return None if self.figure is None or self.before is None else self.figure - self.before


def _filed(source: Any, actor: ActorContext) -> QuerySet:
    """Filed rows of running programmes that the person's office runs."""
    reach = source.reach
    return (
        apps.get_model(source.machine.model)
        .objects.visible_to(actor)
        .filter(
            **{
                f"{reach.programme}__jurisdiction_id__in": offices(actor),
                f"{reach.programme}__state": ProgrammeState.RUNNING,
            }
        )
        .order_by()
    )


def groups(sources: Iterable[Any], *, actor: ActorContext) -> list[Group]:
    """Everything that is under way between unit and office, counted; one query."""
    parts = []
    for source in sources:
        reach = source.reach
        rows = _filed(source, actor).filter(state__in=WAITING)
        parts.append(
            rows.values(
                q_state=F("state"),
                q_programme_id=F(f"{reach.programme}_id"),
                q_programme=F(f"{reach.programme}__short_title"),
                q_department_id=F(f"{reach.department}_id"),
                q_department=F(f"{reach.department}__short_name"),
                q_department_sort=F(f"{reach.department}__sort"),
                q_kind=F("window__kind"),
                q_start=F("window__starts_on"),
                q_end=F("window__ends_on"),
            ).annotate(q_count=Count("pk"))
        )
    return [
        Group(
            state=row["q_state"],
            programme_id=row["q_programme_id"],
            programme=row["q_programme"],
            department_id=row["q_department_id"],
            department=row["q_department"],
            department_sort=row["q_department_sort"],
            period=Period(row["q_kind"], row["q_start"], row["q_end"]),
            count=row["q_count"],
        )
        for row in parts[0].union(*parts[1:], all=True)
    ]


def queue(
    sources: Iterable[Any],
    *,
    actor: ActorContext,
    state: str,
    filters: Filters,
    today: date,
    departments: Iterable[int] | None = None,
) -> list[QueueRow]:
    """The first `LIMIT` lines in `state`, unit by unit, oldest period first; one query.

    `departments` narrows further (countersigning: units with one account).
    """
    parts = []
    for number, source in enumerate(sources):
        reach = source.reach
        rows = _filed(source, actor).filter(state=state)
        if filters.programme is not None:
            rows = rows.filter(**{f"{reach.programme}_id": filters.programme})
        if filters.unit is not None:
            rows = rows.filter(**{f"{reach.department}_id": filters.unit})
        if filters.period is not None:
            rows = rows.filter(window__kind=filters.period[0], window__starts_on=filters.period[1])
        if departments is not None:
            rows = rows.filter(**{f"{reach.department}_id__in": list(departments)})
        parts.append(rows.values(**_columns(source, number, actor=actor, today=today)))
    found = parts[0].union(*parts[1:], all=True).order_by(
        "q_unit_sort", "q_department_id", "q_programme_id", "q_start", "q_source_sort", "q_sort", "q_pk"
    )[:LIMIT]
    return [_queue_row(row) for row in found]


def _name(person: str) -> Coalesce:
    """A person as `str(user)` says it."""
    return Coalesce(NullIf(F(f"{person}__full_name"), Value("")), F(f"{person}__username"), Value(""))


def _columns(source: Any, number: int, *, actor: ActorContext, today: date) -> dict[str, Any]:
    reach = source.reach
    model = apps.get_model(source.machine.model)
    earlier = model.objects.filter(
        **{reach.owner: OuterRef(reach.owner)},
        window__starts_on__lt=OuterRef("window__starts_on"),
        state__in=[EntryState.SIGNED, EntryState.ACCEPTED],
    )
    has_unchanged = any(field.name == "unchanged" for field in model._meta.fields)
    worded = earlier.filter(unchanged=False) if has_unchanged else earlier
    newest = ("-window__starts_on", "-version")
    return {
        "q_source": Value(source.name),
        "q_source_sort": Value(number),
        "q_pk": F("pk"),
        "q_row_version": F("row_version"),
        "q_state": F("state"),
        "q_on_behalf": F("on_behalf"),
        "q_sign_mode": F("sign_mode"),
        "q_unchanged": F("unchanged") if has_unchanged else Value(False),
        "q_supersedes": F("supersedes_id"),
        "q_filed_by": F("filed_by_id"),
        "q_filed_by_name": _name("filed_by"),
        "q_filed_at": F("filed_at"),
        "q_signed_by": F("signed_by_id"),
        "q_signed_by_name": _name("signed_by"),
        "q_signed_at": F("signed_at"),
        "q_remark": F("remark"),
        "q_changed_at": F("updated_at"),
        "q_programme_id": F(f"{reach.programme}_id"),
        "q_programme": F(f"{reach.programme}__short_title"),
        "q_department_id": F(f"{reach.department}_id"),
        "q_department": F(f"{reach.department}__short_name"),
        "q_unit_sort": F(f"{reach.department}__sort"),
        "q_number": F(reach.number),
        "q_title": F(reach.title),
        "q_sort": Cast(F(reach.sort), IntegerField()),
        "q_kind": F("window__kind"),
        "q_start": F("window__starts_on"),
        "q_end": F("window__ends_on"),
        "q_figure": Cast(F(reach.figure), _NUMBER),
        # a correction is set against what it corrects, everything else against the period before
        "q_before": Cast(
            Coalesce(F(f"supersedes__{reach.figure}"), Subquery(earlier.order_by(*newest).values(reach.figure)[:1])),
            _NUMBER,
        ),
        "q_previous": Coalesce(F("supersedes_id"), Subquery(worded.order_by(*newest).values("pk")[:1])),
        "q_unit": F(reach.unit) if reach.unit else Value("%"),
        "q_facts": _facts(reach.part, actor=actor, today=today) if reach.part else _NO_FACTS,
    }


def _facts(part: str, *, actor: ActorContext, today: date) -> Subquery:
    """What the light of one unit's part is judged by (see `domain/lights.py`), as one JSON value."""
    parts = with_facts(Responsibility.objects.filter(pk=OuterRef(part)), actor=actor, today=today)
    return Subquery(
        parts.values(
            json=JSONObject(
                task_state="task__state",
                nature="task__nature",
                task_assigned="task__assigned_on",
                due="task__due_on",
                state="state",
                assigned="assigned_on",
                settled="settled_on",
                ever_accepted="ever_accepted",
                pressing="pressing",
                policy="task__programme__light_policy__content",
            )
        )
    )


def _queue_row(row: dict[str, Any]) -> QueueRow:
    values = {name.removeprefix("q_"): value for name, value in row.items()}
    for name in ("source_sort", "unit_sort", "sort"):
        del values[name]
    values["period"] = Period(values.pop("kind"), values.pop("start"), values.pop("end"))
    return QueueRow(**values)


def opened(row: QueueRow, source: Any) -> tuple[Any, Any] | None:
    """The row of the queue in full with what it is set against (None where there is nothing earlier); one query.

    `files` and `papers` are lists of {id, name, size, caption or signer}, `taken` the supporting units whose words the
    lead took in. None when it has gone meanwhile.
    """
    reach = source.reach
    department = reach.department
    rows = apps.get_model(source.machine.model).objects.select_related(
        *source.machine.related, "filed_by", "signed_by", "supersedes"
    )
    papers = PaperSignature.objects.filter(
        window=OuterRef("window"), department=OuterRef(department), uploaded_at__gte=OuterRef("filed_at")
    ).values(
        json=JSONObject(id="file__public_id", name="file__original_name", size="file__size", signer="signer")
    )
    rows = rows.annotate(papers=ArraySubquery(papers))
    if reach.part:
        files = Evidence.objects.filter(entry=OuterRef("pk")).order_by("pk").values(
            json=JSONObject(id="file__public_id", name="file__original_name", size="file__size", caption="caption")
        )
        taken = Contribution.objects.filter(adopted_into=OuterRef("pk"), state=ContributionState.ADOPTED)
        units = taken.order_by("adopted_at", "pk").values("part__department__short_name")
        rows = rows.annotate(files=ArraySubquery(files), taken=ArraySubquery(units))
    found = {item.pk: item for item in rows.filter(pk__in=[row.pk, row.previous or row.pk])}
    if row.pk not in found:
        return None
    return found[row.pk], found.get(row.previous)


@dataclass(frozen=True)
class Outstanding:
    """One unit and how its lines of a window stand: lines owed, those still missing, and all of them by state
    ("" where nothing was typed)."""

    department: Department
    owed: int
    missing: int
    states: Mapping[str, int]

    @property
    def untouched(self) -> int:
        return self.states.get("", 0)


def outstanding_units(sources: Iterable[Any], window: ReportingWindow, *, done: Collection[str]) -> list[Outstanding]:
    """Units with lines of the window that are not in one of the states `done`, those with nothing at all first;
    two queries. Departments carry name and telephones of the first entry in the contact book."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    lines = [source.owed([window.pk]) for source in sources]
    for department, state, _window, count in lines[0].union(*lines[1:], all=True):
        counts[department][state] += count
    first = Contact.objects.filter(department=OuterRef("pk")).order_by("sort", "pk")
    units = Department.objects.filter(pk__in=counts).annotate(
        contact_name=Subquery(first.values("name")[:1]),
        contact_phone=Subquery(first.values("phone")[:1]),
        contact_mobile=Subquery(first.values("mobile")[:1]),
    )
    result = []
    for department in units:
        mine = counts[department.pk]
        owed, there = mine.total(), sum(mine[state] for state in done)
        row = Outstanding(department, owed=owed, missing=owed - there, states=mine)
        if row.missing:
            result.append(row)
    return sorted(
        result, key=lambda row: (row.missing < row.owed, -row.missing, row.department.sort, row.department.pk)
    )
