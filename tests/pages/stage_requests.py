"""延期 on the stage: a request that waits for 甲局's head, one that waits for the office, one in the other city."""

from datetime import date
from typing import Any

from programs.domain import breakdown
from programs.domain.supervision import adjustments, contributions, extensions
from programs.models import Task

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
    stage.put(support=support, contribution=handed_in)
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
        milestone=milestone, far_milestone=far_milestone,
    )  # fmt: skip
