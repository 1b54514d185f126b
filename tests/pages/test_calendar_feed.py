"""日历订阅: read without signing in at a secret address, which is shown once, renewed and removed; numbers, no titles."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from programs.domain import breakdown, tasks
from programs.models import Milestone, Task
from programs.queries.calendar import KINDS
from programs.views.feed import WORDS
from qualitycity.audit.models import Entry
from taskforce.models import CalendarFeed, User
from tests.factories import make_part, make_task

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"http://127\.0\.0\.1:8000(/calendar/feed/([\w-]+)\.ics)")


def renew(client):
    """The path and the secret in it, as the page shows them."""
    answer = client.post(reverse("calendar_address"), {"do": "renew"})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    found = ADDRESS.search(answer.content.decode())
    return found[1], found[2]


def read(path, **headers):
    """As a calendar program reads it: nobody is signed in."""
    return Client().get(path, headers=headers)


def events(answer):
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    return {(event.start, str(event["summary"])) for event in Calendar.from_ical(answer.content).walk("VEVENT")}


@pytest.fixture
def dated(world):
    """Dates of 甲局: two tasks on one day and a milestone; a task of 丙局 that is not its business."""
    director = world.actor("director")
    added = [make_task(world.programme, number, mode="sole", due_on=date(2026, 6, 30)) for number in (11, 12)]
    for task in added:
        make_part(task, world.units["甲局"], "sole")
    tasks.confirm(added, actor=director)
    tasks.assign(added, actor=director)
    Task.objects.filter(pk=world.tasks[2].pk).update(due_on=date(2026, 6, 30))
    breakdown.add_milestone(
        programme=world.programme, task=added[0], actor=world.actor("clerk"), title="出台办法", due_on=date(2026, 5, 8)
    )
    return added


def test_the_file_counts_what_is_due_and_names_nothing(as_user, dated, world):
    path, _secret = renew(as_user("jia_liaison"))
    answer = read(path)
    found = events(answer)
    assert (date(2026, 6, 30), "门户：2项任务到期") in found
    assert (date(2026, 5, 8), "门户：1个节点到期") in found
    assert (date(2026, 4, 7), "门户：1项进展报送到期") in found
    text = answer.content.decode()
    for inside in ("任务11", "出台办法", "质量提升2026", "甲局"):
        assert inside not in text


def test_there_are_words_for_every_kind_of_date():
    assert set(WORDS) == set(KINDS)


def test_every_entry_is_a_whole_day_with_a_way_to_the_portal(as_user, dated, settings):
    path, _secret = renew(as_user("jia_liaison"))
    calendar = Calendar.from_ical(read(path).content)
    assert settings.PORTAL_NAME in calendar["x-wr-calname"]
    rows = calendar.walk("VEVENT")
    assert len({str(row["uid"]) for row in rows}) == len(rows)
    for row in rows:
        assert type(row.start) is date and row.end == row.start + timedelta(days=1)
        way = str(row["url"])
        assert way.startswith(f"{settings.PORTAL_BASE_URL}/calendar/?month=") and way.endswith(f"day={row.start}")
        assert Client().get(way.removeprefix(settings.PORTAL_BASE_URL)).status_code == 302, "the page asks to sign in"


def test_each_sees_what_he_may_see(as_user, dated, world):
    client = as_user("bing_liaison")
    found = events(read(renew(client)[0]))
    assert (date(2026, 6, 30), "门户：1项任务到期") in found
    assert not any("节点" in summary for _day, summary in found)
    client.logout()
    assert (date(2026, 6, 30), "门户：3项任务到期") in events(read(renew(as_user("clerk"))[0]))
    client.logout()
    assert events(read(renew(as_user("sysadmin"))[0])) == set()


def test_what_is_done_is_due_no_more(as_user, dated):
    path, _secret = renew(as_user("jia_liaison"))
    Milestone.objects.update(state="done", done_on=date(2026, 3, 26))
    assert not any("节点" in summary for _day, summary in events(read(path)))


def test_the_secret_is_long_kept_as_a_hash_and_shown_once(as_user):
    client = as_user("jia_liaison")
    _path, secret = renew(client)
    assert len(secret) >= 43  # 256 bits
    assert CalendarFeed.objects.get().key_hash == CalendarFeed.hashed(secret)
    kept = str(list(CalendarFeed.objects.values())) + str(list(Entry.objects.values()))
    assert secret not in kept and secret not in client.get(reverse("account")).content.decode()
    assert Entry.objects.filter(action="renew_calendar_feed").count() == 1


def test_a_new_address_makes_the_old_one_useless_and_so_does_removing(as_user):
    client = as_user("jia_liaison")
    old, _secret = renew(client)
    new, _secret = renew(client)
    assert old != new and read(old).status_code == 404 and read(new).status_code == 200
    for _click in range(2):
        assert client.post(reverse("calendar_address"), {"do": "remove"}).status_code == 302
    assert read(new).status_code == 404 and not CalendarFeed.objects.exists()
    assert Entry.objects.filter(action="remove_calendar_feed").count() == 1


def test_a_closed_account_has_no_calendar(as_user, world):
    path, _secret = renew(as_user("jia_liaison"))
    User.objects.filter(username="jia_liaison").update(is_active=False)
    assert read(path).status_code == 404
    User.objects.filter(username="jia_liaison").update(is_active=True)
    assert read(path).status_code == 200


@pytest.mark.parametrize("secret", ["x", "A" * 43, "0" * 500, "-_-"])
def test_a_guess_finds_nothing(secret, world):
    assert read(f"/calendar/feed/{secret}.ics").status_code == 404


def test_a_strange_step_is_no_step(as_user):
    assert as_user("jia_liaison").post(reverse("calendar_address"), {"do": "explode"}).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_an_unchanged_file_is_not_sent_again(as_user, dated, clock):
    path, _secret = renew(as_user("jia_liaison"))
    first = read(path)
    again = read(path, if_none_match=first["ETag"])
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    assert "no-cache" in first["Cache-Control"] and "private" in first["Cache-Control"]
    Milestone.objects.update(due_on=date(2026, 5, 9))
    assert read(path, if_none_match=first["ETag"]).status_code == 200


def test_reading_costs_the_same_however_much_is_due(as_user, dated, world):
    path, _secret = renew(as_user("clerk"))
    with CaptureQueriesContext(connection) as few:
        read(path)
    days = [date(2026, 7, 1) + timedelta(days=number) for number in range(40)]
    more = [make_task(world.programme, 100 + place, mode="sole", due_on=day) for place, day in enumerate(days)]
    for task in more:
        make_part(task, world.units["甲局"], "sole")
    tasks.confirm(more, actor=world.actor("director"))
    tasks.assign(more, actor=world.actor("director"))
    with CaptureQueriesContext(connection) as many:
        assert len(events(read(path))) > 40
    assert len(many) == len(few) <= 6
    assert not [query for query in many.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
