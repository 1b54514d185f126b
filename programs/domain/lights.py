"""灯 and the reason for it. Pure: facts, a sealed policy, a day and a calendar go in; a colour and one sentence come out.

Sentences are Chinese: they stand in papers as well as on screens. Severity, worst first: red, amber, grey, green – grey
is "no data" and is never passed off as green. Of all rules that speak the worst decides, of equals the more urgent.
Late but made up stays amber: the history keeps what was late. Rules and their boundaries: `rules.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any, Protocol

from programs.choices import EntryState, PartState, TaskNature, TaskState
from programs.domain.rules import LightPolicy

SEVERITY = {"red": 0, "amber": 1, "grey": 2, "green": 3}


class Days(Protocol):
    """What is needed of a calendar (`qualitycity.workdays`)."""

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days later (earlier when negative)."""


@dataclass(frozen=True)
class Light:
    """`code` red/amber/grey/green; `early` adds the word 提前 to a green one; `unit` is who holds it."""

    code: str
    sentence: str
    unit: str = ""
    early: bool = False
    inputs: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def rank(self) -> int:
        return SEVERITY[self.code]


@dataclass(frozen=True)
class WindowFacts:
    """One reporting window as it concerns a part; `entry_state` None: nothing was ever typed."""

    label: str
    opens_on: date
    due_on: date
    entry_state: str | None = None
    reported_on: date | None = None


@dataclass(frozen=True)
class PartFacts:
    """One unit's part. `percent` was reached by `percent_on`, the end of the period it was reported for. `opening_on`:
    the day as of which its state before the portal is known (上线前); that is no report and turns no light green.
    `window` is the most pressing one: the oldest due and unreported, otherwise the next."""

    unit: str
    state: str
    assigned_on: date | None = None
    settled_on: date | None = None
    owes_reports: bool = True
    percent: int | None = None
    percent_on: date | None = None
    opening_on: date | None = None
    ever_accepted: bool = False
    window: WindowFacts | None = None


@dataclass(frozen=True)
class TaskFacts:
    """One task with its parts. `late_milestones` are (title, due) of open ones whose day has passed."""

    state: str
    nature: str
    assigned_on: date | None = None
    due_on: date | None = None
    completed_on: date | None = None
    parts: tuple[PartFacts, ...] = ()
    late_milestones: tuple[tuple[str, date], ...] = ()
    historical: bool = False
    suspended_why: str = ""


def task_light(facts: TaskFacts, policy: Mapping[str, Any], today: date, days: Days) -> Light:
    """The worst part decides and is named; with one unit the name is left out."""
    if facts.historical:
        return Light("grey", "历史档案，不作实时评价")
    if facts.state in (TaskState.DRAFT, TaskState.CONSULTING, TaskState.CONFIRMED):
        return Light("grey", "尚未交办" if facts.parts else "未分解，尚未明确责任单位")
    if facts.state == TaskState.SUSPENDED:
        return Light("grey", _suspended(facts))
    if facts.state == TaskState.CLOSED:
        return _finished("已办结并销号", facts.due_on, facts.completed_on, days)
    if facts.state == TaskState.COMPLETED:
        return _finished("已办结", facts.due_on, facts.completed_on, days)
    filing = [part for part in facts.parts if part.owes_reports and part.state != PartState.WAIVED]
    if not filing:
        return Light("grey", "没有承担填报的责任单位")
    lights = [part_light(part, facts, policy, today, days) for part in filing]
    worst = min(lights, key=lambda light: light.rank)
    if len(filing) > 1 and worst.code != "green":
        others = sum(light.code == worst.code for light in lights) - 1
        more = f"（另有{others}个单位同为此色）" if others else ""
        worst = Light(
            worst.code, f"{worst.unit}：{worst.sentence}{more}", worst.unit, worst.early, worst.inputs
        )
    if worst.rank > SEVERITY["amber"] and facts.late_milestones and LightPolicy.of(policy).milestones:
        title, due = facts.late_milestones[0]
        return Light(
            "amber",
            f"节点“{title}”逾期{late_by(due, today, days)}个工作日，任务尚未到期",
            inputs={"due_on": due},
        )
    if worst.code == "green" and len(filing) > 1:
        return Light("green", f"{len(filing)}个责任单位均正常", early=all(light.early for light in lights))
    return worst


