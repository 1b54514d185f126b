"""Targets: figures, zero, ranks, titles to be won, levels and directions."""

import re

from .. import dates
from ..extraction import IndicatorFound
from . import measures
from .finding import clauses_in
from .measures import Figure, comparator, figures
from .outline import Node
from .reading import Reading
from .sentences import clauses, sentences
from .targets import Found, worded

_SKIPPED = frozenset(("guiding", "phase"))
_LEAD_IN = re.compile(
    r"^(?:(?:(?:到|至|在|截至)(?=\d|“|十)|力争(?:到|在)?|争取|确保|保证|实现|使|努力|其中|同时|并|全年|全市|全县|全区|我市|我县|每年|年内|当年|力争|届时|"
    r"以及|和|,|、|:|\s|"
    r"(?:19|20)\d{2}\s?年(?:\d{1,2}月)?(?:底|末)?(?:前|之前)?|“?十[一二三四五六]?五”?(?:期间|末|时期)|\d{1,2}年内|(?:未来|今后)?[三五]年内?)+)"
)
_ITEM_GAP = re.compile(r"[、,和及与;以]+")
_SPLIT = re.compile(r"[、和与及]|以及")
_FIVE_YEARS = re.compile(r"“?十([一二三四五六]?)五”?(?:规划)?(?:末|期末|期间|时期)?")
_DEADLINE = re.compile(
    r"(?P<month>(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月)|(?P<year>(?:19|20)\d{2})\s?年|(?P<within>(?:\d{1,2}|"
    r"[一二三四五六七八九十])年内)|"
    r"(?P<five>“?十[一二三四五六]?五”?(?:规划)?(?:末|期末|期间|时期))"
)
_AREAS = (
    ("environment", re.compile(r"环境|生态|水质|空气|大气|污染|水源|减排|节能|危废|土壤|绿化|河")),
    ("engineering", re.compile(r"工程|建筑|住宅|施工|竣工|装配式|监理")),
    ("service", re.compile(r"服务|旅游|顾客|游客|景区|酒店|就医|养老|物流|窗口|政务")),
    ("standards", re.compile(r"标准|计量|认证|检验检测|检测机构|校准|溯源")),
    ("brand", re.compile(r"品牌|名牌|商标|地理标志|质量奖|示范区|驰名|老字号|称号")),
    ("product", re.compile(r"产品|食品|药品|抽查|抽检|制造|农产品|消费品|特种设备|企业|质量管理")),
)


def find_indicators(reading: Reading, roots: list[Node]) -> tuple[IndicatorFound, ...]:
    out: list[IndicatorFound] = []
    for node in (node for root in roots for node in root.walk()):
        if node.kind in _SKIPPED or node.kind == "award":
            continue
        _of_node(reading, node, out)
    return tuple(sorted(out, key=lambda row: row.span))


def _of_node(reading: Reading, node: Node, out: list[IndicatorFound]) -> None:
    text = reading.text
    skipped = [(clause.start, clause.end) for clause in clauses_in(reading, node.after, node.own_end)]
    opening = _opening(reading, node.parent) if node.kind == "goal" else None
    seen: set[tuple[int, int, str]] = set()
    for start, end in sentences(text, node.after, node.own_end):
        first = _deadline(text, start, min(end, start + 24), reading.year)
        opening = first or opening
        for a, b in clauses(text, start, end):
            if any(x < b and a < y for x, y in skipped):
                a, b = _outside(a, b, skipped)
            for found in _found(text, a, b, node.kind == "goal"):
                key = (found.start, found.end, found.name)
                if key in seen:
                    continue
                seen.add(key)
                out.append(
                    _indicator(reading, node, found, _when(text, start, found, first, opening, reading))
                )


def _opening(reading: Reading, node: Node | None) -> str | None:
    """The date that the text of a section of goals begins with."""
    if node is None:
        return None
    for start, end in sentences(reading.text, node.after, node.own_end):
        if start > node.title[0] and (
            found := _deadline(reading.text, start, min(end, start + 24), reading.year)
        ):
            return found
    return None


