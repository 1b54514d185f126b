"""Slips as tests need them: drawn up, issued, answered by domain functions."""

from datetime import date
from typing import Any

from programs.domain.supervision import slip_answers, slips
from programs.models import ItemPart, Responsibility, Slip, SlipAnswer, SupervisedItem

WORDS = {"text": "已召开专题会，材料正在汇总。", "measures": "分工到人，本周内完成。", "promised_on": None}


def part_subject(world: Any, unit: str = "甲局", task: int = 0) -> slips.Subject:
    part = Responsibility.objects.select_related("task__programme__jurisdiction", "department").get(
        task=world.tasks[task], department=world.units[unit]
    )
    return slips.Subject(department=part.department, part=part)


def window_subject(world: Any, unit: str = "甲局") -> slips.Subject:
    return slips.Subject(department=world.units[unit], window=world.window)


def drawn_up(world: Any, *, who: str = "clerk", subject: slips.Subject | None = None, **more: Any) -> Slip:
    values = {
        "kind": "urge", "colour": "blue", "level": "unit", "matter": "抓紧报送进展", "demands": "请按期回复。",
        "due_on": date(2026, 4, 10), **more,
    }  # fmt: skip
    return slips.compose(actor=world.actor(who), subject=subject or part_subject(world), **values)


def issued(world: Any, *, who: str = "clerk", **more: Any) -> Slip:
    return slips.issue(drawn_up(world, who=who, **more), actor=world.actor(who))


def answered(world: Any, slip: Slip, *, liaison: str = "jia_liaison", head: str = "jia_head") -> SlipAnswer:
    answer = slip_answers.submit(slip=slip, actor=world.actor(liaison), values=WORDS)
    return slip_answers.sign(answer, actor=world.actor(head))


def late_item(world: Any, *, unit: str = "甲局", due_on: date = date(2026, 3, 20), **more: Any) -> ItemPart:
    """An item handed out to one unit, as rows: its own flow is tried elsewhere."""
    item = SupervisedItem.objects.create(
        jurisdiction=world.city, kind="superior", number=more.pop("number", "督办〔2026〕1号"), title="整治计量作弊",
        given_on=date(2026, 3, 2), recorded_by=world.people["clerk"], recorded_at="2026-03-02T09:00:00+08:00",
        state="assigned", due_on=due_on, original_due=due_on, assigned_on=date(2026, 3, 2), **more,
    )  # fmt: skip
    return ItemPart.objects.create(
        item=item, department=world.units[unit], state="signed_for", assigned_on=date(2026, 3, 2)
    )
