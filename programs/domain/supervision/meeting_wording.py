"""What the papers of a meeting say: the cover with the agenda, and the 纪要. Chinese, like all papers of the office."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from programs.choices import ItemRole, Presence
from programs.models import AgendaItem, Attendance, Decision, Meeting
from qualitycity.reports.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    PageBreak,
    Paragraph,
    ReportContent,
    Row,
    Table,
)
from qualitycity.reports.numerals import chinese_numeral

AGENDA_COLUMNS = (
    Column("序号", 6, "center"),
    Column("议题", 34),
    Column("汇报单位", 16, "center"),
    Column("时间\n（分钟）", 9, "center"),
    Column("页码", 8, "center"),
)


def day_of(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.year}年{local.month}月{local.day}日"


def moment_of(moment: datetime) -> str:
    """2026年3月26日（周四）下午2:30 as invitations write it."""
    local = timezone.localtime(moment)
    half = "上午" if local.hour < 12 else "下午"
    hour = local.hour if local.hour <= 12 else local.hour - 12
    return f"{day_of(moment)}（周{'一二三四五六日'[local.weekday()]}）{half}{hour}:{local:%M}"


def office_of(meeting: Meeting) -> str:
    body = meeting.body
    return body.office_name or f"{body.name}办公室"


def topic_label(number: int) -> str:
    return f"议题{chinese_numeral(number)}" if number < 100 else f"议题{number}"


def bundle(
    meeting: Meeting, items: Sequence[AgendaItem], *, starts: Sequence[int | None], at: datetime
) -> ReportContent:
    """Cover and agenda, then one sheet before the papers of each topic that has any. `starts` are the pages on which
    the topics' sheets stand, `None` for topics without papers."""
    rows = tuple(
        Row(
            (
                Cell(str(number)),
                Cell(item.title, note=item.note),
                Cell(str(item.department or "")),
                Cell(str(item.planned or "")),
                Cell(str(start or "—")),
            )
        )
        for number, (item, start) in enumerate(zip(items, starts, strict=True), 1)
    )
    blocks: list[Block] = [Heading("会议议程"), Table(AGENDA_COLUMNS, rows, empty="议程待定。")]
    for number, (item, start) in enumerate(zip(items, starts, strict=True), 1):
        if start is not None:
            blocks += [PageBreak(), Heading(topic_label(number), 2), Heading(item.title, 3)]
            if item.department:
                blocks.append(Paragraph(f"汇报单位：{item.department.name}"))
    place = f"地点：{meeting.place}" if meeting.place else ""
    chair = f"主持：{meeting.chaired_by}" if meeting.chaired_by else ""
    when = "\n".join(line for line in (f"时间：{moment_of(meeting.starts_at)}", place, chair) if line)
    name, rest = meeting.body.name, meeting.title.removeprefix(meeting.body.name).strip()
    split = rest and rest != meeting.title
    return ReportContent(
        kind="agenda",
        title=f"{name}\n{rest}" if split else meeting.title,
        subtitle="会议材料",
        issuer="" if split else name,
        number=None,
        as_of=at,
        period_label=when,
        author_label=office_of(meeting),
        snapshot_ids=(),
        blocks=tuple(blocks),
    )


def opening_of(meeting: Meeting) -> str:
    """The first paragraph of the 纪要 as it is proposed to the office."""
    chair = meeting.chaired_by
    led = f"{chair}主持召开" if chair else "召开"
    place = f"在{meeting.place}" if meeting.place else ""
    return f"{day_of(meeting.starts_at)}，{led}{meeting.title}{f'，会议{place}举行' if place else ''}。现将会议议定事项纪要如下："


def minutes(
    meeting: Meeting,
    items: Sequence[AgendaItem],
    attendances: Sequence[Attendance],
    decisions: Sequence[Decision],
    *,
    number: str,
    at: datetime,
) -> ReportContent:
    """纪要: opening, what was said topic by topic, what was decided by whom and by when, who was there."""
    blocks: list[Block] = [Paragraph(meeting.opening.strip() or opening_of(meeting))]
    place = 0
    for item in items:
        mine = [decision for decision in decisions if decision.agenda_item_id == item.pk]
        if not item.minutes.strip() and not mine:
            continue
        place += 1
        blocks.append(Heading(f"{chinese_numeral(place)}、{item.title}"))
        if item.minutes.strip():
            blocks.append(Paragraph(item.minutes.strip()))
        blocks += [Paragraph(decision_line(decision)) for decision in mine]
    rest = [decision for decision in decisions if decision.agenda_item_id is None]
    if rest:
        blocks.append(Heading(f"{chinese_numeral(place + 1)}、其他议定事项" if place else "议定事项"))
        blocks += [Paragraph(decision_line(decision)) for decision in rest]
    blocks += _present(attendances)
    return ReportContent(
        kind="minutes",
        title=f"{meeting.body.name}\n会议纪要",
        subtitle=_sent_to(attendances),
        issuer=office_of(meeting),
        number=number,
        as_of=at,
        period_label=day_of(at),
        author_label=office_of(meeting),
        snapshot_ids=(),
        blocks=tuple(blocks),
    )


def decision_line(decision: Decision) -> str:
    """议定事项 in one sentence: what, 主办, 协办, by when."""
    lead = "、".join(str(unit) for unit in decision.units.all() if unit.role == ItemRole.LEAD)
    support = "、".join(str(unit) for unit in decision.units.all() if unit.role == ItemRole.SUPPORT)
    day = decision.due_on
    by = "；".join(
        part
        for part in (
            f"主办单位：{lead}" if lead else "",
            f"协办单位：{support}" if support else "",
            f"完成时限：{day.year}年{day.month}月{day.day}日",
        )
        if part
    )
    return f"议定事项{decision.number}：{decision.text.rstrip('。')}。（{by}）"


def _present(attendances: Sequence[Attendance]) -> list[Block]:
    groups = {
        "出席": [row for row in attendances if row.presence in Presence.came() and not row.observer],
        "列席": [row for row in attendances if row.presence in Presence.came() and row.observer],
        "缺席": [row for row in attendances if row.presence == Presence.ABSENT],
    }
    blocks: list[Block] = []
    for word, rows in groups.items():
        if rows:
            blocks.append(Paragraph(f"{word}：{'、'.join(_person(row) for row in rows)}。"))
    return blocks


def _person(row: Attendance) -> str:
    """Who sat there: the substitute with his post, the unit with the person it sent, or the seat itself."""
    if row.presence == Presence.ABSENT:
        return f"{row.label}（请假）" if row.reply == "leave" else row.label
    if row.who_comes:
        post = f"{row.who_comes_post}" if row.who_comes_post else ""
        mark = "代" if row.presence == Presence.SUBSTITUTE else ""
        return f"{row.label}（{post}{row.who_comes}{mark}）"
    return row.label


def _sent_to(attendances: Sequence[Attendance]) -> str:
    units = dict.fromkeys(row.department.name for row in attendances if row.department)
    return f"{'、'.join(units)}。" if units else ""
