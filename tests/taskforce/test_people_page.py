"""人员账号: found by unit and state, helped once and journalled, never somebody with equal or higher rights."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem
from taskforce.choices import Role
from taskforce.models import Department, Membership, User
from tests.factories import make_user

START = "2026-01-01"


def names(client, **asked):
    answer = client.get(reverse("people"), asked)
    assert answer.status_code == 200
    return {row.username for row in answer.context["page_obj"].object_list}


def act(client, person, do):
    return client.post(reverse("person", args=[person.pk]), {"do": do})


def pause(person, failures=5, minutes=1):
    """As many wrong passwords as the throttle has counted."""
    row = AccessAttempt.objects.create(username=person.username, ip_address="10.0.0.1", failures_since_start=failures)
    AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=timezone.now() - timedelta(minutes=minutes))


@pytest.fixture
def in_district(world):
    """A unit of the district with its liaison."""
    unit = Department.objects.create(
        jurisdiction=world.district, code="donghu-jiao", kind="government_dept", name="东湖区教育局", short_name="区教育局"
    )
    world.people["far_down"] = make_user("far_down", Role.LIAISON, jurisdiction=world.district, department=unit)
    return world.people["far_down"]


def test_accounts_are_found_by_name_unit_role_and_state(as_user, world):
    client = as_user("director")
    assert {"jia_liaison", "leader", "director"} <= names(client)
    assert names(client, q="市甲局") == {"jia_liaison", "jia_head"}
    assert names(client, q="jia_li") == {"jia_liaison"}
    assert names(client, role="unit_head") == {"jia_head", "yi_head"}
    User.objects.filter(username="yi_head").update(is_active=False)
    User.objects.filter(username="yi_liaison").update(must_change_password=True)
    User.objects.exclude(username="jia_head").update(last_login=timezone.now())
    pause(world.people["jia_liaison"])
    assert names(client, state="closed") == {"yi_head"}
    assert names(client, state="password") == {"yi_liaison"}
    assert names(client, state="never") == {"jia_head"}
    assert names(client, state="locked") == {"jia_liaison"}
    assert names(client, state="nonsense") == names(client)


def test_a_pause_that_is_over_or_not_reached_shows_nothing(as_user, world):
    pause(world.people["jia_liaison"], failures=4)
    pause(world.people["jia_head"], minutes=20)
    assert names(as_user("director"), state="locked") == set()


def test_a_district_office_sees_and_helps_the_people_of_its_district_alone(as_user, world, in_district):
    client = as_user("district")
    assert names(client) == {"district", "far_down"}
    assert act(client, in_district, "password").status_code == 200
    assert act(client, world.people["jia_liaison"], "password").status_code == 404
    colleague = make_user("colleague", Role.DISTRICT_OFFICE, jurisdiction=world.district, department=world.units["东湖区"])
    assert act(client, colleague, "password").status_code == 403


def test_a_new_password_is_shown_once_signs_out_and_tells_the_person(as_user, client, world):
    person = world.people["jia_liaison"]
    answer = act(as_user("director"), person, "password")
    ((_account, password),) = answer.context["slips"]
    assert password in answer.content.decode() and answer["Cache-Control"] == "no-store"
    assert password not in as_user("director").get(reverse("person", args=[person.pk])).content.decode()
    person.refresh_from_db()
    assert person.check_password(password) and person.must_change_password
    entry = Entry.objects.get(action="reset_password")
    assert (entry.actor_label, entry.audience) == ("director", "office") and password not in str(entry.__dict__)
    notice = InboxItem.objects.get(recipient=person, kind="account")
    assert "director" in notice.title and password not in notice.title + notice.body


def test_a_pause_is_ended_on_every_computer_and_the_person_learns_of_it(as_user, world):
    person = world.people["jia_liaison"]
    pause(person)
    pause(world.people["jia_head"])
    client = as_user("director")
    assert "unlock" in client.get(reverse("person", args=[person.pk])).content.decode()
    assert act(client, person, "unlock").status_code == 302
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["jia_head"]
    assert Entry.objects.get(action="unlock_account").audience == "office"
    assert InboxItem.objects.filter(recipient=person, kind="account").count() == 1
    act(client, person, "unlock")
    assert Entry.objects.filter(action="unlock_account").count() == 1, "nothing was paused any more"


def test_who_leaves_is_out_and_can_come_back(as_user, world):
    person = world.people["jia_liaison"]
    client = as_user("director")
    assert act(client, person, "close").status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert act(client, person, "open").status_code == 302
    person.refresh_from_db()
    assert person.is_active
    assert list(Entry.objects.order_by("id").values_list("action", flat=True))[-2:] == ["deactivate", "reactivate"]


@pytest.mark.parametrize("do", ["password", "unlock", "close", "open"])
@pytest.mark.parametrize("whose", ["sysadmin", "director", "clerk", "leader", "secretary", "supervisor", "auditor"])
def test_nobody_of_equal_or_higher_rights_is_touched(as_user, world, whose, do):
    make_user("second", Role.OFFICE_ADMIN, jurisdiction=world.city)
    person = world.people[whose]
    pause(person)
    before = User.objects.get(pk=person.pk)
    assert act(as_user("director"), person, do).status_code == 403
    after = User.objects.get(pk=person.pk)
    assert (after.password, after.is_active) == (before.password, before.is_active)
    assert AccessAttempt.objects.filter(username=person.username).exists()


def test_a_second_higher_role_protects_and_an_ended_one_does_not(as_user, world):
    person = world.people["jia_liaison"]
    row = Membership.objects.create(user=person, role=Role.AUDITOR, jurisdiction=world.city, valid_from=START)
    assert act(as_user("director"), person, "password").status_code == 403
    Membership.objects.filter(pk=row.pk).update(valid_until=timezone.localdate())
    assert act(as_user("director"), person, "password").status_code == 200


def test_the_page_says_why_an_account_is_not_ones_to_look_after(as_user, world):
    page = as_user("director").get(reverse("person", args=[world.people["leader"].pk]))
    assert page.status_code == 200 and not page.context["may"] and page.context["why_not"]
    assert "name=\"do\"" not in page.content.decode()


def test_many_accounts_cost_the_same_queries(as_user, world):
    client, counts = as_user("director"), []
    for amount in (1, 30):
        for number in range(amount):
            make_user(f"p{amount}-{number}", Role.LIAISON, jurisdiction=world.city, department=world.units["甲局"])
        with CaptureQueriesContext(connection) as found:
            names(client)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12
