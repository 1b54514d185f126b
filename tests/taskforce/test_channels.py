"""消息渠道: an office sets up the robot of a group, tries it, switches it on; keys are never seen again."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qualitycity.audit.models import Entry
from qualitycity.channels.sealed import unseal
from qualitycity.outbox.drain import drain
from qualitycity.outbox.models import Message
from taskforce.domain import channels
from taskforce.domain.people import name_stand_in
from taskforce.models import Robot, User
from tests.channels.services import ROBOTS, Silent, said, serving

pytestmark = pytest.mark.django_db
DING = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"
SECRET = "SECabcdef0123456789"


def typed(**more):
    return {"kind": "dingtalk", "name": "质量工作群", "department": "", "address": DING, "secret": SECRET} | more


@pytest.fixture
def robot(world):
    return channels.set_up_robot(
        actor=world.actor("director"), jurisdiction=world.city, kind="dingtalk", name="质量工作群", address=DING,
        secret=SECRET,
    )  # fmt: skip


def reload(robot):
    return Robot.objects.select_related("last_message", "jurisdiction", "department").get(pk=robot.pk)


def test_a_robot_is_set_up_switched_off_and_its_keys_are_sealed(as_user):
    answer = as_user("director").post(reverse("robot_new"), typed())
    row = Robot.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("robot", args=[row.pk])
    assert not row.active and row.whose == "示例市办公室"
    assert unseal(row.address_sealed, purpose=channels.ADDRESS) == DING
    assert unseal(row.secret_sealed, purpose=channels.SECRET) == SECRET
    stored = str(list(Robot.objects.values()))
    assert "0123456789abcdef" not in stored and SECRET not in stored


def test_neither_page_nor_journal_shows_a_key(as_user, robot):
    client = as_user("director")
    page = reverse("robot", args=[robot.pk])
    shown = client.get(page).content.decode() + client.get(reverse("channels")).content.decode()
    assert "oapi.dingtalk.com …cdef" in shown
    client.post(page, {"do": "save", "name": "新名", "address": DING + "99", "secret": SECRET + "9"})
    client.post(page, {"do": "on"})
    client.post(page, {"do": "remove"})
    written = str(list(Entry.objects.values()))
    assert "change_robot" in written and "remove_robot" in written
    for text in (shown, written):
        assert "0123456789abcdef" not in text and SECRET not in text


def test_empty_keys_stay_new_ones_take_their_place(as_user, robot):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    assert client.post(page, {"do": "save", "name": "另一个群", "address": "", "secret": ""}).status_code == 302
    row = reload(robot)
    assert (row.name, row.address_sealed, row.secret_sealed) == ("另一个群", robot.address_sealed, robot.secret_sealed)
    client.post(page, {"do": "save", "name": "另一个群", "address": DING + "77", "unsigned": "on", "secret": ""})
    row = reload(robot)
    assert unseal(row.address_sealed, purpose=channels.ADDRESS) == DING + "77" and row.secret_sealed == ""


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"address": "https://evil.example/robot/send?access_token=1"}, "address"),
        ({"address": "https://127.0.0.1/robot/send?access_token=1"}, "address"),
        ({"address": "http://oapi.dingtalk.com/robot/send?access_token=1"}, "address"),
        ({"address": "https://oapi.dingtalk.com/robot/send"}, "address"),
        ({"address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}, "address"),
        ({"address": "nonsense"}, "address"),
        ({"address": ""}, "address"),
        ({"address": "https://oapi.dingtalk.com/" + "x" * 600}, "address"),
        ({"name": ""}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"kind": "telegram"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"department": "999999"}, "department"),
        ({"department": "x"}, "department"),
        ({"kind": "wecom", "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}, "secret"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field_and_kept(more, field, as_user):
    answer = as_user("director").post(reverse("robot_new"), typed(**more))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Robot.objects.exists()
    if field != "name":
        assert "质量工作群" in answer.content.decode()


def test_one_robot_for_the_office_and_one_for_each_unit(as_user, world, robot):
    client = as_user("director")
    again = client.post(reverse("robot_new"), typed(name="又一个"))
    assert again.status_code == 422 and "又一个" in again.content.decode()
    unit = world.units["甲局"]
    assert client.post(reverse("robot_new"), typed(department=unit.pk)).status_code == 302
    assert client.post(reverse("robot_new"), typed(department=unit.pk)).status_code == 422
    assert Robot.objects.count() == 2 and Robot.objects.get(department=unit).whose == "市甲局"


def test_a_district_keeps_its_own_robots_alone(as_user, world, robot):
    client = as_user("district")
    assert client.get(reverse("robot", args=[robot.pk])).status_code == 404
    assert client.post(reverse("robot_new"), typed(department=world.units["甲局"].pk)).status_code == 422
    assert client.post(reverse("robot_new"), typed()).status_code == 302
    row = Robot.objects.exclude(pk=robot.pk).get()
    assert row.jurisdiction == world.district
    # the city's office covers the district
    client.logout()
    assert as_user("director").get(reverse("robot", args=[row.pk])).status_code == 200


def test_the_system_administrator_sees_how_they_stand_and_opens_none(as_user, robot):
    client = as_user("sysadmin")
    text = client.get(reverse("channels")).content.decode()
    assert "质量工作群" in text and "oapi" not in text and reverse("robot", args=[robot.pk]) not in text
    assert client.get(reverse("robot", args=[robot.pk])).status_code == 403
    assert client.post(reverse("robot", args=[robot.pk]), {"do": "on"}).status_code == 403
    assert client.get(reverse("robot_new")).status_code == 403


def test_who_stands_in_for_the_administrator_acts_for_him(as_user, world, robot):
    today = timezone.localdate()
    name_stand_in(
        principal=world.people["director"], deputy=world.people["clerk"], actor=world.actor("director"),
        first_day=today, last_day=today,
    )  # fmt: skip
    client = as_user("clerk")
    assert client.post(reverse("robot", args=[robot.pk]), {"do": "on"}).status_code == 302
    entry = Entry.objects.get(action="switch_robot_on")
    assert (entry.actor_label, entry.acting_for_label) == ("clerk", "director")


def test_on_off_and_a_double_click(as_user, robot):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    for _click in range(2):
        assert client.post(page, {"do": "on"}).status_code == 302
    assert reload(robot).active
    client.post(page, {"do": "off"})
    assert not reload(robot).active
    assert Entry.objects.filter(action="switch_robot_on").count() == 1
    assert client.post(page, {"do": "explode"}).status_code == 404
    for _click in range(2):
        client.post(page, {"do": "remove"})
    assert not Robot.objects.exists()


def at(robot, service, settings, kind):
    """The robot with the keys of a stand-in service."""
    settings.PORTAL_CHANNEL_HOSTS = [service.host]
    Robot.objects.filter(pk=robot.pk).update(kind=kind, secret_sealed="")
    _check, path, secret = ROBOTS[kind]
    return channels.change_robot(
        reload(robot), actor=robot.keeper, name="群", address=service.url(path), secret=secret
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", sorted(ROBOTS))
def test_a_test_message_reaches_the_group_and_the_page_says_so(kind, as_user, robot, settings, world):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    robot.keeper = world.actor("director")
    with serving(ROBOTS[kind][0]) as service:
        at(robot, service, settings, kind)
        for _click in range(2):
            assert client.post(page, {"do": "test"}).status_code == 302
        assert drain("mail") == 1
    (seen,) = service.seen
    assert said(kind, seen).startswith(f"【{settings.PORTAL_NAME}】这是一条测试消息")
    assert reload(robot).last_message.state == "sent"
    assert "qc-tag-green" in client.get(page).content.decode()
    assert not reload(robot).active, "trying is not switching on"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_said_in_words_on_the_page(as_user, robot, settings, world):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    robot.keeper = world.actor("director")
    with serving(lambda seen: (200, {"errcode": 310000, "errmsg": "keywords not in content"})) as service:
        at(robot, service, settings, "dingtalk")
        client.post(page, {"do": "test"})
        drain("mail")
    message = reload(robot).last_message
    assert (message.state, message.attempts) == ("parked", 1)
    text = client.get(page).content.decode()
    assert "310000" in text and "keywords not in content" in text and "GiveUp" not in text


@pytest.mark.django_db(transaction=True)
def test_nothing_listens_then_it_is_tried_again_and_arrives(as_user, robot, settings, world):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    robot.keeper = world.actor("director")
    with serving(ROBOTS["wecom"][0]) as service:
        at(robot, service, settings, "wecom")
    client.post(page, {"do": "test"})
    drain("mail")
    message = reload(robot).last_message
    assert (message.state, message.attempts) == ("pending", 1) and message.last_error.startswith("NotSent: ")
    assert "NotSent" not in client.get(page).content.decode()
    with serving(ROBOTS["wecom"][0]) as service:
        at(robot, service, settings, "wecom")
        Message.objects.update(next_at=timezone.now())
        drain("mail")
    message.refresh_from_db()
    assert (message.state, message.attempts, len(service.seen)) == ("sent", 2, 1)


@pytest.mark.django_db(transaction=True)
def test_no_answer_waits_for_a_person_and_is_not_sent_again(as_user, robot, settings, world):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    robot.keeper = world.actor("director")

    def hang_up(seen):
        raise Silent

    with serving(hang_up) as service:
        at(robot, service, settings, "wecom")
        client.post(page, {"do": "test"})
        drain("mail")
        Message.objects.update(next_at=timezone.now())
        assert drain("mail") == 0
    assert reload(robot).last_message.state == "doubtful" and len(service.seen) == 1


@pytest.mark.django_db(transaction=True)
def test_keys_of_a_lost_django_secret_are_asked_for_again(as_user, robot, settings):
    client, page = as_user("director"), reverse("robot", args=[robot.pk])
    client.post(page, {"do": "test"})
    settings.SECRET_KEY = "lost" * 20
    drain("mail")
    message = Message.objects.get()
    assert message.state == "parked" and re.search("重新|again", message.last_error)


@pytest.mark.django_db(transaction=True)
def test_a_trial_to_oneself_by_mail_and_by_short_message(as_user, world, settings):
    client = as_user("director")
    User.objects.filter(username="director").update(phone="138 0000 1111")
    with serving(lambda seen: (200, {"code": 0})) as service:
        settings.PORTAL_SMS = {
            "url": service.url("/sms"), "fields": '{"to": "{phone}", "say": "{text}"}', "expected": '{"code": 0}',
        }  # fmt: skip
        for channel in ("mail", "sms"):
            assert client.post(reverse("channel_test"), {"channel": channel}).status_code == 302
        drain("mail")
    assert service.seen[0].json["to"] == "13800001111" and "测试消息" in service.seen[0].json["say"]
    assert mail.outbox[0].to == ["director@example.org"] and "测试消息" in mail.outbox[0].subject
    text = client.get(reverse("channels")).content.decode()
    assert text.count("qc-tag-green") >= 4


def test_what_is_not_set_up_cannot_be_tried(as_user, settings):
    settings.PORTAL_MAIL_ENABLED = False
    client = as_user("director")
    for channel in ("mail", "sms"):
        client.post(reverse("channel_test"), {"channel": channel})
    assert client.post(reverse("channel_test"), {"channel": "pigeon"}).status_code == 404
    assert not Message.objects.exists()
    assert client.get(reverse("channels")).status_code == 200


@pytest.mark.parametrize("name", ["clerk", "jia_liaison", "leader", "auditor"])
def test_nobody_else_has_to_do_with_it(name, as_user, robot):
    client = as_user(name)
    for address in (reverse("channels"), reverse("robot_new"), reverse("robot", args=[robot.pk])):
        assert client.get(address).status_code == 403


def test_the_list_asks_a_constant_number_of_queries(as_user, world, robot):
    client = as_user("director")
    counts = []
    for unit in (None, "甲局", "乙局", "丙局"):
        if unit:
            channels.set_up_robot(
                actor=world.actor("director"), jurisdiction=world.city, department=world.units[unit], kind="feishu",
                name=unit, address="https://open.feishu.cn/open-apis/bot/v2/hook/abc",
            )  # fmt: skip
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("channels")).status_code == 200
        counts.append(len(found))
    assert len(set(counts)) == 1 and counts[0] <= 12
