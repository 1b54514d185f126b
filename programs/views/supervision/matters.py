"""需协调事项: the list of those in charge and of a unit, and the page on which one is answered, put before, decided."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from programs.access.ground import OVERSIGHT, has_business_role, offices
from programs.access.supervision.matters import leader_grant
from programs.choices import MatterState, MeetingState
from programs.domain.supervision import matters as domain
from programs.forms.office import ReasonForm
from programs.forms.supervision.matters import AnswerForm, DecideForm, MatterFilter, PutBeforeForm
from programs.models import CoordinationMatter, Meeting
from programs.queries.supervision import matters as queries
from qualitycity.access import ActorContext
from qualitycity.access.http import actor_of, demand, fetch, next_page
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import xlsx_response
from qualitycity.workflow import NotAllowed, Refused, available

from ..moves import GET_OR_POST, NUMBER

PER_PAGE = 30
TAB_LABELS = {
    "raised": gettext_lazy("With the office"),
    "put_before": gettext_lazy("Put before a leader"),
    "answered": gettext_lazy("Answered or decided"),
    "noted": gettext_lazy("Noted by the unit"),
    "dropped": gettext_lazy("Taken back by the unit"),
}
COLUMNS = (
    ("序号", 6), ("单位", 16), ("方案", 22), ("任务", 36), ("填报期", 16), ("需协调事项", 50), ("提出日期", 13), ("状态", 12),
    ("呈报", 20), ("答复或决定", 50), ("日期", 13), ("依据", 24),
)  # fmt: skip


@dataclass(frozen=True)
class Tab:
    code: str
    label: Any
    count: int
    url: str
    here: bool


@require_safe
def matter_list(request: HttpRequest) -> HttpResponse:
    """By state; the first tab that holds something is open unless the address says which."""
    actor = _reader(request)
    form, rows = _read(request, actor)
    counts = queries.counts(rows)
    chosen = form.wanted.get("state") or next((tab for tab, count in counts.items() if count), "raised")
    query = request.GET.copy()
    query.pop("page", None)
    tabs = []
    for code, label in TAB_LABELS.items():
        query["state"] = code
        tabs.append(Tab(code, label, counts[code], f"?{query.urlencode()}", code == chosen))
    shown = rows.filter(state__in=queries.TABS[chosen]).order_by("raised_on", "pk")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "tabs": tabs, "page_obj": page, "chosen": chosen, "query": request.GET.urlencode(),
        "base": reverse("matters"), "empty": not sum(counts.values()),
    }  # fmt: skip
    return render(request, "programs/supervision/matter_list.html", context)


@require_safe
def matter_xlsx(request: HttpRequest) -> FileResponse:
    """The list under the filters in force, as a sheet; journalled like everything taken out of the portal."""
    actor = _reader(request)
    form, rows = _read(request, actor)
    if form.wanted.get("state"):
        rows = rows.filter(state__in=queries.TABS[form.wanted["state"]])
    found = list(rows.order_by("raised_on", "pk"))
    lines = [[number, *_cells(matter)] for number, matter in enumerate(found, 1)]
    today = timezone.localdate()
    if found:
        record(
            subject=found[0].jurisdiction, action="export", actor=actor, after={"list": "matters", "rows": len(found)}
        )
    name = f"需协调事项{today:%Y%m%d}"
    note = f"截至{today.year}年{today.month}月{today.day}日，共{len(found)}项"
    return xlsx_response(name, COLUMNS, lines, title="需协调事项", note=note)


def _cells(matter: CoordinationMatter) -> list[Any]:
    settled = matter.state in MatterState.settled()
    said = (matter.decision or matter.answer) if settled else ""
    day = (matter.decided_on if matter.decision else matter.answered_on) if settled else None
    return [
        str(matter.department), str(matter.programme), matter.part.task.title, matter.window.label, matter.text,
        matter.raised_on, matter.get_state_display(), str(matter.leader or matter.meeting or ""), said, day,
        matter.decision_basis if settled else "",
    ]  # fmt: skip


def _reader(request: HttpRequest) -> ActorContext:
    actor = actor_of(request)
    if not has_business_role(actor):
        raise PermissionDenied(_("This list is for units, offices and leaders."))
    return actor


def _read(request: HttpRequest, actor: ActorContext) -> tuple[MatterFilter, Any]:
    units, programmes = queries.choices(actor)
    form = MatterFilter(request.GET, units=units, programmes=programmes, in_office=bool(offices(actor)))
    return form, queries.narrowed(queries.matters(actor), form.wanted, actor)


@GET_OR_POST
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter; POST `do` is a move of its table, with the fields of its form."""
    actor = actor_of(request)
    row = fetch(request, queries.matters(actor), pk=pk)
    forms_ = _forms(row, actor)
    action = request.POST.get("do", "")
    refusal: Any = ""
    if request.method == "POST":
        if action not in ("answer", "put_before", "take_back", "decide", "acknowledge", "reopen"):
            raise Http404(_("There is no such step."))
        demand(actor, _right(action), row)
        form = _bound(row, actor, action, request)
        if form is None or form.is_valid():
            try:
                _act(row, actor, action, form.cleaned_data if form else {}, _version(request))
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                refusal = refused.sentence
            else:
                messages.success(request, str(DONE[action]))
                return redirect(next_page(request, reverse("matter", args=[pk])))
        if form is not None:
            forms_[action] = form
    context = {
        "matter": row, "forms": forms_, "moves": {move.action for move in available(domain.MATTERS, row, actor)},
        "timeline": queries.timeline(row), "refusal": refusal, "topic": queries.agenda_item(row), "acted": action,
        "settled": row.state in MatterState.settled(), "leader_speaks": leader_grant(actor, row.leader_id) is not None,
        "sees_meeting": actor.sees_territory(row.jurisdiction.path, *OVERSIGHT),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/supervision/matter.html", context, status=status)


DONE = {
    "answer": gettext_lazy("The answer is with the unit."),
    "put_before": gettext_lazy("The matter has been put before."),
    "take_back": gettext_lazy("The matter lies with the office again."),
    "decide": gettext_lazy("The decision is recorded; unit and office have been told."),
    "acknowledge": gettext_lazy("Noted."),
    "reopen": gettext_lazy("The matter lies with the office again."),
}


def _right(action: str) -> str:
    return next(move.who for move in domain.MATTERS.transitions if move.action == action)


def _forms(row: CoordinationMatter, actor: ActorContext) -> dict[str, forms.Form]:
    """Unbound forms of what this person may do now."""
    open_moves = {move.action for move in available(domain.MATTERS, row, actor)}
    return {
        action: form
        for action in sorted(open_moves)
        if (form := _form(row, actor, action, None)) is not None
    }


def _bound(row: CoordinationMatter, actor: ActorContext, action: str, request: HttpRequest) -> forms.Form | None:
    return _form(row, actor, action, request.POST)


def _form(row: CoordinationMatter, actor: ActorContext, action: str, data: Any) -> forms.Form | None:
    if action == "answer":
        return AnswerForm(data, prefix=action)
    if action == "put_before":
        return PutBeforeForm(data, leaders=domain.leaders_for(row), meetings=_meetings(row), prefix=action)
    if action == "decide":
        by_office = leader_grant(actor, row.leader_id) is None
        topic = queries.agenda_item(row) if by_office and data is None else None
        initial = {"text": topic.minutes, "basis": topic.meeting.number} if topic else {}
        return DecideForm(data, by_office=by_office, initial=initial, prefix=action)
    if action in ("take_back", "reopen"):
        return ReasonForm(data, prefix=action)
    return None


def _meetings(row: CoordinationMatter) -> list[Meeting]:
    rows = Meeting.objects.filter(body__jurisdiction_id=row.jurisdiction_id, state__in=MeetingState.ahead())
    return list(rows.order_by("starts_at", "pk"))


def _version(request: HttpRequest) -> int | None:
    """The state of the row that the person has read."""
    sent = request.POST.get("version", "")
    return int(sent) if NUMBER.fullmatch(sent) else None


def _act(
    row: CoordinationMatter, actor: ActorContext, action: str, data: dict[str, Any], version: int | None
) -> None:
    if action == "answer":
        domain.answer(row, actor=actor, text=data["text"], row_version=version)
    elif action == "put_before":
        leader = next((user for user in domain.leaders_for(row) if user.pk == data["leader"]), None)
        meeting = next((meeting for meeting in _meetings(row) if meeting.pk == data["meeting"]), None)
        domain.put_before(
            row, actor=actor, leader=leader, meeting=meeting, proposal=data["proposal"], row_version=version
        )
    elif action == "take_back":
        domain.take_back(row, actor=actor, reason=data["reason"])
    elif action == "decide":
        domain.decide(row, actor=actor, text=data["text"], basis=data.get("basis", ""), row_version=version)
    elif action == "acknowledge":
        domain.acknowledge(row, actor=actor)
    else:
        domain.reopen(row, actor=actor, reason=data["reason"])
