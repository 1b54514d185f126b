"""任务分解表 out of the portal: CSV and Excel with the filters of the address, Chinese heads, for people's own sheets."""

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from programs.forms.ledger import LedgerFilter
from programs.models import Programme
from programs.queries import programmes as queries
from programs.queries.board import board
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.workdays import load_calendar

from .programmes import chosen_rows

#: What a spreadsheet may take for a formula, half and full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LIGHTS = {"red": "■ 逾期", "amber": "▲ 预警", "grey": "○ 无数据", "green": "● 正常"}
#: Head and width in characters.
COLUMNS = (
    ("序号", 7), ("章节", 18), ("条款", 12), ("工作任务", 34), ("工作要求", 44), ("任务性质", 12), ("牵头（责任）单位", 20),
    ("配合单位", 24), ("共同负责、成员单位", 30), ("责任领导", 12), ("完成时限", 13), ("原定时限", 13), ("状态", 10),
    ("进度（%）", 10), ("灯", 10), ("灯的理由", 36), ("最新进展", 50), ("填报单位", 14), ("填报期", 16),
)  # fmt: skip


@require_safe
def ledger_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Comma-separated, UTF-8 with the mark by which Excel knows it."""
    found, _form, lines = _chosen(request, pk, "csv")
    writer = csv.writer(_Echo())

    def stream() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow([head for head, _width in COLUMNS])
        for line in lines:
            yield writer.writerow([safe(value) for value in _values(line, found)])

    response = StreamingHttpResponse(stream(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _disposition(found, "csv")
    return response


@require_safe
def ledger_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """Excel as the office prints it: title, filters in force, sticky head, A3 landscape, head on every page."""
    found, form, lines = _chosen(request, pk, "xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("任务分解表")
    for index, (_head, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "E4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    thin = Side(style="thin", color="808080")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    wrap = Alignment(wrap_text=True, vertical="top")
    title = WriteOnlyCell(sheet, safe(f"{found.title} 任务分解表"))
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    filters = f"；筛选：{'，'.join(form.summary)}" if form.summary else ""
    sheet.append([safe(f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(lines)}项{filters}")])
    heads = [WriteOnlyCell(sheet, head) for head, _width in COLUMNS]
    for head in heads:
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", start_color="E6EDF5")
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        head.border = border
    sheet.append(heads)
    for line in lines:
        cells = [WriteOnlyCell(sheet, safe(value)) for value in _values(line, found)]
        for cell in cells:
            cell.alignment = wrap
            cell.border = border
            if hasattr(cell.value, "year"):
                cell.number_format = "yyyy-mm-dd"
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    response = FileResponse(
        file, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = _disposition(found, "xlsx")
    return response


def safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is made text by the apostrophe that spreadsheets know."""
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value


class _Echo:
    """A file that hands back what is written: the csv module then makes lines one by one."""

    def write(self, line: str) -> str:
        return line


def _chosen(request: HttpRequest, pk: int, kind: str) -> tuple[Programme, LedgerFilter, list[queries.LedgerLine]]:
    """The lines of the address; words are Chinese whatever the language of the screen. The export is journalled."""
    actor = actor_of(request)
    found: Programme = fetch(request, Programme.objects.select_related("jurisdiction"), pk=pk)
    with translation.override("zh-hans"):
        rows = board(
            queries.ledger_tasks(found, actor), actor=actor, today=timezone.localdate(), calendar=load_calendar()
        )
        form = LedgerFilter(request.GET, rows=rows, historical=found.historical)
        lines = queries.ledger_lines(chosen_rows(form, rows), unit=form.wanted.get("department"))
        after = {"kind": kind, "lines": len(lines), "filters": form.summary}
    record(subject=found, action="export", actor=actor, audience="office", after=after)
    return found, form, lines


def _values(line: queries.LedgerLine, found: Programme) -> Iterable[Any]:
    latest, across = line.latest, line.units
    return (
        line.number,
        line.section,
        line.row.task.clause_path,
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
        "" if found.historical else LIGHTS[line.light.code],
        line.light.sentence,
        latest.text if latest else "",
        latest.unit if latest else "",
        latest.period if latest else "",
    )


def _disposition(found: Programme, ending: str) -> str:
    """ASCII name for old programs, the Chinese one beside it (RFC 6266)."""
    name = quote(f"{found.short_title}任务分解表{timezone.localdate():%Y%m%d}.{ending}")
    return f"attachment; filename=\"ledger-{found.pk}.{ending}\"; filename*=UTF-8''{name}"
