"""Whom the document is sent to: 各区县人民政府,市政府有关部门、有关直属机构:"""

import re

from .. import dates
from ..source import Span
from .frame import Frame, lines_of
from .reading import Reading

_ADDRESSEES = re.compile(
    r"^(?:各|[一-龥()]{2,8}(?:市|县|区|镇|乡|局|委|办)|市|县|区|省|有关|机关)[^。!?]{1,240}:$"
)


def find_addressees(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> tuple[str, ...]:
    for line in lines_of(reading.text, *frame.head):
        if _ADDRESSEES.match(line.text) and not dates.DAY.search(line.text):
            places.append(("addressees", reading.span(line.start, line.end)))
            return _split_addressees(line.text.rstrip(":"))
    return ()


_ENDS = re.compile(r"(?:政府|管委会|办事处|部门|单位|机构|局|委|办|院|厅|公司|企业|机关|大学|学校|镇|乡)$")


def _split_addressees(text: str) -> tuple[str, ...]:
    """各区县人民政府,市政府有关部门、有关直属机构 → three, the last with 市政府."""
    out: list[str] = []
    for part in _outside_brackets(text, ",;"):
        names: list[str] = []
        for name in _outside_brackets(part, "、"):
            name = name.strip()
            if (
                names
                and not _ENDS.search(names[-1])
                and re.match(r"^(?:各)?[省市县区州旗镇乡街道()]+(?:人民)?(?:政府|管委会|办事处)?$", name)
                and not names[-1].endswith(("市", "县"))
                or (names and names[-1] in ("各区", "各市", "各县", "各镇", "各乡"))
            ):
                names[-1] += "、" + name
            elif name:
                names.append(name)
        out += _with_shared_ends(names)
    return tuple("".join(name.split()) for name in out)


def _outside_brackets(text: str, marks: str) -> list[str]:
    """`text` divided at the marks that stand in no bracket."""
    out, begin, depth = [], 0, 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char in marks and depth <= 0:
            out.append(text[begin:i])
            begin = i + 1
    return [*out, text[begin:]]


def _with_shared_ends(names: list[str]) -> list[str]:
    head = (
        re.match(
            r"^(?:中共)?[一-龥]{0,4}?(?:省|市|县|区|州|旗)(?:委|人民政府|政府)+(?=各|有关|直属|相关|工作)",
            names[0],
        )
        if names
        else None
    )
    tail = re.search(r"人民政府$|政府$", names[-1]) if names else None
    out = []
    for place, name in enumerate(names):
        if head and place and re.match(r"^(?:各|有关|相关|直属|派出|部门)", name):
            name = head.group() + name
        if tail and len(names) > 1 and re.search(r"[一-龥](?:市|县|区)$", name):
            name += tail.group()
        out.append(name)
    return out
