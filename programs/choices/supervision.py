"""Vocabularies of 督办: items outside programmes, their parts, and the slips, requests and papers around them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """督办事项来源: where an item outside the programmes comes from."""

    INSTRUCTION = "instruction", _("Leader's instruction")
    MEETING = "meeting", _("Decided by a meeting")
    SUPERIOR = "superior", _("Handed down from above")
    CASE = "case", _("Listed case")


class Urgency(models.TextChoices):
    """紧急程度: decides the time limit that is proposed when none is given."""

    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Normal")
    HARD = "hard", _("Difficult")


class ItemState(models.TextChoices):
    """督办事项状态: 立项 → 交办 → 办理 → 办结 → 销号, 中止. 签收, 反馈 and 审核 happen unit by unit (`ItemPartState`)."""

    REGISTERED = "registered", _("Registered")
    ASSIGNED = "assigned", _("Handed out")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Struck off")
    SUSPENDED = "suspended", _("Suspended")

    @classmethod
    def open(cls) -> set[str]:
        """States in which something is still owed."""
        return {cls.REGISTERED, cls.ASSIGNED}


class ItemPartState(models.TextChoices):
    """One unit's part of an item: 待签收 → 办理中 → 已完成; 免办 with a reason."""

    PENDING = "pending", _("Not handed out")
    ASSIGNED = "assigned", _("To be signed for")
    SIGNED_FOR = "signed_for", _("In hand")
    DONE = "done", _("Part done")
    WAIVED = "waived", _("Waived")

    @classmethod
    def settled(cls) -> set[str]:
        return {cls.DONE, cls.WAIVED}

    @classmethod
    def owing(cls) -> set[str]:
        """Handed out and not settled."""
        return {cls.ASSIGNED, cls.SIGNED_FOR}


class ItemRole(models.TextChoices):
    """主办 and 协办 of an item."""

    LEAD = "lead", _("Handling unit")
    SUPPORT = "support", _("Assisting unit")


class Endorsement(models.TextChoices):
    """What the leader says to a completed instruction of his; nothing waits for it."""

    READ = "read", _("Read by the leader")
    AGREED = "agreed", _("Leader agrees to striking it off")


class ItemOverdue(models.TextChoices):
    """两种逾期, kept apart: a unit that has not signed for its part, and one that signed and has not reported."""

    UNSIGNED = "unsigned", _("Overdue: not signed for")
    UNREPORTED = "unreported", _("Overdue: not reported")
