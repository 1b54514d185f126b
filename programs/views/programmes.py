"""方案: the list, and one programme with its 任务分解表."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from programs.access.ground import UNIT, offices
from programs.choices import LightCode, ProgrammeState
from programs.domain.programmes import PROGRAMMES
from programs.domain.standings import board_day
from programs.forms.exports import TaskExportFilter
from programs.forms.ledger import LedgerFilter, LedgerLayout
from programs.models import Programme, Task
from programs.queries import programmes as queries
from programs.queries import standing
from programs.queries.board import DepartmentBar
from programs.queries.documents import validity
from programs.queries.kept import BoardDay, keep
from programs.queries.ledger import ledger_lines, ledger_tasks
from programs.queries.remarks import remarks_of
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch

from .buttons import buttons
from .moves import PROGRAMME_STEPS

LEDGER_ID = "ledger-lines"
TONES = {LightCode.RED: "red", LightCode.AMBER: "amber", LightCode.GREY: "", LightCode.GREEN: "green"}


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes one may see: running, in preparation, closed, historical."""
    actor = actor_of(request)
    day = board_day()
    cards = keep("programmes", lambda: queries.programme_cards(actor=actor, today=day.today), actor=actor, day=day)
    groups = [
        (_("Running programmes"), ProgrammeState.RUNNING),
        (_("Programmes being prepared"), ProgrammeState.DRAFT),
        (_("Closed programmes"), ProgrammeState.CLOSED),
        (_("Historical records"), ProgrammeState.ARCHIVED),
    ]
    shown = [(title, [card for card in cards if card.programme.state == state]) for title, state in groups]
    context = {"groups": [(title, found) for title, found in shown if found], "now": timezone.localtime()}
    context["may_add"] = bool(offices(actor))
    context["export_form"] = TaskExportFilter() if offices(actor) else None
    return render(request, "programs/programme_list.html", context)


