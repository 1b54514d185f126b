"""Vocabularies of 文件导入: from an uploaded policy document to a programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftState(models.TextChoices):
    """导入状态. Nothing is created before `applied`; undoing leads back to `review`."""

    READING = "reading", _("Being read")
    FAILED = "failed", _("Cannot be read")
    REVIEW = "review", _("To be confirmed")
    APPLIED = "applied", _("Programme set up")
    DISCARDED = "discarded", _("Thrown away")


class ProposalKind(models.TextChoices):
    """What a piece of the document stands for."""

    SECTION = "section", _("Heading")
    TASK = "task", _("Task")
    INDICATOR = "indicator", _("Indicator")
    PHASE = "phase", _("Phase")
    AWARD = "award", _("Award or incentive")
    DELIVERABLE = "deliverable", _("Deliverable")
    RULE = "rule", _("Assessment rule")
    DUTY = "duty", _("Duty")
    SEAT = "seat", _("Seat in the leading group")
    NOTE = "note", _("Text without an object")


class ProposalState(models.TextChoices):
    OPEN = "open", _("To be confirmed")
    ACCEPTED = "accepted", _("Confirmed")
    DROPPED = "dropped", _("Left out")


class Question(models.TextChoices):
    """What a person should look at before confirming; what `blocking` names must be settled."""

    UNTITLED = "untitled", _("Without a name")
    UNIT_UNKNOWN = "unit_unknown", _("Unit not in the register")
    NO_FIGURE = "no_figure", _("No figure")
    NO_DATES = "no_dates", _("Dates missing")
    NO_UNIT = "no_unit", _("No unit named")
    DOUBTFUL = "doubtful", _("Doubtful figure")
    NO_DEADLINE = "no_deadline", _("No deadline")
    REMARK = "remark", _("Remark of the reader")

    @classmethod
    def blocking(cls) -> set[str]:
        return {cls.UNTITLED, cls.UNIT_UNKNOWN, cls.NO_FIGURE, cls.NO_DATES}
