"""日历订阅: a secret address for one's own calendar, made anew or taken away at any time."""

import secrets

from django.db import transaction
from django.utils import timezone

from qualitycity.access import ActorContext
from qualitycity.audit.journal import record
from taskforce.models import CalendarFeed, User

BYTES = 32


def renew_feed(*, user: User, actor: ActorContext) -> str:
    """A new secret; the former one leads nowhere from now on. It is returned here and can be read nowhere again."""
    secret = secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        _row, _made = CalendarFeed.objects.update_or_create(
            user=user, defaults={"key_hash": CalendarFeed.hashed(secret), "made_at": timezone.now()}
        )
        record(subject=user, action="renew_calendar_feed", actor=actor, audience="office")
    return secret


def remove_feed(*, user: User, actor: ActorContext) -> None:
    with transaction.atomic():
        gone, _kinds = CalendarFeed.objects.filter(user=user).delete()
        if gone:
            record(subject=user, action="remove_calendar_feed", actor=actor, audience="office")
