"""督办: what is supervised outside programmes, and what is issued, asked and recorded about it."""

from .activities import Activity, ActivityRun
from .adjustments import Adjustment
from .bulletins import Bulletin, PhoneCall
from .contributions import Contribution, ContributionFile
from .extensions import Extension
from .item_reports import ItemReport, ItemReportFile
from .items import ItemFile, ItemPart, SupervisedItem, SupervisedItemUserObjectPermission
from .materials import Material, MaterialDue, MaterialFile
from .matters import CoordinationMatter
from .meetings import AgendaItem, Attendance, Decision, DecisionUnit, Meeting, MeetingPaper, MeetingPdf
from .numbering import NumberSeries
from .slips import Slip, SlipAnswer, SlipAnswerFile

__all__ = [
    "Activity",
    "ActivityRun",
    "Adjustment",
    "AgendaItem",
    "Attendance",
    "Bulletin",
    "Contribution",
    "ContributionFile",
    "CoordinationMatter",
    "Decision",
    "DecisionUnit",
    "Extension",
    "ItemFile",
    "ItemPart",
    "ItemReport",
    "ItemReportFile",
    "Material",
    "MaterialDue",
    "MaterialFile",
    "Meeting",
    "MeetingPaper",
    "MeetingPdf",
    "NumberSeries",
    "PhoneCall",
    "Slip",
    "SlipAnswer",
    "SlipAnswerFile",
    "SupervisedItem",
    "SupervisedItemUserObjectPermission",
]
