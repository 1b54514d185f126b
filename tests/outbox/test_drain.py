"""Draining: every effect once, whatever fails; what cannot be known goes to a person."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from qualitycity.outbox import GiveUp, NotSent, enqueue, handler, post_inbox
from qualitycity.outbox.claims import MAX_ATTEMPTS, claim
from qualitycity.outbox.drain import BACKOFF, drain
from qualitycity.outbox.models import InboxItem, Message

from .conftest import die, in_child_process, in_threads

pytestmark = pytest.mark.django_db


def expire_lease():
    """As if the worker had been gone for longer than a lease."""
    Message.objects.filter(state__in=["leased", "sending"]).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


def make_due():
    Message.objects.filter(state="pending").update(next_at=timezone.now())


def notify(person, message):
    post_inbox(recipient_ids=[person.pk], kind="test", key=f"m{message.pk}:{message.attempts}", title="已办")


def test_effect_and_done_are_booked_together(person):
    @handler("remind")
    def remind(message):
        notify(person, message)

    enqueue("remind", key="1")
    assert drain() == 1
    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_error) == ("done", 1, "")
    assert message.finished_at is not None
    assert InboxItem.objects.count() == 1
    assert drain() == 0


def test_a_failure_leaves_no_effect_and_is_tried_again_later(person):
    @handler("remind")
    def remind(message):
        notify(person, message)
        if message.attempts == 1:
            raise RuntimeError("half way")

    enqueue("remind", key="1")
    assert drain() == 1
    message = Message.objects.get()
    assert (message.state, message.last_error) == ("pending", "RuntimeError: half way")
    assert timedelta(0) < message.next_at - timezone.now() <= BACKOFF[0]
    assert not InboxItem.objects.exists()
    assert drain() == 0
    make_due()
    assert drain() == 1
    assert Message.objects.get().state == "done"
    assert InboxItem.objects.count() == 1


def test_after_three_attempts_a_message_is_parked_and_its_kind_is_told(person):
    def tell(message):
        post_inbox(recipient_ids=[person.pk], kind="test", key="told", title=message.last_error)

    @handler("report", on_parked=tell)
    def build(message):
        raise RuntimeError("no font")

    enqueue("report", key="1")
    for _ in range(MAX_ATTEMPTS):
        make_due()
        assert drain() == 1
    make_due()
    assert drain() == 0
    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_error) == (
        "parked",
        MAX_ATTEMPTS,
        "RuntimeError: no font",
    )
    assert InboxItem.objects.get().title == "RuntimeError: no font"


def test_a_handler_that_gives_up_is_parked_at_once_with_its_own_sentence():
    @handler("report")
    def build(message):
        raise GiveUp("权限已被收回，报告不再生成。")

    enqueue("report", key="1")
    drain()
    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_error) == (
        "parked",
        1,
        "权限已被收回，报告不再生成。",
    )


def test_a_message_is_parked_even_when_telling_fails():
    def tell(message):
        Message.objects.update(kind="gone")
        raise LookupError("object deleted")

    @handler("report", on_parked=tell)
    def build(message):
        raise GiveUp("no")

    enqueue("report", key="1")
    drain()
    message = Message.objects.get()
    assert (message.state, message.kind) == ("parked", "report")
    assert message.last_error == "no\non_parked: LookupError: object deleted"


def test_kinds_of_a_newer_version_are_left_for_a_newer_worker():
    enqueue("from.the.future", key="1")
    assert drain() == 0
    assert Message.objects.get().state == "pending"


def test_other_queues_are_left_alone():
    handler("remind")(lambda message: None)
    enqueue("remind", key="1", queue="mail")
    assert drain("default") == 0
    assert drain("mail") == 1


def test_limit_and_budget_end_a_turn():
    handler("remind")(lambda message: None)
    for number in range(5):
        enqueue("remind", key=str(number))
    assert drain(limit=2) == 2
    assert drain(budget=0.0) == 0
    assert drain() == 3


def test_two_handlers_for_one_kind_are_a_programming_error():
    handler("remind")(lambda message: None)
    with pytest.raises(ValueError, match="remind"):
        handler("remind")(lambda message: None)


@pytest.mark.django_db(transaction=True)
def test_prepare_runs_outside_a_transaction_and_its_result_is_applied_inside():
    seen = {}

    def prepare(message):
        seen["prepare"] = connection.in_atomic_block
        return message.payload["n"] * 2

    @handler("report", prepare=prepare)
    def apply(message, result):
        seen["apply"] = connection.in_atomic_block
        seen["result"] = result

    enqueue("report", key="1", payload={"n": 21})
    drain()
    assert seen == {"prepare": False, "apply": True, "result": 42}
    assert Message.objects.get().state == "done"


def test_a_result_is_thrown_away_when_the_lease_went_to_another_worker():
    applied = []

    def slow(message):
        if message.attempts == 1:
            expire_lease()
            drain(worker="second")

    @handler("report", prepare=slow)
    def apply(message, result):
        applied.append(message.leased_by)

    enqueue("report", key="1")
    drain(worker="first")
    # the second worker takes the message back and does it; the first comes late and must not do it again
    assert applied == ["second"]
    assert Message.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_not_taken_back_while_its_worker_is_booking():
    meanwhile = []

    @handler("report", prepare=lambda message: expire_lease())
    def apply(message, result):
        # the lease has run out, but this worker holds the row: nobody waits for it, nobody takes it
        meanwhile.extend(in_threads(1, lambda _: drain(worker="second")))

    enqueue("report", key="1")
    assert drain(worker="first") == 1
    assert meanwhile == [0]
    assert (Message.objects.get().state, Message.objects.get().attempts) == ("done", 1)


@pytest.mark.django_db(transaction=True)
def test_sending_is_committed_before_anything_leaves_the_house():
    seen = []

    @handler("mail", outside=True)
    def send(message):
        seen.extend(in_threads(1, lambda _: Message.objects.get().state))

    enqueue("mail", key="1", queue="mail")
    assert drain("mail") == 1
    assert seen == ["sending"]
    assert Message.objects.get().state == "sent"


def test_what_was_surely_not_sent_is_tried_again():
    @handler("mail", outside=True)
    def send(message):
        if message.attempts < 3:
            raise NotSent("connection refused")

    enqueue("mail", key="1")
    states = []
    for _ in range(3):
        make_due()
        drain()
        states.append(Message.objects.get().state)
    assert states == ["pending", "pending", "sent"]


def test_what_may_have_been_sent_goes_to_a_person():
    calls = []

    @handler("mail", outside=True)
    def send(message):
        calls.append(message.pk)
        raise TimeoutError("no answer after DATA")

    enqueue("mail", key="1")
    drain()
    make_due()
    drain()
    message = Message.objects.get()
    assert (message.state, message.last_error) == ("doubtful", "TimeoutError: no answer after DATA")
    assert len(calls) == 1


def test_a_slow_sender_that_succeeds_in_the_end_clears_the_doubt():
    @handler("mail", outside=True)
    def send(message):
        expire_lease()
        drain(worker="second")
        assert Message.objects.get().state == "doubtful"

    enqueue("mail", key="1")
    drain(worker="first")
    assert Message.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_no_effect_and_the_next_one_does_the_work(person):
    @handler("remind")
    def remind(message):
        notify(person, message)
        if message.attempts == 1:
            die()

    enqueue("remind", key="1")
    assert in_child_process(drain) == 9
    message = Message.objects.get()
    assert (message.state, InboxItem.objects.count()) == ("leased", 0)
    assert drain() == 0, "the lease still runs"
    expire_lease()
    assert drain() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, InboxItem.objects.count()) == ("done", 2, 1)


@pytest.mark.django_db(transaction=True)
def test_a_message_that_kills_every_worker_is_parked_and_others_go_on():
    @handler("poison")
    def poison(message):
        die()

    handler("remind")(lambda message: None)
    enqueue("poison", key="1")
    enqueue("remind", key="2")
    for _ in range(MAX_ATTEMPTS):
        assert in_child_process(drain) == 9
        expire_lease()
    # in a child as well: were the poison not parked, it would kill the test run
    assert in_child_process(drain) == 0
    assert Message.objects.get(kind="poison").state == "parked"
    assert Message.objects.get(kind="remind").state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_leaves_doubt_and_nothing_is_sent_twice():
    @handler("mail", outside=True)
    def send(message):
        die()

    enqueue("mail", key="1")
    assert in_child_process(drain) == 9
    expire_lease()
    assert in_child_process(drain) == 0
    assert Message.objects.get().state == "doubtful"
    assert in_child_process(drain) == 0


@pytest.mark.django_db(transaction=True)
def test_six_workers_share_ninety_messages_and_do_each_once(person):
    @handler("remind")
    def remind(message):
        notify(person, message)

    for number in range(90):
        enqueue("remind", key=str(number))
    handled = in_threads(6, lambda number: drain(worker=f"w{number}"))
    assert sum(handled) == 90
    assert set(Message.objects.values_list("state", "attempts")) == {("done", 1)}
    assert InboxItem.objects.count() == 90


@pytest.mark.django_db(transaction=True)
def test_nothing_is_claimed_inside_a_callers_transaction():
    handler("mail", outside=True)(lambda message: None)
    enqueue("mail", key="1")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        claim("default", "w")
    assert Message.objects.get().state == "pending"
