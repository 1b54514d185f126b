"""Figures with units: which are targets and which only look like it. No document, no place."""

import re
from dataclasses import dataclass

from .. import numerals

_COUNT = (
    "个百分点|人次|家次|件次|批次|场次|班次|个|家|项|次|人|名|件|所|座|处|条|户|只|台|套|辆|艘|本|部|份|篇|场|期|类|片|块|栋|间|组|支|批|种|对|例|起|"
    "微克/立方米|毫克/立方米|微克|毫克|分贝|亩|公顷|平方米|平方公里|公里|千米|米|吨|千克|公斤|升|千瓦时|千瓦|兆瓦|标准煤|元|分钟|分|位|镇|村|县|品种|单位|企业|标准|专利|指标"
)
# 93% · 30万平方米 · 22个(含)以上 · 79以上
FIGURE = re.compile(
    r"(?<![\dA-Za-z.+·×/〔\[—~–-])(?P<num>\d{1,9}(?:\.\d{1,4})?)(?:%?\s?(?:-|—|~|–|"
    r"至)\s?\d{1,9}(?:\.\d{1,4})?(?=%|[百千万亿]|[个家项次人名件所批场期]))?(?P<scale>[百千万亿]{0,2})(?P<more>余|多)?\s?"
    rf"(?P<unit>%|‰|{_COUNT})?\s?(?P<incl>\((?:含|含本数)\))?(?P<bound>及?以上|以下|以内|左右)?(?![\dA-Za-z+·×])"
)
HUNDREDTHS = re.compile(
    r"百分之(?P<num>[一二三四五六七八九十百]{1,5}|\d{1,3})(?P<bound>以上|以下|以内|左右)?"
)
# 两家 · 三个, only after a verb that sets a target
WORD_FIGURE = re.compile(
    r"(?:培育|扶持|创建|争创|建成|新增|引进|评选|培养|认定|打造|举办|组织|开展|至少|不少于)(?:出|形成)?(?P<num>[两三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?)"
    r"(?P<unit>个|家|项|次|名|件|所|场|期)(?P<bound>以上|左右)?(?!大|层|级|个)"
)
VERB = re.compile(
    r"(?:总数|总量|数量)?(?:均|都|全部|分别|应|要|力争|确保|保持|稳定)?(?:达到或超过|达到了|达到|稳定在|保持在|维持在|控制在|控制到|提高到|提升到|提高至|提升至|增加到|"
    r"增加至|增长到|增至|上升到|上升至|升至|下降到|下降至|降低到|降低至|降到|降至|压缩到|压缩至|缩短到|缩短至|减少到|减少至|扩大到|突破|超过|不超过|不高于|不大于|"
    r"不低于|不少于|不小于|不得低于|不得少于|高于|大于|低于|小于|少于|至少|占到|达|为|在|≥|≤|>|<|占)(?:约|近)?$"
)
DOWN = re.compile(
    r"(?:控制在|控制到|下降到|下降至|降低到|降低至|降到|降至|压缩到|压缩至|缩短到|缩短至|减少到|减少至|不超过|不高于|不大于|低于|小于|少于|≤|<)(?:约|近)?$"
)
MEASURE_END = re.compile(
    r"(?:率|满意度|感受度|集中度|贡献度|指数|比重|比例|占比|系数|得分|总数|总量|数量|面积|覆盖面|产值|增加值|总额|总产值|投入|经费|强度|收入|浓度)$"
)
DIRECTION_END = re.compile(
    r"(?:(?<!效)(?<!税)(?<!功)(?<!频)(?<!概)(?<!利)(?<!汇)(?<!速)(?<!效)率|满意度|感受度|幸福指数|指数|比重|占比|覆盖面)$"
)
# words after which a number counts what is there already
_THERE = re.compile(
    r"(?:等|这|上述|以下|下列|前|第|共|共计|分|该|其中|现有|已有|已|原有|近|每|以上|的|任何一|同一)$"
)
_AWARD_MONEY = re.compile(r"奖励|奖金|补助|资助|补贴|罚款|处罚|扶持资金|一次性")
_TIME_UNIT = re.compile(r"^(?:个)?(?:年|月|日|天|小时|工作日|分钟|周|季度|号|时|点|世纪|周年|年度)")
_GRADE = re.compile(r"^(?:级|星|A|类以上|等|号|版|届|期|条|章|款|楼|路|期间|后)")


