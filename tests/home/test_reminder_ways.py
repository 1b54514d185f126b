"""提醒方式: each chooses for himself among what this portal offers; e-mail is on until switched off, SMS the other way."""

import pytest
from django.urls import reverse

from taskforce.models import User

pytestmark = pytest.mark.django_db
SMS = {"url": "https://gate.example/", "fields": '{"to": "{phone}", "say": "{text}"}', "expected": "0"}


def chosen(name="jia_liaison"):
    user = User.objects.get(username=name)
    return user.mail_digest, user.sms_digest


def test_a_new_account_gets_mail_and_no_short_messages(world):
    assert chosen() == (True, False)


def test_each_is_switched_on_and_off(as_user, settings):
    settings.PORTAL_SMS = SMS
    client = as_user("jia_liaison")
    User.objects.filter(username="jia_liaison").update(phone="13800001111")
    assert client.post(reverse("choose_channels"), {"sms": "1"}).url == reverse("account")
    assert chosen() == (False, True)
    client.post(reverse("choose_channels"), {"mail": "1"})
    assert chosen() == (True, False)
    assert chosen("jia_head") == (True, False), "of nobody else"


def test_what_is_not_offered_is_not_shown_and_stays_as_it_is(as_user, settings):
    settings.PORTAL_MAIL_ENABLED = False
    client = as_user("jia_liaison")
    text = client.get(reverse("account")).content.decode()
    assert 'name="mail"' not in text and 'name="sms"' not in text
    client.post(reverse("choose_channels"), {"sms": "1"})
    assert chosen() == (True, False)


def test_a_landline_gets_no_short_message_and_reads_why(as_user, settings):
    settings.PORTAL_SMS = SMS
    client = as_user("jia_liaison")
    User.objects.filter(username="jia_liaison").update(phone="0990-1234567")
    text = client.get(reverse("account")).content.decode()
    assert "disabled" in text and "手机号码" in text
    client.post(reverse("choose_channels"), {"mail": "1", "sms": "1"})
    assert chosen() == (True, False)
