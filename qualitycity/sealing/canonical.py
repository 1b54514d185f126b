"""Canonical JSON and its digest: one text for one value, so that a seal can be checked years later.

Two equal values of one type give the same text whatever machine, process or database they come from:
keys are sorted, nothing is padded, numbers of the trade (``Decimal``) and dates are written as text.
Used for sealed rules (规则快照) and for the content of reports (报告内容).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


def canonical_json(value: Any) -> str:
    """Return ``value`` as canonical JSON text.

    Accepts ``None``, ``bool``, ``int``, finite ``float``, ``str``, ``Decimal`` (plain decimal text without
    trailing zeros: ``1.10`` and ``1.1`` are one value), ``date`` (``2026-11-22``), aware ``datetime`` (in UTC,
    ``2026-11-22T04:00:00Z``), ``UUID``, enumeration members (their value), lists, tuples, and mappings with
    text keys.

    Raises ``ValueError`` for what has no single text: NaN and infinities, a ``datetime`` without time zone,
    text that is not valid Unicode. Raises ``TypeError`` for any other type and for keys that are not text.
    """
    text = json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text with a lone surrogate has no canonical JSON") from error
    return text


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no canonical JSON")
        return value + 0.0  # adding zero turns -0.0, which equals 0.0, into it
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, datetime):
        return _instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key of canonical JSON is text, not {type(key).__name__}")
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical JSON")


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} has no canonical JSON")
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _instant_text(value: datetime) -> str:
    if value.utcoffset() is None:
        raise ValueError("a datetime without time zone has no canonical JSON")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
