"""Supervised items, their parts and reports: state × action × person, written by hand from the design.

What is not listed is refused. Guards are met (units named, parts settled, delisting asked for) unless a test says so.
"""

from typing import Any

import pytest
from django.utils import timezone

from programs.choices import EntryState, ItemPartState, ItemState
from programs.domain.supervision import item_people, items
from programs.domain.supervision.item_parts import ITEM_PARTS
from programs.domain.supervision.item_reports import ITEM_REPORTS
from programs.domain.supervision.items import ITEMS
from programs.models import ItemPart, ItemReport, SupervisedItem
from qualitycity.workflow import IllegalMove, NotAllowed, advance

from ...factories import make_user
from ..test_task_matrices import PEOPLE, moves
from .stage import file_report, hand_out, make_case, part_of

OFFICE = {"clerk", "director"}
JIA = {"jia_liaison", "jia_head"}

ITEM_TABLE = {
    ("registered", "assign"): {"director"},
    ("registered", "suspend"): {"director"},
    ("assigned", "complete"): {"director"},
    ("assigned", "suspend"): {"director"},
    ("completed", "reopen"): {"director"},
    ("completed", "close"): {"director"},
    ("suspended", "resume"): {"director"},
}
PART_TABLE = {
    ("pending", "assign"): {"director"},
    ("assigned", "sign_for"): JIA,
    ("assigned", "finish"): OFFICE,
    ("signed_for", "finish"): OFFICE,
    ("assigned", "waive"): {"director"},
    ("signed_for", "waive"): {"director"},
    ("done", "reopen"): {"director"},
    ("waived", "reopen"): {"director"},
}
#: Typed by the liaison of 甲局, signed by its head: nobody accepts or signs what he entered.
REPORT_TABLE = {
    ("draft", "submit"): {"jia_liaison", *OFFICE},
    ("returned", "submit"): {"jia_liaison", *OFFICE},
    ("submitted", "withdraw"): {"jia_liaison"},
    ("submitted", "sign"): {"jia_head"},
    ("submitted", "sign_on_paper"): {"jia_liaison"},
    ("submitted", "countersign"): OFFICE,
    ("submitted", "return_by_head"): {"jia_head"},
    ("signed", "unsign"): {"jia_head"},
    ("signed", "accept"): OFFICE,
    ("signed", "return_by_office"): OFFICE,
}


def walk(world, machine, states, table, make, fields):
    actors = {name: world.actor(name) for name in PEOPLE}
    actions = {transition.action for transition in machine.transitions}
    assert {action for _state, action in table} <= actions
    for state in states:
        for action in sorted(actions):
            for name in PEOPLE:
                row = make(state)
                expected = name in table.get((state, action), set())
                assert moves(machine, row, action, actors[name], fields(action)) == expected, (state, action, name)


def test_item_table(world):
    today = timezone.localdate()
    item = hand_out(world)

    def make(state):
        done = today if state in (ItemState.COMPLETED, ItemState.CLOSED) else None
        SupervisedItem.objects.filter(pk=item.pk).update(
            state=state, completed_on=done, closed_on=today if state == ItemState.CLOSED else None
        )
        ItemPart.objects.filter(item=item).update(state=ItemPartState.DONE, settled_on=today)
        return SupervisedItem.objects.get(pk=item.pk)

    def fields(action):
        return {
            "complete": {"completed_on": today}, "reopen": {"completed_on": None}, "close": {"closed_on": today}
        }.get(action, {})  # fmt: skip

    walk(world, ITEMS, ItemState.values, ITEM_TABLE, make, fields)


def test_an_item_that_was_never_out_goes_back_to_the_registered_ones(world):
    item = hand_out(world)
    for name in PEOPLE:
        SupervisedItem.objects.filter(pk=item.pk).update(state="suspended", assigned_on=None)
        row = SupervisedItem.objects.get(pk=item.pk)
        assert not moves(ITEMS, row, "resume", world.actor(name), {}), name
        assert moves(ITEMS, row, "restore", world.actor(name), {}) == (name == "director"), name


