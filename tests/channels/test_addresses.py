"""Where a robot's address may lead: the services' own hosts and what the operator named, never inside the house."""

import socket
import threading

import pytest
from django.utils import timezone

from qualitycity.channels import robots
from qualitycity.channels.addresses import Forbidden, check, outside_address
from qualitycity.channels.sending import send
from qualitycity.outbox.registry import NotSent

from .services import serving

DING = "oapi.dingtalk.com"
GOOD = f"https://{DING}/robot/send?access_token=abc"


@pytest.mark.parametrize(
    "url",
    [
        "http://oapi.dingtalk.com/robot/send?access_token=abc",  # in the clear
        "https://oapi.dingtalk.com:8443/robot/send?access_token=abc",
        "https://user:word@oapi.dingtalk.com/robot/send?access_token=abc",
        "https://oapi.dingtalk.com.evil.example/robot/send?access_token=abc",
        "https://oapi.dingtalk.com@evil.example/robot/send?access_token=abc",
        "https://evil.example/robot/send?access_token=abc",
        "https://127.0.0.1/robot/send?access_token=abc",
        "https://[::1]/robot/send?access_token=abc",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/robot/send?access_token=abc",
        "https://localhost/robot/send",
        "https://redis:6379/",
        "gopher://oapi.dingtalk.com/_x",
        "file:///etc/passwd",
        "https://oapi.dingtalk.com\n.evil.example/",
        "https://oapi.dingtalk.com:port/",
        "oapi.dingtalk.com/robot/send?access_token=abc",
        "",
    ],
)
def test_addresses_that_are_not_sent_to(url):
    with pytest.raises(Forbidden) as refused:
        check(url, published=DING)
    assert str(refused.value)


def test_the_published_address_is_fine():
    check(GOOD, published=DING)
    check(GOOD.replace(DING, DING.upper()), published=DING)


def test_a_host_named_by_the_operator_may_be_inside_and_plain(settings):
    url = "http://im.city.example:8080/robot/send?access_token=abc"
    settings.PORTAL_CHANNEL_HOSTS = ["im.city.example:8080"]
    check(url, published=DING)
    with pytest.raises(Forbidden):
        check(url.replace("8080", "8081"), published=DING)
    settings.PORTAL_CHANNEL_HOSTS = ["im.city.example"]
    check(url.replace("8080", "8081"), published=DING)


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "::1", "fe80::1%1", "fd00::1", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_a_published_name_that_leads_inside_is_not_connected_to(inside, monkeypatch):
    found = [(None, None, None, "", ("203.0.114.9", 443)), (None, None, None, "", (inside, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)
    with pytest.raises(Forbidden):
        outside_address(DING, 443)


def test_a_request_to_a_name_that_leads_inside_sends_nothing(monkeypatch):
    """Not even the connection is made: the server stands ready on the port and sees nobody."""
    with serving(lambda seen: (200, {"errcode": 0})) as service:
        here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", service.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: here)
        request = robots.prepare(
            "dingtalk", url=f"http://{DING}:{service.port}/robot/send", secret="", text="x", now=timezone.now()
        )
        with pytest.raises(Forbidden):
            send(request)
    assert service.seen == []


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch):
    """A name that changes its answer between two questions is asked once."""
    asked, connected = [], []

    def answers(host, *args, **more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.114.9", 443))]

    def connect(address, *args, **more):
        connected.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    request = robots.prepare("dingtalk", url=GOOD, secret="", text="x", now=timezone.now())
    with pytest.raises(NotSent):
        send(request)
    assert asked == [DING] and connected == [("203.0.114.9", 443)]


def test_a_name_that_is_not_found_may_be_tried_again(monkeypatch):
    def unknown(*args, **more):
        raise socket.gaierror("not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent):
        outside_address(DING, 443)


def test_a_proxy_of_the_operator_gets_the_request(settings, monkeypatch):
    """With CHANNEL_PROXY the proxy is asked to connect; nothing is resolved or reached without it."""
    monkeypatch.setattr(socket, "getaddrinfo", _only_literals(socket.getaddrinfo))
    listener = socket.create_server(("127.0.0.1", 0))
    settings.PORTAL_CHANNEL_PROXY = f"http://127.0.0.1:{listener.getsockname()[1]}"
    heard = []

    def proxy():
        peer, _address = listener.accept()
        heard.append(peer.recv(1000))
        peer.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        peer.close()

    thread = threading.Thread(target=proxy)
    thread.start()
    request = robots.prepare("dingtalk", url=GOOD, secret="", text="x", now=timezone.now())
    with pytest.raises(NotSent):
        send(request)
    thread.join()
    listener.close()
    assert heard[0].startswith(b"CONNECT oapi.dingtalk.com:443")


def _only_literals(real):
    def resolve(host, *args, **more):
        assert host == "127.0.0.1", f"{host} was looked up"
        return real(host, *args, **more)

    return resolve
