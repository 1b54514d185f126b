"""活动日历: the matrix, the years laid out, results in three lines."""

from datetime import date

import pytest

from programs.choices import ActivityState
from programs.domain import reminders
from programs.domain.supervision import activities
from programs.models import ActivityRun, ReminderDelivery
from qualitycity.home.invariants import violations
from qualitycity.workflow import IllegalMove, NotAllowed, advance

PEOPLE = (
    "jia_liaison", "jia_head", "yi_liaison", "bing_liaison", "clerk", "director", "leader", "secretary", "supervisor",
    "auditor", "district", "sysadmin", "stranger",
)  # fmt: skip
OFFICE = {"clerk", "director"}
# written from the design; 甲局 is the organiser, the first day has come
TABLE = {
    ("planned", "hold"): {"jia_liaison", "jia_head"} | OFFICE,
    ("held", "correct"): OFFICE,
    ("planned", "cancel"): OFFICE,
    ("cancelled", "plan"): OFFICE,
}


def add(world, **more):
    values = {"title": "质量月", "organiser": world.units["甲局"], "month": 9, "day": 1, "days": 30, "note": ""} | more
    return activities.add(actor=world.actor(values.pop("who", "clerk")), jurisdiction=world.city, **values)


def test_matrix(world, clock):
    run = add(world).runs.get(year=2026)
    clock.move_to("2026-09-02T09:00:00+08:00")
    actors = {name: world.actor(name) for name in PEOPLE}
    recorded = {"result": "开展宣传", "recorded_by_id": world.people["clerk"].pk, "recorded_on": date(2026, 9, 2)}
    for state in ActivityState.values:
        for action in ("hold", "correct", "cancel", "plan"):
            for name in PEOPLE:
                ActivityRun.objects.filter(pk=run.pk).update(state=state, **recorded)
                row = ActivityRun.objects.get(pk=run.pk)
                try:
                    moved = advance(activities.RUNS, row, action, actor=actors[name], reason="理由")
                    done = moved.row_version > row.row_version
                except (IllegalMove, NotAllowed):
                    done = False
                assert done == (name in TABLE.get((state, action), set())), (state, action, name)


def test_this_year_and_the_next_are_laid_out_and_what_is_over_begins_next_year(world, clock):
    add(world)
    add(world, title="3·15活动", month=3, day=15, days=1)
    assert sorted(ActivityRun.objects.values_list("activity__title", "starts_on", "ends_on")) == [
        ("3·15活动", date(2027, 3, 15), date(2027, 3, 15)),
        ("质量月", date(2026, 9, 1), date(2026, 9, 30)),
        ("质量月", date(2027, 9, 1), date(2027, 9, 30)),
    ]
    clock.move_to("2027-01-04T09:00:00+08:00")
    assert activities.lay_out() == 2 and activities.lay_out() == 0


def test_the_result_has_one_to_three_lines_and_comes_after_the_first_day(world, clock):
    run = add(world).runs.get(year=2026)
    with pytest.raises(IllegalMove):
        activities.hold(run, actor=world.actor("jia_liaison"), result="开展宣传")
    clock.move_to("2026-10-09T09:00:00+08:00")
    for wrong in ("", " \n ", "一\n二\n三\n四", "长" * 121):
        with pytest.raises(IllegalMove):
            activities.hold(run, actor=world.actor("jia_liaison"), result=wrong)
    run = activities.hold(run, actor=world.actor("jia_liaison"), result="现场咨询12场\n\n参与企业86家\n发放资料3000份")
    assert run.result == "现场咨询12场\n参与企业86家\n发放资料3000份" and run.state == "held"
    run = activities.correct(run, actor=world.actor("clerk"), reason="数字有误")
    assert run.state == "planned" and run.result and list(violations()) == []


def test_a_year_moved_by_hand_keeps_its_days_when_the_activity_changes(world):
    activity = add(world)
    first, second = activity.runs.order_by("year")
    activities.move(
        first, actor=world.actor("clerk"), starts_on=date(2026, 9, 7), ends_on=date(2026, 10, 6), reason="配合会议",
        row_version=1,
    )  # fmt: skip
    values = {"title": "质量月", "organiser": world.units["乙局"], "month": 8, "day": 20, "days": 10, "note": ""}
    activities.change(activity, actor=world.actor("clerk"), row_version=1, **values)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.starts_on, second.starts_on, second.ends_on) == (
        date(2026, 9, 7), date(2027, 8, 20), date(2027, 8, 29),
    )  # fmt: skip
    with pytest.raises(IllegalMove):
        activities.move(
            first, actor=world.actor("clerk"), starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 5), reason="x",
            row_version=first.row_version,
        )  # fmt: skip


def test_one_name_once_and_kept_by_the_office(world):
    add(world)
    with pytest.raises(IllegalMove):
        add(world)
    with pytest.raises(NotAllowed):
        add(world, who="jia_liaison", title="开放日")


def test_an_ended_activity_does_not_come_back(world, clock):
    activity = add(world)
    activities.end(activity, actor=world.actor("clerk"), reason="并入他项")
    assert set(activity.runs.values_list("state", flat=True)) == {"cancelled"}
    clock.move_to("2027-01-04T09:00:00+08:00")
    assert activities.lay_out() == 0 and list(violations()) == []


def test_the_organiser_is_asked_for_the_result_afterwards(world, clock):
    add(world)
    clock.move_to("2026-10-09T09:00:00+08:00")
    reminders.scan()
    told = ReminderDelivery.objects.filter(key__startswith="activity")
    assert {row.recipient.username for row in told} == {"jia_liaison", "jia_head"}
    assert told[0].subject == "2026年“质量月”开展情况待登记"


def test_a_leap_day_becomes_the_last_of_february(world, clock):
    clock.move_to("2028-01-04T09:00:00+08:00")
    activity = add(world, title="闰日", month=2, day=29, days=1)
    assert [run.starts_on for run in activity.runs.order_by("year")] == [date(2028, 2, 29), date(2029, 2, 28)]
