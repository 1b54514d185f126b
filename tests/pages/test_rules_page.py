"""亮灯与提醒规则: read by the office, changed by its administrator, sealed with a reason once the programme runs."""

from datetime import date

import pytest

from programs.domain import reminders
from programs.domain.programmes import create, start
from programs.domain.rules import LIGHT_POLICY, REMINDER_LADDER
from programs.domain.ruling import change_rules, rules_of
from programs.models import Milestone, Programme, ReminderDelivery, TaskStanding
from qualitycity.audit import history
from qualitycity.sealing.models import RuleSnapshot
from qualitycity.workflow import IllegalMove, NotAllowed


def address(programme) -> str:
    return f"/programmes/{programme.pk}/rules/"


def typed(programme, **more):
    """What the form sends when nothing was touched, and `more`; None takes a tick away."""
    programme.refresh_from_db()
    sent = {
        "sign_for": "on", "sign_for_days": "3", "warn": "on", "warn_days": "7", "gap": "on", "gap_amber": "10",
        "gap_red": "30", "left_amber": "30", "left_second": "15", "milestones": "on",
        "milestone_before": "30、7、3、1", "milestone_after": "1、7、14、30", "window_before": "7、1",
        "window_after": "1、7", "signing": "1、4", "office_from": "14", "version": str(programme.row_version),
    } | more  # fmt: skip
    return {name: value for name, value in sent.items() if value is not None}


