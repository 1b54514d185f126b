"""Slip, answer, bulletin: state × action × person, written by hand from the design. What is not listed is refused."""

from datetime import date

import pytest
from django.utils import timezone

from programs.choices import BulletinState, EntryState, SlipState
from programs.domain.supervision.bulletins import BULLETINS
from programs.domain.supervision.slip_answers import ANSWERS
from programs.domain.supervision.slips import SLIPS
from programs.models import Bulletin, Slip, SlipAnswer
from qualitycity.access import SYSTEM
from qualitycity.workflow import IllegalMove, NotAllowed, advance

from ..test_task_matrices import OFFICE, PEOPLE, moves, walk
from .slips import part_subject

UNIT = {"jia_liaison", "jia_head"}
WHOLE_HOUSE = UNIT | OFFICE

#: A blue slip to a unit. Guards are met: the date lies ahead, answers stand as the action needs them.
SLIP_TABLE = {
    ("proposed", "issue"): OFFICE,
    ("proposed", "dismiss"): OFFICE,
    ("issued", "acknowledge"): UNIT,
    ("issued", "answer"): WHOLE_HOUSE,
    ("acknowledged", "answer"): WHOLE_HOUSE,
    ("answered", "reopen_answer"): WHOLE_HOUSE,
    ("answered", "settle"): OFFICE,
    ("issued", "withdraw"): OFFICE,
    ("acknowledged", "withdraw"): OFFICE,
    ("answered", "withdraw"): OFFICE,
}
#: An orange or red one, or one that goes above the unit: issuing, not issuing and making void are the administrator's.
RED_TABLE = SLIP_TABLE | {
    ("proposed", "issue"): {"director"},
    ("proposed", "dismiss"): {"director"},
    ("issued", "withdraw"): {"director"},
    ("acknowledged", "withdraw"): {"director"},
    ("answered", "withdraw"): {"director"},
}
ANSWER_TABLE = {
    ("draft", "submit"): {"jia_liaison", *OFFICE},
    ("returned", "submit"): {"jia_liaison", *OFFICE},
    ("submitted", "withdraw"): {"jia_liaison"},
    ("submitted", "sign"): {"jia_head"},
    ("submitted", "countersign"): OFFICE,
    ("submitted", "return_by_head"): {"jia_head"},
    ("signed", "unsign"): {"jia_head"},
    ("signed", "accept"): OFFICE,
    ("signed", "return_by_office"): OFFICE,
}
BULLETIN_TABLE = {
    ("draft", "issue"): {"director"},
    ("draft", "discard"): OFFICE,
    ("issued", "withdraw"): {"director"},
}
NEEDS_ANSWER = {"answer": "signed", "settle": "accepted"}


def slip_row(world, state, **more):
    now = timezone.now()
    numbered = state not in SlipState.unnumbered()
    seen = state in ("acknowledged", "answered", "settled")
    SlipAnswer.objects.all().delete()
    Slip.objects.all().delete()
    return Slip.objects.create(
        **part_subject(world).columns, **{"kind": "urge", "colour": "blue", **more}, matter="事项", demands="请办理",
        due_on=date(2026, 4, 10), proposed_on=date(2026, 3, 26), state=state,
        year=2026 if numbered else None, seq=1 if numbered else None, number="催办〔2026〕1号" if numbered else "",
        issued_by=world.people["clerk"] if numbered else None, issued_at=now if numbered else None,
        acknowledged_at=now if seen else None, settled_at=now if state == "settled" else None,
        withdrawn_at=now if state == "withdrawn" else None,
    )  # fmt: skip


def answer_row(world, slip, state):
    now = timezone.now()
    fields = {}
    if state not in (EntryState.DRAFT, EntryState.RETURNED):
        fields |= {"filed_by": world.people["jia_liaison"], "filed_at": now}
    if state in (EntryState.SIGNED, EntryState.ACCEPTED, EntryState.SUPERSEDED):
        fields |= {"signed_by": world.people["jia_head"], "signed_at": now, "sign_mode": "electronic"}
    if state in (EntryState.ACCEPTED, EntryState.SUPERSEDED):
        fields |= {"reviewed_by": world.people["clerk"], "reviewed_at": now}
    return SlipAnswer.objects.create(slip=slip, state=state, text="情况", measures="措施", **fields)


