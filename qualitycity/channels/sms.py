"""短信 through any gateway that takes HTTP: address, method, headers and fields are the operator's (PORTAL_SMS).

Fields are data, not text with holes: `{phone}`, `{text}` and `{count}` are put into values after the template was read,
so that nothing in them can change the request. `{count}` is for gateways that keep the sentence themselves (模板短信).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext as _

from qualitycity.outbox.registry import GiveUp, NotSent

from .prepared import JSON, Answer, Prepared
from .sending import Unclear

FORMATS: Final = ("json", "form", "query")
METHODS: Final = ("POST", "PUT", "GET")
MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)


class Misconfigured(Exception):
    """The settings of the gateway make no sense; the sentence names the one that is wrong."""


@dataclass(frozen=True)
class Gateway:
    """`fields`: what is sent, `{phone}` and `{text}` or `{count}` in its values; `format`: as JSON, as a form or in the
    address. `expected`: a text the answer must hold, or fields of a JSON answer (`data.code` reaches inside) with their
    values.
    """

    url: str = field(repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    format: str = "json"
    expected: str | Mapping[str, Any] = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def gateway() -> Gateway | None:
    """The gateway of the settings, ``None`` when there is none: short messages are off. Raises Misconfigured."""
    given = settings.PORTAL_SMS
    url = given.get("url", "")
    if not url:
        return None
    method, form = (given.get("method") or "POST").upper(), (given.get("format") or "json").lower()
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Misconfigured("SMS_URL must be an address that begins with http:// or https://.")
    if method not in METHODS:
        raise Misconfigured(f"SMS_METHOD must be one of {', '.join(METHODS)}.")
    if form not in FORMATS:
        raise Misconfigured(f"SMS_FORMAT must be one of {', '.join(FORMATS)}.")
    headers, fields = _object(given, "headers"), _object(given, "fields")
    if any(not isinstance(value, str) for value in headers.values()):
        raise Misconfigured("SMS_HEADERS must hold texts only.")
    written = json.dumps([fields, headers])
    if "{phone}" not in written:
        raise Misconfigured("SMS_FIELDS must hold {phone} in one of its values.")
    if "{text}" not in written and "{count}" not in written:
        raise Misconfigured("SMS_FIELDS must hold {text} or {count} in one of its values.")
    if form != "json" and any(isinstance(value, dict | list) for value in fields.values()):
        raise Misconfigured("SMS_FIELDS must be flat when SMS_FORMAT is form or query.")
    if not given.get("expected", "").strip():
        raise Misconfigured("SMS_EXPECTED is missing: how the gateway says that it took a message.")
    return Gateway(url, method, headers, fields, form, _expected(given["expected"].strip()))


def mobile(phone: str) -> str:
    """The eleven digits of a mobile number as people write it, "" when it is none: no message goes to a landline."""
    digits = re.sub(r"[\s()（）-]", "", phone).removeprefix("+86").removeprefix("0086")
    return digits if MOBILE.fullmatch(digits) else ""


def prepare(gateway: Gateway, *, phone: str, text: str, count: int) -> Prepared:
    holes = {"phone": phone, "text": text, "count": str(count)}
    fields = _filled(gateway.fields, holes)
    headers = {name: _filled(value, holes) for name, value in gateway.headers.items()}
    if gateway.format == "query":
        parts = urlsplit(gateway.url)
        query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *fields.items()])
        return Prepared(gateway.method, urlunsplit(parts._replace(query=query)), headers)
    if gateway.format == "form":
        kind, body = "application/x-www-form-urlencoded; charset=utf-8", urlencode(fields).encode()
    else:
        kind, body = JSON, json.dumps(fields, ensure_ascii=False).encode()
    return Prepared(gateway.method, gateway.url, {"Content-Type": kind, **headers}, body)


def judge(gateway: Gateway, answer: Answer) -> None:
    """Returns when the gateway took the message; NotSent, GiveUp and Unclear as for robots."""
    if answer.status == 429:
        raise NotSent(_("The gateway takes no more messages at the moment."))
    if answer.status >= 500:
        raise Unclear(
            _("The gateway failed (answer %(status)s); it may have sent the message.") % {"status": answer.status}
        )
    if not 200 <= answer.status < 300:
        raise GiveUp(_("The gateway refused the message (answer %(status)s).") % {"status": answer.status})
    if not _as_expected(gateway.expected, answer):
        raise GiveUp(_("The gateway refused the message: %(said)s") % {"said": answer.text[:200]})


def _object(given: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        found = json.loads(given.get(name, "") or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Misconfigured(f"SMS_{name.upper()} must be a JSON object.")
    return found


def _expected(text: str) -> str | dict[str, Any]:
    """A JSON object names fields; anything else is a text to be found."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) and found else text


def _filled(value: Any, holes: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        # in one pass: what stands in a value that was put in is left alone
        return re.sub(r"{(phone|text|count)}", lambda hole: holes[hole[1]], value)
    if isinstance(value, dict):
        return {name: _filled(inner, holes) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, holes) for inner in value]
    return value


def _as_expected(expected: str | Mapping[str, Any], answer: Answer) -> bool:
    if isinstance(expected, str):
        return expected in answer.text
    content = answer.json()
    for path, wanted in expected.items():
        found = content
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        # gateways write 0 and "0" alike
        if found is None or isinstance(found, dict | list) or str(found) != str(wanted):
            return False
    return True
