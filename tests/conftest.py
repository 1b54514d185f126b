"""Shared fixtures. The clock stands at a working day of an open reporting window unless a test moves it."""

import pytest
import time_machine
from django.core.cache import caches

from programs.domain.standings import board_day

from .factories import World, make_world

#: Thursday in the window of the first quarter (opens 21 March, due 8 April).
NOW = "2026-03-26T10:00:00+08:00"


@pytest.fixture(autouse=True)
def no_kept_boards():
    """A test that is rolled back must not leave what its boards kept to the next one."""
    caches["boards"].clear()


@pytest.fixture
def settled():
    """`settled()`: lights worked out as the job of the minute does, and nothing kept: what a page costs by itself."""

    def settle() -> None:
        board_day()
        caches["boards"].clear()
        board_day()  # the calendar alone is at hand again, as in every process that has served a page today

    return settle


@pytest.fixture
def clock():
    """A clock that can be moved: `clock.move_to("2026-04-20T09:00:00+08:00")`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db, clock) -> World:
    return make_world()


@pytest.fixture
def as_user(client, world):
    """`as_user("jia_liaison")` → a client signed in as that person of the world."""

    def sign_in(name: str):
        client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
