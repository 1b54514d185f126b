"""Accounts in the admin: a password shown once, roles given and ended, accounts closed; all through the domain."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from qualitycity.audit.models import Entry
from taskforce.models import Delegation, Membership, User

ADD = "admin:taskforce_user_add"
CHANGE = "admin:taskforce_user_change"
LIST = "admin:taskforce_user_changelist"
RESET = "admin:taskforce_user_reset"


def enter(as_user, world, name):
    User.objects.filter(pk=world.people[name].pk).update(is_staff=True)
    return as_user(name)


def new_account(client, **more):
    data = {"username": "chen.min", "full_name": "陈敏", "email": "", "phone": "0754-5", **more}
    return client.post(reverse(ADD), data)


def role_data(user, count=0, **more):
    prefix = "memberships"
    data = {
        f"{prefix}-TOTAL_FORMS": str(count + bool(more)),
        f"{prefix}-INITIAL_FORMS": str(count),
        f"{prefix}-MIN_NUM_FORMS": "0",
        f"{prefix}-MAX_NUM_FORMS": "1000",
    }
    today = timezone.localdate().isoformat()
    full = {
        "id": "",
        "user": user.pk,
        "department": "",
        "leader": "",
        "valid_from": today,
        "valid_until": "",
        **more,
    }
    return data | ({f"{prefix}-{count}-{name}": value for name, value in full.items()} if more else {})


def post_roles(client, user, data, **fields):
    named = {"full_name": user.full_name, "email": user.email, "phone": user.phone, **fields}
    return client.post(reverse(CHANGE, args=[user.pk]), {**named, **data})


@pytest.mark.parametrize("name", ["sysadmin", "director"])
def test_a_new_accounts_password_is_shown_this_once(as_user, world, name):
    client = enter(as_user, world, name)
    answer = new_account(client)
    password = answer.context["password"]
    assert password in answer.content.decode() and "no-store" in answer["Cache-Control"]
    user = User.objects.get(username="chen.min")
    assert user.check_password(password) and user.must_change_password and user.full_name == "陈敏"
    assert password not in client.get(reverse(CHANGE, args=[user.pk])).content.decode()
    assert Entry.objects.filter(subject_id=user.pk, subject_type="taskforce.user").count() == 1


def test_a_name_that_is_taken_is_said_at_the_field_and_what_was_typed_is_kept(as_user, world):
    answer = new_account(enter(as_user, world, "sysadmin"), username="director")
    assert answer.status_code == 200 and answer.context["adminform"].form.errors["username"]
    assert "陈敏" in answer.content.decode()
    assert User.objects.filter(username="director").count() == 1


def test_the_office_gives_a_role_on_the_page_of_the_account(as_user, world):
    client = enter(as_user, world, "director")
    new_account(client)
    user = User.objects.get(username="chen.min")
    data = role_data(user, role="liaison", jurisdiction=world.city.pk, department=world.units["甲局"].pk)
    assert post_roles(client, user, data).status_code == 302
    row = Membership.objects.get(user=user)
    assert (row.role, row.department) == ("liaison", world.units["甲局"])
    entry = Entry.objects.get(action="give_role")
    assert (entry.actor_label, entry.after["where"]) == ("director", "市甲局")


@pytest.mark.parametrize(
    ("name", "role", "unit"),
    [
        ("sysadmin", "liaison", True),
        ("director", "system_admin", False),
        ("director", "liaison", False),
        ("director", "secretary", False),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_at_the_row(as_user, world, name, role, unit):
    client = enter(as_user, world, name)
    user = world.people["stranger"]
    department = world.units["甲局"].pk if unit else ""
    answer = post_roles(
        client, user, role_data(user, role=role, jurisdiction=world.city.pk, department=department)
    )
    assert answer.status_code == 200
    assert answer.context["inline_admin_formsets"][0].formset.errors[0]["__all__"]
    assert not user.memberships.exists()


def test_nobody_gives_himself_a_role(as_user, world):
    client = enter(as_user, world, "director")
    user = world.people["director"]
    row = user.memberships.get()
    data = role_data(user, 1, role="leader", jurisdiction=world.city.pk)
    data |= {"memberships-0-id": row.pk, "memberships-0-user": user.pk, "memberships-0-valid_until": ""}
    assert post_roles(client, user, data).status_code == 200
    assert user.memberships.count() == 1


def test_a_role_is_ended_and_not_rewritten(as_user, world):
    client = enter(as_user, world, "director")
    user = world.people["jia_liaison"]
    row = user.memberships.get()
    today = timezone.localdate()
    data = role_data(user, 1) | {
        "memberships-0-id": row.pk,
        "memberships-0-user": user.pk,
        "memberships-0-valid_until": today.isoformat(),
        "memberships-0-role": "leader",
    }
    assert post_roles(client, user, data).status_code == 302
    row.refresh_from_db()
    assert (row.role, row.valid_until) == ("liaison", today)
    assert Entry.objects.filter(action="end_role").count() == 1


def test_the_office_does_not_rename_people(as_user, world):
    client = enter(as_user, world, "director")
    user = world.people["jia_liaison"]
    row = user.memberships.get()
    data = role_data(user, 1) | {"memberships-0-id": row.pk, "memberships-0-user": user.pk}
    assert post_roles(client, user, data, full_name="别人").status_code == 302
    user.refresh_from_db()
    assert user.full_name == "jia_liaison"


def test_the_system_administrator_mends_a_telephone_number(as_user, world):
    client = enter(as_user, world, "sysadmin")
    user = world.people["jia_liaison"]
    row = user.memberships.get()
    data = role_data(user, 1) | {"memberships-0-id": row.pk, "memberships-0-user": user.pk}
    assert post_roles(client, user, data, phone="0754-8").status_code == 302
    user.refresh_from_db()
    assert user.phone == "0754-8"
    assert Entry.objects.get(action="change_account").after["phone"] == "0754-8"


def test_a_password_is_reset_and_shown_once(as_user, world):
    client = enter(as_user, world, "director")
    user = world.people["jia_liaison"]
    address = reverse(RESET, args=[user.pk])
    assert address in client.get(reverse(CHANGE, args=[user.pk])).content.decode()
    before = User.objects.get(pk=user.pk).password
    assert client.get(address).status_code == 200
    assert User.objects.get(pk=user.pk).password == before
    password = client.post(address).context["password"]
    assert User.objects.get(pk=user.pk).check_password(password)


@pytest.mark.parametrize(
    ("name", "whose", "status"),
    [
        ("director", "sysadmin", 403),
        ("director", "leader", 403),
        ("clerk", "jia_liaison", 404),
        ("auditor", "jia_liaison", 403),
    ],
)
def test_a_password_that_is_not_ones_to_reset(as_user, world, name, whose, status):
    client = enter(as_user, world, name)
    user = world.people[whose]
    before = User.objects.get(pk=user.pk).password
    assert client.post(reverse(RESET, args=[user.pk])).status_code == status
    assert User.objects.get(pk=user.pk).password == before


def test_accounts_are_closed_and_opened_by_whoever_looks_after_them(as_user, world):
    chosen = {"_selected_action": [world.people[name].pk for name in ("jia_liaison", "leader")]}
    enter(as_user, world, "director").post(reverse(LIST), {"action": "close", **chosen})
    active = dict(User.objects.values_list("username", "is_active"))
    assert not active["jia_liaison"] and active["leader"], "the office closes accounts of units alone"
    user = world.people["jia_liaison"]
    client = enter(as_user, world, "sysadmin")
    client.post(reverse(LIST), {"action": "open_again", "_selected_action": [user.pk]})
    user.refresh_from_db()
    assert user.is_active
    assert set(Entry.objects.filter(subject_id=user.pk).values_list("action", flat=True)) >= {
        "deactivate",
        "reactivate",
    }


def test_the_office_names_a_stand_in_for_somebody_who_fell_ill_and_calls_him_back(as_user, world):
    client = enter(as_user, world, "director")
    today = timezone.localdate()
    data = {
        "principal": world.people["jia_liaison"].pk,
        "deputy": world.people["jia_head"].pk,
        "reason": "病假",
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=5)).isoformat(),
    }
    assert client.post(reverse("admin:taskforce_delegation_add"), data).status_code == 302
    row = Delegation.objects.get()
    again = client.post(reverse("admin:taskforce_delegation_add"), data)
    assert again.status_code == 200 and again.context["adminform"].form.non_field_errors()
    client.post(
        reverse("admin:taskforce_delegation_changelist"),
        {"action": "call_back", "_selected_action": [row.pk]},
    )
    row.refresh_from_db()
    assert row.revoked_on == today and row.first_day == today
    assert Delegation.objects.count() == 1


def test_a_stand_in_in_the_past_is_refused_in_words(as_user, world):
    client = enter(as_user, world, "director")
    day = date(2026, 1, 5).isoformat()
    data = {
        "principal": world.people["jia_liaison"].pk,
        "deputy": world.people["jia_head"].pk,
        "reason": "",
        "first_day": day,
        "last_day": day,
    }
    answer = client.post(reverse("admin:taskforce_delegation_add"), data)
    assert answer.status_code == 200 and answer.context["adminform"].form.non_field_errors()
