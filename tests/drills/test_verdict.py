"""The judge of the drills: a reminder lost, told twice or put to the wrong person is found."""

import pytest
from django.db.models import F

from drills import city as cities
from drills import clock, mailing, verdict
from drills.city import TODAY
from drills.servers import Sink
from programs.domain import reminders
from programs.models import ReminderDelivery
from qualitycity.outbox.models import InboxItem, Message

BEGIN = "2026-03-26T08:00:00+08:00"


@pytest.fixture
def city(db):
    with clock.starting_at(BEGIN):
        made = cities.make(people=3, cities=1)
        reminders.scan()
        yield made


def judged(city) -> verdict.Verdict:
    result = verdict.Verdict()
    verdict.in_portal(result, city, [TODAY])
    return result


def test_what_the_city_expects_is_what_the_portal_tells(city):
    result = judged(city)
    assert result.faults == [] and result.figures["reminders told"] == 15


def test_a_lost_reminder_is_found(city):
    ReminderDelivery.objects.filter(subject__contains="摸底").first().delete()
    assert judged(city).figures["reminders lost"] == 1


def test_a_reminder_told_twice_is_found(city):
    row = ReminderDelivery.objects.first()
    row.pk, row.key = None, "another"
    row.save(force_insert=True)
    assert judged(city).figures["reminders told twice"] == 1


def test_a_second_digest_is_found(city):
    row = InboxItem.objects.filter(kind="digest").first()
    row.pk, row.dedup_key = None, row.dedup_key.replace("digest:", "again:", 1)
    row.save(force_insert=True)
    assert judged(city).faults


def test_an_email_that_is_neither_sent_nor_in_doubt_is_lost_and_a_second_letter_is_seen(city):
    sink, result = Sink(), verdict.Verdict()
    Message.objects.filter(kind=verdict.MAIL).update(state="sent", finished_at=F("created_at"))
    first, second, _third = city.people
    sink.letters = [([city.addresses[person]], None) for person in (first, first, second)]
    verdict.mails(result, city, [TODAY], sink)
    assert result.figures["people with fewer letters than were booked as sent"] == 1
    assert result.figures["letters that arrived twice"] == 1
    Message.objects.filter(kind=verdict.MAIL, payload__user=second).update(state="parked")
    result = verdict.Verdict()
    verdict.mails(result, city, [TODAY], sink)
    assert result.figures["e-mails lost (neither sent nor in doubt)"] == 1


def test_a_run_in_which_too_few_kills_hurt_does_not_count():
    enough, too_few = verdict.Verdict(), verdict.Verdict()
    hits = [["mail.digest sending"], [], ["reminders.scan leased", "mail.digest sending"]]
    mailing.count_hits(enough, hits, 2)
    mailing.count_hits(too_few, hits, 3)
    assert enough.faults == [] and enough.figures["rows hit: mail.digest sending"] == 2
    assert too_few.faults == [
        "Only 2 kills hit a leased or sending row, 3 are needed: this run does not count."
    ]
