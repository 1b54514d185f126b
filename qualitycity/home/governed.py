"""Models whose state only a transition table moves."""

from django.db.models import Model

from kpis.models import IndicatorReading
from programs.choices import (
    ActivityState,
    AdjustmentState,
    BulletinState,
    ContributionState,
    DraftState,
    EntryState,
    ExtensionState,
    ItemPartState,
    ItemState,
    MaterialState,
    MatterState,
    MeetingState,
    PartState,
    ProgrammeState,
    SlipState,
    TaskState,
)
from programs.models import (
    ActivityRun,
    Adjustment,
    Bulletin,
    Contribution,
    CoordinationMatter,
    Extension,
    ItemPart,
    ItemReport,
    MaterialDue,
    Meeting,
    MeetingPdf,
    PolicyDraft,
    Programme,
    ProgressEntry,
    ProgressReport,
    Responsibility,
    Slip,
    SlipAnswer,
    SupervisedItem,
    Task,
)

#: Model → states in which a row of it may be born.
GOVERNED: dict[type[Model], frozenset[str]] = {
    Programme: frozenset({ProgrammeState.DRAFT, ProgrammeState.ARCHIVED}),  # a loaded 历史档案 never ran here
    Task: frozenset({TaskState.DRAFT}),
    Responsibility: frozenset({PartState.PENDING}),
    ProgressEntry: frozenset({EntryState.DRAFT}),
    IndicatorReading: frozenset({EntryState.DRAFT}),
    ProgressReport: frozenset({"queued"}),
    SupervisedItem: frozenset({ItemState.REGISTERED}),
    ItemPart: frozenset({ItemPartState.PENDING}),
    ItemReport: frozenset({EntryState.DRAFT}),
    MaterialDue: frozenset({MaterialState.DUE}),
    ActivityRun: frozenset({ActivityState.PLANNED}),
    Slip: frozenset({SlipState.PROPOSED}),
    SlipAnswer: frozenset({EntryState.DRAFT}),
    Bulletin: frozenset({BulletinState.DRAFT}),
    Extension: frozenset({ExtensionState.DRAFT}),
    Adjustment: frozenset({AdjustmentState.DRAFT}),
    Contribution: frozenset({ContributionState.ASKED}),
    CoordinationMatter: frozenset({MatterState.RAISED}),
    Meeting: frozenset({MeetingState.PLANNED}),
    MeetingPdf: frozenset({"queued"}),
    PolicyDraft: frozenset({DraftState.READING}),
}