def part_light(part: PartFacts, task: TaskFacts, policy: Mapping[str, Any], today: date, days: Days) -> Light:
    """The light of one unit's part."""
    if part.state == PartState.WAIVED:
        return Light("green", "已免办", part.unit, inputs={"today": today})
    if task.state == TaskState.SUSPENDED:
        return Light("grey", _suspended(task), part.unit, inputs={"today": today})
    if part.state == PartState.DONE:
        done = _finished("已完成", task.due_on, part.settled_on, days)
        inputs = {"today": today, "due_on": task.due_on, "done_on": part.settled_on}
        return Light(done.code, done.sentence, part.unit, done.early, inputs)
    verdicts = _verdicts(part, task, LightPolicy.of(policy), today, days)
    code, sentence, inputs = min(verdicts, key=lambda verdict: SEVERITY[verdict[0]])
    return Light(code, sentence, part.unit, inputs={"today": today, **inputs})


#: Colour, sentence and what it was judged by.
Verdict = tuple[str, str, dict[str, Any]]


def _verdicts(
    part: PartFacts, task: TaskFacts, policy: LightPolicy, today: date, days: Days
) -> Iterator[Verdict]:
    """What every rule says that has something to say, the most urgent first; the last word is what is known at all."""
    if task.due_on is not None and task.due_on < today:
        yield "red", f"未办结，逾期{late_by(task.due_on, today, days)}个工作日", {"due_on": task.due_on}
    assigned = part.state == PartState.ASSIGNED
    limit = sign_for_by(part, policy, days)
    if limit is not None and limit < today:
        yield "red", f"交办后未签收，逾期{late_by(limit, today, days)}个工作日", {"sign_for_by": limit}
    if part.window is not None:
        pressing = _window_light(part.window, policy, today, days)
        if pressing is not None:
            yield *pressing, {"window_due": part.window.due_on}
    if part.state == PartState.PENDING:
        yield "grey", "尚未交办", {}
        return
    if task.due_on is not None and task.due_on >= today:
        yield from _term(part, task, policy, today, days)
    yield from _pace(part, task, policy, today)
    if assigned:
        yield "grey", "待签收", {}
    elif not part.ever_accepted:
        yield "grey", _before_portal(part) if part.opening_on else "尚无审核通过的进展", {}
    else:
        yield "green", _on_track(part, task, today, days), {}


def sign_for_by(part: PartFacts, policy: LightPolicy, days: Days) -> date | None:
    """签收时限: the last day on which the unit signs for its part in time; None where nothing waits for that."""
    if part.state != PartState.ASSIGNED or part.assigned_on is None or policy.sign_for_days is None:
        return None
    return days.add_working_days(part.assigned_on, policy.sign_for_days)


def _suspended(task: TaskFacts) -> str:
    return f"已中止（{task.suspended_why}）"


def _term(part: PartFacts, task: TaskFacts, policy: LightPolicy, today: date, days: Days) -> Iterator[Verdict]:
    """The task's own date comes near: by working days, and by the share of its time where nothing was ever reported."""
    assert task.due_on is not None
    inputs = {"due_on": task.due_on}
    said: list[Verdict] = []
    left = days.working_days_between(today, task.due_on)
    if policy.warn_days is not None and left <= policy.warn_days:
        word = "今天到期" if left == 0 else f"还有{left}个工作日到期"
        said.append(("amber", f"{word}，尚未办结", inputs))
    reported = part.ever_accepted or (part.window is not None and part.window.entry_state in _REPORTED)
    if task.assigned_on is not None and not reported:
        share = share_left(task.assigned_on, task.due_on, today)
        if stage := policy.stage(share):
            sentence = f"完成时限只剩{share}%的时间{_STAGES[stage]}，尚无进展报告"
            # the second stage is the more pressing word
            said.insert(0 if stage == 2 else len(said), ("amber", sentence, inputs | {"share_left": share}))
    yield from said


