import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from qualitycity.outbox import doorbell, registry


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch):
    """Each test registers its own handlers and leaves none behind."""
    monkeypatch.setattr(registry, "_handlers", {})


@pytest.fixture(autouse=True)
def quiet_doorbell(monkeypatch):
    """No broker is asked unless a test is about the doorbell itself."""
    monkeypatch.setattr(doorbell, "_silent_until", float("inf"))


@pytest.fixture
def person(db, django_user_model):
    return django_user_model.objects.create_user(username="zhang", password=None)


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(number)`` in so many threads that start together; return results, raise the first error."""
    barrier = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def in_child_process(work: Callable[[], Any]) -> int:
    """Run ``work`` in a forked process with its own connections; return the signal that ended it (0: none)."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def die() -> None:
    """What the kernel does to a worker that takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)
