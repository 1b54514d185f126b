"""What the address book needs of 文件导入: one import under review, one that cannot be read, one that is set up."""

from typing import Any

from programs.domain.importing import applying, drafts, editing
from tests.programs.importing.stage import TEXT, by_title, taken_in


def set_imports(stage: Any) -> None:
    world = stage.world
    clerk = world.actor("clerk")
    failed = drafts.fail(
        drafts.open_draft(actor=clerk, jurisdiction=world.city, pasted="扫描件"), sentence="文件里没有文字。"
    )
    done = taken_in(world)
    unit = {"department": world.units["丙局"].pk, "label": "市丙局", "how": "chosen"}
    editing.settle_units(
        done,
        actor=clerk,
        choices={"市丙办": unit, "市工艺美术协会": {**unit, "department": world.units["乙局"].pk}},
    )
    rows = list(done.proposals.values_list("pk", flat=True))
    editing.settle(done, actor=clerk, proposals=rows, state="accepted")
    applying.apply(done, actor=clerk)
    review = taken_in(world, TEXT + "抄送：市委办公室\n")
    again = by_title(review, "加强宣传")
    editing.settle(review, actor=clerk, proposals=[again.pk], state="open")
    stage.put(**{"import": review, "import_failed": failed, "import_done": done, "proposal": again})
