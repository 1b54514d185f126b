"""进展填报 of tasks: which lines are owed, what may be typed, and the machine they go through."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from programs.choices import EntryState, MatterState, PartState, TaskNature, TaskState
from programs.models import (
    CoordinationMatter,
    Evidence,
    Programme,
    ProgressEntry,
    ReportingWindow,
    Responsibility,
    Suspension,
)
from qualitycity.access import SYSTEM, ActorContext
from qualitycity.workflow import Change, advance_many

from . import notices
from .filing import filing_machine
from .parts import finish_reported_parts, sign_for_filed_parts
from .sources import Line, LineState, Reach, counted, filed_rows, last_report
from .supervision.matters import follow_reports

TEXT_FIELDS = ("progress", "result", "problems", "next_steps", "coordination")
LONGEST = 2000
#: States in which a task is answered for and a part of it owes lines; a closed one (销号) see `_answered_for`.
ANSWERING = (TaskState.ACTIVE, TaskState.COMPLETED)
REST = JSONObject(since="since", until="until")
OWING = (PartState.ASSIGNED, PartState.SIGNED_FOR, PartState.DONE)
#: What came back of the 需协调事项 of a report, as plain values: it stands beside the report that raised it.
ANSWERS = Subquery(
    CoordinationMatter.objects.filter(
        part=OuterRef("part"), window=OuterRef("window"), state__in=MatterState.settled()
    ).values(
        json=JSONObject(
            pk="pk", answer="answer", answered_on="answered_on", decision="decision", decided_on="decided_on"
        )
    )[:1]
)


def owed_parts(window: ReportingWindow) -> QuerySet[Responsibility]:
    """Parts that owe a line in `window`: assigned before it was due, not waived, not done before it began, and not known
    from before the portal as of a day after it ended (上线前)."""
    return (
        Responsibility.objects.filing()
        .filter(
            _answered_for(window.due_on),
            task__programme_id=window.programme_id,
            state__in=OWING,
            assigned_on__lte=window.due_on,
        )
        .filter(Q(settled_on__isnull=True) | Q(settled_on__gte=window.starts_on))
        .filter(Q(opening_on__isnull=True) | Q(opening_on__lt=window.ends_on))
    )


def _answered_for(due_on: date | F) -> Q:
    """The part's task owed a report due then: it goes on or is completed, or was closed (销号) after that day; and it was
    not suspended (中止) on that day."""
    due: Any = OuterRef(str(due_on.name)) if isinstance(due_on, F) else due_on  # type: ignore[attr-defined]
    rested = Suspension.objects.filter(task=OuterRef("task_id"), since__lte=due, until__gt=due)
    going = Q(task__state__in=ANSWERING) | Q(task__state=TaskState.CLOSED, task__closed_on__gt=due_on)
    return going & Q(~Exists(rested))


def complete(entry: ProgressEntry, actor: ActorContext) -> str:
    """Guard of `submit`: the first sentence that is still missing.

    The sheet has judged all lines with their earlier reports before; this is the net below it and must not query.
    """
    values = {name: getattr(entry, name) for name in TaskSource.fields}
    return next(iter(missing(entry.part.task.nature, values, has_previous=True).values()), "")


def missing(nature: str, values: Mapping[str, Any], *, has_previous: bool) -> dict[str, Any]:
    """What the nature of the task asks for and is not there."""
    if values.get("unchanged"):
        if not has_previous:
            return {"unchanged": _("There is no earlier report yet that could be unchanged.")}
        return {}
    wrong: dict[str, Any] = {}
    if not (values.get("progress") or "").strip():
        wrong["progress"] = _("Please say what was done in this period, or choose “No change”.")
    if nature == TaskNature.OUTCOME and values.get("percent") is None:
        wrong["percent"] = _("Please give the percentage reached so far.")
    if nature == TaskNature.ONGOING and not (values.get("result") or "").strip():
        wrong["result"] = _("Please name the result of this period's work.")
    return wrong


class TaskSource:
    """Tasks as lines of a unit's sheet."""

    name: ClassVar[str] = "task"
    fields: ClassVar[tuple[str, ...]] = (*TEXT_FIELDS, "percent", "percent_reason", "unchanged")
    reach: ClassVar[Reach] = Reach(
        owner="part",
        programme="part__task__programme",
        department="part__department",
        number="part__task__number",
        title="part__task__title",
        sort="part__task__sort",
        figure="percent",
        part="part",
    )

    def __init__(self) -> None:
        self.machine = filing_machine(
            "programs.ProgressEntry",
            related=("part__task__programme__jurisdiction", "part__department", "window"),
            snapshot=("percent", "unchanged", "progress", "problems", "coordination"),
            complete=complete,
            on_submit=(sign_for_filed_parts,),
            on_move=(notices.tell_next, follow_reports),
            on_accept=(supersede_corrected, finish_reported_parts),
        )

    def lines(
        self, window: ReportingWindow, departments: Collection[int], *, lock: bool = False
    ) -> list[Line]:
        parts = list(
            owed_parts(window)
            .filter(department_id__in=departments)
            .select_related("task__section", "task__programme__jurisdiction", "department")
            .annotate(last_report=last_report(ProgressEntry.objects.all(), owner="part", window=window))
            .order_by("task__sort", "task_id", "sort")
        )
        files = (
            Evidence.objects.filter(entry=OuterRef("pk"))
            .order_by()
            .values("entry")
            .annotate(count=Count("pk"))
        )
        rows, before = filed_rows(
            ProgressEntry.objects.annotate(
                evidence_count=Coalesce(Subquery(files.values("count"), output_field=IntegerField()), 0),
                coordinated=ANSWERS,
            ),
            owner="part",
            window=window,
            before={part.pk: part.last_report for part in parts},
            lock=lock,
        )
        return [self._line(window, part, rows.get(part.pk), before.get(part.pk)) for part in parts]

    def states(self, windows: Collection[ReportingWindow], departments: Collection[int]) -> list[LineState]:
        by_id = {window.pk: window for window in windows}
        parts = list(
            Responsibility.objects.filing()
            .filter(
                department_id__in=departments,
                task__programme_id__in={window.programme_id for window in windows},
                task__state__in=(*ANSWERING, TaskState.CLOSED),
                state__in=OWING,
            )
            .annotate(rests=ArraySubquery(Suspension.objects.filter(task=OuterRef("task_id")).values(json=REST)))
            .values_list(
                "pk", "department_id", "task__programme_id", "assigned_on", "settled_on", "opening_on",
                "task__closed_on", "rests",
            )
        )
        newest = {
            (part, window): state
            for part, window, state in ProgressEntry.objects.valid()
            .filter(window_id__in=by_id, part__department_id__in=departments)
            .order_by("version")
            .values_list("part_id", "window_id", "state")
        }
        return [
            LineState(window.pk, department, newest.get((part, window.pk), EntryState.DRAFT))
            for part, department, programme, assigned_on, settled_on, opening_on, closed_on, rests in parts
            for window in by_id.values()
            if window.programme_id == programme
            and assigned_on is not None
            and assigned_on <= window.due_on
            and (settled_on is None or settled_on >= window.starts_on)
            and (opening_on is None or opening_on < window.ends_on)
            and (closed_on is None or closed_on > window.due_on)
            and not any(rest["since"] <= window.due_on.isoformat() < rest["until"] for rest in rests)
        ]

    def _line(
        self,
        window: ReportingWindow,
        part: Responsibility,
        row: ProgressEntry | None,
        previous: ProgressEntry | None,
    ) -> Line:
        if row is None:
            # Prefilled with the figure reached so far; texts of last time stand beside the fields, never in them.
            row = ProgressEntry(part=part, window=window)
            if previous is not None:
                row.percent = previous.percent
        else:
            row.part, row.window = part, window
        task = part.task
        return Line(
            source=self,
            ident=part.pk,
            department_id=row.department_id or 0,
            number=task.number,
            title=task.title,
            requirement=task.requirement,
            role=part.get_role_display(),
            nature=task.nature,
            row=row,
            previous=previous,
            section=str(task.section or ""),
            due_on=task.due_on,
        )

    def stored(self, line: Line, values: Mapping[str, Any]) -> dict[str, Any]:
        stored = {name: values[name] for name in self.fields if name in values}
        if stored.get("unchanged") and line.previous is not None:
            stored["percent"] = line.previous.percent
        return stored

    def check(self, line: Line, values: Mapping[str, Any], *, final: bool) -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        if final and values.get("unchanged") and self._contradicts(line, values):
            wrong["unchanged"] = _(
                "Something is typed in this line: submit it, or clear it and choose “No change”."
            )
        for name in TEXT_FIELDS:
            if len(values.get(name) or "") > LONGEST:
                wrong[name] = _("At most %(count)s characters.") % {"count": LONGEST}
        percent = values.get("percent")
        if percent is not None and line.nature != TaskNature.OUTCOME:
            wrong["percent"] = _("This task is not measured in per cent.")
        elif percent is not None and not 0 <= percent <= 100:
            wrong["percent"] = _("Between 0 and 100 per cent.")
        elif final and percent is not None and not values.get("unchanged"):
            before = line.previous.percent if line.previous else None
            if before is not None and percent < before and not (values.get("percent_reason") or "").strip():
                wrong["percent_reason"] = _(
                    "Last time %(before)s %% were reported. Please say why it is less now."
                ) % {"before": before}
        if final:
            wrong = {**missing(line.nature, values, has_previous=line.previous is not None), **wrong}
        return wrong

    @staticmethod
    def _contradicts(line: Line, values: Mapping[str, Any]) -> bool:
        """“No change” beside a text or another percentage: the person must say which of the two is meant."""
        text = any((values.get(name, getattr(line.row, name)) or "").strip() for name in TEXT_FIELDS)
        percent = values.get("percent")
        return text or (
            line.previous is not None and percent is not None and percent != line.previous.percent
        )

    def owed_lines(self, windows: Collection[int] | QuerySet) -> QuerySet:
        # the windows are joined once, by the first annotation; the rule is that of `owed_parts`
        return (
            Responsibility.objects.filing()
            .annotate(
                in_window=F("task__programme__windows"),
                window_due=F("task__programme__windows__due_on"),
                window_start=F("task__programme__windows__starts_on"),
                window_end=F("task__programme__windows__ends_on"),
            )
            .filter(
                _answered_for(F("window_due")),
                in_window__in=windows,
                state__in=OWING,
                assigned_on__lte=F("window_due"),
            )
            .filter(Q(settled_on__isnull=True) | Q(settled_on__gte=F("window_start")))
            .filter(Q(opening_on__isnull=True) | Q(opening_on__lt=F("window_end")))
        )

    def named_units(self, programme: Programme) -> QuerySet:
        parts = Responsibility.objects.filing().filter(task__programme=programme, state=PartState.PENDING)
        return parts.values_list("department_id", Value(False, BooleanField())).distinct()

    def owed(self, windows: Collection[int], departments: Collection[int] | None = None) -> QuerySet:
        parts = self.owed_lines(windows)
        if departments is not None:
            parts = parts.filter(department_id__in=departments)
        return counted(parts, ProgressEntry.objects.all(), owner="part", department="department_id")

    def requirement(self, row: ProgressEntry) -> str:
        return row.part.task.requirement


def supersede_corrected(changes: list[Change]) -> None:
    """Effect of `accept`: the version that was corrected steps back."""
    corrected = [change.obj.supersedes_id for change in changes if change.obj.supersedes_id]
    if corrected:
        rows = list(ProgressEntry.objects.filter(pk__in=corrected))
        advance_many(TASKS.machine, rows, "supersede", actor=SYSTEM)


TASKS = TaskSource()
