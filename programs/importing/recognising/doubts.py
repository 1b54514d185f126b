"""What a person should look at: in sentences of the people who will read them."""

from .. import dates
from ..extraction import Doubt, IndicatorFound, TaskFound
from .frame import Frame
from .reading import Reading


def find_doubts(
    reading: Reading, frame: Frame, tasks: tuple[TaskFound, ...], indicators: tuple[IndicatorFound, ...]
) -> tuple[Doubt, ...]:
    out: list[Doubt] = []
    if frame.title is None:
        out.append(Doubt("没有找到标题，请填写", None, None))
    for match in dates.DAY.finditer(reading.text, *frame.body):
        if dates.is_run(match):
            when = dates.day(match)
            read = f"按{when.year}年{when.month}月{when.day}日读" if when else "读不出日期"
            out.append(Doubt(f"日期漏印了“月”“日”，{read}", None, reading.span(match.start(), match.end())))
    for task in tasks:
        if task.kind == "work" and task.role_mode == "unspecified":
            out.append(Doubt("没有写明责任单位", task.path, task.quote))
    out += [Doubt(row.doubtful, row.path, row.span) for row in indicators if row.doubtful]
    return tuple(out)
