"""Who is reminded of a supervised item, and what a restricted one does not say."""

from datetime import date

import pytest

from programs.domain.reminders.addressing import people_on
from programs.domain.reminders.matters import Ground
from programs.domain.supervision import item_people, item_reminders, item_reports, items
from programs.models import ItemPart

from .stage import file_report, hand_out, make_case, name_units, part_of

DAY = date(2026, 3, 26)


def matters(world, source):
    return list(source(Ground(DAY, {}, frozenset({world.city.pk}))))


def told(world, matter, rung: int) -> set[str]:
    (people,) = people_on([DAY])
    names = {user.pk: name for name, user in world.people.items()}
    return {names[pk] for pk in people.concerned(matter, rung)}


def test_a_part_not_signed_for_and_its_due_date(world):
    item = hand_out(world, "甲局", "乙局")
    waiting = matters(world, item_reminders.not_signed_for)
    assert [row.subject for row in waiting] == ["督办事项“落实省级督查反馈问题整改”待签收"] * 2
    (due,) = matters(world, item_reminders.due_dates)
    assert (due.due_on, due.url) == (item.due_on, f"/items/{item.pk}/")
    assert told(world, due, -3) == {"jia_liaison"}
    assert told(world, due, 1) == {"jia_liaison", "jia_head"}
    assert {"clerk", "director"} < told(world, due, 14) and "leader" not in told(world, due, 30)


def test_quiet_while_the_office_has_the_final_report_and_the_heads_turn_before(world):
    report = file_report(world, hand_out(world))
    (due,) = matters(world, item_reminders.due_dates)
    assert told(world, due, -3) == {"jia_head"}
    item_reports.sign(report, actor=world.actor("jia_head"))
    assert matters(world, item_reminders.due_dates) == []
    assert matters(world, item_reminders.not_signed_for) == []


def test_nothing_is_said_of_items_that_are_not_out_or_of_other_places(world):
    item = hand_out(world)
    assert list(item_reminders.due_dates(Ground(DAY, {}, frozenset({world.district.pk})))) == []
    items.suspend(item, actor=world.actor("director"), reason="等待意见")
    assert matters(world, item_reminders.due_dates) == [] == matters(world, item_reminders.not_signed_for)


@pytest.mark.parametrize("rung", [-3, 1, 14, 30])
def test_of_a_case_only_named_persons_of_the_unit_hear_and_no_title(world, rung):
    case = make_case(world, "jia_liaison")
    name_units(world, case, "甲局", who="director")
    items.assign(case, actor=world.actor("director"))
    for source in (item_reminders.due_dates, item_reminders.not_signed_for):
        (matter,) = matters(world, source)
        assert "制售" not in matter.subject and case.number in matter.subject
        assert told(world, matter, rung) == {"jia_liaison"}
    item_people.name_people(case, people=[], actor=world.actor("director"))
    assert matters(world, item_reminders.due_dates) == []
    assert ItemPart.objects.get() == part_of(world, case)
