"""The picture of the programmes: what is wrong, by whom, what a leader has to decide. Counted in the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.choices import BuildState, LightCode, ReportScope
from programs.models import CoordinationMatter, Programme, ProgressEntry, ProgressReport, Responsibility, Task
from programs.queries import standing
from programs.queries.board import DepartmentBar
from qualitycity.access import ActorContext
from qualitycity.periods import Period

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


@dataclass(frozen=True)
class Matter:
    """需协调事项 of one unit's newest report, or one that was put before the reader."""

    task: Task
    unit: str
    text: str
    period: str
    put_before: bool = False


@dataclass
class ProgrammePicture:
    """One running programme: figures and, for leaders, sentences, what needs a decision and the newest report."""

    programme: Programme
    counts: dict[str, int]
    late: list[Task] = field(default_factory=list)
    late_units: list[tuple[str, int]] = field(default_factory=list)
    to_decide: list[Matter] = field(default_factory=list)
    decisions: list[Matter] = field(default_factory=list)
    report: ProgressReport | None = None

    @property
    def more_late(self) -> int:
        return self.counts["red"] - len(self.late)

    @property
    def sentences(self) -> list[str]:
        """The picture, whose it is, what needs a decision."""
        return [_picture(self.counts), _whose(self.late_units), _asked(len(self.to_decide) + len(self.decisions))]


def running_tasks(actor: ActorContext) -> QuerySet[Task]:
    return Task.objects.visible_to(actor).current()


def programme_pictures(actor: ActorContext) -> list[ProgrammePicture]:
    """Running programmes with tasks one may see, the newest year first; two queries."""
    counts = standing.light_counts_by(running_tasks(actor), "programme_id")
    programmes = Programme.objects.filter(pk__in=list(counts)).order_by("-year", "pk")
    return [ProgrammePicture(programme, counts[programme.pk]) for programme in programmes]


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


def department_bars(actor: ActorContext) -> tuple[list[Bar], int]:
    """Units with most that is late first, and how many more there are; one query."""
    bars: list[DepartmentBar] = sorted(
        standing.department_bars_of(running_tasks(actor)),
        key=lambda bar: (-bar.red, -bar.amber, -bar.total, bar.department.sort, bar.department.pk),
    )
    shown = [
        Bar(str(bar.department), bar.department.pk, bar.total, bar.red, bar.amber, bar.green, bar.grey)
        for bar in bars[:BARS]
    ]
    return shown, max(0, len(bars) - BARS)


def turning_red(actor: ActorContext, today: date) -> list[Task]:
    """Amber tasks that turn red within seven days, the nearest first, with `standing` and `programme`; one query."""
    return list(standing.turning_red(running_tasks(actor), today).select_related("standing", "programme"))


def with_leading(pictures: list[ProgrammePicture], actor: ActorContext) -> list[ProgrammePicture]:
    """What leaders read besides the figures: late tasks and units. Two queries."""
    by_key = {picture.programme.pk: picture for picture in pictures}
    tasks = running_tasks(actor)
    order = (F("standing__turns_on").asc(nulls_last=True), F("sort").asc(), F("pk").asc())
    place = Window(RowNumber(), partition_by=F("programme_id"), order_by=order)
    late = tasks.filter(standing__light=LightCode.RED).select_related("standing", "programme")
    for task in late.annotate(place=place).filter(place__lte=LATE).order_by("place"):
        by_key[task.programme_id].late.append(task)
    for (programme_id, unit), count in _late_units(tasks):
        by_key[programme_id].late_units.append((unit, count))
    return pictures


def add_matters(
    pictures: list[ProgrammePicture], actor: ActorContext, put_before: Iterable[CoordinationMatter]
) -> list[ProgrammePicture]:
    """需协调事项 that nobody has answered yet: those put before the reader, and apart from them what units brought up.

    Read afresh: an answer or a decision moves no light, and whoever decides sees at once that it is decided. One query.
    """
    by_key = {picture.programme.pk: picture for picture in pictures}
    mine = set()
    for row in put_before:
        mine.add((row.part_id, row.window_id))
        if row.programme_id in by_key:
            by_key[row.programme_id].to_decide.append(
                Matter(row.part.task, str(row.department), row.text, row.window.label, put_before=True)
            )
    for entry in standing.brought_up(running_tasks(actor), actor):
        if (entry.part_id, entry.window_id) not in mine:
            by_key[entry.part.task.programme_id].decisions.append(_matter(entry))
    return pictures


def add_reports(pictures: list[ProgrammePicture], actor: ActorContext) -> None:
    """The newest finished report of each whole programme; one query."""
    by_key = {picture.programme.pk: picture for picture in pictures}
    for report in _newest_reports(list(by_key), actor):
        by_key[report.programme_id].report = report


def _late_units(tasks: QuerySet[Task]) -> list[tuple[tuple[int, str], int]]:
    """((programme, unit), late tasks), the most first."""
    parts: QuerySet[Responsibility] = standing.answering(tasks).filter(standing__light=LightCode.RED)
    counted: dict[tuple[int, str], int] = {}
    for programme_id, unit in parts.order_by().values_list("task__programme_id", "department__short_name"):
        counted[programme_id, unit] = counted.get((programme_id, unit), 0) + 1
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _matter(entry: ProgressEntry) -> Matter:
    window: Any = entry.window
    period = Period(window.kind, window.starts_on, window.ends_on).label
    return Matter(entry.part.task, str(entry.part.department), entry.coordination, period)


def _newest_reports(programmes: list[int], actor: ActorContext) -> QuerySet[ProgressReport]:
    return (
        ProgressReport.objects.visible_to(actor)
        .filter(programme_id__in=programmes, scope=ReportScope.PROGRAMME, state=BuildState.READY)
        .select_related("programme", "window", "requested_by")
        .defer("content")
        .order_by("programme_id", "-built_at", "-pk")
        .distinct("programme_id")
    )


def _picture(counts: dict[str, int]) -> str:
    sentence = _("%(total)s tasks: %(green)s on track, %(amber)s at risk, %(red)s overdue, %(grey)s without data.")
    return sentence % counts


def _whose(late: list[tuple[str, int]]) -> str:
    """Units with late tasks, the most first."""
    if not late:
        return _("No unit is late.")
    listed = _(", ").join(_("%(unit)s (%(count)s)") % {"unit": unit, "count": count} for unit, count in late[:3])
    if len(late) > 3:
        return _("%(count)s units are late, most of all %(units)s.") % {"count": len(late), "units": listed}
    return _("Late: %(units)s.") % {"units": listed}


def _asked(count: int) -> str:
    if not count:
        return _("No unit asks for a decision.")
    return ngettext(
        "%(count)s matter was brought up for coordination.", "%(count)s matters were brought up for coordination.", count
    ) % {"count": count}
