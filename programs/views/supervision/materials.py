"""应报材料: the list with its figures, one paper due, handing in and deciding; CSV and Excel."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.access.ground import OVERSIGHT, UNIT, has_business_role, offices
from programs.choices import MaterialState
from programs.domain.lights import Light
from programs.domain.supervision import materials as domain
from programs.domain.supervision.material_lights import paper_light, warn_until
from programs.forms.supervision.materials import HandInForm, MaterialFilter
from programs.models import MaterialDue
from programs.queries.supervision import materials as queries
from programs.queries.supervision.journal import WORDS, events
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.audit.journal import record
from qualitycity.files.refusals import FileRefused
from qualitycity.files.spreadsheets import csv_response, xlsx_response
from qualitycity.workdays.calendar import Calendar, load_calendar
from qualitycity.workflow import NotAllowed, Refused, available
from taskforce.models import Jurisdiction

from ..moves import GET_OR_POST, Step, move_page

PER_PAGE = 100
MAX_MB = 20
#: Head and width in characters.
COLUMNS = (
    ("应报材料", 32), ("所属期", 16), ("责任单位", 20), ("报送对象", 20), ("截止日期", 13), ("状态", 10), ("情况", 40), ("报送日期", 13),
)  # fmt: skip
STEPS = {
    "withdraw": Step(
        lambda due, actor, reason: domain.withdraw(due, actor=actor),
        gettext_lazy("The paper is with the unit again; its files stay."),
    ),
    "return": Step(
        lambda due, actor, reason: domain.send_back(due, actor=actor, reason=reason),
        gettext_lazy("The unit reads the reason and hands the paper in again."),
        asks=True,
    ),
    "take_back": Step(
        lambda due, actor, reason: domain.send_back(due, actor=actor, reason=reason),
        gettext_lazy("The paper was accepted; the unit is asked for it again, with the reason."),
        asks=True,
    ),
    "accept": Step(
        lambda due, actor, reason: domain.accept([due], actor=actor, remark=reason),
        gettext_lazy("The paper is accepted."),
    ),
    "waive": Step(
        lambda due, actor, reason: domain.waive(due, actor=actor, reason=reason),
        gettext_lazy("The unit does not owe this paper any more. The reason stays."),
        asks=True,
        danger=True,
    ),
    "reopen": Step(
        lambda due, actor, reason: domain.reopen(due, actor=actor, reason=reason),
        gettext_lazy("The unit owes this paper again."),
        asks=True,
    ),
}


@dataclass
class Line:
    due: MaterialDue
    light: Light
    ticks: bool


@require_safe
def material_list(request: HttpRequest) -> HttpResponse:
    actor, calendar = _reader(request), load_calendar()
    form, rows, tiles = _read(request, actor, calendar)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    own = set(offices(actor))
    lines = [
        Line(due, _light(due, calendar), due.state == MaterialState.FILED and due.material.jurisdiction_id in own)
        for due in page.object_list
    ]
    context = {
        "form": form, "page_obj": page, "lines": lines, "tiles": tiles, "query": _query(form.wanted),
        "ticks": any(line.ticks for line in lines), "keeps": bool(own), "now": timezone.localtime(),
        "oversees": bool(actor.holding(*OVERSIGHT)),
    }  # fmt: skip
    return render(request, "programs/supervision/material_list.html", context)


@require_safe
def materials_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows, _form = _taken_out(request, "csv")
    return csv_response(_name(), [head for head, _width in COLUMNS], rows)


@require_safe
def materials_xlsx(request: HttpRequest) -> FileResponse:
    rows, form = _taken_out(request, "xlsx")
    filters = f"；筛选：{'，'.join(form.summary)}" if form.summary else ""
    note = f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(rows)}行{filters}"
    return xlsx_response(_name(), COLUMNS, rows, title="应报材料清单", note=note, freeze="B4")


@require_POST
def accept_several(request: HttpRequest) -> HttpResponse:
    """接收 of the ticked papers, all of them or none."""
    actor = _reader(request)
    ticked = [pk for pk in request.POST.getlist("due") if pk.isdecimal() and len(pk) < 18]
    dues = list(MaterialDue.objects.visible_to(actor).filter(pk__in=ticked))
    try:
        done = domain.accept(dues, actor=actor) if dues else []
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, f"{refused.obj}：{refused.sentence}" if refused.obj else str(refused.sentence))
    else:
        if done:
            said = ngettext("%(count)s paper accepted.", "%(count)s papers accepted.", len(done))
            messages.success(request, said % {"count": len(done)})
        else:
            messages.error(request, _("Tick the papers to be accepted."))
    return redirect(next_page(request, reverse("materials")))


@never_cache
@GET_OR_POST
def material_due(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: what is asked, what came in, what this person can do; the unit hands it in here."""
    actor = actor_of(request)
    due: MaterialDue = fetch(request, _dues(), pk=pk)
    form = HandInForm(request.POST or None, request.FILES or None) if request.method == "POST" else HandInForm()
    refusal: Any = ""
    if request.method == "POST" and form.is_valid():
        try:
            domain.hand_in(
                due,
                actor=actor,
                uploads=form.cleaned_data["paper"],
                dropped=[int(pk) for pk in request.POST.getlist("drop") if pk.isdecimal() and len(pk) < 18],
                note=form.cleaned_data["note"],
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except FileRefused as refused:
            form.add_error("paper", refused.sentence)
        except Refused as refused:
            refusal = refused.sentence
        else:
            messages.success(request, _("The paper has been handed in."))
            return redirect("material_due", pk=pk)
    status = 422 if refusal or form.errors else 200
    return render(request, "programs/supervision/material_due.html", _page(due, actor, form, refusal), status=status)


def _page(due: MaterialDue, actor: ActorContext, form: HandInForm, refusal: Any) -> dict[str, Any]:
    moves = available(domain.MATERIALS, due, actor)
    at_office = bool(can(actor, "accept", due))
    own = bool(can(actor, "file_own", due))
    with_unit = due.state in MaterialState.with_unit()
    if not form.is_bound:
        form.initial["note"] = due.note
    return {
        "due": due,
        "light": _light(due, load_calendar()),
        "form": form,
        "refusal": refusal,
        "may_file": with_unit and bool(can(actor, "file", due)),
        "on_behalf": not own,
        "moves": [
            {"action": move.action, "label": move.label, "asks": move.reason_required or STEPS[move.action].asks}
            for move in moves
            if move.action in STEPS
        ],
        "files": list(due.files.all()),
        "events": events(
            [(due, "")], WORDS, good=("accept",), bad=("return", "take_back"), office=at_office, unit=own
        ),
        "max_mb": MAX_MB,
    }


@GET_OR_POST
def material_move(request: HttpRequest, pk: int) -> HttpResponse:
    due = fetch(request, _dues(), pk=pk)
    label = f"{due.department} · {due}"
    return move_page(request, due, domain.MATERIALS, STEPS, reverse("material_due", args=[pk]), label)


def _dues() -> Any:
    return MaterialDue.objects.select_related(
        "material__jurisdiction", "material__document", "material__programme", "department", "filed_by", "decided_by"
    ).prefetch_related("files__file")


def _reader(request: HttpRequest) -> ActorContext:
    actor = actor_of(request)
    if not has_business_role(actor):
        raise PermissionDenied(_("Papers due are a matter of the office and the units."))
    return actor


def _light(due: MaterialDue, calendar: Calendar) -> Light:
    return paper_light(
        state=due.state, due_on=due.due_on, filed_on=due.filed_on, remark=due.remark,
        today=timezone.localdate(), days=calendar,
    )  # fmt: skip


def _read(request: HttpRequest, actor: ActorContext, calendar: Calendar) -> tuple[MaterialFilter, Any, list[Any]]:
    """The filters, the rows they leave, and the figures above them."""
    today = timezone.localdate()
    warned = warn_until(today, calendar)
    materials, units = queries.choices(actor)
    mine = actor.departments(*UNIT)
    form = MaterialFilter(request.GET, materials=materials, units=units, in_unit=bool(mine))
    rows = queries.dues(actor, form.filters, mine)
    tiles = _tiles(form, queries.counts(rows, today, warned))
    return form, rows.filter(queries.situation(form.filters.show, today, warned)), tiles


def _tiles(form: MaterialFilter, counted: dict[str, int]) -> list[dict[str, Any]]:
    path, unit = reverse("materials"), pgettext("counted", "papers")
    wanted = {name: value for name, value in form.wanted.items() if name != "show"}
    labels = {
        "open": (_("Open"), "blue"),
        "overdue": (_("Overdue"), "red"),
        "soon": (_("Due soon or returned"), "amber"),
        "filed": (_("Handed in, to be accepted"), "blue"),
        "accepted": (pgettext("paper", "Accepted"), "green"),
    }
    return [
        {
            "figure": counted[show], "unit": unit, "label": label, "tone": tone if counted[show] else "",
            "url": path + _query(wanted | ({} if show == "open" else {"show": show})),
        }
        for show, (label, tone) in labels.items()
    ]  # fmt: skip


def _query(wanted: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in wanted.items()})
    return f"?{query.urlencode()}" if query else ""


def _taken_out(request: HttpRequest, kind: str) -> tuple[list[tuple[Any, ...]], MaterialFilter]:
    """The rows of the address in Chinese; journalled like everything that leaves the portal as a file."""
    actor = _reader(request)
    with translation.override("zh-hans"):
        calendar = load_calendar()
        form, rows, _tiles = _read(request, actor, calendar)
        values = [_values(due, calendar) for due in rows]
        after = {"kind": kind, "lines": len(values), "filters": form.summary}
    place = Jurisdiction.objects.get(pk=actor.grants[0].jurisdiction_id)
    record(subject=place, action="export_materials", actor=actor, audience="office", after=after)
    return values, form


def _values(due: MaterialDue, calendar: Calendar) -> tuple[Any, ...]:
    return (
        due.material.title,
        due.label,
        due.department.short_name,
        due.material.recipient,
        due.due_on,
        due.get_state_display(),
        _light(due, calendar).sentence,
        due.filed_on or "",
    )


def _name() -> str:
    return f"应报材料清单{timezone.localdate():%Y%m%d}"
