"""The digest of the day outside the portal: only what somebody switched on, once a day, numbers and no content."""

import json
from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.domain import breakdown, reminders
from programs.models import ReminderDelivery
from qualitycity.outbox.drain import drain
from qualitycity.outbox.models import Message
from taskforce.domain import channels
from taskforce.models import Robot, User
from tests.channels.services import ROBOTS, Silent, said, serving

DUE = date(2026, 3, 31)
#: Words of the matters, of their programme and of people, that never leave.
INSIDE = ("完成抽检", "出台办法", "任务", "质量提升2026", "节点", "到期", "3月31日", "jia_liaison", "bing_liaison")
SMS = {"fields": '{"to": "{phone}", "say": "{text}"}', "expected": '{"code": 0}'}


@pytest.fixture
def due(world):
    """甲局 has two dates, 丙局 one; three working days before is today."""
    clerk = world.actor("clerk")
    for task, title in ((0, "出台办法"), (0, "再出台办法"), (2, "完成抽检")):
        breakdown.add_milestone(programme=world.programme, task=world.tasks[task], actor=clerk, title=title, due_on=DUE)


def robot(world, settings, service, kind="wecom", unit="甲局", on=True):
    settings.PORTAL_CHANNEL_HOSTS = [service.host]
    _check, path, secret = ROBOTS[kind]
    row = channels.set_up_robot(
        actor=world.actor("director"), jurisdiction=world.city, department=world.units[unit] if unit else None,
        kind=kind, name=f"{unit}群", address=service.url(path), secret=secret,
    )  # fmt: skip
    return channels.switch_robot(row, actor=world.actor("director"), on=on)


def kinds():
    return sorted(Message.objects.exclude(kind="mail.digest").values_list("kind", flat=True))


def everything_due():
    Message.objects.filter(state="pending").update(next_at=timezone.now())


def test_without_anybody_having_switched_anything_on_nothing_leaves(world, due, settings):
    settings.PORTAL_MAIL_ENABLED = False
    reminders.scan()
    assert ReminderDelivery.objects.exists() and not Message.objects.exists()


def test_what_is_offered_is_not_yet_used(world, due, settings):
    """A gateway is set up and a robot stored: nobody asked for short messages, the robot is off."""
    with serving(ROBOTS["wecom"][0]) as service:
        settings.PORTAL_SMS = SMS | {"url": service.url("/sms")}
        robot(world, settings, service, on=False)
        User.objects.update(phone="13800001111")
        reminders.scan()
        assert kinds() == [] and service.seen == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", sorted(ROBOTS))
def test_a_group_is_told_once_a_day_how_many_and_nothing_else(kind, world, due, settings, clock):
    with serving(ROBOTS[kind][0]) as service:
        row = robot(world, settings, service, kind)
        reminders.scan()
        reminders.scan()
        assert kinds() == ["robot.digest"]
        assert drain("mail") == Message.objects.filter(kind="mail.digest").count(), "first all people are told"
        clock.shift(601)
        reminders.scan()
        drain("mail")
    (seen,) = service.seen
    assert said(kind, seen) == f"【{settings.PORTAL_NAME}】市甲局今日有2项待办，请登录门户查看。"
    assert not any(word in seen.body.decode() for word in INSIDE)
    assert Robot.objects.select_related("last_message").get(pk=row.pk).last_message.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_the_next_day_is_told_anew(world, due, settings, clock):
    with serving(ROBOTS["wecom"][0]) as service:
        robot(world, settings, service)
        for day in ("2026-03-26", "2026-03-30"):
            clock.move_to(f"{day}T09:00:00+08:00")
            reminders.scan()
            everything_due()
            drain("mail")
    assert len(service.seen) == 2


@pytest.mark.django_db(transaction=True)
def test_the_office_and_each_unit_hear_of_their_own(world, due, settings):
    breakdown.add_milestone(
        programme=world.programme, task=None, actor=world.actor("clerk"), title="中期评估", due_on=DUE
    )
    with serving(ROBOTS["wecom"][0]) as service:
        for unit in (None, "甲局", "丙局", "乙局"):
            robot(world, settings, service, unit=unit)
        reminders.scan()
        everything_due()
        drain("mail")
    told = {said("wecom", seen).partition("】")[2] for seen in service.seen}
    # two people of the office are told of one matter
    assert told == {
        "示例市办公室今日有1项待办，请登录门户查看。",
        "市甲局今日有2项待办，请登录门户查看。",
        "市丙局今日有1项待办，请登录门户查看。",
    }


