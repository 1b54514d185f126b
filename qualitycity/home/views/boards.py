"""方案看板: the page the office and the leaders live on, its view for the meeting room, and the lists behind its figures."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.domain.standings import board_day
from programs.models import Responsibility
from programs.queries.kept import BoardDay
from programs.views.programmes import programme_head
from qualitycity.access.http import actor_of
from qualitycity.home.boards import ProgrammeBoard
from qualitycity.home.filters import IndicatorFilter, LineFilter
from qualitycity.home.queries import indicators, lines
from taskforce.models import Department

#: Lines on one page of the list; most periods have fewer.
PER_PAGE = 500
#: The parts of the view for the meeting room, in the order in which they are shown.
PARTS = ("wrong", "units", "sections", "phases", "trend", "indicators")


def _board(request: HttpRequest, pk: int, day: BoardDay | None = None) -> ProgrammeBoard:
    actor, day = actor_of(request), day or board_day()
    return ProgrammeBoard(programme_head(request, pk, day), actor, day.today, day.calendar)


@require_safe
def programme_board(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: what is wrong, by whom, by section, phase and nature, how it moves, indicators."""
    day = board_day()
    board = _board(request, pk, day)
    if request.GET.get("view") == "screen":
        return redirect("board_screen", pk=pk, part=PARTS[0])
    context = {"board": board, "programme": board.programme, "day": day, **_now()}
    return render(request, "home/programme_board.html", context)


@require_safe
def board_screen(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """投屏: one part of the board at a time, in large type on one screen; next and previous are plain links."""
    board = _board(request, pk)
    if not board.has_picture:
        return redirect("programme_board", pk=pk)
    parts = _parts_with_content(board)
    shown = part if part in parts else parts[0]
    place = parts.index(shown)
    context = {
        "board": board,
        "programme": board.programme,
        "part": shown,
        "place": place + 1,
        "count": len(parts),
        "previous": reverse("board_screen", args=[pk, parts[place - 1]]),
        "next": reverse("board_screen", args=[pk, parts[(place + 1) % len(parts)]]),
        **_now(),
    }
    return render(request, "home/board_screen.html", context)


def _parts_with_content(board: ProgrammeBoard) -> list[str]:
    """Parts that have something to show; a meeting does not page through empty screens."""
    present = {
        "wrong": True,
        "units": board.by_unit,
        "sections": board.by_section,
        "phases": board.by_phase,
        "trend": board.trend,
        "indicators": board.indicators,
    }
    return [part for part in PARTS if present[part]]


@require_safe
def period_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """填报事项明细: the lines that a figure of a trend counts."""
    board = _board(request, pk)
    programme, actor, today = board.programme, board.actor, board.today
    windows = board.windows
    mine = Responsibility.objects.visible_to(actor).filter(task__programme=programme)
    units = (
        Department.objects.filter(Q(pk__in=mine.values("department_id")) | Q(indicators__programme=programme))
        .select_related("jurisdiction__parent")
        .distinct()
        .order_by("sort", "pk")
    )
    form = LineFilter(request.GET, windows=windows, units=units)
    wanted = form.wanted
    chosen = [window for window in windows if wanted.get("window") in (None, window.pk)]
    unit, place = wanted.get("department"), wanted.get("district")
    departments = None
    if unit or place:
        here = [row for row in units if not place or f"/{place}/" in row.jurisdiction.path]
        departments = [row.pk for row in here if unit in (None, row.pk)]
    values: Any = []
    if chosen:
        values = lines.list_lines(chosen, actor, today=today, came=wanted.get("filed", ""), departments=departments)
    page = Paginator(values, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "form": form,
        "page_obj": page,
        "rows": lines.as_rows(page.object_list, windows),
        "task_base": reverse("task", args=[0]).removesuffix("0/"),
        **_now(),
    }
    return render(request, "home/period_lines.html", context)


@require_safe
def indicator_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Indicators of a programme with everything that was reported of them."""
    board = _board(request, pk)
    form = IndicatorFilter(request.GET)
    standing = form.wanted.get("standing")
    rows = [row for row in board.indicators if not standing or row.standing.code == standing]
    context = {
        "programme": board.programme,
        "form": form,
        "rows": rows,
        "total": len(board.indicators),
        "elapsed": min(100, round(100 * indicators.elapsed_share(board.programme, board.today))),
        **_now(),
    }
    return render(request, "home/indicator_list.html", context)


def _now() -> dict[str, Any]:
    return {"as_of": timezone.localtime()}
