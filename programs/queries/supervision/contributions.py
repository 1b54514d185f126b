"""配合单位的部分 as the lead sees them side by side, and what a supporting unit is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from programs.access.supervision.contributions import LEADS
from programs.choices import (
    ContributionState,
    ItemPartState,
    ItemRole,
    ItemState,
    ProgrammeState,
    ResponsibilityRole,
    TaskState,
)
from programs.models import (
    Contribution,
    ContributionFile,
    ItemPart,
    ItemReport,
    ReportingWindow,
    Responsibility,
)
from qualitycity.access import ActorContext

RELATED = (
    "part__task__programme__jurisdiction", "part__department", "window", "filed_by", "adopted_by", "adopted_into",
    "item_part__item__jurisdiction", "item_part__department", "adopted_report",
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
    return rows.prefetch_related(
        "part__task__parts__department", "item_part__item__parts__department", "files__file"
    )


def beside(lead: Any, window: ReportingWindow, actor: ActorContext) -> list[Side]:
    """The supporting units of the task of this part, in the order of the clause, each with its part of the window as far
    as the person may see it; one query, none where the part does not lead."""
    if lead.role not in LEADS:
        return []
    rows = Contribution.objects.visible_to(actor).filter(part=OuterRef("pk"), window=window)
    parts = Responsibility.objects.filter(
        task_id=lead.task_id, role=ResponsibilityRole.SUPPORT, department__isnull=False
    )
    return _sides(parts, rows)


def beside_item(lead: ItemPart, actor: ActorContext) -> list[Side]:
    """The assisting units of the item of this part, each with what it told the handling unit last; as above."""
    if not lead.answers:
        return []
    # what is under way comes before what was adopted
    rows = Contribution.objects.visible_to(actor).filter(item_part=OuterRef("pk")).order_by("-pk")
    parts = ItemPart.objects.filter(item_id=lead.item_id, role=ItemRole.SUPPORT, assigned_on__isnull=False)
    return _sides(parts, rows)


def _sides(parts: Any, rows: QuerySet[Contribution]) -> list[Side]:
    files = ContributionFile.objects.filter(contribution=OuterRef("pk")).order_by("pk")
    found = JSONObject(
        pk="pk", state="state", text="text", remark="remark",
        files=ArraySubquery(files.values(json=JSONObject(name="file__original_name", file="file__public_id"))),
    )  # fmt: skip
    listed = (
        parts.exclude(state="waived")
        .annotate(found=Subquery(rows.values(json=found)[:1]))
        .order_by("sort", "pk")
        .values_list("department__short_name", "found")
    )
    return [_side(unit, row) for unit, row in listed]


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


def asked_of(departments: Collection[int], actor: ActorContext) -> QuerySet[Contribution]:
    """What the lead has asked of these units and they have not handed in, the earliest first; open windows and items in
    hand only."""
    of_task = Q(
        part__department_id__in=departments,
        window__locked_at__isnull=True,
        part__task__state=TaskState.ACTIVE,
        part__task__programme__state=ProgrammeState.RUNNING,
    )
    of_item = Q(
        item_part__department_id__in=departments,
        item_part__state__in=ItemPartState.owing(),
        item_part__item__state=ItemState.ASSIGNED,
    )
    return (
        Contribution.objects.visible_to(actor)
        .filter(of_task | of_item, state__in=ContributionState.with_unit())
        .select_related(
            "part__task__programme", "part__department", "window", "item_part__item", "item_part__department"
        )
        .order_by("due_on", "pk")
    )


def taken_in(report: ItemReport) -> QuerySet[Contribution]:
    """What a report on an item took in; whoever reads the report reads this."""
    rows = report.adopted.filter(state=ContributionState.ADOPTED)  # type: ignore[attr-defined]
    return rows.select_related("item_part__department", "adopted_by").order_by("adopted_at", "pk")
