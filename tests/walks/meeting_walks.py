"""需协调事项, meetings of the leading group and their PDFs: shadow tables from the design, and how to move."""

from datetime import timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from programs.domain import entries, filing
from programs.domain.supervision import attendance, matters, meeting_pdfs, meetings, minutes
from programs.models import (
    AgendaItem,
    CoordinationMatter,
    Decision,
    Meeting,
    MeetingPaper,
    MeetingPdf,
    ProgressEntry,
)
from qualitycity.access import ActorContext
from taskforce.choices import Role
from taskforce.models import Body

from ..factories import World
from ..files import builders
from .programme_walks import anew, hand_in, type_sheet
from .walk import Walk, table

# --- 需协调事项 ------------------------------------------------------------------------------------


def prepare_matters(world: World) -> None:
    """乙局 has brought a matter up in its signed report, 丙局 another one that waits for the leader."""
    clerk, machine = world.actor("clerk"), entries.TASKS.machine
    assert world.file("yi_liaison", "乙局", coordination="请协调检测用地").ok
    world.sign("yi_head", "乙局")
    assert world.file("bing_liaison", "丙局", coordination="请协调经费").ok
    filing.countersign_rows(machine, world.rows("丙局"), actor=world.actor("director"))
    waiting = CoordinationMatter.objects.get(department=world.units["丙局"])
    matters.put_before(waiting, actor=clerk, leader=world.people["leader"], proposal="建议由财政局牵头")


def put_before(row: Any, actor: ActorContext, reason: str) -> Any:
    """Before a leader, onto the agenda of a meeting, before both or nobody."""
    leader = matters.leaders_for(row)[0] if len(reason) != 4 else None
    meeting = Meeting.objects.filter(state__in=["planned", "notified"]).order_by("pk").first()
    return matters.put_before(
        row, actor=actor, leader=leader, meeting=meeting if len(reason) in (0, 4) else None, proposal=reason
    )


def decided_by_whom(row: Any, action: str, roles: frozenset[str]) -> str:
    """The office decides nothing itself: it names the paper in which it was decided."""
    if action == "decide" and not roles & {Role.LEADER, Role.SECRETARY} and not row.decision_basis:
        return "decided by the office without a paper"
    if action == "decide" and roles == {Role.SECRETARY} and not row.by_secretary:
        return "recorded by the secretary, and nothing says so"
    return ""


def sign_reports(world: World, actor: ActorContext, chance: Random) -> Any:
    """The head signs what waits for him, or takes a signature back: matters come and go with it."""
    rows = ProgressEntry.objects.filter(state__in=["submitted", "signed"]).order_by("pk")
    if not rows:
        return None
    row, machine = chance.choice(rows), entries.TASKS.machine
    if row.state == "signed":
        return filing.unsign_rows(machine, [row], actor=actor)
    act = filing.countersign_rows if chance.random() < 0.3 else filing.sign_rows
    return act(machine, [row], actor=actor)


def report_anew(world: World, actor: ActorContext, chance: Random) -> Any:
    """The report that brought a matter up is filed once more, mostly one that the office has dealt with."""
    rows = CoordinationMatter.objects.select_related("entry").order_by("pk")
    dealt_with = rows.filter(state__in=["answered", "decided", "acknowledged"])
    matter = chance.choice(dealt_with if dealt_with and chance.random() < 0.7 else rows)
    return anew(world, actor, matter.entry, chance.choice(("", "请协调检测用地", "请协调经费", "请协调人员编制")))


MATTERS = Walk(
    matters.MATTERS,
    table(
        """
        raised                                   | answer      | answered     | office
        raised                                   | put_before  | put_before   | office
        put_before                               | take_back   | raised       | office
        put_before                               | decide      | decided      | leader, secretary or office
        answered, decided                        | acknowledge | acknowledged | unit
        answered, decided, acknowledged          | reopen      | raised       | unit or office
        answered, decided, acknowledged, dropped | raise_again | raised       | clock
        raised                                   | drop        | dropped      | clock
        """
    ),
    {
        "answer": lambda row, actor, reason: matters.answer(row, actor=actor, text=reason),
        "put_before": put_before,
        "take_back": lambda row, actor, reason: matters.take_back(row, actor=actor, reason=reason),
        "decide": lambda row, actor, reason: matters.decide(
            row, actor=actor, text="同意", basis=reason, row_version=row.row_version
        ),
        "acknowledge": lambda row, actor, reason: matters.acknowledge(row, actor=actor),
        "reopen": lambda row, actor, reason: matters.reopen(row, actor=actor, reason=reason),
    },
    {"type": type_sheet, "hand_in": hand_in, "sign_reports": sign_reports, "report_anew": report_anew},
    prepare_matters,
    closer=decided_by_whom,
)


