"""填报表 as it goes out: the lines of a unit in one period as an Excel workbook, filled with the draft as it stands."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from programs.choices import EntryState
from programs.models import ReportingWindow
from programs.workbook.cells import cleaned
from programs.workbook.sheets import WorkbookSheet
from programs.workbook.stamp import TEMPLATE, Issued, Stamp, mark_of
from programs.workbook.writer import WrittenLine, write_workbook
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department

from .filing import period_open
from .sheet import sheet_lines
from .sources import Line

#: This app's own sheet, by path like those of other floors.
OWN = "programs.domain.workbook_tasks.TASK_SHEET"


def workbook_sheets() -> tuple[WorkbookSheet, ...]:
    """Tasks first, then whatever other floors have registered."""
    return tuple(import_string(path) for path in (OWN, *settings.WORKBOOK_SHEETS))


def normal(value: Any) -> Any:
    """A value as both sides compare it."""
    return cleaned(value) if isinstance(value, str) else value


def withheld(line: Line, actor: ActorContext) -> bool:
    """A draft of the unit, which the office neither reads nor changes."""
    return line.row.pk is not None and not can(actor, "view", line.row)


def open_to(line: Line, actor: ActorContext) -> bool:
    """Whether this person can type into the line now."""
    return line.row.state in EntryState.editable() and not withheld(line, actor)


def values_of(line: Line, spec: WorkbookSheet) -> dict[str, Any]:
    """What stands in the fields that the line asks for."""
    asked = spec.asks(line)
    return {column.field: getattr(line.row, column.field) for column in spec.asked if column.field in asked}


def demand_filing(lines: Collection[Line], actor: ActorContext) -> None:
    """As the page: the period is open and the person files for the unit."""
    for line in lines:
        blocked = period_open(line.row, actor)
        if blocked:
            raise IllegalMove(blocked, line.row)
        decision = can(actor, "file", line.row)
        if not decision:
            raise NotAllowed(decision.reason, line.row)


def issue(
    *, actor: ActorContext, window: ReportingWindow, department: Department, departments: Collection[int]
) -> bytes:
    """The workbook of the unit and period, in Chinese whatever the screen speaks. What leaves the portal is journalled.

    `departments`: the unit with those it succeeded, as on its page.
    """
    lines = sheet_lines(window, departments)
    if not lines:
        raise IllegalMove(_("Nothing to file in this period"))
    demand_filing(lines, actor)
    with translation.override("zh-hans"):
        content = _written(lines, actor=actor, window=window, department=department)
    record(
        subject=window, action="export_workbook", actor=actor, audience="office",
        after={"unit": department.name, "lines": len(lines)},
    )  # fmt: skip
    return content


def _written(
    lines: Collection[Line], *, actor: ActorContext, window: ReportingWindow, department: Department
) -> bytes:
    issued: dict[str, Issued] = {}
    sheets = []
    for spec in workbook_sheets():
        rows = []
        for line in lines:
            if line.source.name != spec.source:
                continue
            hidden = withheld(line, actor)
            values = {} if hidden else values_of(line, spec)
            issued[line.key] = Issued(
                line.row.row_version if line.row.pk else 0,
                mark_of(normal(line.title)),
                {name: mark_of(normal(value)) for name, value in values.items()},
            )
            rows.append(WrittenLine(str(line.ident), line, spec.asks(line) if open_to(line, actor) else (), values))
        if rows:
            sheets.append((spec, rows))
    programme, now = window.programme, timezone.localtime()
    stamp = Stamp(
        TEMPLATE, window.pk, department.pk, programme.title, window.label, department.name,
        now.isoformat(timespec="seconds"), issued,
    )  # fmt: skip
    title = f"{department.short_name}{window.label}填报表"
    note = f"{programme.title}　截止{window.due_on:%Y-%m-%d}　{now:%Y-%m-%d %H:%M}由{actor.label}下载　非涉密"
    return write_workbook(
        title=title, note=note, guide=_guide(window, department, len(lines)), sheets=sheets, stamp=stamp
    )


def _guide(window: ReportingWindow, department: Department, count: int) -> list[tuple[str, str]]:
    programme = window.programme
    office = programme.contact or settings.PORTAL_OFFICE_CONTACT or "见门户页脚"
    return [
        ("方案", programme.title),
        ("单位、期次", f"{department.name}　{window.label}　共{count}项"),
        ("截止日期", f"{window.due_on:%Y年%-m月%-d日}（含负责人审签）"),
        ("非涉密", "本表和门户均不得填写、传输国家秘密和工作秘密。涉密内容请按保密规定另行报送。"),
        ("怎么填", "只填黄色表头下的白色格；灰色格是门户里的内容，改了也不读。已有的草稿已经填在表里。"),
        ("完成百分比", "截至本期的累计数，0到100的整数。比上期低的，在“百分比下降原因”里写明。"),
        ("无变化", "上期报过、本期没有变化的，选“是”，同一行其他内容留空。"),
        ("不要", "不要写公式、合并单元格，不要改“系统编号”。行和列的顺序可以变，多出的列不读。"),
        ("怎么交回", "门户“本单位报表”→“导回填报表”，上传本文件。先看预览：逐项列出改了什么、哪一格有误，确认后才写入。"),
        ("有误时", "有一格不能导入，整个文件都不写入。按提示的格（如F7）改好，重新上传。"),
        ("下载以后", "有人在门户里改过同一项的，这一项不能导入，请重新下载再填。没动过的项不受影响。"),
        ("审签", "导入只存草稿；也可以“导入并提交审签”。负责人仍在门户里或纸上审签。"),
        ("联系", office),
    ]
