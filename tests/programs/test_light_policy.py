"""The rules of a light policy, case by case, and the laws that hold whatever a policy says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.domain.lights import (
    SEVERITY,
    Light,
    PartFacts,
    TaskFacts,
    WindowFacts,
    part_light,
    planned_percent,
    share_left,
    task_light,
)
from programs.domain.outlook import ORDER, outlook
from programs.domain.rules import LIGHT_POLICY, LightPolicy
from qualitycity.workdays import Calendar

#: A machine busy with other things is no fault of a law.
LAW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: A Thursday. The term runs for a hundred days, of which forty have passed.
TODAY = date(2026, 3, 26)
BEGAN, ENDS = date(2026, 2, 14), date(2026, 5, 25)
#: What was sealed before the other rules existed.
OLD = {"sign_for_days": 3, "warn_days": 7}
SHARE = LIGHT_POLICY | {"left_amber": 30, "left_second": 15}
PART = PartFacts("市甲局", "signed_for", assigned_on=BEGAN, percent=40, percent_on=TODAY, ever_accepted=True)
TASK = TaskFacts("active", "outcome", assigned_on=BEGAN, due_on=ENDS, parts=(PART,))
#: Twenty days long, six of them left: thirty per cent.
WINDOW = WindowFacts("2026年第一季度", TODAY - timedelta(days=14), TODAY + timedelta(days=6))
QUIET = SHARE | {"warn_days": None}


def at(percent: int | None = 40, **part) -> TaskFacts:
    return replace(TASK, parts=(replace(PART, percent=percent, **part),))


def new(**task) -> TaskFacts:
    """Nothing was ever reported."""
    return replace(at(None, ever_accepted=False), **task)


def windowed(**window) -> TaskFacts:
    return at(window=replace(WINDOW, **window))


CASES = {
    # --- 落后序时进度: planned are 40 per cent
    "the plan reached": (at(40), LIGHT_POLICY, "green", "进度40%，还有42个工作日"),
    "nine points below": (at(31), LIGHT_POLICY, "green", "进度31%，还有42个工作日"),
    "ten points below": (at(30), LIGHT_POLICY, "amber", "截至3月26日进度30%，低于序时进度10个百分点"),
    "thirty points below": (at(10), LIGHT_POLICY, "amber", "截至3月26日进度10%，低于序时进度30个百分点"),
    "thirty-one points below": (at(9), LIGHT_POLICY, "red", "截至3月26日进度9%，低于序时进度31个百分点"),
    "ahead of the plan": (at(90), LIGHT_POLICY, "green", "进度90%，还有42个工作日"),
    "measured on the day the figure is of, not today": (
        at(20, percent_on=date(2026, 3, 6)), LIGHT_POLICY, "green", "进度20%，还有42个工作日",
    ),
    "filed before the period is over: measured today": (
        at(30, percent_on=date(2026, 3, 31)), LIGHT_POLICY, "amber", "截至3月26日进度30%，低于序时进度10个百分点",
    ),
    "another boundary, sealed for this programme": (
        at(38), LIGHT_POLICY | {"gap_amber": 2, "gap_red": 5}, "amber", "截至3月26日进度38%，低于序时进度2个百分点",
    ),
    "the rule is off": (at(0), LIGHT_POLICY | {"gap_amber": None, "gap_red": None}, "green", "进度0%，还有42个工作日"),
    "sealed before the rule existed": (at(0), OLD, "green", "进度0%，还有42个工作日"),
    "known from before the portal: no report, held against nobody": (
        at(5, ever_accepted=False, opening_on=date(2026, 3, 1)), LIGHT_POLICY,
        "grey", "上线前（截至2026年3月1日）进度5%，门户内尚无审核通过的进展",
    ),
    "ongoing work has no plan": (replace(at(None), nature="ongoing"), LIGHT_POLICY, "green", "常态推进，按期报送"),
    "far behind and the report due soon: the worse decides": (
        at(0, window=WINDOW), LIGHT_POLICY, "red", "截至3月26日进度0%，低于序时进度40个百分点",
    ),
    # --- 剩余时间占比 of a reporting period
    "thirty per cent of the period left": (
        windowed(), QUIET, "amber", "2026年第一季度进展尚未报送，只剩30%的时间，还有4个工作日",
    ),
    "thirty-five per cent left": (
        windowed(opens_on=TODAY - timedelta(days=13), due_on=TODAY + timedelta(days=7)), QUIET,
        "green", "进度40%，还有42个工作日",
    ),
    "fifteen per cent left: the second stage": (
        windowed(opens_on=TODAY - timedelta(days=17), due_on=TODAY + timedelta(days=3)), QUIET,
        "amber", "2026年第一季度进展尚未报送，只剩15%的时间（第二阶段），还有1个工作日",
    ),
    "the second stage is said before the days": (
        windowed(opens_on=TODAY - timedelta(days=17), due_on=TODAY + timedelta(days=3)), SHARE,
        "amber", "2026年第一季度进展尚未报送，只剩15%的时间（第二阶段），还有1个工作日",
    ),
    "typed and with the head": (
        windowed(entry_state="submitted"), QUIET,
        "amber", "2026年第一季度进展已填报、待审签，只剩30%的时间，还有4个工作日",
    ),
    "reported": (windowed(entry_state="signed"), QUIET, "green", "进度40%，还有42个工作日"),
    "not open yet": (
        windowed(opens_on=TODAY + timedelta(days=1)), QUIET, "green", "进度40%，还有42个工作日",
    ),
    # --- 剩余时间占比 of the task where nothing was ever reported
    "thirty per cent of the task's time left": (
        new(due_on=TODAY + timedelta(days=17)), QUIET, "amber", "完成时限只剩30%的时间，尚无进展报告",
    ),
    "its second stage": (
        new(due_on=TODAY + timedelta(days=7)), QUIET, "amber", "完成时限只剩15%的时间（第二阶段），尚无进展报告",
    ),
    "much of it left": (new(), QUIET, "grey", "尚无审核通过的进展"),
    "off by default": (new(due_on=TODAY + timedelta(days=17)), LIGHT_POLICY, "grey", "尚无审核通过的进展"),
    # --- switches of the older rules
    "no warning days": (
        replace(TASK, due_on=TODAY + timedelta(days=4), assigned_on=TODAY - timedelta(days=3)),
        LIGHT_POLICY | {"warn_days": None}, "green", "进度40%，还有2个工作日",
    ),
    "no limit for signing": (
        at(None, state="assigned", ever_accepted=False), LIGHT_POLICY | {"sign_for_days": None}, "grey", "待签收",
    ),
    "late milestones do not count here": (
        replace(TASK, late_milestones=(("验收", date(2026, 3, 20)),)), LIGHT_POLICY | {"milestones": False},
        "green", "进度40%，还有42个工作日",
    ),
    "late milestones have always counted": (
        replace(TASK, late_milestones=(("验收", date(2026, 3, 20)),)), OLD,
        "amber", "节点“验收”逾期4个工作日，任务尚未到期",
    ),
    "not signed for, and due tomorrow: the date speaks": (
        replace(at(None, state="assigned", assigned_on=TODAY, ever_accepted=False), due_on=TODAY + timedelta(days=1)),
        LIGHT_POLICY, "amber", "还有1个工作日到期，尚未办结",
    ),
    "overdue under any policy": (
        replace(at(99), due_on=date(2026, 3, 25)), dict.fromkeys(LIGHT_POLICY), "red", "未办结，逾期1个工作日",
    ),
    "returned and over under any policy": (
        windowed(entry_state="returned", due_on=date(2026, 3, 25)), dict.fromkeys(LIGHT_POLICY),
        "red", "2026年第一季度进展被退回、尚未重报，逾期1个工作日",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_colour_and_sentence(case: str) -> None:
    facts, policy, code, sentence = CASES[case]
    found = task_light(facts, policy, TODAY, Calendar())
    assert (found.code, found.sentence) == (code, sentence)


def test_the_light_names_what_it_was_judged_by() -> None:
    inputs = task_light(at(9), LIGHT_POLICY, TODAY, Calendar()).inputs
    assert inputs == {"today": TODAY, "planned": 40, "gap": 31, "measured_on": TODAY}


@pytest.mark.parametrize(
    ("first", "last", "share"),
    [
        (TODAY - timedelta(days=70), TODAY + timedelta(days=30), 30),
        (TODAY - timedelta(days=699), TODAY + timedelta(days=301), 31),  # 30.1 is more than 30
        (TODAY, TODAY, 0),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), 0),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=5), 100),
    ],
)
def test_the_share_of_time_left_is_rounded_up(first: date, last: date, share: int) -> None:
    assert share_left(first, last, TODAY) == share


def test_a_plan_is_told_of_definite_outcomes_with_both_dates_alone() -> None:
    assert planned_percent(TASK, TODAY) == 40
    assert planned_percent(TASK, BEGAN - timedelta(days=3)) == 0
    assert planned_percent(TASK, ENDS + timedelta(days=3)) == 100
    for missing in ({"nature": "ongoing"}, {"assigned_on": None}, {"due_on": None}):
        assert planned_percent(replace(TASK, **missing), TODAY) is None


# --- laws -------------------------------------------------------------------------------------------------------------

days = st.integers(-40, 60).map(lambda offset: TODAY + timedelta(days=offset))
windows = st.none() | st.builds(
    WindowFacts,
    label=st.just("2026年第一季度"),
    opens_on=days,
    due_on=days,
    entry_state=st.sampled_from([None, "draft", "submitted", "returned", "signed", "accepted"]),
)
parts = st.builds(
    PartFacts,
    unit=st.sampled_from(["市甲局", "市乙局", "市丙局"]),
    state=st.sampled_from(["pending", "assigned", "signed_for", "done", "waived"]),
    assigned_on=st.none() | days,
    settled_on=days,
    percent=st.none() | st.integers(0, 100),
    percent_on=st.none() | days,
    opening_on=st.none() | days,
    ever_accepted=st.booleans(),
    window=windows,
)
tasks = st.builds(
    TaskFacts,
    state=st.sampled_from(["active", "active", "active", "draft", "completed"]),
    nature=st.sampled_from(["outcome", "ongoing", "indicator"]),
    assigned_on=st.none() | days,
    due_on=st.none() | days,
    completed_on=days,
    parts=st.lists(parts, max_size=3).map(tuple),
    late_milestones=st.sampled_from([(), (("验收", date(2026, 3, 20)),)]),
)
numbers = st.none() | st.integers(1, 40)
policies = st.fixed_dictionaries(
    {"sign_for_days": numbers, "warn_days": numbers, "milestones": st.booleans()},
    optional={"left_amber": numbers, "left_second": numbers},
).flatmap(
    lambda policy: st.tuples(st.integers(1, 40), st.integers(0, 40)).map(
        lambda gap: policy | {"gap_amber": gap[0], "gap_red": gap[0] + gap[1]}
    )
    | st.just(policy)
)
RULES = (("sign_for_days",), ("warn_days",), ("milestones",), ("gap_amber", "gap_red"), ("left_amber", "left_second"))
CALENDAR = Calendar()


def judged(facts: TaskFacts, policy) -> Light:
    return task_light(facts, policy, TODAY, CALENDAR)


@LAW
@given(facts=tasks, policy=policies)
def test_the_worst_part_decides(facts, policy) -> None:
    found = judged(facts, policy)
    filing = [part for part in facts.parts if part.state != "waived"]
    if facts.state != "active" or not filing:
        return
    ranks = [part_light(part, facts, policy, TODAY, CALENDAR).rank for part in filing]
    late = policy["milestones"] and bool(facts.late_milestones)
    assert found.rank == min([*ranks, *([SEVERITY["amber"]] if late else [])])


@LAW
@given(facts=tasks, policy=policies)
def test_no_data_is_never_green(facts, policy) -> None:
    """A part at work of which nothing was ever passed does not turn green, nor does a task that has such a part."""
    at_work = [part for part in facts.parts if part.state in ("pending", "assigned", "signed_for")]
    unknown = [part for part in at_work if not part.ever_accepted]
    for part in unknown:
        assert part_light(part, facts, policy, TODAY, CALENDAR).code != "green"
    if facts.state == "active" and unknown:
        assert judged(facts, policy).code != "green"


@LAW
@given(facts=tasks, policy=policies, rule=st.sampled_from(RULES), gone=st.booleans())
def test_switching_a_rule_off_never_makes_a_light_worse(facts, policy, rule, gone) -> None:
    off = {name: value for name, value in policy.items() if name not in rule} if gone else dict(policy)
    if not gone or rule == ("milestones",):
        off |= dict.fromkeys(rule)
    assert judged(facts, off).rank >= judged(facts, policy).rank


@LAW
@given(facts=tasks, policy=policies)
def test_every_light_has_a_reason_and_the_same_facts_the_same_light(facts, policy) -> None:
    found = judged(facts, policy)
    assert found.sentence and found == judged(facts, policy)
    assert found.early <= (found.code == "green")


@LAW
@given(gap=st.integers(-50, 100), amber=st.integers(1, 50), more=st.integers(0, 50))
def test_more_points_below_never_mend_a_light(gap, amber, more) -> None:
    policy = LightPolicy.of({"gap_amber": amber, "gap_red": amber + more})
    rank = [None, "amber", "red"].index
    assert rank(policy.gap_colour(gap)) <= rank(policy.gap_colour(gap + 1))


# --- 能否完成 ---------------------------------------------------------------------------------------------------------

OUTLOOKS = {
    "on the plan": (at(40), "on_course", "截至3月26日进度40%，达到序时进度40%"),
    "a little below": (at(31), "on_course", "截至3月26日进度31%，低于序时进度9个百分点"),
    "below": (at(20), "at_risk", "截至3月26日进度20%，低于序时进度20个百分点，按此推算约2026年9月完成"),
    "far below": (at(5), "unlikely", "截至3月26日进度5%，低于序时进度35个百分点，按此推算约2028年4月完成"),
    "nothing done": (at(0), "unlikely", "截至3月26日进度0%，低于序时进度40个百分点，按此无法推算完成时间"),
    "no percentage passed": (at(None, ever_accepted=False), "unknown", "尚无审核通过的进度"),
    "a percentage nobody has passed": (at(90, ever_accepted=False), "unknown", "尚无审核通过的进度"),
    "no date": (replace(TASK, due_on=None), "unknown", "未定完成时限"),
    "an indicator asks for no percentage": (replace(TASK, nature="indicator"), "unknown", "不填进度百分比，无法推算"),
    "its date has passed": (replace(TASK, due_on=date(2026, 3, 25)), "unlikely", "已逾期1个工作日"),
    "a milestone is late": (
        replace(TASK, late_milestones=(("验收", date(2026, 3, 20)),)), "at_risk", "节点“验收”逾期4个工作日",
    ),
    "two milestones are late, nothing reported": (
        replace(at(None, ever_accepted=False), late_milestones=(("甲", date(2026, 3, 20)), ("乙", TODAY))),
        "at_risk", "节点“甲”等2个节点逾期4个工作日",
    ),
    "of two units the worse speaks": (
        replace(TASK, parts=(PART, replace(PART, unit="市乙局", percent=20))),
        "at_risk", "市乙局：截至3月26日进度20%，低于序时进度20个百分点，按此推算约2026年9月完成",
    ),
    "the slow one is done": (
        replace(TASK, parts=(PART, replace(PART, unit="市乙局", percent=20, state="done"))),
        "on_course", "截至3月26日进度40%，达到序时进度40%",
    ),
    "all parts done": (at(100, state="done"), "on_course", "各责任单位承担部分均已完成"),
}  # fmt: skip


@pytest.mark.parametrize("case", OUTLOOKS)
def test_outlook(case: str) -> None:
    facts, code, sentence = OUTLOOKS[case]
    found = outlook(facts, LIGHT_POLICY, TODAY, CALENDAR)
    assert found is not None and (found.code, found.sentence) == (code, sentence)


@pytest.mark.parametrize("task", [{"state": "completed"}, {"state": "draft"}, {"historical": True}])
def test_what_is_over_or_not_begun_has_no_outlook(task) -> None:
    assert outlook(replace(TASK, **task), LIGHT_POLICY, TODAY, CALENDAR) is None
    assert outlook(replace(TASK, nature="ongoing", due_on=None), LIGHT_POLICY, TODAY, CALENDAR) is None


def test_where_the_rule_of_the_gap_is_off_the_usual_limits_serve_the_outlook() -> None:
    found = outlook(at(20), OLD, TODAY, CALENDAR)
    assert found is not None and found.code == "at_risk"


@LAW
@given(percent=st.integers(0, 99))
def test_more_progress_never_darkens_the_outlook(percent) -> None:
    less, more = (outlook(at(figure), LIGHT_POLICY, TODAY, CALENDAR) for figure in (percent, percent + 1))
    assert less is not None and more is not None and ORDER[less.code] <= ORDER[more.code]
