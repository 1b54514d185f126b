"""灯 of a paper due, and the words for it. Pure, with the colours of `domain/lights.py`."""

from datetime import date
from typing import Final

from programs.choices import MaterialState
from programs.domain.lights import Days, Light

#: Working days before the due date from which a paper that has not come in is amber.
WARN_DAYS: Final = 7


def paper_light(
    *, state: str, due_on: date, filed_on: date | None, remark: str, today: date, days: Days
) -> Light:
    """Late but made up stays amber; nothing that is still with the unit is green."""
    if state == MaterialState.WAIVED:
        return Light("grey", "已免报")
    if state in (MaterialState.FILED, MaterialState.ACCEPTED) and filed_on is not None:
        word = "已接收" if state == MaterialState.ACCEPTED else "已报送、待接收"
        if filed_on > due_on:
            return Light("amber", f"逾期{_late(due_on, filed_on, days)}个工作日后报送，{word}")
        early = days.working_days_between(filed_on, due_on)
        return Light("green", f"提前{early}个工作日报送，{word}" if early > 0 else f"按期报送，{word}", early=early > 0)
    back = "被退回、尚未重报" if state == MaterialState.RETURNED else "未报送"
    if due_on < today:
        return Light("red", f"{back}，逾期{_late(due_on, today, days)}个工作日")
    left = days.working_days_between(today, due_on)
    when = "今天到期" if due_on == today else f"还有{left}个工作日到期"
    if state == MaterialState.RETURNED or left <= WARN_DAYS:
        return Light("amber", f"{back}，{when}")
    return Light("grey", f"尚未到报送时间，{when}")


def warn_until(today: date, days: Days) -> date:
    """The last due date that is amber today."""
    return days.add_working_days(today, WARN_DAYS)


def _late(due_on: date, day: date, days: Days) -> int:
    return max(1, days.working_days_between(due_on, day))
