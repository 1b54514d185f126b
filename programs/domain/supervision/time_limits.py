"""办理时限 when none is given, and 签收时限: one home for both rules. Pure; days are working days.

The usual limits of the trade: 批示急件 within 5 days, 非急件 15, 难度大 30; 会议纪要 20; 上级交办 30. A listed case
carries its own limit (限期) and gets none from here.
"""

from datetime import date
from typing import Protocol

from programs.choices import ItemKind, Urgency
from programs.domain.rules import LIGHT_POLICY

#: 批示 by urgency.
INSTRUCTION_DAYS = {Urgency.URGENT: 5, Urgency.NORMAL: 15, Urgency.HARD: 30}
KIND_DAYS = {ItemKind.MEETING: 20, ItemKind.SUPERIOR: 30}
#: 签收 of an urgent item; of all others as of tasks.
URGENT_SIGN_FOR_DAYS = 1
SIGN_FOR_DAYS: int = LIGHT_POLICY["sign_for_days"]


class Days(Protocol):
    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days later."""


def usual_days(kind: str, urgency: str) -> int | None:
    """Working days that are usual for such an item; None where the paper itself must name the day."""
    if kind == ItemKind.INSTRUCTION:
        return INSTRUCTION_DAYS[Urgency(urgency)]
    return KIND_DAYS.get(ItemKind(kind))


def proposed_due(kind: str, urgency: str, given_on: date, days: Days) -> date | None:
    """The due date that is proposed, and taken when none is given."""
    count = usual_days(kind, urgency)
    return None if count is None else days.add_working_days(given_on, count)


def sign_for_days(urgency: str) -> int:
    return URGENT_SIGN_FOR_DAYS if urgency == Urgency.URGENT else SIGN_FOR_DAYS
