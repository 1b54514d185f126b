"""配合单位的部分 as the lead sees them side by side, and what a supporting unit is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from programs.access.supervision.contributions import LEADS
from programs.choices import ContributionState, ProgrammeState, ResponsibilityRole, TaskState
from programs.models import Contribution, ContributionFile, ReportingWindow, Responsibility
from qualitycity.access import ActorContext

RELATED = (
    "part__task__programme__jurisdiction", "part__department", "window", "filed_by", "adopted_by", "adopted_into",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One supporting unit beside the lead's report; `pk` None: nothing was asked or handed in yet. `text` and `files`
    are shown once they were handed in."""

    unit: str
    pk: int | None = None
    state: str = ""
    label: str = ""
    text: str = ""
    remark: str = ""
    files: Sequence[dict[str, Any]] = ()

    @property
    def waits(self) -> bool:
        """Is it the lead's turn?"""
        return self.state == ContributionState.HANDED_IN

    @property
    def missing(self) -> bool:
        """Has the lead anything to ask for?"""
        return self.pk is None or self.state in ContributionState.with_unit()


def contributions(actor: ActorContext) -> QuerySet[Contribution]:
    rows = Contribution.objects.visible_to(actor).select_related(*RELATED)
    return rows.prefetch_related("part__task__parts__department", "files__file")


def beside(lead: Any, window: ReportingWindow, actor: ActorContext) -> list[Side]:
    """The supporting units of the task of this part, in the order of the clause, each with its part of the window as far
    as the person may see it; one query, none where the part does not lead."""
    if lead.role not in LEADS:
        return []
    files = ContributionFile.objects.filter(contribution=OuterRef("pk")).order_by("pk")
    rows = Contribution.objects.visible_to(actor).filter(part=OuterRef("pk"), window=window)
    found = JSONObject(
        pk="pk", state="state", text="text", remark="remark",
        files=ArraySubquery(files.values(json=JSONObject(name="file__original_name", file="file__public_id"))),
    )  # fmt: skip
    parts = (
        Responsibility.objects.filter(task_id=lead.task_id, role=ResponsibilityRole.SUPPORT, department__isnull=False)
        .exclude(state="waived")
        .annotate(found=Subquery(rows.values(json=found)[:1]))
        .order_by("sort", "pk")
        .values_list("department__short_name", "found")
    )
    return [_side(unit, row) for unit, row in parts]


def _side(unit: str, row: dict[str, Any] | None) -> Side:
    if row is None:
        return Side(unit)
    silent = row["state"] in ContributionState.with_unit()
    return Side(
        unit=unit,
        pk=row["pk"],
        state=row["state"],
        label=str(ContributionState(row["state"]).label),
        text="" if silent else row["text"],
        remark=row["remark"] if row["state"] == ContributionState.ASKED_BACK else "",
        files=() if silent else row["files"],
    )


def asked_of(departments: Collection[int]) -> QuerySet[Contribution]:
    """What the lead has asked of these units and they have not handed in, the earliest first; open windows only."""
    return (
        Contribution.objects.filter(
            part__department_id__in=departments,
            state__in=ContributionState.with_unit(),
            window__locked_at__isnull=True,
            part__task__state=TaskState.ACTIVE,
            part__task__programme__state=ProgrammeState.RUNNING,
        )
        .select_related("part__task__programme", "part__department", "window")
        .order_by("due_on", "pk")
    )
