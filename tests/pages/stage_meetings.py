"""Rows for the addresses of 领导小组会议 and 需协调事项."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from programs.choices import BuildState, MeetingState
from programs.domain.supervision import attendance, meetings, minutes
from programs.models import CoordinationMatter, Meeting, MeetingPaper, MeetingPdf, ProgressEntry
from taskforce.models import Body


def set_meetings(stage: Any, stored_pdf: Any) -> None:
    """Meetings in every state that has a page, and a matter with the office, before the leader, and answered."""
    _matters(stage)
    world = stage.world
    clerk = world.actor("clerk")
    body = Body.objects.get(pk=stage.names["body"])
    seat = body.seats.get()
    seat.user = world.people["leader"]
    seat.save()
    rows = {}
    for name in ("planned_meeting", "meeting", "held_meeting", "done_meeting"):
        rows[name] = _meeting(world, body, name)
        attendance.invite(rows[name], actor=clerk, seats=[seat], departments=[world.units["甲局"]])
        if name != "planned_meeting":
            meetings.notify(rows[name], actor=clerk)
    topic = rows["meeting"].agenda.get()
    paper = MeetingPaper.objects.create(
        item=topic, file=stored_pdf("材料.pdf", "meeting_paper", clerk), title="材料", pages=1
    )
    for name in ("held_meeting", "done_meeting"):
        Meeting.objects.filter(pk=rows[name].pk).update(
            state=MeetingState.HELD, starts_at=timezone.now() - timedelta(days=1)
        )
    drafted, issued = (
        minutes.decide(
            rows[name], actor=clerk, text="由市甲局牵头办理", due_on=date(2026, 6, 1), lead=[world.units["甲局"]]
        )
        for name in ("held_meeting", "done_meeting")
    )
    minutes.issue(rows["done_meeting"], actor=world.actor("director"))
    MeetingPdf.objects.filter(meeting=rows["done_meeting"]).delete()
    for kind in ("papers", "minutes"):
        MeetingPdf.objects.create(
            meeting=rows["done_meeting"], kind=kind, state=BuildState.READY, asked_by=world.people["clerk"],
            file=stored_pdf(f"{kind}.pdf", "meeting_pdf", clerk), pages=1, built_at=timezone.now(),
        )  # fmt: skip
    far = Meeting.objects.create(
        body_id=stage.names["far_body"], title="外市会议", starts_at=timezone.now(),
        created_by=world.people["far_office_admin"],
    )  # fmt: skip
    stage.put(
        **rows, far_meeting=far, topic=topic, meeting_paper=paper, meeting_file=paper.file.public_id,
        invitation=rows["meeting"].attendances.get(department=world.units["甲局"]),
        leader_invitation=rows["meeting"].attendances.get(user=world.people["leader"]),
        decision=drafted, issued_decision=issued,
    )  # fmt: skip


def _meeting(world: Any, body: Body, name: str) -> Meeting:
    clerk = world.actor("clerk")
    meeting = meetings.plan(
        actor=clerk, body=body, title=f"领导小组会议（{name}）", starts_at=timezone.now() + timedelta(days=10)
    )
    meetings.add_topic(meeting, actor=clerk, title="重点任务", department=world.units["甲局"], planned=15)
    return meeting


def _matters(stage: Any) -> None:
    world, today = stage.world, timezone.localdate()
    states = {
        "乙局": ("matter", {}),
        "甲局": ("before", {"state": "put_before", "leader": world.people["leader"], "put_before_on": today}),
        "丙局": ("answered", {"state": "answered", "answer": "已协调", "answered_on": today}),
        "外局": ("far_matter", {}),
    }
    for unit, (name, more) in states.items():
        entry = ProgressEntry.objects.filter(part__department=world.units[unit]).order_by("state", "pk").first()
        assert entry is not None
        programme = entry.part.task.programme
        row = CoordinationMatter.objects.create(
            jurisdiction=programme.jurisdiction, programme=programme, department=world.units[unit], part=entry.part,
            window=entry.window, entry=entry, text="请协调用地", raised_on=today, **more,
        )  # fmt: skip
        stage.put(**{name: row})
