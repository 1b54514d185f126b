"""系统建议: the policy rung by rung, what is proposed of the data, once, and that nothing automatic goes further."""

from datetime import date

import pytest

from programs.domain import reminders
from programs.domain.supervision import slip_answers, slips
from programs.domain.supervision.escalation import POLICY, LastSlip, Late, propose
from programs.domain.supervision.proposals import propose_slips
from programs.models import Slip, SlipAnswer
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workdays.calendar import Calendar
from qualitycity.workflow import IllegalMove

from .slips import WORDS, answered, issued, late_item, part_subject

MONDAY = date(2026, 4, 13)
DAYS = Calendar({})


def last(colour, state="issued", level="unit", due=date(2026, 4, 10), ended=None):
    return LastSlip(colour, level, state, due, "前单", ended)


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        # nothing yet: blue, urgent ones begin at orange
        (Late("逾期"), ("urge", "blue", "unit")),
        (Late("逾期", urgent=True), ("notice", "orange", "unit")),
        # a missed date: one colour up, after red the leader above – to be named by a person
        (Late("逾期", last=last("")), ("urge", "blue", "unit")),
        (Late("逾期", last=last("blue")), ("notice", "orange", "head")),
        (Late("逾期", last=last("blue", "acknowledged")), ("notice", "orange", "head")),
        (Late("逾期", last=last("orange")), ("notice", "red", "head")),
        (Late("逾期", last=last("red", level="head")), ("notice", "red", "leader")),
        (Late("逾期", last=last("red", level="leader")), None),
        # not missed yet, waiting to be issued, answered: quiet
        (Late("逾期", last=last("blue", due=MONDAY)), None),
        (Late("逾期", last=last("blue", "proposed")), None),
        (Late("逾期", last=last("orange", "answered")), None),
        # settled, not taken up or void: not again before the set number of working days has passed
        (Late("逾期", last=last("red", "settled", ended=date(2026, 4, 1))), None),
        (Late("逾期", last=last("red", "settled", ended=date(2026, 3, 13))), ("urge", "blue", "unit")),
        (
            Late("逾期", last=last("orange", "dismissed", "head", ended=date(2026, 3, 13))),
            ("notice", "orange", "head"),
        ),
        (Late("逾期", last=last("orange", "withdrawn", "head", ended=date(2026, 4, 10))), None),
    ],
)
def test_the_policy(late, expected):
    found = propose(late, MONDAY, DAYS)
    assert (found and (found.kind, found.colour, found.level)) == expected
    if found:
        assert found.reason.startswith("逾期") and found.reason.endswith("。")


def test_the_reason_says_what_was_missed_and_by_how_much():
    found = propose(Late("任务逾期8个工作日", last=last("blue")), MONDAY, DAYS)
    assert found.reason == (
        "任务逾期8个工作日；前单要求4月10日前回复，逾期1个工作日未回复。建议发橙色督办通知单，请单位负责人阅办。"
    )
    assert [POLICY.days_for(colour) for colour in ("", "blue", "orange", "red")] == [10, 5, 3, 2]


def test_late_matters_are_proposed_once_and_only_proposed(world, clock, django_assert_max_num_queries):
    late_item(world)
    late_item(world, unit="乙局", number="督办〔2026〕2号", urgency="urgent")
    clock.move_to("2026-04-20T09:00:00+08:00")
    first = propose_slips()
    # returns of three units, tasks nobody has signed for, two items; a task late only with its return is not named twice
    found = {
        (
            slip.department.short_name,
            slip.colour,
            "window" if slip.window_id else "item" if slip.item_part_id else "part",
        )
        for slip in first
    }
    assert {("市甲局", "blue", "window"), ("市乙局", "blue", "window"), ("市丙局", "blue", "window")} <= found
    assert {("市甲局", "blue", "item"), ("市乙局", "orange", "item")} <= found
    assert len(first) == Slip.objects.count()
    with django_assert_max_num_queries(16):
        assert propose_slips() == []
    assert {slip.state for slip in Slip.objects.all()} == {"proposed"}
    assert (
        not Slip.objects.exclude(number="").exists()
        and not Message.objects.filter(kind="slip.papers").exists()
    )
    assert all(slip.reason and slip.proposed_by_id is None for slip in first)
    assert list(history(first[0]).values_list("action", "actor_id")) == [("propose", None)]
    told = InboxItem.objects.filter(kind="slip_proposed")
    assert {item.recipient.username for item in told} == {"clerk", "director"}
    assert told.first().title == f"系统建议签发督办单{len(first)}张，请审定"


def test_step_by_step_blue_orange_red_and_every_step_is_a_persons(world, clock):
    item = late_item(world)
    clock.move_to("2026-03-27T09:00:00+08:00")

    def proposed():
        propose_slips()
        return Slip.objects.get(item_part=item, state="proposed")

    blue = proposed()
    assert (blue.colour, blue.kind, blue.due_on) == ("blue", "urge", date(2026, 4, 3))
    blue = slips.issue(blue, actor=world.actor("clerk"))
    clock.move_to("2026-04-03T18:00:00+08:00")
    propose_slips()
    assert not Slip.objects.filter(item_part=item, state="proposed").exists(), "the last day is not over"
    clock.move_to("2026-04-08T09:00:00+08:00")
    orange = proposed()
    assert (orange.colour, orange.level, orange.previous) == ("orange", "head", blue)
    assert "催办〔2026〕1号" in orange.demands and orange.number == ""
    orange = slips.issue(orange, actor=world.actor("director"))
    clock.move_to("2026-04-20T09:00:00+08:00")
    red = slips.issue(proposed(), actor=world.actor("director"))
    assert (red.colour, red.level) == ("red", "head")
    # answered in time: quiet, however long the office takes
    answer = slip_answers.submit(slip=red, actor=world.actor("jia_liaison"), values=WORDS)
    slip_answers.sign(answer, actor=world.actor("jia_head"))
    clock.move_to("2026-05-20T09:00:00+08:00")
    propose_slips()
    assert not Slip.objects.filter(item_part=item, state="proposed").exists()
    slip_answers.refuse(answer, actor=world.actor("clerk"), by="office", reason="没有措施")
    above = proposed()
    assert (above.colour, above.level, above.to_leader) == ("red", "leader", None)
    assert [slip.state for slip in (blue, orange)] == ["issued", "issued"], (
        "an earlier slip is not closed by a later one"
    )


