"""Targets without a figure: zero, ranks, titles, levels, directions – in one clause of a sentence."""

import re
from dataclasses import dataclass

from .. import numerals
from . import measures


@dataclass(frozen=True)
class Found:
    """[start, end) is what is quoted."""

    start: int
    end: int
    name: str
    comparator: str
    value: float | int | None
    unit: str | None


_ILL = r"(?:事故|事件|风险|案件|问题|故障|责任事故|伤亡)"
_NONE = re.compile(
    rf"(?:不发生|不出现|未发生|避免出现|避免发生|杜绝发生|坚决杜绝|杜绝|防止出现)(?P<what>[^,;。]{{1,60}}?{_ILL})(?:的发生|发生)?$"
)
_WITHOUT = re.compile(
    r"无(?:重大|较大|特大|重特大|安全|质量|一般|责任)?(?P<what>[^,;。无]{0,12}?(?:事故|故障|事件|案件))"
)
_ZERO = re.compile(r"(?P<name>[^,;。]{0,30})零(?P<what>事故|伤亡|死亡|投诉|发生|差错|案件)")
_RANK = re.compile(
    r"(?:进入|跻身|挤进|居于|位居|位列|列(?!入)|居(?!民|住|家)|排名|排位|保持在|保持|进到)(?P<where>[^,;。前]{0,20})前(?P<n>\d{1,3}|"
    r"[一二三四五六七八九十百]{1,4})(?P<unit>位|名|强)?(?!列|茅|沿)"
)
_FRONT = re.compile(
    r"(?P<verb>位居|走在|处于|保持在|进入|位于|跻身|居于|居(?!民|住|家)|达到)(?P<where>[^,;。]{0,24})(?P<level>前列|领先地位|领先水平|先进行列|第一方阵|前茅)$"
)
_LEVEL = re.compile(
    r"(?P<verb>(?:全面|全部|基本|均|已|普遍|整体|总体)?(?:达到或接近|接近或达到|达到|符合))(?P<level>[^,;。、]{2,30}(?:水平|标准要求|要求|标准|规定))$"
)
_TITLE = re.compile(
    r"(?:成为|荣获|获得|争创|创成|建成|创建成为|创建为|获批|通过|夺取|摘取)(?:首批|首个|一批)?(?P<what>“[^“”]{2,30}”|"
    r"[^,;。“”的]{2,24}(?:示范城市|示范市|示范县|示范区|先进市|先进县|文明城市|强市|强县))"
    r"(?:[^,;。]{0,10}(?:验收|考核|评估|命名)[^,;。]{0,30})?(?:称号|荣誉|命名|荣誉称号)?"
)
_NO_TITLE = re.compile(r"鼓励|支持|引导|积极参与|对获得|对荣获|以争创|以创建|的企业|的单位|奖励")
_WISH = re.compile(r"力争|争取|确保|到(?:19|20)\d{2}年|(?:19|20)\d{2}年|称号|率先")
_COMPLETE = re.compile(
    r"(?:全面|超额)?(?:完成|实现)(?P<what>[^,;。]{2,30}(?:主要指标|约束性指标|考核指标|指标任务|减排目标|考核目标|目标任务|指标))$"
)
_MOVE = r"(?:逐年|逐步|不断|持续|显著|明显|进一步|大幅|大幅度|稳步|有效|普遍|较大幅度|稳中有|总体|全面|切实|着力){0,4}(?:提高|提升|下降|降低|上升|增长|增加|攀升|降)"
_MOVES = re.compile(rf"{_MOVE}$")
_MOVING = re.compile(
    rf"(?:(?<![一-龥])|确保|实现|推动|促进|力争|以|着力|努力)(?P<move>{_MOVE})(?P<name>[^,;。]{{2,60}})$"
)
_KEPT = re.compile(
    r"(?P<name>[^,;。]{2,30}状况)(?P<move>(?:保持|持续)?(?:稳定良好|总体稳定|稳定向好|平稳可控|稳定可控|稳定))$"
)
_FROM_YEAR = re.compile(
    r"(?:从|自)?(?:19|20)\d{2}年(?:起|开始|以后)(?:,)?(?P<what>[^,;。]{0,30}?(?:纳入|全面实行|全面推行|全面实施|全面推广)[^,;。]{2,30})$"
)
_SUBJECT_END = re.compile(
    r"(?:质量|水质|服务|产品|指标|指数|管理|水平|率|度|技术|工程|设施|环境|能力|成效|业|企业)$"
)


