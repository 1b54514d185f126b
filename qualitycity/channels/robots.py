"""群机器人 of 企业微信, 钉钉 and 飞书: text messages, signatures and answers as the services publish them.

Published at: developer.work.weixin.qq.com/document/path/91770 (企业微信), open.dingtalk.com “自定义机器人接入” (钉钉),
open.feishu.cn “自定义机器人使用指南” (飞书). Pure functions of address, secret, text and time.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, quote_plus, urlsplit

from django.utils.translation import gettext as _

from qualitycity.outbox.registry import GiveUp, NotSent

from .choices import RobotKind
from .prepared import Answer, Prepared, json_request
from .sending import Unclear

#: Where each service listens: host, path (a path that ends in "/" is continued by the token), field that holds the key.
PUBLISHED: Final[dict[str, tuple[str, str, str]]] = {
    RobotKind.WECOM: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
    RobotKind.DINGTALK: ("oapi.dingtalk.com", "/robot/send", "access_token"),
    RobotKind.FEISHU: ("open.feishu.cn", "/open-apis/bot/v2/hook/", ""),
}
#: Services that sign with a secret of their own; at 企业微信 the key in the address is all.
SIGNED: Final = frozenset({RobotKind.DINGTALK, RobotKind.FEISHU})
#: “Too fast” or “busy”: the message was not taken, later it may be.
BUSY: Final[dict[str, frozenset[int]]] = {
    RobotKind.WECOM: frozenset({-1, 45009}),
    RobotKind.DINGTALK: frozenset({-1, 130101}),
    RobotKind.FEISHU: frozenset({11232, 99991400}),
}


def published_host(kind: str) -> str:
    return PUBLISHED[kind][0]


def looks_published(kind: str, url: str) -> bool:
    """Whether an address has path and key as the service gives them out."""
    _host, path, field = PUBLISHED[kind]
    parts = urlsplit(url)
    if not field:
        return parts.path.startswith(path) and len(parts.path) > len(path)
    return parts.path == path and bool(dict(parse_qsl(parts.query)).get(field))


def prepare(kind: str, *, url: str, secret: str, text: str, now: datetime) -> Prepared:
    """The request that puts `text` into the group; signed when there is a secret. `now` is aware."""
    if kind == RobotKind.FEISHU:
        content: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            stamp = str(int(now.timestamp()))
            content |= {"timestamp": stamp, "sign": feishu_signature(stamp, secret)}
        return json_request(url, content)
    if kind == RobotKind.DINGTALK and secret:
        stamp = str(int(now.timestamp() * 1000))
        url += f"{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(dingtalk_signature(stamp, secret))}"
    return json_request(url, {"msgtype": "text", "text": {"content": text}})


def dingtalk_signature(stamp: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over “milliseconds, line feed, secret” under the secret; still to be quoted for the URL."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def feishu_signature(stamp: str, secret: str) -> str:
    """The other way round than usual: “seconds, line feed, secret” is the key, and the message is empty."""
    made = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def judge(kind: str, answer: Answer) -> None:
    """Returns when the group has the message. Raises NotSent when it may be tried again, GiveUp when the service
    refused it, Unclear when the answer does not tell."""
    name = RobotKind(kind).label
    content = answer.json()
    code = _code(content)
    if answer.status == 429 or code in BUSY[kind]:
        raise NotSent(_("%(service)s takes no more messages at the moment.") % {"service": name})
    if code == 0 and 200 <= answer.status < 300:
        return
    if code is not None and code != 0:
        words = {"service": name, "code": code, "said": _said(content)}
        raise GiveUp(
            _("%(service)s refused the message (code %(code)s: %(said)s). Please check address, signing secret and the "
              "security settings of the robot.") % words
        )  # fmt: skip
    if 300 <= answer.status < 500:
        raise GiveUp(
            _("%(service)s does not know this address (answer %(status)s).")
            % {"service": name, "status": answer.status}
        )
    raise Unclear(
        _("%(service)s did not say whether it took the message (answer %(status)s).")
        % {"service": name, "status": answer.status}
    )


def _code(content: object) -> int | None:
    """The service's own code: 0 is success. 飞书 writes `code`, its older answers `StatusCode`."""
    if not isinstance(content, dict):
        return None
    for name in ("errcode", "code", "StatusCode"):
        value = content.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _said(content: object) -> str:
    if not isinstance(content, dict):
        return ""
    for name in ("errmsg", "msg", "StatusMessage"):
        if isinstance(content.get(name), str):
            return content[name][:120]
    return ""
