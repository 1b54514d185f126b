"""The parts of a programme's board, each read when it is asked for: the page shows all of them, the meeting room one."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from programs.choices import OutlookCode, ProgrammeState
from programs.domain.rules import BEHIND_POINTS
from programs.models import Programme, Task
from programs.queries.ledger import ledger_tasks
from programs.queries.programmes import windows_of
from qualitycity.access import ActorContext
from qualitycity.home.figures import SCREEN, Cell, Group, Picture, Tile, address, light_tiles, picture_of
from qualitycity.home.queries import indicators, lines
from qualitycity.home.queries import programme_board as queries
from qualitycity.home.queries.indicators import IndicatorRow
from qualitycity.home.queries.lines import CODES, RETURNED, Came, Opened, WindowCount
from qualitycity.reports.blocks import Chart, ChartRow
from qualitycity.reports.webcharts import web_svg
from qualitycity.workdays.calendar import Calendar

#: Programmes that have a picture: those that run, and those that ran here to their end.
WITH_BOARD = (ProgrammeState.RUNNING, ProgrammeState.CLOSED)
#: So many indicators stand on the board; the list has them all.
INDICATORS = 10


@dataclass(frozen=True)
class PeriodRow:
    """One period in the table beside the trend: total, then how its lines came in."""

    label: str
    due_on: date
    cells: list[Cell]


@dataclass(frozen=True)
class Trend:
    """How periods came in, as a picture and as a table, the newest period first in the table."""

    chart: Chart
    links: list[dict[str, str]]
    rows: list[PeriodRow]

    @property
    def svg(self) -> str:
        return self._drawn()

    @property
    def large(self) -> str:
        return self._drawn(across=SCREEN * 3 // 4)

    def _drawn(self, **more: Any) -> str:
        words = {CODES[came]: str(came.label) for came in Came}
        return web_svg(self.chart, self.links, words=words, ident="trend", **more)


@dataclass
class ProgrammeBoard:
    """Of a programme read by `programme_heads`, after `board_day()` has given day and calendar."""

    programme: Programme
    actor: ActorContext
    today: date
    calendar: Calendar

    @property
    def has_picture(self) -> bool:
        return self.programme.state in WITH_BOARD

    @cached_property
    def ledger(self) -> str:
        return reverse("programme", args=[self.programme.pk])

    @cached_property
    def tasks(self) -> QuerySet[Task]:
        return ledger_tasks(self.programme, self.actor)

    @cached_property
    def tally(self) -> queries.Tally:
        return queries.tally(self.tasks)

    @property
    def total(self) -> int:
        return self.tally.counts["total"]

    @cached_property
    def worst(self) -> list[Task]:
        return queries.worst(self.tasks)

    @cached_property
    def wrong_tiles(self) -> list[Tile]:
        """What is wrong. A pace that cannot be told of any task is no data, not nought."""
        late, wrong, unit = self.tally.counts["red"], self.tally.concerns, pgettext("counted", "tasks")
        behind = _("%(points)s percentage points or more below the plan") % {"points": number_format(BEHIND_POINTS)}
        return [
            Tile(_("Overdue"), late, address(self.ledger, light="red"), unit, tone="red" if late else ""),
            self._concern(_("Not signed for in time"), "unsigned", wrong["unsigned"], "red"),
            self._concern(_("Report due and missing"), "unreported", wrong["unreported"], "red"),
            self._concern(_("Behind plan"), "behind", wrong["behind"], "amber", behind)
            if self.tally.paced
            else Tile(_("Behind plan"), None, note=_("No task has a percentage and a due date yet.")),
            self._concern(_("Returned, not filed again"), "returned", wrong["returned"], "amber"),
        ]

    def _concern(self, label: str, code: str, count: int, tone: str, note: str = "") -> Tile:
        unit, url = pgettext("counted", "tasks"), address(self.ledger, concern=code)
        return Tile(label, count, url, unit, note, tone if count else "")

    @cached_property
    def light_tiles(self) -> list[Tile]:
        return light_tiles(self.tally.counts, self.ledger)

    @cached_property
    def outlook_tiles(self) -> list[Tile]:
        """能否完成 of tasks at work, worst first; none where nothing is to be foretold."""
        unit, counts = pgettext("counted", "tasks"), self.tally.outlooks
        if not any(counts.values()):
            return []
        tones = {OutlookCode.UNLIKELY: "red", OutlookCode.AT_RISK: "amber", OutlookCode.ON_COURSE: "green"}
        return [
            Tile(
                str(code.label),
                counts[code],
                address(self.ledger, outlook=code.value),
                unit,
                tone=tones.get(code, "") if counts[code] else "",
            )
            for code in OutlookCode
        ]

    @cached_property
    def by_unit(self) -> Picture | None:
        unit_path = reverse("department", args=[0]).replace("/0/", "/{}/")
        groups = queries.unit_groups(self.tasks, self.ledger, unit_path)
        note = _("Each unit by its own light; a task with several units counts once for each.")
        return picture_of(groups, ident="units", title=_("By unit"), head=_("Unit"), ranked=True, note=note)

    @cached_property
    def by_section(self) -> Picture | None:
        groups = queries.section_groups(self.tally, self.ledger)
        return self._picture(groups, "sections", _("By section"), _("Section"))

    @cached_property
    def by_phase(self) -> Picture | None:
        return self._picture(queries.phase_groups(self.tally, self.ledger), "phases", _("By phase"), _("Phase"))

    @cached_property
    def by_nature(self) -> Picture | None:
        return self._picture(queries.nature_groups(self.tally, self.ledger), "natures", _("By nature"), _("Nature"))

    def _picture(self, groups: list[Group], ident: str, title: str, head: str) -> Picture | None:
        return picture_of(groups, ident=ident, title=title, head=head)

    @property
    def pictures(self) -> list[Picture]:
        found = (self.by_unit, self.by_section, self.by_phase, self.by_nature)
        return [picture for picture in found if picture is not None]

    @cached_property
    def windows(self) -> list[Opened]:
        """Periods that have opened, the oldest first."""
        windows = windows_of(self.programme, today=self.today, calendar=self.calendar)
        return [window for window in windows if window.opens_on <= self.today]

    @cached_property
    def trend(self) -> Trend | None:
        counted = lines.count_lines(self.windows, self.actor, today=self.today)
        return trend_of(counted, reverse("period_lines", args=[self.programme.pk]))

    @cached_property
    def indicators(self) -> list[IndicatorRow]:
        return indicators.indicator_rows(self.programme, self.actor, today=self.today)

    @property
    def indicators_shown(self) -> list[IndicatorRow]:
        return self.indicators[:INDICATORS]

    @cached_property
    def indicator_tiles(self) -> list[Tile]:
        path, unit = reverse("indicator_list", args=[self.programme.pk]), pgettext("counted", "indicators")
        counts = {code: sum(row.standing.code == code for row in self.indicators) for code in indicators.ORDER}
        words = indicators.words()
        tiles = [Tile(_("All indicators"), len(self.indicators), path, unit, tone="blue")]
        return tiles + [
            Tile(
                words[code],
                count,
                address(path, standing=code),
                unit,
                tone="" if code == "grey" or not count else code,
            )
            for code, count in counts.items()
        ]


def period_cells(count: WindowCount, path: str, **wanted: Any) -> list[Cell]:
    """The figures of one period in the order of the table: owed, what is wrong first, and what was returned."""
    here = {**wanted, "window": count.window.pk}
    cells = [Cell(count.total, address(path, **here), _("Owed"))]
    for code in (Came.MISSING, Came.LATE, Came.ON_TIME, Came.OPEN):
        cells.append(Cell(count.counts[code], address(path, **here, filed=code.value), str(code.label)))
    cells.append(Cell(count.counts[RETURNED], address(path, **here, filed=RETURNED), _("Returned, not filed again")))
    return cells


def trend_of(counted: list[WindowCount], path: str, **wanted: Any) -> Trend | None:
    """Columns over the periods with their table; None before the first period has opened."""
    if not counted:
        return None
    chart_rows, links, table = [], [], []
    for count in counted:
        label = count.window.label
        here = {**wanted, "window": count.window.pk}
        by_code = {CODES[came]: count.counts[came] for came in Came}
        chart_rows.append(ChartRow(label, **by_code))
        lead = {CODES[came]: address(path, **here, filed=came.value) for came in Came}
        links.append({**lead, "total": address(path, **here)})
        table.append(PeriodRow(label, count.window.due_on, period_cells(count, path, **wanted)))
    newest = counted[-1]
    said = _("%(periods)s periods; in the newest, %(period)s, %(missing)s of %(total)s lines are due and not filed.") % {
        "periods": len(counted),
        "period": newest.window.label,
        "missing": newest.counts[Came.MISSING],
        "total": newest.total,
    }
    chart = Chart("filing", tuple(chart_rows), _("How the periods came in"), said)
    return Trend(chart, links, table[::-1])
