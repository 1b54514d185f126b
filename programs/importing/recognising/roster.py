"""领导小组: its name, who sits in it, its office – told in a sentence or printed as a roster."""

import re

from ..extraction import GroupFound, PersonFound
from .frame import Annex, Frame, Line, lines_of
from .reading import Reading
from .told_seats import POST_END, told_seats
from .units import split_names

_BODY = r"(?:领导小组|推进委员会|工作委员会|领导委员会|协调小组|工作小组|推进小组|联席会议|指挥部|工作专班|委员会)"
_NAME = re.compile(
    rf"(?:成立|建立|设立|组建|调整|充实)(?:以[^,。]{{2,20}}为组长的)?(?P<name>[^,。;:()由]{{2,40}}?{_BODY})"
)
_FOUNDED = re.compile(rf"成立由[^。]{{2,80}}?的(?P<name>[^,。;:()的]{{2,40}}?{_BODY})")
_MENTION = re.compile(
    r"(?:(?<=[,。;:、(\n由在向经对])|^)(?P<name>[一-龥“”]{3,24}?(?:领导小组|推进委员会|工作委员会|联席会议|协调小组|指挥部))(?=办公室|成员单位|负责|统筹|各成员|要)",
    re.MULTILINE,
)
_ROLE = re.compile(
    r"(?P<role>总\s{0,4}指\s{0,4}挥|副\s{0,2}总\s{0,2}指\s{0,2}挥|第一\s?组\s{0,4}长|常务\s?副\s?组\s?长|执行\s?副\s?组\s?长|"
    r"副\s{0,4}组\s{0,4}长|组\s{0,6}长|"
    r"总\s?召\s?集\s?人|副\s?召\s?集\s?人|召\s?集\s?人|常务副主任|副\s{0,4}主\s{0,4}任|主\s{0,6}任|副\s{0,4}秘书长|秘书长|"
    r"成\s{0,6}员(?:\s?单\s?位)?|顾\s{0,4}问)\s{0,6}[::]?\s{0,6}"
)
_PERSON = re.compile(
    r"(?P<name>[一-龥]{2,4}(?:·[一-龥]{1,8})?|[一-龥]\s{1,4}[一-龥](?=\s))(?:\s*\((?:女|兼|"
    r"[一-龥]{1,3}族)[^()]{0,8}\))?(?:\s{1,20}|\t)(?P<post>\S[^\n]{1,80})"
)
_BRACKETED = re.compile(r"(?P<name>[一-龥]{2,4})\((?P<post>[^()]{2,40})\)")
_SEAT = re.compile(
    r"办公室(?:\([^()]{2,20}\))?(?:,)?设(?:在|于)(?P<seat>[一-龥]{2,20}?)(?=[,。;(]|$|负责|内|,|由)",
    re.MULTILINE,
)
_DIRECTOR = re.compile(
    r"(?:由)?(?P<who>[一-龥]{2,16}?)(?:同志)?(?:兼任|兼|担任|任)(?:领导小组)?(?:办公室)?主任(?!单位)"
)
_VICE = re.compile(r"(?P<who>[一-龥、]{2,40}?)(?:同志)?(?:兼任|兼|担任|任)(?:领导小组)?(?:办公室)?副主任")
_LIST_END = re.compile(r"(?:组成人员名单|组成人员|成员名单|人员名单|成员单位名单|名单|成员)$")


def find_group(reading: Reading, frame: Frame) -> GroupFound | None:
    """The first leading group that the document tells of, with its roster wherever that is printed."""
    text = reading.text
    block = _roster_block(reading, frame)
    name, at = _name(reading, frame, block)
    if name is None and block is None:
        return None
    persons: list[PersonFound] = []
    start, end = at if at is not None else (0, 0)
    if block is not None:
        persons = block[1]
        start, end = (block[0][0], block[0][1])
    elif at is not None:
        scope = _paragraph(text, at[0])
        persons = told_seats(reading, *scope)
        start, end = scope if persons else at
    heads = [
        row for row in persons if row.role in ("组长", "总指挥", "召集人", "总召集人", "主任", "第一组长")
    ]
    deputies = [row for row in persons if row.role.startswith(("副", "常务副", "执行副"))]
    members = [row for row in persons if row not in heads and row not in deputies]
    seat, director, vices, office = _office(reading, frame)
    return GroupFound(
        name=name or "领导小组",
        head=heads[0] if heads else None,
        deputies=tuple([*heads[1:], *deputies]),
        members=tuple(members),
        office_seat=seat,
        office_director=director,
        office_deputies=vices,
        span=reading.span(start, end),
        office=reading.span(*office) if office is not None else None,
    )


def _paragraph(text: str, at: int) -> tuple[int, int]:
    stop = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if stop < 0 else stop


def _name(reading: Reading, frame: Frame, block: object) -> tuple[str | None, tuple[int, int] | None]:
    text = reading.text
    for annex in frame.annexes:
        titled = _annex_name(annex)
        if titled is not None and block is not None:
            return titled, (annex.start, annex.end)
    for pattern in (_FOUNDED, _NAME, _MENTION):
        match = pattern.search(text, frame.body[0], frame.body[1])
        if match:
            return "".join(match["name"].split()), (match.start("name"), match.end("name"))
    return None, None