def programme_head(request: HttpRequest, pk: int, day: BoardDay) -> Programme:
    """The programme with what stands above its ledger; 404 for whom it is not meant. What it shows is watched, so it is
    kept like the ledger.
    """
    actor = actor_of(request)
    heads = queries.programme_heads
    return keep(("head", pk), lambda: fetch(request, heads(actor), pk=pk), actor=actor, day=day)


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme. The ledger alone answers htmx, with the address that shows the same filters again."""
    actor, day = actor_of(request), board_day()
    found = programme_head(request, pk, day)
    shown = Ledger(request, found, day)
    if request.headers.get("HX-Target") == LEDGER_ID:
        response = HttpResponse(shown.kept("programs/programme_lines.html", shown.lines))
        response["HX-Push-Url"] = shown.path + query_of(shown.wanted | shown.paper_chosen)
        return response
    context: dict[str, Any] = {
        "programme": found,
        "total": shown.picture.counts["total"],
        "paper": shown.paper,
        "now": timezone.localtime(),
        "tiles": [] if found.historical else _tiles(found, shown.picture.counts),
        "windows": queries.windows_of(found, today=day.today, calendar=day.calendar),
        "phases": queries.phases_of(found),
        "moves": buttons(PROGRAMMES, found, actor, PROGRAMME_STEPS, reverse("programme_move", args=[found.pk])),
        "may_lock": found.state == ProgrammeState.RUNNING and bool(can(actor, "decide", found)),
        "links": _links(found, actor),
        "views": [row | {"url": f"{shown.path}{row['query']}#ledger"} for row in found.view_list],
        "view_now": query_of(shown.wanted),
        "remarks": remarks_of(found),
        "may_manage": not found.historical and bool(can(actor, "manage", found)),
        "validity": validity(found.document, day.today, live=found.state == ProgrammeState.RUNNING),
        "answer_url": _answer_url(found, actor),
        "by_unit_html": shown.kept("programs/_by_unit.html", shown.by_unit),
        "filter_html": shown.kept("programs/_ledger_filter.html", shown.filter),
        "lines_html": shown.kept("programs/programme_lines.html", shown.lines),
    }
    context["window"] = next((window for window in context["windows"] if window.state == "open"), None)
    return render(request, "programs/programme_detail.html", context)


@dataclass
class Ledger:
    """The parts of the page that only facts of the board and the address decide: kept until the board changes."""

    request: HttpRequest
    programme: Programme
    day: BoardDay

    @property
    def path(self) -> str:
        return reverse("programme", args=[self.programme.pk])

    @property
    def paper(self) -> str:
        return "a3" if self.request.GET.get("paper") == "a3" else "a4"

    @property
    def paper_chosen(self) -> dict[str, str]:
        return {"paper": "a3"} if self.paper == "a3" else {}

    @cached_property
    def tasks(self) -> QuerySet[Task]:
        return ledger_tasks(self.programme, actor_of(self.request))

    @cached_property
    def picture(self) -> standing.Picture:
        name = ("picture", self.programme.pk)
        return keep(name, lambda: standing.picture(self.tasks), actor=actor_of(self.request), day=self.day)

    @property
    def address(self) -> QueryDict:
        return self.request.GET

    @cached_property
    def form(self) -> LedgerFilter:
        return LedgerFilter(self.address, picture=self.picture, historical=self.programme.historical)

    @property
    def bare(self) -> bool:
        """A record that was never reported on in the portal is shown as it was printed."""
        return self.programme.historical and not self.programme.reported  # type: ignore[attr-defined]

    @cached_property
    def layout(self) -> LedgerLayout:
        return LedgerLayout(self.address, bare=self.bare, historical=self.programme.historical)

    @property
    def wanted(self) -> dict[str, Any]:
        """Filters, columns and length in force, as the address has them."""
        return self.form.wanted | self.layout.wanted

    def kept(self, template: str, context: Callable[[], dict[str, Any]]) -> SafeString:
        """The template's text; it and its context depend on the programme, the address and the board alone."""
        name = (template, self.programme.pk, self.programme.state, self.request.GET.urlencode())
        return keep(
            name,
            lambda: render_to_string(template, {"programme": self.programme, "paper": self.paper, **context()}),
            actor=actor_of(self.request),
            day=self.day,
        )

    def by_unit(self) -> dict[str, Any]:
        bars = [] if self.programme.historical else _bars(self.programme, self.picture.bars)
        return {"bars": bars, "full": max((bar["total"] for bar in bars), default=0)}

    def filter(self) -> dict[str, Any]:
        return {"form": self.form, "layout": self.layout}

    def lines(self) -> dict[str, Any]:
        actor, wanted, found = actor_of(self.request), self.form.wanted, self.programme
        pages = Paginator(standing.filter_tasks(self.tasks, wanted), self.layout.size)
        if not wanted:
            # without a filter the picture has counted already
            pages.count = self.picture.counts["total"]  # type: ignore[misc]
        page = pages.get_page(self.request.GET.get("page"))
        columns = self.layout.columns
        return {
            "request": self.request,
            "form": self.form,
            "page_obj": page,
            "lines": list(ledger_lines(page.object_list, actor=actor, unit=wanted.get("department"))),
            "task_base": reverse("task", args=[0]).removesuffix("0/"),
            "cols": dict.fromkeys(columns, True),
            "columns": 2 + len(columns),
            "across": len({"lead", "support"} & set(columns)),
            "total": self.picture.counts["total"],
            "query": query_of(wanted),
            "keep_address": reverse("ledger_views", args=[found.pk]) + query_of(self.wanted),
            "print_address": self.path + query_of(self.wanted | ({} if self.paper == "a3" else {"paper": "a3"})),
        }


def query_of(wanted: dict[str, Any]) -> str:
    """What is in force and nothing else, as the end of an address."""
    query = QueryDict(mutable=True)
    for name, value in wanted.items():
        query.setlist(name, [str(item) for item in (value if isinstance(value, list) else [value])])
    return f"?{query.urlencode()}" if query else ""


