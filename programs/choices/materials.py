"""Vocabularies of 应报材料 and of the yearly activities."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Recurrence(models.TextChoices):
    """报送周期: how often a paper is due."""

    ONCE = "once", _("Once")
    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    HALF = "half", _("Half-yearly")
    YEAR = "year", _("Yearly")

    @property
    def months(self) -> int:
        """Months from one due date to the next; 0 where there is none."""
        return {"once": 0, "month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


class MaterialState(models.TextChoices):
    """应报材料 of one unit and one date: 待报 → 已报 → 已接收, or 退回."""

    DUE = "due", _("To be handed in")
    FILED = "filed", _("Handed in")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", pgettext_lazy("paper", "Accepted")
    WAIVED = "waived", pgettext_lazy("paper", "Waived")

    @classmethod
    def with_unit(cls) -> set[str]:
        return {cls.DUE, cls.RETURNED}


class ActivityState(models.TextChoices):
    """一年的活动: 计划 → 已开展, 已取消."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
