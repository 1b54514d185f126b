"""Boards of a unit and of a district: lights, who holds what is late, periods, people; and the list of all districts."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.choices import LightCode
from programs.domain.standings import board_day
from programs.queries.kept import lazily
from programs.queries.standing import ANSWERS
from qualitycity.access import ActorContext, can, visible
from qualitycity.access.http import actor_of, fetch
from qualitycity.home.figures import address, light_tiles, light_words, picture_of
from qualitycity.home.queries import unit_board
from taskforce.models import Contact, Jurisdiction
from taskforce.queries import departments as register


@require_safe
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: its board, its names now and formerly, who leads it on, whom to call."""
    actor, day = actor_of(request), board_day()
    today = day.today
    found = fetch(request, register.described(), pk=pk)
    staff = request.user.is_staff and can(actor, "edit", found)  # type: ignore[union-attr]
    former = bool(request.GET.get("former"))
    units = _with_former(pk, actor) if former else [pk]
    path = reverse("department", args=[pk])
    context = {
        "day": day,
        "department": found,
        "names": [_dated(row) for row in found.all_names],
        "predecessors": [_dated(row) for row in found.predecessors_now],
        "seats": register.seats_of(found, day=today),
        "supervisors": register.supervisors_of(found, day=today),
        "contacts": visible(Contact.objects.filter(department=found), actor).order_by("sort", "pk"),
        "edit_url": reverse("admin:taskforce_department_change", args=[pk]) if staff else "",
        **_tasks(request, units, actor, today, path, former="1" if former else ""),
        **lazily(
            lambda: {"periods": unit_board.periods(units, actor, today=today, department=pk) if not former else []},
            "periods",
        ),
    }
    return render(request, "home/department.html", context)


@require_safe
def district(request: HttpRequest, pk: int) -> HttpResponse:
    """区县: the tasks of its units, its own programmes, how its periods came in, reports."""
    actor, day = actor_of(request), board_day()
    today = day.today
    place = fetch(request, Jurisdiction.objects.select_related("parent"), pk=pk)
    departments = unit_board.departments_of(place)
    units = [row.pk for row in departments]
    context = {
        "day": day,
        "place": place,
        "departments": departments,
        "programmes": unit_board.own_programmes(place, actor),
        "reports": unit_board.reports_about(actor, units, place),
        **lazily(lambda: {"periods": unit_board.periods(units, actor, today=today, district=pk)}, "periods"),
        **_tasks(request, units, actor, today, reverse("district", args=[pk])),
    }
    return render(request, "home/district.html", context)


@require_safe
def district_list(request: HttpRequest) -> HttpResponse:
    """All districts side by side."""
    actor = actor_of(request)
    board_day()
    groups = unit_board.districts(actor)
    picture = picture_of(groups, ident="districts", title=_("Districts"), head=_("District"), ranked=True)
    return render(request, "home/district_list.html", {"picture": picture, "as_of": timezone.localtime()})


def _tasks(
    request: HttpRequest, units: list[int], actor: ActorContext, today: date, path: str, **kept: str
) -> dict[str, Any]:
    """Tiles and rows; the filters of the address narrow the rows to those that a tile counts."""
    light = request.GET.get("light", "")
    light = light if light in LightCode.values else ""
    role = ANSWERS if request.GET.get("role") == ANSWERS else ""
    narrowing = {"narrowed": light_words()[light] if light else "", "only_answered": bool(role and not light)}

    def read() -> dict[str, Any]:
        everything = unit_board.unit_rows(units, actor, today=today)
        rows = unit_board.narrowed(everything, role=role, light=light)
        counts = unit_board.light_counts(everything)
        return {
            "tiles": light_tiles(counts, path, role=ANSWERS, **kept),
            "answered": counts["total"],
            "tasks": [row for row in rows if not row.historical],
            "former_tasks": [row for row in rows if row.historical],
            "several": len({row.unit for row in rows}) > 1,
        }

    made = lazily(read, "tiles", "answered", "tasks", "former_tasks", "several")
    return {**made, **narrowing, "all_tasks": address(path), "as_of": timezone.localtime()}


def _with_former(pk: int, actor: ActorContext) -> list[int]:
    """The unit with those it leads on, for people who act in it: their sheets show the older lines too."""
    found = {pk}
    for grant in actor.grants:
        if grant.unit_id == pk:
            found |= grant.departments
    return sorted(found)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Dates come out of JSON as text."""
    days = ("first", "last", "closed_on")
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in row.items()}
