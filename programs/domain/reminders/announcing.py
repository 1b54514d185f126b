"""Outside channels: they say that matters wait and how many, never which. All of them are off by default.

E-mail goes to whoever has not switched it off, a short message to whoever has switched it on, and a group is told once
a day through its robot. What is written here are ids: how many matters they are is counted when the message goes out.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from programs.queries.reminded import groups_of
from qualitycity.channels import sms
from qualitycity.outbox.messages import enqueue_many
from taskforce.domain.channels import note_latest
from taskforce.models import User

#: Telephones are not rung at night, whenever the scan runs.
FROM = time(8, 30)
#: People are told some hundred at a time; a group is told when all of its people are.
SETTLE = timedelta(minutes=10)


def announce(counts: Mapping[int, int], day: date) -> None:
    """Puts a word outside the portal in the outbox for people who got a digest: account → number of matters.

    Called in the transaction that writes their digests, for some hundred people at a time; the key holds person or
    group, channel and day, so nobody is told twice.
    """
    now = timezone.now()
    morning = timezone.make_aware(datetime.combine(day, FROM))
    enqueue_many("mail.digest", _messages("mail", "user", sorted(reached_by_mail(counts)), day), queue="mail")
    short = _messages("sms", "user", sorted(reached_by_sms(counts)), day)
    enqueue_many("sms.digest", short, queue="mail", not_before=max(now, morning))
    groups = list(groups_of(counts, day))
    told = _messages("robot", "robot", groups, day)
    enqueue_many("robot.digest", told, queue="mail", not_before=max(now + SETTLE, morning))
    note_latest({robot: key for robot, (key, _payload) in zip(groups, told, strict=True)})


def _messages(channel: str, field: str, keys: Iterable[int], day: date) -> list[tuple[str, dict[str, int | str]]]:
    return [(f"{channel}:digest:{key}:{day:%Y%m%d}", {field: key, "day": day.isoformat()}) for key in keys]


def channels(people: Collection[int]) -> dict[int, list[str]]:
    """By which ways each of `people` is told, as the preview names them: the inbox always, the rest where it is on."""
    mail, short = reached_by_mail(people), reached_by_sms(people)
    words = (pgettext("way of telling", "E-mail"), mail), (pgettext("way of telling", "Short message"), short)
    return {person: [_("Inbox"), *(word for word, reached in words if person in reached)] for person in people}


def reached_by_mail(people: Collection[int]) -> set[int]:
    """Those of `people` who get an e-mail beside the digest in the inbox."""
    if not settings.PORTAL_MAIL_ENABLED:
        return set()
    addressed = User.objects.filter(pk__in=list(people), is_active=True, mail_digest=True).exclude(email="")
    return set(addressed.values_list("pk", flat=True))


def reached_by_sms(people: Collection[int]) -> set[int]:
    """Those of `people` who wanted a short message and have a mobile number."""
    if sms.gateway() is None:
        return set()
    wanting = User.objects.filter(pk__in=list(people), is_active=True, sms_digest=True).values_list("pk", "phone")
    return {person for person, phone in wanting if sms.mobile(phone)}
