"""审核: the office's queue. List on the left, the open report on the right; after every decision the next one opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from programs.access.ground import offices
from programs.choices import EntryState, SignMode
from programs.domain import reviewing
from programs.domain.differences import Piece, changed, compare
from programs.domain.lights import Light
from programs.domain.people import units_without_signer
from programs.domain.sources import Source, source_named, sources
from programs.domain.standings import board_day
from programs.forms.office import AcceptForm, ReturnForm, ReviewFilter
from programs.queries import review as queries
from programs.queries.kept import keep
from qualitycity.access import ActorContext
from qualitycity.access.http import actor_of
from qualitycity.workdays.calendar import Calendar
from qualitycity.workflow import Refused

WAITING, COUNTERSIGN, RETURNED, MISSING = "waiting", "countersign", "returned", "missing"
STATES = {WAITING: EntryState.SIGNED, COUNTERSIGN: EntryState.SUBMITTED, RETURNED: EntryState.RETURNED}


@dataclass
class ListRow:
    """A row of the queue as the list shows it. `own`: why this person may not decide about it, "" otherwise."""

    row: queries.QueueRow
    light: Light | None
    own: str
    heading: str
    ticked: bool = False

    @property
    def mark(self) -> str:
        """What a form sends back: which line, and as it was seen."""
        return f"{self.row.key}:{self.row.row_version}"

    @property
    def figure(self) -> str:
        return _number(self.row.figure)

    @property
    def before(self) -> str:
        return _number(self.row.before)

    @property
    def change(self) -> str:
        """+20, −5, or "" when nothing can be compared or nothing moved."""
        change = self.row.change
        if not change:
            return ""
        return f"+{_number(change)}" if change > 0 else f"−{_number(-change)}"

    @property
    def fell(self) -> bool:
        return bool(self.row.change and self.row.change < 0)

    @property
    def preselected(self) -> bool:
        return self.row.unchanged and not self.own


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _office(request: HttpRequest) -> ActorContext:
    actor = actor_of(request)
    if not offices(actor):
        raise PermissionDenied(_("Only the office that runs a programme reviews its reports."))
    return actor


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The queue by tab; filters and the open line stand in the address. 谁还没报 has a page of its own."""
    if request.GET.get("tab") == MISSING:
        return redirect(_missing_address(request.GET))
    return _page(request, request.GET)


@require_POST
def review_act(request: HttpRequest) -> HttpResponse:
    """Accept, return or countersign the posted lines, then open the next one. Refused: the page again, words kept."""
    actor = _office(request)
    params = QueryDict(request.POST.get("back", ""), mutable=True)
    do, marks = request.POST.get("do", ""), request.POST.getlist("row")
    accept_form, return_form = AcceptForm(request.POST), ReturnForm(request.POST, about=_about(marks[:1]))
    typed = {"return_form": return_form} if do == "return" else {"accept_form": accept_form}
    refusal: Any = ""
    if "next" in request.POST and marks:
        # the report about which was decided stays open when the decision is not taken
        params["open"] = marks[0].partition(":")[0]
    else:
        typed["ticked"] = set(marks)
    if not marks:
        refusal = _("No line is ticked.")
    elif do == "accept" and (request.POST.getlist("reasons") or request.POST.get("words", "").strip()):
        # neither button may drop what was typed for the other
        refusal = _("You have filled in a reason for returning it. Return the line, or clear the reason to accept it.")
        typed["return_form"] = return_form
    elif do == "return" and not return_form.is_valid():
        return_form.fields["words"].widget.attrs["autofocus"] = True
        return _page(request, params, typed=typed, status=422)
    elif do == "accept" and not accept_form.is_valid():
        return _page(request, params, typed=typed, status=422)
    else:
        try:
            messages.success(request, _decide(do, marks, actor, accept_form, return_form))
        except Refused as refused:
            refusal = f"{refused.obj}：{refused.sentence}" if refused.obj and len(marks) > 1 else refused.sentence
    if refusal:
        return _page(request, params, refusal=refusal, typed=typed, status=422)
    params.pop("open", None)
    if request.POST.get("next"):
        params["open"] = request.POST["next"]
    return redirect(f"{reverse('review')}?{params.urlencode()}")


