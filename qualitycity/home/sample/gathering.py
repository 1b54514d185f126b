"""领导小组会议 and 需协调事项 of the fictional city: from the agenda to supervised decisions, from a report to an answer."""

from datetime import date, datetime, time

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.choices import InvitationReply, MatterState, Presence
from programs.domain.supervision import attendance, matters, meetings, minutes
from programs.models import CoordinationMatter, Meeting
from taskforce.models import Seat

from .attachments import letter
from .stage import Agenda, Stage

OFFICE, CLERK, LEADER = "office", "clerk2", "leader2"
#: Working days before and after the meeting: invitations go out, units answer, minutes are issued.
INVITED, REPLIED, MINUTED = 8, 5, 3


def plan_meeting(stage: Stage, agenda: Agenda, end: date) -> None:
    """Planned, prepared, held, and its decisions handed out as items, each on its day."""
    facts, calendar = stage.facts.supervision.meeting, stage.clock.calendar
    day = stage.clock.workday(end, facts.before)
    agenda[calendar.add_working_days(day, -INVITED)].append(lambda: _prepare(stage, day))
    agenda[calendar.add_working_days(day, -REPLIED)].append(lambda: _reply(stage))
    agenda[day].append(lambda: _hold(stage))
    agenda[calendar.add_working_days(day, MINUTED)].append(lambda: _minute(stage))


def _meeting() -> Meeting:
    return Meeting.objects.select_related("body__jurisdiction").latest("pk")


def _prepare(stage: Stage, day: date) -> None:
    facts, actor = stage.facts.supervision.meeting, stage.actor(CLERK)
    place = stage.programme.jurisdiction
    seats = list(Seat.objects.filter(body__jurisdiction=place).select_related("body", "department"))
    chair = next((seat for seat in seats if seat.post == facts.chair), seats[0])
    meeting = meetings.plan(
        actor=actor, body=chair.body, title=facts.title, place=facts.place, chair=chair, session=None,
        starts_at=datetime.combine(day, time(9, 30), stage.clock.zone),
    )  # fmt: skip
    for row in facts.topics:
        topic = meetings.add_topic(meeting, actor=actor, title=row.title, department=stage.units[row.unit], planned=20)
        paper = SimpleUploadedFile(f"{row.paper}.pdf", letter(row.paper, stage.clock.now), "application/pdf")
        meetings.add_papers(topic, actor=actor, uploads=[paper], title=row.paper)
    attendance.invite(meeting, actor=actor, seats=[seat for seat in seats if seat.body_id == chair.body_id])
    meetings.notify(meeting, actor=stage.actor(OFFICE))


def _reply(stage: Stage) -> None:
    """Units with an account answer; those in `leave` are excused."""
    facts = stage.facts.supervision.meeting
    codes = {unit.pk: code for code, unit in stage.units.items()}
    rows = _meeting().attendances.filter(department__isnull=False).select_related("department")
    for row in rows:
        code = codes.get(row.department_id, "")
        if not code or not stage.accounts(code, "liaison", "district_office"):
            continue
        excused = code in facts.leave
        attendance.reply(
            row, actor=stage.actor(stage.filer(code)),
            answer=InvitationReply.LEAVE if excused else InvitationReply.ATTENDING,
            note="与省里会议时间冲突" if excused else "",
        )  # fmt: skip


def _hold(stage: Stage) -> None:
    meeting, actor = _meeting(), stage.actor(CLERK)
    came = {
        row.pk: Presence.ABSENT if row.reply == InvitationReply.LEAVE else Presence.PRESENT
        for row in meeting.attendances.all()
    }
    attendance.record_presence(meeting, actor=actor, presence=came)
    meetings.hold(meeting, actor=actor)


def _minute(stage: Stage) -> None:
    facts, clerk = stage.facts.supervision.meeting, stage.actor(CLERK)
    meeting, calendar = _meeting(), stage.clock.calendar
    topics = list(meeting.agenda.order_by("sort"))
    words = {topic.pk: row.minutes for topic, row in zip(topics, facts.topics, strict=True)}
    minutes.write(meeting, actor=clerk, opening=facts.opening, topics=words)
    for row in facts.decisions:
        minutes.decide(
            meeting, actor=clerk, text=row.text, agenda_item=topics[row.topic - 1],
            due_on=calendar.add_working_days(stage.clock.today, row.days),
            lead=[stage.units[code] for code in row.lead], support=[stage.units[code] for code in row.support],
        )  # fmt: skip
    minutes.issue(meeting, actor=stage.actor(OFFICE))
    minutes.register_all(meeting, actor=stage.actor(OFFICE))


def coordinate(stage: Stage) -> None:
    """What the reports of the last quarter asked for: one answered, one decided by a leader, the rest still open."""
    facts = stage.facts.supervision.matters
    waiting = list(CoordinationMatter.objects.filter(state=MatterState.RAISED).order_by("pk"))
    if waiting:
        matters.answer(waiting[0], actor=stage.actor(CLERK), text=facts.answer)
    if len(waiting) > 1:
        leader = stage.users[LEADER]
        put = matters.put_before(waiting[1], actor=stage.actor(OFFICE), leader=leader, proposal=facts.proposal)
        stage.clock.pause(90)
        matters.decide(put, actor=stage.actor(LEADER), text=facts.decision)
    if len(waiting) > 2:
        matters.put_before(
            waiting[2], actor=stage.actor(OFFICE), leader=stage.users[LEADER], proposal=facts.proposal
        )
