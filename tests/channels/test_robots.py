"""Messages to groups against stand-ins that check path, signature and form; and what each answer is taken for."""

import logging
import socket
import threading
import traceback
from datetime import timedelta

import pytest
from django.utils import timezone

from qualitycity.channels import robots, sending
from qualitycity.channels.prepared import Answer
from qualitycity.channels.sending import Unclear, send
from qualitycity.outbox.registry import GiveUp, NotSent

from .services import ROBOTS, Silent, said, serving

KINDS = sorted(ROBOTS)


def put(kind, service, settings, *, secret=None, text="您有3项待办", now=None):
    """Sends a message and judges the answer."""
    settings.PORTAL_CHANNEL_HOSTS = [service.host]
    _check, path, right = ROBOTS[kind]
    request = robots.prepare(
        kind, url=service.url(path), secret=right if secret is None else secret, text=text, now=now or timezone.now()
    )
    robots.judge(kind, send(request))


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_takes_the_message(kind, settings):
    with serving(ROBOTS[kind][0]) as service:
        put(kind, service, settings, text="【门户】市甲局今日有3项待办")
    assert said(kind, service.seen[0]) == "【门户】市甲局今日有3项待办"
    assert len(service.seen) == 1


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_wrong_secret_is_refused_and_the_sentence_says_so(kind, settings):
    with serving(ROBOTS[kind][0]) as service, pytest.raises(GiveUp, match="sign"):
        put(kind, service, settings, secret="another")


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_signature_of_two_hours_ago_is_refused(kind, settings):
    with serving(ROBOTS[kind][0]) as service, pytest.raises(GiveUp):
        put(kind, service, settings, now=timezone.now() - timedelta(hours=2))


def test_signatures_are_those_of_another_tool():
    """Worked out with openssl, from the values that stand in the documents of the two services.

    printf '1577262236757\\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
    printf '' | openssl dgst -sha256 -hmac "$(printf '1599360473\\ndemo')" -binary | base64
    """
    ding = "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
    assert robots.dingtalk_signature("1577262236757", "this is secret") == ding
    assert robots.feishu_signature("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_key_is_a_definite_refusal(kind, settings):
    with serving(ROBOTS[kind][0]) as service:
        settings.PORTAL_CHANNEL_HOSTS = [service.host]
        url = service.url(ROBOTS[kind][1][:-3] + "xyz")
        request = robots.prepare(kind, url=url, secret=ROBOTS[kind][2], text="x", now=timezone.now())
        with pytest.raises(GiveUp):
            robots.judge(kind, send(request))


@pytest.mark.parametrize(
    ("kind", "answer", "taken_for"),
    [
        ("wecom", Answer(200, '{"errcode": 45009, "errmsg": "api freq out of limit"}'), NotSent),
        ("dingtalk", Answer(200, '{"errcode": 130101, "errmsg": "send too fast"}'), NotSent),
        ("feishu", Answer(200, '{"code": 11232, "msg": "frequency limited"}'), NotSent),
        ("feishu", Answer(429, '{"code": 99991400, "msg": "request trigger frequency limit"}'), NotSent),
        ("wecom", Answer(429, ""), NotSent),
        ("dingtalk", Answer(200, '{"errcode": 310000, "errmsg": "keywords not in content"}'), GiveUp),
        ("feishu", Answer(200, '{"code": 19024, "msg": "Key Words Not Found"}'), GiveUp),
        ("feishu", Answer(400, '{"code": 9499, "msg": "Bad Request"}'), GiveUp),
        ("wecom", Answer(404, "<html>not found</html>"), GiveUp),
        ("wecom", Answer(302, ""), GiveUp),
        # a page of a network that wants a sign-in, or an answer cut short: nobody knows
        ("wecom", Answer(200, "<html>please sign in</html>"), Unclear),
        ("dingtalk", Answer(200, ""), Unclear),
        ("feishu", Answer(200, "[]"), Unclear),
        ("wecom", Answer(200, '{"errcode": true}'), Unclear),
        ("wecom", Answer(502, "Bad Gateway"), Unclear),
        ("dingtalk", Answer(503, ""), Unclear),
        ("wecom", Answer(500, '{"errcode": 0}'), Unclear),
    ],
)
def test_what_an_answer_is_taken_for(kind, answer, taken_for):
    with pytest.raises(taken_for):
        robots.judge(kind, answer)


def test_the_older_answer_of_feishu_counts_as_success():
    robots.judge("feishu", Answer(200, '{"StatusCode": 0, "StatusMessage": "success"}'))


def test_a_redirect_is_not_followed(settings):
    with serving(lambda seen: (200, {"errcode": 0})) as other, serving(lambda seen: (307, "")) as service:
        service.headers["Location"] = other.url("/elsewhere")
        with pytest.raises(GiveUp):
            put("wecom", service, settings)
    assert other.seen == [] and len(service.seen) == 1


def test_nothing_listens_nothing_was_sent(settings):
    with serving(ROBOTS["wecom"][0]) as service:
        pass
    with pytest.raises(NotSent):
        put("wecom", service, settings)


def test_no_answer_in_time_is_unclear(settings, monkeypatch):
    monkeypatch.setattr(sending, "READ", 0.3)
    release = threading.Event()

    def slow(seen):
        release.wait(5)
        raise Silent

    with serving(slow) as service:
        try:
            with pytest.raises(Unclear):
                put("wecom", service, settings)
        finally:
            release.set()
    assert len(service.seen) == 1


def test_a_connection_that_breaks_after_the_message_is_unclear(settings):
    def hang_up(seen):
        raise Silent

    with serving(hang_up) as service, pytest.raises(Unclear):
        put("dingtalk", service, settings)


def test_a_server_without_a_certificate_gets_nothing(settings):
    """The handshake fails before anything is said: it may be tried again."""
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse():
        peer, _address = listener.accept()
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 400 no TLS here\r\n\r\n")
        peer.close()

    thread = threading.Thread(target=refuse)
    thread.start()
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    settings.PORTAL_CHANNEL_HOSTS = [host]
    request = robots.prepare("wecom", url=f"https://{host}/x?key=1", secret="", text="x", now=timezone.now())
    with pytest.raises(NotSent):
        send(request)
    thread.join()
    listener.close()


def test_an_answer_without_end_is_cut(settings):
    with serving(lambda seen: (200, "x" * 500_000)) as service:
        settings.PORTAL_CHANNEL_HOSTS = [service.host]
        request = robots.prepare("wecom", url=service.url("/"), secret="", text="x", now=timezone.now())
        assert len(send(request).text) == sending.LONGEST


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_and_no_log_holds_the_key(kind, settings, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(sending, "READ", 0.2)
    secrets = {*ROBOTS[kind][1].replace("=", "/").split("/")[-1:], ROBOTS[kind][2]} - {""}

    def hang_up(seen):
        raise Silent

    with serving(hang_up) as service:
        try:
            put(kind, service, settings)
        except Unclear as error:
            told = "".join(traceback.format_exception(error))
    try:
        put(kind, service, settings)
    except NotSent as error:
        told += "".join(traceback.format_exception(error))
    told += "".join(record.getMessage() for record in caplog.records)
    assert not any(secret in told for secret in secrets)
