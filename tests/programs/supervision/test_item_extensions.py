"""延期 of supervised items: asked by a handling unit in time, signed, decided; the original date stays for ever."""

from datetime import date

import pytest
from django.utils import timezone

from programs.choices import ExtensionState
from programs.domain.reminders import scan
from programs.domain.standings import board_day
from programs.domain.supervision import extensions, item_parts, item_people, items
from programs.models import Extension, ReminderDelivery, SupervisedItem
from programs.queries.supervision.items import light_of, visible_items, with_parts
from qualitycity.access import can
from qualitycity.audit.journal import history
from qualitycity.audit.models import Entry
from qualitycity.home.invariants import violations
from qualitycity.home.queries.office import extensions_to_decide
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

from ..test_task_matrices import PEOPLE
from .stage import hand_out, make_case, name_units, part_of
from .test_item_matrices import walk

DUE, LATER = date(2026, 4, 30), date(2026, 5, 20)
TEXTS = {"reason": "第三方检测尚未完成", "progress": "已完成现场检查", "wanted_on": LATER}
SECRET = "制售假冒伪劣"


def asked(world, item, unit="甲局", who="jia_liaison", **more) -> Extension:
    return extensions.ask_for_item(part=part_of(world, item, unit), actor=world.actor(who), **{**TEXTS, **more})


def signed(world, item, **more) -> Extension:
    return extensions.sign(asked(world, item, **more), actor=world.actor("jia_head"))


def granted(world, item, day=date(2026, 5, 15), **more) -> Extension:
    return extensions.grant(signed(world, item, **more), actor=world.actor("director"), granted_on=day, answer="同意")


def told(word: str) -> set[str]:
    return set(InboxItem.objects.filter(title__contains=word).values_list("recipient__username", flat=True))


def test_the_table_is_that_of_tasks(world):
    """Filed and signed by people of another unit, so that rights alone decide."""
    row = asked(world, hand_out(world))
    filer, head = world.people["yi_head"].pk, world.people["yi_liaison"].pk
    table = {
        ("draft", "submit"): {"jia_liaison", "clerk", "director"},
        ("draft", "withdraw"): {"jia_liaison"},
        ("submitted", "withdraw"): {"jia_liaison"},
        ("signed", "withdraw"): {"jia_liaison"},
        ("submitted", "sign"): {"jia_head"},
        ("submitted", "countersign"): {"clerk", "director"},
        ("submitted", "return_by_head"): {"jia_head"},
        ("signed", "grant"): {"director"},
        ("signed", "refuse"): {"director"},
    }

    def make(state):
        left, decided = state in ("signed", "granted", "refused"), state in ("granted", "refused")
        SupervisedItem.objects.update(due_on=DUE)
        Extension.objects.filter(pk=row.pk).update(
            state=state, filed_by=filer, signed_by=head if left else None, signed_at=row.filed_at if left else None,
            decided_by=world.people["leader"].pk if decided else None, decided_at=row.filed_at if decided else None,
            granted_on=LATER if state == "granted" else None,
        )  # fmt: skip
        return Extension.objects.get(pk=row.pk)

    def fields(action):
        signature = {"signed_by_id": head, "signed_at": row.filed_at}
        decided = {"decided_by_id": world.people["leader"].pk, "decided_at": row.filed_at}
        return {
            "sign": signature, "countersign": signature, "refuse": decided, "grant": {**decided, "granted_on": LATER},
        }.get(action, {})  # fmt: skip

    walk(world, extensions.EXTENSIONS, ExtensionState.values, table, make, fields)


