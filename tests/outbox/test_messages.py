"""Writing messages: with the business change or not at all, and once per key."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from qualitycity.audit.journal import history
from qualitycity.outbox import enqueue, retry
from qualitycity.outbox.messages import NotRetryable, enqueue_many
from qualitycity.outbox.models import Message

from .conftest import in_threads


@pytest.mark.django_db
def test_a_message_is_written_with_its_ids_and_waits():
    message = enqueue("report.build", key="report:7", payload={"report_id": 7}, queue="pdf")
    stored = Message.objects.get()
    assert message == stored
    assert (stored.kind, stored.queue, stored.payload, stored.state) == (
        "report.build",
        "pdf",
        {"report_id": 7},
        "pending",
    )
    assert list(Message.objects.all().claimable("pdf")) == [stored]


@pytest.mark.django_db
def test_the_same_key_is_written_once():
    assert enqueue("remind", key="due:1") is not None
    assert enqueue("remind", key="due:1") is None
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_who_write_the_same_key_at_once_write_one_message():
    written = in_threads(8, lambda number: enqueue("remind", key="due:1", payload={"by": number}))
    assert sum(message is not None for message in written) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_when_the_business_change_is_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("remind", key="due:1")
        raise RuntimeError
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_message_for_later_is_not_claimable_before_its_time():
    enqueue("remind", key="due:1", not_before=timezone.now() + timedelta(hours=1))
    assert not Message.objects.all().claimable("default").exists()


@pytest.mark.django_db
def test_an_unknown_queue_is_refused():
    with pytest.raises(ValueError, match="urgent"):
        enqueue("remind", key="due:1", queue="urgent")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "state_known"),
        ({"queue": "fast"}, "queue_known"),
        ({"state": "leased"}, "held_has_lease"),
    ],
)
def test_the_database_refuses_impossible_rows(change, constraint):
    enqueue("remind", key="due:1")
    with pytest.raises(IntegrityError, match=constraint):
        Message.objects.update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["parked", "doubtful"])
def test_a_stopped_message_is_put_back_with_a_reason_in_the_journal(state):
    enqueue("mail", key="mail:1")
    Message.objects.update(state=state, attempts=3, last_error="refused", finished_at=timezone.now())
    message = retry(Message.objects.get(), actor=None, reason="收件人确认没有收到")
    message.refresh_from_db()
    assert (message.state, message.attempts, message.finished_at) == ("pending", 0, None)
    assert list(Message.objects.all().claimable("default")) == [message]
    [entry] = history(message)
    assert (entry.action, entry.from_state, entry.to_state) == ("outbox.retry", state, "pending")
    assert entry.reason == "收件人确认没有收到"
    assert entry.after == {"last_error": "refused"}


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["pending", "done", "sent"])
def test_a_message_that_did_not_stop_is_not_put_back(state):
    enqueue("mail", key="mail:1")
    Message.objects.update(state=state)
    with pytest.raises(NotRetryable):
        retry(Message.objects.get(), actor=None, reason="again")
    assert Message.objects.get().state == state


@pytest.mark.django_db
def test_nothing_is_put_back_without_a_reason():
    enqueue("mail", key="mail:1")
    Message.objects.update(state="parked")
    with pytest.raises(ValueError, match="reason"):
        retry(Message.objects.get(), actor=None, reason="  ")


@pytest.mark.django_db
def test_operators_see_what_stopped_and_put_it_back(capsys):
    enqueue("mail", key="mail:1", queue="mail")
    enqueue("mail", key="mail:2", queue="mail")
    Message.objects.filter(dedup_key="mail:2").update(
        state="doubtful", last_error="TimeoutError: no answer\nlong trace", finished_at=timezone.now()
    )
    stopped = Message.objects.get(dedup_key="mail:2")
    call_command("outbox_status")
    shown = capsys.readouterr().out
    assert f"#{stopped.pk} doubtful mail mail:2" in shown
    assert "TimeoutError: no answer" in shown
    assert "long trace" not in shown
    assert "mail:1" not in shown
    call_command("resend_message", str(stopped.pk), "--reason", "server says it never came")
    stopped.refresh_from_db()
    assert stopped.state == "pending"
    with pytest.raises(CommandError, match="pending"):
        call_command("resend_message", str(stopped.pk), "--reason", "again")
    with pytest.raises(CommandError, match="no outbox message"):
        call_command("resend_message", "0", "--reason", "again")


@pytest.mark.django_db
def test_many_messages_are_written_in_one_query_and_none_twice(django_assert_num_queries):
    enqueue("mail.digest", key="a", payload={"user": 1}, queue="mail")
    with django_assert_num_queries(1):
        written = enqueue_many("mail.digest", [(key, {"user": n}) for n, key in enumerate("abcb")], queue="mail")
    assert written == 2
    rows = Message.objects.filter(queue="mail").values_list("dedup_key", "payload", "state").order_by("dedup_key")
    assert list(rows) == [("a", {"user": 1}, "pending"), ("b", {"user": 3}, "pending"), ("c", {"user": 2}, "pending")]
    with django_assert_num_queries(0):
        assert enqueue_many("mail.digest", [], queue="mail") == 0
