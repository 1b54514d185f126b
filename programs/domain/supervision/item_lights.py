"""灯 of a supervised item and of each unit's part, with the reason. Pure, as `domain/lights.py`, whose words it speaks.

Two kinds of overdue stand apart: a unit that has not signed for its part (未签收), and one that signed for it and has
not reported the outcome (未反馈). While a final report lies with the office nobody is overdue; what was late stays amber.
`Borders` gives the same rules as days, so that a list can filter in the database; a test compares the two.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from programs.choices import EntryState, ItemOverdue, ItemPartState, ItemState, Urgency
from programs.domain.lights import Light
from programs.domain.rules import LIGHT_POLICY

from .time_limits import sign_for_days

WARN_DAYS: int = LIGHT_POLICY["warn_days"]


class Days(Protocol):
    def working_days_between(self, start: date, end: date) -> int: ...

    def add_working_days(self, day: date, count: int) -> date: ...


@dataclass(frozen=True)
class PartFacts:
    """One unit's part. `report_state` and `report_final` are of its newest report, `handed_in_on` the day on which that
    was signed off; `reported` says whether anything ever left the unit with its signature: then nobody asks any more
    whether it signed for the part."""

    unit: str
    state: str
    answers: bool = True
    assigned_on: date | None = None
    settled_on: date | None = None
    report_state: str = ""
    report_final: bool = False
    handed_in_on: date | None = None
    reported: bool = False

    @property
    def final_in(self) -> bool:
        """A final report lies with the office. Once accepted it has finished the part, or the part was opened again."""
        return self.report_final and self.report_state == EntryState.SIGNED


@dataclass(frozen=True)
class ItemFacts:
    state: str
    due_on: date
    urgency: str = Urgency.NORMAL
    completed_on: date | None = None
    parts: tuple[PartFacts, ...] = ()


@dataclass(frozen=True)
class ItemLight(Light):
    """`overdue` is the kind of overdue (`ItemOverdue`), "" for none; only red ones of units have one."""

    overdue: str = ""


def item_light(item: ItemFacts, today: date, days: Days) -> ItemLight:
    """The worst part decides and is named; with one unit the name is left out."""
    match item.state:
        case ItemState.REGISTERED:
            if item.due_on < today:
                return ItemLight("red", f"尚未交办，办理时限已过{_late(item.due_on, today, days)}个工作日")
            return ItemLight("grey", "已立项，尚未交办")
        case ItemState.SUSPENDED:
            return ItemLight("grey", "已中止")
        case ItemState.COMPLETED | ItemState.CLOSED:
            word = "办结" if item.state == ItemState.COMPLETED else "办结并销号"
            return _finished(word, item.due_on, _done_on(item), days)
    counted = [part for part in item.parts if part.state != ItemPartState.WAIVED]
    if not counted:
        return ItemLight("grey", "没有承办单位")
    lights = [part_light(part, item, today, days) for part in counted]
    worst = min(lights, key=lambda light: (light.rank, light.overdue != ItemOverdue.UNREPORTED))
    if len(counted) == 1:
        return worst
    if worst.code == "green":
        return ItemLight("green", f"{len(counted)}个单位均正常", early=all(light.early for light in lights))
    others = sum(light.code == worst.code for light in lights) - 1
    more = f"（另有{others}个单位同为此色）" if others else ""
    return replace(worst, sentence=f"{worst.unit}：{worst.sentence}{more}")


def part_light(part: PartFacts, item: ItemFacts, today: date, days: Days) -> ItemLight:
    """The light of one unit's part; the first rule that speaks decides."""

    def light(code: str, sentence: str, overdue: str = "", early: bool = False) -> ItemLight:
        return ItemLight(code, sentence, part.unit, early, overdue=overdue)

    due = item.due_on
    if part.state == ItemPartState.WAIVED:
        return light("green", "已免办")
    if part.state == ItemPartState.DONE:
        done = _finished("完成", due, part.settled_on, days)
        return light(done.code, done.sentence, early=done.early)
    if item.state == ItemState.SUSPENDED:
        return light("grey", "已中止")
    if part.state == ItemPartState.PENDING:
        return light("grey", "尚未交办")
    late = due < today
    if part.state == ItemPartState.ASSIGNED and part.assigned_on is not None and not part.reported:
        limit = days.add_working_days(part.assigned_on, sign_for_days(item.urgency))
        if limit < today:
            more = f"，办理时限已过{_late(due, today, days)}个工作日" if late and part.answers else ""
            sentence = f"交办后未签收，逾期{_late(limit, today, days)}个工作日{more}"
            return light("red", sentence, ItemOverdue.UNSIGNED)
        if not part.answers or not late:
            return light("grey", f"待签收（{limit.month}月{limit.day}日前）")
    if not part.answers:
        return light("green", "已签收，向主办单位反馈")
    if part.final_in:
        if part.handed_in_on is not None and part.handed_in_on > due:
            return light("amber", f"逾期{_late(due, part.handed_in_on, days)}个工作日后报送办结报告，待审核")
        return light("green", "办结报告已报，待审核")
    if late:
        return light("red", f"{_not_reported(part)}，逾期{_late(due, today, days)}个工作日", ItemOverdue.UNREPORTED)
    left = days.working_days_between(today, due)
    when = "今天到期" if due == today else f"还有{left}个工作日到期" if left > 0 else "下一个工作日前到期"
    if part.report_state == EntryState.RETURNED:
        return light("amber", f"报告被退回，尚未重报，{when}")
    if left <= WARN_DAYS:
        said = "已有阶段反馈，尚未办结" if part.reported else "尚未反馈"
        return light("amber", f"{said}，{when}")
    return light("green", f"{'已有阶段反馈' if part.reported else '已签收，办理中'}，{when}")