# --- 领导小组会议 ----------------------------------------------------------------------------------


def make_body(world: World) -> Body:
    body = Body.objects.create(
        jurisdiction=world.city, code="shili-body", kind="leading_group", name="示例市质量强市工作领导小组",
        office_name="示例市质量强市办",
    )  # fmt: skip
    body.seats.create(role="head", post="市长", person="张明", user=world.people["leader"], sort=1)
    body.seats.create(role="member", post="局长", department=world.units["甲局"], sort=2)
    return body


def prepare_meetings(world: World) -> None:
    """One in preparation; one to which all are invited, with a paper; and of those that have been, one without notice,
    one whose presence alone is recorded, one held, its minutes begun."""
    body, clerk = make_body(world), world.actor("clerk")
    for session, (days, notified, held) in enumerate(
        ((20, False, False), (2, True, False), (-1, False, False), (-1, True, False), (-1, True, True)), 1
    ):
        row = meetings.plan(
            actor=clerk, body=body, title=f"领导小组第{session}次会议", session=session,
            starts_at=timezone.now() + timedelta(days=days), chair=body.seats.get(role="head"),
        )  # fmt: skip
        topic = meetings.add_topic(row, actor=clerk, title="重点任务安排", department=world.units["甲局"], planned=20)
        units, seats = [world.units["乙局"]], list(body.seats.all())
        invited = attendance.invite(row, actor=clerk, seats=seats, departments=units)
        if notified:
            meetings.notify(row, actor=clerk)
        if days < 0:
            attendance.record_presence(row, actor=clerk, presence={one.pk: "present" for one in invited})
        if days == 2:
            meetings.add_papers(topic, actor=clerk, uploads=[SimpleUploadedFile("方案.pdf", builders.pdf())])
        if held:
            minutes.write(meetings.hold(row, actor=clerk), actor=clerk, opening="", topics={topic.pk: "会议同意。"})


def _meeting(chance: Random, *states: str) -> Meeting:
    """One of those in these states, or any."""
    rows = Meeting.objects.order_by("pk")
    return chance.choice(rows.filter(state__in=states) or rows)


def plan_meeting(world: World, actor: ActorContext, chance: Random) -> Any:
    return meetings.plan(
        actor=actor, body=Body.objects.earliest("pk"), title=chance.choice(("", "专题会议")),
        starts_at=timezone.now() + timedelta(days=chance.randint(-3, 10)),
    )  # fmt: skip


def another_day(world: World, actor: ActorContext, chance: Random) -> Any:
    row = _meeting(chance, "planned", "notified")
    values = {
        "starts_at": timezone.now() + timedelta(days=chance.randint(-5, 5)),
        "place": chance.choice(("", "三楼会议室")),
    }
    return meetings.change(row, actor=actor, values=values, row_version=row.row_version)


def add_topic(world: World, actor: ActorContext, chance: Random) -> Any:
    return meetings.add_topic(
        _meeting(chance), actor=actor, title=chance.choice(("", "质量月活动")), department=world.units["乙局"]
    )


def reorder_agenda(world: World, actor: ActorContext, chance: Random) -> Any:
    """A topic goes up, down, or off the agenda; its papers with it or before it."""
    topic = chance.choice(AgendaItem.objects.order_by("pk").select_related("meeting"))
    luck = chance.random()
    if luck < 0.3:
        return meetings.move_topic(topic, actor=actor, by=chance.choice((-1, 1)))
    if luck < 0.6:
        return meetings.remove_topic(topic, actor=actor)
    papers = MeetingPaper.objects.order_by("pk").select_related("item__meeting__body", "file")
    return meetings.remove_paper(papers[0], actor=actor) if papers else None


def invite(world: World, actor: ActorContext, chance: Random) -> Any:
    row = _meeting(chance, "planned", "notified")
    if chance.random() < 0.3 and row.attendances.exists():
        return attendance.uninvite(chance.choice(row.attendances.order_by("pk")), actor=actor)
    unit = world.units[chance.choice(("甲局", "乙局", "丙局", "东湖区"))]
    return attendance.invite(row, actor=actor, departments=[unit], names=[chance.choice(("", "统计局 赵亮"))])


