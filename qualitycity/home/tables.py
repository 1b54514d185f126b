"""Every transition table of the portal, and the page of documentation that is read from them."""

from django.utils import translation

from kpis.domain.readings import INDICATORS
from programs.domain.entries import TASKS as PROGRESS
from programs.domain.importing.drafts import DRAFTS
from programs.domain.parts import PARTS
from programs.domain.programmes import PROGRAMMES
from programs.domain.reports import BUILDS
from programs.domain.supervision.activities import RUNS
from programs.domain.supervision.adjustments import ADJUSTMENTS
from programs.domain.supervision.bulletins import BULLETINS
from programs.domain.supervision.contributions import CONTRIBUTIONS
from programs.domain.supervision.extensions import EXTENSIONS
from programs.domain.supervision.item_parts import ITEM_PARTS
from programs.domain.supervision.item_reports import ITEM_REPORTS
from programs.domain.supervision.items import ITEMS
from programs.domain.supervision.materials import MATERIALS
from programs.domain.supervision.matters import MATTERS
from programs.domain.supervision.meeting_pdfs import MEETING_PDFS
from programs.domain.supervision.meetings import MEETINGS
from programs.domain.supervision.slip_answers import ANSWERS
from programs.domain.supervision.slips import SLIPS
from programs.domain.tasks import TASKS
from qualitycity.workflow import Machine

MACHINES: tuple[tuple[str, Machine], ...] = (
    ("方案 Programme", PROGRAMMES),
    ("任务 Task", TASKS),
    ("责任 Responsibility (one unit's part)", PARTS),
    ("进展填报 ProgressEntry", PROGRESS.machine),
    ("指标填报 IndicatorReading", INDICATORS.machine),
    ("延期申请 Extension", EXTENSIONS),
    ("调整单 Adjustment", ADJUSTMENTS),
    ("配合单位的部分 Contribution", CONTRIBUTIONS),
    ("进展报告 ProgressReport (PDF)", BUILDS),
    ("文件导入 PolicyDraft", DRAFTS),
    ("督办事项 SupervisedItem", ITEMS),
    ("督办事项的承办 ItemPart (one unit's part)", ITEM_PARTS),
    ("督办反馈 ItemReport", ITEM_REPORTS),
    ("应报材料 MaterialDue", MATERIALS),
    ("活动 ActivityRun", RUNS),
    ("督办单 Slip", SLIPS),
    ("督办单回复 SlipAnswer", ANSWERS),
    ("督查通报 Bulletin", BULLETINS),
    ("需协调事项 CoordinationMatter", MATTERS),
    ("领导小组会议 Meeting", MEETINGS),
    ("会议材料、纪要 MeetingPdf", MEETING_PDFS),
)

HEAD = """# Transition tables

Read from the tables in the code by `manage.py document_transitions`; a test fails when this page is older than they
are. "Who" is the action asked of `can()`; the rules stand in each app's `access`. Guards are named by what they look at.
"""


def document() -> str:
    """The page as Markdown, labels in Chinese as people see them."""
    lines = [HEAD]
    with translation.override("zh-hans"):
        for title, machine in MACHINES:
            lines += [
                f"## {title}",
                "",
                "| from | action | to | label | who | conditions |",
                "|---|---|---|---|---|---|",
            ]
            for move in machine.transitions:
                conditions = []
                if move.by == "clock":
                    conditions.append("by the clock, never by a person")
                if move.reason_required:
                    conditions.append("reason required")
                if move.second_person:
                    names = ", ".join(name.removesuffix("_id") for name in move.second_person)
                    conditions.append(f"not the person in: {names}")
                if move.guard is not None:
                    conditions.append(f"guard `{move.guard.__name__.strip('_')}`")
                sources = ", ".join(sorted(str(state) for state in move.source))
                target = str(move.target)
                lines.append(
                    f"| {sources} | `{move.action}` | {target} | {move.label} | {move.who} | {'; '.join(conditions)} |"
                )
            lines.append("")
    return "\n".join(lines)