@dataclass(frozen=True)
class Figure:
    """A printed figure: [start, end) with unit and bound. `value` without its scale: 30万平方米 is 30 of 万平方米."""

    start: int
    end: int
    value: float | int
    unit: str | None
    bound: str | None


def figures(text: str, start: int, end: int) -> list[Figure]:
    """Figures of a clause that can be targets, in printed order."""
    out = [
        figure for match in FIGURE.finditer(text, start, end) if (figure := _figure(text, match, start, end))
    ]
    for match in HUNDREDTHS.finditer(text, start, end):
        value = numerals.number(match["num"])
        if value is not None:
            out.append(Figure(match.start(), match.end(), value, "%", match["bound"]))
    for match in WORD_FIGURE.finditer(text, start, end):
        value = numerals.number(match["num"])
        if value is not None and not re.match(
            r"(?:“|阶段|方面|步骤|环节|原则|任务)", text[match.end() : match.end() + 2]
        ):
            out.append(Figure(match.start("num"), match.end(), value, match["unit"], match["bound"]))
    return sorted(out, key=lambda figure: figure.start)


def _figure(text: str, match: "re.Match[str]", start: int, end: int) -> Figure | None:
    before, after = text[start : match.start()], text[match.end() : end]
    unit, bound = match["unit"], match["bound"]
    if _quoted(before, after) or _THERE.search(before[-3:]):
        return None
    if unit is None:
        if match["scale"] or _TIME_UNIT.match(after) or _GRADE.match(after):
            return None
        measured = VERB.search(before[-8:])
        if not measured or (bound is None and after[:1] not in ("", ",", ";", "。", "、", ")")):
            return None
        if not MEASURE_END.search(before[: len(before) - len(measured.group())]):
            return None
        if bound is None and len(match["num"]) == 4:
            return None
    elif unit == "%" and re.search(r"每(?:降低|提高|增加|下降)$", before[-4:]):
        return None
    if unit and unit.endswith("元") and _AWARD_MONEY.search(text[start:end]):
        return None
    if unit in ("种", "类", "期", "条", "部", "本", "份", "对", "级", "位", "分") and not (
        bound or VERB.search(before[-8:])
    ):
        return None
    if unit == "分钟" and not (bound or VERB.search(before[-8:]) and after[:1] in ("", ",", ";", "。", "、", ")")):
        # 15分钟生活圈 is a name
        return None
    if unit and bound and after.startswith("的") and not VERB.search(before[-8:]) and unit != "%":
        return None
    if unit and re.match(r"^(?:工作日|百分点|月|年|小时)", after) and unit == "个":
        return None
    scale = match["scale"]
    number = float(match["num"])
    value: float | int = int(number) if number.is_integer() else number
    return Figure(match.start(), match.end(), value, f"{scale}{unit}" if unit else (scale or None), bound)


def _quoted(before: str, after: str) -> bool:
    """Inside quotation marks or the marks of a title."""
    return before.count("“") > before.count("”") or before.count("《") > before.count("》")


def comparator(before: str, figure: Figure) -> str:
    """What the words beside the figure ask for."""
    if (
        figure.bound in ("以下", "以内")
        or DOWN.search(before[-10:])
        and not re.search(r"不(?:低于|小于|少于|得低于|得少于)(?:约|近)?$", before[-10:])
    ):
        return "<="
    if figure.unit == "%":
        return "=" if figure.value == 100 else ">="
    return ">=" if figure.unit is None or figure.unit[-1] in "米里亩元吨顷分钟" else "count>="
