"""Portal notices: one per person and key, written with the business change, in one query."""

import pytest

from qualitycity.outbox import post_inbox
from qualitycity.outbox.inbox import Notice, mark_read, post_many, unread_count
from qualitycity.outbox.models import InboxItem

from .conftest import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(django_user_model):
    return [django_user_model.objects.create_user(username=f"user{n}", password=None) for n in range(3)]


def test_one_notice_for_each_person_in_one_query(people, django_assert_num_queries):
    ids = [person.pk for person in people]
    with django_assert_num_queries(1):
        assert (
            post_inbox(
                recipient_ids=[*ids, ids[0]],
                kind="returned",
                key="r:1",
                title="进展被退回",
                body="请补充数据。",
                url="/t/1/",
                urgent=True,
            )
            == 3
        )
    item = InboxItem.objects.get(recipient=people[0])
    assert (item.kind, item.title, item.body, item.url, item.urgent) == (
        "returned",
        "进展被退回",
        "请补充数据。",
        "/t/1/",
        True,
    )
    assert item.read_at is None


def test_a_second_post_reaches_only_those_who_have_none(people):
    assert post_inbox(recipient_ids=[people[0].pk], kind="k", key="r:1", title="一") == 1
    assert post_inbox(recipient_ids=[person.pk for person in people], kind="k", key="r:1", title="二") == 2
    assert InboxItem.objects.get(recipient=people[0]).title == "一"


def test_nobody_to_tell_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert post_inbox(recipient_ids=[], kind="k", key="r:1", title="一") == 0


def test_a_long_title_is_cut_not_refused(people):
    post_inbox(recipient_ids=[people[0].pk], kind="k", key="r:1", title="质" * 300)
    assert InboxItem.objects.get().title == "质" * 200


def test_marking_as_read_touches_only_ones_own(people):
    for key in ("a", "b"):
        post_inbox(recipient_ids=[people[0].pk, people[1].pk], kind="k", key=key, title="一")
    foreign = InboxItem.objects.filter(recipient=people[1]).first()
    assert mark_read(recipient_id=people[0].pk, item_ids=[foreign.pk]) == 0
    own = InboxItem.objects.filter(recipient=people[0]).first()
    assert mark_read(recipient_id=people[0].pk, item_ids=[own.pk]) == 1
    assert (unread_count(people[0].pk), unread_count(people[1].pk)) == (1, 2)
    assert mark_read(recipient_id=people[0].pk) == 1
    assert mark_read(recipient_id=people[0].pk) == 0


def test_different_notices_for_different_people_are_one_query(people, django_assert_num_queries):
    first, second, third = people
    post_inbox(recipient_ids=[first.pk], kind="k", key="a", title="旧")
    notices = [
        Notice(first.pk, "k", "a", "新"),
        Notice(second.pk, "k", "a", "新", "正文", "/x/", True),
        Notice(third.pk, "other", "b", "另一件"),
        Notice(third.pk, "other", "b", "另一件"),
    ]
    with django_assert_num_queries(1):
        assert post_many(notices) == 2
    assert set(InboxItem.objects.values_list("recipient", "title", "body", "url", "urgent")) == {
        (first.pk, "旧", "", "", False),
        (second.pk, "新", "正文", "/x/", True),
        (third.pk, "另一件", "", "", False),
    }


@pytest.mark.django_db(transaction=True)
def test_eight_who_post_the_same_notice_at_once_write_one(people):
    written = in_threads(
        8, lambda number: post_inbox(recipient_ids=[people[0].pk], kind="k", key="a", title=str(number))
    )
    assert sum(written) == 1
    assert InboxItem.objects.count() == 1
