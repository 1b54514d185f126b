"""The numbers behind the readiness page."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from qualitycity.outbox import enqueue
from qualitycity.outbox.health import snapshot
from qualitycity.outbox.jobs import heartbeat
from qualitycity.outbox.models import Heartbeat, Message

pytestmark = pytest.mark.django_db


def test_a_fresh_portal_has_no_backlog_and_no_heartbeat():
    assert snapshot() == {
        "oldest_pending_seconds": 0.0,
        "parked": 0,
        "doubtful": 0,
        "last_heartbeat_age": None,
    }


def test_the_heartbeat_job_is_seen_and_grows_old():
    heartbeat()
    heartbeat()
    assert Heartbeat.objects.count() == 1
    assert 0 <= snapshot()["last_heartbeat_age"] < 5
    Heartbeat.objects.update(at=F("at") - timedelta(seconds=200))
    assert 200 <= snapshot()["last_heartbeat_age"] < 205


def test_backlog_and_stopped_messages_are_counted(django_assert_num_queries):
    for number, state in enumerate(["pending", "pending", "parked", "parked", "doubtful", "done"]):
        message = enqueue("remind", key=str(number))
        Message.objects.filter(pk=message.pk).update(
            state=state, next_at=timezone.now() - timedelta(seconds=100 * (number + 1))
        )
    enqueue("remind", key="later", not_before=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(3):
        health = snapshot()
    assert 200 <= health["oldest_pending_seconds"] < 205
    assert (health["parked"], health["doubtful"]) == (2, 1)
