"""What became of what was due: the portal's tables and the sink's letters against the city's own list."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from drills.city import City
from drills.servers import Place, Sink
from programs.models import ReminderDelivery
from qualitycity.home.invariants import violations
from qualitycity.outbox.choices import HELD, NEEDS_PERSON, State
from qualitycity.outbox.messages import retry
from qualitycity.outbox.models import InboxItem, Message
from taskforce.contracts import actor_context
from taskforce.models import User

MAIL = "mail.digest"


@dataclass
class Verdict:
    """Figures in the order in which they are printed; `faults` are sentences, none when the promise was kept."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def count(self, name: str, value: int, *, most: int | None = None, least: int | None = None) -> None:
        self.figures[name] = value
        if most is not None and value > most:
            self.faults.append(f"{name}: {value}, at most {most} are allowed.")
        if least is not None and value < least:
            self.faults.append(f"{name}: {value}, at least {least} are needed.")

    def lines(self) -> list[str]:
        return [f"{name}: {value}" for name, value in self.figures.items()]


def working() -> int:
    """Messages whose time has come and that are not finished."""
    due = Q(state=State.PENDING, next_at__lte=timezone.now())
    return Message.objects.filter(due | Q(state__in=HELD)).count()


def waits_for_person(kind: str | None = None) -> list[Message]:
    rows = Message.objects.filter(state__in=NEEDS_PERSON)
    return list(rows.filter(kind=kind) if kind else rows)


def in_portal(verdict: Verdict, city: City, days: list[date]) -> None:
    """The delivery log and the inboxes: everything that was due on the days, nothing else, and each once."""
    told: Counter[tuple[int, date, str]] = Counter()
    unknown = 0
    log = ReminderDelivery.objects.values_list("recipient_id", "digest_on", "subject")
    for person, day, subject in log:
        due = [title for title in city.due.get(day, {}).get(person, []) if title in subject]
        unknown += not due
        told.update((person, day, title) for title in due)
    wanted = {
        (person, day, title) for day in days for person, titles in city.due[day].items() for title in titles
    }
    verdict.count("reminders due", len(wanted))
    verdict.count("reminders told", len(told))
    verdict.count("reminders lost", len(wanted - told.keys()), most=0)
    verdict.count("reminders told twice", sum(count - 1 for count in told.values() if count > 1), most=0)
    verdict.count("reminders nobody asked for", unknown + len(told.keys() - wanted), most=0)
    digests = Counter(
        (person, key.split(":")[1], re.sub(r"\D", "", title))
        for person, key, title in InboxItem.objects.filter(kind="digest").values_list(
            "recipient_id", "dedup_key", "title"
        )
    )
    expected = Counter(
        (person, f"{day:%Y%m%d}", str(len(titles))) for day in days for person, titles in city.due[day].items()
    )
    verdict.count("digests due", expected.total())
    verdict.count("digests in inboxes", digests.total())
    verdict.count("digests missing or with another count", (expected - digests).total(), most=0)
    verdict.count("digests too many", (digests - expected).total(), most=0)


def mails(verdict: Verdict, city: City, days: list[date], sink: Sink) -> None:
    """E-mails: arrived, or in doubt and on the list of what waits for a person; none twice by itself."""
    arrived = _arrived(sink)
    states = {
        (message.payload["user"], message.payload["day"]): message.state
        for message in Message.objects.filter(kind=MAIL)
    }
    due = {(person, day.isoformat()) for day in days for person in city.due[day]}
    doubtful = {key for key in due if states.get(key) == State.DOUBTFUL}
    sent = {key for key in due if states.get(key) == State.SENT}
    verdict.count("e-mails due", len(due))
    verdict.count("e-mails sent", len(sent))
    verdict.count("e-mails in doubt", len(doubtful))
    verdict.count("e-mails in doubt that did arrive", sum(arrived[city.addresses[person]] > 0 for person, _ in doubtful))
    verdict.count("e-mails lost (neither sent nor in doubt)", len(due - sent - doubtful), most=0)
    per_person = Counter(person for person, _day in sent)
    short = sum(arrived[city.addresses[person]] < count for person, count in per_person.items())
    verdict.count("people with fewer letters than were booked as sent", short, most=0)
    most = Counter(person for person, _day in due)
    surplus = sum(max(0, arrived[city.addresses[person]] - most[person]) for person in city.people)
    verdict.count("letters that arrived twice", surplus, most=0)
    verdict.count("in doubt and listed for the administrator", _listed(), least=len(doubtful))


def _arrived(sink: Sink) -> Counter[str]:
    return Counter(address for addresses, _letter in list(sink.letters) for address in addresses)


def _listed() -> int:
    """What the administrator reads on the list of doubtful messages, as the page says it."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        User.objects.get(username="drill-sysadmin"), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get(reverse("admin:outbox_message_changelist"), {"state__exact": State.DOUBTFUL})
    assert answer.status_code == 200, answer.status_code
    return answer.context["cl"].result_count


def resend(reason: str) -> int:
    """A person looks at what stands and has it done again. Returns how many there were."""
    person = actor_context(User.objects.get(username="drill-sysadmin"), day=timezone.localdate())
    stopped = waits_for_person()
    for message in stopped:
        retry(message, actor=person, reason=reason)
    return len(stopped)


def resent(verdict: Verdict, city: City, days: list[date], sink: Sink, doubted: set[int]) -> None:
    """After a person has sent the doubtful ones again: everybody has a letter, twice only who was in doubt."""
    arrived = _arrived(sink)
    due = Counter(person for day in days for person in city.due[day])
    without = sum(arrived[city.addresses[person]] < count for person, count in due.items())
    verdict.count("after resending: people without their letter", without, most=0)
    twice = {person for person, count in due.items() if arrived[city.addresses[person]] > count}
    verdict.count("after resending: people who got one twice", len(twice))
    verdict.count("after resending: twice without having been in doubt", len(twice - doubted), most=0)
    verdict.count("after resending: still waiting for a person", len(waits_for_person()), most=0)


def invariants(verdict: Verdict, place: Place) -> None:
    """All invariants, with the files where the drill's processes keep them."""
    with override_settings(MEDIA_ROOT=place.folder / "media"), transaction.atomic():
        with connection.cursor() as cursor:
            # a day's lights of thousands of tasks are worked out in one statement
            cursor.execute("SET LOCAL statement_timeout = 0")
        found = list(violations())
    verdict.count("invariants violated", len(found), most=0)
    verdict.faults += found[:5]
