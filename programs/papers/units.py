"""进展情况报送表 of one unit: the filed lines worded for paper. A paper of the office, in Chinese like all of them."""

from collections.abc import Collection

from django.conf import settings
from django.utils import timezone

from programs.choices import TaskNature
from programs.domain.paper import check_code
from programs.domain.sources import Line
from programs.models import ReportingWindow
from qualitycity.reports.blocks import Cell, ReportContent
from qualitycity.reports.papers import ReturnLine, return_form
from taskforce.models import Department

NO_CHANGE = "本期无变化。"


def unit_form(
    *, window: ReportingWindow, department: Department, lines: Collection[Line], filler: str
) -> ReportContent:
    """The form of the lines that wait for the head's signature; the code at its foot stands for these very texts."""
    sections: dict[str, list[ReturnLine]] = {}
    for line in lines:
        sections.setdefault(line.section, []).append(_return_line(line))
    due = window.due_on
    code = check_code(lines)
    programme = window.programme
    return return_form(
        title=programme.title,
        unit=department.name,
        issuer=str(programme.body.office_name or programme.body) if programme.body else programme.jurisdiction.name,
        number=None,
        period_label=window.label,
        as_of=timezone.now(),
        due_label=f"{due.year}年{due.month}月{due.day}日",
        sections=list(sections.items()),
        filler=filler,
        phone=department.phone,
        office_contact=programme.contact or settings.PORTAL_OFFICE_CONTACT,
        code=f"{code[:4]} {code[4:]}",
    )


def _return_line(line: Line) -> ReturnLine:
    row = line.row
    due = f"{line.due_on.year}年\n{line.due_on.month}月{line.due_on.day}日" if line.due_on else "—"
    if line.source.name != "task":
        return ReturnLine(line.number, f"{line.title}\n（目标{line.requirement}）", due, _figure(line), row.note, "", "", "")
    said = line.previous if row.unchanged and line.previous is not None else row
    done = "\n".join(text for text in (said.progress, said.result and f"成效：{said.result}") if text)
    if row.unchanged:
        done = f"{NO_CHANGE}（{said.window.label}：{done}）" if line.previous is not None else NO_CHANGE
    if row.percent_reason:
        done = f"{done}\n进度低于上期：{row.percent_reason}"
    return ReturnLine(
        line.number, line.title, due, _progress(line), done, said.problems, said.next_steps, said.coordination
    )


def _progress(line: Line) -> Cell:
    if line.nature == TaskNature.OUTCOME:
        return Cell("—" if line.row.percent is None else f"{line.row.percent}%")
    return Cell("常态推进" if line.nature == TaskNature.ONGOING else "见指标")


def _figure(line: Line) -> Cell:
    value = line.row.value
    return Cell("—" if value is None else f"{value.normalize():f}{line.unit}")