def _tiles(found: Programme, counts: dict[str, int]) -> list[dict[str, Any]]:
    unit = pgettext("counted", "tasks")
    path = reverse("programme", args=[found.pk])
    tiles = [{"figure": counts["total"], "unit": unit, "label": _("All tasks"), "url": path, "tone": "blue"}]
    for code in LightCode:
        note = _("%(count)s of them early") % {"count": counts["early"]} if code == "green" and counts["early"] else ""
        tiles.append(
            {
                "figure": counts[code], "unit": unit, "label": code.label, "url": f"{path}?light={code.value}",
                "note": note, "tone": TONES[code],
            }
        )  # fmt: skip
    return tiles


def _bars(found: Programme, bars: list[DepartmentBar]) -> list[dict[str, Any]]:
    """Units with their lights; every figure leads to the lines it counts."""
    path = f"{reverse('programme', args=[found.pk])}?department=%s&role=answers"
    return [
        {
            "label": str(bar.department), "url": path % bar.department.pk,
            "urls": {code: f"{path % bar.department.pk}&light={code}" for code in LightCode.values},
            "red": bar.red, "amber": bar.amber, "green": bar.green, "grey": bar.grey, "total": bar.total,
        }
        for bar in bars
    ]  # fmt: skip


def _answer_url(found: Programme, actor: ActorContext) -> str:
    """Where the office of the document says what becomes of it."""
    if found.document is None or not can(actor, "edit", found.document):
        return ""
    return f"{reverse('document_validity', args=[found.document_id])}?next={reverse('programme', args=[found.pk])}"


def _links(found: Programme, actor: ActorContext) -> list[tuple[str, str, str]]:
    """(address, label, icon) of what this person may do with the programme besides moving its state."""
    links = [(reverse("programme_facts", args=[found.pk]), _("Printed facts"), "list-details")]
    office, director = bool(can(actor, "manage", found)), bool(can(actor, "decide", found))
    preparing = found.state in (ProgrammeState.DRAFT, ProgrammeState.RUNNING)
    round_open = bool(found.consultation and not found.consultation["closed_on"])
    if found.consultation and (round_open or office):
        label = _("Comments under way") if round_open else _("Comments of the units")
        links.append((reverse("consultation", args=[found.consultation["pk"]]), label, "message-2"))
    if actor.departments(*UNIT) and found.state == ProgrammeState.RUNNING:
        links.append((reverse("sheets"), _("Our unit's returns"), "clipboard-text"))
    if office and found.import_id:
        links.append((reverse("policy_draft", args=[found.import_id]), _("Import of the document"), "file-import"))
    if office and preparing:
        links.append((reverse("task_new", args=[found.pk]), _("New task"), "plus"))
        links.append((reverse("bulk", args=[found.pk]), _("Confirm or assign several"), "list-check"))
        links.append((reverse("programme_opening", args=[found.pk]), _("State before the portal"), "history"))
        if not round_open:
            links.append((reverse("consultation_open", args=[found.pk]), _("Ask the units for comment"), "message-2"))
    if office and not found.historical:
        links.append((reverse("programme_rules", args=[found.pk]), _("Rules of lights and reminders"), "settings"))
    if director and found.state != ProgrammeState.DRAFT:
        links.append((reverse("roll_forward", args=[found.pk]), _("Carry over into a new year"), "transfer"))
    if can(actor, "remark", found) and not found.historical:
        links.append((reverse("remark", args=[found.pk]), _("Write a remark"), "pencil"))
    if found.state in (ProgrammeState.RUNNING, ProgrammeState.CLOSED):
        # the board reads all apps and stands above this one; its address is all that is known of it here
        links.insert(0, (f"{reverse('programme', args=[found.pk])}board/", _("Programme board"), "chart-bar"))
    if can(actor, "report", found) and not found.historical:
        links.append((f"{reverse('reports')}?programme={found.pk}", _("Build a report"), "file-type-pdf"))
    return links
