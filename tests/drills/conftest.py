"""Short drills on the database of the tests: real processes on servers of their own, see the package `drills`."""

import os
import shutil

import pytest
from django.db import connection

from drills import clock, servers
from qualitycity.outbox import doorbell


@pytest.fixture
def calm(monkeypatch):
    """Rings of the test's own process go nowhere: the drill's worker hears its own beat alone."""
    monkeypatch.setattr(doorbell, "_silent_until", float("inf"))


@pytest.fixture
def drill(transactional_db, calm, tmp_path):
    """`drill(begin, delay=…, NAME=value)` moves the clock and opens a place; everything is stopped afterwards."""
    if shutil.which("redis-server") is None:
        if "redis" in os.environ.get("REQUIRE", ""):
            pytest.fail("redis-server is required (REQUIRE) and missing", pytrace=False)
        pytest.skip("no redis-server")
    opened = []

    def open_place(begin: str, **words):
        clock.move_to(begin)
        context = servers.Place(tmp_path, **words).open()
        opened.append(context)
        return context.__enter__()

    yield open_place
    for context in opened:
        context.__exit__(None, None, None)
    clock.leave()
    os.environ.pop(clock.OFFSET, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE application_name LIKE 'drill-%%' AND datname = current_database()"
        )
        assert cursor.fetchall() == [], "a drill leaves nobody behind"
