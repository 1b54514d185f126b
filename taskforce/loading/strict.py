"""Strict reading of YAML into frozen dataclasses: nothing is guessed, nothing is passed over in silence.

YAML alone lets a key be written twice, a number stand for a text and a misspelt key vanish. Facts that people will
be held to must not be lost that way, so every such slip is an error that names the file and the key.
"""

import types
from collections.abc import Hashable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

try:
    from yaml import CSafeLoader as _Loader  # ten times as quick
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

T = TypeVar("T")
PLAIN = {str: "文字 (text)", int: "整数 (whole number)", bool: "true / false"}


class FactError(ValueError):
    """A data file says something that cannot be so. The message names the file, the key and what is wrong."""

    def __init__(self, file: str, key: str, sentence: str) -> None:
        self.file, self.key, self.sentence = file, key, sentence
        super().__init__(f"{file}: {key}: {sentence}")


class _OnceLoader(_Loader):
    """Safe loader that refuses a key written twice in one mapping (YAML would keep the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                break  # the parent class refuses it, in its own words
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"键 {key} 重复 (written twice)", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> dict[str, Any]:
    """The mapping a YAML file holds.

    Raises FactError when the file is missing, is not YAML, writes a key twice or is not a mapping.
    """
    name = path.name
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_OnceLoader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise FactError(name, "-", f"读不到文件 (cannot be read): {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FactError(name, "-", "不是 UTF-8 文本 (not UTF-8)") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FactError(name, f"第 {line} 行 (line {line})", f"{error.problem}") from error
    if not isinstance(raw, dict):
        raise FactError(name, "-", "最外层应为键值 (the top must be a mapping)")
    return raw


def build(kind: type[T], raw: Any, *, file: str, key: str = "") -> T:
    """An instance of the dataclass `kind` from a mapping, every value of exactly the declared type.

    Dates are ISO strings, Decimals are strings, tuples are lists. Raises FactError at the first slip.
    """
    at = key or "-"
    if not isinstance(raw, dict):
        raise FactError(file, at, "应为键值 (a mapping is expected)")
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for name in raw:
        if name not in known:
            raise FactError(file, _under(key, name), "不认识的键 (unknown key)")
    values = {}
    for name, field in known.items():
        if name in raw:
            values[name] = convert(hints[name], raw[name], file=file, key=_under(key, name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise FactError(file, _under(key, name), "缺少这一项 (missing)")
    return kind(**values)


def convert(kind: Any, raw: Any, *, file: str, key: str) -> Any:
    """`raw` as the declared type `kind`, or FactError."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if raw is None and type(None) in arguments:
            return None
        (kind,) = (argument for argument in arguments if argument is not type(None))
        return convert(kind, raw, file=file, key=key)
    if origin is tuple:
        if not isinstance(raw, list):
            raise FactError(file, key, "应为列表 (a list is expected)")
        return tuple(convert(arguments[0], item, file=file, key=f"{key}[{n}]") for n, item in enumerate(raw))
    if origin is Literal:
        if raw not in arguments:
            raise FactError(file, key, f"只能是 {' / '.join(arguments)} (not a known value: {raw})")
        return raw
    if is_dataclass(kind):
        return build(kind, raw, file=file, key=key)  # type: ignore[arg-type]
    if kind in (date, Decimal):
        return _from_text(kind, raw, file=file, key=key)
    if type(raw) is not kind:
        raise FactError(file, key, f"应为{PLAIN[kind]} (found {raw!r})")
    if kind is str and not raw.strip():
        raise FactError(file, key, "不能为空 (must not be empty)")
    return raw


def _from_text(kind: type[date] | type[Decimal], raw: Any, *, file: str, key: str) -> date | Decimal:
    if not isinstance(raw, str):
        raise FactError(file, key, "日期和数值要加引号写成文字 (dates and figures are quoted text)")
    try:
        value = date.fromisoformat(raw) if kind is date else Decimal(raw)
        if isinstance(value, Decimal) and not value.is_finite():
            raise InvalidOperation
        return value
    except (ValueError, InvalidOperation) as error:
        shape = "2013-02-18" if kind is date else "96"
        raise FactError(file, key, f"应写成 {shape} 的样子 (found {raw})") from error


def _under(key: str, name: object) -> str:
    return f"{key}.{name}" if key else str(name)
