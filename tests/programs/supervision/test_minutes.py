"""纪要 and 议定事项: written, numbered, frozen, set as PDF; each decision becomes a supervised item."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from programs.domain.supervision import attendance, meetings, minutes
from programs.models import Decision, Meeting, MeetingPdf, NumberSeries, SupervisedItem
from qualitycity.access import can
from qualitycity.workflow import IllegalMove, NotAllowed

from ..test_task_matrices import PEOPLE
from .test_meetings import body, drained, fresh, meeting, told

__all__ = ["body", "meeting"]  # fixtures


def held(world, meeting):
    """Notified, everybody came, held: the clock stands after it."""
    meetings.notify(meeting, actor=world.actor("clerk"))
    came = dict.fromkeys(meeting.attendances.values_list("pk", flat=True), "present")
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        attendance.record_presence(meeting, actor=world.actor("clerk"), presence=came)
        meetings.hold(meeting, actor=world.actor("clerk"))
    # the clock has gone back: it was this morning
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(hours=2))
    return fresh(meeting)


def decided(world, meeting, **more):
    values = {
        "text": "由市甲局牵头制定方案", "due_on": date(2026, 5, 31), "lead": [world.units["甲局"]],
        "support": [world.units["乙局"]], "agenda_item": meeting.agenda.order_by("sort").first(), **more,
    }  # fmt: skip
    return minutes.decide(meeting, actor=world.actor("clerk"), **values)


def test_minutes_are_written_numbered_and_frozen(world, meeting):
    meeting = held(world, meeting)
    first, second = meeting.agenda.order_by("sort")
    minutes.write(
        meeting, actor=world.actor("clerk"), opening="", topics={first.pk: "会议听取了汇报。", second.pk: "会议原则同意。"}
    )
    late = decided(world, meeting, agenda_item=None, text="其他事项")
    early = decided(world, meeting)
    late.refresh_from_db()
    early.refresh_from_db()
    assert (early.number, late.number) == (1, 2)
    with pytest.raises(NotAllowed):
        minutes.issue(meeting, actor=world.actor("clerk"))
    issued = minutes.issue(meeting, actor=world.actor("director"))
    assert (issued.number, issued.state, issued.minuted_on) == ("纪要〔2026〕1号", "minuted", timezone.localdate())
    said = str(issued.minutes)
    assert "一、2026年重点任务安排" in said and "议定事项1：由市甲局牵头制定方案。（主办单位：市甲局；协办单位：市乙局" in said
    assert "出席：市长 张明" in said
    minutes.issue(issued, actor=world.actor("director"))
    assert NumberSeries.objects.get(series="minutes").last == 1
    with pytest.raises(IllegalMove):
        minutes.write(issued, actor=world.actor("clerk"), opening="改", topics={})
    with pytest.raises(IllegalMove):
        decided(world, issued)
    assert "纪要已印发（纪要〔2026〕1号）" in told(world, "yi_liaison")[-1].title


def test_a_failed_issue_gives_its_number_back(world, meeting):
    meeting = held(world, meeting)
    with pytest.raises(IllegalMove):
        minutes.issue(meeting, actor=world.actor("director"))
    assert not NumberSeries.objects.filter(series="minutes", last__gt=0).exists()


def test_a_decision_names_a_unit_and_a_day_after_the_meeting(world, meeting):
    meeting = held(world, meeting)
    for wrong in ({"lead": []}, {"text": " "}, {"due_on": date(2026, 3, 1)}):
        with pytest.raises(IllegalMove):
            decided(world, meeting, **wrong)
    kept, gone = decided(world, meeting), decided(world, meeting, text="另一项")
    minutes.remove_decision(kept, actor=world.actor("clerk"))
    gone.refresh_from_db()
    assert gone.number == 1


def test_decisions_become_supervised_items_one_by_one_or_all_at_once(world, meeting):
    meeting = held(world, meeting)
    one = decided(world, meeting)
    for text in ("第二项", "第三项"):
        decided(world, meeting, text=text)
    with pytest.raises(IllegalMove):
        decided(world, meeting, text="第三项")
    with pytest.raises(IllegalMove):
        minutes.register_decision(one, actor=world.actor("director"))
    minutes.issue(meeting, actor=world.actor("director"))
    with pytest.raises(NotAllowed):
        minutes.register_decision(one, actor=world.actor("jia_head"))
    item = minutes.register_decision(one, actor=world.actor("director"))
    assert (item.kind, item.state, item.due_on) == ("meeting", "assigned", date(2026, 5, 31))
    assert item.basis == "纪要〔2026〕1号议定事项1“2026年重点任务安排”" and item.given_on == date(2026, 3, 26)
    assert {(part.department, part.role) for part in item.parts.all()} == {
        (world.units["甲局"], "lead"), (world.units["乙局"], "support")
    }  # fmt: skip
    assert minutes.register_decision(one, actor=world.actor("clerk")) == item
    rest = minutes.register_all(meeting, actor=world.actor("clerk"))
    # a clerk registers, the office administrator hands out
    assert [row.state for row in rest] == ["registered", "registered"]
    assert {row.item for row in Decision.objects.filter(meeting=meeting)} == {item, *rest}
    assert minutes.register_all(meeting, actor=world.actor("director")) == []
    assert SupervisedItem.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_minutes_are_set_as_pdf(world, meeting):
    meeting = held(world, meeting)
    decided(world, meeting)
    minutes.issue(meeting, actor=world.actor("director"))
    drained()
    pdf = MeetingPdf.objects.get(meeting=meeting, kind="minutes")
    assert pdf.state == "ready", pdf.failure
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(pdf.file.open()).pages)
    for words in ("会议纪要", "纪要〔2026〕1号", "示例市质量强市办", "由市甲局牵头制定方案", "印发"):
        assert words in text, words
    actors = {who: bool(can(world.actor(who), "view", pdf)) for who in PEOPLE}
    assert {who for who, seen in actors.items() if seen} == {
        "jia_liaison", "jia_head", "yi_liaison", "clerk", "director", "leader", "secretary", "supervisor", "auditor"
    }  # fmt: skip
