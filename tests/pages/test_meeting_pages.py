"""Meetings and matters for coordination on their pages and on the start pages, in a constant number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from programs.domain.supervision import attendance, matters, meetings
from programs.models import CoordinationMatter, Meeting
from taskforce.models import Body, Department

from .sheets import Statements, sheet_url

LIMIT = 12


def text(answer):
    return answer.content.decode()


def cost(client, address):
    client.get(address)
    with Statements(connection) as found:
        assert client.get(address).status_code == 200
    return len(found.counted)


@pytest.fixture
def matter(world):
    assert world.file("jia_liaison", "甲局", coordination="请协调检测用地").ok
    world.sign("jia_head", "甲局")
    return CoordinationMatter.objects.order_by("pk").first()


@pytest.fixture
def meeting(world):
    body = Body.objects.create(
        jurisdiction=world.city, code="b", kind="leading_group", name="示例市领导小组", office_name="市质量强市办"
    )
    body.seats.create(role="member", post="局长", department=world.units["甲局"])
    row = meetings.plan(
        actor=world.actor("clerk"), body=body, title="第1次会议", starts_at=timezone.now() + timedelta(days=1)
    )
    meetings.add_topic(row, actor=world.actor("clerk"), title="议题一", department=world.units["甲局"])
    attendance.invite(row, actor=world.actor("clerk"), seats=list(body.seats.all()))
    return row


def test_from_the_report_to_the_unit_in_the_browser(world, as_user, matter):
    page = reverse("matter", args=[matter.pk])
    office = as_user("clerk")
    assert "请协调检测用地" in text(office.get(reverse("matters")))
    sent = office.post(page, {"do": "put_before", "put_before-leader": world.people["leader"].pk, "version": 1})
    assert sent.status_code == 302
    leader = as_user("leader")
    desk = text(leader.get(reverse("start")))
    assert "需决定事项" in desk and 'name="decide-text"' in desk
    sent = leader.post(page, {"do": "decide", "decide-text": "同意，4月底前落实", "next": "/"})
    assert sent.status_code == 302 and sent.url == "/"
    unit = as_user("jia_liaison")
    assert "同意，4月底前落实" in text(unit.get(reverse("start")))
    assert "同意，4月底前落实" in text(unit.get(sheet_url(world, "甲局")))
    assert unit.post(page, {"do": "acknowledge"}).status_code == 302
    assert "同意，4月底前落实" not in text(unit.get(reverse("start")))
    # pressed again: nothing happens
    assert unit.post(page, {"do": "acknowledge"}).status_code == 302


def test_somebody_else_was_quicker_and_what_was_typed_is_kept(world, as_user, matter):
    matters.answer(matter, actor=world.actor("director"), text="已协调")
    answer = as_user("clerk").post(reverse("matter", args=[matter.pk]), {"do": "answer", "answer-text": "我的答复"})
    assert answer.status_code == 422 and "我的答复" in text(answer) and "没有作任何改动" in text(answer)


def test_the_list_narrows_and_goes_out_as_excel(world, as_user, matter):
    client = as_user("director")
    jia = world.units["甲局"].pk
    assert "请协调检测用地" in text(client.get(reverse("matters"), {"unit": jia, "q": "检测"}))
    assert "请协调检测用地" not in text(client.get(reverse("matters"), {"q": "没有这样的字"}))
    assert "请协调检测用地" in text(client.get(reverse("matters"), {"unit": "x", "state": "nonsense"}))
    sheet = client.get(reverse("matters_xlsx"), {"unit": jia})
    assert sheet.status_code == 200 and "spreadsheetml" in sheet["Content-Type"]


def test_a_meeting_in_the_browser_from_invitation_to_supervised_items(world, as_user, meeting):
    page = reverse("meeting", args=[meeting.pk])
    office = as_user("clerk")
    assert office.post(reverse("meeting_move", args=[meeting.pk]), {"action": "notify", "sure": 1}).status_code == 302
    row = meeting.attendances.get()
    unit = as_user("jia_liaison")
    assert "请回执" in text(unit.get(reverse("start")))
    assert "会议通知" in text(unit.get(reverse("invitation", args=[row.pk])))
    sent = unit.post(reverse("invitation", args=[row.pk]), {"answer": "substitute", "name": "李四", "post": "副局长"})
    assert sent.status_code == 302
    assert "请回执" not in text(unit.get(reverse("start")))
    assert "近期会议" in text(as_user("leader").get(reverse("start")))
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(hours=3))
    office = as_user("clerk")
    assert "李四" in text(office.get(reverse("meeting_presence", args=[meeting.pk])))
    came = {f"p{row.pk}": "substitute", "pX": "y", "p77777": "absent"}
    office.post(reverse("meeting_presence", args=[meeting.pk]), came)
    office.post(reverse("meeting_move", args=[meeting.pk]), {"action": "hold"})
    topic = meeting.agenda.get()
    sent = office.post(
        reverse("meeting_minutes", args=[meeting.pk]), {"opening": "会议召开。", f"topic-{topic.pk}": "会议原则同意。"}
    )
    assert sent.status_code == 302
    decided = {
        "text": "由市甲局牵头办理", "due_on": "2026-06-01", "lead": "市甲局", "support": "市乙局", "agenda_item": topic.pk
    }  # fmt: skip
    assert office.post(reverse("decision_new", args=[meeting.pk]), decided).status_code == 302
    assert "由市甲局牵头办理" not in text(as_user("jia_head").get(page))
    director = as_user("director")
    sent = director.post(reverse("meeting_move", args=[meeting.pk]), {"action": "issue", "sure": 1})
    assert sent.status_code == 302 and "纪要〔2026〕1号" in text(director.get(page))
    assert director.post(reverse("decisions_register", args=[meeting.pk])).status_code == 302
    item = meeting.decisions.get().item
    assert item.state == "assigned" and item.number in text(director.get(page))
    assert "由市甲局牵头办理" in text(as_user("jia_head").get(page))


def test_nobody_marks_what_does_not_exist(world, as_user, meeting):
    client = as_user("clerk")
    assert client.post(reverse("decisions_register", args=[meeting.pk]), {"decision": "x"}).status_code == 404
    assert client.get(reverse("meetings"), {"body": "x", "state": "y", "page": "z"}).status_code == 200
    assert client.post(reverse("meeting_pdf_retry", args=[meeting.pk, "nothing"])).status_code == 404


@pytest.mark.parametrize("who", ["director", "leader", "jia_liaison"])
def test_pages_cost_the_same_with_many_rows(world, as_user, settled, meeting, matter, who):
    meetings.notify(meeting, actor=world.actor("clerk"))
    client = as_user(who)
    addresses = [
        reverse("start"), reverse("meetings"), reverse("meeting", args=[meeting.pk]), reverse("matters"),
        reverse("matter", args=[matter.pk]),
    ]  # fmt: skip
    if who == "director":
        addresses += [
            reverse("meeting_invited", args=[meeting.pk]), reverse("meeting_presence", args=[meeting.pk]),
            reverse("topic_new", args=[meeting.pk]), reverse("meeting_minutes", args=[meeting.pk]),
        ]  # fmt: skip
    settled()
    before = {address: cost(client, address) for address in addresses}
    assert max(before.values()) <= LIMIT, before
    clerk = world.actor("clerk")
    units = [
        Department.objects.create(
            jurisdiction=world.city, code=f"u{n}", kind="government_dept", name=f"示例市局{n}", short_name=f"局{n}"
        )
        for n in range(12)
    ]
    attendance.invite(meeting, actor=clerk, departments=units, names=[f"专家{n}" for n in range(5)])
    for n in range(6):
        meetings.add_topic(meeting, actor=clerk, title=f"又一议题{n}", department=units[n])
    settled()
    assert {address: cost(client, address) for address in addresses} == before


def test_posts_stay_cheap(world, as_user, meeting, matter):
    client = as_user("director")
    sends = [
        (reverse("meeting_move", args=[meeting.pk]), {"action": "notify", "sure": 1}),
        (reverse("topic_new", args=[meeting.pk]), {"title": "议题"}),
        (reverse("matter", args=[matter.pk]), {"do": "answer", "answer-text": "已协调"}),
    ]
    for address, values in sends:
        with Statements(connection) as found:
            assert client.post(address, values).status_code == 302
        assert len(found.counted) <= 20, (address, len(found.counted))


def test_a_clerk_is_told_who_issues_the_minutes_instead_of_led_to_a_refusal(world, as_user, meeting, clock):
    clock.move_to("2026-03-30T09:00:00+08:00")
    clerk = world.actor("clerk")
    attendance.record_presence(meeting, actor=clerk, presence={row.pk: "present" for row in meeting.attendances.all()})
    meetings.hold(meeting, actor=clerk)
    address = reverse("meeting_minutes", args=[meeting.pk])
    clerk, director = text(as_user("clerk").get(address)), text(as_user("director").get(address))
    assert "纪要由办公室管理员印发。" in clerk and "?action=issue" not in clerk
    assert "?action=issue" in director


def test_minutes_are_not_written_before_the_meeting(world, as_user, meeting):
    page = as_user("clerk").get(reverse("meeting_minutes", args=[meeting.pk]))
    assert page.status_code == 200 and "现在不能起草纪要" in text(page)