def _about(keys: list[str]) -> str:
    """Which ready-made reasons fit: those for a line about a task, or about something else."""
    source = source_named(keys[0].partition("-")[0]) if keys else None
    return "indicator" if source is not None and not source.reach.part else "task"


def _decide(
    do: str, marks: list[str], actor: ActorContext, accept_form: AcceptForm, return_form: ReturnForm
) -> str:
    """Carries the decision out and says so in one short sentence."""
    rows = reviewing.chosen(marks)
    if do == "return":
        reviewing.send_back(rows, actor=actor, reason=return_form.reason)
        return _("Returned to the unit.")
    if do == "countersign":
        count = reviewing.countersign(rows, actor=actor)
        return ngettext("%(count)d line countersigned.", "%(count)d lines countersigned.", count) % {"count": count}
    if do != "accept":
        raise Refused(_("This step is not known."))
    count = reviewing.accept(rows, actor=actor, remark=accept_form.cleaned_data["remark"])
    return ngettext("%(count)d line accepted.", "%(count)d lines accepted.", count) % {"count": count}


def _page(
    request: HttpRequest,
    params: QueryDict,
    *,
    refusal: Any = "",
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, day = _office(request), board_day()
    today, calendar = day.today, day.calendar
    tab = params.get("tab", "")
    tab = tab if tab in STATES else WAITING
    groups = keep("review", lambda: queries.groups(sources(), actor=actor), actor=actor, day=day)
    filters = _filters(params)
    handed_in = {group.department_id for group in groups if group.state == EntryState.SUBMITTED}
    single = units_without_signer(handed_in)
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": _tabs(tab, [group for group in groups if group.matches(filters)], single, params),
        "refusal": refusal,
        "reset_url": f"?tab={tab}" if any((filters.programme, filters.unit, filters.period)) else "",
        "accept_form": AcceptForm(),
        **(typed or {}),
    }
    only = single if tab == COUNTERSIGN else None
    rows = keep(
        ("queue", tab, filters, only),
        lambda: queries.queue(
            sources(), actor=actor, state=STATES[tab], filters=filters, today=today, departments=only
        ),
        actor=actor,
        day=day,
    )
    listed = _listed(rows, actor, today, calendar)
    ticked = context.pop("ticked", None)
    for item in listed:
        item.ticked = item.mark in ticked if ticked is not None else item.preselected and tab == WAITING
    back = _address(params, tab)
    context |= {
        "filter_form": ReviewFilter(params, choices=_choices(groups)),
        "rows": listed,
        "back": back,
        "limit": queries.LIMIT if len(rows) == queries.LIMIT else 0,
        "chosen_line": bool(params.get("open")),
        "ticked": sum(item.ticked for item in listed),
        # what was typed or ticked before a refusal stands in the page: it is nobody else's
        "day": day if request.method == "GET" else day._replace(version=0),
        "reading": bool(params.get("open")) and status == 200,
    }
    if listed and tab != RETURNED:
        context |= _report(listed, params.get("open", ""), tab, actor)
        shown = [context["open"].row.key] if "open" in context else []
        context.setdefault("return_form", ReturnForm(about=_about(shown)))
    template = "programs/review_returned.html" if tab == RETURNED else "programs/review.html"
    return render(request, template, context, status=status)


def _filters(params: QueryDict) -> queries.Filters:
    """Only what can be read; anything else narrows nothing."""

    def number(name: str) -> int | None:
        text = params.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    kind, _colon, first = params.get("period", "").partition(":")
    try:
        period = (kind, date.fromisoformat(first))
    except ValueError:
        period = None
    return queries.Filters(number("programme"), number("unit"), period)


def _choices(groups: Iterable[queries.Group]) -> dict[str, list[tuple[str, str]]]:
    groups = list(groups)
    programmes = {str(group.programme_id): group.programme for group in groups}
    units = sorted({(group.department_sort, group.department_id, group.department) for group in groups})
    periods = {(group.period.start, group.period.kind): group.period.label for group in groups}
    return {
        "programme": sorted(programmes.items(), key=lambda item: item[1]),
        "unit": [(str(pk), name) for _sort, pk, name in units],
        "period": [
            (f"{kind}:{start.isoformat()}", label) for (start, kind), label in sorted(periods.items(), reverse=True)
        ],
    }


