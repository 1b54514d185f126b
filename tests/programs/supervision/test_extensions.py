"""延期: the table of a request, asked in time or refused with a sentence, and the original date that never changes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.choices import ExtensionState, PartState
from programs.domain import breakdown, parts, tasks
from programs.domain.supervision import extensions
from programs.models import Extension, Milestone, Task
from programs.queries.supervision.extensions import counts_by_unit
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

from ..test_task_matrices import walk

DUE = date(2026, 11, 30)
TABLE = {
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


def asked(world, who="jia_liaison", unit="甲局", task=0, **more) -> Extension:
    values = {"reason": "设备招标流标", "progress": "完成方案编制", "wanted_on": date(2026, 12, 20), **more}
    return extensions.ask(
        task=world.tasks[task], department=world.units[unit], actor=world.actor(who), **values
    )


def signed(world, **more) -> Extension:
    return extensions.sign(asked(world, **more), actor=world.actor("jia_head"))


def granted(world, day=date(2026, 12, 18), **more) -> Extension:
    return extensions.grant(signed(world, **more), actor=world.actor("director"), granted_on=day, answer="同意")


def test_extension_table(world):
    """Filed by somebody who is none of the people in the table, so that rights alone decide."""
    row = asked(world)
    filer, head = world.people["yi_head"].pk, world.people["yi_liaison"].pk

    def make(state):
        Task.objects.filter(pk=world.tasks[0].pk).update(due_on=DUE)
        left = state in ("signed", "granted", "refused")
        decided = state in ("granted", "refused")
        Extension.objects.filter(pk=row.pk).update(
            state=state,
            filed_by=filer,
            signed_by=head if left else None,
            signed_at=row.filed_at if left else None,
            decided_by=world.people["leader"].pk if decided else None,
            decided_at=row.filed_at if decided else None,
            granted_on=date(2026, 12, 18) if state == "granted" else None,
        )
        return Extension.objects.get(pk=row.pk)

    def fields(action):
        signature = {"signed_by_id": head, "signed_at": row.filed_at}
        decided = {"decided_by_id": world.people["leader"].pk, "decided_at": row.filed_at}
        return {
            "sign": signature,
            "countersign": signature,
            "refuse": decided,
            "grant": {**decided, "granted_on": date(2026, 12, 18)},
        }.get(action, {})

    walk(world, extensions.EXTENSIONS, ExtensionState.values, TABLE, make, fields)


def test_the_whole_way_moves_the_date_and_keeps_the_original(world):
    row = granted(world)
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (task.due_on, task.original_due, task.extended) == (date(2026, 12, 18), DUE, 1)
    assert (row.state, row.wanted_on, row.granted_on, row.due_then) == (
        "granted", date(2026, 12, 20), date(2026, 12, 18), DUE,
    )  # fmt: skip
    assert "第1次延期" in history(task).last().reason
    assert list(violations()) == []


def test_two_extensions_count_twice_and_the_original_date_stays(world):
    granted(world)
    granted(world, day=date(2026, 12, 30), wanted_on=date(2026, 12, 31))
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (task.due_on, task.original_due, task.extended) == (date(2026, 12, 30), DUE, 2)
    unit = world.units["甲局"].pk
    assert counts_by_unit({unit}, since=date(2026, 1, 1), until=date(2026, 12, 31)) == {unit: (2, 2)}


@pytest.mark.parametrize(("day", "in_time"), [("2026-11-29", True), ("2026-11-30", True), ("2026-12-01", False)])
def test_a_request_comes_on_the_due_date_at_the_latest(world, clock, day, in_time):
    clock.move_to(f"{day}T16:00:00+08:00")
    if in_time:
        assert asked(world).state == "submitted"
        return
    with pytest.raises(IllegalMove) as refused:
        asked(world)
    assert "2026" in str(refused.value.sentence) and not Extension.objects.exists()


def test_head_and_office_may_act_after_the_date_on_what_was_asked_in_time(world, clock):
    clock.move_to("2026-11-30T16:00:00+08:00")
    row = asked(world)
    clock.move_to("2026-12-03T09:00:00+08:00")
    row = extensions.return_by_head(row, actor=world.actor("jia_head"), reason="写明招标时间")
    row = extensions.submit_again(
        row, actor=world.actor("jia_liaison"), reason="12月10日重新招标", progress="已备案",
        wanted_on=date(2026, 12, 25), row_version=row.row_version,
    )  # fmt: skip
    row = extensions.sign(row, actor=world.actor("jia_head"))
    extensions.grant(row, actor=world.actor("director"), granted_on=date(2026, 12, 25))
    assert Task.objects.get(pk=world.tasks[0].pk).due_on == date(2026, 12, 25)


def test_only_a_unit_that_answers_for_the_task_asks(world):
    with pytest.raises(IllegalMove):
        asked(world, who="yi_liaison", unit="乙局")
    with pytest.raises(NotAllowed):
        asked(world, who="yi_liaison", unit="甲局")


@pytest.mark.parametrize("wanted", [DUE, date(2026, 11, 1), date(2027, 1, 1)])
def test_the_wanted_date_is_later_and_inside_the_programme(world, wanted):
    with pytest.raises(IllegalMove):
        asked(world, wanted_on=wanted)


def test_one_request_at_a_time(world):
    asked(world)
    with pytest.raises(IllegalMove) as refused:
        asked(world)
    assert "甲局" in str(refused.value.sentence)
    row = Extension.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            **{f.attname: getattr(row, f.attname) for f in Extension._meta.fields if f.name != "id"}
        )
    extensions.withdraw(row, actor=world.actor("jia_liaison"))
    assert asked(world).state == "submitted"


def test_nobody_signs_or_decides_his_own_request(world):
    row = asked(world, who="clerk")
    assert row.on_behalf
    with pytest.raises(NotAllowed):
        extensions.countersign(
            Extension.objects.get(pk=asked(world, who="bing_liaison", unit="丙局", task=2).pk),
            actor=world.actor("bing_liaison"),
        )
    row = extensions.sign(row, actor=world.actor("jia_head"))
    Extension.objects.filter(pk=row.pk).update(filed_by=world.people["director"])
    with pytest.raises(NotAllowed):
        extensions.grant(row, actor=world.actor("director"), granted_on=date(2026, 12, 18))


def test_the_office_countersigns_where_a_unit_has_no_head_and_nowhere_else(world):
    with pytest.raises(IllegalMove):
        extensions.countersign(asked(world), actor=world.actor("clerk"))
    row = asked(world, who="bing_liaison", unit="丙局", task=2, wanted_on=date(2026, 12, 25))
    row = extensions.countersign(row, actor=world.actor("clerk"))
    assert (row.state, row.sign_mode) == ("signed", "office")


def test_a_refusal_needs_a_reason_and_leaves_the_date(world):
    row = signed(world)
    with pytest.raises(IllegalMove):
        extensions.refuse(row, actor=world.actor("director"), reason=" ")
    extensions.refuse(row, actor=world.actor("director"), reason="时限为市政府确定")
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (task.due_on, task.extended) == (DUE, 0)
    assert history(task).last().action == "refuse_extension"


def test_the_new_date_of_the_office_is_later_and_inside_the_programme(world):
    row = signed(world)
    for day in (DUE, date(2027, 1, 4)):
        with pytest.raises(IllegalMove):
            extensions.grant(row, actor=world.actor("director"), granted_on=day)
    row.refresh_from_db()
    assert row.state == "signed"


def test_a_second_press_of_grant_extends_once(world):
    row = signed(world)
    for _press in range(2):
        extensions.grant(row, actor=world.actor("director"), granted_on=date(2026, 12, 18))
    assert Task.objects.get(pk=world.tasks[0].pk).extended == 1


def test_a_milestone_is_extended_without_its_task(world):
    director = world.actor("director")
    milestone = breakdown.add_milestone(
        programme=world.programme, task=world.tasks[0], actor=director, title="完成招标", due_on=date(2026, 6, 30)
    )
    row = signed(world, milestone=milestone, wanted_on=date(2026, 7, 31))
    extensions.grant(row, actor=director, granted_on=date(2026, 7, 20))
    milestone = Milestone.objects.get(pk=milestone.pk)
    assert (milestone.due_on, milestone.original_due, milestone.extended) == (
        date(2026, 7, 20), date(2026, 6, 30), 1,
    )  # fmt: skip
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (task.due_on, task.extended) == (DUE, 0)
    breakdown.settle_milestone(milestone, actor=director, state="done")
    with pytest.raises(IllegalMove):
        asked(world, milestone=milestone, wanted_on=date(2026, 8, 31))


def test_what_is_done_or_rests_is_not_extended_but_a_request_can_still_be_refused(world):
    row = asked(world, who="bing_liaison", unit="丙局", task=2, wanted_on=date(2026, 12, 25))
    row = extensions.countersign(row, actor=world.actor("clerk"))
    director = world.actor("director")
    parts.waive(world.tasks[2].parts.exclude(state=PartState.WAIVED).get(), actor=director, reason="并入他项")
    tasks.complete(world.tasks[2], actor=director)
    with pytest.raises(IllegalMove):
        extensions.grant(row, actor=director, granted_on=date(2026, 12, 25))
    assert extensions.refuse(row, actor=director, reason="已办结").state == "refused"
    tasks.suspend(world.tasks[0], actor=director, reason="政策调整", basis="纪要")
    with pytest.raises(IllegalMove):
        asked(world)


def test_whoever_has_the_request_next_is_told(world):
    def told(word):
        return set(InboxItem.objects.filter(title__contains=word).values_list("recipient__username", flat=True))

    row = asked(world)
    assert told("待审签") == {"jia_head"}
    row = extensions.sign(row, actor=world.actor("jia_head"))
    assert told("延期申请待定") == {"clerk", "director"}
    extensions.grant(row, actor=world.actor("director"), granted_on=date(2026, 12, 18))
    assert told("获准，新时限2026年12月18日") == {"jia_liaison", "jia_head"}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(steps=st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["grant", "refuse", "withdraw"])), max_size=4))
def test_whatever_is_asked_and_decided_the_original_date_never_changes(world, steps):
    """The date in force only moves by granted requests, to the day granted; their number is the count."""
    with transaction.atomic():
        due, count = DUE, 0
        for days, fate in steps:
            wanted = due + timedelta(days=days)
            world.tasks[0].refresh_from_db()
            if wanted > date(2026, 12, 31):
                break
            row = signed(world, wanted_on=wanted)
            if fate == "grant":
                extensions.grant(row, actor=world.actor("director"), granted_on=wanted)
                due, count = wanted, count + 1
            elif fate == "refuse":
                extensions.refuse(row, actor=world.actor("director"), reason="不同意")
            else:
                extensions.withdraw(row, actor=world.actor("jia_liaison"))
            task = Task.objects.get(pk=world.tasks[0].pk)
            assert (task.due_on, task.original_due, task.extended) == (due, DUE, count)
        transaction.set_rollback(True)
