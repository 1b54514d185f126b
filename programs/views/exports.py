"""Lists out of the portal as CSV and Excel, for people's own sheets: heads and words are Chinese whatever the screen
speaks, the filters of the address are in force, and every export stands in the journal."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.access.ground import offices
from programs.domain.standings import board_day
from programs.forms.exports import TaskExportFilter
from programs.forms.ledger import LedgerFilter
from programs.models import Programme
from programs.queries import standing
from programs.queries.ledger import LedgerLine, ledger_lines, ledger_tasks
from programs.queries.task_export import COLUMNS as TASK_COLUMNS
from programs.queries.task_export import exported_tasks
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import csv_response, xlsx_response
from taskforce.models import Jurisdiction

LIGHTS = {"red": "■ 逾期", "amber": "▲ 预警", "grey": "○ 无数据", "green": "● 正常"}
#: Head and width in characters.
COLUMNS = (
    ("序号", 7), ("章节", 18), ("条款", 12), ("工作任务", 34), ("工作要求", 44), ("任务性质", 12), ("牵头（责任）单位", 20),
    ("配合单位", 24), ("共同负责、成员单位", 30), ("责任领导", 12), ("完成时限", 13), ("原定时限", 13), ("状态", 10),
    ("进度（%）", 10), ("灯", 10), ("灯的理由", 36), ("最新进展", 50), ("填报单位", 14), ("填报期", 16),
)  # fmt: skip


@require_safe
def ledger_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """任务分解表, comma-separated, UTF-8 with the mark by which Excel knows it."""
    found, _form, lines = _chosen(request, pk, "csv")
    return csv_response(_name(found), [head for head, _width in COLUMNS], (_values(line, found) for line in lines))


@require_safe
def ledger_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """任务分解表 in Excel, with the filters in force in words."""
    found, form, lines = _chosen(request, pk, "xlsx")
    filters = f"；筛选：{'，'.join(form.summary)}" if form.summary else ""
    return xlsx_response(
        _name(found),
        COLUMNS,
        (_values(line, found) for line in lines),
        title=f"{found.title} 任务分解表",
        note=f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(lines)}项{filters}",
        freeze="E4",
    )


@require_safe
def tasks_csv(request: HttpRequest) -> StreamingHttpResponse:
    """全部任务: tasks of all programmes that the office reads, one line each, read and sent piece by piece."""
    actor = actor_of(request)
    if not offices(actor):
        raise PermissionDenied(_("Only an office exports the tasks of all programmes."))
    with translation.override("zh-hans"):
        form = TaskExportFilter(request.GET)
        place = Jurisdiction.objects.get(pk=offices(actor)[0])
        after = {"kind": "csv", "filters": form.summary}
        rows = exported_tasks(actor, **form.wanted)
    record(subject=place, action="export_tasks", actor=actor, audience="office", after=after)
    return csv_response(f"全部任务{timezone.localdate():%Y%m%d}", TASK_COLUMNS, rows.iterator(chunk_size=2000))


def _chosen(request: HttpRequest, pk: int, kind: str) -> tuple[Programme, LedgerFilter, list[LedgerLine]]:
    """The lines of the address in Chinese. The export is journalled."""
    actor = actor_of(request)
    found: Programme = fetch(request, Programme.objects.select_related("jurisdiction"), pk=pk)
    with translation.override("zh-hans"):
        board_day()
        tasks = ledger_tasks(found, actor)
        form = LedgerFilter(request.GET, picture=standing.picture(tasks), historical=found.historical)
        chosen = standing.filter_tasks(tasks, form.wanted)
        lines = list(ledger_lines(chosen, actor=actor, unit=form.wanted.get("department")))
        after = {"kind": kind, "lines": len(lines), "filters": form.summary}
    record(subject=found, action="export", actor=actor, audience="office", after=after)
    return found, form, lines


def _values(line: LedgerLine, found: Programme) -> Iterable[Any]:
    latest, across = line.latest, line.units
    return (
        line.number,
        line.section,
        line.clause_path,
        line.title,
        line.requirement,
        line.nature,
        "" if across else line.lead,
        "" if across else line.support,
        f"{across}（{line.units_note}）" if across else "",
        line.leader,
        line.due_on,
        line.original_due,
        "" if found.historical else line.state,
        line.percent,
        "" if found.historical else LIGHTS[line.light],
        line.sentence,
        latest.text if latest else "",
        latest.unit if latest else "",
        latest.period if latest else "",
    )


def _name(found: Programme) -> str:
    return f"{found.short_title}任务分解表{timezone.localdate():%Y%m%d}"
