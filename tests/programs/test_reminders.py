"""Reminders are what should have fired by now, told once, one digest per person and day."""

from datetime import date

import pytest
from django.core import mail

from programs.domain import breakdown, filing, reminders
from programs.domain.entries import TASKS
from programs.models import ReminderDelivery
from qualitycity.outbox.drain import drain
from qualitycity.outbox.models import InboxItem, Message

DUE = date(2026, 3, 31)


@pytest.fixture
def milestone(world):
    clerk = world.actor("clerk")
    return breakdown.add_milestone(
        programme=world.programme, task=world.tasks[2], actor=clerk, title="完成抽检", due_on=DUE
    )


def told(world, name):
    return list(ReminderDelivery.objects.filter(recipient=world.people[name], key__startswith="milestone"))


def test_the_latest_rung_that_has_passed_is_told_once(world, milestone, clock):
    # 26 March: three working days before Tuesday 31 March
    reminders.scan()
    assert [row.rung for row in told(world, "bing_liaison")] == [-3]
    assert reminders.scan() == 0
    clock.move_to("2026-03-30T08:05:00+08:00")
    reminders.scan()
    assert sorted(row.rung for row in told(world, "bing_liaison")) == [-3, -1]


def test_a_missed_day_is_made_up_and_no_storm_follows(world, milestone, clock):
    clock.move_to("2026-04-03T08:05:00+08:00")  # beat was off since before 31 March
    reminders.scan()
    assert [row.rung for row in told(world, "bing_liaison")] == [1]


def test_one_digest_per_person_and_day(world, milestone, clock):
    reminders.scan()
    items = InboxItem.objects.filter(recipient=world.people["bing_liaison"], kind="digest")
    assert items.count() == 1
    first = items.get()
    assert "节点“完成抽检”，2026年3月31日到期，还有3个工作日" in first.body
    breakdown.add_milestone(
        programme=world.programme, task=world.tasks[2], actor=world.actor("clerk"), title="再抽检", due_on=DUE
    )
    reminders.scan()
    assert items.count() == 1
    clock.move_to("2026-03-27T08:05:00+08:00")
    reminders.scan()
    assert items.count() == 2


def test_after_the_date_the_head_is_told_and_from_the_14th_day_the_office(world, clock):
    breakdown.add_milestone(
        programme=world.programme,
        task=world.tasks[0],
        actor=world.actor("clerk"),
        title="出台办法",
        due_on=DUE,
    )
    clock.move_to("2026-04-02T08:05:00+08:00")
    reminders.scan()
    assert told(world, "jia_head") and not told(world, "clerk") and not told(world, "leader")
    clock.move_to("2026-04-22T08:05:00+08:00")
    reminders.scan()
    assert told(world, "clerk") and not told(world, "leader")


def test_a_named_liaison_is_told_alone_before_the_date_and_with_the_head_after_it(world, clock):
    part = world.tasks[0].parts.get(role="lead")
    part.contact_user = world.people["jia_liaison"]
    part.save()
    breakdown.add_milestone(
        programme=world.programme, task=world.tasks[0], actor=world.actor("clerk"), title="出台办法", due_on=DUE
    )
    reminders.scan()
    assert told(world, "jia_liaison") and not told(world, "jia_head")
    clock.move_to("2026-04-02T08:05:00+08:00")
    reminders.scan()
    assert told(world, "jia_head")


def test_a_window_is_quiet_while_its_lines_are_under_review(world, clock):
    clock.move_to("2026-04-08T08:05:00+08:00")  # due 8 April: 1 working day before is 7 April
    world.file("jia_liaison", "甲局")
    filing.sign_rows(TASKS.machine, world.rows("甲局"), actor=world.actor("jia_head"))
    reminders.scan()
    windows = ReminderDelivery.objects.filter(key__startswith="window")
    assert not windows.filter(recipient=world.people["jia_liaison"]).exists()
    assert windows.filter(recipient=world.people["yi_liaison"]).exists()


@pytest.mark.django_db(transaction=True)
def test_the_e_mail_says_how_many_and_nothing_else(world, milestone):
    reminders.scan()
    assert Message.objects.filter(kind="mail.digest").exists()
    drain("mail")
    sent = next(letter for letter in mail.outbox if letter.to == ["bing_liaison@example.org"])
    assert "您有1项待办" in sent.subject and "完成抽检" not in sent.body and "抽检" not in sent.subject
