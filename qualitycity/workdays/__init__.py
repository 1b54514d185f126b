"""Working days 工作日: weekends, published holidays 节假日 and make-up working days 调休.

``calendar`` is the value to count with, ``loading`` takes published notices into the table.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calendar import Calendar, format_days_left, load_calendar

__all__ = ["Calendar", "format_days_left", "load_calendar"]


def __getattr__(name: str) -> Any:
    # Read on first use: Django imports this package before models may be imported.
    if name in __all__:
        from . import calendar

        return getattr(calendar, name)
    raise AttributeError(name)
