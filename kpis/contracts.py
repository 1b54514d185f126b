"""What `kpis` offers to the floor below, registered by dotted path in the settings."""

from typing import Any

from django.utils.translation import gettext as _

from programs.choices import EntryState, ReportScope
from programs.contracts import Asked, Figure, Panel, Shown, Words, WorkbookSheet
from qualitycity.access import ActorContext
from qualitycity.reports.blocks import Block, Cell, Column, Row, Table

from .domain.adjusting import INDICATOR_ADJUSTER
from .domain.copying import copy_indicators
from .domain.loading import apply_indicators
from .domain.readings import INDICATORS, LONGEST, target_text
from .facts import indicator_facts
from .models import Indicator, IndicatorReading

__all__ = [
    "INDICATOR_ADJUSTER",
    "INDICATORS",
    "INDICATOR_SHEET",
    "apply_indicators",
    "copy_indicators",
    "indicator_facts",
    "indicator_panel",
    "report_section",
]

#: 指标 in a unit's 填报表.
INDICATOR_SHEET = WorkbookSheet(
    source="indicator",
    title="指标",
    shown=(
        Shown("条款", 12, lambda line: line.number),
        Shown("指标名称", 30, lambda line: line.title),
        Shown("目标", 16, lambda line: line.requirement),
        Shown("单位", 8, lambda line: line.unit),
        Shown("状态", 9, lambda line: line.row.get_state_display() if line.row.pk else "待填报"),
    ),
    asked=(
        Asked("value", "本期数值", Figure(), 14, also=("数值", "完成值")),
        Asked("note", "数据来源或说明", Words(LONGEST), 46, also=("说明", "数据来源")),
    ),
    asks=lambda line: ("value", "note"),
)


def indicator_panel(*, task: Any, actor: ActorContext) -> Panel | None:
    """The indicators of a task with their newest accepted figure; two queries, None when there is none."""
    indicators = list(Indicator.objects.visible_to(actor).filter(task=task).select_related("reporter"))
    if not indicators:
        return None
    newest = {
        reading.indicator_id: reading
        for reading in IndicatorReading.objects.visible_to(actor)
        .filter(indicator__in=indicators, state="accepted")
        .select_related("window")
        .order_by("indicator_id", "-window__starts_on")
        .distinct("indicator_id")
    }
    rows = []
    for indicator in indicators:
        reading = newest.get(indicator.pk)
        figure = (
            "—"
            if reading is None or reading.value is None
            else f"{reading.value.normalize():f} {indicator.unit}"
        )
        period = reading.window.label if reading else ""
        note = indicator.doubt_note if indicator.doubtful else ""
        if indicator.original_target:
            note = _("adjusted; printed: %(target)s") % {"target": indicator.original_target}
        rows.append((indicator.name, target_text(indicator), figure, period, note))
    return Panel(
        title=_("Indicators"),
        headers=(_("Indicator"), _("Target"), _("Latest figure"), _("Period"), _("Note")),
        rows=rows,
    )


def report_section(*, report: Any, actor: ActorContext) -> tuple[str, list[Block]] | None:
    """Chapter 指标情况 of a progress report: signed figures of its window beside their targets; two queries."""
    indicators = Indicator.objects.visible_to(actor).filter(
        programme=report.programme, reporter__isnull=False
    )
    if report.scope == ReportScope.DEPARTMENT:
        indicators = indicators.filter(reporter=report.department)
    if report.scope == ReportScope.SECTION:
        indicators = indicators.filter(task__section=report.section)
    indicators = list(indicators.select_related("reporter").order_by("pk"))
    if not indicators:
        return None
    readings = {
        reading.indicator_id: reading
        for reading in IndicatorReading.objects.visible_to(actor)
        .filter(
            window=report.window, indicator__in=indicators, state__in=[EntryState.SIGNED, EntryState.ACCEPTED]
        )
        .order_by("indicator_id", "version")
    }
    rows = []
    for indicator in indicators:
        reading = readings.get(indicator.pk)
        figure = "本期未报"
        if reading is not None:
            figure = f"{reading.value.normalize():f}{indicator.unit}" if reading.value is not None else "—"
        note = reading.note if reading else ""
        rows.append(
            Row(
                (
                    Cell(indicator.name, note="存疑，待办公室核实" if indicator.doubtful else ""),
                    Cell(
                        target_text(indicator),
                        note=f"调整，原定{indicator.original_target}" if indicator.original_target else "",
                    ),
                    Cell(figure),
                    Cell(str(indicator.reporter)),
                    Cell(note),
                )
            )
        )
    columns = (
        Column("指标", 7),
        Column("目标", 4),
        Column("本期", 3),
        Column("报送单位", 4),
        Column("来源或说明", 6),
    )
    return "指标情况", [Table(columns, tuple(rows))]
