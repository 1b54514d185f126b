"""Rows of 督办事项 for the address book."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.choices import ItemKind, ItemRole
from programs.domain import remarks
from programs.domain.supervision import item_reports, items, registering
from programs.models import ItemPart

from ..files import builders

TYPED = {"progress": "已组织检查", "result": "已整改", "problems": "", "final": True}


def supervised(stage: Any) -> None:
    """One item out with 甲局 (乙局 assists), one registered, one completed instruction, a case for the director and 甲局's
    liaison, a report with 甲局's head and one with the office, an item of another city, and a remark."""
    world = stage.world
    clerk, director, liaison = (world.actor(name) for name in ("clerk", "director", "jia_liaison"))
    jia, yi = world.units["甲局"], world.units["乙局"]

    def new(title: str, actor: Any = clerk, **more: Any) -> Any:
        values = {
            "jurisdiction": world.city, "kind": ItemKind.SUPERIOR, "given_on": date(2026, 3, 20),
            "due_on": date(2026, 6, 30), **more,
        }  # fmt: skip
        return registering.register(actor=actor, title=title, **values)

    def out(title: str, *units: Any, **more: Any) -> Any:
        named = [(unit, ItemRole.SUPPORT if n else ItemRole.LEAD) for n, unit in enumerate(units)]
        return items.assign_with_units(new(title, **more), units=named, actor=director)

    def filed(item: Any, *uploads: Any) -> Any:
        part = ItemPart.objects.get(item=item, department=jia)
        return item_reports.submit(
            item_reports.save(part, actor=liaison, values=TYPED, uploads=uploads), actor=liaison
        )

    item = out("落实督查整改", jia, yi)
    registering.attach(item, actor=clerk, uploads=[SimpleUploadedFile("通知.pdf", builders.pdf())])
    with_head = filed(out("专项检查", jia), SimpleUploadedFile("证明.pdf", builders.pdf()))
    with_office = filed(out("约谈企业", jia))
    item_reports.sign(with_office, actor=world.actor("jia_head"))
    word = out("请抓紧整改", jia, kind=ItemKind.INSTRUCTION, leader=world.people["leader"])
    done = filed(word)
    item_reports.sign(done, actor=world.actor("jia_head"))
    item_reports.accept(done, actor=clerk)
    items.complete(word, actor=director)
    case = new(
        "某企业制假案", director, kind=ItemKind.CASE, case=registering.Case("国质检执〔2026〕7号"),
        named=[world.people["jia_liaison"].pk],
    )  # fmt: skip
    far = new("外市事项", world.actor("far_office_admin"), jurisdiction=world.units["外局"].jurisdiction)
    said = remarks.remark(programme=world.programme, task=world.tasks[0], actor=world.actor("leader"), text="请报方案")
    stage.put(
        item=item, item_part=item.parts.get(department=jia), new_item=new("尚未交办的事项"), word_item=word, case=case,
        far_item=far, filed_report=with_head, signed_report=with_office, remark_said=said,
        item_page=item.files.get().file.public_id, item_proof=with_head.files.get().file.public_id,
    )  # fmt: skip