def _pace(part: PartFacts, task: TaskFacts, policy: LightPolicy, today: date) -> Iterator[Verdict]:
    """落后序时进度. Measured on the day the percentage is of: nobody is behind because the next report is not due yet.
    What was known before the portal (上线前) is no report and is not held against anybody."""
    known = part.percent is not None and part.ever_accepted
    measured = min(part.percent_on or today, today)
    planned = planned_percent(task, measured) if known else None
    if planned is None or part.percent is None:
        return
    gap = planned - part.percent
    if colour := policy.gap_colour(gap):
        said = f"截至{measured.month}月{measured.day}日进度{part.percent}%，低于序时进度{gap}个百分点"
        yield colour, said, {"planned": planned, "gap": gap, "measured_on": measured}


def planned_percent(task: TaskFacts, day: date) -> int | None:
    """序时进度: the share of the time from assignment to the due date that has passed by `day`, for tasks that ask for a
    percentage; None where no plan can be told."""
    if task.nature != TaskNature.OUTCOME or task.assigned_on is None or task.due_on is None:
        return None
    whole = (task.due_on - task.assigned_on).days
    passed = (day - task.assigned_on).days
    return 100 if whole <= 0 else max(0, min(100, round(passed * 100 / whole)))


def share_left(first: date, last: date, today: date) -> int:
    """Per cent of the calendar days from `first` to `last` that are left, rounded up: 30 means at most 30."""
    whole = (last - first).days
    return 0 if whole <= 0 else max(0, min(100, ceil((last - today).days * 100 / whole)))


_REPORTED = (EntryState.SIGNED, EntryState.ACCEPTED, EntryState.SUPERSEDED)
_STAGES = {1: "", 2: "（第二阶段）"}


def _window_light(window: WindowFacts, policy: LightPolicy, today: date, days: Days) -> tuple[str, str] | None:
    """What the reporting window has to say, or None when it is in order."""
    if window.entry_state in _REPORTED:
        return None
    late = window.due_on < today
    left = days.working_days_between(today, window.due_on)
    when = f"逾期{late_by(window.due_on, today, days)}个工作日" if late else _left(left)
    if window.entry_state == EntryState.RETURNED:
        return ("red" if late else "amber"), f"{window.label}进展被退回、尚未重报，{when}"
    submitted = window.entry_state == EntryState.SUBMITTED
    what = "已填报、待审签" if submitted else "未报" if late else "尚未报送"
    if late:
        return "red", f"{window.label}进展{what}，{when}"
    if not submitted and window.opens_on > today:
        return None
    share = share_left(window.opens_on, window.due_on, today)
    stage = policy.stage(share)
    if stage < 2 and policy.warn_days is not None and left <= policy.warn_days:
        return "amber", f"{window.label}进展{what}，{when}"
    if stage:
        return "amber", f"{window.label}进展{what}，只剩{share}%的时间{_STAGES[stage]}，{when}"
    return None


def _finished(word: str, due_on: date | None, done_on: date | None, days: Days) -> Light:
    if due_on is None or done_on is None:
        return Light("green", word)
    if done_on > due_on:
        return Light("amber", f"逾期{late_by(due_on, done_on, days)}个工作日后{word}")
    left = days.working_days_between(done_on, due_on)
    if left > 0:
        return Light("green", f"提前{left}个工作日{word}", early=True)
    return Light("green", f"按期{word}")


def _before_portal(part: PartFacts) -> str:
    day = part.opening_on
    assert day is not None
    known = f"进度{part.percent}%" if part.percent is not None else "已登记"
    return f"上线前（截至{day.year}年{day.month}月{day.day}日）{known}，门户内尚无审核通过的进展"


def _on_track(part: PartFacts, task: TaskFacts, today: date, days: Days) -> str:
    if task.nature == TaskNature.ONGOING:
        return "常态推进，按期报送"
    done = f"进度{part.percent}%" if part.percent is not None else "进展正常"
    if task.due_on is None:
        return f"{done}，未定完成时限"
    return f"{done}，{_left(days.working_days_between(today, task.due_on))}"


def late_by(due: date, today: date, days: Days) -> int:
    """Working days late, at least one: a Saturday after a Friday is late, though no working day has passed."""
    return max(1, days.working_days_between(due, today))


def _left(count: int) -> str:
    return "今天到期" if count <= 0 else f"还有{count}个工作日"


def count_lights(lights: Iterable[Light]) -> dict[str, int]:
    """Number per colour, and of the green ones that were early."""
    result = {"red": 0, "amber": 0, "grey": 0, "green": 0, "early": 0}
    for light in lights:
        result[light.code] += 1
        result["early"] += light.early
    return result
