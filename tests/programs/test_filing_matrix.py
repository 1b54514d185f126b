"""Filed rows: state × action × person, written by hand from the design. What is not listed is refused.

The row is a line of 甲局, filed by jia_liaison and – where it is signed – signed by jia_head in the portal.
"""

from typing import Any

import pytest
from django.utils import timezone

from programs.choices import EntryState
from programs.domain.entries import TASKS
from programs.models import ProgressEntry, Responsibility
from qualitycity.audit.journal import history
from qualitycity.workflow import IllegalMove, NotAllowed, advance
from taskforce.models import Delegation, Membership

PEOPLE = (
    "jia_liaison", "jia_head", "yi_liaison", "yi_head", "bing_liaison", "clerk", "director", "leader", "secretary",
    "supervisor", "auditor", "district", "sysadmin", "stranger",
)  # fmt: skip
ACTIONS = (
    "submit", "withdraw", "sign", "sign_on_paper", "countersign", "return_by_head", "unsign", "accept",
    "return_by_office", "supersede",
)  # fmt: skip

ALLOWED = {
    ("draft", "submit"): {"jia_liaison", "clerk", "director"},
    ("returned", "submit"): {"jia_liaison", "clerk", "director"},
    ("submitted", "withdraw"): {"jia_liaison"},
    ("submitted", "sign"): {"jia_head"},
    ("submitted", "sign_on_paper"): {"jia_liaison"},
    ("submitted", "countersign"): {"clerk", "director"},
    ("submitted", "return_by_head"): {"jia_head"},
    ("signed", "unsign"): {"jia_head"},
    ("signed", "accept"): {"clerk", "director"},
    ("signed", "return_by_office"): {"clerk", "director"},
}


def line(world, state: str, **more: Any) -> ProgressEntry:
    """A row put into `state` as the database allows it, so that each cell starts from the same place."""
    now = timezone.now()
    people = world.people
    fields: dict[str, Any] = {"progress": "已完成阶段工作", "percent": 40, "state": state}
    if state not in (EntryState.DRAFT,):
        fields |= {"filed_by": people["jia_liaison"], "filed_at": now}
    if state in (EntryState.SIGNED, EntryState.ACCEPTED, EntryState.SUPERSEDED):
        fields |= {"signed_by": people["jia_head"], "signed_at": now, "sign_mode": "electronic"}
    if state in (EntryState.ACCEPTED, EntryState.SUPERSEDED):
        fields |= {"reviewed_by": people["clerk"], "reviewed_at": now}
    fields |= more
    part = Responsibility.objects.get(task=world.tasks[0], role="lead")
    return ProgressEntry.objects.create(part=part, window=world.window, **fields)


def moves(row: ProgressEntry, action: str, actor) -> bool:
    fields: dict[str, Any] = {}
    if action in ("sign", "sign_on_paper", "countersign"):
        fields = {"signed_by_id": actor.user_id, "signed_at": timezone.now(), "sign_mode": "paper"}
    if action == "submit":
        fields = {"filed_by_id": actor.user_id, "filed_at": timezone.now()}
    if action == "accept":
        fields = {"reviewed_by_id": actor.user_id, "reviewed_at": timezone.now()}
    try:
        advance(TASKS.machine, row, action, actor=actor, reason="理由", fields=fields)
    except (IllegalMove, NotAllowed):
        return False
    return True


@pytest.mark.parametrize("state", EntryState.values)
def test_every_cell_of_the_table(world, state):
    actors = {name: world.actor(name) for name in PEOPLE}
    for action in ACTIONS:
        for name in PEOPLE:
            row = line(world, state)
            expected = name in ALLOWED.get((state, action), set())
            assert moves(row, action, actors[name]) == expected, (state, action, name)
            ProgressEntry.objects.all().delete()


def test_the_office_takes_back_only_what_it_typed(world):
    row = line(world, "submitted", on_behalf=True, filed_by=world.people["clerk"])
    assert not moves(row, "withdraw", world.actor("jia_liaison"))
    assert moves(row, "withdraw", world.actor("director"))


def test_maker_is_not_checker_even_with_a_second_role(world):
    Membership.objects.create(
        user=world.people["jia_liaison"],
        role="unit_head",
        jurisdiction=world.city,
        department=world.units["甲局"],
        valid_from="2026-01-01",
    )
    Membership.objects.create(
        user=world.people["jia_liaison"],
        role="office_admin",
        jurisdiction=world.city,
        valid_from="2026-01-01",
    )
    assert not moves(line(world, "submitted"), "sign", world.actor("jia_liaison"))
    ProgressEntry.objects.all().delete()
    assert not moves(line(world, "signed"), "accept", world.actor("jia_liaison"))


def test_a_stand_in_acts_for_the_head_and_is_named_but_not_on_what_either_of_them_entered(world):
    Delegation.objects.create(
        principal=world.people["jia_head"],
        deputy=world.people["yi_head"],
        first_day="2026-03-20",
        last_day="2026-03-30",
    )
    row = line(world, "submitted")
    assert moves(row, "sign", world.actor("yi_head"))
    entry = history(row).get(action="sign")
    assert (entry.actor_label, entry.acting_for_label) == ("yi_head", "jia_head")
    for filer in ("jia_head", "yi_head"):
        ProgressEntry.objects.all().delete()
        assert not moves(
            line(world, "submitted", filed_by=world.people[filer]), "sign", world.actor("yi_head")
        ), filer


def test_a_head_who_stands_in_for_his_liaison_still_signs_what_the_liaison_filed(world):
    Delegation.objects.create(
        principal=world.people["jia_liaison"],
        deputy=world.people["jia_head"],
        first_day="2026-03-20",
        last_day="2026-03-30",
    )
    assert moves(line(world, "submitted"), "sign", world.actor("jia_head"))
