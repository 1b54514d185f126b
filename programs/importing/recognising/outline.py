"""Numbers at the beginning of lines and of sentences → the tree of sections and items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .. import numerals
from .finding import find_clauses

CN = "一二三四五六七八九十百零〇"
MARK = re.compile(
    rf"(?P<chapter>第 ?(?P<n0>[{CN}\d]{{1,5}}) ?(?:章|篇|编|部分)[、:]?)"
    rf"|(?P<part>第 ?(?P<n1>[{CN}\d]{{1,5}}) ?节)"
    rf"|(?P<article>第 ?(?P<n2>[{CN}\d]{{1,5}}) ?条)"
    rf"|(?P<cn>(?P<n3>[{CN}]{{1,4}}) ?[、.](?![{CN}]{{1,3}}(?:[、产线级类期次]|产业)))"
    rf"|(?P<pcn>\( ?(?P<n4>[{CN}]{{1,4}}) ?\)[、.]?|[{numerals.BRACKETED_WORDS}])"
    r"|(?P<dotted>(?P<n5>\d{1,2}(?:\.\d{1,2}){1,3})(?:[、.]|[ \t]) ?(?![\d%万亿倍个家项元]))"
    rf"|(?P<num>(?P<n6>\d{{1,3}}) ?[.、](?![\d.%])|[{numerals.DOTTED}])"
    rf"|(?P<pnum>\( ?(?P<n7>\d{{1,3}}) ?\)[、.]?|[{numerals.BRACKETED}])"
    r"|(?P<half>(?P<n8>\d{1,2})\)[、.]?)"
    rf"|(?P<circled>[{numerals.CIRCLED}] ?[、.]?)"
    r"|(?P<bullet>(?:——|--|[●◆■★▲○◎•])\s?(?=[^\s\-—]))"
    rf"|(?P<task>(?:重点|主要|工作)?任务 ?(?P<n9>[{CN}\d]{{1,3}}) ?[:、.])"
)
FORMS = (
    "chapter",
    "part",
    "article",
    "cn",
    "pcn",
    "task",
    "num",
    "dotted",
    "pnum",
    "half",
    "circled",
    "bullet",
)
RANK = {name: rank for rank, name in enumerate(FORMS)}
_N = dict(
    chapter="n0",
    part="n1",
    article="n2",
    cn="n3",
    pcn="n4",
    dotted="n5",
    num="n6",
    pnum="n7",
    half="n8",
    task="n9",
)
_SYMBOLS = {
    char: place + 1
    for row in (numerals.BRACKETED_WORDS, numerals.DOTTED, numerals.BRACKETED, numerals.CIRCLED)
    for place, char in enumerate(row)
}
# after these a number inside a line may open an item
_BEFORE_GLUED = "。;:!?)〕】”》 \t"
_LEADER = re.compile(r"[.…·]{3,}\s?\d{1,3}$")


@dataclass
class Mark:
    """A number: [start, end) with its marks, `form`, the number it says, and whether a line begins with it."""

    start: int
    end: int
    form: str
    order: int
    label: str
    line: bool


@dataclass
class Node:
    """A section or item. [start, end) holds all of it, [after, own_end) the text before its first child."""

    mark: Mark
    parent: "Node | None"
    start: int
    after: int
    end: int = 0
    own_end: int = 0
    children: list["Node"] = field(default_factory=list)
    title: tuple[int, int] = (0, 0)
    body: int = 0
    run_in: bool = False
    kind: str = "work"

    @property
    def rank(self) -> int:
        return RANK[self.mark.form]

    @property
    def path(self) -> str:
        own = self.mark.label
        return f"{self.parent.path}/{own}" if self.parent is not None else own

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


def build(text: str, start: int, end: int) -> list[Node]:
    """The roots of the tree in [start, end)."""
    roots: list[Node] = []
    stack: list[Node] = []
    for mark in _accepted(text, start, end):
        level = _level(mark)
        while stack and _level(stack[-1].mark) >= level:
            stack.pop()
        parent = stack[-1] if stack else None
        node = Node(mark, parent, mark.start, mark.end)
        siblings = parent.children if parent is not None else roots
        if mark.form == "bullet":  # bullets are counted, so that each has a path of its own
            mark.label += str(sum(other.mark.form == "bullet" for other in siblings) + 1)
        siblings.append(node)
        stack.append(node)
    _close(roots, end)
    return [root for root in roots if _without_bullets(text, root)]


def _without_bullets(text: str, node: Node) -> bool:
    """Takes bullets out of the tree that are no items: fewer than two of them say who answers."""
    bullets = [child for child in node.children if child.mark.form == "bullet"]
    named = sum(any(find_clauses(text, child.after, child.end)) for child in bullets)
    if bullets and named < 2:
        node.children = [child for child in node.children if child.mark.form != "bullet"]
        node.own_end = node.children[0].start if node.children else node.end
    for child in node.children:
        _without_bullets(text, child)
    return node.mark.form != "bullet"


def _level(mark: Mark) -> float:
    if mark.form == "dotted":
        return RANK["num"] + 0.1 * mark.label.count(".")
    return float(RANK[mark.form])


def _close(nodes: list[Node], end: int) -> None:
    for node, following in zip(nodes, [*nodes[1:], None], strict=False):
        node.end = following.start if following is not None else end
        node.own_end = node.children[0].start if node.children else node.end
        _close(node.children, node.end)


def _accepted(text: str, start: int, end: int) -> Iterator[Mark]:
    """Numbers at line starts, and inside lines those that go on with a series or open one that goes on."""
    marks = _candidates(text, start, end)
    last: dict[str, int] = {}
    for place, mark in enumerate(marks):
        if (
            mark.line
            or last.get(mark.form) == mark.order - 1
            or (mark.order == 1 and _goes_on(text, marks, place))
        ):
            if not mark.line and mark.order != 1 and _is_listing(text, mark, marks, place):
                continue
            for form in [form for form in last if RANK[form] > RANK[mark.form]]:
                del last[form]
            last[mark.form] = mark.order
            yield mark


def _goes_on(text: str, marks: list[Mark], place: int) -> bool:
    """Whether a glued first number is followed by the second before something higher comes, and closes sentences."""
    first = marks[place]
    if first.form in ("pnum", "half", "circled", "bullet"):
        return False
    if text[first.start - 1] not in "。!?)〕】":
        return False
    for other in marks[place + 1 :]:
        if other.form == first.form:
            return other.order == 2 and (other.line or text[other.start - 1] in "。!?)〕】")
        if RANK[other.form] < RANK[first.form]:
            return False
    return False


def _is_listing(text: str, mark: Mark, marks: list[Mark], place: int) -> bool:
    """(2) and ② inside a sentence are a listing, no items."""
    return text[mark.start - 1] not in "。!?)〕】” " and mark.form not in ("cn", "pcn")


def _candidates(text: str, start: int, end: int) -> list[Mark]:
    out: list[Mark] = []
    for match in MARK.finditer(text, start, end):
        at = match.start()
        line = _opens_line(text, at, start)
        form = match.lastgroup if match.lastgroup in RANK else next(name for name in FORMS if match[name])
        if not line and (form in ("article", "task", "bullet") or text[at - 1] not in _BEFORE_GLUED):
            continue
        if line and _LEADER.search(text[at : _line_end(text, at, end)]):
            continue
        mark = _mark(match, form, line)
        if mark is not None and _plausible(text, mark, end):
            out.append(mark)
    return out


def _mark(match: "re.Match[str]", form: str, line: bool) -> Mark | None:
    group = _N.get(form)
    said = match[group] if group else None
    if form == "bullet":
        return Mark(match.start(), match.end(), form, 0, match[form].strip(), line)
    if said is None:
        order = next((_SYMBOLS[char] for char in match[form] if char in _SYMBOLS), None)
        label = match[form].strip("、. ")
    elif form == "dotted":
        order, label = int(said.rsplit(".", 1)[1]), said
    else:
        order, label = numerals.number(said), said
    if order is None:
        return None
    if form in ("pcn", "pnum") and said is not None:
        label = f"({said})"
    elif form in ("chapter", "part", "article"):
        label = "".join(match[form].split()).rstrip("、:")
    elif form == "task":
        label = "".join(match[form].split()).rstrip(":、.")
    return Mark(match.start(), match.end(), form, order, label, line)


def _plausible(text: str, mark: Mark, end: int) -> bool:
    """Whether something follows that an item can begin with."""
    after = text[mark.end : mark.end + 2].lstrip(" ")
    if mark.end >= end or not after or after[0] in "、,。;)%":
        return False
    if mark.form == "num" and mark.order > 200:
        return False
    if mark.form == "article" and after[0] in "第款项规的之至、":
        return False
    if not mark.line and mark.form == "num" and text[mark.start - 1] in " \t:":
        return False
    return not (mark.form == "cn" and not mark.line and text[mark.start - 1] in " \t:")


def _opens_line(text: str, at: int, start: int) -> bool:
    i = at - 1
    while i >= start and text[i] in " \t#*·>":
        i -= 1
    return i < start or text[i] == "\n"


def _line_end(text: str, at: int, end: int) -> int:
    stop = text.find("\n", at, end)
    return end if stop < 0 else stop
