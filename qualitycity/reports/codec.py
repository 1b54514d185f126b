"""Report content as canonical JSON and back: ``from_json(to_json(content)) == content``.

The tags below stand in stored papers: they are never renamed. A change of meaning raises ``FORMAT``.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from qualitycity.reports import blocks
from qualitycity.reports.blocks import ReportContent
from qualitycity.sealing.canonical import canonical_json
from qualitycity.sealing.canonical import digest as digest_of

FORMAT = 1

TAGS: dict[str, type] = {
    "heading": blocks.Heading,
    "facts": blocks.Facts,
    "paragraph": blocks.Paragraph,
    "lights": blocks.Lights,
    "table": blocks.Table,
    "row": blocks.Row,
    "section": blocks.SectionRow,
    "chart": blocks.Chart,
    "page_break": blocks.PageBreak,
    "signature": blocks.Signature,
    "band": blocks.Band,
}
"""Classes that may stand in one place, told apart by the key ``is``."""

_TAG_OF = {kind: tag for tag, kind in TAGS.items()}


def to_json(content: ReportContent) -> dict[str, Any]:
    """Return the content as JSON values only (text, whole numbers, booleans, null, lists, objects)."""
    plain: dict[str, Any] = {"format": FORMAT, **encode(content)}
    return plain


def canonical_text(content: ReportContent) -> str:
    """Return the one text that is stored and sealed."""
    return canonical_json(to_json(content))


def digest(content: ReportContent) -> str:
    """Return the SHA-256 of ``canonical_text(content)``: 64 hexadecimal digits."""
    return digest_of(to_json(content))


def check_code(content: ReportContent) -> str:
    """Return the code printed on paper (核对码): the one that came with the content, otherwise the first 12 digits
    of the digest: ``3F9A 01C7 5B22``.

    A signed scan that carries another code was printed from another state of the data.
    """
    if content.code:
        return content.code
    head = digest(content)[:12].upper()
    return f"{head[:4]} {head[4:8]} {head[8:]}"


def from_json(data: Mapping[str, Any]) -> ReportContent:
    """Build the content from what ``to_json`` gave. Anything else raises ``ValueError`` that names the place."""
    if not isinstance(data, Mapping):
        raise ValueError(f"report content is an object; got {type(data).__name__}")
    if data.get("format") != FORMAT:
        raise ValueError(f"report content of format {data.get('format')!r}; this version reads {FORMAT}")
    body = {key: value for key, value in data.items() if key != "format"}
    return decode(ReportContent, body)


def encode(value: Any) -> Any:
    """Return a block, or a part of one, as JSON values."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        tag = _TAG_OF.get(type(value))
        return plain if tag is None else {"is": tag, **plain}
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def decode(hint: Any, value: Any, where: str = "content") -> Any:
    """Build what ``hint`` names from JSON values; ``where`` begins the place named in a ``ValueError``."""
    origin = get_origin(hint)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{where}: expected a list")
        return tuple(decode(get_args(hint)[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(hint), value, where)
    if hint is datetime:
        if not isinstance(value, str):
            raise ValueError(f"{where}: expected a moment as text")
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error
    if is_dataclass(hint):
        return _decode_object(hint, value, where)
    if type(value) is not hint:
        raise ValueError(f"{where}: expected {hint.__name__}, got {type(value).__name__}")
    return value


def _decode_union(members: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in members:
        return None
    plain = [member for member in members if member is not type(None)]
    if len(plain) == 1:
        return decode(plain[0], value, where)
    tag = value.get("is") if isinstance(value, Mapping) else None
    kind = TAGS.get(tag) if isinstance(tag, str) else None
    if kind not in plain:
        known = ", ".join(sorted(_TAG_OF[member] for member in plain))
        raise ValueError(f"{where}: unknown block {tag!r}; known here: {known}")
    return decode(kind, value, where)


def _decode_object(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: expected an object")
    hints = _hints(kind)
    given = {key: item for key, item in value.items() if key != "is" or kind not in _TAG_OF}
    strange = sorted(set(given) ^ set(hints))
    if strange:
        raise ValueError(f"{where}: fields missing or unknown: {', '.join(map(str, strange))}")
    decoded = {name: decode(hint, given[name], f"{where}.{name}") for name, hint in hints.items()}
    try:
        return kind(**decoded)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
