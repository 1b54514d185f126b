"""进展报告: the content of a progress report, from the rows its author may see, frozen at the moment of building.

Order of a leader's reading: what is the picture, what needs a decision, what is late and why; only then the table.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from programs.choices import AdjustmentState, EntryState, ReportScope, TaskState
from programs.domain.lights import count_lights
from programs.domain.sheet import sheet_lines
from programs.models import Adjustment, ProgressEntry, ProgressReport, Task
from programs.queries.board import BoardRow, board, by_department
from qualitycity.access import ActorContext
from qualitycity.reports.blocks import (
    Block,
    Cell,
    Chart,
    ChartRow,
    Column,
    Fact,
    Facts,
    Heading,
    Lights,
    Paragraph,
    ReportContent,
    Row,
    SectionRow,
    Table,
)
from qualitycity.workdays.calendar import load_calendar

#: 汉字 numerals of the report's chapters.
NUMERALS = "一二三四五六七八九十"


def build(report: ProgressReport, *, actor: ActorContext) -> ReportContent:
    """Everything the paper prints. `actor` is who asked for it: what he may not see does not enter."""
    now = timezone.now()
    today, calendar = timezone.localdate(), load_calendar()
    tasks = Task.objects.visible_to(actor).filter(programme=report.programme).order_by("sort", "pk")
    if report.scope == ReportScope.SECTION:
        tasks = tasks.filter(section=report.section)
    if report.scope == ReportScope.DEPARTMENT:
        tasks = tasks.filter(parts__department=report.department).distinct()
    rows = board(tasks, actor=actor, today=today, calendar=calendar)
    unit = report.department_id
    entries = _entries(report, [row.task.pk for row in rows], actor)
    chapters: list[tuple[str, list[Block]]] = [
        ("总体情况", _picture(report, rows, entries, now)),
        ("需协调解决的事项", _coordination(entries)),
        ("滞后和预警事项", [*_late(rows, unit), *_bars(report, rows)]),
        ("各项任务进展", _table(rows, entries, unit)),
    ]
    adjusted = _adjusted(rows, actor)
    if adjusted:
        chapters.append(("任务调整情况", adjusted))
    for path in settings.REPORT_SECTIONS:
        section = import_string(path)(report=report, actor=actor)
        if section is not None:
            chapters.append(section)
    blocks: list[Block] = []
    for number, (title, content) in enumerate(chapters):
        headline = f"{NUMERALS[number]}、{title}"
        if isinstance(content[0], Table) and content[0].wide:
            # a wide table opens pages of its own: its headline goes with it instead of staying behind alone
            blocks += [replace(content[0], caption=headline), *content[1:]]
        else:
            blocks += [Heading(headline), *content]
    blocks.append(Paragraph(_footnote(report)))
    programme = report.programme
    title = report.title.replace(report.window.label, "")
    return ReportContent(
        kind="report",
        title=title,
        subtitle=report.window.label,
        issuer=_issuer(report),
        number=None,
        as_of=now,
        period_label=report.window.label,
        author_label=_issuer(report),
        snapshot_ids=(programme.light_policy.sha256[:12],) if programme.light_policy else (),
        blocks=tuple(blocks),
        footer_note=settings.PORTAL_NAME,
    )


def _issuer(report: ProgressReport) -> str:
    body = report.programme.body
    if report.scope == ReportScope.DEPARTMENT:
        return str(report.department.name)  # type: ignore[union-attr]
    if body is not None and body.office_name:
        return body.office_name
    return f"{report.programme.jurisdiction.name}质量工作办公室"


def _entries(
    report: ProgressReport, tasks: Sequence[int], actor: ActorContext
) -> dict[int, list[ProgressEntry]]:
    """Reports of the window by task: what left the units signed, and nothing earlier."""
    found: dict[int, list[ProgressEntry]] = {}
    rows = (
        ProgressEntry.objects.visible_to(actor)
        .valid()
        .filter(
            window=report.window, part__task_id__in=tasks, state__in=[EntryState.SIGNED, EntryState.ACCEPTED]
        )
        .select_related("part__department")
        .order_by("part__sort", "part_id", "version")
    )
    if report.scope == ReportScope.DEPARTMENT:
        rows = rows.filter(part__department=report.department)
    newest: dict[int, ProgressEntry] = {}
    for row in rows:
        newest[row.part_id] = row
    for row in newest.values():
        found.setdefault(row.part.task_id, []).append(row)
    return found


def _picture(
    report: ProgressReport, rows: list[BoardRow], entries: dict[int, list[ProgressEntry]], now: datetime
) -> list[Block]:
    lights = [row.light_of(report.department_id) if report.department_id else row.light for row in rows]
    counts = count_lights(lights)
    states = Counter(row.task.state for row in rows)
    owed = _owed(report)
    reported = sum(state in EntryState.reported() for _unit, state in owed)
    missing = Counter(unit for unit, state in owed if state not in EntryState.reported())
    blocks: list[Block] = [
        Facts(
            (
                Fact("任务总数", f"{len(rows)}项"),
                Fact("已办结", f"{sum(states[state] for state in TaskState.finished())}项"),
                Fact("本期应报", f"{len(owed)}条"),
                Fact("已审签报送", f"{reported}条"),
            )
        ),
        Paragraph(_summary(report, len(rows), counts, owed, reported, missing)),
    ]
    if rows:
        blocks.append(
            Lights(counts["green"], counts["amber"], counts["red"], counts["grey"], counts["early"])
        )
    return blocks


def _bars(report: ProgressReport, rows: list[BoardRow]) -> list[Block]:
    """The picture by unit. After the words: the first page belongs to what a leader must read."""
    bars = by_department(rows)
    if report.scope == ReportScope.DEPARTMENT or not bars:
        return []
    worst = max(bars, key=lambda bar: (bar.red, bar.amber))
    late = f"逾期最多的是{worst.department}（{worst.red}项）" if worst.red else "没有单位逾期"
    return [
        Chart(
            kind="departments",
            rows=tuple(
                ChartRow(str(bar.department), bar.green, bar.amber, bar.red, bar.grey) for bar in bars[:15]
            ),
            caption=f"各责任单位任务亮灯情况{'（任务数前15位）' if len(bars) > 15 else ''}",
            alt=f"{len(bars)}个责任单位的任务数和亮灯情况，{late}。",
        )
    ]


def _owed(report: ProgressReport) -> list[tuple[str, str]]:
    """(unit, state of its line) for every task line of the window in the report's scope."""
    parts = report.programme.tasks.values_list("parts__department", flat=True)
    units = {unit for unit in parts if unit is not None}
    if report.scope == ReportScope.DEPARTMENT:
        units = {report.department_id}
    lines = [line for line in sheet_lines(report.window, units) if line.source.name == "task"]
    if report.scope == ReportScope.SECTION:
        lines = [line for line in lines if line.row.part.task.section_id == report.section_id]
    return [(str(line.row.part.department), line.row.state) for line in lines]


