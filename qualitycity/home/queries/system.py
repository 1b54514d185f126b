"""Desks of the auditor and the system administrator: the journal; accounts, stopped messages, signs of life."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from qualitycity.access import ActorContext, visible
from qualitycity.audit.models import Entry
from qualitycity.outbox.choices import NEEDS_PERSON
from qualitycity.outbox.models import Message
from taskforce.models import Membership, User

SHOWN = 20


def latest_entries(actor: ActorContext) -> QuerySet[Entry]:
    """Newest lines of the journal that the person may read."""
    return visible(Entry.objects.order_by("-id"), actor)[:SHOWN]


def accounts_without_role(actor: ActorContext, *, today: date) -> QuerySet[User]:
    """Open accounts that hold no role today, newest first: nobody has told them what they may do."""
    held = Membership.objects.current(today).filter(user=OuterRef("pk"))
    return visible(User.objects.filter(~Exists(held), is_active=True), actor).order_by("-date_joined")[:SHOWN]


def stopped_messages(actor: ActorContext) -> QuerySet[Message]:
    """Messages that wait for a person."""
    return visible(Message.objects.filter(state__in=NEEDS_PERSON), actor).order_by("-pk")[:SHOWN]
