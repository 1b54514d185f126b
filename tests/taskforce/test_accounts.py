"""Accounts: opened with a password shown once, given roles by those who may, closed but never deleted."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from qualitycity.audit.models import Entry
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.domain import accounts
from taskforce.models import Membership, User

pytestmark = pytest.mark.django_db


def opened(world, who="sysadmin", username="new.person"):
    return accounts.create_account(
        actor=world.actor(who), username=username, full_name="陈敏", email="chen@example.org", phone="0754"
    )


def give(world, who, user, role, **more):
    return accounts.give_role(actor=world.actor(who), user=user, role=role, jurisdiction=world.city, **more)


def test_a_new_account_has_a_readable_password_to_change_and_no_role(world):
    user, password = opened(world)
    assert user.check_password(password) and user.must_change_password
    assert set(password) <= set(accounts.ALPHABET) | {"-"} and len(password) == 17
    assert not user.is_superuser and not user.is_staff and not user.memberships.exists()
    entry = Entry.objects.get(action="create_account")
    assert password not in str(entry.after) and entry.actor_label == "sysadmin"


def test_two_passwords_are_never_the_same(world):
    assert len({accounts.readable_password() for _number in range(200)}) == 200


@pytest.mark.parametrize("who", ["clerk", "jia_head", "leader", "auditor", "supervisor", "stranger"])
def test_others_open_no_account(world, who):
    with pytest.raises(NotAllowed):
        opened(world, who)
    assert not User.objects.filter(username="new.person").exists()


@pytest.mark.parametrize("name", ["", "director", "no spaces allowed"])
def test_a_name_that_cannot_be_is_refused_in_words(world, name):
    with pytest.raises(IllegalMove) as refused:
        opened(world, username=name)
    assert str(refused.value.sentence)


def test_the_office_gives_business_roles_and_the_door_to_the_registers_follows(world):
    user, _password = opened(world)
    row = give(world, "director", user, Role.OFFICE_CLERK)
    user.refresh_from_db()
    assert user.is_staff
    Membership.objects.filter(pk=row.pk).update(valid_from=date(2026, 1, 1))
    row.refresh_from_db()
    accounts.end_role(row, actor=world.actor("director"))
    user.refresh_from_db()
    assert not user.is_staff
    row.refresh_from_db()
    assert row.valid_until == timezone.localdate()
    assert not Membership.objects.current(timezone.localdate()).filter(user=user).exists()


def test_a_role_given_and_taken_on_the_same_day_never_held(world):
    user, _password = opened(world)
    row = give(world, "director", user, Role.LEADER)
    accounts.end_role(row, actor=world.actor("director"))
    assert not user.memberships.exists()
    assert Entry.objects.filter(action="withdraw_role").count() == 1


@pytest.mark.parametrize(
    ("who", "role"),
    [("sysadmin", Role.LIAISON), ("sysadmin", Role.LEADER), ("director", Role.SYSTEM_ADMIN), ("clerk", Role.LIAISON),
     ("leader", Role.LEADER)],
)
def test_nobody_gives_a_role_that_is_not_his_to_give(world, who, role):
    user, _password = opened(world)
    department = world.units["甲局"] if role in Role.unit_roles() else None
    with pytest.raises(NotAllowed):
        give(world, who, user, role, department=department)


def test_nobody_gives_himself_a_role(world):
    with pytest.raises(NotAllowed):
        give(world, "director", world.people["director"], Role.LEADER)


def test_a_role_must_fit_unit_and_leader(world):
    user, _password = opened(world)
    wrong = [
        (Role.LIAISON, {}),
        (Role.LEADER, {"department": world.units["甲局"]}),
        (Role.SECRETARY, {}),
        (Role.LEADER, {"leader": world.people["leader"]}),
    ]
    for role, more in wrong:
        with pytest.raises(IllegalMove):
            give(world, "director", user, role, **more)
    give(world, "director", user, Role.LIAISON, department=world.units["甲局"])
    with pytest.raises(IllegalMove):
        give(world, "director", user, Role.LIAISON, department=world.units["甲局"])


def test_a_reset_password_signs_out_and_must_be_changed(as_user, world):
    client = as_user("jia_liaison")
    assert client.get(reverse("start")).status_code == 200
    password = accounts.reset_password(world.people["jia_liaison"], actor=world.actor("director"))
    assert client.get(reverse("start")).url.startswith(reverse("login"))
    assert client.login(username="jia_liaison", password=password)
    assert client.get(reverse("start")).url == reverse("password_change")
    assert Entry.objects.filter(action="reset_password").count() == 1


@pytest.mark.parametrize(
    ("who", "whose", "allowed"),
    [
        ("director", "jia_liaison", True), ("director", "jia_head", True), ("director", "sysadmin", False),
        ("director", "leader", False), ("director", "auditor", False), ("director", "director", False),
        ("sysadmin", "leader", True), ("sysadmin", "stranger", True), ("clerk", "jia_liaison", False),
        ("district", "jia_liaison", False), ("leader", "jia_liaison", False),
    ],
)
def test_who_resets_whose_password(world, who, whose, allowed):
    person = world.people[whose]
    before = User.objects.get(pk=person.pk).password
    if allowed:
        assert accounts.reset_password(person, actor=world.actor(who))
    else:
        with pytest.raises(NotAllowed):
            accounts.reset_password(person, actor=world.actor(who))
        assert User.objects.get(pk=person.pk).password == before


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(as_user, world):
    client = as_user("jia_liaison")
    person = world.people["jia_liaison"]
    accounts.deactivate(person, actor=world.actor("sysadmin"))
    assert client.get(reverse("start")).url.startswith(reverse("login"))
    accounts.reactivate(person, actor=world.actor("sysadmin"))
    person.refresh_from_db()
    assert person.is_active
    with pytest.raises(NotAllowed):
        accounts.deactivate(world.people["sysadmin"], actor=world.actor("sysadmin"))


def test_a_changed_telephone_is_journalled_with_before_and_after(world):
    person = world.people["jia_liaison"]
    accounts.change_account(
        person, actor=world.actor("sysadmin"), full_name="李建国", email=person.email, phone="0754-9"
    )
    entry = Entry.objects.get(action="change_account")
    assert (entry.before["full_name"], entry.after["full_name"], entry.after["phone"]) == (
        "jia_liaison", "李建国", "0754-9",
    )
    with pytest.raises(NotAllowed):
        accounts.change_account(person, actor=world.actor("director"), full_name="x", email="", phone="")


def test_a_role_for_later_does_not_hold_today(world):
    user, _password = opened(world)
    tomorrow = timezone.localdate() + timedelta(days=1)
    give(world, "director", user, Role.OFFICE_CLERK, valid_from=tomorrow)
    assert not Membership.objects.current(timezone.localdate()).filter(user=user).exists()
