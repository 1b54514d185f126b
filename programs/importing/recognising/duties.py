"""Duties that a sentence lays on somebody: 领导小组办公室要加强组织协调."""

import re

from ..extraction import DutyFound
from .outline import Node
from .reading import Reading
from .sentences import own_sentences, trim
from .units import looks_like_unit

_WHO = re.compile(
    r"(?P<who>(?!\()[^,。;:!?\s]{2,48}?)(?P<verb>具体负责|负责|承担|要|应当|应|须|必须)(?!求|用|急|素|点|对|变|届|邀|运|约|闻|人|"
    r"同志)(?P<duty>(?![,、])[^。!?\n]{4,})"
)
_ACTOR = re.compile(
    r"(?:领导小组|办公室|成员单位|委员会|联席会议|政府|管委会|部门|单位|局|委|办|厅|院|区县|县区|区\(县\)|区\(市\)县|县\(市、区\)|乡镇|镇街|街道|主管部门|监管部门|企业|协会|"
    r"各级|指挥部|专班|中心|机构)$"
)


def find_duties(reading: Reading, roots: list[Node]) -> tuple[DutyFound, ...]:
    text = reading.text
    out = []
    for node, start, end in own_sentences(reading, roots, frozenset(("guiding",))):
        for a, b in _halves(text, start, end):
            a, b = trim(text, a, b)
            match = _WHO.match(text, a, b)
            if not match:
                continue
            who = match["who"]
            if not _ACTOR.search(who) or not (looks_like_unit(who) or who.endswith("各级")):
                continue
            out.append(
                DutyFound(
                    who=who, duty="".join(match["duty"].split()), path=node.path, span=reading.span(a, b)
                )
            )
    return tuple(out)


def _halves(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts of a sentence between semicolons."""
    out, begin = [], start
    for i in range(start, end):
        if text[i] == ";":
            out.append((begin, i))
            begin = i + 1
    return [*out, (begin, end)]
