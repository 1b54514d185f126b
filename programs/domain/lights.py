"""灯 and the reason for it. Pure: facts, a sealed policy, a day and a calendar go in; a colour and one sentence come out.

Sentences are Chinese: they stand in papers as well as on screens. Severity, worst first: red, amber, grey, green – grey
is "no data" and is never passed off as green. Late but made up stays amber: the history keeps what was late.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from programs.choices import EntryState, PartState, TaskNature, TaskState

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
    """One unit's part. `opening_on`: the day as of which its state before the portal is known (上线前); that is no report
    and turns no light green. `window` is the most pressing one: the oldest due and unreported, otherwise the next."""

    unit: str
    state: str
    assigned_on: date | None = None
    settled_on: date | None = None
    owes_reports: bool = True
    percent: int | None = None
    opening_on: date | None = None
    ever_accepted: bool = False
    window: WindowFacts | None = None


@dataclass(frozen=True)
class TaskFacts:
    """One task with its parts. `late_milestones` are (title, due) of open ones whose day has passed."""

    state: str
    nature: str
    due_on: date | None = None
    completed_on: date | None = None
    parts: tuple[PartFacts, ...] = ()
    late_milestones: tuple[tuple[str, date], ...] = ()
    historical: bool = False


def task_light(facts: TaskFacts, policy: Mapping[str, Any], today: date, days: Days) -> Light:
    """The worst part decides and is named; with one unit the name is left out."""
    if facts.historical:
        return Light("grey", "历史档案，不作实时评价")
    if facts.state in (TaskState.DRAFT, TaskState.CONSULTING, TaskState.CONFIRMED):
        return Light("grey", "尚未交办" if facts.parts else "未分解，尚未明确责任单位")
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
    if worst.rank > SEVERITY["amber"] and facts.late_milestones:
        title, due = facts.late_milestones[0]
        return Light(
            "amber",
            f"节点“{title}”逾期{_late(due, today, days)}个工作日，任务尚未到期",
            inputs={"due_on": due},
        )
    if worst.code == "green" and len(filing) > 1:
        return Light("green", f"{len(filing)}个责任单位均正常", early=all(light.early for light in lights))
    return worst


def part_light(part: PartFacts, task: TaskFacts, policy: Mapping[str, Any], today: date, days: Days) -> Light:
    """The light of one unit's part. The first rule that speaks decides; the order is the order of urgency."""
    unit = part.unit

    def light(code: str, sentence: str, early: bool = False, **inputs: Any) -> Light:
        return Light(code, sentence, unit, early, {"today": today, **inputs})

    if part.state == PartState.WAIVED:
        return light("green", "已免办")
    if part.state == PartState.DONE:
        done = _finished("已完成", task.due_on, part.settled_on, days)
        return light(done.code, done.sentence, done.early, due_on=task.due_on, done_on=part.settled_on)
    if task.due_on is not None and task.due_on < today:
        return light("red", f"未办结，逾期{_late(task.due_on, today, days)}个工作日", due_on=task.due_on)
    if part.state == PartState.ASSIGNED and part.assigned_on is not None:
        limit = days.add_working_days(part.assigned_on, policy["sign_for_days"])
        if limit < today:
            return light("red", f"交办后未签收，逾期{_late(limit, today, days)}个工作日", sign_for_by=limit)
    pressing = _window_light(part.window, policy, today, days)
    if pressing is not None:
        return light(pressing[0], pressing[1], window_due=part.window.due_on if part.window else None)
    if part.state == PartState.ASSIGNED:
        return light("grey", "待签收")
    if part.state == PartState.PENDING:
        return light("grey", "尚未交办")
    if task.due_on is not None:
        left = days.working_days_between(today, task.due_on)
        if left <= policy["warn_days"]:
            word = "今天到期" if left == 0 else f"还有{left}个工作日到期"
            return light("amber", f"{word}，尚未办结", due_on=task.due_on)
    if not part.ever_accepted:
        return light("grey", _before_portal(part) if part.opening_on else "尚无审核通过的进展")
    return light("green", _on_track(part, task, today, days))


def _window_light(
    window: WindowFacts | None, policy: Mapping[str, Any], today: date, days: Days
) -> tuple[str, str] | None:
    """What the reporting window has to say, or None when it is in order."""
    if window is None or window.entry_state in (
        EntryState.SIGNED,
        EntryState.ACCEPTED,
        EntryState.SUPERSEDED,
    ):
        return None
    late = window.due_on < today
    left = days.working_days_between(today, window.due_on)
    when = f"逾期{_late(window.due_on, today, days)}个工作日" if late else _left(left)
    if window.entry_state == EntryState.SUBMITTED:
        if late:
            return "red", f"{window.label}进展已填报、待审签，{when}"
        return ("amber", f"{window.label}进展已填报、待审签，{when}") if left <= policy["warn_days"] else None
    if window.entry_state == EntryState.RETURNED:
        return ("red" if late else "amber"), f"{window.label}进展被退回、尚未重报，{when}"
    if late:
        return "red", f"{window.label}进展未报，{when}"
    if window.opens_on <= today and left <= policy["warn_days"]:
        return "amber", f"{window.label}进展尚未报送，{when}"
    return None


def _finished(word: str, due_on: date | None, done_on: date | None, days: Days) -> Light:
    if due_on is None or done_on is None:
        return Light("green", word)
    if done_on > due_on:
        return Light("amber", f"逾期{_late(due_on, done_on, days)}个工作日后{word}")
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


def _late(due: date, today: date, days: Days) -> int:
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
