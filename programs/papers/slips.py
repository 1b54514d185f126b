"""督办单 and 督查通报 worded for paper; papers of the office, in Chinese like all of them."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from programs.choices import SlipColour, SlipKind
from programs.models import Bulletin, Slip
from qualitycity.reports.blocks import (
    Band,
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    ReportContent,
    Row,
    Table,
)
from qualitycity.reports.numerals import numbered
from qualitycity.reports.slips import SlipBand, slip_form

BANDS = {
    SlipColour.BLUE: SlipBand("blue", "蓝色", "提醒：请抓紧办理"),
    SlipColour.ORANGE: SlipBand("orange", "橙色", "预警：限期办理并说明原因"),
    SlipColour.RED: SlipBand("red", "红色", "督办：立即整改，负责人亲自落实"),
}
#: Columns of a bulletin up to this share hold numbers and dates and stand in the middle.
NARROW = 4
PLAIN = SlipBand("plain", "交办", "请按要求办理")
TITLES = {SlipKind.ASSIGNMENT: "工作交办单", SlipKind.URGE: "工作催办单", SlipKind.NOTICE: "督办通知单"}


def day(value: date | datetime | None) -> str:
    """2026年4月8日."""
    if value is None:
        return ""
    local = timezone.localdate(value) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def issuer_of(slip: Slip) -> str:
    """The office as papers name it: that of the programme's leading group, otherwise the territory's."""
    programme: Any = None
    if slip.part is not None:
        programme = slip.part.task.programme
    elif slip.window is not None:
        programme = slip.window.programme
    if programme is not None and programme.body is not None:
        return str(programme.body.office_name or programme.body)
    return f"{slip.jurisdiction.name}质量工作领导小组办公室"


def slip_paper(slip: Slip) -> ReportContent:
    """The sheet of a slip, as it is issued, or as it would be issued now; a void one carries its mark."""
    to = slip.department.name + (f"（送{slip.to_leader}阅）" if slip.to_leader else "")
    void = f"{day(slip.withdrawn_at)}作废。{slip.note}" if slip.withdrawn_at else ""
    return slip_form(
        title=TITLES[SlipKind(slip.kind)],
        number=slip.number,
        issuer=issuer_of(slip),
        unit=slip.department.name,
        band=BANDS[SlipColour(slip.colour)] if slip.colour else PLAIN,
        lines=(("事项", slip.matter), ("目前情况", slip.situation), ("要求", slip.demands)),
        facts=(
            ("责任单位", to),
            ("责任人", slip.responsible or "单位负责人"),
            ("时限", f"{day(slip.due_on)}前回复"),
            ("签发人", slip.signer),
            ("签发日期", day(slip.issued_at)),
            ("承接前单", slip.previous.number if slip.previous else ""),
        ),
        as_of=slip.issued_at or timezone.now(),
        contact=slip.contact or settings.PORTAL_OFFICE_CONTACT,
        void=void,
    )


def bulletin_paper(bulletin: Bulletin) -> ReportContent:
    """通报: the office's words, then the tables that were read from the portal."""
    blocks: list[Block] = []
    chapters = [
        ("总体情况", bulletin.opening), ("存在的主要问题", bulletin.findings), ("工作要求", bulletin.demands),
    ]  # fmt: skip
    for head, text in chapters:
        if text.strip():
            blocks += [Heading(head), Paragraph(text)]
    for index, table in enumerate(bulletin.tables, 1):
        columns = tuple(
            Column(head, share, "center" if share <= NARROW else "left") for head, share in table["columns"]
        )
        rows = tuple(Row(tuple(Cell(str(cell)) for cell in row)) for row in table["rows"])
        blocks.append(Table(columns, rows, caption=f"附表{index}　{table['title']}", empty=table["empty"]))
    place = bulletin.jurisdiction.name
    issuer = f"{place}质量工作领导小组办公室"
    if bulletin.programme is not None and bulletin.programme.body is not None:
        issuer = str(bulletin.programme.body.office_name or bulletin.programme.body)
    return ReportContent(
        kind="report",
        title=bulletin.title,
        subtitle="",
        issuer=issuer,
        number=bulletin.number or None,
        as_of=bulletin.as_of,
        period_label=f"{day(bulletin.starts_on)}—{day(bulletin.ends_on)}",
        author_label=issuer,
        snapshot_ids=(),
        blocks=numbered([*_void(bulletin), *blocks]),
        footer_note=settings.PORTAL_OFFICE_CONTACT,
    )


def _void(bulletin: Bulletin) -> list[Block]:
    if bulletin.withdrawn_at is None:
        return []
    return [Band("void", "作废", f"{day(bulletin.withdrawn_at)}作废。{bulletin.note}")]