def test_the_form_shows_what_is_in_force_and_sending_it_back_changes_nothing(world, as_user):
    client = as_user("director")
    form = client.get(address(world.programme)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert shown["gap"] and not shown["left"] and shown["left_amber"] == 30
    assert form.fields["milestone_before"].prepare_value(shown["milestone_before"]) == "30、7、3、1"
    before = RuleSnapshot.objects.count()
    assert client.post(address(world.programme), typed(world.programme)).status_code == 302
    assert RuleSnapshot.objects.count() == before and not history(world.programme).filter(action="change_rules").exists()


def test_a_change_of_a_running_programme_needs_a_reason_and_is_sealed_with_it(world, as_user):
    client = as_user("director")
    refused = client.post(address(world.programme), typed(world.programme, warn_days="12"))
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["reason"]
    assert 'value="12"' in refused.content.decode()
    old = Programme.objects.get(pk=world.programme.pk).light_policy
    sent = typed(world.programme, warn_days="12", left="on", milestone_before="10 5", reason="领导小组会议要求")
    assert client.post(address(world.programme), sent).status_code == 302
    programme = Programme.objects.get(pk=world.programme.pk)
    assert programme.light_policy.content == LIGHT_POLICY | {"warn_days": 12, "left_amber": 30, "left_second": 15}
    assert programme.reminder_ladder.content == REMINDER_LADDER | {"milestone": [-10, -5, 1, 7, 14, 30]}
    assert RuleSnapshot.objects.get(pk=old.pk).content == LIGHT_POLICY
    [entry] = history(programme).filter(action="change_rules")
    assert entry.reason == "领导小组会议要求"
    assert entry.before == {
        "warn_days": 7, "left_amber": None, "left_second": None, "milestone": REMINDER_LADDER["milestone"],
    }  # fmt: skip
    page = client.get(address(programme)).content.decode()
    assert "到期预警（工作日）：7 → 12" in page and "节点、时限提醒（工作日）：前30、7、3、1；后1、7、14、30 → 前10、5；后1、7、14、30" in page


def test_lights_are_worked_out_anew_after_a_change(world, as_user, settled):
    """The window is due on 7 April, eight working days ahead: out of seven, within twelve."""
    settled()
    task = TaskStanding.objects.get(task=world.tasks[2])
    assert task.light == "grey"
    sent = typed(world.programme, warn_days="12", reason="提前预警")
    as_user("director").post(address(world.programme), sent)
    settled()
    task.refresh_from_db()
    assert (task.light, task.sentence) == ("amber", "2026年第一季度进展尚未报送，还有8个工作日")


def test_before_the_start_rules_are_set_freely_and_the_start_keeps_them(world, as_user):
    draft = create(
        actor=world.actor("director"), jurisdiction=world.city, title="质量提升行动（2027年）", short_title="提升2027",
        starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), report_every="quarter",
    )  # fmt: skip
    client = as_user("director")
    assert "reason" not in client.get(address(draft)).context["form"].fields
    assert client.post(address(draft), typed(draft, gap=None, gap_amber="", gap_red="")).status_code == 302
    start(draft, actor=world.actor("director"))
    draft.refresh_from_db()
    assert draft.state == "running" and draft.light_policy.content["gap_amber"] is None
    assert draft.reminder_ladder.content == REMINDER_LADDER


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"warn_days": ""}, "warn_days"),
        ({"warn_days": "0"}, "warn_days"),
        ({"warn_days": "七"}, "warn_days"),
        ({"gap_amber": "40"}, "gap_red"),
        ({"gap_red": "101"}, "gap_red"),
        ({"left": "on", "left_second": "30"}, "left_second"),
        ({"left": "on", "left_amber": ""}, "left_amber"),
        ({"milestone_before": "1、3、7"}, "milestone_before"),
        ({"milestone_before": "7、7"}, "milestone_before"),
        ({"milestone_before": "三天"}, "milestone_before"),
        ({"milestone_before": "-7"}, "milestone_before"),
        ({"milestone_before": "1.5"}, "milestone_before"),
        ({"milestone_before": "0"}, "milestone_before"),
        ({"milestone_before": "9000"}, "milestone_before"),
        ({"milestone_after": "7、1"}, "milestone_after"),
        ({"window_after": "1、2、3、4、5、6、7、8、9"}, "window_after"),
        ({"window_before": "", "window_after": " "}, "window_before"),
        ({"office_from": ""}, "office_from"),
        ({"office_from": "999"}, "office_from"),
        ({"version": ""}, "version"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(world, as_user, sent, field):
    response = as_user("director").post(address(world.programme), typed(world.programme, reason="调整", **sent))
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    page = response.content.decode()
    shown = [value for value in sent.values() if value.strip() and value != "on"]
    assert "调整" in page and all(f'value="{value}"' in page for value in shown)
    assert not history(world.programme).filter(action="change_rules").exists()


def test_full_width_and_other_separators_are_what_people_type(world, as_user):
    sent = typed(world.programme, milestone_before="２０，５； 1", milestone_after="", reason="调整")
    assert as_user("director").post(address(world.programme), sent).status_code == 302
    world.programme.refresh_from_db()
    assert world.programme.reminder_ladder.content["milestone"] == [-20, -5, -1]


def test_numbers_of_a_rule_that_is_off_are_not_looked_at(world, as_user):
    sent = typed(world.programme, warn=None, warn_days="nonsense", reason="停用")
    assert as_user("director").post(address(world.programme), sent).status_code == 302
    world.programme.refresh_from_db()
    assert world.programme.light_policy.content["warn_days"] is None


def test_who_reads_and_who_changes(world, as_user):
    answers = {"clerk": 200, "director": 200, "leader": 403, "jia_head": 403, "auditor": 403, "stranger": 404}
    for who, status in answers.items():
        assert as_user(who).get(address(world.programme)).status_code == status, who
    page = as_user("clerk").get(address(world.programme)).content.decode()
    assert "disabled" in page and 'id="rules-form"' in page and "btn-primary" not in page
    sent = typed(world.programme, warn_days="9", reason="x")
    assert as_user("clerk").post(address(world.programme), sent).status_code == 403
    with pytest.raises(NotAllowed):
        change_rules(
            world.programme, actor=world.actor("clerk"), light=LIGHT_POLICY, ladder=REMINDER_LADDER, version=0,
            reason="x",
        )  # fmt: skip


def test_whoever_was_slower_is_told(world, as_user):
    slow = typed(world.programme, warn_days="9", reason="慢")
    client = as_user("director")
    client.post(address(world.programme), typed(world.programme, warn_days="8", reason="快"))
    late = client.post(address(world.programme), slow)
    assert late.status_code == 422 and late.context["form"].non_field_errors()
    world.programme.refresh_from_db()
    assert world.programme.light_policy.content["warn_days"] == 8


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_the_rules_of_a_programme_that_is_over_stay(world, as_user, state):
    Programme.objects.filter(pk=world.programme.pk).update(state=state)
    client = as_user("director")
    assert not client.get(address(world.programme)).context["may_change"]
    assert client.post(address(world.programme), typed(world.programme, warn_days="9", reason="x")).status_code == 422
    light, ladder = rules_of(Programme.objects.get(pk=world.programme.pk))
    with pytest.raises(IllegalMove):
        change_rules(
            world.programme, actor=world.actor("director"), light=light | {"warn_days": 9}, ladder=ladder, version=0,
            reason="x",
        )  # fmt: skip


def test_a_changed_ladder_counts_from_its_day_on(world, as_user, clock):
    """31 March is three working days away: a rung at four has passed before the change and is not made up."""
    day = date(2026, 3, 31)
    Milestone.objects.create(
        programme=world.programme, task=world.tasks[2], title="抽检", due_on=day, original_due=day
    )
    as_user("director").post(address(world.programme), typed(world.programme, milestone_before="4、2", reason="调整"))
    reminders.scan()
    told = ReminderDelivery.objects.filter(key__startswith="milestone")
    assert not told.exists()
    clock.move_to("2026-03-27T08:05:00+08:00")
    reminders.scan()
    assert [row.rung for row in told] == [-2]


def test_the_page_warns_of_a_year_without_holidays_and_costs_few_queries(world, as_user, django_assert_max_num_queries):
    client = as_user("director")
    client.get(address(world.programme))
    with django_assert_max_num_queries(12):
        response = client.get(address(world.programme))
    assert "尚未录入2026年放假安排" in response.content.decode()
    with django_assert_max_num_queries(20):
        client.post(address(world.programme), typed(world.programme, warn_days="9", reason="x"))
