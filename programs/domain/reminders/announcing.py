"""Outside channels: they say that matters wait and how many, never which. All of them are off by default."""

from collections.abc import Collection, Mapping
from datetime import date

from django.conf import settings

from qualitycity.outbox.messages import enqueue_many
from taskforce.models import User


def announce(counts: Mapping[int, int], day: date) -> None:
    """Puts a word outside the portal in the outbox for people who got a digest: account → number of matters.

    Called in the transaction that writes their digests, for some hundred people at a time; the key holds person and
    day, so nobody gets two.
    """
    enqueue_many(
        "mail.digest",
        [
            (f"mail:digest:{person}:{day:%Y%m%d}", {"user": person, "day": day.isoformat()})
            for person in sorted(reached_by_mail(counts))
        ],
        queue="mail",
    )


def reached_by_mail(people: Collection[int]) -> set[int]:
    """Those of `people` who get an e-mail beside the digest in the inbox."""
    if not settings.PORTAL_MAIL_ENABLED:
        return set()
    addressed = User.objects.filter(pk__in=list(people), is_active=True).exclude(email="")
    return set(addressed.values_list("pk", flat=True))
