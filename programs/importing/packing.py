"""`Source` and `Extraction` as JSON and back, exactly: for the child process that reads, and for keeping a draft."""

import types
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from qualitycity.sealing.canonical import canonical_json

from .extraction import Extraction
from .source import Source

Packed = TypeVar("Packed", Source, Extraction)


def pack(value: Source | Extraction) -> dict[str, Any]:
    """JSON values only."""
    packed: dict[str, Any] = _plain(value)
    return packed


def canonical_text(value: Source | Extraction) -> str:
    """One text for equal values."""
    return canonical_json(pack(value))


def unpack(kind: type[Packed], data: Any) -> Packed:
    """`unpack(type(value), pack(value)) == value`; a field that an older draft lacks takes its default. Raises
    `ValueError` naming the place for anything that `pack` did not make."""
    built: Packed = _built(kind, data, kind.__name__)
    return built


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _built(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin is tuple:
        return _tuple(get_args(hint), value, where)
    if origin is Literal:
        if value not in get_args(hint):
            raise ValueError(f"{where}: {value!r} is none of {', '.join(map(str, get_args(hint)))}")
        return value
    if origin in (Union, types.UnionType):
        return _either(get_args(hint), value, where)
    if is_dataclass(hint):
        return _object(hint, value, where)
    if isinstance(hint, type) and issubclass(hint, tuple):
        return hint(*_tuple(tuple(_hints(hint).values()), value, where))
    if type(value) is not hint:
        raise ValueError(f"{where}: expected {getattr(hint, '__name__', hint)}, got {type(value).__name__}")
    return value


def _tuple(members: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: expected a list")
    if len(members) == 2 and members[1] is Ellipsis:
        return tuple(_built(members[0], item, f"{where}[{at}]") for at, item in enumerate(value))
    if len(value) != len(members):
        raise ValueError(f"{where}: expected {len(members)} items")
    return tuple(
        _built(hint, item, f"{where}[{at}]")
        for at, (hint, item) in enumerate(zip(members, value, strict=True))
    )


def _either(members: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in members:
        return None
    others = [member for member in members if member is not type(None)]
    # float and int stand in one place: the value itself tells which
    fitting = [member for member in others if type(value) is member]
    return _built((fitting or others)[0], value, where)


def _object(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: expected an object")
    hints = _hints(kind)
    may_lack = {
        each.name
        for each in fields(kind)
        if each.default is not MISSING or each.default_factory is not MISSING
    }
    strange = (set(value) - set(hints)) | (set(hints) - set(value) - may_lack)
    if strange:
        raise ValueError(f"{where}: fields missing or unknown: {', '.join(sorted(map(str, strange)))}")
    return kind(**{name: _built(hints[name], item, f"{where}.{name}") for name, item in value.items()})
