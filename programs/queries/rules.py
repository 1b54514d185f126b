"""Reads of the rules page: what was changed, by whom and why; and whether the working days counted ahead are known."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from programs.models import Programme
from qualitycity.audit.journal import history

from .kept import BoardDay

#: The newest changes of a programme's rules that its page shows.
SHOWN = 20
#: 项目 as the page says them; Chinese, because the journal keeps values and no words.
NAMES = {
    "sign_for_days": "签收期限（工作日）",
    "warn_days": "到期预警（工作日）",
    "milestones": "节点逾期亮黄灯",
    "gap_amber": "落后序时进度亮黄灯（百分点）",
    "gap_red": "落后序时进度亮红灯（百分点）",
    "left_amber": "剩余时间亮黄灯（%）",
    "left_second": "剩余时间第二阶段（%）",
    "milestone": "节点、时限提醒（工作日）",
    "window": "报送提醒（工作日）",
    "sign_for": "签收提醒（工作日）",
    "office_from": "逾期满几个工作日告知办公室",
}


@dataclass(frozen=True)
class Change:
    at: datetime
    by: str
    reason: str
    lines: list[str]


def changes_of(programme: Programme) -> list[Change]:
    """Changes of the rules, the newest first; one query."""
    rows = history(programme).filter(action="change_rules").order_by("-id")[:SHOWN]
    return [Change(row.at, row.actor_label, row.reason, _lines(row.before or {}, row.after or {})) for row in rows]


def _lines(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [f"{NAMES.get(name, name)}：{_said(before.get(name))} → {_said(value)}" for name, value in after.items()]


def _said(value: Any) -> str:
    if value is None or value is False:
        return "停用"
    if value is True:
        return "启用"
    if isinstance(value, list):
        before = "、".join(str(-day) for day in value if day < 0)
        after = "、".join(str(day) for day in value if day > 0)
        return "；".join(words for words in (before and f"前{before}", after and f"后{after}") if words) or "不提醒"
    return str(value)


def holiday_warnings(day: BoardDay, until: date) -> list[str]:
    """A sentence for each year up to `until` whose holidays are not on record; no query."""
    last = max(day.today.year, min(until.year, day.today.year + 1))
    return day.calendar.warnings(range(day.today.year, last + 1))
