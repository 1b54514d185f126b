"""The document itself: title, number, body, dates, addressees, what it rests on."""

import re
from datetime import date

from .. import dates
from ..extraction import Basis, DocumentFound
from ..source import Span
from .addressees import find_addressees
from .frame import ANNEX, Frame, Line, lines_of, signature_at
from .reading import Reading
from .sentences import sentences
from .validity import find_validity

NUMBER = re.compile(
    r"(?:[一-龥]{1,10}(?:发|函|字|办|令|通|规|政|函字|发电|明电)|[一-龥]{2,8})\s?[〔\[(【]\s?(?:19|"
    r"20)\d{2}\s?[〕\])】]\s?第?\s?\d{1,4}\s?号"
)
_NUMBER_LABEL = re.compile(r"(?:发文字号|发文文号|文\s?号|文件编号|字\s?号)\s?[:]?\s?")
_DATE_LABEL = re.compile(r"(?:成文日期|成文时间|发文日期|发文时间|印发日期|签发日期|制发日期)\s?[:]?\s?")
_STAMP_LABEL = re.compile(r"(?:发布|公开|更新|上传|录入|发稿)?(?:日期|时间)\s?[:]|来源|浏览|阅读|点击|次")
_BASIS = re.compile(
    r"《(?P<title>[^《》]{4,90}(?:〈[^〈〉]{2,60}〉[^《》]{0,50})?)》\s?(?:\((?P<number>[^()]{5,30}号)\))?"
)
_BASIS_WORD = re.compile(r"根据|贯彻|依据|落实|按照|参照|遵照|依照")
_BODY_IN_TITLE = re.compile(
    r"^(?P<body>[一-龥]{2,20}?(?:人民政府办公厅|人民政府办公室|人民政府|政府办公室|委员会|领导小组办公室|领导小组|办公室|管理局|监督局|局|厅))关于"
)
_PLACE = re.compile(
    r"(?P<place>[一-龥]{2,4}?)(?:市|县|区|省|州|旗)(?:人民政府|政府|质量|委|关于|贯彻|创建|实施|开展|推进|建设|全面|深入|20)"
)


def find_document(reading: Reading, frame: Frame) -> DocumentFound:
    text = reading.text
    places: list[tuple[str, Span]] = []
    title = frame.title_text
    if frame.title is not None:
        places.append(("title", reading.span(*frame.title)))
    elif title is not None:
        at = text.find(title)
        if at >= 0:
            places.append(("title", reading.span(at, at + len(title))))
    number = _number(reading, frame, places)
    written = _written(reading, frame, places)
    body = _issuing_body(reading, frame, places)
    effective, computed, until, until_computed = find_validity(reading, frame, written, places)
    _around(reading, frame, places)
    return DocumentFound(
        title=_printed_title(reading, frame, title),
        number=number,
        issuing_body=body,
        date=written.isoformat() if written else None,
        effective_date=effective.isoformat() if effective else None,
        effective_computed=computed,
        valid_until=until.isoformat() if until else None,
        valid_until_computed=until_computed,
        addressees=find_addressees(reading, frame, places),
        basis=_basis(reading, frame, places),
        places=tuple(places),
    )


_ISSUED = re.compile(
    r"印发(?:给|你)|转发(?:给|你)|下发(?:给|你)|现(?:将|予|就)|已经?[^。]{0,40}(?:同意|审议通过|批准)|贯彻执行|认真组织实施"
)
_PAGE = re.compile(
    r"^(?:首页|当前位置|您(?:当前)?(?:的)?(?:所在)?位置|信息来源|来源|发布时间|时间|索引号|索引编号|文件名称|标题|发布机构|发文机关|公开(?:责任部门|日期|形式|目录|方式|时限)|"
    r"有效性|主题分类|体裁分类|组配分类|文号|成文日期|浏览|阅读|字体|作者|信息分类|关键词|名称|生成日期|责任编辑|\d+次阅读)"
)


