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
class ToldFacts:
    """What an assisting unit told the handling one, `after` so many working days; without a text it was only asked."""

    unit: str
    after: int
    text: str = ""
    adopted: bool = False


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
    told: tuple[ToldFacts, ...] = ()
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
class CallFacts:
    said: str
    reached: str


@dataclass(frozen=True)
class AnswerFacts:
    """An answer to a slip; `refused` is why the office did not take it."""

    text: str
    measures: str
    refused: str | None = None


@dataclass(frozen=True)
class SlipFacts:
    """A blue slip about a unit's part of an item, as the portal proposes it; without answers it stays open."""

    item: str
    unit: str
    call: CallFacts | None = None
    answers: tuple[AnswerFacts, ...] = ()


@dataclass(frozen=True)
class ExtensionFacts:
    """延期 of a task by so many working days; not `granted` it waits for the office."""

    task: str
    reason: str
    progress: str
    days: int
    granted: bool


@dataclass(frozen=True)
class AdjustmentFacts:
    task: str
    requirement: str
    basis: str
    approver: str


@dataclass(frozen=True)
class ContributionFacts:
    """What a supporting unit did in the present period."""

    task: str
    unit: str
    text: str
    adopted: bool = False


@dataclass(frozen=True)
class TopicFacts:
    title: str
    unit: str
    paper: str
    minutes: str


@dataclass(frozen=True)
class DecisionFacts:
    """What was decided under the `topic` counted from 1; it becomes an item, due so many working days later."""

    topic: int
    text: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    days: int


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting of the leading group; units in `leave` were excused."""

    before: int
    title: str
    place: str
    chair: str
    opening: str
    topics: tuple[TopicFacts, ...]
    decisions: tuple[DecisionFacts, ...]
    leave: tuple[str, ...]


@dataclass(frozen=True)
class MatterFacts:
    """What units wanted coordinated: the first is answered, the second put before a leader and decided."""

    answer: str
    proposal: str
    decision: str


@dataclass(frozen=True)
class SupervisionFacts:
    items: tuple[ItemFacts, ...]
    materials: tuple[MaterialFacts, ...]
    activities: tuple[ActivityFacts, ...]
    slips: tuple[SlipFacts, ...]
    extensions: tuple[ExtensionFacts, ...]
    adjustment: AdjustmentFacts
    contributions: tuple[ContributionFacts, ...]
    meeting: MeetingFacts
    matters: MatterFacts
