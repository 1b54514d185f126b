"""Seats told in a sentence: 由市长任组长,分管副市长任副组长,成员单位由市质监局、市财政局等组成。"""

import re

from ..extraction import PersonFound
from .reading import Reading
from .units import Piece, split_names

POST_END = re.compile(
    r"(?P<unit>.{2,24}?(?:局|委|办|厅|部|院|会|政府|公司|集团|中心|行|社|关|站|处|室|市|县|区|镇|乡|街道|台|所))(?:\([^()]{1,10}\))?"
    r"(?:党委|党组|党工委|代)?(?:书记|副书记|主任|副主任|局长|副局长|厅长|部长|副部长|院长|行长|总经理|董事长|经理|社长|关长|会长|主席|副主席|市长|副市长|县长|副县长|"
    r"区长|副区长|镇长|乡长|秘书长|副秘书长|站长|处长|所长|台长|代区长|代市长|代县长|负责人|负责同志|主要负责人|分管负责人|调研员|巡视员|成员|长)$"
)
_HEAD = re.compile(
    r"由(?P<who>[^,。;由]{2,40}?)(?:同志)?(?:担任|任|为|兼任)(?:领导小组|第一)?(?P<role>组长|总指挥|总召集人|召集人|主任)(?!单位)"
)
_ROLE = re.compile(
    r"(?:同志)?(?:分别)?(?:担任|任|为|兼任)(?:领导小组)?(?P<role>常务副组长|执行副组长|副组长|副总指挥|副召集人)"
)
_MEMBERS = re.compile(r"成员单位?(?:由|为|包括|有|:){1,3}")
_LIST_END = re.compile(r"(?:等(?:单位|部门)?(?:负责人|负责同志)?)?(?:组成|为成员)|。|\n")
_AS_MEMBERS = re.compile(
    r"(?:等(?:有关)?(?:单位|部门)?)?的?(?:主要|分管)?(?:负责人|负责同志|领导)?(?:为|任|作为)(?:领导小组)?成员(?!单位)"
)
_OFFICIAL = ("长", "主任", "书记", "负责人", "负责同志")


def told_seats(reading: Reading, start: int, end: int) -> list[PersonFound]:
    """The seats that the paragraph [start, end) tells of, head first."""
    text = reading.text
    out: list[PersonFound] = []
    head = _HEAD.search(text, start, end)
    if head:
        place = reading.span(head.start("who"), head.end("who"))
        out.append(PersonFound(head["role"], None, head["who"], None, place))
    at = head.end() if head else start
    stop = text.find("。", at, end)
    stop = end if stop < 0 else stop
    for role in _ROLE.finditer(text, at, stop):
        begin = max(at, text.rfind(";", at, role.start()) + 1)
        for piece in split_names(text, begin, role.start()):
            printed = "".join(text[piece.start : piece.end].split())
            if printed:
                out.append(
                    PersonFound(role["role"], None, printed, None, reading.span(piece.start, piece.end))
                )
        at = role.end()
    return [*out, *_members(reading, at, stop, end)]


def _members(reading: Reading, at: int, stop: int, end: int) -> list[PersonFound]:
    text = reading.text
    named = _MEMBERS.search(text, at, end)
    if named:
        last = _LIST_END.search(text, named.end(), end)
        return _seats(reading, named.end(), last.start() if last else end)
    behind = _AS_MEMBERS.search(text, at, stop)
    if behind:
        return _seats(reading, max(at, text.rfind(";", at, behind.start()) + 1), behind.start())
    return []


def _seats(reading: Reading, start: int, end: int) -> list[PersonFound]:
    return [
        _seat(reading, piece) for piece in split_names(reading.text, start, end) if piece.end > piece.start
    ]


def _seat(reading: Reading, piece: Piece) -> PersonFound:
    printed = "".join(reading.text[piece.start : piece.end].split())
    post = printed.endswith(_OFFICIAL) and bool(POST_END.match(printed))
    place = reading.span(piece.start, piece.end)
    return PersonFound("成员", None, printed if post else None, None if post else printed, place)
