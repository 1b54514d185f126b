"""A moved clock that all processes of a drill share: the real one plus an offset that stands in the environment.

Time goes on at its own pace, and whatever the drill starts afterwards inherits the offset. Leases and heartbeats run on
the database's clock, which is not moved.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine

OFFSET = "DRILL_CLOCK_OFFSET"  # seconds

_travel: time_machine.travel | None = None


def join() -> None:
    """Go by the offset of the environment, if there is one."""
    global _travel
    if _travel is None and os.environ.get(OFFSET):
        _travel = time_machine.travel(time.time() + float(os.environ[OFFSET]), tick=True)
        _travel.start()


def leave() -> None:
    global _travel
    if _travel is not None:
        _travel.stop()
        _travel = None


def move_to(moment: str) -> None:
    """It is `moment` (ISO, with its zone) now, here and in every process started from now on."""
    leave()
    os.environ[OFFSET] = str(datetime.fromisoformat(moment).timestamp() - time.time())
    join()


@contextmanager
def starting_at(moment: str) -> Iterator[None]:
    """`move_to` for the length of a block; then the real time again."""
    move_to(moment)
    try:
        yield
    finally:
        leave()
        os.environ.pop(OFFSET, None)
