"""任务 in a unit's 填报表: the columns of the page, side by side."""

from collections.abc import Collection

from programs.workbook.cells import Percent, Words, YesNo
from programs.workbook.sheets import Asked, Shown, WorkbookSheet

from .entries import LONGEST
from .sources import FIELDS, Line

_WORDS = Words(LONGEST)
_REASON = Words(200)


def asked_of(line: Line) -> Collection[str]:
    return (*FIELDS[line.nature], "unchanged")


TASK_SHEET = WorkbookSheet(
    source="task",
    title="任务",
    shown=(
        Shown("序号", 7, lambda line: line.number),
        Shown("工作任务", 20, lambda line: line.title),
        Shown("工作要求", 26, lambda line: line.requirement),
        Shown("完成时限", 11, lambda line: line.due_on),
        Shown("状态", 8, lambda line: line.row.get_state_display() if line.row.pk else "待填报"),
    ),
    asked=(
        Asked("unchanged", "无变化", YesNo(), 8, hint="（是）", also=("本期无变化",)),
        Asked("percent", "完成百分比", Percent(), 9, hint="（0-100）", also=("完成进度", "进度")),
        Asked("percent_reason", "百分比下降原因", _REASON, 14, also=("进度低于上期的原因",)),
        Asked("progress", "本期进展", _WORDS, 34, also=("进展", "本期进展情况")),
        Asked("result", "工作成效", _WORDS, 20, also=("成效",)),
        Asked("problems", "存在问题", _WORDS, 20, also=("问题",)),
        Asked("next_steps", "下步计划", _WORDS, 20, also=("下一步计划",)),
        Asked("coordination", "需协调事项", _WORDS, 20, also=("需要协调事项",)),
    ),
    asks=asked_of,
)