def _annex_name(annex: Annex) -> str | None:
    if re.search(_BODY, annex.title) and _LIST_END.search(annex.title) and len(annex.title) <= 60:
        return _LIST_END.sub("", annex.title)
    return None


def _roster_block(reading: Reading, frame: Frame) -> tuple[tuple[int, int], list[PersonFound]] | None:
    """The lines from 组长: to the last person."""
    lines = lines_of(reading.text, *frame.body)
    for i, line in enumerate(lines):
        match = _ROLE.match(line.text)
        if (
            not match
            or not _is_label(line.text, match)
            or "".join(match["role"].split())
            not in ("组长", "总指挥", "召集人", "总召集人", "第一组长", "主任")
        ):
            continue
        persons, last = _rows(reading, lines, i)
        if persons and any(row.role != persons[0].role for row in persons):
            return (line.start, lines[last].end), persons
    return None


def _is_label(line: str, match: "re.Match[str]") -> bool:
    """组 长:某某 or 组长 某某; not 组长单位要…"""
    said = match.group()
    return (said.rstrip().endswith(":") or said != said.rstrip() or match.end() == len(line)) and len(
        line
    ) <= 1500


def _rows(reading: Reading, lines: list[Line], first: int) -> tuple[list[PersonFound], int]:
    persons: list[PersonFound] = []
    role, last = "", first
    for i in range(first, len(lines)):
        line = lines[i]
        match = _ROLE.match(line.text)
        begin = line.start
        if match and _is_label(line.text, match):
            role = "".join(match["role"].split())
            begin = line.start + match.end()
            if begin >= line.end:
                last = i
                continue
        elif i == first:
            return [], first
        elif re.search(r"[。:]", line.text) or (not _PERSON.match(line.text) and not _is_seat(line.text)):
            break
        found = _persons(reading, "成员" if role.startswith("成员") else role, begin, line.end)
        if not found:
            break
        persons += found
        last = i
    return persons, last


def _is_seat(line: str) -> bool:
    return len(line) <= 40 and bool(POST_END.match(line) or _BRACKETED.match(line))


def _persons(reading: Reading, role: str, start: int, end: int) -> list[PersonFound]:
    text = reading.text
    match = _PERSON.match(text, start, end)
    if match and not POST_END.match(match["name"]) and not re.search(r"[局委办厅部院]$", match["name"]):
        parts = _several(text, start, end)
        if parts:
            return [_person(reading, role, a, b) for a, b in parts]
        return [_person(reading, role, start, end)]
    bracketed = list(_BRACKETED.finditer(text, start, end))
    if bracketed and bracketed[0].start() == start:
        return [
            PersonFound(
                role,
                row["name"],
                row["post"].strip(),
                _unit_of(row["post"]),
                reading.span(row.start(), row.end()),
            )
            for row in bracketed
        ]
    out = []
    for piece in split_names(text, start, end):
        printed = "".join(text[piece.start : piece.end].split())
        if not printed:
            continue
        post = bool(POST_END.match(printed)) or printed.endswith(("长", "主任", "书记", "负责人", "负责同志"))
        bare = 2 <= len(printed) <= 3 and not re.search(r"[局委办厅部院长任市县区镇乡]$", printed)
        out.append(
            PersonFound(
                role=role,
                person=printed if bare else None,
                post=printed if post and not bare else None,
                unit=None if post or bare else printed,
                span=reading.span(piece.start, piece.end),
            )
        )
    return out


def _several(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """张某 市长;李某 副市长 in one line."""
    parts = []
    begin = start
    for i in [*(i for i in range(start, end) if text[i] in ";,"), end]:
        piece = text[begin:i].strip()
        if not _PERSON.match(piece):
            return []
        parts.append((begin, i))
        begin = i + 1
    return parts if len(parts) > 1 else []


def _person(reading: Reading, role: str, start: int, end: int) -> PersonFound:
    text = reading.text
    while start < end and text[start].isspace():
        start += 1
    match = _PERSON.match(text, start, end)
    if match is None:
        return PersonFound(role, None, text[start:end].strip(), None, reading.span(start, end))
    post = match["post"].strip()
    return PersonFound(role, "".join(match["name"].split()), post, _unit_of(post), reading.span(start, end))


def _unit_of(post: str) -> str | None:
    match = POST_END.match(post.split("、")[0])
    return (
        match["unit"]
        if match and not match["unit"].endswith(("副市", "副县", "副区", "副镇", "副乡"))
        else None
    )


def _office(
    reading: Reading, frame: Frame
) -> tuple[str | None, str | None, tuple[str, ...], tuple[int, int] | None]:
    """(seat, director, deputy directors, place), from the sentence that says most."""
    text = reading.text
    best: tuple[str | None, str | None, tuple[str, ...], tuple[int, int] | None] = (None, None, (), None)
    for match in _SEAT.finditer(text, *frame.body):
        begin, line_end = _paragraph(text, match.start())
        stop = text.find("。", match.end(), line_end)
        end = line_end if stop < 0 else stop
        director = _DIRECTOR.search(text, match.end(), end)
        vice = _VICE.search(text, match.end(), end)
        vices = tuple(name for name in vice["who"].split("、") if name) if vice else ()
        begin = max(begin, text.rfind("。", begin, match.start()) + 1)
        if best[3] is None or (director and best[1] is None):
            best = (
                match["seat"],
                director["who"].removeprefix("由") if director else None,
                vices,
                (begin, end),
            )
    return best
