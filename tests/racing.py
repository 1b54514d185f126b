"""Twenty people press the same button at once: one succeeds, nineteen are told.

For tests on real transactions (`@pytest.mark.django_db(transaction=True)`): every press runs in a thread with a
connection of its own, and a barrier lets all of them go at the same moment.

    presses = press_at_once([world.actor(...), …], lambda actor: sign_for([part], actor=actor))
    assert_one_succeeded(presses, part, "sign_for")
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from qualitycity.access import ActorContext
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.workflow import Refused

from .factories import make_user


@dataclass(frozen=True)
class Press:
    """What came of one person's press: the value of the act, or the sentence that refused it."""

    actor: Any
    value: Any = None
    told: str = ""

    @property
    def succeeded(self) -> bool:
        return not self.told


def people_like(actor: ActorContext, count: int, prefix: str = "racer") -> list[ActorContext]:
    """`count` different people who may do what `actor` may: accounts of their own, the same grants."""
    return [replace(actor, user_id=make_user(f"{prefix}{number}").pk) for number in range(count)]


def press_at_once(actors: Sequence[Any], act: Callable[[Any], Any]) -> list[Press]:
    """Runs `act(actor)` for all of them at the same moment. A refusal is an answer, any other exception is raised.

    `act` must read the rows it moves itself or be handed such as all people looked at: both happen on a real page.
    """
    barrier = threading.Barrier(len(actors))

    def press(actor: Any) -> Press:
        try:
            barrier.wait(timeout=30)
            return Press(actor, act(actor))
        except Refused as refused:
            return Press(actor, told=str(refused.sentence) or "refused without a word")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(press, actors))


def assert_one_succeeded(presses: Sequence[Press], row: Any, action: str) -> Press:
    """One press moved `row`, everybody else was told a sentence, and the journal has one entry of it, by that person."""
    winners = [press for press in presses if press.succeeded]
    assert len(winners) == 1, [press.told or "succeeded" for press in presses]
    assert all(press.told != "refused without a word" for press in presses)
    entries = list(history(row).filter(action=action))
    assert [entry.actor_id for entry in entries] == [winners[0].actor.user_id]
    return winners[0]


def race(world: Any, who: str, row: Any, action: str, act: Callable[[Any, ActorContext], Any]) -> Any:
    """Twenty people like `who` do `act(row, actor)`, each with a row he has read for himself; the row afterwards."""
    model = type(row)
    actors = people_like(world.actor(who), 20)
    presses = press_at_once(actors, lambda actor: act(model.objects.get(pk=row.pk), actor))
    assert_one_succeeded(presses, row, action)
    row.refresh_from_db()
    assert list(violations()) == []
    return row
