"""Vocabularies of 延期, 调整单 and supporters' parts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExtensionState(models.TextChoices):
    """延期申请: 单位填写 → 负责人审签 → 办公室决定."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be signed off")
    SIGNED = "signed", _("To be decided")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def open(cls) -> set[str]:
        """Requests on their way; there is one at a time for a date."""
        return {cls.DRAFT, cls.SUBMITTED, cls.SIGNED}

    @classmethod
    def left_unit(cls) -> set[str]:
        """Requests that left the unit with its signature."""
        return {cls.SIGNED, cls.GRANTED, cls.REFUSED}


class AdjustmentKind(models.TextChoices):
    """调整单: what is changed of an assigned task, its units or its indicator."""

    ADD_UNIT = "add_unit", _("Another unit joins")
    REPLACE_UNIT = "replace_unit", _("A unit takes the place of another")
    REMOVE_UNIT = "remove_unit", _("A unit leaves")
    CHANGE_ROLE = "change_role", _("A unit changes its role")
    WORDING = "wording", _("Wording of the task")
    TARGET = "target", _("Target of an indicator")


class AdjustmentState(models.TextChoices):
    """办公室起草 → 管理员执行 (or 作废)."""

    DRAFT = "draft", _("Drafted")
    CARRIED_OUT = "carried_out", _("Carried out")
    DROPPED = "dropped", _("Put aside")


class ContributionState(models.TextChoices):
    """配合单位的部分: 牵头催报 → 配合单位报牵头 → 牵头采纳 or 退回补充."""

    ASKED = "asked", _("Asked for")
    HANDED_IN = "handed_in", _("With the lead")
    ADOPTED = "adopted", _("Adopted by the lead")
    ASKED_BACK = "asked_back", _("Asked back")

    @classmethod
    def with_unit(cls) -> set[str]:
        """States in which it is the supporting unit's turn."""
        return {cls.ASKED, cls.ASKED_BACK}
