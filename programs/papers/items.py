"""办结报告单 of a supervised item: what was asked, by whom it was handled, with what result. In Chinese like all papers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone, translation

from programs.choices import EntryState, ItemKind
from programs.models import ItemPart, ItemReport, SupervisedItem
from qualitycity.reports.blocks import (
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

COLUMNS = (
    Column("承办单位", 18),
    Column("责任", 8, "center"),
    Column("签收日期", 14, "center"),
    Column("完成日期", 14, "center"),
    Column("结果", 26),
)


def day_of(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def completion_form(
    *, item: SupervisedItem, parts: Sequence[tuple[ItemPart, str, ItemReport | None]], light: str
) -> ReportContent:
    """The form of a completed item. `parts`: each unit with the reason of its light and its newest report."""
    with translation.override("zh-hans"):
        blocks: list[Block] = [Facts(tuple(_facts(item, light)))]
        if item.content:
            blocks += [Heading("一、办理要求"), Paragraph(item.content)]
        blocks += [Heading("二、承办单位" if item.content else "一、承办单位"), Table(COLUMNS, _rows(parts))]
        reports = [(part, report) for part, _why, report in parts if _counts(report)]
        if reports:
            blocks.append(Heading("三、办理情况和结果" if item.content else "二、办理情况和结果"))
        for part, report in reports:
            assert report is not None
            blocks.append(Paragraph(_said(part, report)))
        blocks.append(
            Signature((SignatureLine("承办单位负责人（签字）"), SignatureLine("督办单位审核（签字）")))
        )
        return ReportContent(
            kind="completion",
            title="督办事项办结报告单",
            subtitle="",
            issuer=item.jurisdiction.name,
            number=item.number,
            as_of=timezone.now(),
            period_label=day_of(item.completed_on),
            author_label=item.jurisdiction.name,
            snapshot_ids=(),
            blocks=tuple(blocks),
            footer_note="仅限指定人员阅读" if item.restricted else "",
        )


def _facts(item: SupervisedItem, light: str) -> list[Fact]:
    found = [
        Fact("事项", item.title),
        Fact("类别", str(item.get_kind_display())),
        Fact("交办（批示）日期", day_of(item.given_on)),
        Fact("办理时限", _due(item)),
        Fact("办结日期", day_of(item.completed_on)),
        Fact("办理评价", light),
    ]
    if item.kind == ItemKind.INSTRUCTION:
        found.insert(2, Fact("批示领导", item.leader_label or str(item.leader or "—")))
    if item.basis:
        found.append(Fact("依据", item.basis))
    if item.kind == ItemKind.CASE:
        found += [Fact("案件编号", item.case_number), Fact("督办单位", item.supervising_units or "—")]
        found.append(Fact("移送公安", day_of(item.to_police_on) if item.to_police else "否"))
        if item.delisting_basis:
            found += [Fact("摘牌依据", item.delisting_basis), Fact("摘牌批准", item.delisting_approved_by)]
    if item.endorsement:
        found.append(Fact("领导意见", "同意销号" if item.endorsement == "agreed" else "已阅"))
    if item.closed_on:
        found.append(Fact("销号日期", day_of(item.closed_on)))
    return found


def _due(item: SupervisedItem) -> str:
    if item.due_on == item.original_due:
        return day_of(item.due_on)
    return f"{day_of(item.due_on)}（原定{day_of(item.original_due)}）"


def _rows(parts: Sequence[tuple[ItemPart, str, ItemReport | None]]) -> tuple[Row, ...]:
    return tuple(
        Row(
            tuple(
                Cell(text)
                for text in (
                    part.department.name,
                    "主办" if part.answers else "协办",
                    day_of(part.signed_for_on),
                    day_of(part.settled_on),
                    f"{why}（{part.settled_note}）" if part.settled_note else why,
                )
            )
        )
        for part, why, _report in parts
    )


def _counts(report: Any) -> bool:
    return report is not None and report.state == EntryState.ACCEPTED


def _said(part: ItemPart, report: ItemReport) -> str:
    texts = [f"{part.department.name}：{report.progress}"]
    if report.result:
        texts.append(f"办理结果：{report.result}")
    if report.problems:
        texts.append(f"存在问题：{report.problems}")
    return "\n".join(texts)
