"""节点日历: the month as a grid or as a list, on paper, as CSV and Excel."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.access.ground import OVERSIGHT, UNIT, offices
from programs.domain.standings import board_day
from programs.forms.calendar import NAMES, SHORT, CalendarFilter, wanted_day, wanted_month
from programs.queries import calendar as queries
from programs.queries.calendar import ACTIVITY, KINDS, MATERIAL, WINDOW, Entry
from programs.queries.kept import BoardDay, lazily
from qualitycity.access import ActorContext
from qualitycity.access.http import actor_of
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import csv_response, xlsx_response
from qualitycity.workdays.calendar import format_days_left, load_calendar
from taskforce.models import Jurisdiction

#: Of each kind on one day of the month view; the day's list has the rest.
PER_DAY = 4
PER_PAGE = 200
#: Head and width in characters.
COLUMNS = (("日期", 13), ("类别", 12), ("事项", 60), ("方案", 26), ("状态", 12), ("时限", 20))


@dataclass
class Shown:
    """What one address asks for."""

    today: date
    first: date
    last: date
    day: date | None
    form: CalendarFilter
    counted: dict[date, Counter[str]]
    totals: Counter[str] = field(default_factory=Counter)

    @property
    def span(self) -> tuple[date, date]:
        return (self.day, self.day) if self.day else (self.first, self.last)


@dataclass
class Line:
    """A row of the list; `day` opens a new day."""

    entry: Entry
    when: str
    day: date | None = None
    rest: bool = False


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Figures above are those of the rows below; previous and next month are links."""
    actor, day = actor_of(request), board_day()
    parts = lazily(
        lambda: _content(request, actor, day),
        "form", "shown", "as_list", "total", "kinds", "before", "after", "this_month", "other_view", "query", "paper",
        "print_address", "day_base", "page_obj", "lines", "weeks", "holiday_warnings",
    )  # fmt: skip
    return render(request, "programs/calendar.html", {**parts, "day": day, "now": timezone.localtime()})


def _content(request: HttpRequest, actor: ActorContext, day: BoardDay) -> dict[str, Any]:
    shown = _shown(request, actor)
    as_list = request.GET.get("view") == "list" or shown.day is not None
    base = shown.form.wanted | ({"view": "list"} if as_list else {})
    month = {"month": f"{shown.first:%Y-%m}"}
    path = reverse("calendar")
    context: dict[str, Any] = {
        "form": shown.form,
        "shown": shown,
        "as_list": as_list,
        "total": sum(shown.totals[kind] for kind in KINDS),
        "kinds": _kinds(shown, path, base | month),
        "before": path + _query(base | {"month": _month(shown.first - timedelta(days=1))}),
        "after": path + _query(base | {"month": _month(shown.last + timedelta(days=1))}),
        "this_month": path + _query(base),
        "other_view": path + _query(shown.form.wanted | month | ({} if as_list else {"view": "list"})),
        "query": _query(shown.form.wanted | month),
        "paper": "a3" if request.GET.get("paper") == "a3" else "a4",
        "print_address": path
        + _query(base | month | ({} if request.GET.get("paper") == "a3" else {"paper": "a3"})),
        "day_base": path + _query(shown.form.wanted | month | {"view": "list"}) + "&day=",
    }
    first, last = shown.span
    context["holiday_warnings"] = day.calendar.warnings({first.year, last.year})
    context |= {"page_obj": None, "lines": [], "weeks": []}
    if as_list:
        rows = queries.entries(actor, first, last, shown.form.filters, shown.today)
        context["page_obj"] = page = Paginator(_Counted(rows, context["total"]), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context["lines"] = _lines(_linked(page.object_list, actor), shown.today)
    else:
        rows = queries.entries(actor, first, last, shown.form.filters, shown.today, per_day=PER_DAY)
        found = _linked(rows, actor)
        context["weeks"] = queries.weeks(shown.first, found, shown.counted, shown.today, per_day=PER_DAY)
    return context


@require_safe
def calendar_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows, shown = _taken_out(request, "csv")
    return csv_response(_name(shown), [head for head, _width in COLUMNS], rows)


@require_safe
def calendar_xlsx(request: HttpRequest) -> FileResponse:
    rows, shown = _taken_out(request, "xlsx")
    filters = f"；筛选：{'，'.join(shown.form.summary)}" if shown.form.summary else ""
    note = f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(rows)}项{filters}"
    title = f"{shown.first.year}年{shown.first.month}月节点日历"
    return xlsx_response(_name(shown), COLUMNS, rows, title=title, note=note)


