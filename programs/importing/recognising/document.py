"""The document itself: title, number, body, dates, addressees, what it rests on."""

import re
from datetime import date

from .. import dates, numerals
from ..extraction import Basis, DocumentFound
from ..source import Span
from .frame import Frame, Line, lines_of, signature_at
from .reading import Reading

NUMBER = re.compile(
    r"(?:[一-龥]{1,10}(?:发|函|字|办|令|通|规|政|函字|发电|明电)|[一-龥]{2,8})\s?[〔\[(【]\s?(?:19|"
    r"20)\d{2}\s?[〕\])】]\s?第?\s?\d{1,4}\s?号"
)
_NUMBER_LABEL = re.compile(r"(?:发文字号|发文文号|文\s?号|文件编号|字\s?号)\s?[:]?\s?")
_DATE_LABEL = re.compile(r"(?:成文日期|成文时间|发文日期|发文时间|印发日期|签发日期|制发日期)\s?[:]?\s?")
_STAMP_LABEL = re.compile(r"(?:发布|公开|更新|上传|录入|发稿)?(?:日期|时间)\s?[:]|来源|浏览|阅读|点击|次")
_ADDRESSEES = re.compile(
    r"^(?:各|[一-龥()]{2,8}(?:市|县|区|镇|乡|局|委|办)|市|县|区|省|有关|机关)[^。!?]{1,240}:$"
)
_BASIS = re.compile(
    r"《(?P<title>[^《》]{4,90}(?:〈[^〈〉]{2,60}〉[^《》]{0,50})?)》\s?(?:\((?P<number>[^()]{5,30}号)\))?"
)
_BASIS_WORD = re.compile(r"根据|贯彻|依据|落实|按照|参照|遵照|依照")
_FROM_SIGNATURE = re.compile(
    r"自(?:印发|发布|公布|下发|发文|颁布)之日起(?:满)?(?:(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:个工作)?(?P<u>日|天|个月)后?)?(?:开始|"
    r"起)?(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_FROM_DAY = re.compile(r"自(?P<day>[^。,自]{8,14})起(?:正式)?(?:施行|实施|执行|生效|试行)")
_YEARS_VALID = re.compile(
    r"(?:有效期|试行期|有效期限)(?:为|是|限为)?(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})年"
)
_UNTIL = re.compile(
    r"有效期(?:限)?(?:截止|截至|至|到|为)+(?P<day>[^。,]{8,14})|(?:施行|实施|执行|有效)至(?P<day2>[^。,]{8,14})(?:止|。|$)"
)
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
    effective, computed, until, until_computed = _validity(reading, frame, written, places)
    return DocumentFound(
        title=_printed_title(reading, frame, title),
        number=number,
        issuing_body=body,
        date=written.isoformat() if written else None,
        effective_date=effective.isoformat() if effective else None,
        effective_computed=computed,
        valid_until=until.isoformat() if until else None,
        valid_until_computed=until_computed,
        addressees=_addressees(reading, frame, places),
        basis=_basis(reading, frame, places),
        places=tuple(places),
    )


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
    spot = frame.signature or _head_signature(reading, frame)
    if spot is not None:
        first = lines_of(reading.text, *spot)[0]
        match = dates.DAY.search(first.text)
        name = first.text[: match.start()] if match else first.text
        if len(name) >= 4:
            places.append(("issuing_body", reading.span(first.start, first.start + len(name))))
            return "".join(name.split())
    for spot in (frame.cover, frame.title):
        if spot is not None:
            match = _BODY_IN_TITLE.match("".join(reading.text[spot[0] : spot[1]].split()).lstrip("《"))
            if match:
                return match["body"]
    return None


def _validity(
    reading: Reading, frame: Frame, written: date | None, places: list[tuple[str, Span]]
) -> tuple[date | None, bool, date | None, bool]:
    """(from, computed, until, computed) by the rule that the document prints."""
    text, start, end = reading.text, frame.body[0], frame.body[1]
    effective = until = None
    computed = until_computed = False
    match = _FROM_SIGNATURE.search(text, start, end)
    if match:
        places.append(("effective_date", reading.span(match.start(), match.end())))
        if written is not None:
            count = numerals.number(match["n"]) if match["n"] else 0
            effective = _after(written, count or 0, match["u"])
            computed = True
    else:
        match = _FROM_DAY.search(text, start, end)
        printed = dates.DAY.search(match["day"]) if match else None
        if match and printed:
            effective = dates.day(printed)
            places.append(("effective_date", reading.span(match.start(), match.end())))
    match = _UNTIL.search(text, start, end)
    printed = dates.DAY.search(match["day"] or match["day2"]) if match else None
    if match and printed:
        until = dates.day(printed)
        places.append(("valid_until", reading.span(match.start(), match.end())))
    else:
        match = _YEARS_VALID.search(text, start, end)
        if match:
            places.append(("valid_until", reading.span(match.start(), match.end())))
            base, years = effective or written, numerals.number(match["n"])
            if base is not None and years:
                until, until_computed = dates.add_years(base, years), True
    return effective, computed, until, until_computed


def _after(start: date, count: int, unit: str | None) -> date:
    if unit == "个月":
        month = start.month - 1 + count
        return dates.add_years(start.replace(day=min(start.day, 28), month=month % 12 + 1), month // 12)
    return dates.add_days(start, count)


def _addressees(reading: Reading, frame: Frame, places: list[tuple[str, Span]]) -> tuple[str, ...]:
    for line in lines_of(reading.text, *frame.head):
        if _ADDRESSEES.match(line.text) and not dates.DAY.search(line.text):
            places.append(("addressees", reading.span(line.start, line.end)))
            return _split_addressees(line.text.rstrip(":"))
    return ()


_ENDS = re.compile(r"(?:政府|管委会|办事处|部门|单位|机构|局|委|办|院|厅|公司|企业|机关|大学|学校|镇|乡)$")


def _split_addressees(text: str) -> tuple[str, ...]:
    """各区县人民政府,市政府有关部门、有关直属机构 → three, the last with 市政府."""
    out: list[str] = []
    for part in re.split(r"[,;]", text):
        names: list[str] = []
        for name in part.split("、"):
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
        elif not (right.startswith("为依据") or re.search(r"(?:依据|根据)$", left)):
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
