"""Papers of supervision that are printed on demand: 延期申请表, 调整单. In Chinese like all papers of the office."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from programs.choices import SignMode
from programs.models import Adjustment, Extension
from qualitycity.reports.blocks import ReportContent
from qualitycity.reports.papers import application

SIGNED = {SignMode.ELECTRONIC: "门户审签", SignMode.PAPER: "纸质审签", SignMode.OFFICE: "办公室会签"}


def day_words(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def issuer_of(matter: Any) -> str:
    """The office that the paper goes to or comes from."""
    body = getattr(matter, "body", None)
    return str(body.office_name or body) if body else matter.jurisdiction.name


def extension_paper(row: Extension, *, count: int) -> ReportContent:
    """延期申请表: what was asked and decided; room for the signatures that it does not have yet."""
    signed = f"{row.signed_by}（{SIGNED[SignMode(row.sign_mode)]}）" if row.signed_by else ""
    decision = {
        "granted": f"同意延至{day_words(row.granted_on)}。{row.answer}",
        "refused": f"不同意延期。{row.answer}",
    }.get(row.state, "")
    matter = row.matter
    item = row.item_part.item if row.item_part is not None else None
    about = f"督办事项 {item.number}" if item is not None else getattr(matter, "short_title", "") or str(matter)
    return application(
        title="延期申请表",
        issuer=issuer_of(matter),
        number=None,
        as_of=timezone.now(),
        unit=row.department.name,
        pairs=(
            ("方案（事项）", about),
            ("申请单位", row.department.name),
            ("申请日期", day_words(row.asked_on)),
            ("原定时限", day_words(row.original_due)),
            ("现行时限", day_words(row.due_then)),
            ("申请延至", day_words(row.wanted_on)),
            ("已获准延期", f"{count}次"),
        ),
        texts=(
            ("事项", item.title if item is not None else str(row.task)),
            *((("节点", row.milestone.title),) if row.milestone else ()),
            ("延期理由", row.reason),
            ("目前进展", row.progress),
            ("办公室意见", decision),
        ),
        signatures=(
            ("填报人", f"{row.filed_by}{'（办公室代填）' if row.on_behalf else ''}"),
            ("单位负责人", signed),
            ("办公室决定人", str(row.decided_by or "")),
            ("决定日期", day_words(timezone.localdate(row.decided_at)) if row.decided_at else ""),
        ),
        contact=getattr(matter, "contact", "") or settings.PORTAL_OFFICE_CONTACT,
    )


def adjustment_paper(row: Adjustment) -> ReportContent:
    """调整单: before and after side by side, the basis, who approved; a draft is marked as one."""
    programme = row.task.programme
    drafted = f"{row.drafted_by}（{day_words(timezone.localdate(row.drafted_at))}）"
    settled = f"{row.settled_by}（{day_words(timezone.localdate(row.settled_at))}）" if row.settled_at else ""
    return application(
        title="任务调整单" if row.number else "任务调整单（草稿）",
        issuer=issuer_of(programme),
        number=row.numbered or None,
        as_of=timezone.now(),
        unit=issuer_of(programme),
        pairs=(
            ("方案", programme.short_title),
            ("调整类型", _kind_words(row.kind)),
            ("批准人", row.approver),
            ("批准日期", day_words(row.approved_on)),
        ),
        texts=(
            ("任务", f"{row.task}（条款{row.task.clause_path or '—'}）"),
            *((what, f"调整前：{before}\n调整后：{after}") for what, before, after in row.changes),
            ("依据", row.basis),
        ),
        signatures=(("起草人", drafted), ("执行人", settled), ("批准人（签字）", ""), ("日期", "")),
        contact=programme.contact or settings.PORTAL_OFFICE_CONTACT,
    )


def _kind_words(kind: str) -> str:
    return {
        "add_unit": "增加责任单位", "replace_unit": "更换责任单位", "remove_unit": "责任单位退出", "change_role": "调整责任角色",
        "wording": "调整任务表述", "target": "调整指标目标",
    }[kind]  # fmt: skip
