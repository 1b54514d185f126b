"""Steps with their months: (三)巩固提高(2014年7月至12月)。"""

import re

from .. import dates
from ..extraction import PhaseFound
from .finding import brackets
from .outline import Node
from .reading import Reading

_STAGE = re.compile(r"(?:第[一二三四五六]阶段|[一-龥]{2,12}阶段)")
_LINE = re.compile(r"^[ \t]{0,40}(?:第[一二三四五六]阶段|[一-龥]{2,12}阶段)", re.MULTILINE)


def find_phases(reading: Reading, roots: list[Node]) -> tuple[PhaseFound, ...]:
    out: list[PhaseFound] = []
    for node in (node for root in roots for node in root.walk()):
        if node.kind != "phase":
            continue
        if node.children:
            continue
        phase = _phase(reading, node)
        if phase is not None:
            out.append(phase)
        else:
            out += _unnumbered(reading, node)
    return tuple(out)


def _phase(reading: Reading, node: Node) -> PhaseFound | None:
    text = reading.text
    stop = text.find("\n", node.after, node.end)
    line_end = node.end if stop < 0 else stop
    months = None
    for a, b in brackets(text, node.after, line_end):
        months = dates.month_range(text, a, b, reading.year)
        if months is not None:
            break
    if months is None:
        months = dates.month_range(text, node.after, min(node.end, node.after + 120), reading.year)
    if months is None or node.parent is None:
        return None
    return PhaseFound(
        number=reading.quote(reading.span(node.mark.start, node.mark.end)),
        name=_name(text[node.title[0] : node.title[1]]),
        start=months.first,
        end=months.last,
        path=node.path,
        span=reading.span(node.start, node.end),
    )


def _name(title: str) -> str:
    title = re.sub(r"\([^()]{0,30}\)", "", title)
    return "".join(title.split()).rstrip(":,。;")


def _unnumbered(reading: Reading, node: Node) -> list[PhaseFound]:
    """第一阶段:… as paragraphs without numbers."""
    text = reading.text
    marks = [match for match in _LINE.finditer(text, node.after, node.end)]
    out = []
    for match, following in zip(marks, [*(mark.start() for mark in marks[1:]), node.end], strict=False):
        begin = match.end() - len(match.group().lstrip())
        months = dates.month_range(text, begin, min(following, begin + 160), reading.year)
        if months is None:
            continue
        head = _STAGE.match(text, begin)
        out.append(
            PhaseFound(
                number=head.group() if head else "",
                name=_name(text[begin : min(months.start, following)].split(":")[-1].strip("( "))
                or match.group().strip(),
                start=months.first,
                end=months.last,
                path=node.path,
                span=reading.span(begin, following),
            )
        )
    return out
