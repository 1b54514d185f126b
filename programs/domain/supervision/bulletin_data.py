"""督查通报: the tables that are read from the portal, and the sentences proposed over them. Chinese: they go into a paper.

What was done in the period, what is late – tasks and supervised items –, who has not answered a slip, who has not
reported or handed in a paper; the order of units only where the office asks for it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from programs.choices import (
    EntryState,
    ItemPartState,
    ItemRole,
    ItemState,
    LightCode,
    PartState,
    ProgrammeState,
    SlipState,
    TaskState,
)
from programs.models import (
    ItemPart,
    MaterialDue,
    PartStanding,
    Programme,
    ReportingWindow,
    Slip,
    SupervisedItem,
    Task,
)
from qualitycity.workdays.calendar import Calendar
from taskforce.models import Department, Jurisdiction

from ..sources import sources
from .slip_notices import name_of

#: Rows of one table; a paper that goes on for ever is read by nobody. What is left out is said below the table.
MOST = 200


@dataclass
class Found:
    """What a bulletin is made of. `tables` are plain JSON values."""

    done: int = 0
    late: int = 0
    unanswered: int = 0
    silent: int = 0
    items_done: int = 0
    items_late: int = 0
    papers: int = 0
    issued: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    late_by_unit: Counter[str] = field(default_factory=Counter)
    tables: list[dict[str, Any]] = field(default_factory=list)


def _table(title: str, columns: list[tuple[str, int]], rows: list[list[str]], empty: str) -> dict[str, Any]:
    shown = rows[:MOST]
    if len(rows) > MOST:
        left = ["—"] * len(columns)
        left[1] = f"另有{len(rows) - MOST}项未列出"
        shown.append(left)
    return {"title": title, "columns": [list(column) for column in columns], "rows": shown, "empty": empty}


def read(
    *,
    jurisdiction: Jurisdiction,
    programme: Programme | None,
    starts_on: date,
    ends_on: date,
    today: date,
    calendar: Calendar,
    ranked: bool = False,
) -> Found:
    """Reads everything in a constant number of statements."""
    found = Found()
    programmes = Programme.objects.filter(jurisdiction=jurisdiction, state=ProgrammeState.RUNNING)
    if programme is not None:
        programmes = programmes.filter(pk=programme.pk)
    _done(found, programmes, starts_on, ends_on)
    _late(found, programmes)
    _items(found, jurisdiction, programme, starts_on, ends_on, today, calendar)
    _slips(found, jurisdiction, programme, starts_on, ends_on, today, calendar)
    _silent(found, programmes, today, calendar)
    _papers(found, jurisdiction, programme, today, calendar)
    if ranked:
        _ranked(found, programmes)
    return found


def _done(found: Found, programmes: Any, starts_on: date, ends_on: date) -> None:
    rows = (
        Task.objects.filter(
            programme__in=programmes,
            state__in=TaskState.finished(),
            completed_on__range=(starts_on, ends_on),
        )
        .select_related("programme")
        .prefetch_related("parts__department")
        .order_by("programme_id", "sort", "pk")
    )
    listed: list[list[str]] = []
    for task in rows:
        units = "、".join(
            str(part.department) for part in task.parts.all() if part.department and part.owes_reports
        )
        listed.append(
            [
                str(len(listed) + 1),
                str(task),
                task.programme.short_title,
                units or "—",
                f"{task.completed_on:%Y-%m-%d}",
            ]
        )
    found.done = len(listed)
    columns = [("序号", 2), ("任务", 9), ("方案", 5), ("责任单位", 5), ("办结日期", 4)]
    found.tables.append(_table("本期办结事项", columns, listed, "本期没有办结的任务。"))


def _late(found: Found, programmes: Any) -> None:
    rows = (
        PartStanding.objects.filter(
            light=LightCode.RED,
            part__task__programme__in=programmes,
            part__task__state=TaskState.ACTIVE,
            part__state__in=[PartState.ASSIGNED, PartState.SIGNED_FOR],
            part__department__isnull=False,
        )
        .select_related("part__task", "part__department")
        .order_by("part__department__sort", "part__department_id", "part__task__sort", "part_id")
    )
    listed: list[list[str]] = []
    for row in rows:
        unit = str(row.part.department)
        found.late_by_unit[unit] += 1
        listed.append([str(len(listed) + 1), str(row.part.task), unit, row.sentence])
    found.late = len(listed)
    columns = [("序号", 2), ("任务", 9), ("责任单位", 5), ("滞后情况", 9)]
    found.tables.append(_table("滞后事项", columns, listed, "没有滞后的任务。"))


def _items(
    found: Found,
    jurisdiction: Jurisdiction,
    programme: Programme | None,
    starts_on: date,
    ends_on: date,
    today: date,
    calendar: Calendar,
) -> None:
    """督办事项 outside programmes; restricted ones stand in no bulletin."""
    items = SupervisedItem.objects.filter(jurisdiction=jurisdiction, restricted=False)
    if programme is not None:
        items = items.filter(programme=programme)
    done = items.filter(state__in=[ItemState.COMPLETED, ItemState.CLOSED])
    found.items_done = done.filter(completed_on__range=(starts_on, ends_on)).count()
    parts = (
        ItemPart.objects.open()
        .filter(item__in=items, item__due_on__lt=today, role=ItemRole.LEAD)
        .select_related("item", "department")
        .order_by("department__sort", "department_id", "item__due_on", "pk")
    )
    listed: list[list[str]] = []
    for part in parts:
        late = max(1, calendar.working_days_between(part.item.due_on, today))
        what = "未签收" if part.state == ItemPartState.ASSIGNED else "未办结"
        words = f"{what}，逾期{late}个工作日"
        listed.append([str(len(listed) + 1), part.item.title, str(part.department), part.item.number, words])
    found.items_late = len(listed)
    columns = [("序号", 2), ("督办事项", 8), ("主办单位", 5), ("编号", 5), ("办理情况", 6)]
    found.tables.append(_table("督办事项逾期", columns, listed, "没有逾期的督办事项。"))


def _papers(
    found: Found, jurisdiction: Jurisdiction, programme: Programme | None, today: date, calendar: Calendar
) -> None:
    """应报材料 that have not come in."""
    dues = MaterialDue.objects.overdue(today).filter(material__jurisdiction=jurisdiction)
    if programme is not None:
        dues = dues.filter(material__programme=programme)
    listed: list[list[str]] = []
    for due in dues.select_related("material", "department").order_by("department__sort", "department_id", "due_on"):
        late = max(1, calendar.working_days_between(due.due_on, today))
        listed.append([str(len(listed) + 1), str(due.department), str(due), f"逾期{late}个工作日"])
    found.papers = len(listed)
    columns = [("序号", 2), ("单位", 7), ("应报材料", 10), ("逾期", 5)]
    found.tables.append(_table("逾期未报材料", columns, listed, "应报材料均已报送。"))


def _slips(
    found: Found,
    jurisdiction: Jurisdiction,
    programme: Programme | None,
    starts_on: date,
    ends_on: date,
    today: date,
    calendar: Calendar,
) -> None:
    """Slips about restricted items stand in no bulletin."""
    slips = Slip.objects.filter(jurisdiction=jurisdiction).exclude(item_part__item__restricted=True)
    if programme is not None:
        about = Q(part__task__programme=programme) | Q(window__programme=programme)
        slips = slips.filter(about | Q(item_part__item__programme=programme))
    zone = timezone.get_current_timezone()
    span = (
        datetime.combine(starts_on, time.min, tzinfo=zone),
        datetime.combine(ends_on, time.max, tzinfo=zone),
    )
    counted = slips.filter(issued_at__range=span).exclude(state=SlipState.WITHDRAWN).order_by()
    for colour, count in counted.values_list("colour").annotate(count=Count("pk")):
        found.issued[colour] = count
    found.answered = counted.filter(state__in=[SlipState.ANSWERED, SlipState.SETTLED]).count()
    listed: list[list[str]] = []
    for slip in (
        slips.overdue(today)
        .select_related("department")
        .order_by("department__sort", "department_id", "due_on")
    ):
        late = max(1, calendar.working_days_between(slip.due_on, today))
        listed.append(
            [
                str(len(listed) + 1),
                slip.matter,
                str(slip.department),
                name_of(slip),
                f"{slip.due_on:%Y-%m-%d}，逾期{late}个工作日",
            ]
        )
    found.unanswered = len(listed)
    columns = [("序号", 2), ("事项", 8), ("责任单位", 5), ("督办单", 6), ("要求回复", 6)]
    found.tables.append(_table("督办单逾期未回复", columns, listed, "没有逾期未回复的督办单。"))


def _silent(found: Found, programmes: Any, today: date, calendar: Calendar) -> None:
    windows = ReportingWindow.objects.filter(
        programme__in=programmes, due_on__lt=today, locked_at__isnull=True
    ).in_bulk()
    listed: list[list[str]] = []
    if windows:
        asked = [source.owed(list(windows)) for source in sources()]
        missing: Counter[tuple[int, int]] = Counter()
        for department, state, window, count in asked[0].union(*asked[1:], all=True):
            if state in ("", *EntryState.with_unit()):
                missing[window, department] += count
        names = Department.objects.in_bulk({department for _window, department in missing})
        for (pk, department), count in sorted(
            missing.items(), key=lambda item: (names[item[0][1]].sort, item[0])
        ):
            window = windows[pk]
            late = max(1, calendar.working_days_between(window.due_on, today))
            unit = str(names[department])
            listed.append([str(len(listed) + 1), unit, window.label, str(count), f"逾期{late}个工作日"])
    found.silent = len({row[1] for row in listed})
    columns = [("序号", 2), ("单位", 7), ("填报期", 7), ("未报（项）", 4), ("逾期", 5)]
    found.tables.append(_table("逾期未报单位", columns, listed, "各单位均已报送。"))


def _ranked(found: Found, programmes: Any) -> None:
    """Units by the share of their parts that are not late. Only where the office has asked for it."""
    totals: Counter[str] = Counter()
    parts = PartStanding.objects.filter(
        part__task__programme__in=programmes,
        part__task__state=TaskState.ACTIVE,
        part__department__isnull=False,
    )
    for unit, count in (
        parts.order_by().values_list("part__department__short_name").annotate(count=Count("pk"))
    ):
        totals[unit] += count
    rows = sorted(
        ((unit, total, found.late_by_unit[unit]) for unit, total in totals.items()),
        key=lambda row: (row[2] / row[1], -row[1], row[0]),
    )
    listed = [
        [str(index), unit, str(total), str(late), f"{(total - late) * 100 // total}%"]
        for index, (unit, total, late) in enumerate(rows, 1)
    ]
    columns = [("位次", 2), ("单位", 7), ("承担任务（项）", 5), ("滞后（项）", 4), ("未滞后比例", 4)]
    found.tables.append(_table("各单位任务推进情况", columns, listed, "没有可排列的单位。"))


def opening_of(found: Found, *, starts_on: date, ends_on: date) -> str:
    colours = "、".join(
        f"{word}{found.issued[code]}张"
        for code, word in (("", "交办单"), ("blue", "蓝色"), ("orange", "橙色"), ("red", "红色"))
        if found.issued[code]
    )
    issued = sum(found.issued.values())
    slips = f"签发督办单{issued}张（{colours}），已回复{found.answered}张" if issued else "未签发督办单"
    return (
        f"{starts_on.year}年{starts_on.month}月{starts_on.day}日至{ends_on.year}年{ends_on.month}月{ends_on.day}日，"
        f"办结任务{found.done}项、督办事项{found.items_done}项，{slips}。截至目前，滞后任务{found.late}项，"
        f"逾期的督办事项{found.items_late}项，逾期未回复的督办单{found.unanswered}张，逾期未报进展的单位{found.silent}个，"
        f"逾期未报的材料{found.papers}份。"
    )


def findings_of(found: Found) -> str:
    lines = []
    if found.late:
        worst = "、".join(f"{unit}{count}项" for unit, count in found.late_by_unit.most_common(5))
        lines.append(f"部分任务进展滞后。滞后事项较多的单位：{worst}。")
    if found.unanswered:
        lines.append(f"{found.unanswered}张督办单逾期未回复，有关单位对督办事项重视不够。")
    if found.items_late:
        lines.append(f"{found.items_late}项督办事项超过办理时限。")
    if found.silent:
        lines.append(f"{found.silent}个单位未按期报送进展。")
    if found.papers:
        lines.append(f"{found.papers}份应报材料逾期未报。")
    return "\n".join(lines) or "本期未发现滞后、未回复、未报送的情况。"


def demands_of(found: Found) -> str:
    if not (found.late or found.unanswered or found.silent or found.items_late or found.papers):
        return "请各单位继续按序时进度推进，按期报送。"
    return "请有关单位对照附表逐项查明原因，明确措施和完成时间，抓紧办理；尚未回复、报送的，请于本通报印发后3个工作日内补报。"
