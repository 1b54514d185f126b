"""能否完成: beside how a task stands, whether it is likely to be done in time. Pure, like the lights.

Judged for tasks at work that have a date, from the newest percentage against the time passed on the day it is of, and
from milestones that are late. Progress is carried forward in a straight line; the sentence says so. No percentage that
the office has passed is no data, never good news.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from programs.choices import OutlookCode, PartState, TaskNature, TaskState

from .lights import Days, PartFacts, TaskFacts, late_by, planned_percent
from .rules import LIGHT_POLICY, LightPolicy

ORDER = {code: place for place, code in enumerate(OutlookCode.values)}


@dataclass(frozen=True)
class Outlook:
    """`code` of `OutlookCode`; the sentence gives the reason and leaves the word itself to the page."""

    code: str
    sentence: str
    inputs: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def word(self) -> str:
        return str(OutlookCode(self.code).label)


def outlook(facts: TaskFacts, policy: Mapping[str, Any], today: date, days: Days) -> Outlook | None:
    """None where nothing is to be foretold: not assigned yet, completed, historical, ongoing work without a date."""
    if facts.historical or facts.state != TaskState.ACTIVE:
        return None
    if facts.due_on is None:
        return None if facts.nature == TaskNature.ONGOING else Outlook(OutlookCode.UNKNOWN, "未定完成时限")
    open_parts = [
        part for part in facts.parts if part.owes_reports and part.state not in (PartState.WAIVED, PartState.DONE)
    ]
    if facts.due_on < today:
        late = late_by(facts.due_on, today, days)
        return Outlook(OutlookCode.UNLIKELY, f"已逾期{late}个工作日", {"due_on": facts.due_on})
    if not open_parts:
        return Outlook(OutlookCode.ON_COURSE, "各责任单位承担部分均已完成") if facts.parts else None
    judged = [_part(part, facts, policy, today) for part in open_parts]
    worst = min(judged, key=lambda found: ORDER[found.code])
    if len(open_parts) > 1 and worst.code != OutlookCode.ON_COURSE:
        unit = open_parts[judged.index(worst)].unit
        worst = Outlook(worst.code, f"{unit}：{worst.sentence}", worst.inputs)
    if facts.late_milestones and ORDER[worst.code] > ORDER[OutlookCode.AT_RISK]:
        title, due = facts.late_milestones[0]
        count = len(facts.late_milestones)
        more = f"等{count}个节点" if count > 1 else ""
        said = f"节点“{title}”{more}逾期{late_by(due, today, days)}个工作日"
        return Outlook(OutlookCode.AT_RISK, said, {"late_milestones": count})
    return worst


def _part(part: PartFacts, task: TaskFacts, policy: Mapping[str, Any], today: date) -> Outlook:
    """One unit's part by its pace. The limits are those of the light; where its rule is off, the usual ones."""
    measured = min(part.percent_on or today, today)
    planned = planned_percent(task, measured)
    if planned is None:
        return Outlook(OutlookCode.UNKNOWN, "不填进度百分比，无法推算")
    if part.percent is None or not part.ever_accepted:
        return Outlook(OutlookCode.UNKNOWN, "尚无审核通过的进度")
    gap = planned - part.percent
    inputs = {"planned": planned, "percent": part.percent, "gap": gap, "measured_on": measured}
    reached = f"截至{measured.month}月{measured.day}日进度{part.percent}%"
    if gap <= 0:
        return Outlook(OutlookCode.ON_COURSE, f"{reached}，达到序时进度{planned}%", inputs)
    said = f"{reached}，低于序时进度{gap}个百分点"
    sealed = LightPolicy.of(policy)
    limits = sealed if sealed.gap_amber is not None else LightPolicy.of(LIGHT_POLICY)
    colour = limits.gap_colour(gap)
    if colour is None:
        return Outlook(OutlookCode.ON_COURSE, said, inputs)
    code = OutlookCode.UNLIKELY if colour == "red" else OutlookCode.AT_RISK
    done = _carried_forward(part.percent, task, measured)
    return Outlook(code, f"{said}，{done}", inputs)


def _carried_forward(percent: int, task: TaskFacts, measured: date) -> str:
    assert task.assigned_on is not None
    passed = (measured - task.assigned_on).days
    if percent <= 0 or passed * 100 // percent > 3650:
        return "按此无法推算完成时间"
    day = task.assigned_on + timedelta(days=round(passed * 100 / percent))
    return f"按此推算约{day.year}年{day.month}月完成"
