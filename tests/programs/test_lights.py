"""灯, case by case, written by hand: colour and sentence, to the letter. Days are Monday to Friday here."""

from dataclasses import replace
from datetime import date

import pytest

from programs.domain.lights import Light, PartFacts, TaskFacts, WindowFacts, count_lights, task_light
from programs.domain.rules import LIGHT_POLICY
from qualitycity.workdays import Calendar

#: A Thursday. The window of the first quarter opened on the 21st and is due on Wednesday, 8 April.
TODAY = date(2026, 3, 26)
WINDOW = WindowFacts("2026年第一季度", date(2026, 3, 21), date(2026, 4, 8))
#: The same window, come to its end: due on Friday, 20 March, four working days ago.
PAST = replace(WINDOW, opens_on=date(2026, 3, 10), due_on=date(2026, 3, 20))
PART = PartFacts(
    "市甲局", "signed_for", assigned_on=date(2026, 1, 8), percent=40, ever_accepted=True, window=WINDOW
)
OTHER = replace(PART, unit="市乙局")
TASK = TaskFacts("active", "outcome", due_on=date(2026, 11, 30), parts=(PART,))
DONE = date(2026, 3, 20)


def alone(part: PartFacts = PART, **task) -> TaskFacts:
    return replace(TASK, parts=(part,), **task)


CASES = {
    "never filed, window over": (
        alone(replace(PART, window=PAST, ever_accepted=False, percent=None)),
        "red", "2026年第一季度进展未报，逾期4个工作日",
    ),
    "draft begun, window over: a draft is no report": (
        alone(replace(PART, window=replace(PAST, entry_state="draft"))),
        "red", "2026年第一季度进展未报，逾期4个工作日",
    ),
    "filed, not signed, window over": (
        alone(replace(PART, window=replace(PAST, entry_state="submitted"))),
        "red", "2026年第一季度进展已填报、待审签，逾期4个工作日",
    ),
    "filed, not signed, three days left": (
        alone(replace(PART, window=replace(WINDOW, due_on=date(2026, 3, 31), entry_state="submitted"))),
        "amber", "2026年第一季度进展已填报、待审签，还有3个工作日",
    ),
    "returned, still in time": (
        alone(replace(PART, window=replace(WINDOW, entry_state="returned"))),
        "amber", "2026年第一季度进展被退回、尚未重报，还有9个工作日",
    ),
    "returned, window over": (
        alone(replace(PART, window=replace(PAST, entry_state="returned"))),
        "red", "2026年第一季度进展被退回、尚未重报，逾期4个工作日",
    ),
    "not filed, due on the day itself": (
        alone(replace(PART, window=replace(WINDOW, due_on=TODAY))),
        "amber", "2026年第一季度进展尚未报送，今天到期",
    ),
    "signed, waiting for the office: the unit is in order": (
        alone(replace(PART, window=replace(PAST, entry_state="signed"))),
        "green", "进度40%，还有177个工作日",
    ),
    "ongoing work, reported": (
        alone(replace(PART, percent=None), nature="ongoing", due_on=None),
        "green", "常态推进，按期报送",
    ),
    "no date": (alone(due_on=None), "green", "进度40%，未定完成时限"),
    "nothing accepted yet": (
        alone(replace(PART, ever_accepted=False, percent=None)), "grey", "尚无审核通过的进展",
    ),
    "joint, one part missing": (
        replace(TASK, parts=(PART, replace(OTHER, window=PAST))),
        "red", "市乙局：2026年第一季度进展未报，逾期4个工作日",
    ),
    "joint, two parts missing": (
        replace(TASK, parts=(replace(PART, window=PAST), replace(OTHER, window=PAST))),
        "red", "市甲局：2026年第一季度进展未报，逾期4个工作日（另有1个单位同为此色）",
    ),
    "joint, all in order": (replace(TASK, parts=(PART, OTHER)), "green", "2个责任单位均正常"),
    "joint, the late unit waived": (
        replace(TASK, parts=(PART, replace(OTHER, state="waived", window=PAST))), "green", "进度40%，还有177个工作日",
    ),
    "supporting units do not file": (
        replace(TASK, parts=(PART, replace(OTHER, owes_reports=False, window=PAST))),
        "green", "进度40%，还有177个工作日",
    ),
    "late but made up: the history keeps what was late": (
        alone(state="completed", due_on=date(2026, 3, 10), completed_on=DONE), "amber", "逾期8个工作日后已办结",
    ),
    "early": (alone(state="completed", due_on=date(2026, 3, 31), completed_on=DONE), "green", "提前7个工作日已办结"),
    "on the day": (alone(state="completed", due_on=DONE, completed_on=DONE), "green", "按期已办结"),
    "the part done before its day, the task still open": (
        alone(replace(PART, state="done", settled_on=DONE), due_on=date(2026, 3, 31)),
        "green", "提前7个工作日已完成",
    ),
    "assigned, not signed for": (
        alone(replace(PART, state="assigned", assigned_on=date(2026, 3, 18), window=None)),
        "red", "交办后未签收，逾期3个工作日",
    ),
    "assigned yesterday": (
        alone(replace(PART, state="assigned", assigned_on=date(2026, 3, 25), window=None)), "grey", "待签收",
    ),
    "milestone late, task not due": (
        alone(late_milestones=(("完成示范点验收", date(2026, 3, 20)),)),
        "amber", "节点“完成示范点验收”逾期4个工作日，任务尚未到期",
    ),
    "past its own day": (alone(due_on=date(2026, 3, 24)), "red", "未办结，逾期2个工作日"),
    "Saturday after a Friday is late, though no working day has passed": (
        alone(due_on=date(2026, 3, 20)), "red", "未办结，逾期1个工作日",
    ),
    "due within the week": (alone(due_on=date(2026, 4, 2)), "amber", "还有5个工作日到期，尚未办结"),
    "no unit named": (
        replace(TASK, state="draft", parts=()), "grey", "未分解，尚未明确责任单位",
    ),
    "being broken down": (replace(TASK, state="confirmed"), "grey", "尚未交办"),
    "every part waived": (alone(replace(PART, state="waived")), "grey", "没有承担填报的责任单位"),
    "historical record": (alone(historical=True, due_on=date(2013, 12, 31)), "grey", "历史档案，不作实时评价"),
}  # fmt: skip


