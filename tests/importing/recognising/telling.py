"""Small texts of a fictional city, and what was found in them in a form that a hand can write down."""

from programs.importing.extraction import Extraction, TaskFound
from programs.importing.recognising import recognise
from programs.importing.source import Source

TITLE = "示例市质量提升行动实施方案"
OPENING = f"{TITLE}\n为推进质量强市建设,制定本方案。\n一、重点任务\n"


def source_of(text: str) -> Source:
    return Source(text, "txt")


def found_in(text: str) -> Extraction:
    return recognise(source_of(text))


def tasks_of(text: str, *, title: str = TITLE) -> list[TaskFound]:
    """The tasks of numbered text below 一、重点任务."""
    return list(found_in(OPENING.replace(TITLE, title) + text).tasks)


def told(task: TaskFound) -> str:
    """牵头 | 配合 | 负责, each as names joined by 、; a group with * behind it; 等 where the list is open."""
    rows = (task.lead_units, task.support_units, task.responsible_units)
    said = ["、".join(unit.name + "*" * (unit.kind == "group") for unit in row) for row in rows]
    return " | ".join(said) + (" 等" if task.open_ended else "")


def of_clause(clause: str, *, title: str = TITLE) -> tuple[str, str]:
    """(units, mode) of one item that ends with `clause`."""
    (task,) = tasks_of(f"(一)开展质量比对。组织骨干企业开展产品质量比对。{clause}\n", title=title)
    return told(task), task.role_mode
