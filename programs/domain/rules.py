"""Rules of a programme, sealed when it starts: what a light means, when a reminder goes out. Here alone stand their
defaults, their boundaries and what a missing key means.

Sealed content is never rewritten. A key that an older snapshot lacks means what held when it was sealed: the rule was
not there, so it is off; late milestones have always counted. None switches a rule off. That the date itself has passed
(逾期), and that a report came back and its date has passed, is red under every policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qualitycity.sealing.models import RuleSnapshot, seal

#: 灯. Days are working days, gaps percentage points, shares per cent of the calendar days of a term.
LIGHT_POLICY: dict[str, Any] = {
    "sign_for_days": 3,  # 签收 within … of assignment, red afterwards
    "warn_days": 7,  # amber from … before a due date without report
    "milestones": True,  # amber while a milestone is late and the task is not
    "gap_amber": 10,  # 落后序时进度 by … or more: amber; by less: green
    "gap_red": 30,  # by more than …: red
    "left_amber": None,  # amber when at most …% of the time is left without report; 30 where it is used
    "left_second": None,  # its second stage, said in the sentence; 15 where it is used
}
#: 剩余时间占比, proposed where the rule is switched on.
LEFT_PROPOSED = (30, 15)

#: 配合单位报牵头: so many working days before the window is due the lead would like to have the supporters' parts.
CONTRIBUTION_DAYS = 3

#: 落后序时进度 as the boards count it: so many percentage points below what the time passed would ask for.
BEHIND_POINTS = 10

#: 提醒: rungs in working days before (negative) and after (positive) a due date.
REMINDER_LADDER: dict[str, Any] = {
    "milestone": [-30, -7, -3, -1, 1, 7, 14, 30],
    "window": [-7, -1, 1, 7],
    "sign_for": [1, 4],
    "office_from": 14,  # from this rung on the office is told too
}


@dataclass(frozen=True)
class LightPolicy:
    """A policy as the lights read it: None is a rule that is off."""

    sign_for_days: int | None
    warn_days: int | None
    milestones: bool
    gap_amber: int | None
    gap_red: int | None
    left_amber: int | None
    left_second: int | None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "LightPolicy":
        return cls(
            sign_for_days=content.get("sign_for_days"),
            warn_days=content.get("warn_days"),
            milestones=content.get("milestones", True),
            gap_amber=content.get("gap_amber"),
            gap_red=content.get("gap_red"),
            left_amber=content.get("left_amber"),
            left_second=content.get("left_second"),
        )

    def gap_colour(self, points: int) -> str | None:
        """By how many points below 序时进度: under `gap_amber` in order, up to `gap_red` amber, beyond it red."""
        if self.gap_amber is None or self.gap_red is None or points < self.gap_amber:
            return None
        return "red" if points > self.gap_red else "amber"

    def stage(self, share: int) -> int:
        """Of the share of time left: 0 in order, 1 amber, 2 amber of the second stage; limits are included."""
        if self.left_amber is None or share > self.left_amber:
            return 0
        return 2 if self.left_second is not None and share <= self.left_second else 1


def light_policy() -> RuleSnapshot:
    return seal("light_policy", LIGHT_POLICY)


def reminder_ladder() -> RuleSnapshot:
    return seal("reminder_ladder", REMINDER_LADDER)
