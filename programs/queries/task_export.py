"""全部任务 as rows of a table: one statement over all programmes, tuples without model instances."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from programs.choices import ResponsibilityRole, TaskNature, TaskState
from programs.models import Responsibility, Task
from qualitycity.access import ActorContext
from taskforce.choices import Origin

from .standing import in_state

COLUMNS = (
    "方案", "年度", "章节", "序号", "条款", "工作任务", "工作要求", "出处", "任务性质", "状态", "牵头（责任）单位", "配合单位", "完成时限", "原定时限",
    "办结日期",
)  # fmt: skip


def exported_tasks(
    actor: ActorContext, *, year: int | None = None, state: str = "", nature: str = ""
) -> QuerySet[Any]:
    """Tuples in the order of `COLUMNS`, by programme and as printed; words in the language in force."""
    tasks = Task.objects.visible_to(actor)
    if year:
        tasks = tasks.filter(programme__year=year)
    tasks = in_state(tasks, state)
    if nature:
        tasks = tasks.filter(nature=nature)
    return _as_rows(tasks)


def _as_rows(tasks: QuerySet[Task]) -> QuerySet[Any]:
    """The same columns of any tasks."""
    supporting = Q(role=ResponsibilityRole.SUPPORT)
    section = Case(
        When(section__isnull=True, then=Value("")),
        default=Concat("section__number", Value(" "), "section__title"),
        output_field=CharField(),
    )
    return tasks.order_by("-programme__year", "programme_id", "sort", "pk").values_list(
        "programme__short_title",
        "programme__year",
        section,
        "number",
        "clause_path",
        "title",
        "requirement",
        _labels("origin", Origin),
        _labels("nature", TaskNature),
        _labels("state", TaskState),
        _units(~supporting),
        _units(supporting),
        "due_on",
        "original_due",
        "completed_on",
    )


def _labels(column: str, choices: Any) -> Case:
    return Case(
        *(When(**{column: value}, then=Value(str(label))) for value, label in choices.choices),
        default=F(column),
        output_field=CharField(),
    )


def _units(wanted: Q) -> Coalesce:
    """Units and groups as printed, in one cell; those a group was resolved into stand behind the group's name."""
    parts = (
        Responsibility.objects.filter(wanted, task=OuterRef("pk"), expanded_from__isnull=True)
        .order_by()
        .values("task")
        .annotate(
            units=StringAgg(
                Coalesce("department__short_name", "group__name"), delimiter="、", order_by=("sort", "pk")
            )
        )
    )
    return Coalesce(Subquery(parts.values("units")), Value(""), output_field=CharField())