def _summary(
    report: ProgressReport,
    total: int,
    counts: dict[str, int],
    owed: list[tuple[str, str]],
    reported: int,
    missing: Counter[str],
) -> str:
    """Three sentences: the picture, the reporting, what is wrong."""
    programme = report.programme
    of = f"《{programme.title}》"
    if report.scope == ReportScope.SECTION and report.section is not None:
        of += f"“{report.section.title}”部分"
    if report.department is not None:
        of += f"由{report.department}承担的部分"
    early = f"（其中提前{counts['early']}项）" if counts["early"] else ""
    grey = f"，暂无数据{counts['grey']}项" if counts["grey"] else ""
    first = f"{of}共{total}项任务，目前正常{counts['green']}项{early}、预警{counts['amber']}项、逾期{counts['red']}项{grey}。"
    if not owed:
        return first + f"{report.window.label}没有应报事项。"
    share = round(reported * 100 / len(owed))
    second = f"{report.window.label}应报进展{len(owed)}条，已经单位审签报送{reported}条，占{share}%。"
    if not missing:
        return first + second + "各责任单位均已报送。"
    names = "、".join(f"{unit}{count}条" for unit, count in missing.most_common(5))
    more = f"等{len(missing)}个单位" if len(missing) > 5 else ""
    return first + second + f"尚未审签报送的有：{names}{more}。"


def _coordination(entries: dict[int, list[ProgressEntry]]) -> list[Block]:
    rows = [
        Row((Cell(str(entry.part.department)), Cell(entry.part.task.title), Cell(entry.coordination.strip())))
        for group in entries.values()
        for entry in group
        if entry.coordination.strip()
    ]
    columns = (Column("提出单位", 3), Column("任务", 6), Column("需协调事项", 9))
    return [Table(columns, tuple(rows), empty="本期各单位没有提出需要协调的事项。")]


def _late(rows: list[BoardRow], unit: int | None) -> list[Block]:
    """Red before amber; the reason in one sentence, the unit in it."""
    found = []
    for row in rows:
        light = row.light_of(unit) if unit else row.light
        if light.code in ("red", "amber"):
            found.append((light, row))
    found.sort(key=lambda pair: pair[0].rank)
    table = Table(
        columns=(Column("任务", 7), Column("亮灯", 3), Column("原因", 10)),
        rows=tuple(
            Row(
                (Cell(f"{row.task.number}{row.task.title}"), Cell("", light=light.code), Cell(light.sentence))
            )
            for light, row in found
        ),
        empty="目前没有滞后和预警事项。",
    )
    return [table]