def _tabs(
    tab: str, groups: list[queries.Group], single: set[int], params: QueryDict
) -> list[tuple[str, str, int | None, bool]]:
    """(address, label, count or None, current)."""
    counts: dict[str, int | None] = {name: 0 for name in STATES} | {MISSING: None}
    for group in groups:
        for name, state in STATES.items():
            if group.state == state and (name != COUNTERSIGN or group.department_id in single):
                counts[name] = (counts[name] or 0) + group.count
    labels = {
        WAITING: _("To be reviewed"),
        COUNTERSIGN: _("To be countersigned"),
        RETURNED: _("Returned"),
        MISSING: _("Who has not reported"),
    }
    return [
        (_missing_address(params) if name == MISSING else f"?{_address(params, name)}", label, counts[name], name == tab)
        for name, label in labels.items()
    ]


def _missing_address(params: QueryDict) -> str:
    """谁还没报 under the same filters of programme and unit."""
    query = QueryDict(mutable=True)
    query.update({name: params[name] for name in ("programme", "unit", "window") if params.get(name)})
    return reverse("missing") + (f"?{query.urlencode()}" if query else "")


def _address(params: QueryDict, tab: str) -> str:
    """The filters as they stand, for another tab or line."""
    kept = {name: params[name] for name in ("programme", "unit", "period") if params.get(name)}
    query = QueryDict(mutable=True)
    for name, value in {"tab": tab, **kept}.items():
        query[name] = value
    return query.urlencode()


def _listed(
    rows: Iterable[queries.QueueRow], actor: ActorContext, today: date, calendar: Calendar
) -> list[ListRow]:
    mine, before, result = {actor.user_id}, 0, []
    for row in rows:
        own = ""
        if row.filed_by in mine:
            own = _("Entered by you: a colleague or the director decides.")
        elif row.signed_by in mine:
            own = _("Countersigned by you: a colleague or the director decides.")
        percent = int(row.figure) if row.figure is not None and row.unit == "%" else None
        light = reviewing.line_light(row.facts, row.department, percent, row.period.end, today, calendar)
        result.append(ListRow(row, light, own, row.department if row.department_id != before else ""))
        before = row.department_id
    return result


def _report(listed: list[ListRow], key: str, tab: str, actor: ActorContext) -> dict[str, Any]:
    """The open line with what changed in it."""
    index = next((number for number, item in enumerate(listed) if item.row.key == key), 0)
    item = listed[index]
    source = source_named(item.row.source)
    assert source is not None
    found = queries.opened(item.row, source)
    if found is None:
        return {"gone": True}
    row, previous = found
    after = listed[index + 1 : index + 2] or listed[max(index - 1, 0) : index]
    action = "accept" if tab == WAITING else "countersign"
    return {
        "open": item,
        "report": row,
        "requirement": source.requirement(row),
        "against": previous,
        "texts": _texts(source, row, previous, unchanged=item.row.unchanged),
        "why_not": reviewing.why_not(source, row, action, actor=actor),
        "why_not_return": reviewing.why_not(source, row, "return_by_office", actor=actor) if tab == WAITING else "-",
        "next_key": after[0].row.key if after else "",
        "position": index + 1,
        "on_paper": row.sign_mode == SignMode.PAPER,
        "task_id": row.part.task_id if source.reach.part else None,
    }


def _texts(source: Source, row: Any, previous: Any, *, unchanged: bool) -> list[tuple[str, list[Piece], bool]]:
    """(label, pieces, changed) per text field that says or said something. 无变化 shows the earlier words as they are."""
    result = []
    for name in source.fields:
        if name in (source.reach.figure, "unchanged"):
            continue
        now, before = getattr(row, name) or "", getattr(previous, name, "") or ""
        # without anything earlier there is nothing to mark: the whole report is new
        pieces = compare(before, before) if unchanged else compare(before if previous else now, now)
        if pieces:
            result.append((row._meta.get_field(name).verbose_name, pieces, changed(pieces)))
    return result
