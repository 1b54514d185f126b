"""延期 on the stage: a request that waits for 甲局's head, one that waits for the office, one in the other city."""

from datetime import date
from typing import Any

from programs.choices import ItemKind, ItemRole
from programs.domain import breakdown
from programs.domain.supervision import adjustments, contributions, extensions, items, registering
from programs.models import ItemPart, Task

TEXTS = {"reason": "设备招标流标", "progress": "完成方案编制"}


def put_requests(stage: Any) -> None:
    world = stage.world
    director, liaison = world.actor("director"), world.actor("jia_liaison")
    first = world.tasks[0]
    blank = Task.objects.get(programme=world.programme, sort=5)
    milestone = breakdown.add_milestone(
        programme=world.programme, task=first, actor=director, title="完成招标", due_on=date(2026, 6, 30)
    )
    asked = extensions.ask(
        task=first, department=world.units["甲局"], actor=liaison, wanted_on=date(2026, 12, 10), **TEXTS
    )
    signed = extensions.ask(
        task=blank, department=world.units["甲局"], actor=liaison, wanted_on=date(2026, 12, 10), **TEXTS
    )
    signed = extensions.sign(signed, actor=world.actor("jia_head"))
    far_task = Task.objects.get(pk=stage.names["far_task"])
    item_asked, item_signed = _about_items(stage)
    far = extensions.ask(
        task=far_task, department=world.units["外局"], actor=world.actor("far_liaison"), wanted_on=date(2026, 12, 10),
        **TEXTS,
    )  # fmt: skip
    far_milestone = breakdown.add_milestone(
        programme=far_task.programme, task=far_task, actor=world.actor("far_office_admin"), title="外市节点",
        due_on=date(2026, 6, 30),
    )  # fmt: skip
    support = first.parts.get(role="support")
    handed_in = contributions.hand_in(
        part=support, window=world.window, actor=world.actor("yi_liaison"), text="完成抽检120批次"
    )
    yi = world.units["乙局"]
    assisting = ItemPart.objects.get(item=stage.names["item"], department=yi)
    told_part = ItemPart.objects.get(item=item_asked.item_part.item_id, department=yi)
    told = contributions.hand_in_about_item(part=told_part, actor=world.actor("yi_liaison"), text="完成检查40家")
    stage.put(
        support=support, contribution=handed_in, assisting=assisting, told_part=told_part, told=told,
        told_lead=item_asked.item_part,
    )
    basis = {"basis": "市政府专题会议纪要", "approver": "副市长 王某", "approved_on": date(2026, 3, 20)}
    wording = {"kind": "wording", "title": "调整后的任务", **basis}
    clerk = world.actor("clerk")
    carried_out = adjustments.carry_out(adjustments.draft(task=blank, actor=clerk, **wording), actor=director)
    stage.put(
        adjustment=adjustments.draft(task=first, actor=clerk, **wording),
        done_adjustment=carried_out,
        far_adjustment=adjustments.draft(task=far_task, actor=world.actor("far_office_admin"), **wording),
    )
    stage.put(
        extension=asked, signed_extension=signed, signed_extension_version=signed.row_version, far_extension=far,
        milestone=milestone, far_milestone=far_milestone, item_extension=item_asked, item_signed_extension=item_signed,
        item_signed_extension_version=item_signed.row_version,
    )  # fmt: skip


def _about_items(stage: Any) -> tuple[Any, Any]:
    """Requests about two supervised items of 甲局 (乙局 assists): with its head, and with the office."""
    world, found = stage.world, []
    units = [(world.units["甲局"], ItemRole.LEAD), (world.units["乙局"], ItemRole.SUPPORT)]
    for title in ("延期待审签的事项", "延期待定的事项"):
        item = registering.register(
            actor=world.actor("clerk"), jurisdiction=world.city, kind=ItemKind.SUPERIOR, title=title,
            given_on=date(2026, 3, 20), due_on=date(2026, 6, 30),
        )  # fmt: skip
        items.assign_with_units(item, units=units, actor=world.actor("director"))
        part = item.parts.get(department=world.units["甲局"])
        found.append(
            extensions.ask_for_item(part=part, actor=world.actor("jia_liaison"), wanted_on=date(2026, 7, 20), **TEXTS)
        )
    return found[0], extensions.sign(found[1], actor=world.actor("jia_head"))
