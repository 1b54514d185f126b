"""Checks of slips and bulletins, each shown by a fault planted with SQL, past all domain functions."""

from datetime import date

import pytest

from programs.domain.supervision import bulletins, slip_answers, slips
from programs.models import Bulletin
from qualitycity.home import invariants, slip_invariants

from ..programs.supervision.slips import answered, issued, part_subject
from .test_invariants import faults, sql
from .test_item_invariants import only


@pytest.fixture
def out(world):
    """Two blue slips with the units, numbers 1 and 2."""
    return [issued(world), issued(world, subject=part_subject(world, "乙局", 1))]


def bulletin(world) -> Bulletin:
    span = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
    row = bulletins.draft(actor=world.actor("clerk"), jurisdiction=world.city, **span)
    return bulletins.issue(row, actor=world.actor("director"))


def test_slips_and_bulletins_made_by_the_domain_are_without_fault(world, out):
    answer = answered(world, out[0])
    slip_answers.accept(answer, actor=world.actor("clerk"))
    slips.withdraw(out[1], actor=world.actor("clerk"), reason="发错单位")
    bulletins.withdraw(bulletin(world), actor=world.actor("director"), reason="数据有误")
    assert faults() == []


def test_a_number_that_nothing_has(world, out):
    sql("UPDATE programs_slip SET seq = 7 WHERE seq = 2")
    only(slip_invariants.papers_out_of_number)


def test_a_number_of_a_bulletin_that_nothing_has(world):
    bulletin(world)
    sql("UPDATE programs_bulletin SET seq = 2")
    only(slip_invariants.papers_out_of_number)


def test_a_bulletin_issued_past_the_journal(world):
    bulletin(world)
    sql("UPDATE programs_bulletin SET state = 'withdrawn'")
    only(invariants.states_without_journal)


@pytest.mark.parametrize("fault", [
    "UPDATE programs_slip SET state = 'settled', settled_at = now() WHERE seq = 1",
    "UPDATE programs_slip SET state = 'acknowledged' WHERE seq = 1",
    "UPDATE programs_slip SET state = 'answered', acknowledged_at = now() WHERE seq = 2",
])  # fmt: skip
def test_a_slip_in_a_state_that_its_answers_belie(world, out, fault):
    answered(world, out[0])
    sql(fault)
    only(slip_invariants.slips_that_their_answers_belie)
