from .breakdown import Consultation, ConsultationReply, Deliverable, Milestone
from .burden import BurdenCap
from .documents import DocumentBasis, PolicyDocument
from .duties import AssessmentRule, Duty
from .opening import OpeningState
from .programmes import Phase, Programme, ProgrammeUserObjectPermission, Section
from .progress import Evidence, PaperSignature, ProgressEntry, ReportingWindow
from .remarks import LeaderRemark
from .reminders import ReminderDelivery
from .reports import ProgressReport
from .responsibility import Responsibility
from .standing import PartStanding, StandingChange, StandingVersion, TaskStanding
from .supervision import (
    Activity,
    ActivityRun,
    Adjustment,
    Bulletin,
    Contribution,
    ContributionFile,
    Extension,
    ItemFile,
    ItemPart,
    ItemReport,
    ItemReportFile,
    Material,
    MaterialDue,
    MaterialFile,
    NumberSeries,
    PhoneCall,
    Slip,
    SlipAnswer,
    SlipAnswerFile,
    SupervisedItem,
    SupervisedItemUserObjectPermission,
)
from .tasks import Suspension, Task, TaskUserObjectPermission
from .views import SavedView
from .workbooks import WorkbookImport

__all__ = [
    "Activity",
    "ActivityRun",
    "Adjustment",
    "AssessmentRule",
    "Bulletin",
    "BurdenCap",
    "Consultation",
    "ConsultationReply",
    "Contribution",
    "ContributionFile",
    "Deliverable",
    "DocumentBasis",
    "Duty",
    "Evidence",
    "Extension",
    "ItemFile",
    "ItemPart",
    "ItemReport",
    "ItemReportFile",
    "LeaderRemark",
    "Material",
    "MaterialDue",
    "MaterialFile",
    "Milestone",
    "NumberSeries",
    "OpeningState",
    "PaperSignature",
    "PartStanding",
    "Phase",
    "PhoneCall",
    "PolicyDocument",
    "Programme",
    "ProgrammeUserObjectPermission",
    "ProgressEntry",
    "ProgressReport",
    "ReminderDelivery",
    "ReportingWindow",
    "Responsibility",
    "SavedView",
    "Section",
    "Slip",
    "SlipAnswer",
    "SlipAnswerFile",
    "StandingChange",
    "StandingVersion",
    "SupervisedItem",
    "SupervisedItemUserObjectPermission",
    "Suspension",
    "Task",
    "TaskStanding",
    "TaskUserObjectPermission",
    "WorkbookImport",
]
