"""征求意见: who was asked what, and what came back."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from programs.choices import ReplyStance, TaskState
from programs.models import Consultation, ConsultationReply, Programme, Responsibility, Task
from qualitycity.access import ActorContext
from taskforce.models import Department


@dataclass
class Asked:
    """One unit with its tasks in the draft table and its answers: `whole` to the table, `by_task` to single tasks."""

    department: Department
    tasks: list[Task] = field(default_factory=list)
    whole: ConsultationReply | None = None
    by_task: dict[int, ConsultationReply] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        return self.whole is not None or bool(self.by_task)

    @property
    def wishes(self) -> list[ConsultationReply]:
        return [row for row in self.replies if row.stance == ReplyStance.CHANGE]

    @property
    def replies(self) -> list[ConsultationReply]:
        return [row for row in (self.whole, *self.by_task.values()) if row is not None]


def asked_units(
    consultation: Consultation, *, actor: ActorContext, departments: Collection[int] | None = None
) -> list[Asked]:
    """Units of the round in the order of the register, all or the named ones; three queries.

    While the round is open these are the units of the tasks that are out for comment; afterwards those of all tasks
    that have a unit, with whoever has answered.
    """
    parts = Responsibility.objects.filter(
        task__programme_id=consultation.programme_id, department__isnull=False
    ).select_related("department", "task__section")
    if consultation.closed_on is None:
        parts = parts.filter(task__state=TaskState.CONSULTING)
    replies = ConsultationReply.objects.visible_to(actor).filter(consultation=consultation)
    replies = replies.select_related("department", "task", "replied_by")
    if departments is not None:
        parts = parts.filter(department_id__in=departments)
        replies = replies.filter(department_id__in=departments)
    units: dict[int, Asked] = {}
    for part in parts.order_by("task__sort", "task_id", "pk"):
        assert part.department is not None
        units.setdefault(part.department.pk, Asked(part.department)).tasks.append(part.task)
    for reply in replies:
        unit = units.setdefault(reply.department_id, Asked(reply.department))
        if reply.task_id is None:
            unit.whole = reply
        else:
            unit.by_task[reply.task_id] = reply
    return sorted(units.values(), key=lambda unit: (unit.department.sort, unit.department.pk))


def units_of(tasks: Collection[int]) -> dict[int, list[str]]:
    """Task → its units and groups with their roles, as the table prints them; one query."""
    result: dict[int, list[str]] = defaultdict(list)
    for part in (
        Responsibility.objects.filter(task_id__in=tasks).select_related("department", "group").order_by("sort", "pk")
    ):
        result[part.task_id].append(f"{part.get_role_display()}：{part.department or part.group}")
    return result


def drafts(programme: Programme) -> tuple[list[Task], dict[str, int]]:
    """Draft tasks in order, with `units` by name, and how many tasks each unit would be asked about; two queries."""
    tasks = list(
        programme.tasks.filter(state=TaskState.DRAFT)
        .prefetch_related("parts__department")
        .order_by("sort", "pk")
    )
    counts: dict[str, int] = defaultdict(int)
    for task in tasks:
        for part in task.parts.all():
            if part.department is not None:
                counts[str(part.department)] += 1
    return tasks, dict(sorted(counts.items(), key=lambda item: -item[1]))
