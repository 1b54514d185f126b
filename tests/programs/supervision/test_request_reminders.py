"""Reminders of requests: to whoever has them, while the date still holds; of asked parts to the liaison alone."""

from datetime import date

from programs.domain.reminders import scan
from programs.domain.supervision import contributions, extensions
from programs.models import Extension, ReminderDelivery


def reminded(kind: str) -> set[str]:
    rows = ReminderDelivery.objects.filter(key__startswith=kind)
    return set(rows.values_list("recipient__username", flat=True))


def request_of(world, who="jia_liaison", unit="甲局", task=0, **more) -> Extension:
    return extensions.ask(
        task=world.tasks[task], department=world.units[unit], actor=world.actor(who), reason="流标", progress="已备案",
        wanted_on=date(2026, 12, 25), **more,
    )  # fmt: skip


def test_the_head_is_reminded_while_it_is_his_turn_then_the_office(world, clock):
    clock.move_to("2026-11-24T10:00:00+08:00")
    row = request_of(world)
    clock.move_to("2026-11-27T10:00:00+08:00")
    scan()
    assert reminded("extension-submitted") == {"jia_head"}
    extensions.sign(row, actor=world.actor("jia_head"))
    clock.move_to("2026-12-01T10:00:00+08:00")
    scan()
    assert reminded("extension-signed") == {"clerk", "director"}


def test_the_office_is_reminded_of_a_unit_without_a_head(world, clock):
    clock.move_to("2026-12-09T10:00:00+08:00")
    request_of(world, "bing_liaison", "丙局", 2)
    clock.move_to("2026-12-14T10:00:00+08:00")
    scan()
    assert reminded("extension-submitted") == {"clerk", "director"}


def test_an_asked_part_reminds_the_liaison_alone(world, clock):
    contributions.ask(task=world.tasks[0], window=world.window, actor=world.actor("jia_liaison"))
    for day in ("2026-04-01", "2026-04-03", "2026-04-10"):
        clock.move_to(f"{day}T10:00:00+08:00")
        scan()
    assert reminded("contribution") == {"yi_liaison"}
