"""Stand-ins for the services, on a free port of this machine. Each checks a request as the service's own documents
say it does, and answers in its words; nothing here is shared with the code that sends."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "bb2f4c0de1d24a6f8e2c"
DING_SECRET = "SECthisissecret0f3a"
HOOK = "f19c6d1e-42cd-4fcd-9c1c-b91f2c5e0001"
FEISHU_SECRET = "8h1fOXJz3pQdPqKX2Gm9rE"
HOUR = 3600


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """A running server: `seen` requests, and `answer`, which may be replaced, from a request to (status, body)."""

    port: int
    answer: Callable[[Seen], tuple[int, Any]]
    seen: list[Seen] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


class Silent(Exception):
    """Raised by an `answer`: hang up without a word."""


@contextmanager
def serving(answer: Callable[[Seen], tuple[int, Any]]) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            request = Seen(
                self.command, parts.path, parse_qs(parts.query), dict(self.headers.items()), self.rfile.read(length)
            )
            service.seen.append(request)
            try:
                status, body = service.answer(request)
            except Silent:
                self.close_connection = True
                return
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _take

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(server.server_address[1], answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def text_of(seen: Seen) -> str | None:
    """The text of a message of 企业微信 or 钉钉, None when the form is another one."""
    if seen.method != "POST" or "application/json" not in seen.headers.get("Content-Type", ""):
        return None
    content = seen.json
    if set(content) != {"msgtype", "text"} or content["msgtype"] != "text" or set(content["text"]) != {"content"}:
        return None
    return content["text"]["content"]


def wecom(seen: Seen) -> tuple[int, Any]:
    if seen.path != "/cgi-bin/webhook/send" or seen.query != {"key": [KEY]}:
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1] from ip: 127.0.0.1"}
    text = text_of(seen)
    if text is None or not 0 < len(text.encode()) <= 2048:
        return 200, {"errcode": 40008, "errmsg": "invalid message type"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def dingtalk(seen: Seen) -> tuple[int, Any]:
    if seen.path != "/robot/send" or seen.query.get("access_token") != [TOKEN]:
        return 200, {"errcode": 300001, "errmsg": "token is not exist"}
    stamp, sign = seen.query.get("timestamp", [""])[0], seen.query.get("sign", [""])[0]
    wanted = base64.b64encode(
        hmac.digest(DING_SECRET.encode("utf-8"), f"{stamp}\n{DING_SECRET}".encode(), "sha256")
    ).decode()
    # milliseconds, at most an hour old; parse_qs has taken the quoting off
    late = not stamp.isdigit() or abs(time.time() * 1000 - int(stamp)) > HOUR * 1000
    if late or not hmac.compare_digest(sign, wanted):
        return 200, {"errcode": 310000, "errmsg": "sign not match"}
    if text_of(seen) is None:
        return 200, {"errcode": 400101, "errmsg": "message type not found"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def feishu(seen: Seen) -> tuple[int, Any]:
    if seen.path != f"/open-apis/bot/v2/hook/{HOOK}":
        return 400, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid", "data": {}}
    content = seen.json
    stamp = content.get("timestamp", "")
    key = f"{stamp}\n{FEISHU_SECRET}".encode()
    wanted = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
    late = not (isinstance(stamp, str) and stamp.isdigit()) or abs(time.time() - int(stamp)) > HOUR
    if late or content.get("sign") != wanted:
        said = "sign match fail or timestamp is not within one hour from current time"
        return 200, {"code": 19021, "msg": said, "data": {}}
    if content.get("msg_type") != "text" or set(content.get("content", {})) != {"text"}:
        return 200, {"code": 9499, "msg": "Bad Request", "data": {}}
    return 200, {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success", "Extra": None}


ROBOTS = {
    "wecom": (wecom, f"/cgi-bin/webhook/send?key={KEY}", ""),
    "dingtalk": (dingtalk, f"/robot/send?access_token={TOKEN}", DING_SECRET),
    "feishu": (feishu, f"/open-apis/bot/v2/hook/{HOOK}", FEISHU_SECRET),
}


def said(kind: str, seen: Seen) -> str:
    """The text that reached the group."""
    return seen.json["content"]["text"] if kind == "feishu" else seen.json["text"]["content"]
