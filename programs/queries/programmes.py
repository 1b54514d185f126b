"""Reads of programme pages: the list, the head of one programme, and its 任务分解表 line by line."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from programs.choices import BuildState, ProgrammeState, ReportScope
from programs.domain.lights import Days
from programs.models import (
    Consultation,
    Phase,
    PolicyDraft,
    Programme,
    ProgressEntry,
    ProgressReport,
    ReportingWindow,
    SavedView,
    Task,
)
from qualitycity.access import ActorContext

from . import remarks
from .filed import NEWEST, window_label
from .standing import empty_counts, light_counts_by


@dataclass
class ProgrammeCard:
    """One programme of the list. `lights` only for running ones: nobody is late in a draft or in a record."""

    programme: Programme
    tasks: int
    lights: dict[str, int] | None = None
    window: dict[str, Any] | None = None


@dataclass(frozen=True)
class Window:
    """A reporting window as the programme's page lists it; `days_left` in working days."""

    pk: int
    label: str
    opens_on: date
    due_on: date
    locked: bool
    state: str
    days_left: int


def programme_cards(*, actor: ActorContext, today: date) -> list[ProgrammeCard]:
    """Programmes one may see, running ones first with their lights; two queries."""
    lights = light_counts_by(Task.objects.visible_to(actor), "programme_id")
    programmes = (
        Programme.objects.visible_to(actor)
        .select_related("jurisdiction", "document", "office_department", "body")
        .annotate(
            present=ArraySubquery(_windows().filter(opens_on__lte=today, due_on__gte=today)[:1]),
        )
        .order_by("-year", "-starts_on", "pk")
    )
    cards = [
        ProgrammeCard(row, lights.get(row.pk, empty_counts())["total"], window=next(iter(row.present), None))
        for row in programmes
    ]
    for card in cards:
        if card.programme.state == ProgrammeState.RUNNING:
            card.lights = lights.get(card.programme.pk, empty_counts())
        if card.window:
            card.window["label"] = window_label(card.window)
    return cards


def programme_heads(actor: ActorContext) -> QuerySet[Programme]:
    """Programmes with everything their page shows above the ledger, as JSON columns: one query in all."""
    phases = Phase.objects.filter(programme=OuterRef("pk")).order_by("starts_on", "pk")
    reports = ProgressReport.objects.visible_to(actor).filter(
        programme=OuterRef("pk"), state=BuildState.READY, scope=ReportScope.PROGRAMME
    )
    children = Programme.objects.visible_to(actor).filter(parent=OuterRef("pk")).order_by("-year", "pk")
    carried = Programme.objects.visible_to(actor).filter(carried_from=OuterRef("pk")).order_by("year", "pk")
    rounds = Consultation.objects.visible_to(actor).filter(programme=OuterRef("pk")).order_by("-opened_on", "-pk")
    named = JSONObject(pk="pk", title="short_title")
    views = SavedView.objects.visible_to(actor).filter(programme=OuterRef("pk")).order_by("-shared", "name", "pk")
    return Programme.objects.select_related(
        "jurisdiction", "document__successor", "body", "office_department", "parent", "carried_from", "light_policy"
    ).annotate(
        phase_list=ArraySubquery(
            phases.values(json=JSONObject(number="number", name="name", starts_on="starts_on", ends_on="ends_on"))
        ),
        window_list=ArraySubquery(_windows()),
        reported=Exists(ProgressEntry.objects.filter(window__programme=OuterRef("pk"), state__in=NEWEST)),
        view_list=ArraySubquery(views.values(json=JSONObject(pk="pk", name="name", query="query", shared="shared"))),
        child_list=ArraySubquery(children.values(json=named)),
        carried_list=ArraySubquery(carried.values(json=named)),
        remark_list=remarks.of_programme(actor),
        import_id=Subquery(PolicyDraft.objects.filter(programme=OuterRef("pk")).values("pk")[:1]),
        newest_report=Subquery(
            reports.order_by("-built_at").values(json=JSONObject(pk="pk", title="title", built_at="built_at"))[:1]
        ),
        consultation=Subquery(
            rounds.values(json=JSONObject(pk="pk", due_on="due_on", closed_on="closed_on"))[:1]
        ),
    )


def phases_of(programme: Programme) -> list[dict[str, Any]]:
    """The phases of a programme read by `programme_heads`, their days as dates."""
    days = ("starts_on", "ends_on")
    return [row | {name: date.fromisoformat(row[name]) for name in days} for row in programme.phase_list]


def windows_of(programme: Programme, *, today: date, calendar: Days) -> list[Window]:
    """The windows of a programme read by `programme_heads`. State: locked, past, open or ahead."""
    result = []
    for row in programme.window_list:
        opens_on, due_on = date.fromisoformat(row["opens_on"]), date.fromisoformat(row["due_on"])
        state = "ahead" if today < opens_on else "open" if today <= due_on else "past"
        result.append(
            Window(
                pk=row["pk"],
                label=window_label(row),
                opens_on=opens_on,
                due_on=due_on,
                locked=row["locked"] is not None,
                state="locked" if row["locked"] is not None else state,
                days_left=calendar.working_days_between(today, due_on),
            )
        )
    return result


def _windows() -> QuerySet:
    return (
        ReportingWindow.objects.filter(programme=OuterRef("pk"))
        .order_by("starts_on")
        .values(
            json=JSONObject(
                pk="pk", kind="kind", starts_on="starts_on", ends_on="ends_on", opens_on="opens_on", due_on="due_on",
                locked="locked_at",
            )
        )
    )