class _Counted:
    """Rows of a union with their number known: the paginator need not count them again."""

    def __init__(self, rows: Any, total: int) -> None:
        self._rows, self._total = rows, total

    def count(self) -> int:
        return self._total

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, span: slice) -> list[Any]:
        return list(self._rows[span])


def _shown(request: HttpRequest, actor: ActorContext) -> Shown:
    today = timezone.localdate()
    first, last = queries.month_bounds(*wanted_month(request.GET.get("month", ""), today))
    day = wanted_day(request.GET.get("day", ""), first, last)
    programmes, units = queries.choices(actor)
    form = CalendarFilter(request.GET, programmes=programmes, units=units)
    counted = queries.counts(actor, day or first, day or last, form.filters, today)
    return Shown(today, first, last, day, form, counted, sum(counted.values(), Counter()))


def _linked(rows: Any, actor: ActorContext) -> list[Entry]:
    """Entries with the page each leads to: the task, the unit's own sheet, who has not reported, the programme."""
    runs, mine = set(offices(actor)), actor.holding(*UNIT)
    oversees = bool(actor.holding(*OVERSIGHT))
    found = queries.as_entries(rows)
    words = {kind: str(word) for kind, word in SHORT.items()}
    for entry in found:
        entry.word = words[entry.kind]
        if entry.kind == MATERIAL:
            entry.url = f"/materials/{entry.pk}/"
        elif entry.kind == ACTIVITY:
            entry.url = f"/activities/runs/{entry.pk}/"
        elif entry.task_id:
            entry.url = f"/tasks/{entry.task_id}/"
        elif entry.kind == WINDOW and mine and entry.jurisdiction_id not in runs:
            entry.url = f"/sheets/{entry.pk}/{mine[0].unit_id}/"
        elif entry.kind == WINDOW and oversees:
            entry.url = f"/missing/?window={entry.pk}"
        else:
            entry.url = f"/programmes/{entry.programme_id}/"
    return found


def _lines(found: list[Entry], today: date) -> list[Line]:
    days, lines, before = load_calendar(), [], None
    for entry in found:
        when = "" if entry.state == "done" else format_days_left(today, entry.due_on, days)
        line = Line(entry, when)
        if entry.due_on != before:
            line.day, line.rest = entry.due_on, not days.is_working_day(entry.due_on)
        lines.append(line)
        before = entry.due_on
    return lines


def _kinds(shown: Shown, path: str, base: dict[str, Any]) -> list[tuple[str, str, int, bool]]:
    """(address, label, figure, chosen) of each kind among the dates shown."""
    chosen = shown.form.wanted.get("kind", "")
    day = {"day": shown.day.isoformat()} if shown.day else {}
    return [
        (path + _query(base | day | {"kind": kind}), str(NAMES[kind]), shown.totals[kind], kind == chosen)
        for kind in KINDS
        if chosen in ("", kind)
    ]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _query(wanted: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in wanted.items()})
    return f"?{query.urlencode()}" if query else ""


def _taken_out(request: HttpRequest, kind: str) -> tuple[list[tuple[Any, ...]], Shown]:
    """The month of the address in Chinese; the export is journalled."""
    actor = actor_of(request)
    if not actor.grants:
        raise Http404(_("There is no calendar for an account without a role."))
    with translation.override("zh-hans"):
        shown, days = _shown(request, actor), load_calendar()
        rows = queries.entries(actor, *shown.span, shown.form.filters, shown.today)
        values = [
            (
                entry.due_on,
                str(NAMES[entry.kind]),
                _("%(period)s returns due") % {"period": entry.title} if entry.kind == WINDOW else entry.title,
                entry.programme,
                state_word(entry),
                "" if entry.state == "done" else format_days_left(shown.today, entry.due_on, days),
            )
            for entry in queries.as_entries(rows)
        ]
        after = {"kind": kind, "lines": len(values), "month": f"{shown.first:%Y-%m}", "filters": shown.form.summary}
    place = Jurisdiction.objects.get(pk=actor.grants[0].jurisdiction_id)
    record(subject=place, action="export_calendar", actor=actor, audience="office", after=after)
    return values, shown


def state_word(entry: Entry) -> str:
    """已完成, 已截止, 逾期 or 未到期."""
    if entry.state == "done":
        return _("past its due date") if entry.kind == WINDOW else _("Done")
    if entry.state == "late":
        return _("Overdue")
    return _("Ahead")


def _name(shown: Shown) -> str:
    return f"节点日历{shown.first:%Y-%m}"