def test_the_whole_way_moves_the_time_limit_and_keeps_the_original(world):
    item = hand_out(world, "甲局", "乙局")
    row = granted(world, item)
    item.refresh_from_db()
    assert (item.due_on, item.original_due, item.extended) == (date(2026, 5, 15), DUE, 1)
    assert (row.wanted_on, row.granted_on, row.due_then) == (LATER, date(2026, 5, 15), DUE)
    assert [entry.action for entry in history(item)][-2:] == ["ask_extension", "extend"]
    assert "第1次延期" in history(item).last().reason
    granted(world, item, day=date(2026, 6, 10), wanted_on=date(2026, 6, 10))
    item.refresh_from_db()
    assert (item.due_on, item.original_due, item.extended) == (date(2026, 6, 10), DUE, 2)
    assert list(violations()) == []


def test_the_light_goes_by_the_date_in_force(world, clock):
    item = hand_out(world)
    item_parts.sign_for([part_of(world, item)], actor=world.actor("jia_liaison"))
    clock.move_to("2026-04-29T10:00:00+08:00")
    row = signed(world, item)
    clock.move_to("2026-05-06T10:00:00+08:00")

    def light() -> tuple[str, str]:
        (found,) = with_parts(visible_items(world.actor("clerk"), board_day()))
        assert found.light == light_of(found, board_day()).code
        return found.light, light_of(found, board_day()).sentence

    assert light()[0] == "red"
    extensions.grant(row, actor=world.actor("director"), granted_on=LATER)
    assert light()[0] == "green"
    clock.move_to("2026-05-21T10:00:00+08:00")
    assert light() == ("red", "未反馈，逾期1个工作日")


@pytest.mark.parametrize(("day", "in_time"), [("2026-04-29", True), ("2026-04-30", True), ("2026-05-01", False)])
def test_a_request_comes_on_the_due_date_at_the_latest(world, clock, day, in_time):
    item = hand_out(world)
    clock.move_to(f"{day}T16:00:00+08:00")
    if in_time:
        assert asked(world, item).state == "submitted"
        return
    with pytest.raises(IllegalMove):
        asked(world, item)
    assert not Extension.objects.exists()


@pytest.mark.parametrize("wanted", [DUE, date(2026, 4, 1)])
def test_the_wanted_date_is_later(world, wanted):
    with pytest.raises(IllegalMove):
        asked(world, hand_out(world), wanted_on=wanted)


@pytest.mark.parametrize("missing", ["reason", "progress"])
def test_reason_and_progress_are_said(world, missing):
    with pytest.raises(IllegalMove):
        asked(world, hand_out(world), **{missing: "  "})


def test_only_a_handling_unit_asks(world):
    item = hand_out(world, "甲局", "乙局")
    with pytest.raises(IllegalMove):
        asked(world, item, "乙局", "yi_liaison")
    for who in ("yi_liaison", "jia_head", "leader", "supervisor"):
        with pytest.raises(NotAllowed):
            asked(world, item, "甲局", who)
    row = asked(world, item, who="clerk")
    assert row.on_behalf and row.filed_by == world.people["clerk"]


@pytest.mark.parametrize("state", ["registered", "suspended", "completed", "closed"])
def test_nothing_is_asked_or_granted_while_the_item_is_not_in_hand(world, state):
    item = hand_out(world)
    other = signed(world, hand_out(world, title="另一事项"))
    today = timezone.localdate()
    done = today if state in ("completed", "closed") else None
    SupervisedItem.objects.update(state=state, completed_on=done, closed_on=today if state == "closed" else None)
    with pytest.raises(IllegalMove):
        asked(world, item)
    with pytest.raises(IllegalMove):
        extensions.grant(other, actor=world.actor("director"), granted_on=LATER)
    assert extensions.refuse(other, actor=world.actor("director"), reason="事项已不在办理").state == "refused"
    assert SupervisedItem.objects.get(pk=other.item_part.item_id).extended == 0


def test_a_settled_part_asks_for_nothing(world):
    item = hand_out(world, "甲局", "+乙局")
    item_parts.waive(part_of(world, item), actor=world.actor("director"), reason="并入他项")
    with pytest.raises(IllegalMove):
        asked(world, item)
    assert asked(world, item, "乙局", "yi_liaison").state == "submitted"


