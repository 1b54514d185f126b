"""The standing forms of the trade, built from plain lines: 进展情况报送表 and 任务分解表.

The forms know nothing of tasks or units: their callers word each line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from qualitycity.reports.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    ReportContent,
    Row,
    SectionRow,
    Signature,
    SignatureLine,
    Table,
)

RETURN_COLUMNS = (
    Column("序号", 4, "center"),
    Column("工作任务", 19),
    Column("完成时限", 10, "center"),
    Column("进度", 9, "center"),
    Column("本期进展", 22),
    Column("存在问题", 14),
    Column("下步计划", 15),
    Column("需协调事项", 12),
)

BREAKDOWN_COLUMNS = (
    Column("序号", 4, "center"),
    Column("工作任务", 19),
    Column("目标、措施", 18),
    Column("牵头单位", 10, "center"),
    Column("配合单位", 13, "center"),
    Column("责任领导", 7, "center"),
    Column("责任人\n（联系人）", 10, "center"),
    Column("完成时限", 10, "center"),
    Column("进度", 9, "center"),
)


Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A task in a unit's return. ``progress`` is worded: ``60%``, ``常态推进``; texts may be empty."""

    number: str
    task: str
    due: str
    progress: Cell
    done: str
    problems: str
    next_steps: str
    coordination: str


@dataclass(frozen=True, slots=True)
class BreakdownLine:
    """A task in the breakdown table. Several units stand one to a line in ``lead`` and ``support``."""

    number: str
    task: str
    target: str
    lead: str
    support: str
    leader: str
    contact: str
    due: str
    progress: Cell


def return_form(
    *,
    title: str,
    unit: str,
    issuer: str,
    number: str | None,
    period_label: str,
    as_of: datetime,
    due_label: str,
    sections: Sequence[tuple[str, Sequence[ReturnLine]]],
    filler: str = "",
    phone: str = "",
    office_contact: str = "",
    code: str = "",
    snapshot_ids: tuple[str, ...] = (),
) -> ReportContent:
    """Return a unit's paper form of progress (进展情况报送表), to be signed, stamped and scanned.

    ``title`` names the programme; ``sections`` are (heading or empty text, lines); ``number`` is the form's own
    number; ``due_label`` says until when it is wanted back; ``code`` is the check code it is taken back by.
    """
    blocks: list[Block] = [
        Paragraph(
            f"填报说明：请于{due_label}前由单位负责人签字并加盖公章，扫描后由联络员上传。"
            "内容如需改动，请在系统中修改后重新打印，勿在纸上涂改。"
        ),
        Table(
            RETURN_COLUMNS, _rows(sections, _return_row), handwriting=True, empty="本期没有需要报送的任务。"
        ),
        Signature(
            (
                SignatureLine("填报人", filler),
                SignatureLine("联系电话", phone),
                SignatureLine("单位负责人审签（签字）"),
                SignatureLine("职务"),
            )
        ),
    ]
    return ReportContent(
        kind="return_form",
        title=f"{title}\n进展情况报送表",
        subtitle="",
        issuer=issuer,
        number=number,
        as_of=as_of,
        period_label=period_label,
        author_label=unit,
        snapshot_ids=snapshot_ids,
        blocks=tuple(blocks),
        layout="landscape",
        footer_note=office_contact,
        code=code,
    )


def breakdown_table(
    *,
    title: str,
    issuer: str,
    number: str | None,
    period_label: str,
    as_of: datetime,
    sections: Sequence[tuple[str, Sequence[BreakdownLine]]],
    facts: Sequence[Fact] = (),
    remark: str = "",
    snapshot_ids: tuple[str, ...] = (),
) -> ReportContent:
    """Return the breakdown table (任务分解表) of a programme; ``facts`` stand above it, ``remark`` below."""
    blocks: list[Block] = [Facts(tuple(facts))] if facts else []
    blocks.append(Table(BREAKDOWN_COLUMNS, _rows(sections, _breakdown_row), empty="尚无任务。"))
    if remark:
        blocks.append(Paragraph(remark))
    return ReportContent(
        kind="breakdown",
        title=f"{title}\n任务分解表",
        subtitle="",
        issuer=issuer,
        number=number,
        as_of=as_of,
        period_label=period_label,
        author_label=issuer,
        snapshot_ids=snapshot_ids,
        blocks=tuple(blocks),
        layout="landscape",
    )


def _rows(
    sections: Sequence[tuple[str, Sequence[Line]]], row: Callable[[Line], Row]
) -> tuple[Row | SectionRow, ...]:
    """Return the rows of all sections, each below its heading; a section without lines is left out."""
    rows: list[Row | SectionRow] = []
    for heading, lines in sections:
        if heading and lines:
            rows.append(SectionRow(heading))
        rows.extend(row(line) for line in lines)
    return tuple(rows)


def _return_row(line: ReturnLine) -> Row:
    texts = (line.done, line.problems, line.next_steps, line.coordination)
    return Row(
        (Cell(line.number), Cell(line.task), Cell(line.due), line.progress, *(Cell(text) for text in texts))
    )


def _breakdown_row(line: BreakdownLine) -> Row:
    texts = (
        line.number,
        line.task,
        line.target,
        line.lead,
        line.support,
        line.leader,
        line.contact,
        line.due,
    )
    return Row((*(Cell(text) for text in texts), line.progress))


APPLICATION_COLUMNS = (Column("项目", 5, "center"), Column("内容", 25))


def application(
    *,
    title: str,
    issuer: str,
    number: str | None,
    as_of: datetime,
    unit: str,
    pairs: Sequence[tuple[str, str]],
    texts: Sequence[tuple[str, str]],
    signatures: Sequence[tuple[str, str]],
    contact: str = "",
) -> ReportContent:
    """Return a form of one page (申请表, 调整单): short facts side by side, texts below each other, room for signing.

    A text that is still to be written is empty and leaves its row for the pen.
    """
    blocks: tuple[Block, ...] = (
        Facts(tuple(Fact(label, value or "—") for label, value in pairs)),
        Table(
            APPLICATION_COLUMNS,
            tuple(Row((Cell(label), Cell(text or "\n\n"))) for label, text in texts),
            handwriting=True,
        ),
        Signature(tuple(SignatureLine(label, value) for label, value in signatures)),
    )
    return ReportContent(
        kind="return_form",
        title=title,
        subtitle="",
        issuer=issuer,
        number=number,
        as_of=as_of,
        period_label="",
        author_label=unit,
        snapshot_ids=(),
        blocks=blocks,
        layout="portrait",
        footer_note=contact,
    )