def _around(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> None:
    """The places of what is no field but belongs to the frame: cover, its sentence, signature, annex headings, and what
    the web page prints between."""
    text = reading.text
    if frame.cover is not None:
        places.append(("cover", reading.span(*frame.cover)))
    for spot in (frame.signature, _head_signature(reading, frame)):
        if spot is not None:
            places.append(("signature", reading.span(*spot)))
    for line in lines_of(text, *frame.head):
        if frame.title_text and frame.title_text in "".join(line.text.split()) and len(line.text) < 160:
            places.append(("cover", reading.span(line.start, line.end)))
        elif _PAGE.match(line.text) and len(line.text) <= 160:
            places.append(("page", reading.span(line.start, line.end)))
        else:
            for start, end in sentences(text, line.start, line.end):
                if _ISSUED.search(text, start, end) and end <= (frame.title[0] if frame.title else end):
                    places.append(("cover", reading.span(start, end)))
    for line in lines_of(text, frame.main[1], frame.body[1]):
        if ANNEX.match(line.text) or re.match(r"^\d{1,2}[.、]", line.text):
            places.append(("annex", reading.span(line.start, line.end)))
    for annex in frame.annexes:
        places.append(("annex", reading.span(annex.start, annex.heading_end)))


def _printed_title(reading: Reading, frame: Frame, title: str | None) -> str | None:
    """As printed: in the script and width of the source."""
    if frame.title is None or title is None:
        return title
    span = reading.span(*frame.title)
    printed = "".join(reading.quote(span).split())
    folded = "".join(reading.text[frame.title[0] : frame.title[1]].split())
    at = folded.find(title)
    return printed[at : at + len(title)] if at >= 0 and len(printed) == len(folded) else title


def places_of(title: str | None, text: str) -> frozenset[str]:
    """The document's own place without 市 or 县, from its title and the heads of its lines."""
    out = set()
    for piece in (title or "", text[:1500]):
        match = _PLACE.search(piece)
        if match and not re.search(r"[各全本我省和及的]", match["place"]):
            out.add(match["place"])
    return frozenset(out)


def year_of(title: str | None) -> int | None:
    match = dates.YEAR.search(title or "")
    return int(match[1]) if match else None


def _head_lines(reading: Reading, frame: Frame) -> list[Line]:
    """From the top of the page to the first number: what a web page says of the document stands there."""
    return lines_of(reading.text, 0, frame.head[1])


def _number(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> str | None:
    text = reading.text
    candidates: list[tuple[int, int, int]] = []
    for line in _head_lines(reading, frame):
        for match in NUMBER.finditer(text, line.start, line.end):
            before = text[line.start : match.start()].rstrip(" (")
            labelled = _NUMBER_LABEL.search(before)
            alone = len(line.text) - (match.end() - match.start()) <= 2
            own = text[match.end() : line.end].lstrip(" )").startswith(("《",)) or match.end() >= line.end - 1
            if before.endswith("》"):
                continue
            if labelled and labelled.end() >= len(before) - 1:
                candidates.append((0, match.start(), match.end()))
            elif alone:
                candidates.append((1, match.start(), match.end()))
            elif own and len(line.text) <= 90 and not re.search("[。;]", line.text):
                candidates.append((2, match.start(), match.end()))
    if not candidates:
        for line in lines_of(text, frame.main[1], min(len(text), frame.body[1] + 400)):
            at_end = NUMBER.search(text, line.start, line.end)
            if at_end and len(line.text) <= 40 and re.match(r"公文|原文|文号|发文", line.text):
                candidates.append((3, at_end.start(), at_end.end()))
    if not candidates:
        return None
    _, start, end = min(candidates)
    places.append(("number", reading.span(start, end)))
    return "".join(reading.quote(reading.span(start, end)).split())


def _written(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> date | None:
    text = reading.text
    found: tuple[date, int, int] | None = None
    for line in _head_lines(reading, frame):
        for label in _DATE_LABEL.finditer(text, line.start, line.end):
            match = dates.DAY.match(text, label.end(), line.end)
            if match and found is None and (when := dates.day(match)) is not None:
                found = when, match.start(), match.end()
    for spot in (frame.signature, _head_signature(reading, frame)):
        if spot is None or found is not None:
            continue
        for match in dates.DAY.finditer(text, *spot):
            if (when := dates.day(match)) is not None:
                found = when, match.start(), match.end()
    if found is None:
        found = _lone_date(reading, frame)
    if found is None:
        return None
    places.append(("date", reading.span(found[1], found[2])))
    return found[0]


def _head_signature(reading: Reading, frame: Frame) -> tuple[int, int] | None:
    """The signature of the covering notice, before the plan."""
    lines = lines_of(reading.text, frame.body[0], frame.head[1])
    for i in range(len(lines)):
        signed = signature_at(lines, i)
        if signed is not None:
            return lines[i].start, lines[signed].end
    return None


def _lone_date(reading: Reading, frame: Frame) -> tuple[date, int, int] | None:
    """A line that is nothing but a date, also in brackets below the title; never a stamp of the web page."""
    text = reading.text
    both = [*lines_of(text, frame.main[1], frame.body[1]), *lines_of(text, *frame.head)]
    for line in both:
        bare = line.text.strip("() ")
        match = dates.DAY.match(bare)
        if match and match.end() >= len(bare) - 3 and not re.search(r"\d:\d", line.text):
            again = dates.DAY.search(text, line.start, line.end)
            when = dates.day(match)
            if when is not None and again is not None:
                return when, again.start(), again.end()
    return None


def _issuing_body(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> str | None:
    if frame.cover is None and frame.title is not None:
        own = _BODY_IN_TITLE.match(frame.title_text or "")
        if own:
            return (_printed_title(reading, frame, frame.title_text) or "")[: own.end("body")]
    spot = frame.signature or _head_signature(reading, frame)
    if spot is not None:
        first = lines_of(reading.text, *spot)[0]
        match = dates.DAY.search(first.text)
        name = first.text[: match.start()] if match else first.text
        if len(name) >= 4:
            place = reading.span(first.start, first.start + len(name))
            places.append(("issuing_body", place))
            return "".join(reading.quote(place).split())
    for spot in (frame.cover, frame.title):
        if spot is not None:
            match = _BODY_IN_TITLE.match("".join(reading.text[spot[0] : spot[1]].split()).lstrip("《"))
            if match:
                return match["body"]
    return None


def _basis(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> tuple[Basis, ...]:
    """Documents that the preamble, or a sentence with 依据, names."""
    start = frame.title[1] if frame.title else frame.body[0]
    out: dict[str, Basis] = {}
    for first, last in ((frame.body[0], frame.title[0] if frame.title else start), (start, frame.main[0])):
        _collect_basis(reading, first, last, out, places, everything=True)
    _collect_basis(reading, frame.main[0], frame.main[1], out, places, everything=False)
    if frame.title_text:
        out.pop(frame.title_text, None)
    return tuple(out.values())


def _collect_basis(
    reading: Reading,
    start: int,
    end: int,
    out: dict[str, Basis],
    places: list[tuple[str, Span]],
    *,
    everything: bool,
) -> None:
    text = reading.text
    for match in _BASIS.finditer(text, start, end):
        left = text[max(start, match.start() - 120) : match.start()]
        left = left[left.rfind("。") + 1 :]
        right = text[match.end() : match.end() + 4]
        if everything:
            if not _BASIS_WORD.search(left) or re.search(
                r"已经|印发给", text[match.end() : match.end() + 12]
            ):
                continue
        elif not right.startswith("为依据"):
            continue
        title = match["title"]
        if title in out:
            continue
        number = match["number"]
        out[title] = Basis(
            title=_printed(reading, match.start("title"), match.end("title")),
            number="".join(number.split()) if number else None,
        )
        places.append(("basis", reading.span(match.start(), match.end())))


def _printed(reading: Reading, start: int, end: int) -> str:
    return "".join(reading.quote(reading.span(start, end)).split())
