"""明日提醒预览: who will be told what by the next scan of the day, worked out by the scan's own plan."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.access.ground import offices
from programs.domain import reminders
from programs.domain.reminders.announcing import channels
from programs.domain.standings import board_day
from programs.forms.reminders import PreviewFilter
from programs.models import Programme
from programs.queries.kept import BoardDay, keep
from programs.queries.rules import holiday_warnings
from qualitycity.access.http import actor_of
from taskforce.queries.people import addressees

PER_PAGE = 200


@dataclass
class Told:
    """One person with what he will be told; `channels` in words."""

    person: int
    name: str = ""
    units: str = ""
    channels: list[str] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)


@require_safe
def reminder_preview(request: HttpRequest) -> HttpResponse:
    """Of the offices one belongs to. Kept like a board: whoever turns a page or filters does not plan anew."""
    actor, day = actor_of(request), board_day()
    places = offices(actor)
    if not places:
        raise PermissionDenied(_("The preview of reminders is for the office."))
    days = _days(day)
    asked = request.GET.get("day", "")
    shown = next((each for each in days if each.isoformat() == asked), days[0])
    planned = keep(
        ("reminders", shown),
        lambda: reminders.preview(shown, today=day.today, calendar=day.calendar, jurisdictions=places),
        actor=actor,
        day=day,
    )
    programmes = Programme.objects.current().filter(jurisdiction_id__in=places).values_list("pk", "short_title")
    form = PreviewFilter(request.GET, programmes=programmes, days=days)
    wanted = form.wanted.get("programme")
    chosen = [reminder for reminder in planned if wanted is None or reminder.matter.programme == wanted]
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "shown": shown,
        "rest": not day.calendar.is_working_day(shown),
        "total": len(chosen),
        "people": len({reminder.person for reminder in chosen}),
        "page_obj": page,
        "rows": _by_person(page.object_list, day),
        "holiday_warnings": holiday_warnings(day, day.today + timedelta(days=60)),
        "now": timezone.localtime(),
    }
    return render(request, "programs/reminder_preview.html", context)


def _days(day: BoardDay) -> list[date]:
    """Tomorrow, and the next working day where that is a later one."""
    tomorrow = day.today + timedelta(days=1)
    working = day.calendar.add_working_days(day.today, 1)
    return [tomorrow] if working == tomorrow else [tomorrow, working]


def _by_person(chosen: Iterable[reminders.Reminder], day: BoardDay) -> list[Told]:
    found: dict[int, Told] = {}
    for reminder in chosen:
        told = found.setdefault(reminder.person, Told(reminder.person))
        told.lines.append(
            {
                "subject": reminder.matter.subject,
                "url": reminder.matter.url,
                "rung": reminders.rung_in_words(reminder.matter.kind, reminder.rung),
                "when": reminders.when(reminder, day.calendar),
            }
        )
    named, ways = addressees(found, day.today), channels(found)
    for person, told in found.items():
        told.name, told.units = named.get(person, ("", ""))
        told.channels = ways[person]
    return list(found.values())
