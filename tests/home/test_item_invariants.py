"""Checks of supervised items, each shown by a fault planted with SQL, past all domain functions."""

import pytest

from programs.domain.supervision import items
from qualitycity.home import invariants, item_invariants

from ..programs.supervision.stage import complete, hand_out, make_case, make_item, name_units, report_through
from .test_invariants import faults, sql


@pytest.fixture
def out(world):
    return hand_out(world)


def only(check, count: int = 1) -> list[str]:
    found = faults(check)
    assert len(found) == count, found
    assert set(found) <= set(faults())
    return found


def test_items_made_by_the_domain_are_without_fault(world, out):
    complete(world, out)
    case = make_case(world, "clerk", "jia_liaison", "jia_head")
    name_units(world, case, "甲局", who="director")
    items.assign(case, actor=world.actor("director"))
    complete(world, case)
    items.ask_delisting(case, actor=world.actor("clerk"), basis="验收合格", approved_by="省局")
    items.close(case, actor=world.actor("director"))
    assert faults() == []


def test_a_state_the_journal_knows_nothing_of(world, out):
    sql("UPDATE programs_superviseditem SET state = 'suspended'", "UPDATE programs_itempart SET state = 'signed_for'")
    assert len(faults(invariants.states_without_journal)) == 2


def test_a_completed_item_with_an_open_part(world, out):
    complete(world, out)
    sql("UPDATE programs_itempart SET state = 'signed_for'")
    only(item_invariants.completed_items_with_open_parts)


def test_a_part_left_behind(world, out):
    sql("UPDATE programs_itempart SET state = 'pending'")
    only(item_invariants.parts_left_behind_by_their_item)


def test_a_part_ahead_of_its_item(world):
    name_units(world, make_item(world), "甲局")
    sql("UPDATE programs_itempart SET state = 'assigned'")
    only(item_invariants.parts_left_behind_by_their_item)


def test_a_case_struck_off_by_who_asked_for_it(world):
    case = make_case(world, "clerk", "jia_liaison", "jia_head")
    name_units(world, case, "甲局", who="director")
    items.assign(case, actor=world.actor("director"))
    complete(world, case)
    items.ask_delisting(case, actor=world.actor("clerk"), basis="验收合格", approved_by="省局")
    items.close(case, actor=world.actor("director"))
    sql(f"UPDATE programs_superviseditem SET delisting_asked_by_id = {world.people['director'].pk}")
    only(item_invariants.cases_struck_off_by_one_person)


def test_a_restricted_item_without_its_first_name(world):
    make_case(world)
    sql("DELETE FROM programs_superviseditemuserobjectpermission")
    only(item_invariants.restricted_items_nobody_follows)


def test_an_accepted_final_report_of_an_open_part(world, out):
    report_through(world, out)
    sql("UPDATE programs_itempart SET state = 'signed_for'")
    only(item_invariants.final_reports_of_open_parts)


def test_an_assisting_unit_that_reported_to_the_office(world, out):
    report_through(world, out)
    sql("UPDATE programs_itempart SET role = 'support'")
    only(item_invariants.reports_of_assisting_units)


def test_one_person_filed_and_accepted(world, out):
    report_through(world, out)
    sql(
        "ALTER TABLE programs_itemreport DROP CONSTRAINT itemreport_not_accepted_by_filer",
        "UPDATE programs_itemreport SET reviewed_by_id = filed_by_id",
    )
    only(invariants.one_person_filed_and_judged)
