"""Rules of assessment: who is examined, praised, criticised or held to account, and what follows."""

import re

from ..extraction import RuleFound
from .outline import Node
from .reading import Reading
from .sentences import clauses, own_sentences, trim

_KINDS = (
    ("accountability", re.compile(r"问责|追究|责任追究|追责|移送|终身负责|一票否决|倒查")),
    ("criticism", re.compile(r"通报批评|曝光|约谈|联合惩戒|黑名单|红黑榜|限期整改|失信惩戒|挂牌督办")),
    ("commendation", re.compile(r"表彰|表扬|通报表扬|嘉奖|记功|评优|奖励")),
    (
        "examination",
        re.compile(r"考核|考评|绩效评价|绩效评估|目标管理|督查督办|督促检查|专项督查|绩效管理|评价指标"),
    ),
)
_CONSEQUENCE = re.compile(
    r"表彰奖励|通报表扬|通报批评|一票否决|责任追究|追究(?:相关|有关)?责任|联合惩戒|限期整改|移送[一-龥]{2,8}|曝光|约谈|问责|表彰|奖励|重要依据|目标管理|绩效考核"
)
_SUBJECT = re.compile(
    r"(?:^|[,;。]|实施|开展|加强|强化)对(?P<who>[^,;。]{2,40}?)(?:的(?=[,考联督惩奖责])|进行|实施|开展(?!质量)|实行|予以|给予|严肃|依法|,|$)"
)
_BY = re.compile(r"由(?P<who>[^,;。]{2,24}?)(?:负责|组织|牵头|会同|定期|对)")
_OPEN = re.compile(r"^\s?(?:对|凡|因|未|发生)[^,;]*$")
_NO_RULE = re.compile(
    r"奖励制度|奖励机制|质量奖|考试|考核员|技术考核|计量考核|考核认证|卓越绩效|验收考核|考核要求"
)


def find_rules(reading: Reading, roots: list[Node]) -> tuple[RuleFound, ...]:
    text = reading.text
    out = []
    for node, start, end in own_sentences(reading, roots, frozenset(("guiding",))):
        apart = bool(node.children) or node.body >= node.title[1]
        if apart and not node.run_in and start < node.title[1]:  # a heading says no rule
            continue
        open_start: int | None = None
        for a, b in clauses(text, start, end):
            a, b = trim(text, a, b)
            kind = next((kind for kind, words in _KINDS if words.search(text, a, b)), None)
            opens = bool(_OPEN.match(text[a:b])) and text[b - 1] == "的"
            if kind is None or opens or _NO_RULE.search(text, a, b):
                open_start = (open_start if open_start is not None else a) if _OPEN.match(text[a:b]) else None
                continue
            begin = open_start if open_start is not None else a
            open_start = None
            said = text[begin:b]
            if text[begin] == "(" or b - begin > 160:
                continue
            subject, by, follows = _SUBJECT.search(said), _BY.search(said), _CONSEQUENCE.search(said)
            out.append(
                RuleFound(
                    rule="".join(said.split()),
                    kind=kind,
                    subject=subject["who"] if subject else None,
                    by=by["who"] if by else None,
                    consequence=follows.group() if follows else None,
                    path=node.path,
                    span=reading.span(begin, b),
                )
            )
    return tuple(out)
