"""Default rules of a programme, sealed when it starts: what a light means, when a reminder goes out."""

from typing import Any

from qualitycity.sealing.models import RuleSnapshot, seal

#: 灯: days are working days.
LIGHT_POLICY: dict[str, Any] = {
    "sign_for_days": 3,  # 签收 within … of assignment
    "warn_days": 7,  # amber from … before a due date without report
}

#: 落后序时进度: so many percentage points below what the time passed would ask for.
BEHIND_POINTS = 10

#: 提醒: rungs in working days before (negative) and after (positive) a due date.
REMINDER_LADDER: dict[str, Any] = {
    "milestone": [-30, -7, -3, -1, 1, 7, 14, 30],
    "window": [-7, -1, 1, 7],
    "sign_for": [1, 4],
    "office_from": 14,  # from this rung on the office is told too
}


def light_policy() -> RuleSnapshot:
    return seal("light_policy", LIGHT_POLICY)


def reminder_ladder() -> RuleSnapshot:
    return seal("reminder_ladder", REMINDER_LADDER)