def _table(rows: list[BoardRow], entries: dict[int, list[ProgressEntry]], unit: int | None) -> list[Block]:
    body: list[Row | SectionRow] = []
    section = None
    for row in rows:
        if row.section is not None and row.section.pk != section:
            section = row.section.pk
            body.append(SectionRow(str(row.section)))
        elif row.section is None and section is not None:
            # below a section's heading it would read as one of its tasks
            section = None
            body.append(SectionRow("其他任务"))
        light = row.light_of(unit) if unit else row.light
        units = row.lead or row.sole or row.joint or row.members
        body.append(
            Row(
                (
                    Cell(row.task.number),
                    Cell(row.task.title, note=_changed(row.task)),
                    Cell("、".join(units) if units else "未分解"),
                    Cell(_day(row.task.due_on)),
                    Cell(f"{row.percent}%" if row.percent is not None else "—"),
                    Cell("", light=light.code, word="提前" if light.early else ""),
                    Cell(_progress(entries.get(row.task.pk, [])) or _silent(row)),
                )
            )
        )
    columns = (
        Column("序号", 3, "center"),
        Column("工作任务", 7),
        Column("责任单位", 7),
        Column("完成时限", 5, "center"),
        Column("进度", 3, "center"),
        Column("亮灯", 4, "center"),
        Column("本期进展", 13),
    )
    return [Table(columns, tuple(body), wide=True, empty="没有任务。")]


def _changed(task: Task) -> str:
    """What of a task is not any more as it was: every extension and adjustment counts and shows."""
    marks = []
    if task.extended:
        marks.append(f"延期{task.extended}次，原定{_day(task.original_due)}")
    if task.adjusted:
        marks.append(f"调整{task.adjusted}次")
    return "；".join(marks)


def _adjusted(rows: list[BoardRow], actor: ActorContext) -> list[Block]:
    """调整单 of the tasks of this paper: what was before, what holds now, by what basis."""
    tasks = [row.task.pk for row in rows if row.task.adjusted]
    if not tasks:
        return []
    found = Adjustment.objects.visible_to(actor).filter(task__in=tasks, state=AdjustmentState.CARRIED_OUT)
    lines = [
        Row(
            (
                Cell(row.numbered),
                Cell(row.task.original_title or row.task.title),
                Cell("\n".join(f"{what}：{before}→{after}" for what, before, after in row.changes)),
                Cell(f"{row.basis}（{row.approver}，{_day(row.approved_on)}）"),
            )
        )
        for row in found.select_related("task").order_by("year", "number")
    ]
    columns = (Column("编号", 4, "center"), Column("任务", 6), Column("调整内容", 8), Column("依据和批准", 8))
    return [Table(columns, tuple(lines))] if lines else []


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "未定"


def _progress(entries: list[ProgressEntry]) -> str:
    """Each unit's own words; with several units the name stands before them."""
    texts = []
    for entry in entries:
        text = (
            "本期无变化。"
            if entry.unchanged
            else _joined(entry.progress.strip(), entry.result.strip())
        )
        texts.append(f"{entry.part.department}：{text}" if len(entries) > 1 else text)
    return "\n".join(texts)


def _joined(progress: str, result: str) -> str:
    """One after the other; what does not end as a sentence is set off."""
    gap = "；" if progress and result and progress[-1] not in "。！？；…" else ""
    return f"{progress}{gap}{result}"


def _silent(row: BoardRow) -> str:
    """Why nothing stands there: only who owes a report has not reported."""
    if row.task.state in TaskState.finished():
        closed = "并销号" if row.task.state == TaskState.CLOSED else ""
        return f"已于{_day(row.task.completed_on)}办结{closed}。"
    if row.task.state == TaskState.SUSPENDED:
        return f"已于{_day(row.task.suspended_on)}中止（{row.task.suspended_why}）。"
    if not any(part.department_id for part in row.parts):
        return "尚未明确责任单位。"
    return "本期未报。"


def _footnote(report: ProgressReport) -> str:
    ends = "（推算）" if report.programme.ends_computed else ""
    return (
        f"说明：进展以责任单位审签报送的内容为准；亮灯按方案规则由时限和报送情况得出，“无数据”不计入正常。"
        f"方案期限为{_day(report.programme.starts_on)}至{_day(report.programme.ends_on)}{ends}。"
    )
