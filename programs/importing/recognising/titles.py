"""What an item is called, where its text begins, and what kind of section it stands in."""

import re

from .finding import brackets
from .outline import Node

LONGEST = 60
_AIM = re.compile(r"(?:以|按照|按|为|围绕|根据|依托|结合|针对|通过|对|在|从|坚持|聚焦|依据|紧扣|充分发挥)")
_WIDE_GAP = re.compile(r"[^\s。,;:]{4,40}?(?=\s{2,}\S|\t)")

GUIDING = re.compile(
    r"指导思想|总体思路|总体要求|基本原则|工作原则|主要原则|重要意义|重大意义|充分认识|统一思想|编制依据|面临形势|工作思路|基本思路|目的意义|"
    r"^(?:进一步)?提高(?:思想)?认识|^(?:发展基础|发展现状|发展环境|现状与形势|形势分析|工作背景|基本情况|总体考虑|总则|适用范围)$"
)
GOALS = re.compile(
    r"^目标|(?:总体|主要|工作|发展|具体|预期|奋斗|阶段|阶段性|年度|规划|行动|明确|基本|近期|远期|量化|创建|建设|质量|提升)目标|"
    r"目标$|目标[和与及]|[和与及]目标|主要指标|发展指标|愿景"
)
_NO_GOAL = re.compile(
    r"责任|考核|管理|督查|分解|绩效|任务书|^(?:完成|落实|细化|强化|加强|健全|实行|严格|建立)"
)
PHASES = re.compile(r"步骤|阶段(?!性)|时间安排|进度安排|实施进度|时间进度|日程安排|方法步骤|推进计划")
SAFEGUARDS = re.compile(
    r"保障措施|保障$|保障(?:体系|机制|条件)$|(?:组织|政策|工作|强化|支撑)保障|组织实施|组织领导|工作要求|组织机构|组织推进|组织与|监督考核|监督检查|督促检查|考核评估|"
    r"(?:有关|相关|几点|实施)要求|^附则$|领导机构|强化落实|推进机制"
)
AWARDING = re.compile(r"^(?:设立|设置|奖项设置|评选表彰|奖励办法|奖励标准)")
# how something is examined or chosen; what is to be done stands elsewhere
ASSESSING = re.compile(
    r"^(?:考核|评价|评估|评审|评选|申报|奖励|督查)(?:的)?(?:对象|范围|内容|程序|方式|方法|原则|标准|指标|时间|步骤|结果|办法|等级|依据|条件|组织|评分)|"
    r"^(?:考核|评价)?结果(?:运用|应用|使用)"
)
WORK = re.compile(r"任务|措施|重点工作|重点|内容|行动|工程|举措")


def entitle(text: str, node: Node) -> None:
    """Sets title, body and run_in of a node from its own text."""
    start, end = node.after, node.own_end
    while start < end and text[start].isspace():
        start += 1
    stop = text.find("\n", start, end)
    line_end = end if stop < 0 else stop
    while line_end > start and text[line_end - 1].isspace():
        line_end -= 1
    after = line_end
    while after < end and text[after].isspace():
        after += 1
    sentence = _sentence_end(text, start, line_end)
    rest = text[sentence + 1 : line_end].strip(" 。")
    if rest and not (rest[0] in "(〔【" and rest[-1] in ")〕】" and rest.count(rest[0]) == 1):
        node.run_in = True
        node.title = _run_in_title(text, start, sentence)
        node.body = start
        return
    gap = _WIDE_GAP.match(text, start, line_end)
    if gap:
        node.run_in, node.title, node.body = True, (start, gap.end()), start
        return
    whole_line = (start, sentence if sentence <= line_end else line_end)
    if whole_line[1] - whole_line[0] <= LONGEST or after < end or node.children:
        node.title = _without_brackets(
            text, *_first_part(text, *whole_line, keep=after < end or bool(node.children))
        )
    else:
        node.title = _first_clause(text, *whole_line)
    node.body = after if after < end else start


def _sentence_end(text: str, start: int, end: int) -> int:
    depth = 0
    for i in range(start, end):
        char = text[i]
        if char in "(〔【《":
            depth += 1
        elif char in ")〕】》":
            depth = max(0, depth - 1)
        elif depth == 0 and char in "。;:!?":
            return i
    return end


def _run_in_title(text: str, start: int, end: int) -> tuple[int, int]:
    a, b = _without_brackets(text, start, end)
    commas = text.count(",", a, b)
    if (commas == 0 and b - a <= LONGEST) or (commas <= 1 and b - a <= 22):
        return a, b
    return _first_clause(text, a, b)


def _first_part(text: str, start: int, end: int, *, keep: bool) -> tuple[int, int]:
    if keep or (text.count(",", start, end) <= 1 and end - start <= 22):
        return start, end
    return _first_clause(text, start, end)


def _first_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Up to the first comma; where the first part only says what for, up to the second."""
    cut = text.find(",", start, end)
    if cut > 0 and _AIM.match(text, start, cut) and cut - start <= 40:
        following = text.find(",", cut + 1, end)
        cut = following if following > 0 else end
    cut = end if cut < 0 else cut
    return start, min(cut, start + 80)


def _without_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a bracket at its end: dates of a step, units."""
    for a, b in brackets(text, start, end):
        if b >= end and a > start and b - a > 4:
            return start, a
    while end > start and text[end - 1] in "。;:, ":
        end -= 1
    return start, end


def classify(text: str, nodes: list[Node], kind: str = "work", depth: int = 1) -> None:
    """Sets the kind of every node: what its title says, otherwise what it stands in."""
    for node in nodes:
        node.kind = _kind(text[node.title[0] : node.title[1]], kind, depth, bool(node.children))
        classify(text, node.children, node.kind, depth + 1)


def _kind(title: str, above: str, depth: int, children: bool) -> str:
    if ASSESSING.search(title):
        return "assessing"
    if depth > 2 or (depth == 2 and above != "work"):
        return _within(title, above)
    if GUIDING.search(title) and not (depth == 1 and _is_goal(title) and children):
        return "guiding"
    if PHASES.search(title) and (depth == 1 or len(title) <= 8):
        return "phase"
    if _is_goal(title) and (depth == 1 or len(title) <= 14):
        return "work" if WORK.search(title) and children and depth == 1 else "goal"
    if children and AWARDING.match(title) and "奖" in title:
        return "award"
    if (
        depth == 1
        and SAFEGUARDS.search(title)
        and not (WORK.search(title) and "保障措施" not in title and children)
    ):
        return "safeguard"
    return above


def _is_goal(title: str) -> bool:
    return bool(GOALS.search(title)) and not _NO_GOAL.search(title)


def _within(title: str, above: str) -> str:
    if above in ("work", "guiding") and _is_goal(title) and len(title) <= 10:
        return "goal"
    return above