def light(facts: TaskFacts, today: date = TODAY) -> Light:
    return task_light(facts, LIGHT_POLICY, today, Calendar())


@pytest.mark.parametrize("case", CASES)
def test_colour_and_sentence(case: str) -> None:
    facts, code, sentence = CASES[case]
    today = date(2026, 3, 21) if case.startswith("Saturday") else TODAY
    found = light(facts, today)
    assert (found.code, found.sentence) == (code, sentence)


def test_early_is_a_word_of_its_own() -> None:
    early, on_the_day = light(CASES["early"][0]), light(CASES["on the day"][0])
    assert early.early and not on_the_day.early
    assert count_lights([early, on_the_day]) == {"red": 0, "amber": 0, "grey": 0, "green": 2, "early": 1}


def test_who_holds_it_is_named() -> None:
    assert light(CASES["joint, one part missing"][0]).unit == "市乙局"


def test_the_sealed_policy_decides_and_not_the_code() -> None:
    facts = alone(replace(PART, state="assigned", assigned_on=date(2026, 3, 18), window=None))
    assert task_light(facts, LIGHT_POLICY | {"sign_for_days": 10}, TODAY, Calendar()).sentence == "待签收"


def test_holidays_are_no_working_days() -> None:
    days = Calendar({date(2026, 3, day): False for day in (23, 24, 25)})
    facts = CASES["never filed, window over"][0]
    assert task_light(facts, LIGHT_POLICY, TODAY, days).sentence == "2026年第一季度进展未报，逾期1个工作日"
