"""谁还没报: one page over all programmes and open periods one oversees; the call list on paper; CSV and Excel."""

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
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from programs.access.ground import OVERSIGHT, offices
from programs.domain import urging as domain
from programs.domain.people import units_without_signer
from programs.domain.sources import sources
from programs.domain.standings import board_day
from programs.forms.missing import HOLDERS, MissingFilter
from programs.models import ReportingWindow
from programs.queries import missing as queries
from programs.queries.kept import BoardDay, lazily
from programs.queries.missing import Missing
from programs.queries.supervision.slips import LastCall, about_returns, last_call, open_slip
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, next_page
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import csv_response, xlsx_response
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Jurisdiction

PER_PAGE = 200
#: Head and width in characters.
COLUMNS = (
    ("单位", 20), ("方案", 24), ("填报期", 16), ("截止日期", 13), ("时限", 18), ("应报（项）", 10), ("未报（项）", 10), ("联络员处（项）", 12),
    ("负责人处（项）", 12), ("办公室处（项）", 12), ("退回未重报（项）", 12), ("联系人", 12),
    ("电话", 26), ("上次报送", 18), ("上次通话", 40), ("承诺时间", 13),
    ("通话记录", 30),
)  # fmt: skip


@dataclass
class Line:
    """A row of the page; `head` opens a new group, in words, where one begins."""

    row: Missing
    head: str = ""
    call: LastCall | None = None
    slip: dict[str, Any] | None = None


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Grouped by period or by unit; every figure above the list leads to the rows it counts."""
    actor, day = _overseer(request), board_day()
    parts = lazily(
        lambda: _content(request, actor, day),
        "form", "windows", "page_obj", "lines", "by_unit", "tiles", "query", "window", "may_lock", "may_urge",
    )  # fmt: skip
    context = {**parts, "day": day, "enters": bool(offices(actor)), "now": timezone.localtime()}
    return render(request, "programs/missing.html", context)


def _content(request: HttpRequest, actor: ActorContext, day: BoardDay) -> dict[str, Any]:
    form, rows, windows = _read(request, actor, day)
    by_unit = form.wanted.get("by") == "unit"
    if by_unit:
        rows.sort(key=lambda row: (row.unit.sort, row.unit.pk, row.window.due_on, row.window.pk))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    window = next((row for row in windows if row.pk == form.wanted.get("window")), None)
    return {
        "form": form,
        "windows": windows,
        "page_obj": page,
        "lines": _lines(list(page.object_list), by_unit=by_unit),
        "by_unit": by_unit,
        "tiles": _tiles(form, rows),
        "query": _query(form.wanted),
        "window": window,
        "may_lock": window is not None and bool(can(actor, "decide", window.programme)),
        "may_urge": any(row.enters and row.missing > row.countersign for row in page.object_list),
    }


@require_POST
def urge(request: HttpRequest) -> HttpResponse:
    """催报 of the ticked rows, each named `window-unit`; a row that has been handed in meanwhile is passed over."""
    actor = _overseer(request)
    ticked = set(request.POST.getlist("row"))
    windows = list(queries.overseen_windows(actor, timezone.localdate()))
    wanted: dict[ReportingWindow, set[int]] = {}
    for row in queries.missing_lines(sources(), windows, actor=actor):
        if f"{row.window.pk}-{row.unit.pk}" in ticked:
            wanted.setdefault(row.window, set()).update(row.departments)
    try:
        told = domain.urge(wanted=wanted, actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        if not ticked:
            messages.error(request, _("Tick the units to be urged."))
        elif told:
            said = ngettext("%(count)s person has been urged.", "%(count)s people have been urged.", told)
            messages.success(request, said % {"count": told})
        else:
            messages.info(request, _("They have been urged today already, or nothing lies with them any more."))
    return redirect(next_page(request, reverse("missing")))


@require_safe
def missing_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows, _form = _taken_out(request, "csv")
    return csv_response(_name(), [head for head, _width in COLUMNS], rows)


@require_safe
def missing_xlsx(request: HttpRequest) -> FileResponse:
    """The call list as a sheet to write into."""
    rows, form = _taken_out(request, "xlsx")
    filters = f"；筛选：{'，'.join(form.summary)}" if form.summary else ""
    note = f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(rows)}行{filters}"
    return xlsx_response(_name(), COLUMNS, rows, title="未报单位催报清单", note=note, freeze="B4")


def _overseer(request: HttpRequest) -> ActorContext:
    actor = actor_of(request)
    if not actor.holding(*OVERSIGHT):
        raise PermissionDenied(_("Only whoever oversees a programme sees who has not reported."))
    return actor


def _read(
    request: HttpRequest, actor: ActorContext, day: BoardDay
) -> tuple[MissingFilter, list[Missing], list[Any]]:
    """The filters, the rows they leave, and all open periods."""
    windows = list(queries.overseen_windows(actor, day.today).annotate(**about_returns(actor)))
    rows = queries.missing_lines(sources(), windows, actor=actor)
    queries.date_rows(rows, today=day.today, calendar=day.calendar)
    waiting = {department for row in rows if row.submitted for department in row.departments}
    queries.hand_to_office(rows, units_without_signer(waiting) if waiting else set())
    form = MissingFilter(request.GET, windows=windows, rows=rows)
    return form, queries.chosen(rows, form.filters), windows


def _lines(rows: list[Missing], *, by_unit: bool) -> list[Line]:
    """With the last call about each return and the slip that is under way about it."""
    lines, before = [], None
    for row in rows:
        key = row.unit.pk if by_unit else row.window.pk
        line = Line(row, call=last_call(row.window, row.unit.pk), slip=open_slip(row.window, row.unit.pk))
        if key != before:
            line.head = row.unit.short_name if by_unit else f"{row.window.programme} · {row.window.label}"
        lines.append(line)
        before = key
    return lines


def _tiles(form: MissingFilter, rows: list[Missing]) -> list[dict[str, Any]]:
    """Lines that are missing, in all, late, and by who holds them, among the rows shown."""
    path, unit = reverse("missing"), pgettext("counted", "lines")
    wanted = {name: value for name, value in form.wanted.items() if name not in ("holder", "late")}
    late = sum(row.missing for row in rows if row.late)
    tiles = [
        {
            "figure": sum(row.missing for row in rows), "unit": unit, "label": _("Not reported"), "tone": "blue",
            "url": path + _query(wanted),
            "note": _("%(count)s units") % {"count": len({row.unit.pk for row in rows})},
        },
        {
            "figure": late, "unit": unit, "label": _("Of these late"), "tone": "red" if late else "",
            "url": path + _query(wanted | {"late": "1"}),
        },
    ]  # fmt: skip
    labels = {
        "liaison": _("With the liaison"),
        "head": _("With the head of the unit"),
        "office": _("With the office, to be countersigned"),
    }
    for holder, _label in HOLDERS:
        tiles.append(
            {
                "figure": sum(row.held_by(holder) for row in rows), "unit": unit, "label": labels[holder], "tone": "",
                "url": path + _query(wanted | {"holder": holder}),
            }
        )  # fmt: skip
    return tiles


def _query(wanted: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in wanted.items()})
    return f"?{query.urlencode()}" if query else ""


def _taken_out(request: HttpRequest, kind: str) -> tuple[list[tuple[Any, ...]], MissingFilter]:
    """The rows of the address in Chinese; the export is journalled, since telephone numbers leave the portal."""
    actor = _overseer(request)
    with translation.override("zh-hans"):
        form, rows, _windows = _read(request, actor, board_day())
        values = [_values(row) for row in rows]
        after = {"kind": kind, "lines": len(values), "filters": form.summary}
    place = Jurisdiction.objects.get(pk=actor.holding(*OVERSIGHT)[0].jurisdiction_id)
    record(subject=place, action="export_missing", actor=actor, audience="office", after=after)
    return values, form


def _values(row: Missing) -> tuple[Any, ...]:
    call = last_call(row.window, row.unit.pk)
    said = f"{timezone.localtime(call.at):%Y-%m-%d %H:%M} {call.by}：{call.said}" if call else ""
    filed = timezone.localtime(row.last_filed).strftime("%Y-%m-%d %H:%M") if row.last_filed else ""
    return (
        row.unit.short_name,
        str(row.window.programme),
        row.window.label,
        row.window.due_on,
        row.when,
        row.owed,
        row.missing,
        row.with_liaison,
        row.submitted,
        row.countersign,
        row.returned,
        row.contact,
        " ".join(row.phones),
        filed,
        said,
        call.promised_on or "" if call else "",
        "",
    )


def _name() -> str:
    return f"未报单位催报清单{timezone.localdate():%Y%m%d}"