def test_part_table(world):
    today = timezone.localdate()
    part = part_of(world, hand_out(world))

    def make(state):
        settled = today if state in ItemPartState.settled() else None
        ItemPart.objects.filter(pk=part.pk).update(state=state, settled_on=settled)
        return ItemPart.objects.get(pk=part.pk)

    def fields(action):
        return {"settled_on": today} if action in ("finish", "waive") else {}

    walk(world, ITEM_PARTS, ItemPartState.values, PART_TABLE, make, fields)


def report_fields(world, state: str) -> dict[str, Any]:
    now = timezone.now()
    fields: dict[str, Any] = {
        "state": state, "filed_by": world.people["jia_liaison"], "filed_at": now,
        "signed_by": None, "signed_at": None, "sign_mode": "", "reviewed_by": None, "reviewed_at": None,
    }  # fmt: skip
    if state in ("signed", "accepted", "superseded"):
        fields |= {"signed_by": world.people["jia_head"], "signed_at": now, "sign_mode": "electronic"}
    if state in ("accepted", "superseded"):
        fields |= {"reviewed_by": world.people["clerk"], "reviewed_at": now}
    return fields


def test_report_table(world):
    now = timezone.now()
    report = file_report(world, hand_out(world))

    def make(state):
        ItemReport.objects.filter(pk=report.pk).update(**report_fields(world, state))
        ItemPart.objects.filter(pk=report.part_id).update(state="signed_for", settled_on=None)
        return ItemReport.objects.get(pk=report.pk)

    def fields(action):
        if action in ("sign", "sign_on_paper", "countersign"):
            return {"signed_at": now, "sign_mode": "paper"}
        if action == "accept":
            return {"reviewed_by_id": world.people["auditor"].pk, "reviewed_at": now}
        return {}

    walk(world, ITEM_REPORTS, EntryState.values, REPORT_TABLE, make, fields)


@pytest.mark.parametrize("state", ["registered", "completed", "closed", "suspended"])
def test_nothing_moves_on_a_part_of_an_item_that_is_not_out(world, state):
    item = hand_out(world)
    report = file_report(world, item)
    today = timezone.localdate()
    SupervisedItem.objects.filter(pk=item.pk).update(
        state=state,
        completed_on=today if state in ("completed", "closed") else None,
        closed_on=today if state == "closed" else None,
    )
    part = part_of(world, item)
    for action, who in (("finish", "clerk"), ("waive", "director")):
        assert not moves(ITEM_PARTS, part, action, world.actor(who), {"settled_on": today})
    for action, who in (("sign", "jia_head"), ("withdraw", "jia_liaison"), ("return_by_head", "jia_head")):
        assert not moves(ITEM_REPORTS, report, action, world.actor(who), {})


@pytest.mark.parametrize("action", ["reopen", "suspend", "resume", "restore"])
def test_a_reason_is_asked_for(world, action):
    item = hand_out(world)
    state = {"reopen": "completed", "suspend": "assigned"}.get(action, "suspended")
    SupervisedItem.objects.filter(pk=item.pk).update(
        state=state,
        completed_on=timezone.localdate() if state == "completed" else None,
        assigned_on=None if action == "restore" else timezone.localdate(),
    )
    with pytest.raises(IllegalMove, match="reason|理由"):
        advance(ITEMS, item, action, actor=world.actor("director"), reason=" ")


def test_a_case_is_struck_off_by_somebody_else_than_who_asked_for_the_delisting(world):
    """The office administrator who asked is refused; a colleague with the same role strikes it off."""
    case = make_case(world, "clerk")
    today = timezone.localdate()
    SupervisedItem.objects.filter(pk=case.pk).update(state="completed", completed_on=today)
    with pytest.raises(IllegalMove, match="delisting|摘牌"):
        items.close(case, actor=world.actor("director"))
    items.ask_delisting(case, actor=world.actor("director"), basis="整改已验收", approved_by="省局")
    with pytest.raises(NotAllowed):
        items.close(case, actor=world.actor("director"))
    with pytest.raises(NotAllowed):
        items.close(case, actor=world.actor("clerk"))
    second = make_user("director2", "office_admin", jurisdiction=world.city)
    world.people["director2"] = second
    with pytest.raises(NotAllowed):
        items.close(case, actor=world.actor("director2"))  # nobody named him
    item_people.name_people(case, people=[world.people["clerk"].pk, second.pk], actor=world.actor("director"))
    assert items.close(case, actor=world.actor("director2")).state == "closed"
