"""What units have handed in, as columns of their parts: one statement brings parts, pressing windows and newest reports.

Pages have few queries to spend and programmes have hundreds of tasks; so the database picks per part what matters.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from programs.choices import EntryState, MilestoneState
from programs.models import (
    Evidence,
    Milestone,
    ProgressEntry,
    ReportingWindow,
    Responsibility,
    Suspension,
    Task,
)
from qualitycity.access import ActorContext
from qualitycity.periods import Period

#: Signed by the unit, with or without the office's acceptance.
NEWEST = (EntryState.SIGNED, EntryState.ACCEPTED)
PASSED = (EntryState.ACCEPTED, EntryState.SUPERSEDED)
WINDOW = {"kind": "kind", "starts_on": "starts_on", "ends_on": "ends_on"}
POINT = {"pk": "pk", "title": "title", "due_on": "due_on"}


def with_board_facts(
    tasks: QuerySet[Task], *, actor: ActorContext | None, today: date, detail: bool = False
) -> QuerySet[Task]:
    """Tasks with `open_milestones` (JSON, the next one first) and prefetched `parts` as of `with_facts`.

    `detail` adds evidence and, as `filed` of each part, the keys of all its reports that the actor may see.
    """
    parts = with_facts(Responsibility.objects.all(), actor=actor, today=today, detail=detail)
    if detail and actor is not None:
        reports = ProgressEntry.objects.visible_to(actor).filter(part=OuterRef("pk")).order_by("pk")
        window = {name: f"window__{name}" for name in WINDOW}
        parts = parts.annotate(filed=ArraySubquery(reports.values(json=JSONObject(pk="pk", **window))))
        parts = parts.select_related("contact_user", "signed_for_by")
    milestones = Milestone.objects.filter(task=OuterRef("pk"), state=MilestoneState.OPEN).order_by("due_on", "pk")
    tasks = tasks.annotate(open_milestones=ArraySubquery(milestones.values(json=JSONObject(**POINT))))
    return tasks.select_related(
        "programme__light_policy", "programme__jurisdiction", "section", "phase", "responsible_leader"
    ).prefetch_related(Prefetch("parts", parts.select_related("department", "group").order_by("sort", "pk")))


def with_facts(
    parts: QuerySet[Responsibility], *, actor: ActorContext | None, today: date, detail: bool = False
) -> QuerySet[Responsibility]:
    """Parts with `pressing` (the window that matters now, as JSON, or None), `ever_accepted` – both the same for
    everybody – and `newest`: at most two reports as JSON, only what the actor may see; `detail` adds their evidence.
    Without an actor everything counts: the light of a task is the same for everybody.
    """
    return parts.annotate(
        pressing=Subquery(_pressing(today)),
        ever_accepted=Exists(ProgressEntry.objects.filter(part=OuterRef("pk"), state__in=PASSED)),
        newest=ArraySubquery(_newest(actor, detail)),
    )


def window_label(row: dict[str, Any]) -> str:
    """2026年第一季度, from the columns of `WINDOW`."""
    return _label(row["kind"], row["starts_on"], row["ends_on"])


@lru_cache(maxsize=256)
def _label(kind: Any, starts_on: str, ends_on: str) -> str:
    return Period(kind, date.fromisoformat(starts_on), date.fromisoformat(ends_on)).label


def _pressing(today: date) -> QuerySet:
    """The oldest window that is due and unreported, otherwise the one that is open or comes next.

    Owed as in `domain.entries.owed_parts`. A window the office has locked is past: nothing can be filed any more,
    so it presses nobody, and so does one that was due while the task was suspended (中止). A correction in the making
    does not unsay the report it corrects.
    """
    mine = ProgressEntry.objects.filter(part=OuterRef(OuterRef("pk")), window=OuterRef("pk"))
    still = Coalesce(OuterRef("settled_on"), Value(date.max), output_field=DateField())
    known = Coalesce(OuterRef("opening_on"), Value(date.min), output_field=DateField())
    rested = Suspension.objects.filter(
        task=OuterRef(OuterRef("task_id")), since__lte=OuterRef("due_on"), until__gt=OuterRef("due_on")
    )
    return (
        ReportingWindow.objects.filter(
            ~Exists(rested), programme=OuterRef("task__programme"), due_on__gte=OuterRef("assigned_on"),
            starts_on__lte=still, ends_on__gt=known,
        )
        .annotate(reported=Exists(mine.filter(state__in=EntryState.reported())))
        .filter(Q(due_on__gte=today) | Q(reported=False, locked_at__isnull=True))
        .order_by("starts_on")
        .values(
            json=JSONObject(
                **WINDOW,
                pk="pk",
                opens_on="opens_on",
                due_on="due_on",
                reported="reported",
                state=Subquery(mine.order_by("-version").values("state")[:1]),
            )
        )[:1]
    )


def _newest(actor: ActorContext | None, detail: bool) -> QuerySet:
    """The newest report and, where that says 无变化, the newest one with a text of its own."""
    columns: dict[str, Any] = {
        name: name
        for name in (
            "pk", "state", "unchanged", "percent", "progress", "result", "problems", "next_steps", "coordination",
            "on_behalf", "sign_mode",
        )
    }  # fmt: skip
    columns |= {name: f"window__{name}" for name in WINDOW} | {"window": "window_id"}
    if detail:
        files = Evidence.objects.filter(entry=OuterRef("pk")).order_by("pk")
        columns["evidence"] = ArraySubquery(
            files.values(json=JSONObject(name="file__original_name", caption="caption", file="file__public_id"))
        )
    return _worded(actor, columns)


def newest_reports(actor: ActorContext) -> QuerySet:
    """Of a part of the outer query, what a line of a list shows of its newest reports, as JSON."""
    columns = {name: name for name in ("state", "unchanged", "percent", "progress")}
    return _worded(actor, columns | {name: f"window__{name}" for name in WINDOW})


def _worded(actor: ActorContext | None, columns: dict[str, Any]) -> QuerySet:
    reports = ProgressEntry.objects.all() if actor is None else ProgressEntry.objects.visible_to(actor)
    return (
        reports.filter(part=OuterRef("pk"), state__in=NEWEST)
        .order_by("unchanged", "-window__starts_on", "-version")
        .distinct("unchanged")
        .values(json=JSONObject(**columns))
    )
