"""What `fixtures/sample/supervision.yaml` says, as frozen dataclasses.

Days are counted in working days back from the end of the last whole quarter (`before`), so that whatever is left open
there is late by the present day, whenever the city is built.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["instruction", "meeting", "superior", "case"]
Often = Literal["once", "month", "quarter", "half", "year"]


@dataclass(frozen=True)
class UnitFacts:
    """主办 or 协办 of an item; `signs` after so many working days, not at all where it is left out."""

    unit: str
    lead: bool = True
    signs: int | None = None


@dataclass(frozen=True)
class ItemReportFacts:
    """One report on an item, `after` so many working days; `returned` is why the office sent it back at first."""

    unit: str
    after: int
    progress: str
    result: str | None = None
    problems: str | None = None
    final: bool = False
    returned: str | None = None
    stage: Literal["accepted", "signed", "submitted", "draft"] = "accepted"


@dataclass(frozen=True)
class ItemFacts:
    """A supervised item. `leader` gave it, `by` recorded it; `ending` is how far the office has brought it."""

    kind: Kind
    title: str
    content: str
    basis: str
    before: int
    by: str
    units: tuple[UnitFacts, ...]
    days: int | None = None
    urgency: Literal["urgent", "normal", "hard"] = "normal"
    leader: str | None = None
    named: tuple[str, ...] = ()
    case_number: str | None = None
    supervising: str | None = None
    to_police: bool = False
    reports: tuple[ItemReportFacts, ...] = ()
    ending: Literal["registered", "assigned", "completed", "closed"] = "assigned"


@dataclass(frozen=True)
class HandedInFacts:
    """A unit's paper for the first date; `returned` sends it back, otherwise it is accepted."""

    unit: str
    note: str
    returned: str | None = None


@dataclass(frozen=True)
class MaterialFacts:
    """A paper of the register, first due so many working days after it was registered."""

    title: str
    recipient: str
    often: Often
    due_after: int
    units: tuple[str, ...]
    basis: str
    hint: str
    about_previous: bool = False
    handed_in: tuple[HandedInFacts, ...] = ()


@dataclass(frozen=True)
class ActivityFacts:
    title: str
    organiser: str
    month: int
    day: int
    days: int
    note: str
    result: str | None = None


@dataclass(frozen=True)
class SupervisionFacts:
    items: tuple[ItemFacts, ...]
    materials: tuple[MaterialFacts, ...]
    activities: tuple[ActivityFacts, ...]
