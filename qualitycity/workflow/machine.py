"""Workflow as data: buttons, permissions and the documentation table are read from the same rows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as column
from typing import Any

from django.db.models import Model

from qualitycity.access import ActorContext


class Refused(Exception):
    """A move that is not made. `sentence` is for the person; `obj` is the row it stands at."""

    def __init__(self, sentence: Any, obj: Model | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.obj = obj


class IllegalMove(Refused):
    """The table knows no such move from the present state, or a condition of the move is not met."""


class NotAllowed(Refused):
    """The move exists, but not for this person."""


@dataclass(frozen=True)
class Change:
    """What one move did to one row; handed to the effects."""

    obj: Any
    action: str
    source: str
    target: str
    actor: ActorContext
    reason: str


@dataclass(frozen=True)
class Transition:
    """One row of a table.

    who:            the action asked of `can(actor, who, obj)`.
    guard:          (obj, actor) → sentence why not, or "" when the move is open; must not query per row.
    second_person:  attributes with user ids; none of them may be the actor or somebody he stands in for.
    effects:        called once per call with the list of `Change`, inside the transaction, after the rows are written.
    """

    action: str
    source: frozenset[str]
    target: str
    who: str
    label: Any
    reason_required: bool = False
    by: str = "person"
    guard: Callable[[Any, ActorContext], Any] | None = None
    second_person: tuple[str, ...] = ()
    second_person_sentence: Any = ""
    effects: tuple[Callable[[list[Change]], None], ...] = ()
    audience: str = "all"


@dataclass(frozen=True)
class Machine:
    """A transition table over one state field of one model.

    `related` and `prefetch` name what rules and guards read, so that many rows are locked and judged in a constant
    number of queries. `snapshot` names the columns that the journal keeps before and after.
    """

    model: str
    field: str
    transitions: tuple[Transition, ...]
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    snapshot: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for transition in self.transitions:
            for source in transition.source:
                key = (source, transition.action)
                if key in seen:
                    raise ValueError(f"{self.model}: {key} stands twice in the table")
                seen.add(key)

    def find(self, state: str, action: str) -> Transition | None:
        for transition in self.transitions:
            if transition.action == action and state in transition.source:
                return transition
        return None

    def without(self, *actions: str) -> "Machine":
        """The same table without these moves."""
        return replace(self, transitions=tuple(move for move in self.transitions if move.action not in actions))

    def knows(self, action: str) -> bool:
        return any(transition.action == action for transition in self.transitions)


@dataclass(frozen=True)
class Batch:
    """Rows of one machine for `advance_together`.

    fields:    per primary key, further columns written with the state (who filed, when, …).
    versions:  per primary key, the `row_version` the person looked at; another one refuses the move.
    held:      the caller has read the rows under lock in this transaction, with the machine's relations, and has set
               the columns named in `changed`; rows without a primary key are inserted where the move puts them.
    """

    machine: Machine
    rows: Sequence[Any]
    fields: Mapping[int, Mapping[str, Any] | None] = column(default_factory=dict)
    versions: Mapping[int, int] = column(default_factory=dict)
    held: bool = False
    changed: Collection[str] = ()
