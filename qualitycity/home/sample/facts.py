"""What the files of the fictional city say, as frozen dataclasses. Tasks go by their printed numbers: (九), (九)-1.

`quarters` count from the start of the programme: four past ones and the present one. Days are those of a programme that
starts on FILES_START; `timeline` moves them to where the real programme starts.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from programs.loading.facts import ProgrammeFacts
from taskforce.loading.facts import Registers

from .supervision_facts import SupervisionFacts

RoleName = Literal[
    "system_admin", "office_admin", "office_clerk", "liaison", "unit_head", "leader", "secretary", "supervisor",
    "district_office", "auditor",
]  # fmt: skip


@dataclass(frozen=True)
class AccountFacts:
    """A person with an account. Without `role` he acts only as somebody's stand-in (B角)."""

    login: str
    name: str
    post: str
    phone: str
    role: RoleName | None = None
    unit: str | None = None
    serves: str | None = None


@dataclass(frozen=True)
class ContactFacts:
    unit: str
    name: str
    post: str
    phone: str


@dataclass(frozen=True)
class SeatFacts:
    """The seat of the leading group with this post: whose account it is, which units it supervises (分管)."""

    post: str
    supervises: tuple[str, ...]
    account: str | None = None


@dataclass(frozen=True)
class StandInFacts:
    """A/B角 in force on the day of loading."""

    principal: str
    deputy: str
    days_before: int
    days_after: int
    reason: str


@dataclass(frozen=True)
class PeopleFacts:
    accounts: tuple[AccountFacts, ...]
    contacts: tuple[ContactFacts, ...]
    seats: tuple[SeatFacts, ...]
    stand_in: StandInFacts


@dataclass(frozen=True)
class TaskDateFacts:
    task: str
    leader: str
    due: date | None = None
    phase: str | None = None


@dataclass(frozen=True)
class ItemFacts:
    """子项, in which one unit answers alone."""

    task: str
    title: str
    requirement: str
    due: date
    unit: str


@dataclass(frozen=True)
class ConvenorFacts:
    task: str
    unit: str
    reason: str


@dataclass(frozen=True)
class MilestoneFacts:
    """Without `task` a milestone of the whole programme; without `reached_in` (a quarter) not reached."""

    title: str
    due: date
    task: str | None = None
    reached_in: int | None = None


@dataclass(frozen=True)
class ListFacts:
    group: str
    basis: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class WishFacts:
    """A unit asks for a change (征求意见); the office answers."""

    unit: str
    task: str
    text: str
    answer: str


@dataclass(frozen=True)
class ConsultationFacts:
    note: str
    answers: tuple[WishFacts, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True)
class UnitMomentFacts:
    quarter: int
    unit: str


@dataclass(frozen=True)
class WaivedFacts:
    quarter: int
    task: str
    unit: str
    reason: str


@dataclass(frozen=True)
class CompletedFacts:
    quarter: int
    task: str
    note: str


@dataclass(frozen=True)
class RemarkFacts:
    """批示 on a task, or on the whole programme."""

    quarter: int
    by: str
    text: str
    task: str | None = None


@dataclass(frozen=True)
class BreakdownFacts:
    tasks: tuple[TaskDateFacts, ...]
    items: tuple[ItemFacts, ...]
    convenors: tuple[ConvenorFacts, ...]
    milestones: tuple[MilestoneFacts, ...]
    lists: tuple[ListFacts, ...]
    expand: tuple[str, ...]
    consultation: ConsultationFacts
    late_to_sign: str
    paper: UnitMomentFacts
    on_behalf: UnitMomentFacts
    waived: WaivedFacts
    completed: tuple[CompletedFacts, ...]
    remarks: tuple[RemarkFacts, ...]


@dataclass(frozen=True)
class EvidenceFacts:
    """A workbook; the first row holds the headings."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SentBackFacts:
    """The line as it was filed first, and why it came back."""

    by: Literal["head", "office"]
    reason: str
    progress: str
    result: str | None = None
    percent: int | None = None


@dataclass(frozen=True)
class CorrectionFacts:
    """更正 after acceptance."""

    reason: str
    progress: str
    result: str | None = None


@dataclass(frozen=True)
class ReportFacts:
    """One line of one quarter, as accepted in the end. `stage`: how far it has come in the present quarter."""

    progress: str | None = None
    result: str | None = None
    problems: str | None = None
    next_steps: str | None = None
    coordination: str | None = None
    percent: int | None = None
    unchanged: bool = False
    evidence: EvidenceFacts | None = None
    sent_back: SentBackFacts | None = None
    correction: CorrectionFacts | None = None
    stage: Literal["draft", "submitted", "returned", "signed"] | None = None


@dataclass(frozen=True)
class LineFacts:
    task: str
    unit: str
    quarters: tuple[ReportFacts | None, ...]


@dataclass(frozen=True)
class ChapterFacts:
    """One file of lines."""

    lines: tuple[LineFacts, ...]


@dataclass(frozen=True)
class FigureFacts:
    note: str
    value: Decimal | None = None
    stage: Literal["draft", "submitted", "signed"] | None = None


@dataclass(frozen=True)
class ReadingFacts:
    indicator: str
    reporter: str
    source: str
    figures: tuple[FigureFacts | None, ...]


@dataclass(frozen=True)
class FiguresFacts:
    readings: tuple[ReadingFacts, ...]


@dataclass(frozen=True)
class CityFacts:
    """Everything, with days and years of the programme already moved."""

    registers: Registers
    programme: ProgrammeFacts
    people: PeopleFacts
    breakdown: BreakdownFacts
    lines: tuple[LineFacts, ...]
    readings: tuple[ReadingFacts, ...]
    supervision: SupervisionFacts
