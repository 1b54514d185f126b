"""Vocabularies of 三单三色: slips, their colours and levels, and the bulletin."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SlipKind(models.TextChoices):
    """三单: 交办单, 催办单, 督办通知单."""

    ASSIGNMENT = "assignment", _("Assignment slip")
    URGE = "urge", _("Urging slip")
    NOTICE = "notice", _("Supervision notice")


class SlipColour(models.TextChoices):
    """三色: 蓝 reminds, 橙 warns after the blue one's date, 红 after the orange one's. A colour never stands without
    its word."""

    BLUE = "blue", _("Blue")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")


class SlipLevel(models.TextChoices):
    """Whom a slip speaks to. Above the unit only by a person's act."""

    UNIT = "unit", _("The unit itself")
    HEAD = "head", _("The head of the unit")
    LEADER = "leader", _("The leader in charge")


class SlipState(models.TextChoices):
    """待签发 → 已发出 → 已签收 → 已回复 → 已办结; 不予签发, 作废."""

    PROPOSED = "proposed", _("To be issued")
    ISSUED = "issued", _("Issued")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ANSWERED = "answered", _("Answered by the unit")
    SETTLED = "settled", _("Settled")
    DISMISSED = "dismissed", _("Not issued")
    WITHDRAWN = "withdrawn", _("Void")

    @classmethod
    def open(cls) -> set[str]:
        """Issued and not settled."""
        return {cls.ISSUED, cls.ACKNOWLEDGED, cls.ANSWERED}

    @classmethod
    def with_unit(cls) -> set[str]:
        """The unit's turn: to acknowledge or to answer."""
        return {cls.ISSUED, cls.ACKNOWLEDGED}

    @classmethod
    def unnumbered(cls) -> set[str]:
        return {cls.PROPOSED, cls.DISMISSED}


class BulletinState(models.TextChoices):
    """通报: 草稿 → 已签发 → 作废; 弃稿."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", _("Void")
    DISCARDED = "discarded", _("Draft given up")
