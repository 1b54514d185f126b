"""What boards have worked out is kept in the process until something changes: the key holds who looks, the day and the
version of the standings, so nobody is shown another's view or one older than the facts.

The triggers of `StandingChange` cover what boards count and whom they name. What they do not watch – the name of a
document – may be shown for as long as `SECONDS`.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypeVar

from django.core.cache import caches
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import Calendar

SECONDS: Final = 120
T = TypeVar("T")


class BoardDay(NamedTuple):
    """Today, the calendar and the version of the standings (0: nothing has been worked out yet, nothing is kept)."""

    today: date
    calendar: Calendar
    version: int


def keep(name: Any, make: Callable[[], T], *, actor: ActorContext, day: BoardDay) -> T:
    """`make()`, or what it returned last for this name, person and version. Values must be picklable."""
    if not day.version:
        return make()
    told = (name, actor.user_id, actor.grants, actor.acting_for_id, day.today, day.version, get_language())
    key = sha256(repr(told).encode()).hexdigest()
    cache = caches["boards"]
    value = cache.get(key)
    if value is None:
        value = make()
        cache.set(key, value, SECONDS)
    return value


def lazily(make: Callable[[], dict[str, Any]], *names: str) -> dict[str, Any]:
    """A context whose values are made, all at once, when a template first looks at one of them."""
    made = cache(make)
    return {name: SimpleLazyObject(lambda name=name: made()[name]) for name in names}
