"""Messages that left the house or tried to and wait for a person: an office sees those to its people and groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext

from qualitycity.access import ActorContext, visible
from qualitycity.outbox.choices import NEEDS_PERSON, State
from qualitycity.outbox.models import Message
from qualitycity.outbox.registry import outside_kinds
from taskforce.models import Robot
from taskforce.queries.people import addressees


@dataclass(frozen=True)
class Failed:
    """One message as the page names it; `doubtful`: it may have arrived."""

    message: Message
    person: str
    units: str
    what: str
    why: str
    doubtful: bool


def failed(actor: ActorContext) -> QuerySet[Message]:
    """Newest first; no query of its own."""
    stopped = Message.objects.filter(state__in=NEEDS_PERSON, kind__in=outside_kinds())
    return visible(stopped, actor).order_by("-pk")


def known(actor: ActorContext, messages: Iterable[int]) -> list[int]:
    """Those of the messages that the person may send again, also where somebody has done so meanwhile; one query."""
    outside = Message.objects.filter(pk__in=list(messages), kind__in=outside_kinds())
    return list(visible(outside, actor).values_list("pk", flat=True))


def lines(messages: Iterable[Message], day: date) -> list[Failed]:
    """With the people and groups they were meant for; two queries."""
    rows = list(messages)
    people = addressees([row.payload["user"] for row in rows if "user" in row.payload], day)
    robots = Robot.objects.filter(pk__in=[row.payload["robot"] for row in rows if "robot" in row.payload])
    places = Coalesce("department__short_name", "jurisdiction__short_name")
    groups = {pk: (name, place) for pk, name, place in robots.values_list("pk", "name", places)}
    words = {
        "mail.digest": pgettext("way of telling", "E-mail"),
        "sms.digest": pgettext("way of telling", "Short message"),
        "robot.digest": pgettext("way of telling", "Message to a group"),
        "channel.test": pgettext("way of telling", "Test message"),
    }
    return [
        Failed(
            row,
            *(people.get(row.payload.get("user")) or groups.get(row.payload.get("robot")) or ("—", "")),
            what=words.get(row.kind, row.kind),
            why=row.last_error.splitlines()[0][:200] if row.last_error else "",
            doubtful=row.state == State.DOUBTFUL,
        )
        for row in rows
    ]
