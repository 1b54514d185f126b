"""Vocabularies of 领导小组会议 and 需协调事项."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingState(models.TextChoices):
    """会议状态: 筹备 → 已通知 → 已召开 → 纪要已印发; 取消 with a reason."""

    PLANNED = "planned", _("In preparation")
    NOTIFIED = "notified", _("Invitations sent")
    HELD = "held", _("Has been held")
    MINUTED = "minuted", _("Minutes issued")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def ahead(cls) -> set[str]:
        """Meetings whose agenda and papers can still change."""
        return {cls.PLANNED, cls.NOTIFIED}


class InvitationReply(models.TextChoices):
    """参会回执 of an invited unit or person."""

    NONE = "none", _("Not answered")
    ATTENDING = "attending", _("Will attend")
    SUBSTITUTE = "substitute", _("Sends somebody else")
    LEAVE = "leave", _("Asks for leave")


class Presence(models.TextChoices):
    """签到: who really came."""

    UNKNOWN = "unknown", _("Not recorded")
    PRESENT = "present", _("Present")
    SUBSTITUTE = "substitute", _("Substitute present")
    ABSENT = "absent", _("Absent")

    @classmethod
    def came(cls) -> set[str]:
        return {cls.PRESENT, cls.SUBSTITUTE}


class MeetingPdfKind(models.TextChoices):
    """What is set as PDF for a meeting by a job."""

    PAPERS = "papers", _("Agenda and papers")
    MINUTES = "minutes", _("Minutes")


class MatterState(models.TextChoices):
    """需协调事项状态: 待办 → 已答复, or 已呈报 → 已决定; 单位已知悉. 已撤回 when the unit took its report back in time."""

    RAISED = "raised", _("With the office")
    ANSWERED = "answered", pgettext_lazy("matter", "Answered")
    PUT_BEFORE = "put_before", _("Put before a leader")
    DECIDED = "decided", _("Decided")
    ACKNOWLEDGED = "acknowledged", _("Noted by the unit")
    DROPPED = "dropped", _("Taken back by the unit")

    @classmethod
    def open(cls) -> set[str]:
        return {cls.RAISED, cls.PUT_BEFORE}

    @classmethod
    def settled(cls) -> set[str]:
        """An answer or a decision stands."""
        return {cls.ANSWERED, cls.DECIDED, cls.ACKNOWLEDGED}