@pytest.mark.parametrize(
    ("more", "table"),
    [
        ({}, SLIP_TABLE), ({"kind": "assignment", "colour": ""}, SLIP_TABLE),
        ({"kind": "notice", "colour": "orange"}, RED_TABLE), ({"kind": "notice", "colour": "red"}, RED_TABLE),
        ({"level": "leader"}, RED_TABLE),
    ],
    ids=["blue", "assignment", "orange", "red", "above the unit"],
)  # fmt: skip
def test_slip_table(world, more, table):
    if more.get("level") == "leader":
        more = more | {"to_leader": world.people["leader"]}
    actors = {name: world.actor(name) for name in PEOPLE}
    now = timezone.now()
    fields = {
        "issue": {
            "year": 2026, "seq": 1, "number": "催办〔2026〕1号", "issued_by_id": world.people["clerk"].pk, "issued_at": now,
        },
        "acknowledge": {"acknowledged_at": now}, "answer": {"acknowledged_at": now}, "settle": {"settled_at": now},
        "withdraw": {"withdrawn_at": now},
    }  # fmt: skip
    for state in SlipState.values:
        for action in sorted({transition.action for transition in SLIPS.transitions}):
            if more and action not in ("issue", "dismiss", "withdraw"):
                continue  # whatever its colour, the rest is alike
            for name in PEOPLE:
                slip = slip_row(world, state, **more)
                if action in NEEDS_ANSWER:
                    answer_row(world, slip, NEEDS_ANSWER[action])
                expected = name in table.get((state, action), set())
                assert moves(SLIPS, slip, action, actors[name], fields.get(action, {})) == expected, (
                    state,
                    action,
                    name,
                )


def test_answer_table(world):
    def make(state):
        at = {"signed": "answered", "accepted": "answered"}.get(state, "acknowledged")
        return answer_row(world, slip_row(world, at), state)

    now = timezone.now()

    def fields(action):
        signature = {"signed_at": now, "sign_mode": "electronic", "signed_by_id": world.people["jia_head"].pk}
        return {
            "submit": {"filed_by_id": world.people["jia_liaison"].pk, "filed_at": now},
            "sign": signature,
            "countersign": signature | {"sign_mode": "office", "signed_by_id": world.people["secretary"].pk},
            "accept": {"reviewed_by_id": world.people["secretary"].pk, "reviewed_at": now},
        }.get(action, {})

    walk(world, ANSWERS, EntryState.values, ANSWER_TABLE, make, fields)


def test_an_answer_moves_only_while_its_slip_is_open(world):
    for at in SlipState.values:
        for state, action, who in (
            ("draft", "submit", "jia_liaison"), ("submitted", "sign", "jia_head"), ("signed", "accept", "clerk"),
            ("signed", "return_by_office", "clerk"), ("signed", "unsign", "jia_head"),
            ("submitted", "withdraw", "jia_liaison"),
        ):  # fmt: skip
            if at in SlipState.open():
                continue
            row = answer_row(world, slip_row(world, at), state)
            with pytest.raises((IllegalMove, NotAllowed)):
                advance(ANSWERS, row, action, actor=world.actor(who), reason="理由")


def test_bulletin_table(world):
    def make(state):
        Bulletin.objects.all().delete()
        numbered = state in ("issued", "withdrawn")
        return Bulletin.objects.create(
            jurisdiction=world.city, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31), title="通报", opening="总体情况",
            as_of=timezone.now(), drafted_by=world.people["clerk"], state=state, year=2026 if numbered else None,
            seq=1 if numbered else None, number="督查通报〔2026〕1号" if numbered else "",
            issued_at=timezone.now() if numbered else None,
        )  # fmt: skip

    def fields(action):
        return (
            {"year": 2026, "seq": 1, "number": "督查通报〔2026〕1号", "issued_at": timezone.now()}
            if action == "issue"
            else {}
        )

    walk(world, BULLETINS, BulletinState.values, BULLETIN_TABLE, make, fields)


def test_the_clock_moves_nothing_of_all_this(world):
    for machine in (SLIPS, BULLETINS, ANSWERS):
        assert {move.by for move in machine.transitions} == {"person"}
    slip = slip_row(world, "answered")
    answer_row(world, slip, "accepted")
    for action in ("settle", "withdraw"):
        with pytest.raises(NotAllowed):
            advance(SLIPS, slip, action, actor=SYSTEM, reason="x", fields={"settled_at": timezone.now()})