def _outside(start: int, end: int, skipped: list[tuple[int, int]]) -> tuple[int, int]:
    for a, b in skipped:
        if a <= start < b:
            start = min(b, end)
        elif start < a < end:
            end = a
    return start, end


def _found(text: str, start: int, end: int, goal: bool) -> list[Found]:
    printed = figures(text, start, end)
    found = _numeric(text, start, end, printed) if printed else []
    return found or worded(text, start, end, goal=goal)


def _numeric(text: str, start: int, end: int, printed: list[Figure]) -> list[Found]:
    respective = text.rfind("分别", start, printed[0].start)
    if respective >= 0 and len(printed) > 1:
        return _respectively(text, start, respective, printed)
    out: list[Found] = []
    verb = ""
    left = start
    for place, figure in enumerate(printed):
        following = printed[place + 1].start if place + 1 < len(printed) else end
        begin = _item_start(text, left, figure.start)
        before = text[begin : figure.start]
        stop, name, verb = _named(text, begin, figure, following, end, verb)
        left = stop
        if not name:
            continue
        quote = begin + _lead_in(before)
        for one in _each(name):
            out.append(
                Found(
                    start=quote if quote < figure.start else begin,
                    end=max(stop, figure.end),
                    name=one,
                    comparator=_compared(text, begin, figure, before),
                    value=figure.value,
                    unit=figure.unit,
                )
            )
    return out


def _compared(text: str, begin: int, figure: Figure, before: str) -> str:
    asked = comparator(before, figure)
    return ">=" if asked == "count>=" and "每" in text[max(begin - 4, 0) : figure.start] else asked


def _item_start(text: str, left: int, limit: int) -> int:
    gap = _ITEM_GAP.match(text, left, limit)
    left = gap.end() if gap else left
    while left < limit and text[left].isspace():
        left += 1
    return left


def _lead_in(before: str) -> int:
    match = _LEAD_IN.match(before)
    return match.end() if match else 0


def _named(
    text: str, begin: int, figure: Figure, following: int, end: int, verb: str
) -> tuple[int, str, str]:
    """(end of the item, name, verb): the name stands before the figure, or after it up to the next item."""
    before = text[begin : figure.start]
    bare = before[_lead_in(before) :]
    measured = measures.VERB.search(bare)
    after_end = following
    if following < end:
        cut = max(text.rfind(mark, figure.end, following) for mark in "、和及与")
        after_end = cut if cut >= 0 else following
    after = text[figure.end : after_end].strip()
    name = bare[: measured.start()] if measured else bare
    own = _verb(bare)
    if measured and (not after or (name and len(own) < len(name))):
        return figure.end, _tidy(name), verb
    if measured:
        return after_end, _tidy(name + after), own or verb
    if not after or re.match(r"^[、,;。)]", after):
        if not name:
            return figure.end, "", verb
        own = _verb(name)
        shared = name if own or not verb else verb + name
        return figure.end, _tidy(shared), own or verb
    own = _verb(bare)
    lead = bare if bare else verb
    return (
        after_end,
        _tidy(lead + re.sub(r"^(?:的|左右)", "", after)),
        own or (bare if 0 < len(bare) <= 8 else verb),
    )


_TARGET_VERB = re.compile(
    r"^(?:重点|积极|新)?(?:培育|扶持|创建|争创|建成|新增|引进|评选|培养|认定|打造|举办|组织|开展|制定|制修订|主导|参与|完成|建设|建立|申报|获得|荣获|推动|推广|实施|"
    r"发展|新建|改造|创成)"
    r"(?:制\(修\)订|制定|修订|建设|和参与|或参与|发展)?"
)


def _verb(text: str) -> str:
    match = _TARGET_VERB.match(text)
    return match.group() if match else ""


