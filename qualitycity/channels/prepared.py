"""A request ready to be sent, and what came back: plain values, so that both can be tried without a network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Prepared:
    """One HTTP request. `url` may hold a key: it is never logged and never shown."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Answer:
    """What a service answered; `text` is cut to what is worth reading."""

    status: int
    text: str

    def json(self) -> Any:
        """The answer as JSON, ``None`` when it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def json_request(url: str, content: Mapping[str, Any]) -> Prepared:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Prepared("POST", url, {"Content-Type": JSON}, body)
