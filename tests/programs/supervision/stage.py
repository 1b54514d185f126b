"""Supervised items for tests, made by domain functions in the world of `tests/factories.py`."""

from datetime import date
from typing import Any

from programs.choices import ItemKind, ItemRole
from programs.domain.supervision import item_reports, item_units, items, registering
from programs.models import ItemPart, ItemReport, SupervisedItem

from ...factories import World

#: Thursday; the clock of the tests stands at Thursday, 26 March 2026.
GIVEN = date(2026, 3, 19)
TYPED = {"progress": "已组织专项检查", "result": "问题全部整改", "problems": "", "final": True}


def make_item(world: World, who: str = "clerk", **more: Any) -> SupervisedItem:
    """A registered item 上级交办 of the city, due on 30 April."""
    values: dict[str, Any] = {
        "jurisdiction": world.city,
        "kind": ItemKind.SUPERIOR,
        "title": "落实省级督查反馈问题整改",
        "given_on": GIVEN,
        "due_on": date(2026, 4, 30),
        **more,
    }
    return registering.register(actor=world.actor(who), **values)


def name_units(world: World, item: SupervisedItem, *units: str, who: str = "clerk") -> None:
    """The first named unit handles, the others assist; "+乙局" handles as well."""
    listed = [
        (world.units[name.removeprefix("+")], ItemRole.LEAD if n == 0 or name.startswith("+") else ItemRole.SUPPORT)
        for n, name in enumerate(units)
    ]
    item_units.name_units(item, units=listed, actor=world.actor(who))


def hand_out(world: World, *units: str, **more: Any) -> SupervisedItem:
    """An item that is out with the units (甲局 handling by default)."""
    item = make_item(world, **more)
    name_units(world, item, *(units or ("甲局",)))
    return items.assign(item, actor=world.actor("director"))


def make_case(world: World, *named: str, who: str = "director", **more: Any) -> SupervisedItem:
    """A listed case, seen by whoever registers it and the named people."""
    values: dict[str, Any] = {
        "kind": ItemKind.CASE,
        "title": "某企业涉嫌制售假冒伪劣商品案",
        "case": registering.Case("国质检执〔2026〕7号", "省局执法处"),
        "named": [world.people[name].pk for name in named],
        **more,
    }
    return make_item(world, who, **values)


def part_of(world: World, item: SupervisedItem, unit: str = "甲局") -> ItemPart:
    return ItemPart.objects.select_related("item__jurisdiction", "department").get(
        item=item, department=world.units[unit]
    )


def file_report(
    world: World, item: SupervisedItem, unit: str = "甲局", who: str = "jia_liaison", **more: Any
) -> ItemReport:
    """A report typed and submitted."""
    report = item_reports.save(part_of(world, item, unit), actor=world.actor(who), values={**TYPED, **more})
    return item_reports.submit(report, actor=world.actor(who))


def report_through(world: World, item: SupervisedItem, **more: Any) -> ItemReport:
    """甲局 reports, its head signs, the office accepts."""
    report = file_report(world, item, **more)
    item_reports.sign(report, actor=world.actor("jia_head"))
    return item_reports.accept(report, actor=world.actor("clerk"))


def complete(world: World, item: SupervisedItem) -> SupervisedItem:
    report_through(world, item)
    return items.complete(item, actor=world.actor("director"))