def test_two_handling_units_ask_one_after_the_other(world):
    item = hand_out(world, "甲局", "+乙局")
    row = asked(world, item)
    with pytest.raises(IllegalMove, match="甲局"):
        asked(world, item, "乙局", "yi_liaison")
    extensions.withdraw(row, actor=world.actor("jia_liaison"))
    assert asked(world, item, "乙局", "yi_liaison").state == "submitted"


def test_the_office_countersigns_where_the_unit_has_no_head(world):
    item = hand_out(world, "丙局")
    row = asked(world, item, "丙局", "bing_liaison")
    assert extensions_to_decide(world.actor("clerk")) == [row]
    row = extensions.countersign(row, actor=world.actor("clerk"))
    assert (row.state, row.sign_mode) == ("signed", "office")
    with pytest.raises(NotAllowed):
        extensions.grant(row, actor=world.actor("clerk"), granted_on=LATER)
    other = asked(world, hand_out(world, title="另一事项"))
    with pytest.raises(IllegalMove):
        extensions.countersign(other, actor=world.actor("clerk"))


def test_the_time_limit_is_not_moved_by_whoever_may_not_decide(world):
    item = hand_out(world)
    with pytest.raises(NotAllowed):
        items.extend_item(item, actor=world.actor("clerk"), due_on=LATER, reason="x")
    with pytest.raises(IllegalMove):
        items.extend_item(item, actor=world.actor("director"), due_on=DUE, reason="x")


def test_a_second_press_of_grant_extends_once(world):
    item = hand_out(world)
    row = signed(world, item)
    for _press in range(2):
        extensions.grant(row, actor=world.actor("director"), granted_on=LATER)
    item.refresh_from_db()
    assert item.extended == 1


def test_a_refusal_leaves_the_date_and_stands_in_the_history(world):
    item = hand_out(world)
    extensions.refuse(signed(world, item), actor=world.actor("director"), reason="时限为上级确定")
    item.refresh_from_db()
    assert (item.due_on, item.extended) == (DUE, 0)
    last = history(item).last()
    assert (last.action, last.reason) == ("refuse_extension", "时限为上级确定")


def test_whoever_has_it_next_is_told_and_at_the_end_every_unit_of_the_item(world):
    item = hand_out(world, "甲局", "乙局")
    row = asked(world, item)
    assert told("待审签") == {"jia_head"}
    row = extensions.sign(row, actor=world.actor("jia_head"))
    assert told("延期申请待定") == {"clerk", "director"}
    extensions.grant(row, actor=world.actor("director"), granted_on=LATER)
    assert told("获准，新时限2026年5月20日") == {"jia_liaison", "jia_head"}
    assert told("办理时限延至2026年5月20日") == {"yi_liaison", "yi_head"}


def test_who_sees_a_request(world):
    item = hand_out(world, "甲局", "乙局", kind="instruction", leader=world.people["leader"])
    row = asked(world, item)

    def seen(row) -> set[str]:
        found = {name for name in PEOPLE if can(world.actor(name), "view", Extension.objects.get(pk=row.pk))}
        listed = {name for name in PEOPLE if Extension.objects.visible_to(world.actor(name)).filter(pk=row.pk).exists()}
        assert found == listed
        return found

    assert seen(row) == {"jia_liaison", "jia_head", "clerk", "director"}
    extensions.sign(row, actor=world.actor("jia_head"))
    assert seen(row) >= {"leader", "secretary", "supervisor", "auditor"} and not seen(row) & {"yi_liaison", "yi_head"}


# --- restricted items ------------------------------------------------------------------------------


@pytest.fixture
def case(world):
    found = make_case(world, "jia_liaison", "jia_head", "yi_liaison")
    name_units(world, found, "甲局", "乙局", who="director")
    return items.assign(found, actor=world.actor("director"))


