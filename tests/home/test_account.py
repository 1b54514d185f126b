"""One's own account: a password made by somebody else opens one page; stand-ins are named and called back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qualitycity.audit.models import Entry
from qualitycity.outbox.inbox import post_inbox
from qualitycity.outbox.models import InboxItem
from taskforce.models import Delegation, User

NEW = "Lake-Orchard-7741"


@pytest.fixture
def fresh(as_user, world):
    User.objects.filter(pk=world.people["jia_liaison"].pk).update(must_change_password=True)
    return as_user("jia_liaison")


@pytest.mark.parametrize("name", ["start", "inbox", "account", "contacts", "reports"])
def test_a_password_made_by_somebody_else_opens_no_page(fresh, name):
    answer = fresh.get(reverse(name))
    assert answer.status_code == 302 and answer.url == reverse("password_change")


def test_a_post_is_held_up_too(fresh):
    assert fresh.post(reverse("inbox_read")).url == reverse("password_change")


def test_one_may_leave_and_change_the_language_before(fresh):
    assert fresh.post(reverse("set_language"), {"language": "en", "next": "/"}).status_code == 302
    assert fresh.post(reverse("logout")).url == reverse("login")


def test_after_choosing_ones_own_password_work_goes_on(fresh, world):
    answer = fresh.post(
        reverse("password_change"),
        {"old_password": "secret-pass", "new_password1": NEW, "new_password2": NEW},
    )
    assert answer.status_code == 302 and answer.url == reverse("start")
    assert fresh.get(reverse("start")).status_code == 200
    person = User.objects.get(pk=world.people["jia_liaison"].pk)
    assert person.check_password(NEW) and not person.must_change_password
    assert Entry.objects.filter(action="change_password", subject_id=person.pk).count() == 1


def test_a_weak_password_is_refused_with_a_sentence_and_stays_forced(fresh):
    answer = fresh.post(
        reverse("password_change"),
        {"old_password": "secret-pass", "new_password1": "12345678901", "new_password2": "12345678901"},
    )
    assert answer.status_code == 200 and answer.context["form"].errors["new_password2"]
    assert fresh.get(reverse("start")).url == reverse("password_change")


def name_stand_in(client, deputy, first, last):
    return client.post(
        reverse("stand_in"), {"deputy": deputy.pk, "first_day": first, "last_day": last, "reason": "出差"}
    )


def test_a_stand_in_is_named_shown_and_called_back(as_user, world):
    client, today = as_user("jia_liaison"), timezone.localdate()
    head = world.people["jia_head"]
    assert name_stand_in(client, head, today, today + timedelta(days=5)).status_code == 302
    row = Delegation.objects.get()
    assert "jia_head" in client.get(reverse("account")).content.decode()
    assert client.post(reverse("stand_in"), {"revoke": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.revoked_on == today


def test_only_a_colleague_can_be_named_and_what_was_typed_is_kept(as_user, world):
    client, today = as_user("jia_liaison"), timezone.localdate()
    answer = name_stand_in(client, world.people["yi_head"], today, today)
    assert answer.status_code == 422 and answer.context["form"].errors["deputy"]
    assert "出差" in answer.content.decode()
    assert not Delegation.objects.exists()


def test_a_second_stand_in_for_the_same_days_is_refused_in_words(as_user, world):
    client, today = as_user("jia_liaison"), timezone.localdate()
    name_stand_in(client, world.people["jia_head"], today, today)
    answer = name_stand_in(client, world.people["jia_head"], today, today)
    assert answer.status_code == 422 and answer.context["form"].non_field_errors()
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("forged", ["x", "999999", "9" * 40])
def test_a_forged_number_calls_nothing_back(as_user, world, forged):
    assert as_user("jia_liaison").post(reverse("stand_in"), {"revoke": forged}).status_code == 404


def test_the_stand_in_does_not_call_himself_back(as_user, world):
    today = timezone.localdate()
    name_stand_in(as_user("jia_liaison"), world.people["jia_head"], today, today)
    row = Delegation.objects.get()
    assert as_user("jia_head").post(reverse("stand_in"), {"revoke": row.pk}).status_code == 404
    row.refresh_from_db()
    assert row.revoked_on is None


def notices(world, count):
    for number in range(count):
        post_inbox(
            recipient_ids=[world.people["jia_liaison"].pk], kind="test", key=f"k{number}", title=f"通知{number}",
            url=reverse("contacts"),
        )


def test_opening_a_notice_marks_it_read_and_goes_there(as_user, world):
    notices(world, 1)
    client = as_user("jia_liaison")
    item = InboxItem.objects.get(kind="test")
    assert client.post(reverse("inbox_open", args=[item.pk])).url == reverse("contacts")
    item.refresh_from_db()
    assert item.read_at is not None
    assert "通知0" not in client.get(reverse("inbox"), {"unread": 1}).content.decode()


def test_somebody_elses_notice_is_not_there(as_user, world):
    notices(world, 1)
    item = InboxItem.objects.get(kind="test")
    assert as_user("jia_head").post(reverse("inbox_open", args=[item.pk])).status_code == 404


@pytest.mark.parametrize("name", ["inbox", "account"])
def test_few_and_many_rows_cost_the_same_queries(as_user, world, name):
    client = as_user("jia_liaison")
    counts = []
    for amount in (1, 60):
        notices(world, amount)
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12
