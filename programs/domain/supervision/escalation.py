"""三色升级: when which slip is proposed. The one place of this rule; pure: facts, a day and a calendar go in.

蓝 reminds of what is late, 橙 warns when the blue one's date has passed without an answer, 红 follows the orange one; what
is urgent begins at 橙. After a red one the leader in charge is proposed – proposed: the slip is issued, and the leader
named, by a person of the office. An answer under review proposes nothing: it is the office's turn. (Steps as 三明市 2017
prints them; what is near its date is left to the reminders.) Sentences are Chinese: they stand in papers and lists.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from programs.choices import SlipColour, SlipKind, SlipLevel, SlipState

BLUE, ORANGE, RED = SlipColour.BLUE, SlipColour.ORANGE, SlipColour.RED
WORDS = {"": "", BLUE: "蓝色", ORANGE: "橙色", RED: "红色"}


class Days(Protocol):
    """What is needed of a calendar (`qualitycity.workdays`)."""

    def working_days_between(self, start: date, end: date) -> int: ...


@dataclass(frozen=True)
class Policy:
    """Working days for an answer by colour ("" is the 交办单), and after how many a matter that was settled or not
    taken up is proposed again, when it is still late."""

    answer_days: tuple[tuple[str, int], ...] = (("", 10), (BLUE, 5), (ORANGE, 3), (RED, 2))
    again_after: int = 20

    def days_for(self, colour: str) -> int:
        return dict(self.answer_days)[colour]


POLICY = Policy()


@dataclass(frozen=True)
class LastSlip:
    """The newest slip about a matter. `ended_on`: the day it was settled, made void or not taken up."""

    colour: str
    level: str
    state: str
    due_on: date
    label: str = ""
    ended_on: date | None = None


@dataclass(frozen=True)
class Late:
    """A matter that is late now: the sentence of its light; `urgent` ones begin at orange."""

    sentence: str
    urgent: bool = False
    last: LastSlip | None = None


@dataclass(frozen=True)
class Proposal:
    kind: str
    colour: str
    level: str
    reason: str


def propose(late: Late, today: date, days: Days, policy: Policy = POLICY) -> Proposal | None:
    """What the system proposes about a late matter; None: nothing now."""
    last = late.last
    if last is None:
        return _first(late)
    if last.state in SlipState.with_unit():
        return _next(late, last, today, days) if last.due_on < today else None
    if last.state in (SlipState.PROPOSED, SlipState.ANSWERED) or last.ended_on is None:
        return None
    if days.working_days_between(last.ended_on, today) < policy.again_after:
        return None
    if last.state == SlipState.SETTLED:
        return _first(late, "上一张督办单办结后再次出现")
    # not taken up, or void: the matter is as late as it was
    return _made(late, last.colour, last.level, "前次建议未签发，事项仍未办理")


def _first(late: Late, why: str = "") -> Proposal:
    if late.urgent:
        return _made(late, ORANGE, SlipLevel.UNIT, why or "急件")
    return _made(late, BLUE, SlipLevel.UNIT, why)


def _next(late: Late, last: LastSlip, today: date, days: Days) -> Proposal | None:
    over = max(1, days.working_days_between(last.due_on, today))
    missed = f"{last.label or '前次督办单'}要求{last.due_on.month}月{last.due_on.day}日前回复，逾期{over}个工作日未回复"
    if not last.colour:
        return _made(late, BLUE, SlipLevel.UNIT, missed)
    if last.colour == BLUE:
        return _made(late, ORANGE, SlipLevel.HEAD, missed)
    if last.colour == ORANGE:
        return _made(late, RED, SlipLevel.HEAD, missed)
    if last.level != SlipLevel.LEADER:
        return _made(late, RED, SlipLevel.LEADER, missed)
    return None  # nothing stands above; the office sees it among the unanswered ones


def _made(late: Late, colour: str, level: str, why: str) -> Proposal:
    colour = colour or BLUE
    kind = SlipKind.URGE if colour == BLUE else SlipKind.NOTICE
    to = {
        SlipLevel.UNIT: "",
        SlipLevel.HEAD: "，请单位负责人阅办",
        SlipLevel.LEADER: "，送分管领导（由办公室指定）",
    }[SlipLevel(level)]
    because = "；".join(part for part in (late.sentence, why) if part)
    return Proposal(kind, colour, level, f"{because}。建议发{WORDS[colour]}{_NAMES[kind]}{to}。")


_NAMES = {SlipKind.ASSIGNMENT: "交办单", SlipKind.URGE: "催办单", SlipKind.NOTICE: "督办通知单"}
SERIES = {SlipKind.ASSIGNMENT: "交办", SlipKind.URGE: "催办", SlipKind.NOTICE: "督办通知"}


def kind_name(kind: str) -> str:
    """交办单, 催办单, 督办通知单, as papers and notices write them in every language of the screen."""
    return _NAMES[SlipKind(kind)]


def demands_of(colour: str, previous: str = "") -> str:
    """What a slip demands, proposed; the office writes its own words."""
    if colour == RED:
        before = f"{previous}逾期未回复，" if previous else ""
        return f"{before}请单位主要负责人亲自研究，立即整改，说明未落实的原因、责任和完成时间，于限期前回复。"
    if colour == ORANGE:
        before = f"{previous}逾期未回复，" if previous else ""
        return f"{before}请立即办理，说明逾期原因、整改措施和完成时间，经单位负责人审签后于限期前回复。"
    if colour == BLUE:
        return "请抓紧办理，于限期前回复办理情况、下步措施和完成时间。"
    return "请按要求办理，于限期前回复办理情况。"
