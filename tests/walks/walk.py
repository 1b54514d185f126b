"""What a machine brings to the random walks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from qualitycity.access import ActorContext
from qualitycity.workflow import Machine

from ..factories import World

#: (row, actor, reason): one domain call that moves one row.
Move = Callable[[Any, ActorContext, str], Any]
#: (world, actor, chance): a domain call that makes rows or moves many of them; it may do nothing.
Deed = Callable[[World, ActorContext, Random], Any]
#: (state, action) → (state reached, roles of whom may do it); "clock" stands for the portal itself.
Shadow = Mapping[tuple[str, str], tuple[str, frozenset[str]]]

CLOCK = frozenset({"clock"})


@dataclass(frozen=True)
class Walk:
    """`shadow` is written from the design, never from the code. Every action that a person has must stand in `moves`,
    or be reached by a deed of the same name. `prepare` adds rows that all walks start from, before the first one."""

    machine: Machine
    shadow: Shadow
    moves: Mapping[str, Move]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    prepare: Callable[[World], None] | None = None

    @property
    def label(self) -> str:
        return self.machine.model.lower()

    @property
    def actions(self) -> list[str]:
        return sorted({transition.action for transition in self.machine.transitions})


def table(rows: str, roles: Mapping[str, frozenset[str]]) -> Shadow:
    """A shadow table out of lines `from, from | action | to | who`, as the design prints them."""
    shadow = {}
    for line in rows.strip().splitlines():
        sources, action, target, who = (cell.strip() for cell in line.split("|"))
        for source in sources.split(","):
            key = (source.strip(), action)
            assert key not in shadow, key
            shadow[key] = (target, roles[who])
    return shadow