def worded(text: str, start: int, end: int, *, goal: bool) -> list[Found]:
    """The targets of the clause [start, end). `goal`: it stands in a section of goals."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for look in (_zero, _rank, _title, _complete, _from_year, _level, _front, _direction):
        found = look(text, start, end, goal)
        if found:
            return found
    return []


def _zero(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _NONE.search(text, start, end)
    if match:
        return [Found(match.start(), match.end(), match["what"], "zero", 0, "起")]
    match = _ZERO.search(text, start, end)
    if match and re.search(r"实现|确保|力争|保持|达到|争取", match["name"]):
        name = re.sub(r"^.*?(?:实现|确保|力争|保持|达到|争取)", "", match["name"])
        return [Found(start, match.end(), name + match["what"], "zero", 0, "起")]
    match = _WITHOUT.search(text, start, end)
    if (
        match
        and (goal or re.search(r"目标|确保|实现|保障|力争|全年", text[start:end]))
        and not text.startswith("无证", match.start())
    ):
        stop = match.end()
        more = _WITHOUT.match(text, stop, end)
        stop = more.end() if more else stop
        return [Found(start, stop, _short(text[start:stop]), "zero", 0, "起")]
    return []


def _short(text: str) -> str:
    return re.sub(r"^(?:以|确保|实现|保障|力争|全年|,)+", "", text)


def _rank(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _RANK.search(text, start, end)
    if not match:
        return []
    value = numerals.number(match["n"])
    if value is None:
        return []
    name = (_plain(text[start : match.start()]) + match["where"]) or text[start : match.start()]
    return [Found(start, match.end(), f"{name}位次", "<=", value, match["unit"] or "位")]


def _title(text: str, start: int, end: int, goal: bool) -> list[Found]:
    clause = text[start:end]
    if _NO_TITLE.search(clause) or not (goal or _WISH.search(text[max(0, start - 30) : end])):
        return []
    last = None
    for match in _TITLE.finditer(text, start, end):
        if re.search(r"示范|称号|先进|文明|强市|强县|模范|优秀|卫生|城市", match.group()):
            last = match
    if last is None:
        return []
    name = last["what"].strip("“”")
    return [Found(start, last.end(), name, "count>=", 1, "个")]


def _complete(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _COMPLETE.match(text, start, end) if goal else None
    return [Found(start, match.end(), match["what"], "reach", None, None)] if match else []


def _from_year(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _FROM_YEAR.match(text, start, end)
    return [Found(start, end, match["what"], "reach", None, None)] if match else []


def _level(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _LEVEL.search(text, start, end)
    if not match or match.start() == start:
        return []
    name = _plain(text[start : match.start()])
    if not name or re.search(r"(?:未|不|没有|对|按|按照|使其|可)$", name) or not _SUBJECT_END.search(name):
        return []
    if match["verb"].endswith("符合") and not goal:
        return []
    return [Found(start, match.end(), one, "reach", None, None) for one in _subjects(name)]


def _subjects(name: str) -> list[str]:
    parts = re.split(r"和|与|及", name)
    ends = re.compile(r"(?:质量|水质|率|指数|度)$")
    return parts if len(parts) > 1 and all(ends.search(part) for part in parts) else [name]


def _front(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _FRONT.search(text, start, end)
    if not match or match.start() == start:
        return []
    name = _plain(text[start : match.start()])
    name = re.sub(r"在$", "", name)
    return [Found(start, match.end(), name, "reach", None, None)] if len(name) >= 2 else []


def _direction(text: str, start: int, end: int, goal: bool) -> list[Found]:
    match = _KEPT.match(text, start, end)
    if match:
        return [Found(start, end, _plain(match["name"]), "reach", None, None)]
    match = _MOVES.search(text, max(start, end - 24), end)
    if match and 2 <= match.start() - start <= 60:
        names = _measured(_plain(text[start : match.start()]))
        if names:
            return [Found(start, end, name, "reach", None, None) for name in names]
    match = _MOVING.search(text, start, end)
    if match:
        names = _measured(match["name"])
        return [Found(match.start("move"), end, name, "reach", None, None) for name in names]
    return []


def _measured(name: str) -> list[str]:
    if not measures.DIRECTION_END.search(name) or len(name) < 3:
        return []
    parts, begin = [], 0
    for match in re.finditer(r"[、和与及]", name):
        if measures.DIRECTION_END.search(name[begin : match.start()]):
            parts.append(name[begin : match.start()])
            begin = match.end()
    return [*parts, name[begin:]]


def _plain(text: str) -> str:
    text = re.sub(
        r"^(?:(?:到|至|力争|争取|确保|实现|使|努力|推动|促进|保持|其中|并|在)|(?:19|20)\d{2}\s?年底?|全市|全县|全区|\s|,)+",
        "",
        text,
    )
    return text.strip("、,:; ")
