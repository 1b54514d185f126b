"""督办事项, the units' parts of them and their reports: shadow tables from the design, and how to move."""

from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.domain.supervision import item_parts, item_reports, item_units, items
from programs.models import ItemPart, ItemReport
from qualitycity.access import ActorContext

from ..factories import World
from ..files import builders
from ..programs.supervision.stage import complete, file_report, hand_out, make_item, name_units
from .programme_walks import FILED, FILED_APART, no_head_passed_over, own_unit
from .walk import Walk, table


def prepare_items(world: World) -> None:
    """One item with two handling units and an assisting one is out, one has its units, one has none; on another 甲局 has
    reported, and one is completed."""
    hand_out(world, "甲局", "+丙局", "乙局")
    file_report(world, hand_out(world, "甲局", title="抽检不合格产品处置"), final=False)
    complete(world, hand_out(world, "甲局", title="整治计量作弊"))
    name_units(world, make_item(world, title="组织专项检查"), "甲局")
    make_item(world, title="研究投诉热点")


def add_unit(world: World, actor: ActorContext, chance: Random) -> Any:
    part = chance.choice(ItemPart.objects.select_related("item").order_by("pk"))
    unit = chance.choice(list(world.units.values()))
    return item_units.add_unit(part.item, unit=unit, role=chance.choice(["lead", "support"]), actor=actor)


ITEMS = Walk(
    items.ITEMS,
    table(
        """
        registered           | assign   | assigned   | director
        assigned             | complete | completed  | director
        completed            | reopen   | assigned   | director
        completed            | close    | closed     | director
        registered, assigned | suspend  | suspended  | director
        suspended            | resume   | assigned   | director
        suspended            | restore  | registered | director
        """
    ),
    {
        "assign": lambda row, actor, reason: items.assign(row, actor=actor),
        "complete": lambda row, actor, reason: items.complete(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: items.reopen(row, actor=actor, reason=reason),
        "close": lambda row, actor, reason: items.close(row, actor=actor, reason=reason),
        "suspend": lambda row, actor, reason: items.suspend(row, actor=actor, reason=reason),
        "resume": lambda row, actor, reason: items.resume(row, actor=actor, reason=reason),
    },
    # one button: what had not been handed out goes back to where it was
    {"restore": lambda world, actor, chance: items.resume(
        chance.choice(ItemPart.objects.select_related("item").order_by("pk")).item, actor=actor, reason="恢复"
    ), "add_unit": add_unit},
    prepare_items,
)  # fmt: skip

ITEM_PARTS = Walk(
    item_parts.ITEM_PARTS,
    table(
        """
        pending              | assign   | assigned   | director
        assigned             | sign_for | signed_for | unit
        assigned, signed_for | finish   | done       | office
        assigned, signed_for | waive    | waived     | director
        done, waived         | reopen   | signed_for | director
        """
    ),
    {
        "sign_for": lambda row, actor, reason: item_parts.sign_for([row], actor=actor),
        "finish": lambda row, actor, reason: item_parts.finish(row, actor=actor, reason=reason),
        "waive": lambda row, actor, reason: item_parts.waive(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: item_parts.reopen(row, actor=actor, reason=reason),
    },
    # parts go out with their item
    {"assign": lambda world, actor, chance: items.assign(
        chance.choice(ItemPart.objects.select_related("item").order_by("pk")).item, actor=actor
    )},
)  # fmt: skip


def type_report(world: World, actor: ActorContext, chance: Random) -> Any:
    """A report saved or handed in, mostly of one's own unit and complete."""
    parts, well = ItemPart.objects.order_by("pk"), chance.random() < 0.7
    part = chance.choice(parts.filter(department=own_unit(world, actor, chance)) or parts)
    values = {
        "progress": "已组织检查",
        "result": "整改完毕" if well else "",
        "problems": "",
        "final": chance.random() < 0.5,
    }
    draft = ItemReport.objects.filter(part=part, state__in=["draft", "returned"]).first()
    report = item_reports.save(
        part, actor=actor, values=values, row_version=draft.row_version if draft else None
    )
    return item_reports.submit(report, actor=actor) if chance.random() < 0.6 else report


def sign_on_paper(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = ItemReport.objects.filter(state="submitted").order_by("pk")
    scan = SimpleUploadedFile("扫描件.pdf", builders.pdf())
    return item_reports.sign_on_paper(chance.choice(rows), actor=actor, scan=scan) if rows else None


def _back(by: str) -> Any:
    return lambda row, actor, reason: item_reports.send_back(row, actor=actor, by=by, reason=reason)


ITEM_REPORTS = Walk(
    item_reports.ITEM_REPORTS,
    # reports follow one another: an accepted one is not corrected
    table(FILED),
    {
        "submit": lambda row, actor, reason: item_reports.submit(row, actor=actor),
        "withdraw": lambda row, actor, reason: item_reports.withdraw(row, actor=actor),
        "sign": lambda row, actor, reason: item_reports.sign(row, actor=actor),
        "countersign": lambda row, actor, reason: item_reports.countersign(row, actor=actor),
        "unsign": lambda row, actor, reason: item_reports.unsign(row, actor=actor),
        "return_by_head": _back("head"),
        "return_by_office": _back("office"),
        "accept": lambda row, actor, reason: item_reports.accept(row, actor=actor, remark=reason),
    },
    {"type_report": type_report, "sign_on_paper": sign_on_paper},
    apart=FILED_APART,
    closer=no_head_passed_over,
)
