"""Columns of a table of tasks (任务分解表), known by the words of their heads, in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ..cleaning import fold
from ..source import Source, Table
from . import words
from .clauses import Role

#: Rows within which the head stands; titles and remarks stand above it.
_WITHIN: Final = 8
_MARKS: Final = re.compile(r"\([^()]{0,40}\)|[\s*:、,/]")
_NUMBER: Final = re.compile(r"序号|编号|项次|序|号|no\.?", re.I)
_TITLE: Final = re.compile(
    r"(?:主要|重点|工作|具体|分解|目标|年度|整改|改革){0,3}(?:任务|事项|项目|举措)(?:名称|分解|清单|事项|要点)?|工作要点"
)
_CONTENT: Final = re.compile(
    r"(?:主要|重点|具体|工作|任务|目标|分解){0,3}(?:内容|措施|要求|任务|目标)(?:及(?:要求|目标|措施))?|进度要求"
)
_SECTION: Final = re.compile(r"(?:任务|工作)?(?:类别|分类|类型|领域|板块|方面|专项|大项)|一级任务")
_DOING: Final = r"(?:牵头|主办|主责|配合|协办|参与|协助|责任|负责|承办|落实|实施|完成|主管|及|和){1,5}"
_UNITS: Final = re.compile(rf"{_DOING}(?:单位|部门|主体|机构)")
_UNITS_BELOW: Final = re.compile(rf"{_DOING}(?:单位|部门|主体|机构)?")
_DUE: Final = re.compile(
    r"(?:完成|办理|工作|计划|实施|推进|进度){0,3}(?:时限|期限|时间|日期|节点)(?:要求|节点|安排|表)?|截止(?:时间|日期)|"
    r"起止时间|进度安排"
)


@dataclass
class Columns:
    """Index of the column by what stands in it; several columns may name units."""

    number: int | None = None
    title: int | None = None
    content: int | None = None
    section: int | None = None
    due: int | None = None
    units: list[tuple[int, Role]] = field(default_factory=list)

    @property
    def is_of_tasks(self) -> bool:
        return (self.title is not None or self.content is not None) and bool(self.units)


def find_head(source: Source, table: Table) -> tuple[Columns, int] | None:
    """The columns and the number of the first row below the head; None for a table of something else."""
    for at, row in enumerate(table.rows[:_WITHIN]):
        upper = [source.quote(cell) for cell in row]
        one = _columns(upper, [""] * len(row))
        if at + 1 < len(table.rows) and set(row) & set(table.rows[at + 1]):
            # cells that reach down into the next row: the head has two rows
            below = table.rows[at + 1]
            lower = [
                "" if cell == above else source.quote(cell) for above, cell in zip(row, below, strict=True)
            ]
            two = _columns(upper, lower)
            if two.is_of_tasks and len(two.units) > len(one.units):
                return two, at + 2
        if one.is_of_tasks:
            return one, at + 1
    return None


def is_head(heads: Sequence[str]) -> bool:
    """Whether these are the heads of a table of tasks."""
    return _columns(list(heads), [""] * len(heads)).is_of_tasks


def unit_columns(heads: Sequence[str]) -> list[int]:
    return [at for at, _role in _columns(list(heads), [""] * len(heads)).units]


def is_wide_head(head: str) -> bool:
    """Whether the column holds what is to be done, in as many lines as that takes."""
    return _TITLE.fullmatch(_bare(head)) is not None or _CONTENT.fullmatch(_bare(head)) is not None


def _columns(upper: Sequence[str], lower: Sequence[str]) -> Columns:
    found = Columns()
    seen: set[tuple[str, str]] = set()
    for at, said in enumerate(zip(upper, lower, strict=True)):
        # one head over several columns is the head of the first of them
        if said in seen:
            continue
        seen.add(said)
        above, below = map(_bare, said)
        head = below or above
        if (role := _role(head, above)) is not None:
            found.units.append((at, role))
        elif _NUMBER.fullmatch(head):
            found.number = _first(found.number, at)
        elif _DUE.fullmatch(head):
            found.due = _first(found.due, at)
        elif _SECTION.fullmatch(head):
            found.section = _first(found.section, at)
        elif _TITLE.fullmatch(head) and found.title is None:
            found.title = at
        elif _CONTENT.fullmatch(head):
            found.content = _first(found.content, at)
    return found


def _first(known: int | None, at: int) -> int:
    return at if known is None else known


def _bare(head: str) -> str:
    return _MARKS.sub("", fold(head))


def _role(head: str, above: str) -> Role | None:
    """What the units of a column do; None for other columns. 牵头 alone is enough below a head that says units."""
    below_units = head != above and _UNITS.fullmatch(above) is not None
    if not (_UNITS_BELOW if below_units else _UNITS).fullmatch(head):
        return None
    if any(word in head for word in words.LEAD_WORDS) and "配合" not in head:
        return "lead"
    return (
        "support"
        if any(word in head for word in words.SUPPORT_WORDS) and "责任" not in head
        else "responsible"
    )