@pytest.mark.django_db(transaction=True)
def test_a_short_message_to_whoever_wants_it(world, due, settings):
    User.objects.filter(username="jia_liaison").update(phone="138-0000-1111", sms_digest=True)
    User.objects.filter(username="bing_liaison").update(phone="0990-1234567", sms_digest=True)  # no mobile number
    User.objects.filter(username="jia_head").update(phone="13900001111")
    with serving(lambda seen: (200, {"code": 0})) as service:
        settings.PORTAL_SMS = SMS | {"url": service.url("/sms")}
        for _hour in range(2):
            reminders.scan()
        everything_due()
        drain("mail")
        drain("mail")
    (seen,) = service.seen
    assert seen.json == {"to": "13800001111", "say": f"【{settings.PORTAL_NAME}】您有2项待办，请登录门户查看。"}
    assert not any(word in json.dumps(seen.json, ensure_ascii=False) for word in INSIDE)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_rung_at_night(world, due, settings, clock):
    User.objects.filter(username="jia_liaison").update(phone="13800001111", sms_digest=True)
    clock.move_to("2026-03-26T00:05:00+08:00")
    with serving(lambda seen: (200, {"code": 0, "errcode": 0})) as service:
        settings.PORTAL_SMS = SMS | {"url": service.url("/sms")}
        robot(world, settings, service)
        reminders.scan()
        drain("mail")
        assert service.seen == []
        clock.move_to("2026-03-26T08:31:00+08:00")
        drain("mail")
    assert len(service.seen) == 2


@pytest.mark.django_db(transaction=True)
def test_e_mail_may_be_switched_off_and_then_does_not_go(world, due):
    User.objects.filter(username="jia_liaison").update(mail_digest=False)
    reminders.scan()
    User.objects.filter(username="bing_liaison").update(mail_digest=False)  # after it was written, before it goes
    drain("mail")
    assert not {"jia_liaison@example.org", "bing_liaison@example.org"} & {letter.to[0] for letter in mail.outbox}
    assert all(word not in letter.body + letter.subject for letter in mail.outbox for word in ("出台办法", "完成抽检"))


@pytest.mark.django_db(transaction=True)
def test_what_was_switched_off_before_it_goes_does_not_go(world, due, settings):
    User.objects.filter(username="jia_liaison").update(phone="13800001111", sms_digest=True)
    with serving(lambda seen: (200, {"code": 0, "errcode": 0})) as service:
        settings.PORTAL_SMS = SMS | {"url": service.url("/sms")}
        robot(world, settings, service)
        reminders.scan()
        assert kinds() == ["robot.digest", "sms.digest"]
        User.objects.update(sms_digest=False)
        Robot.objects.update(active=False)
        everything_due()
        drain("mail")
    assert service.seen == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("answer", "state"), [("hang up", "doubtful"), ("refuse", "parked"), ("away", "pending")])
def test_how_a_short_message_fails(answer, state, world, due, settings):
    User.objects.filter(username="jia_liaison").update(phone="13800001111", sms_digest=True)

    def reply(seen):
        if answer == "hang up":
            raise Silent
        return 200, {"code": 7}

    with serving(reply) as service:
        settings.PORTAL_SMS = SMS | {"url": service.url("/sms")}
        if answer == "away":
            settings.PORTAL_SMS["url"] = "http://127.0.0.1:9/sms"
        reminders.scan()
        everything_due()
        drain("mail")
        drain("mail")
    message = Message.objects.get(kind="sms.digest")
    assert message.state == state and len(service.seen) == (0 if answer == "away" else 1)


def test_payloads_hold_ids_alone(world, due, settings):
    User.objects.update(phone="13800001111", sms_digest=True)
    with serving(ROBOTS["wecom"][0]) as service:
        settings.PORTAL_SMS = SMS | {"url": service.url("/sms")}
        robot(world, settings, service)
        reminders.scan()
    for payload in Message.objects.values_list("payload", flat=True):
        assert set(payload) in ({"user", "day"}, {"robot", "day"})
    assert set(kinds()) == {"robot.digest", "sms.digest"}


def test_telling_costs_the_same_for_one_group_and_for_many(world, due, settings):
    def cost():
        ReminderDelivery.objects.all().delete()
        Message.objects.all().delete()
        with CaptureQueriesContext(connection) as found:
            assert reminders.scan()
        return len(found)

    with serving(ROBOTS["wecom"][0]) as service:
        robot(world, settings, service)
        one = cost()
        for unit in (None, "乙局", "丙局"):
            robot(world, settings, service, unit=unit)
        assert cost() == one
