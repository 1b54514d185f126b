"""Lists of units: 市教育局、住建局等 → units with the prefix restored that the list shares."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..extraction import Unit
from . import words
from .reading import Reading

AND = re.compile(r"和|与|及|以及|暨")
_ALL_KINDS = re.compile(r"^(?:各|有关|相关)?(?:省|市|县|区|州|盟|旗|镇|乡|街道|自治县|\(|\)|、)+$")
_PLURAL_REST = re.compile(
    r"^(?:(?:省|市|县|区|州|盟|旗|镇|乡|街道|自治县|园区|开发区)(?:\((?:省|市|县|区|州|盟|旗|镇|乡|街道|、)+\))?)+(?:(?:人民)?政府|办事处|管委会|党工委)?$"
)
_DUTY_BRACKET = re.compile(r"\((?:牵头|主办|负责|配合|协办|牵头单位|牵头部门|主责)[^()]{0,30}\)$")


@dataclass(frozen=True)
class Piece:
    """A name as printed, [start, end) of the view."""

    start: int
    end: int
    lead: bool = False


def split_names(text: str, start: int, end: int) -> list[Piece]:
    """The names of a list without its verb. Marks inside brackets do not divide, 各区、县(市)政府 is one name."""
    rough: list[tuple[int, int]] = []
    depth, begin = 0, start
    for i in range(start, end):
        char = text[i]
        if char in "(〔【":
            depth += 1
        elif char in ")〕】":
            depth = max(0, depth - 1)
        elif depth == 0 and char in "、,;/|\n\t":
            rough.append((begin, i))
            begin = i + 1
    rough.append((begin, end))
    spaced = [piece for a, b in rough for piece in _split_spaces(text, a, b)]
    joined = _join_plurals(text, spaced)
    return [_marked(text, a, b) for pair in joined for a, b in _split_and(text, *pair)]


def _split_spaces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    start, end = _trim(text, start, end)
    out, begin = [], start
    for match in re.finditer(r"\s+", text[start:end]):
        left = text[begin : start + match.start()]
        if words.UNIT_END.search(left) and len(left) >= 2:
            out.append((begin, start + match.start()))
            begin = start + match.end()
    return [*out, (begin, end)] if begin < end else out


def _join_plurals(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """各区 + 县(市)政府 → one: the first is no name by itself and the second goes on with kinds of places."""
    out: list[tuple[int, int]] = []
    for start, end in pieces:
        if out:
            before = text[out[-1][0] : out[-1][1]]
            if (
                _ALL_KINDS.match(before)
                and _PLURAL_REST.match(text[start:end])
                and before[0] in "各有相区县市镇乡"
            ):
                out[-1] = (out[-1][0], end)
                continue
        out.append((start, end))
    return out


def _split_and(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A局和B局 → two; 人力资源和社会保障局 stays whole."""
    out, begin = [], start
    for match in AND.finditer(text, start, end):
        left, right = text[begin : match.start()], text[match.end() : end]
        if "(" in left and ")" not in left:
            continue
        whole = re.search(r"(?:委|部)$", left) and right.startswith("员")
        if len(left) >= 2 and len(right) >= 2 and words.UNIT_END.search(left) and not whole:
            if words.UNIT_END.search(right) and not _one_name(left, right):
                out.append((begin, match.start()))
                begin = match.end()
    return [*out, (begin, end)]


def _one_name(left: str, right: str) -> bool:
    """Whether the two only together make a name: 部门和单位, 镇和街道, 市工业园 和 …"""
    generic = re.compile(r"^(?:有关|相关|各)?(?:部门|单位|机构|企业|乡|镇|街道)$")
    return (
        bool(generic.match(right))
        and bool(re.search(r"(?:部门|单位|机构|企业|乡|镇|街道)$", left))
        and len(right) <= 3
    )


def _marked(text: str, start: int, end: int) -> Piece:
    """Without the bracket that gives one unit of a list its part: 市农业局(牵头)."""
    start, end = _trim(text, start, end)
    match = _DUTY_BRACKET.search(text, start, end)
    if match:
        printed = match.group()
        return Piece(start, match.start(), lead=any(word in printed for word in words.LEAD_WORDS))
    return Piece(start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "、,;:。.“”\"'"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "、,;:。.\"'"):
        end -= 1
    return start, end


def is_group(name: str) -> bool:
    return bool(words.GROUP.search(name))


def looks_like_unit(name: str, *, firm: bool = False) -> bool:
    """Whether a printed name can be a unit. `firm`: also where no verb beside it says that it is one."""
    bare = re.sub(r"\([^()]{0,20}\)$", "", name)
    if not 2 <= len(bare) <= 32 or re.search(r"[。;:!?《》=%]", bare):
        return False
    return bool((words.FIRM_END if firm else words.UNIT_END).search(bare)) or is_group(bare)


def restore(names: Iterable[str], places: frozenset[str]) -> list[str]:
    """For each name what is put before it: the prefix of the nearest name before it that carries one. `places`: names
    of the document's own place, so that 示例海关 is seen to be whole."""
    level, out = "", []
    party = False
    for name in names:
        own = _own_prefix(name, places)
        if own is not None:
            level, party = own, bool(PARTY_OF.match(name[len(own) :]))
            out.append("")
        elif _is_whole(name, places):
            out.append("")
        elif party and level and words.PARTY_BARE.match(name):
            out.append(f"{level}委")
        else:
            out.append(level)
    return out


PARTY_OF = re.compile(r"^委(?!员会|办局)\S")


def _own_prefix(name: str, places: frozenset[str]) -> str | None:
    for place in places:
        if name.startswith(place):
            rest = name[len(place) :]
            match = re.match(r"(?:市|县|区|省|州)(?=\S)", rest)
            if match and not words.BARE_LOOK.match(rest):
                return place + match.group()
            return None
    if words.BARE_LOOK.match(name) or is_group(name):
        return None
    match = words.LEVEL.match(name)
    return match.group() if match else None


def _is_whole(name: str, places: frozenset[str]) -> bool:
    if is_group(name) or any(name.startswith(place) for place in places):
        return True
    if words.WHOLE.match(name) or words.NO_PREFIX_END.search(name):
        return True
    central = words.CENTRAL_END.search(name)
    if (
        central
        and 2 <= central.start() <= 4
        and not re.match(r"市场|国家|食品|药品|安全|质量|金融|医疗|医保|特种", name)
    ):
        return True
    return not words.UNIT_END.search(re.sub(r"\([^()]{0,20}\)$", "", name))


def units_of(reading: Reading, pieces: list[Piece]) -> list[Unit]:
    """Pieces of one clause → units, prefixes restored along the whole clause, in printed order."""
    short = [reading.text[piece.start : piece.end] for piece in pieces]
    out = []
    for piece, name, prefix in zip(pieces, short, restore(short, reading.places), strict=True):
        span = reading.span(piece.start, piece.end)
        printed = reading.quote(span)
        out.append(
            Unit(
                printed=printed,
                name=reading.as_printed(prefix) + "".join(printed.split()),
                kind="group" if is_group(name) else "unit",
                span=span,
            )
        )
    return out
