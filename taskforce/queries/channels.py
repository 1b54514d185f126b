"""消息渠道: which are on, how the latest message of each went, how many people chose them."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from qualitycity.access import ActorContext
from qualitycity.channels import sms
from qualitycity.outbox.choices import NEEDS_PERSON, State
from qualitycity.outbox.models import Message
from taskforce.models import CalendarFeed, Robot, User


@dataclass(frozen=True)
class Result:
    """How a message went: `state` for a tag, `said` why it stopped or is tried again."""

    message: Message

    @property
    def sent(self) -> bool:
        return self.message.state in (State.SENT, State.DONE)

    @property
    def stopped(self) -> bool:
        return self.message.state in NEEDS_PERSON

    @property
    def doubtful(self) -> bool:
        return self.message.state == State.DOUBTFUL

    @property
    def trial(self) -> bool:
        return self.message.kind == "channel.test"

    @property
    def said(self) -> str:
        """Without the name of the exception, which is for operators."""
        return "" if self.sent else re.sub(r"^[A-Za-z]+: ", "", self.message.last_error)


def robots(actor: ActorContext) -> QuerySet[Robot]:
    """The office's own before those of the units."""
    found = Robot.objects.visible_to(actor).select_related("jurisdiction", "department", "last_message")
    return found.order_by("jurisdiction__code", F("department__sort").asc(nulls_first=True), "pk")


def results(found: list[Robot]) -> list[tuple[Robot, Result | None]]:
    return [(robot, Result(robot.last_message) if robot.last_message else None) for robot in found]


def latest(prefix: str) -> Result | None:
    """Of the messages whose key begins so."""
    message = Message.objects.filter(dedup_key__startswith=prefix).order_by("-pk").first()
    return Result(message) if message else None


@dataclass(frozen=True)
class Offered:
    """What this portal offers, and how many active accounts make use of it."""

    mail: bool
    mail_from: str
    mail_people: int
    sms: bool
    sms_host: str
    sms_people: int
    feeds: int


def offered() -> Offered:
    gateway = sms.gateway()
    counted = User.objects.filter(is_active=True).aggregate(
        mail=Count("pk", filter=Q(mail_digest=True) & ~Q(email="")), sms=Count("pk", filter=Q(sms_digest=True))
    )
    return Offered(
        mail=settings.PORTAL_MAIL_ENABLED,
        mail_from=settings.DEFAULT_FROM_EMAIL,
        mail_people=counted["mail"],
        sms=gateway is not None,
        sms_host=gateway.host if gateway else "",
        sms_people=counted["sms"],
        feeds=CalendarFeed.objects.filter(user__is_active=True).count(),
    )


def feed_owner(secret: str) -> CalendarFeed | None:
    """Whose calendar this is; nobody's when the account is closed."""
    return (
        CalendarFeed.objects.select_related("user")
        .filter(key_hash=CalendarFeed.hashed(secret), user__is_active=True)
        .first()
    )
