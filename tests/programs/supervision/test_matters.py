"""需协调事项: from a signed report to the answer or decision that the unit notes; the table by hand; twenty at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from programs.choices import MatterState, MeetingState
from programs.domain import entries, filing
from programs.domain.reminders import scan
from programs.domain.supervision import attendance, matters, meetings
from programs.domain.supervision.matters import MATTERS
from programs.models import CoordinationMatter, Meeting, ProgressEntry, ReminderDelivery
from qualitycity.access import SYSTEM, can, visible
from qualitycity.audit.journal import history
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.models import Body, Membership

from ...factories import make_user
from ..test_task_matrices import OFFICE, PEOPLE, moves

MACHINE = entries.TASKS.machine
JIA = {"jia_liaison", "jia_head"}
TABLE = {
    ("raised", "answer"): OFFICE,
    ("raised", "put_before"): OFFICE,
    ("put_before", "take_back"): OFFICE,
    ("put_before", "decide"): OFFICE | {"leader", "secretary"},
    ("answered", "acknowledge"): JIA,
    ("decided", "acknowledge"): JIA,
    ("answered", "reopen"): JIA | OFFICE,
    ("decided", "reopen"): JIA | OFFICE,
    ("acknowledged", "reopen"): JIA | OFFICE,
}
CLOCK = {
    ("answered", "raise_again"), ("decided", "raise_again"), ("acknowledged", "raise_again"), ("dropped", "raise_again"),
    ("raised", "drop"),
}  # fmt: skip


def report(world, text="请协调解决检测用地"):
    """甲局 files with something to be coordinated and its head signs; the matter."""
    assert world.file("jia_liaison", "甲局", coordination=text).ok
    world.sign("jia_head", "甲局")
    return CoordinationMatter.objects.order_by("pk").first()


def told(world, who):
    return list(InboxItem.objects.filter(recipient=world.people[who], kind="matter").order_by("pk"))


@pytest.fixture
def matter(world):
    return report(world)


def test_a_signed_report_brings_its_matter_to_the_office_once(world):
    matter = report(world)
    lines = CoordinationMatter.objects.count()
    assert lines == len(world.rows("甲局")) == 2
    assert (matter.state, matter.department, matter.jurisdiction) == ("raised", world.units["甲局"], world.city)
    for who in ("director", "clerk"):
        (notice,) = told(world, who)
        assert "市甲局2026年第一季度" in notice.title and "2项需协调事项" in notice.title
    assert told(world, "leader") == []


def test_nothing_is_raised_before_the_head_has_signed_or_without_a_text(world):
    assert world.file("jia_liaison", "甲局", coordination="请协调").ok
    assert not CoordinationMatter.objects.exists()
    assert world.file("yi_liaison", "乙局").ok
    world.sign("yi_head", "乙局")
    assert not CoordinationMatter.objects.exists()


def test_a_signature_taken_back_drops_what_the_office_has_not_acted_on(world, matter):
    acted = CoordinationMatter.objects.exclude(pk=matter.pk).get()
    matters.answer(acted, actor=world.actor("clerk"), text="已与资源局商定")
    filing.unsign_rows(MACHINE, world.rows("甲局"), actor=world.actor("jia_head"))
    matter.refresh_from_db()
    acted.refresh_from_db()
    assert (matter.state, acted.state) == ("dropped", "answered")
    world.sign("jia_head", "甲局")
    matter.refresh_from_db()
    acted.refresh_from_db()
    assert (matter.state, acted.state) == ("raised", "answered")
    assert CoordinationMatter.objects.count() == 2


def test_a_report_filed_anew_changes_the_open_matter_and_makes_no_second(world, matter):
    row = ProgressEntry.objects.get(pk=matter.entry_id)
    filing.return_rows(MACHINE, [row], actor=world.actor("clerk"), by="office", reason="请写明地块")
    matter.refresh_from_db()
    assert matter.state == "raised"
    assert world.file("jia_liaison", "甲局", coordination="请协调东湖地块").ok
    filing.sign_rows(MACHINE, [row], actor=world.actor("jia_head"))
    matter.refresh_from_db()
    assert (matter.state, matter.text) == ("raised", "请协调东湖地块")
    assert CoordinationMatter.objects.count() == 2
    assert history(matter).filter(action="change_text").count() == 1


def test_a_report_filed_anew_without_the_text_takes_the_matter_back(world, matter):
    row = ProgressEntry.objects.get(pk=matter.entry_id)
    filing.return_rows(MACHINE, [row], actor=world.actor("clerk"), by="office", reason="重报")
    assert world.file("jia_liaison", "甲局", coordination="").ok
    filing.sign_rows(MACHINE, [row], actor=world.actor("jia_head"))
    matter.refresh_from_db()
    assert matter.state == "dropped"


def test_from_the_report_over_office_and_leader_back_to_the_unit(world, matter):
    leader, secretary = world.people["leader"], world.people["secretary"]
    matters.put_before(matter, actor=world.actor("clerk"), leader=leader, proposal="建议由资源局牵头")
    for who in ("leader", "secretary"):
        (notice,) = told(world, who)
        assert notice.urgent and "拟办意见：建议由资源局牵头" in notice.body
    matter.refresh_from_db()
    matters.decide(matter, actor=world.actor("secretary"), text="同意，请资源局4月底前落实")
    matter.refresh_from_db()
    assert matter.state == "decided" and matter.by_secretary and matter.decided_by == secretary
    for who in JIA:
        notice = told(world, who)[-1]
        assert "已决定（3月26日）" in notice.title and "同意，请资源局4月底前落实" in notice.body
    matters.acknowledge(matter, actor=world.actor("jia_liaison"))
    matter.refresh_from_db()
    assert (matter.state, matter.acknowledged_on) == ("acknowledged", timezone.localdate())
    matters.reopen(matter, actor=world.actor("jia_head"), reason="资源局没有落实")
    matter.refresh_from_db()
    assert matter.state == "raised" and matter.leader is None and matter.decision
    assert "重新提出" in told(world, "director")[-1].title


def test_the_office_decides_nothing_without_a_paper(world, matter):
    matters.put_before(matter, actor=world.actor("clerk"), leader=world.people["leader"])
    with pytest.raises(IllegalMove):
        matters.decide(matter, actor=world.actor("director"), text="同意")
    done = matters.decide(matter, actor=world.actor("director"), text="同意", basis="市长批示（2026年3月25日）")
    assert done.state == "decided" and done.decision_basis


def test_another_leader_does_not_decide(world, matter):
    other = make_user("other_leader", Role.LEADER, jurisdiction=world.city)
    world.people["other_leader"] = other
    matters.put_before(matter, actor=world.actor("clerk"), leader=world.people["leader"])
    with pytest.raises(NotAllowed):
        matters.decide(matter, actor=world.actor("other_leader"), text="不同意")


@pytest.mark.parametrize("who", ["jia_head", "director"])
def test_it_is_put_before_leaders_of_the_territory_alone(world, matter, who):
    with pytest.raises(IllegalMove):
        matters.put_before(matter, actor=world.actor("clerk"), leader=world.people[who])
    with pytest.raises(IllegalMove):
        matters.put_before(matter, actor=world.actor("clerk"))


def test_on_the_agenda_of_a_meeting_and_back_when_it_is_cancelled(world, matter):
    meeting = a_meeting(world)
    matters.put_before(matter, actor=world.actor("clerk"), meeting=meeting)
    item = meeting.agenda.get()
    assert item.matter == matter and item.department == world.units["甲局"] and "检测用地" in item.title
    meetings.cancel(meeting, actor=world.actor("clerk"), reason="另行通知")
    matter.refresh_from_db()
    assert (matter.state, matter.meeting) == ("raised", None)


def test_the_text_that_was_read_is_the_one_that_is_answered(world, matter):
    seen = matter.row_version
    CoordinationMatter.objects.filter(pk=matter.pk).update(text="另一件事", row_version=seen + 1)
    with pytest.raises(IllegalMove):
        matters.answer(matter, actor=world.actor("clerk"), text="好", row_version=seen)


def a_meeting(world, **more):
    body = Body.objects.create(
        jurisdiction=world.city, code=f"b{Body.objects.count()}", kind="leading_group", name="示例市领导小组"
    )
    return meetings.plan(
        actor=world.actor("clerk"), body=body, title="第1次会议",
        starts_at=timezone.now() + timedelta(days=3), **more,
    )  # fmt: skip


def in_state(matter, world, state):
    today = timezone.localdate()
    CoordinationMatter.objects.filter(pk=matter.pk).update(
        state=state, answer="答复", answered_on=today, decision="决定", decided_on=today, put_before_on=today,
        leader=world.people["leader"],
    )  # fmt: skip
    return CoordinationMatter.objects.get(pk=matter.pk)


def test_the_table(world, matter):
    actors = {name: world.actor(name) for name in PEOPLE}
    actions = {transition.action for transition in MATTERS.transitions}
    assert {action for _state, action in TABLE} | {action for _state, action in CLOCK} == actions
    for state in MatterState.values:
        for action in sorted(actions):
            for name in PEOPLE:
                row = in_state(matter, world, state)
                expected = name in TABLE.get((state, action), set())
                assert moves(MATTERS, row, action, actors[name], {}) == expected, (state, action, name)
            row = in_state(matter, world, state)
            assert moves(MATTERS, row, action, SYSTEM, {}) == ((state, action) in CLOCK), (state, action)


def test_taking_back_and_taking_up_again_need_a_reason(world, matter):
    matters.put_before(matter, actor=world.actor("clerk"), leader=world.people["leader"])
    with pytest.raises(IllegalMove):
        matters.take_back(matter, actor=world.actor("clerk"), reason=" ")
    matters.take_back(matter, actor=world.actor("clerk"), reason="先问资源局")
    matters.answer(matter, actor=world.actor("clerk"), text="已协调")
    with pytest.raises(IllegalMove):
        matters.reopen(matter, actor=world.actor("jia_head"), reason="")


def test_who_sees_a_matter(world, matter):
    def sees(who):
        actor = world.actor(who)
        listed = visible(CoordinationMatter.objects.filter(pk=matter.pk), actor).exists()
        assert listed == bool(can(actor, "view", CoordinationMatter.objects.get(pk=matter.pk)))
        return listed

    everybody = {who for who in world.people if sees(who)}
    assert everybody == {
        "jia_liaison", "jia_head", "clerk", "director", "leader", "secretary", "supervisor", "auditor"
    }  # fmt: skip
    CoordinationMatter.objects.filter(pk=matter.pk).update(state="dropped")
    assert {who for who in world.people if sees(who)} == {"jia_liaison", "jia_head", "clerk", "director"}


def test_meetings_that_are_over_take_no_new_topics(world, matter):
    meeting = a_meeting(world)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    with pytest.raises(IllegalMove):
        matters.put_before(matter, actor=world.actor("clerk"), meeting=meeting)


@pytest.mark.django_db(transaction=True)
def test_twenty_answer_at_once_and_one_succeeds(world):
    matter = report(world)
    actors = []
    for n in range(20):
        person = make_user(f"clerk{n}", Role.OFFICE_CLERK, jurisdiction=world.city)
        world.people[person.username] = person
        actors.append(world.actor(person.username))
    assert Membership.objects.filter(role=Role.OFFICE_CLERK).count() == 21
    barrier = threading.Barrier(len(actors))

    def press(actor) -> bool:
        barrier.wait()
        try:
            matters.answer(matter, actor=actor, text=f"{actor.label}答复")
            return True
        except IllegalMove as told_so:
            assert str(told_so.sentence)
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        assert sum(pool.map(press, actors)) == 1
    assert history(matter).filter(action="answer").count() == 1


def test_the_office_is_reminded_of_what_it_has_not_answered(world, matter, clock):
    def told_again(day):
        clock.move_to(f"{day}T10:00:00+08:00")
        scan()
        rows = ReminderDelivery.objects.filter(digest_on=day, key__startswith=f"coordination:{matter.pk}:")
        return {row.recipient.username for row in rows}

    # Thursday 26 March and five working days: 2 April
    assert told_again("2026-04-01") == set()
    assert told_again("2026-04-02") == {"director", "clerk"}
    assert told_again("2026-04-03") == set()
    matters.answer(matter, actor=world.actor("clerk"), text="已协调")
    assert told_again("2026-04-10") == set()


def test_units_are_reminded_of_invitations_and_leaders_are_not(world, clock):
    meeting = a_meeting(world)
    head = meeting.body.seats.create(role="head", post="市长", user=world.people["leader"])
    clerk = world.actor("clerk")
    meetings.add_topic(meeting, actor=clerk, title="议题")
    attendance.invite(meeting, actor=clerk, seats=[head], departments=[world.units["甲局"], world.units["乙局"]])
    meetings.notify(meeting, actor=clerk)
    attendance.reply(
        meeting.attendances.get(department=world.units["乙局"]), actor=world.actor("yi_liaison"), answer="attending"
    )
    # the meeting is on Sunday 29 March: the day before is no working day
    clock.move_to("2026-03-27T18:00:00+08:00")
    scan()
    rows = ReminderDelivery.objects.filter(key__startswith="invitation:")
    assert {row.recipient.username for row in rows} == {"jia_liaison"}