def _tidy(name: str) -> str:
    name = "".join(name.split()).strip("、,:;。")
    return re.sub(r"(?:的|共|约|不少于|达到|达)$", "", name)


def _each(name: str) -> list[str]:
    """Names that share one figure: each part ends as a measure does."""
    parts, begin = [], 0
    for match in _SPLIT.finditer(name):
        if measures.MEASURE_END.search(name[begin : match.start()]):
            parts.append(name[begin : match.start()])
            begin = match.end()
    parts.append(name[begin:])
    return parts if all(measures.MEASURE_END.search(part) for part in parts) else [name]


def _respectively(text: str, start: int, at: int, printed: list[Figure]) -> list[Found]:
    """甲率和乙率分别达到65%和55%."""
    head = text[start:at]
    begin = start + _lead_in(head)
    names = [part for part in _SPLIT.split(text[begin:at]) if part]
    names = names[-len(printed) :] if len(names) >= len(printed) else [text[begin:at]] * len(printed)
    stem = _shared_stem(text[begin:at], names)
    out = []
    for place, (name, figure) in enumerate(zip(names, printed, strict=True)):
        full = name if place == 0 or not stem else name
        out.append(
            Found(
                begin,
                printed[-1].end,
                _tidy(full),
                comparator(text[at : figure.start], figure),
                figure.value,
                figure.unit,
            )
        )
    return out


def _shared_stem(text: str, names: list[str]) -> str:
    return "" if text.startswith(names[0]) else text[: text.find(names[0])]


def _when(
    text: str, start: int, found: Found, first: str | None, opening: str | None, reading: Reading
) -> str | None:
    near = _deadline(text, start, found.end, reading.year, last=True)
    if "每年" in text[max(start, found.start - 6) : found.end]:
        return "每年"
    return near or first or opening or (str(reading.year) if reading.year else None)


def _deadline(text: str, start: int, end: int, year: int | None, *, last: bool = False) -> str | None:
    printed = list(_DEADLINE.finditer(text, start, end))
    match = printed[-1 if last else 0] if printed else None
    if match is None:
        return str(year) if year and re.search(r"全年|年内|今年|年底前", text[start:end]) else None
    if match["month"]:
        month = dates.MONTH.match(match["month"])
        return f"{month[1]}-{int(month[2]):02d}" if month else None
    if match["year"]:
        return match["year"]
    if match["within"]:
        return match["within"]
    return five_years_end(match["five"])


def five_years_end(printed: str) -> str | None:
    """“十二五”末 → 2015."""
    match = _FIVE_YEARS.match(printed)
    if not match:
        return None
    return str(2005 + 5 * "一二三四五六".find(match[1]) + 5) if match[1] else "2005"


def area_of(*texts: str) -> str:
    """The first area whose words stand in the first of the texts that has any."""
    for text in texts:
        for area, words in _AREAS:
            if words.search(text):
                return area
    return "overall"


_RUNNING = frozenset((12, 23, 34, 45, 56, 67, 78, 89))


def _doubt(found: Found, deadline: str | None) -> str | None:
    if deadline == "每年" and found.value in _RUNNING and found.unit in ("次", "家", "个", "项", "场", "期"):
        tens, ones = divmod(int(found.value), 10)
        return (
            f"印作“{int(found.value)}{found.unit}”，可能是“{tens}—{ones}{found.unit}”漏了连接号，请核对原件"
        )
    return None


def _indicator(reading: Reading, node: Node, found: Found, deadline: str | None) -> IndicatorFound:
    text = reading.text
    return IndicatorFound(
        name=found.name,
        comparator=found.comparator,
        value=found.value,
        unit=f"{found.unit}/年"
        if deadline == "每年" and found.unit and found.comparator == ">="
        else found.unit,
        deadline=deadline,
        area=area_of(found.name, text[node.title[0] : node.title[1]]),
        path=node.path,
        span=reading.span(found.start, found.end),
        doubtful=_doubt(found, deadline),
    )