def test_about_a_restricted_item_only_named_people_see_act_and_hear(world, case):
    row = signed(world, case)
    named = {"director", "jia_liaison", "jia_head"}
    for name in PEOPLE:
        actor = world.actor(name)
        # 乙局's named liaison sees the item, not the request of another unit
        assert Extension.objects.visible_to(actor).exists() == (name in named), name
        assert bool(can(actor, "view", Extension.objects.get(pk=row.pk))) == (name in named), name
    with pytest.raises(NotAllowed):
        asked(world, case, who="clerk")
    assert extensions_to_decide(world.actor("clerk")) == []
    assert extensions_to_decide(world.actor("director")) == [row]
    extensions.grant(row, actor=world.actor("director"), granted_on=LATER, answer="涉案企业停产")
    heard = InboxItem.objects.filter(kind__in=["extension", "item"])
    assert set(heard.values_list("recipient__username", flat=True)) <= named | {"yi_liaison"}
    assert told("办理时限延至") == {"yi_liaison"}
    for notice in heard:
        assert SECRET not in notice.title + notice.body and "检测" not in notice.body and "涉案" not in notice.body
    for entry in Entry.objects.filter(
        subject_type__in=["programs.extension", "programs.superviseditem", "programs.itempart"]
    ):
        assert SECRET not in f"{entry.subject_label}{entry.before}{entry.after}"
        assert "市甲局" not in f"{entry.subject_label}{entry.after}"


def test_where_no_named_head_can_sign_the_office_countersigns(world, case):
    with pytest.raises(IllegalMove):
        extensions.countersign(asked(world, case), actor=world.actor("director"))
    item_people.name_people(case, people=[world.people["jia_liaison"].pk], actor=world.actor("director"))
    row = Extension.objects.get()
    with pytest.raises(NotAllowed):
        extensions.sign(row, actor=world.actor("jia_head"))
    assert extensions_to_decide(world.actor("director")) == [row]
    assert extensions.countersign(row, actor=world.actor("director")).state == "signed"


# --- reminders -------------------------------------------------------------------------------------


def reminded(kind: str) -> set[str]:
    rows = ReminderDelivery.objects.filter(key__startswith=kind)
    return set(rows.values_list("recipient__username", flat=True))


def test_the_head_is_reminded_then_the_office(world, clock):
    item = hand_out(world)
    clock.move_to("2026-04-24T10:00:00+08:00")
    row = asked(world, item)
    clock.move_to("2026-04-29T10:00:00+08:00")
    scan()
    assert reminded("extension-submitted") == {"jia_head"}
    extensions.sign(row, actor=world.actor("jia_head"))
    clock.move_to("2026-05-06T10:00:00+08:00")
    scan()
    assert reminded("extension-signed") == {"clerk", "director"}


def test_about_a_restricted_item_only_named_people_are_reminded_without_its_title(world, case, clock):
    clock.move_to("2026-04-24T10:00:00+08:00")
    row = asked(world, case)
    clock.move_to("2026-04-29T10:00:00+08:00")
    scan()
    assert reminded("extension-submitted") == {"jia_head"}
    extensions.sign(row, actor=world.actor("jia_head"))
    clock.move_to("2026-05-06T10:00:00+08:00")
    scan()
    assert reminded("extension-signed") == {"director"}
    assert not any(SECRET in f"{notice.title}{notice.body}" for notice in InboxItem.objects.all())


def test_once_extended_the_units_are_reminded_by_the_new_date(world, clock):
    item = hand_out(world)
    item_parts.sign_for([part_of(world, item)], actor=world.actor("jia_liaison"))
    granted(world, item, day=date(2026, 5, 29))
    scan()
    ReminderDelivery.objects.all().delete()
    clock.move_to("2026-04-30T10:00:00+08:00")
    scan()
    assert reminded("item:") == set()
    clock.move_to("2026-05-28T10:00:00+08:00")
    scan()
    assert "jia_liaison" in reminded("item:")
