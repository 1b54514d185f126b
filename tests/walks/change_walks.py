"""延期申请 and 调整单: shadow tables from the design, and how to move."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from programs.choices import AdjustmentKind, ResponsibilityRole
from programs.domain import breakdown
from programs.domain.supervision import adjustments, extensions
from programs.domain.supervision.adjusters import targets_of
from programs.models import ItemPart, Milestone, SupervisedItem, Task
from qualitycity.access import ActorContext

from ..factories import World
from ..programs.supervision.stage import part_of
from .programme_walks import no_head_passed_over
from .walk import Walk, table

TEXTS = {"reason": "设备招标流标", "progress": "完成方案编制"}
BASIS = {"basis": "市政府专题会议纪要", "approver": "副市长 王某", "approved_on": date(2026, 3, 20)}


def prepare_extensions(world: World) -> None:
    """Requests about a task of a unit without head, about a milestone and about an item."""
    first, _joint, sole = world.tasks
    stone = breakdown.add_milestone(
        programme=world.programme,
        task=first,
        actor=world.actor("director"),
        title="完成招标",
        due_on=date(2026, 6, 30),
    )
    extensions.ask(
        task=first, milestone=stone, department=world.units["甲局"], actor=world.actor("jia_liaison"),
        wanted_on=date(2026, 7, 31), **TEXTS,
    )  # fmt: skip
    extensions.ask(
        task=sole,
        department=world.units["丙局"],
        actor=world.actor("bing_liaison"),
        wanted_on=date(2026, 12, 25),
        **TEXTS,
    )
    item = SupervisedItem.objects.filter(state="assigned").order_by("pk").first()
    assert item is not None
    extensions.ask_for_item(
        part=part_of(world, item), actor=world.actor("jia_liaison"), wanted_on=date(2026, 6, 30), **TEXTS
    )


def _later(due_on: date | None, chance: Random) -> date:
    return (due_on or timezone.localdate()) + timedelta(days=chance.randint(-1, 20))


def ask_for_task(world: World, actor: ActorContext, chance: Random) -> Any:
    task = chance.choice(Task.objects.order_by("pk"))
    stones = list(Milestone.objects.filter(task=task).order_by("pk"))
    stone = chance.choice(stones) if stones and chance.random() < 0.5 else None
    return extensions.ask(
        task=task, milestone=stone, department=world.units[chance.choice(("甲局", "甲局", "乙局", "丙局"))], actor=actor,
        wanted_on=_later((stone or task).due_on, chance), **TEXTS,
    )  # fmt: skip


def ask_for_item(world: World, actor: ActorContext, chance: Random) -> Any:
    part = chance.choice(ItemPart.objects.order_by("pk").select_related("item"))
    return extensions.ask_for_item(
        part=part, actor=actor, wanted_on=_later(part.item.due_on, chance), **TEXTS
    )


EXTENSIONS = Walk(
    extensions.EXTENSIONS,
    table(
        """
        draft                    | submit         | submitted | liaison or office
        draft, submitted, signed | withdraw       | withdrawn | liaison or office
        submitted                | sign           | signed    | head
        submitted                | countersign    | signed    | office
        submitted                | return_by_head | draft     | head
        signed                   | grant          | granted   | director
        signed                   | refuse         | refused   | director
        """
    ),
    {
        "submit": lambda row, actor, reason: extensions.submit_again(
            row, actor=actor, wanted_on=row.wanted_on, row_version=row.row_version, **TEXTS | {"reason": reason}
        ),
        "withdraw": lambda row, actor, reason: extensions.withdraw(row, actor=actor),
        "sign": lambda row, actor, reason: extensions.sign(row, actor=actor),
        "countersign": lambda row, actor, reason: extensions.countersign(row, actor=actor),
        "return_by_head": lambda row, actor, reason: extensions.return_by_head(row, actor=actor, reason=reason),
        # the office states the new date, which may differ from the wanted one
        "grant": lambda row, actor, reason: extensions.grant(
            row, actor=actor, granted_on=row.wanted_on - timedelta(days=len(reason) % 2), answer=reason
        ),
        "refuse": lambda row, actor, reason: extensions.refuse(row, actor=actor, reason=reason),
    },
    {"ask_for_task": ask_for_task, "ask_for_item": ask_for_item},
    prepare_extensions,
    apart={
        "sign": ("filed_by_id",), "countersign": ("filed_by_id",), "grant": ("filed_by_id", "signed_by_id"),
        "refuse": ("filed_by_id", "signed_by_id"),
    },
    closer=no_head_passed_over,
)  # fmt: skip


def draft_adjustment(world: World, actor: ActorContext, chance: Random) -> Any:
    """Any kind of change of any task: a unit comes, goes or changes its role, another wording, another target."""
    task = chance.choice(Task.objects.order_by("pk"))
    parts, targets = list(task.parts.order_by("pk")), targets_of(task)
    return adjustments.draft(
        task=task,
        kind=chance.choice(AdjustmentKind.values),
        actor=actor,
        part=chance.choice(parts) if parts else None,
        department=world.units[chance.choice(sorted(world.units))],
        role=chance.choice(ResponsibilityRole.values),
        title=chance.choice([task.title, "调整后的任务"]),
        requirement="年底前完成",
        target=targets[0].key if targets else "",
        value=chance.choice([None, Decimal(25)]),
        value_text=chance.choice(["", "较上年提高"]),
        **BASIS,
    )


def prepare_adjustments(world: World) -> None:
    for who, title in (("clerk", "任务一（调整）"), ("director", "任务一（再调整）")):
        adjustments.draft(task=world.tasks[0], kind="wording", actor=world.actor(who), title=title, **BASIS)


ADJUSTMENTS = Walk(
    adjustments.ADJUSTMENTS,
    table(
        """
        draft | carry_out | carried_out | director
        draft | drop      | dropped     | office
        """
    ),
    {
        "carry_out": lambda row, actor, reason: adjustments.carry_out(row, actor=actor),
        "drop": lambda row, actor, reason: adjustments.drop(row, actor=actor, reason=reason),
    },
    {"draft_adjustment": draft_adjustment},
    prepare_adjustments,
    apart={"carry_out": ("drafted_by_id",)},
)
