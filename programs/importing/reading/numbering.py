"""Automatic numbers of Word: counted through the document as Word does, so that 一、 and （一） stand in the text."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from .markers import MOST, written
from .parcels import child, local, value

_PLACE: Final = re.compile(r"%([1-9])")
_LEVELS: Final = 9
#: A number that ends so stands right before its text; after a letter or digit comes a space.
_OPEN_END: Final = re.compile(r"[\w]$")


@dataclass
class Level:
    """`restart`: the level (1 is the highest) whose use begins the count anew; 0 never, None any higher one."""

    start: int = 1
    kind: str = "decimal"
    pattern: str = ""
    restart: int | None = None
    plain: bool = False
    style: str = ""


@dataclass
class Scheme:
    """Levels and where their counting stands; lists that share a scheme count on from each other."""

    levels: list[Level] = field(default_factory=lambda: [Level() for _level in range(_LEVELS)])
    linked: str = ""
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass
class List:
    """`starts`: by level, where this list begins anew the first time it is used; `own` levels replace the scheme's."""

    scheme: str
    starts: dict[int, int] = field(default_factory=dict)
    own: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """`styles`: by id of a paragraph style the list and level it carries."""

    def __init__(self, tree: Any | None, styles: dict[str, tuple[str, int]]) -> None:
        self._schemes: dict[str, Scheme] = {}
        self._lists: dict[str, List] = {}
        self._styles = styles
        for element in () if tree is None else tree:
            if local(element.tag) == "abstractNum":
                self._schemes[value(element, "abstractNumId")] = _scheme(element)
            elif local(element.tag) == "num":
                self._lists[value(element, "numId")] = _list(element)

    def level_of_style(self, number: str, style: str) -> int | None:
        """The level that says it is this style's."""
        listed = self._lists.get(number)
        scheme = self._schemes.get(listed.scheme) if listed else None
        levels = scheme.levels if scheme else []
        return next((at for at, level in enumerate(levels) if style and level.style == style), None)

    def next(self, number: str, at: int) -> str:
        """Count one paragraph of the list at the level; what Word shows before it, "" for none."""
        listed = self._lists.get(number)
        scheme = self._resolved(listed) if listed else None
        if listed is None or scheme is None:
            return ""
        at = max(0, min(at, _LEVELS - 1))
        if at in listed.starts:
            scheme.counts[at] = listed.starts.pop(at)
        else:
            last = scheme.counts[at]
            scheme.counts[at] = self._level(listed, scheme, at).start if last is None else min(last + 1, MOST)
        for below in range(at + 1, _LEVELS):
            restart = self._level(listed, scheme, below).restart
            if restart is None or 0 < restart and at + 1 <= restart:
                scheme.counts[below] = None
        return self._shown(listed, scheme, at)

    def _resolved(self, listed: List) -> Scheme | None:
        scheme = self._schemes.get(listed.scheme)
        if scheme and scheme.linked and scheme.linked in self._styles:
            # a list style: its levels stand with the list that the style names
            other = self._lists.get(self._styles[scheme.linked][0])
            scheme = self._schemes.get(other.scheme, scheme) if other else scheme
        return scheme

    @staticmethod
    def _level(listed: List, scheme: Scheme, at: int) -> Level:
        return listed.own.get(at, scheme.levels[at])

    def _shown(self, listed: List, scheme: Scheme, at: int) -> str:
        level = self._level(listed, scheme, at)
        if level.kind == "bullet":
            return ""

        def put(found: re.Match[str]) -> str:
            other = int(found[1]) - 1
            its = self._level(listed, scheme, other)
            count = scheme.counts[other]
            return written(its.start if count is None else count, "decimal" if level.plain else its.kind)

        shown = _PLACE.sub(put, level.pattern).strip()
        return f"{shown} " if _OPEN_END.search(shown) else shown


def _scheme(element: Any) -> Scheme:
    scheme = Scheme(linked=value(child(element, "numStyleLink")))
    for below in element:
        if local(below.tag) == "lvl" and (at := _whole(value(below, "ilvl"), -1)) in range(_LEVELS):
            scheme.levels[at] = _level(below)
    return scheme


def _list(element: Any) -> List:
    listed = List(value(child(element, "abstractNumId")))
    for below in element:
        at = _whole(value(below, "ilvl"), -1)
        if local(below.tag) != "lvlOverride" or at not in range(_LEVELS):
            continue
        if (own := child(below, "lvl")) is not None:
            listed.own[at] = _level(own)
        if (start := child(below, "startOverride")) is not None:
            listed.starts[at] = _whole(value(start), 1)
    return listed


def _level(element: Any) -> Level:
    restart = child(element, "lvlRestart")
    return Level(
        start=_whole(value(child(element, "start")), 1 if child(element, "start") is not None else 0),
        kind=value(child(element, "numFmt"), otherwise="decimal"),
        pattern=value(child(element, "lvlText")),
        restart=None if restart is None else _whole(value(restart), 0),
        plain=child(element, "isLgl") is not None
        and value(child(element, "isLgl")) not in ("0", "false", "off"),
        style=value(child(element, "pStyle")),
    )


def _whole(said: str, otherwise: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else otherwise
