"""领导小组会议: from the preparation over invitation, papers and presence to the 纪要; the table by hand."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from programs.choices import BuildState, MeetingState
from programs.domain.supervision import attendance, meeting_pdfs, meetings
from programs.domain.supervision.meeting_pdfs import MEETING_PDFS
from programs.domain.supervision.meetings import MEETINGS
from programs.models import (
    Attendance,
    Decision,
    Meeting,
    MeetingPaper,
    MeetingPdf,
)
from qualitycity.access import SYSTEM, can, visible
from qualitycity.audit.journal import history
from qualitycity.files.models import StoredFile
from qualitycity.files.refusals import FileRefused
from qualitycity.outbox import drain
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Body

from ...files import builders
from ..test_task_matrices import OFFICE, PEOPLE, moves

TABLE = {
    ("planned", "notify"): OFFICE,
    ("planned", "hold"): OFFICE,
    ("notified", "hold"): OFFICE,
    ("held", "issue"): {"director"},
    ("planned", "cancel"): OFFICE,
    ("notified", "cancel"): OFFICE,
}
PDF_TABLE = {("failed", "retry"): OFFICE}
PDF_CLOCK = {
    ("queued", "begin"), ("queued", "finish"), ("building", "finish"), ("queued", "fail"), ("building", "fail"),
    ("queued", "renew"), ("building", "renew"), ("ready", "renew"), ("failed", "renew"),
}  # fmt: skip


def pages(count: int, *, turned: int = 0) -> bytes:
    writer = PdfWriter()
    for _number in range(count):
        writer.add_blank_page(595, 842).rotate(turned)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture
def body(world):
    body = Body.objects.create(
        jurisdiction=world.city, code="shili-body", kind="leading_group", name="示例市质量强市工作领导小组",
        office_name="示例市质量强市办",
    )  # fmt: skip
    body.seats.create(role="head", post="市长", person="张明", user=world.people["leader"], sort=1)
    body.seats.create(role="member", post="局长", department=world.units["甲局"], sort=2)
    return body


@pytest.fixture
def meeting(world, body):
    """Tomorrow at half past two, two topics, seats and 乙局 invited."""
    clerk = world.actor("clerk")
    meeting = meetings.plan(
        actor=clerk, body=body, title="示例市质量强市工作领导小组第1次会议", session=1,
        starts_at=timezone.now() + timedelta(days=1, hours=4, minutes=30), place="市政府三楼会议室",
        chair=body.seats.get(role="head"),
    )  # fmt: skip
    meetings.add_topic(meeting, actor=clerk, title="2026年重点任务安排", department=world.units["甲局"], planned=20)
    meetings.add_topic(meeting, actor=clerk, title="质量月活动方案", department=world.units["乙局"])
    attendance.invite(
        meeting, actor=clerk, seats=list(body.seats.all()), departments=[world.units["乙局"]], names=["统计局 赵亮"]
    )
    return meeting


def fresh(meeting):
    return Meeting.objects.get(pk=meeting.pk)


def told(world, who):
    return list(InboxItem.objects.filter(recipient=world.people[who], kind="meeting").order_by("pk"))


def test_the_invited_are_told_and_answer(world, meeting):
    meetings.notify(meeting, actor=world.actor("clerk"))
    for who in ("jia_liaison", "jia_head", "yi_liaison", "leader", "secretary"):
        (notice,) = told(world, who)
        assert "2026年3月27日（周五）下午2:30" in notice.title and notice.url.startswith("/invitations/")
    assert told(world, "bing_liaison") == []
    seat = meeting.attendances.get(department=world.units["甲局"])
    done = attendance.reply(
        seat, actor=world.actor("jia_liaison"), answer="substitute", name="李四", post="副局长"
    )
    assert (done.reply, done.who_comes, done.replied_by) == ("substitute", "李四", world.people["jia_liaison"])
    leader = meeting.attendances.get(user=world.people["leader"])
    assert attendance.reply(leader, actor=world.actor("secretary"), answer="attending").reply == "attending"
    with pytest.raises(NotAllowed):
        attendance.reply(seat, actor=world.actor("yi_liaison"), answer="attending")
    with pytest.raises(IllegalMove):
        attendance.reply(seat, actor=world.actor("jia_head"), answer="leave")
    with pytest.raises(IllegalMove):
        attendance.reply(seat, actor=world.actor("jia_head"), answer="substitute")


def test_who_is_added_later_gets_his_invitation_and_a_new_time_is_told(world, meeting):
    clerk = world.actor("clerk")
    meetings.notify(meeting, actor=clerk)
    attendance.invite(meeting, actor=clerk, departments=[world.units["丙局"], world.units["乙局"]])
    (notice,) = told(world, "bing_liaison")
    assert "请确认参会" in notice.title and len(told(world, "yi_liaison")) == 1
    meetings.change(meeting, actor=clerk, values={"starts_at": timezone.now() + timedelta(days=5)})
    assert "会议变更" in told(world, "yi_liaison")[-1].title
    meetings.cancel(fresh(meeting), actor=clerk, reason="另行通知")
    assert "会议取消" in told(world, "bing_liaison")[-1].title and told(world, "bing_liaison")[-1].body == "另行通知"


def test_what_a_notice_needs(world, body):
    meeting = meetings.plan(
        actor=world.actor("clerk"), body=body, title="会议", starts_at=timezone.now() + timedelta(days=1)
    )
    with pytest.raises(IllegalMove):
        meetings.notify(meeting, actor=world.actor("clerk"))
    meetings.add_topic(meeting, actor=world.actor("clerk"), title="议题")
    with pytest.raises(IllegalMove):
        meetings.notify(meeting, actor=world.actor("clerk"))
    attendance.invite(meeting, actor=world.actor("clerk"), names=["某人"])
    assert meetings.notify(meeting, actor=world.actor("clerk")).state == "notified"


def test_a_meeting_is_held_once_it_has_begun_and_presence_is_recorded(world, meeting):
    clerk = world.actor("clerk")
    meetings.notify(meeting, actor=clerk)
    with pytest.raises(IllegalMove):
        meetings.hold(meeting, actor=clerk)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        with pytest.raises(IllegalMove) as open_rows:
            meetings.hold(meeting, actor=clerk)
        assert "4" in str(open_rows.value.sentence)
        rows = list(meeting.attendances.all())
        came = {row.pk: "absent" if n == 0 else "present" for n, row in enumerate(rows)}
        assert attendance.record_presence(meeting, actor=clerk, presence=came) == 4
        assert attendance.record_presence(meeting, actor=clerk, presence={rows[0].pk: "nonsense"}) == 0
        assert meetings.hold(meeting, actor=clerk).state == "held"


def test_topics_are_put_in_order_and_taken_off(world, meeting):
    clerk = world.actor("clerk")
    first, second = meeting.agenda.order_by("sort")
    meetings.move_topic(second, actor=clerk, by=-1)
    meetings.move_topic(second, actor=clerk, by=-1)
    assert [item.pk for item in meeting.agenda.order_by("sort")] == [second.pk, first.pk]
    meetings.add_papers(first, actor=clerk, uploads=[builders.upload("方案.pdf", pages(1))])
    with pytest.raises(IllegalMove):
        meetings.remove_topic(first, actor=clerk)
    meetings.remove_topic(second, actor=clerk)
    assert meeting.agenda.count() == 1


def test_papers_that_cannot_be_read_are_refused_in_one_sentence(world, meeting):
    item = meeting.agenda.first()
    bad = {
        "坏.pdf": b"%PDF-1.4\nrubbish\n%%EOF",
        "密.pdf": builders.pdf("secret"),
        "表.xlsx": builders.pdf(),
        "空.pdf": b"",
        "假.png": b"not a picture",
        "长.pdf": pages(201),
    }
    for name, content in bad.items():
        with pytest.raises(FileRefused) as refusal:
            meetings.add_papers(item, actor=world.actor("clerk"), uploads=[SimpleUploadedFile(name, content)])
        assert len(refusal.value.sentence) > 4, name
    assert not MeetingPaper.objects.exists() and not StoredFile.objects.filter(purpose="meeting_paper").exists()


def test_a_unit_brings_the_papers_of_its_own_topic_once_it_is_invited(world, meeting):
    own, other = meeting.agenda.order_by("sort")
    paper = builders.upload("材料.pdf", pages(2))
    with pytest.raises(NotAllowed):
        meetings.add_papers(own, actor=world.actor("jia_liaison"), uploads=[paper])
    meetings.notify(meeting, actor=world.actor("clerk"))
    (added,) = meetings.add_papers(own, actor=world.actor("jia_liaison"), uploads=[paper])
    assert added.pages == 2
    with pytest.raises(NotAllowed):
        meetings.add_papers(other, actor=world.actor("jia_liaison"), uploads=[paper])
    assert can(world.actor("jia_head"), "view", added) and not can(world.actor("yi_head"), "view", added)
    assert can(world.actor("leader"), "view", added)


def drained():
    while drain.drain("pdf"):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_agenda_and_papers_become_one_pdf_and_again_when_they_change(world, meeting):
    clerk = world.actor("clerk")
    first, second = meeting.agenda.order_by("sort")
    meetings.add_papers(first, actor=clerk, uploads=[builders.upload("报告.pdf", pages(3))])
    meetings.add_papers(second, actor=clerk, uploads=[builders.upload("照片.png", builders.image("PNG", (800, 600)))])
    meetings.add_papers(second, actor=clerk, uploads=[builders.upload("横表.pdf", pages(1, turned=90))])
    drained()
    pdf = MeetingPdf.objects.get(meeting=meeting)
    assert pdf.state == "ready", pdf.failure
    # cover, agenda, sheet + 3, sheet + 1 + 1
    reader = PdfReader(pdf.file.open())
    assert pdf.pages == len(reader.pages) == 9
    texts = ["".join(page.extract_text().split()) for page in reader.pages]
    assert "会议材料" in texts[0] and "第1次会议" in texts[0] and "市长张明" in texts[0]
    assert "2026年重点任务安排" in texts[1] and "市甲局" in texts[1]
    assert texts[2].startswith("议题一") and texts[6].startswith("议题二")
    assert all(text.endswith(f"-{number}-") for number, text in enumerate(texts, 1))
    titles = [mark.title for mark in reader.outline if not isinstance(mark, list)]
    assert titles == ["封面", "会议议程", "议题一　2026年重点任务安排", "议题二　质量月活动方案"]
    assert [mark.title for mark in reader.outline[-1]] == ["照片", "横表"]
    assert reader.get_destination_page_number(reader.outline[-2]) == 6
    # the pages named by the agenda are those on which the topics begin
    assert "3" in texts[1] and "7" in texts[1]
    former = pdf.file_id
    meetings.remove_paper(second.papers.first(), actor=clerk)
    drained()
    pdf.refresh_from_db()
    assert (pdf.state, pdf.pages) == ("ready", 8) and not StoredFile.objects.filter(pk=former).exists()


def test_what_was_built_from_an_older_agenda_is_thrown_away(world, meeting):
    from programs.jobs import meetings as meeting_jobs

    pdf = MeetingPdf.objects.get(meeting=meeting)
    message = Message.objects.filter(kind="meeting.pdf").earliest("pk")
    assert message.payload["asked"] < pdf.asked
    assert meeting_jobs.prepare(message) is None
    meeting_jobs.build(message, {"content": pages(1), "pages": 1, "at": timezone.now()})
    pdf.refresh_from_db()
    assert (pdf.state, pdf.file) == ("queued", None)


def test_the_table(world, meeting):
    actors = {name: world.actor(name) for name in PEOPLE}
    Attendance.objects.filter(meeting=meeting).update(presence="present")
    decision = Decision.objects.create(meeting=meeting, number=1, text="议定", due_on=date(2026, 5, 1))
    decision.units.create(department=world.units["甲局"], role="lead")
    actions = {transition.action for transition in MEETINGS.transitions}
    assert {action for _state, action in TABLE} == actions
    issue = {"number": "纪要〔2026〕9号", "minuted_on": timezone.localdate(), "minutes": {}}

    def make(state):
        done = state == MeetingState.MINUTED
        Meeting.objects.filter(pk=meeting.pk).update(
            state=state, number=issue["number"] if done else "", minuted_on=issue["minuted_on"] if done else None,
            minutes={} if done else None, starts_at=timezone.now() - timedelta(hours=3), notified_on=date(2026, 3, 20),
        )  # fmt: skip
        return fresh(meeting)

    for state in MeetingState.values:
        for action in sorted(actions):
            for name in PEOPLE:
                expected = name in TABLE.get((state, action), set())
                fields = issue if action == "issue" else {}
                assert moves(MEETINGS, make(state), action, actors[name], fields) == expected, (state, action, name)
            assert not moves(MEETINGS, make(state), action, SYSTEM, {})


def test_the_table_of_the_pdfs(world, meeting):
    actors = {name: world.actor(name) for name in PEOPLE}
    now = timezone.now()
    stored = StoredFile.objects.create(
        original_name="a.pdf", extension="pdf", content_type="application/pdf", size=1, sha256="0" * 64,
        purpose="meeting_pdf", uploaded_by=world.people["clerk"], storage_name="aa/b",
    )  # fmt: skip
    pdf = MeetingPdf.objects.get(meeting=meeting)

    def make(state):
        ready = state == BuildState.READY
        MeetingPdf.objects.filter(pk=pdf.pk).update(
            state=state, file=stored if ready else None, built_at=now if ready else None
        )
        return MeetingPdf.objects.get(pk=pdf.pk)

    actions = {transition.action for transition in MEETING_PDFS.transitions}
    for state in BuildState.values:
        for action in sorted(actions):
            fields = {"file_id": stored.pk, "built_at": now} if action == "finish" else {}
            for name in PEOPLE:
                expected = name in PDF_TABLE.get((state, action), set())
                assert moves(MEETING_PDFS, make(state), action, actors[name], fields) == expected, (state, action, name)
            assert moves(MEETING_PDFS, make(state), action, SYSTEM, fields) == ((state, action) in PDF_CLOCK)


def test_a_pdf_that_is_finished_twice_keeps_the_file_that_stands(world, meeting, settings, tmp_path):
    """A worker whose lease ran out comes late: what it brings is dropped, what stands is not touched."""
    settings.MEDIA_ROOT = tmp_path
    pdf = MeetingPdf.objects.get(meeting=meeting)
    first = meeting_pdfs.finish(pdf, content=pages(1), pages=1, at=timezone.now())
    late = meeting_pdfs.finish(pdf, content=pages(2), pages=2, at=timezone.now())
    again = meeting_pdfs.finish(first, content=pages(2), pages=2, at=timezone.now())
    assert first.file == late.file == again.file and again.pages == 1
    assert StoredFile.objects.filter(purpose="meeting_pdf").count() == 1


def test_who_sees_a_meeting_before_and_after_the_invitations(world, meeting):
    def seeing():
        row = fresh(meeting)
        actors = {who: world.actor(who) for who in PEOPLE}
        opened = {who for who, actor in actors.items() if can(actor, "view", row)}
        assert opened == {who for who, actor in actors.items() if visible(Meeting.objects.all(), actor).exists()}
        return opened

    over = {"clerk", "director", "leader", "secretary", "supervisor", "auditor"}
    assert seeing() == over
    meetings.notify(meeting, actor=world.actor("clerk"))
    assert seeing() == over | {"jia_liaison", "jia_head", "yi_liaison"}
    assert not can(world.actor("jia_head"), "read_papers", fresh(meeting))
    assert can(world.actor("leader"), "read_papers", fresh(meeting))


def test_a_failed_pdf_says_so_and_is_built_again(world, meeting):
    pdf = MeetingPdf.objects.get(meeting=meeting)
    failed = meeting_pdfs.fail(pdf, sentence="没有合并成功。")
    assert (failed.state, failed.failure) == ("failed", "没有合并成功。")
    again = meeting_pdfs.retry(failed, actor=world.actor("clerk"))
    assert (again.state, again.asked) == ("queued", pdf.asked + 1)
    assert Message.objects.filter(kind="meeting.pdf", payload__asked=again.asked).count() == 1
    assert history(pdf).filter(action="retry").count() == 1