def _not_reported(part: PartFacts) -> str:
    match part.report_state:
        case EntryState.RETURNED:
            return "报告被退回，尚未重报"
        case EntryState.SUBMITTED:
            return "报告待单位审签，尚未反馈"
    return "仅有阶段反馈，尚未办结" if part.reported else "未反馈"


def _done_on(item: ItemFacts) -> date | None:
    """The day on which the last handling unit was done: the days until the office completed the item are its own."""
    done = [
        part.settled_on
        for part in item.parts
        if part.answers and part.state == ItemPartState.DONE and part.settled_on is not None
    ]
    return max(done) if done else item.completed_on


def _finished(word: str, due: date, done: date | None, days: Days) -> ItemLight:
    if done is None:
        return ItemLight("green", f"已{word}")
    if done > due:
        return ItemLight("amber", f"逾期{_late(due, done, days)}个工作日后{word}")
    left = days.working_days_between(done, due)
    if left > 0:
        return ItemLight("green", f"提前{left}个工作日{word}", early=True)
    return ItemLight("green", f"按期{word}")


def _late(due: date, today: date, days: Days) -> int:
    """Working days late, at least one: a Saturday after a Friday is late, though no working day has passed."""
    return max(1, days.working_days_between(due, today))


@dataclass(frozen=True)
class Borders:
    """The days between which the rules above change their colour: parts handed out up to `unsigned` (by urgency) and
    not signed for are overdue; items due up to `warn` are near their limit."""

    today: date
    warn: date
    unsigned_urgent: date
    unsigned: date


def borders(today: date, days: Days) -> Borders:
    return Borders(
        today,
        _last_within(today, days),
        _last_overdue(today, sign_for_days(Urgency.URGENT), days),
        _last_overdue(today, sign_for_days(Urgency.NORMAL), days),
    )


def _last_within(today: date, days: Days) -> date:
    """The last day that is at most `WARN_DAYS` working days away."""
    day = days.add_working_days(today, WARN_DAYS)
    while days.working_days_between(today, day + timedelta(days=1)) <= WARN_DAYS:
        day += timedelta(days=1)
    return day


def _last_overdue(today: date, count: int, days: Days) -> date:
    """The last day of handing out whose time for signing has passed."""
    day = today
    while days.add_working_days(day, count) >= today:
        day -= timedelta(days=1)
    return day
