"""短信: any gateway that takes HTTP, as the operator describes it; tried against one that checks what arrives."""

import json
from urllib.parse import parse_qs

import pytest

from qualitycity.channels import sms
from qualitycity.channels.checks import channels_are_configured
from qualitycity.channels.prepared import Answer
from qualitycity.channels.sending import Unclear, send
from qualitycity.outbox.registry import GiveUp, NotSent

from .services import serving

PHONE, TEXT = "13800001111", '【门户】您有3项待办 "&{phone}{count}\n'
FIELDS = '{"mobile": "{phone}", "content": "{text}", "sign": {"app": 7, "to": ["{phone}"]}}'


def configure(settings, url, **more):
    given = {"url": url, "method": "POST", "format": "json", "headers": "", "fields": FIELDS, "expected": '{"code": 0}'}
    settings.PORTAL_SMS = given | more
    return sms.gateway()


def put(gateway):
    sms.judge(gateway, send(sms.prepare(gateway, phone=PHONE, text=TEXT, count=3), trusted=True))


def test_json_with_a_header_of_the_operator(settings):
    with serving(lambda seen: (200, {"code": "0", "id": 5})) as service:
        put(configure(settings, service.url("/sms/v1"), headers='{"Authorization": "Bearer k"}'))
    (seen,) = service.seen
    assert (seen.method, seen.path, seen.headers["Authorization"]) == ("POST", "/sms/v1", "Bearer k")
    # quotes, line feeds and braces of the text change nothing but the text
    assert seen.json == {"mobile": PHONE, "content": TEXT, "sign": {"app": 7, "to": [PHONE]}}


def test_a_form(settings):
    flat = '{"mobile": "+86{phone}", "content": "{text}", "type": 1}'
    with serving(lambda seen: (200, "OK:1001")) as service:
        put(configure(settings, service.url("/"), format="form", fields=flat, expected="OK:"))
    (seen,) = service.seen
    assert seen.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(seen.body.decode()) == {"mobile": [f"+86{PHONE}"], "content": [TEXT], "type": ["1"]}


def test_a_gateway_that_keeps_the_sentence_gets_the_number_alone(settings):
    template = '{"phones": ["{phone}"], "template": 1101, "params": ["{count}"]}'
    with serving(lambda seen: (200, {"code": 0})) as service:
        put(configure(settings, service.url("/"), fields=template))
    assert service.seen[0].json == {"phones": [PHONE], "template": 1101, "params": ["3"]}


def test_everything_in_the_address(settings):
    flat = '{"m": "{phone}", "c": "{text}"}'
    with serving(lambda seen: (200, "<result>0</result>")) as service:
        gateway = configure(
            settings, service.url("/send?app=7"), method="GET", format="query", fields=flat,
            expected="<result>0</result>",
        )  # fmt: skip
        put(gateway)
    (seen,) = service.seen
    assert (seen.method, seen.query, seen.body) == ("GET", {"app": ["7"], "m": [PHONE], "c": [TEXT]}, b"")


@pytest.mark.parametrize(
    ("answer", "taken_for"),
    [
        (Answer(200, '{"code": 7, "msg": "no balance"}'), GiveUp),
        (Answer(200, '{"result": 0}'), GiveUp),
        (Answer(200, "code 0"), GiveUp),
        (Answer(401, ""), GiveUp),
        (Answer(302, ""), GiveUp),
        (Answer(429, ""), NotSent),
        (Answer(500, '{"code": 0}'), Unclear),
        (Answer(504, ""), Unclear),
    ],
)
def test_what_an_answer_is_taken_for(answer, taken_for, settings):
    with pytest.raises(taken_for):
        sms.judge(configure(settings, "http://gate.example/"), answer)


@pytest.mark.parametrize(
    ("expected", "answer", "fine"),
    [
        ('{"data.status": "ok", "code": 0}', {"code": 0, "data": {"status": "ok"}}, True),
        ('{"data.status": "ok"}', {"data": "ok"}, False),
        ('{"data.status": "ok"}', {"data": {"status": None}}, False),
        ('{"ok": true}', {"ok": True}, True),
        ('{"ok": true}', {"ok": False}, False),
        ("0", "0", True),
    ],
)
def test_fields_inside_the_answer(expected, answer, fine, settings):
    gateway = configure(settings, "http://gate.example/", expected=expected)
    given = Answer(200, answer if isinstance(answer, str) else json.dumps(answer))
    if fine:
        sms.judge(gateway, given)
    else:
        with pytest.raises(GiveUp):
            sms.judge(gateway, given)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"url": "gate.example/send"}, "SMS_URL"),
        ({"url": "ftp://gate.example/"}, "SMS_URL"),
        ({"method": "DELETE"}, "SMS_METHOD"),
        ({"format": "xml"}, "SMS_FORMAT"),
        ({"headers": "Authorization: x"}, "SMS_HEADERS"),
        ({"headers": '{"X": 1}'}, "SMS_HEADERS"),
        ({"fields": "[1]"}, "SMS_FIELDS"),
        ({"fields": '{"mobile": "{phone}"}'}, "SMS_FIELDS"),
        ({"fields": '{"content": "{text}"}'}, "SMS_FIELDS"),
        ({"format": "form"}, "SMS_FIELDS"),
        ({"expected": " "}, "SMS_EXPECTED"),
    ],
)
def test_settings_that_make_no_sense_are_named_when_the_portal_starts(more, named, settings):
    settings.PORTAL_SMS = {
        "url": "https://gate.example/", "method": "POST", "format": "json", "headers": "", "fields": FIELDS,
        "expected": "0",
    } | more  # fmt: skip
    (error,) = channels_are_configured()
    assert named in error.msg


def test_without_an_address_there_are_no_short_messages(settings):
    settings.PORTAL_SMS = {}
    assert sms.gateway() is None and channels_are_configured() == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("138 0000 1111", PHONE), ("138-0000-1111", PHONE), ("+86 13800001111", PHONE), ("0086-13800001111", PHONE),
        ("（138）00001111", PHONE), ("0990-1234567", ""), ("12345", ""), ("", ""), ("23800001111", ""),
        ("138000011112", ""), ("１３８００００１１１１", ""), ("13800001111 转 2", ""),
    ],
)  # fmt: skip
def test_only_mobile_numbers_are_sent_to(typed, read):
    assert sms.mobile(typed) == read