def test_an_untouched_proposal_is_dated_anew_once_its_date_has_passed(world, clock):
    jia = late_item(world)
    yi = late_item(world, unit="乙局", number="督办〔2026〕2号")
    clock.move_to("2026-03-27T09:00:00+08:00")
    propose_slips()
    untouched, revised = (Slip.objects.get(item_part=part) for part in (jia, yi))
    slips.revise(revised, actor=world.actor("clerk"), row_version=1, demands="请报送整改清单。")
    assert {slip.due_on for slip in (untouched, revised)} == {date(2026, 4, 3)}
    clock.move_to("2026-04-02T09:00:00+08:00")
    propose_slips()
    untouched.refresh_from_db()
    assert untouched.due_on == date(2026, 4, 3)
    clock.move_to("2026-04-08T09:00:00+08:00")
    propose_slips()
    propose_slips()
    untouched.refresh_from_db()
    assert (untouched.due_on, untouched.proposed_on) == (date(2026, 4, 15), date(2026, 4, 8))
    assert untouched.reason.startswith("要求3月20日前办结，逾期13个工作日"), untouched.reason
    assert list(history(untouched).values_list("action", "actor_id")) == [("propose", None), ("renew", None)]
    revised.refresh_from_db()
    assert (revised.demands, revised.due_on) == ("请报送整改清单。", date(2026, 4, 3))
    assert list(history(revised).values_list("action", flat=True)) == ["propose", "revise"]
    assert slips.issue(untouched, actor=world.actor("clerk")).number == "催办〔2026〕1号"
    with pytest.raises(IllegalMove):
        slips.issue(revised, actor=world.actor("clerk"))
    # the items are rows of this test, without a journal; of the slips nothing is amiss
    assert [fault for fault in violations() if fault.startswith("programs.Slip ")] == []


def test_a_renewed_proposal_says_how_late_the_slip_before_is_now_and_one_that_lost_its_ground_stays(world, clock):
    item = late_item(world)
    clock.move_to("2026-03-27T09:00:00+08:00")
    propose_slips()
    blue = slips.issue(Slip.objects.get(item_part=item), actor=world.actor("clerk"))
    clock.move_to("2026-04-08T09:00:00+08:00")
    propose_slips()
    orange = Slip.objects.get(item_part=item, state="proposed")
    assert (orange.due_on, "逾期3个工作日未回复" in orange.reason) == (date(2026, 4, 13), True)
    clock.move_to("2026-04-13T09:00:00+08:00")
    propose_slips()
    orange.refresh_from_db()
    assert (orange.due_on, "逾期6个工作日未回复" in orange.reason) == (date(2026, 4, 16), True)
    # the blue one is answered after all: no orange one would be proposed today
    slip_answers.submit(slip=blue, actor=world.actor("jia_liaison"), values=WORDS)
    slip_answers.sign(SlipAnswer.objects.get(), actor=world.actor("jia_head"))
    clock.move_to("2026-04-20T09:00:00+08:00")
    propose_slips()
    orange.refresh_from_db()
    assert orange.due_on == date(2026, 4, 16)


def test_nothing_automatic_reaches_a_leader(world, clock):
    """A year of hourly runs – proposals and reminders – over late matters and missed slips: leaders hear nothing."""
    late_item(world)
    for month in range(4, 13):
        for day in (3, 13, 23):
            clock.move_to(f"2026-{month:02}-{day:02}T09:20:00+08:00")
            propose_slips()
            reminders.scan()
            for slip in Slip.objects.filter(state="proposed").exclude(level="leader"):
                slips.revise(
                    slip, actor=world.actor("director"), row_version=slip.row_version,
                    due_on=date(2026, month, day),
                )  # fmt: skip
                slip.refresh_from_db()
                slips.issue(slip, actor=world.actor("director"))
    assert Slip.objects.filter(level="leader", state="proposed").exists(), "the ladder was climbed to its top"
    for name in ("leader", "secretary"):
        assert not InboxItem.objects.filter(recipient=world.people[name]).exists()
    # and the units were reminded of their slips
    assert InboxItem.objects.filter(
        recipient=world.people["jia_liaison"], kind="digest", body__contains="催办"
    ).exists()


def test_reminders_of_slips_are_quiet_while_the_answer_is_with_the_office(world, clock):
    slip = issued(world, subject=part_subject(world, "甲局", 1), due_on=date(2026, 4, 1))
    reminders.scan()

    def digests(who):
        return [
            line
            for body in InboxItem.objects.filter(recipient=world.people[who], kind="digest").values_list(
                "body", flat=True
            )
            for line in body.splitlines()
            if "催办" in line
        ]

    clock.move_to("2026-03-31T09:00:00+08:00")
    reminders.scan()
    assert digests("jia_liaison") == [
        "催办〔2026〕1号（蓝色）“抓紧报送进展”待签收、回复，2026年4月1日到期，还有1个工作日"
    ]
    answered(world, slip)
    clock.move_to("2026-04-10T09:00:00+08:00")
    reminders.scan()
    assert len(digests("jia_liaison")) == 1
    assert SlipAnswer.objects.get().state == "signed"
