"""The form of a slip (工作交办单, 催办单, 督办通知单): one sheet whose lower part is the receipt that comes back (回执)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qualitycity.reports.blocks import (
    Band,
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Paragraph,
    ReportContent,
    Row,
    Signature,
    SignatureLine,
    Table,
)

NO_NUMBER = "（签发时编号）"
RECEIPT = ("签收人、签收时间", "办理情况", "措施和下步安排", "完成时间")


@dataclass(frozen=True, slots=True)
class SlipBand:
    """The colour of a slip: code, word, and what it says (提醒催办 …)."""

    code: str
    word: str
    text: str


def slip_form(
    *,
    title: str,
    number: str,
    issuer: str,
    unit: str,
    band: SlipBand,
    lines: Sequence[tuple[str, str]],
    facts: Sequence[tuple[str, str]],
    as_of: datetime,
    contact: str = "",
    void: str = "",
) -> ReportContent:
    """Return a slip. ``lines`` stand across the sheet (事项, 要求 …), ``facts`` in pairs below them (责任单位, 时限 …);
    empty ones are left out. ``void`` is the sentence of a paper that is no longer in force."""
    blocks: list[Block] = [Band("void", "作废", void)] if void else []
    blocks.append(Band(band.code, band.word, band.text))
    blocks += [Facts((Fact(label, value),)) for label, value in lines if value]
    blocks.append(Facts(tuple(Fact(label, value) for label, value in facts if value)))
    blocks += [
        Heading("回　　执"),
        Paragraph("请在门户中签收、回复；不便时可填写本栏，经单位负责人签字盖章后送办公室。"),
        Table(
            (Column("项目", 4, "center"), Column("填写内容", 13)),
            tuple(Row((Cell(label), Cell())) for label in RECEIPT),
            handwriting=True,
        ),
        Signature((SignatureLine("单位负责人（签字）"), SignatureLine("联系电话"))),
    ]
    return ReportContent(
        kind="slip",
        title=title,
        subtitle="",
        issuer=issuer,
        number=number or NO_NUMBER,
        as_of=as_of,
        period_label="",
        author_label=unit,
        snapshot_ids=(),
        blocks=tuple(blocks),
        footer_note=contact,
    )
