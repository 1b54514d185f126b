"""The picture of the programmes: what is wrong, by whom, what a leader has to decide. All from one board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.choices import BuildState, ReportScope
from programs.models import Programme, ProgressReport, Task
from programs.queries.board import BoardRow, DepartmentBar, board, by_department, light_counts
from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import Calendar

#: “This week”: amber tasks whose date lies so many days ahead turn red next.
WEEK = timedelta(days=7)
#: So many units and tasks are listed; the ledger has them all.
BARS = 15
LATE = 10


@dataclass(frozen=True)
class Bar:
    """One row of the component `bars`."""

    label: str
    pk: int
    total: int
    red: int
    amber: int
    green: int
    grey: int


@dataclass
class ProgrammePicture:
    """One running programme: figures and, for leaders, sentences, what needs a decision and the newest report."""

    programme: Programme
    rows: list[BoardRow]
    counts: dict[str, int]
    report: ProgressReport | None = None

    @property
    def late(self) -> list[BoardRow]:
        return [row for row in self.rows if row.light.code == "red"]

    @property
    def late_shown(self) -> list[BoardRow]:
        return self.late[:LATE]

    @property
    def decisions(self) -> list[tuple[BoardRow, Any]]:
        """需协调事项 of the newest reports, with their tasks."""
        return [(row, item) for row in self.rows for item in row.coordination]

    @property
    def sentences(self) -> list[str]:
        """The picture, whose it is, what needs a decision."""
        return [_picture(self.counts), _whose(self.rows), _asked(len(self.decisions))]


def running_rows(actor: ActorContext, *, today: date, calendar: Calendar) -> list[BoardRow]:
    """Tasks of running programmes; two queries."""
    tasks = Task.objects.visible_to(actor).current().order_by("programme_id", "sort", "pk")
    return board(tasks, actor=actor, today=today, calendar=calendar)


def by_programme(rows: Iterable[BoardRow]) -> list[ProgrammePicture]:
    """Programmes in the order of their newest year, each with its own rows."""
    found: dict[int, ProgrammePicture] = {}
    for row in rows:
        programme = row.task.programme
        found.setdefault(programme.pk, ProgrammePicture(programme, [], {})).rows.append(row)
    for picture in found.values():
        picture.counts = light_counts(picture.rows)
    return sorted(found.values(), key=lambda picture: (-picture.programme.year, picture.programme.pk))


def programme_bars(pictures: Iterable[ProgrammePicture]) -> list[Bar]:
    return [
        Bar(
            picture.programme.short_title,
            picture.programme.pk,
            picture.counts["total"],
            *(picture.counts[code] for code in ("red", "amber", "green", "grey")),
        )
        for picture in pictures
    ]


def department_bars(rows: Iterable[BoardRow]) -> tuple[list[Bar], int]:
    """Units with most that is late first, and how many more there are."""
    bars: list[DepartmentBar] = sorted(
        by_department(rows), key=lambda bar: (-bar.red, -bar.amber, -bar.total, bar.department.sort, bar.department.pk)
    )
    shown = [
        Bar(str(bar.department), bar.department.pk, bar.total, bar.red, bar.amber, bar.green, bar.grey)
        for bar in bars[:BARS]
    ]
    return shown, max(0, len(bars) - BARS)


@dataclass(frozen=True)
class Turning:
    """An amber task that turns red when `due_on` passes."""

    row: BoardRow
    due_on: date


def turning_red(rows: Iterable[BoardRow], today: date) -> list[Turning]:
    """What becomes late within seven days, the nearest first."""
    found = []
    for row in rows:
        due = row.light.inputs.get("window_due") or row.light.inputs.get("due_on")
        if row.light.code == "amber" and due is not None and today <= due <= today + WEEK:
            found.append(Turning(row, due))
    return sorted(found, key=lambda item: (item.due_on, item.row.task.pk))


def add_reports(pictures: list[ProgrammePicture], actor: ActorContext) -> None:
    """The newest finished report of each whole programme; one query."""
    newest = (
        ProgressReport.objects.visible_to(actor)
        .filter(
            programme_id__in=[picture.programme.pk for picture in pictures],
            scope=ReportScope.PROGRAMME,
            state=BuildState.READY,
        )
        .select_related("window", "requested_by")
        .defer("content")
        .order_by("programme_id", "-built_at", "-pk")
        .distinct("programme_id")
    )
    found = {report.programme_id: report for report in newest}
    for picture in pictures:
        picture.report = found.get(picture.programme.pk)


def _picture(counts: dict[str, int]) -> str:
    sentence = _("%(total)s tasks: %(green)s on track, %(amber)s at risk, %(red)s overdue, %(grey)s without data.")
    return sentence % counts


def _whose(rows: list[BoardRow]) -> str:
    """Units with late tasks, the most first."""
    late = [bar for bar in by_department(rows) if bar.red]
    if not late:
        return _("No unit is late.")
    late.sort(key=lambda bar: -bar.red)
    listed = _(", ").join(
        _("%(unit)s (%(count)s)") % {"unit": bar.department, "count": bar.red} for bar in late[:3]
    )
    if len(late) > 3:
        return _("%(count)s units are late, most of all %(units)s.") % {"count": len(late), "units": listed}
    return _("Late: %(units)s.") % {"units": listed}


def _asked(count: int) -> str:
    if not count:
        return _("No unit asks for a decision.")
    return ngettext(
        "%(count)s matter was brought up for coordination.", "%(count)s matters were brought up for coordination.", count
    ) % {"count": count}