def reply(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = _meeting(chance, "notified").attendances.order_by("pk")
    if not rows:
        return None
    said = chance.choice(("attending", "substitute", "leave", "none"))
    return attendance.reply(
        chance.choice(rows), actor=actor, answer=said, name=chance.choice(("", "李四")), note="出差"
    )


def who_came(world: World, actor: ActorContext, chance: Random) -> Any:
    row = _meeting(chance, "planned", "notified")
    presence = {one.pk: chance.choice(("present", "leave")) for one in row.attendances.order_by("pk")}
    return attendance.record_presence(row, actor=actor, presence=presence)


def write_minutes(world: World, actor: ActorContext, chance: Random) -> Any:
    row = _meeting(chance, "held")
    words = {topic.pk: chance.choice(("", "会议同意。")) for topic in row.agenda.order_by("pk")}
    return minutes.write(row, actor=actor, opening=chance.choice(("", "会议由张明主持。")), topics=words)


def decide(world: World, actor: ActorContext, chance: Random) -> Any:
    """A decision is written, changed, or taken out again."""
    row = _meeting(chance, "held")
    names = chance.sample(("甲局", "乙局", "丙局"), 2)
    words = {
        "text": chance.choice(("", "由市甲局牵头办理", "加强抽检")),
        "due_on": timezone.localdate() + timedelta(days=chance.randint(-2, 60)),
        "lead": [world.units[names[0]]][: chance.randint(0, 3)], "support": [world.units[names[1]]],
        "agenda_item": chance.choice([None, *row.agenda.order_by("pk")]),
    }  # fmt: skip
    held = list(Decision.objects.order_by("pk").select_related("meeting"))
    if held and chance.random() < 0.4:
        one = chance.choice(held)
        if chance.random() < 0.4:
            return minutes.remove_decision(one, actor=actor)
        return minutes.change_decision(one, actor=actor, **words)
    return minutes.decide(row, actor=actor, **words)


def hand_over(world: World, actor: ActorContext, chance: Random) -> Any:
    """Decisions become supervised items, all of a meeting or one."""
    decisions = list(Decision.objects.order_by("pk"))
    if decisions and chance.random() < 0.5:
        return minutes.register_decision(chance.choice(decisions), actor=actor)
    return minutes.register_all(_meeting(chance, "minuted"), actor=actor)


MEETINGS = Walk(
    meetings.MEETINGS,
    table(
        """
        planned           | notify | notified  | office
        planned, notified | hold   | held      | office
        held              | issue  | minuted   | director
        planned, notified | cancel | cancelled | office
        """
    ),
    {
        "notify": lambda row, actor, reason: meetings.notify(row, actor=actor),
        "hold": lambda row, actor, reason: meetings.hold(row, actor=actor),
        "issue": lambda row, actor, reason: minutes.issue(row, actor=actor),
        "cancel": lambda row, actor, reason: meetings.cancel(row, actor=actor, reason=reason),
    },
    {
        "plan_meeting": plan_meeting,
        "another_day": another_day,
        "add_topic": add_topic,
        "reorder_agenda": reorder_agenda,
        "invite": invite,
        "reply": reply,
        "who_came": who_came,
        "write_minutes": write_minutes,
        "decide": decide,
        "hand_over": hand_over,
    },
    prepare_meetings,
)


def build_pdf(world: World, actor: ActorContext, chance: Random) -> Any:
    """What the worker does: begin, bring it to an end, or give up."""
    rows = MeetingPdf.objects.order_by("pk").select_related("meeting", "file")
    if not rows:
        return None
    row, luck = chance.choice(rows), chance.random()
    if luck < 0.3:
        return meeting_pdfs.begin(row)
    if luck < 0.7:
        return meeting_pdfs.fail(row, sentence="没有做成。")
    return meeting_pdfs.finish(row, content=builders.pdf(), pages=1, at=timezone.now())


MEETING_PDFS = Walk(
    meeting_pdfs.MEETING_PDFS,
    table(
        """
        queued                          | begin  | building | clock
        queued, building                | finish | ready    | clock
        queued, building                | fail   | failed   | clock
        queued, building, ready, failed | renew  | queued   | clock
        failed                          | retry  | queued   | office
        """
    ),
    {"retry": lambda row, actor, reason: meeting_pdfs.retry(row, actor=actor)},
    {"build_pdf": build_pdf, "add_topic": add_topic},
)
