"""今日简报: the leader's start page on one sheet of A4, black on white, for the secretary to print and hand over."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.domain.sources import sources
from programs.domain.standings import board_day
from programs.queries.missing import overseen_windows, silent_counts
from qualitycity.access.http import actor_of
from qualitycity.home.queries import picture
from qualitycity.home.views.start import Desk
from taskforce.choices import Role

#: Programmes with a part of their own, and lines of each list by how many programmes share the sheet.
PROGRAMMES = 4
LINES = {0: 0, 1: 7, 2: 3, 3: 2, 4: 1}
TURNING = {0: 0, 1: 4, 2: 4, 3: 2, 4: 2}


@dataclass
class Part:
    """One programme on the sheet: as much of its lists as fits, and what is left for the portal."""

    picture: picture.ProgrammePicture
    lines: int

    @property
    def decisions(self) -> list[picture.Matter]:
        """What is put before the reader first."""
        return self._asked[: self.lines]

    @property
    def late(self) -> list[Any]:
        return self.picture.late[: self.lines]

    @property
    def more_decisions(self) -> int:
        return len(self._asked) - len(self.decisions)

    @property
    def _asked(self) -> list[picture.Matter]:
        return [*self.picture.to_decide, *self.picture.decisions]

    @property
    def more_late(self) -> int:
        return self.picture.counts["red"] - len(self.late)


@require_safe
def edition(request: HttpRequest) -> HttpResponse:
    """The same figures and sentences as on the start page; what does not fit is counted."""
    actor = actor_of(request)
    speaks = actor.holding(Role.LEADER, Role.SECRETARY)
    if not speaks:
        raise PermissionDenied(_("The sheet is made for leaders and their secretaries."))
    day = board_day()
    # kept under the names of the start page, from which one comes
    pictures = Desk(actor, day).leading
    shown = pictures[:PROGRAMMES]
    turning = picture.turning_red(actor, day.today)
    units, lines = silent_counts(sources(), overseen_windows(actor, day.today))
    context = {
        "parts": [Part(row, LINES[len(shown)]) for row in shown],
        "more_programmes": len(pictures) - len(shown),
        "turning": turning[: TURNING[len(shown)]],
        "more_turning": len(turning) - len(turning[: TURNING[len(shown)]]),
        "silent_units": units,
        "silent_lines": lines,
        "reader": speaks[0].leader_label or speaks[0].acting_for_label or actor.label,
        "place": speaks[0].territory,
        "today": day.today,
        "now": timezone.localtime(),
    }
    return render(request, "home/edition.html", context)
