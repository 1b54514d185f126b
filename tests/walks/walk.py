"""What a machine brings to the random walks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from qualitycity.access import ActorContext
from qualitycity.workflow import Machine
from taskforce.choices import Role

from ..factories import World

#: (row, actor, reason): one domain call that moves one row.
Move = Callable[[Any, ActorContext, str], Any]
#: (world, actor, chance): a domain call that makes rows or moves many of them; it may do nothing.
Deed = Callable[[World, ActorContext, Random], Any]
#: (state, action) → (state reached, roles of whom may do it); "clock" stands for the portal itself.
Shadow = Mapping[tuple[str, str], tuple[str, frozenset[str]]]
#: (row as it stands after the move, action, roles of whoever moved it) → what is wrong, "" when nothing is.
Closer = Callable[[Any, str, frozenset[str]], str]

CLOCK = frozenset({"clock"})
OFFICE = frozenset({Role.OFFICE_ADMIN, Role.OFFICE_CLERK})
#: The district office acts for its government as liaison and head act for a unit.
UNIT = frozenset({Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE})
LIAISON = frozenset({Role.LIAISON, Role.DISTRICT_OFFICE})
HEAD = frozenset({Role.UNIT_HEAD})
#: The words that stand for roles in the last column of a shadow table.
WHO: Mapping[str, frozenset[str]] = {
    "director": frozenset({Role.OFFICE_ADMIN}),
    "office": OFFICE,
    "unit": UNIT,
    "unit or office": UNIT | OFFICE,
    "liaison": LIAISON,
    "liaison or office": LIAISON | OFFICE,
    "head": HEAD,
    "head or office": HEAD | OFFICE,
    "reader": OFFICE | {Role.LEADER, Role.SECRETARY, Role.SUPERVISOR},
    "leader, secretary or office": OFFICE | {Role.LEADER, Role.SECRETARY},
    "clock": CLOCK,
}


def its_unit(row: Any, action: str) -> Collection[int]:
    return {row.department_id}


@dataclass(frozen=True)
class Walk:
    """`shadow` is written from the design, never from the code. Every action that a person has must stand in `moves`,
    or be reached by a deed of the same name. `prepare` adds rows that all walks start from, before the first one.

    apart:   action → columns of accounts; whoever does it must stand in none of them (经办与审核分开).
    units:   departments to one of which whoever acts for a unit must belong.
    closer:  what the design says of a move and the table cannot, asked after each one.
    removes: action → model → state in which rows of it may go with the move; nothing else is ever deleted.
    """

    machine: Machine
    shadow: Shadow
    moves: Mapping[str, Move]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    prepare: Callable[[World], None] | None = None
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Callable[[Any, str], Collection[int]] = its_unit
    closer: Closer | None = None
    removes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.machine.model.lower()

    @property
    def actions(self) -> list[str]:
        return sorted({transition.action for transition in self.machine.transitions})


def table(rows: str) -> Shadow:
    """A shadow table out of lines `from, from | action | to | who`, as the design prints them."""
    shadow = {}
    for line in rows.strip().splitlines():
        sources, action, target, who = (cell.strip() for cell in line.split("|"))
        for source in sources.split(","):
            key = (source.strip(), action)
            assert key not in shadow, key
            shadow[key] = (target, WHO[who])
    return shadow
