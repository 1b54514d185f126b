"""The doorbell never costs a person more than a moment, and never an error."""

import os
import socket
import time

import pytest
from celery import Celery, current_app
from django.db import transaction

from qualitycity.outbox import doorbell, enqueue, handler, jobs
from qualitycity.outbox.models import Message

from .conftest import in_threads


@pytest.fixture(autouse=True)
def ready_to_ring(monkeypatch, quiet_doorbell):
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)


def broker_at(url: str, monkeypatch: pytest.MonkeyPatch) -> Celery:
    app = Celery("doorbell-test", broker=url, set_as_current=False)
    # what production sets for its own connections; the doorbell must be quicker than that
    app.conf.broker_transport_options = {"socket_timeout": 5, "socket_connect_timeout": 5}
    monkeypatch.setattr(doorbell, "current_app", app)
    return app


@pytest.fixture
def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def silent_server():
    """Accepts connections and says nothing, like a Redis that is frozen."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(20)
        yield server.getsockname()[1]


def ring_timed() -> tuple[bool, float]:
    started = time.perf_counter()
    return doorbell.ring("default"), time.perf_counter() - started


def test_every_thread_of_a_web_process_rings_at_the_portals_own_broker(settings):
    """Celery falls back to a broker nobody runs when the portal's application is not loaded in time."""
    assert (
        in_threads(2, lambda number: doorbell.current_app.conf.broker_url) == [settings.CELERY_BROKER_URL] * 2
    )


def test_a_broker_that_is_down_costs_a_moment_and_raises_nothing(monkeypatch, closed_port):
    broker_at(f"redis://127.0.0.1:{closed_port}/0", monkeypatch)
    heard, seconds = ring_timed()
    assert not heard
    assert seconds < 1.5


def test_a_broker_that_is_frozen_costs_about_a_second_once_and_then_nothing(monkeypatch, silent_server):
    broker_at(f"redis://127.0.0.1:{silent_server}/0", monkeypatch)
    heard, seconds = ring_timed()
    assert not heard
    assert seconds < 2.5
    heard, seconds = ring_timed()
    assert not heard
    assert seconds < 0.05


@pytest.mark.django_db(transaction=True)
def test_a_business_change_is_committed_while_the_broker_is_down(monkeypatch, closed_port):
    broker_at(f"redis://127.0.0.1:{closed_port}/0", monkeypatch)
    with transaction.atomic():
        enqueue("remind", key="1")
    assert Message.objects.count() == 1


def test_after_the_silence_the_doorbell_works_again(monkeypatch, closed_port):
    broker_at(f"redis://127.0.0.1:{closed_port}/0", monkeypatch)
    assert not doorbell.ring("default")
    broker_at("memory://", monkeypatch)
    assert not doorbell.ring("default")
    monkeypatch.setattr(time, "monotonic", lambda now=time.monotonic: now() + 16)
    assert doorbell.ring("default")


@pytest.mark.redis
def test_a_ring_reaches_redis_as_one_short_job(monkeypatch):
    app = broker_at(os.environ["REDIS_URL"], monkeypatch)
    queue = f"doorbell-test-{os.getpid()}"
    assert doorbell.ring(queue)
    with app.connection_for_read() as connection, connection.SimpleQueue(queue) as received:
        message = received.get(timeout=2)
        message.ack()
        assert message.headers["task"] == "outbox.drain"
        assert message.payload[0] == [queue]
        received.queue.delete()


@pytest.mark.django_db
def test_one_ring_for_a_queue_however_many_messages(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(20):
            enqueue("remind", key=f"r{number}")
            enqueue("report", key=f"p{number}", queue="pdf")
    assert len(callbacks) == 2


@pytest.mark.django_db
def test_a_rolled_back_savepoint_does_not_swallow_the_ring(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        with pytest.raises(RuntimeError), transaction.atomic():
            enqueue("remind", key="1")
            raise RuntimeError
        enqueue("remind", key="2")
    assert len(callbacks) == 1


@pytest.mark.django_db
def test_no_ring_when_nothing_new_was_written(django_capture_on_commit_callbacks):
    enqueue("remind", key="1")
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue("remind", key="1")
    assert callbacks == []


@pytest.mark.django_db
def test_the_job_drains_and_rings_again_only_when_more_waits(monkeypatch):
    rung = []
    monkeypatch.setattr(jobs, "ring", rung.append)
    monkeypatch.setattr(jobs, "BUDGET", 600.0)
    handler("remind")(lambda message: None)
    for number in range(101):
        enqueue("remind", key=str(number))
    enqueue("from.the.future", key="not ours")
    current_app.tasks["outbox.drain"]("default")
    assert Message.objects.filter(state="done").count() == 100
    assert rung == ["default"]
    current_app.tasks["outbox.drain"]("default")
    assert Message.objects.filter(state="done").count() == 101
    assert rung == ["default"]
