"""办公室分解: what the office adds to a printed task. Stored apart from the print, journalled, versioned."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.choices import (
    MilestoneState,
    PartState,
    ProgrammeState,
    ResponsibilityRole,
    TaskState,
)
from programs.models import Deliverable, Milestone, Programme, Responsibility, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Origin
from taskforce.models import Department, User

from .parts import assign_parts

#: Columns of a task that the office may set; everything else is print.
OFFICE_FIELDS = ("nature", "due_on", "phase", "responsible_leader")


class Conflict(IllegalMove):
    """Somebody else has changed the row since the person looked at it."""


def locked_row(
    model: Any, obj: Any, actor: ActorContext, action: str = "manage", row_version: int | None = None
) -> Any:
    """The row under lock, fit to be changed by this person."""
    related = {"Task": ("programme__jurisdiction",), "Milestone": ("programme__jurisdiction",)}
    row = (
        model.objects.select_related(*related.get(model.__name__, ("task__programme__jurisdiction",)))
        .select_for_update(of=("self",))
        .get(pk=obj.pk)
    )
    decision = can(actor, action, row)
    if not decision:
        raise NotAllowed(decision.reason, row)
    programme: Programme = row.task.programme if model is Responsibility else row.programme
    if programme.state not in (ProgrammeState.DRAFT, ProgrammeState.RUNNING):
        raise IllegalMove(_("The programme is closed or a historical record; nothing is changed in it."), row)
    if row_version is not None and row.row_version != row_version:
        raise Conflict(_("Somebody else has changed this in the meantime. Please look at it again."), row)
    return row


def _stored(row: Any, *fields: str) -> None:
    row.row_version += 1
    row.save(update_fields=[*fields, "row_version"])


def _still_divided(task: Task) -> None:
    """Whoever is named in a task that rests or is done would never be asked for anything."""
    if task.state in TaskState.finished():
        raise IllegalMove(_("The task is completed."), task)
    if task.state == TaskState.SUSPENDED:
        raise IllegalMove(_("The task is suspended; resume the task first."), task)


def check_due(programme: Programme, due_on: date | None) -> str:
    """A sentence when the date lies outside the programme, else ""."""
    if due_on is None or programme.starts_on <= due_on <= programme.ends_on:
        return ""
    return _("The date lies outside the programme (%(start)s to %(end)s).") % {
        "start": date_format(programme.starts_on),
        "end": date_format(programme.ends_on),
    }


def edit_task(
    task: Task,
    *,
    actor: ActorContext,
    values: Mapping[str, Any],
    row_version: int,
    reason: str = "",
    extended: bool = False,
) -> Task:
    """Date, nature, phase, 责任领导. Until 交办 the original date follows; afterwards it stays for ever and a new
    date needs a reason. `extended`: it is a date that a unit asked for (延期), and counts as such."""
    with transaction.atomic():
        task = locked_row(Task, task, actor, row_version=row_version)
        _still_divided(task)
        before = {name: _plain(getattr(task, name)) for name in OFFICE_FIELDS}
        for name in OFFICE_FIELDS:
            if name in values:
                setattr(task, name, values[name])
        wrong = check_due(task.programme, task.due_on)
        if wrong:
            raise IllegalMove(wrong, task)
        if task.state != TaskState.ACTIVE:
            task.original_due = task.due_on
        elif _plain(task.due_on) != before["due_on"]:
            if not reason.strip():
                raise IllegalMove(_("The task is assigned already: a new date needs a reason."), task)
            task.original_due = task.original_due or task.due_on
        after = {name: _plain(getattr(task, name)) for name in OFFICE_FIELDS}
        if after == before:
            return task
        task.extended += extended
        _stored(task, *OFFICE_FIELDS, "original_due", "extended")
        record(subject=task, action="break_down", actor=actor, reason=reason, before=before, after=after)
    return task


def _plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if hasattr(value, "pk") else value


def add_part(task: Task, *, actor: ActorContext, department: Department, role: str) -> Responsibility:
    """A unit named by the office, beside what is printed."""
    with transaction.atomic():
        task = locked_row(Task, task, actor)
        _still_divided(task)
        if role not in ResponsibilityRole.values:
            raise IllegalMove(_("Unknown role."), task)
        if task.parts.filter(department=department).exists():
            raise IllegalMove(_("%(unit)s has a part in this task already.") % {"unit": department}, task)
        part = Responsibility.objects.create(
            task=task,
            department=department,
            role=role,
            origin=Origin.OFFICE,
            sort=task.parts.count() + 1,
        )
        record(subject=task, action="add_unit", actor=actor, after={"unit": str(department), "role": role})
        if task.state == TaskState.ACTIVE:
            assign_parts([part], actor=actor)
    return part


def remove_part(part: Responsibility, *, actor: ActorContext) -> None:
    """Only what the office added itself and nobody has acted on; a printed unit is waived, never removed."""
    with transaction.atomic():
        part = locked_row(Responsibility, part, actor)
        if part.origin != Origin.OFFICE or part.state != PartState.PENDING:
            raise IllegalMove(_("Printed or assigned parts are not removed; waive the part instead."), part)
        record(subject=part.task, action="remove_unit", actor=actor, before={"unit": str(part.department)})
        part.delete()


def name_people(
    part: Responsibility, *, actor: ActorContext, contact: User | None, responsible: str, row_version: int
) -> Responsibility:
    """责任人 and 联络员 of a part."""
    with transaction.atomic():
        part = locked_row(Responsibility, part, actor, row_version=row_version)
        before = {"contact": str(part.contact_user or ""), "responsible": part.responsible_person}
        part.contact_user = contact
        part.responsible_person = responsible.strip()
        after = {"contact": str(contact or ""), "responsible": part.responsible_person}
        if after != before:
            _stored(part, "contact_user", "responsible_person")
            record(subject=part.task, action="name_people", actor=actor, before=before, after=after)
    return part


def name_convenor(part: Responsibility, *, actor: ActorContext, reason: str = "") -> Responsibility:
    """召集单位: where the document names no lead the office may name one, as its own act; the print stays."""
    with transaction.atomic():
        part = locked_row(Responsibility, part, actor, action="decide")
        if (
            part.role not in (ResponsibilityRole.JOINT, ResponsibilityRole.ALL_MEMBERS)
            or part.department_id is None
        ):
            raise IllegalMove(_("A convening unit is named only among jointly responsible units."), part)
        for other in part.task.parts.select_for_update().filter(convenor=True).exclude(pk=part.pk):
            other.convenor = False
            _stored(other, "convenor")
        part.convenor = True
        _stored(part, "convenor")
        record(
            subject=part.task,
            action="name_convenor",
            actor=actor,
            reason=reason,
            after={"unit": str(part.department)},
        )
    return part


def expand_group(part: Responsibility, *, actor: ActorContext) -> list[Responsibility]:
    """A printed group becomes the units on its list, marked 办公室分解; units already named keep their role."""
    with transaction.atomic():
        part = locked_row(Responsibility, part, actor)
        _still_divided(part.task)
        if part.group is None:
            raise IllegalMove(_("This is a single unit."), part)
        if part.group.pending:
            raise IllegalMove(
                _("The list of “%(group)s” has not been given yet.") % {"group": part.group}, part
            )
        named = set(part.task.parts.filter(department__isnull=False).values_list("department_id", flat=True))
        new = Responsibility.objects.bulk_create(
            Responsibility(
                task=part.task,
                department=department,
                expanded_from=part,
                role=part.role,
                origin=Origin.OFFICE,
                sort=part.sort,
            )
            for department in part.group.members.all()
            if department.pk not in named
        )
        units = [str(row.department) for row in new]
        record(
            subject=part.task,
            action="expand_group",
            actor=actor,
            after={"group": str(part.group), "units": units},
        )
        if part.task.state == TaskState.ACTIVE:
            assign_parts(new, actor=actor)
    return new


def add_milestone(
    *, programme: Programme, task: Task | None, actor: ActorContext, title: str, due_on: date
) -> Milestone:
    """节点 set by the office: documents hardly ever print one."""
    target: Any = task or programme
    decision = can(actor, "manage", target)
    if not decision:
        raise NotAllowed(decision.reason, target)
    wrong = check_due(programme, due_on)
    if wrong:
        raise IllegalMove(wrong, target)
    with transaction.atomic():
        milestone = Milestone.objects.create(
            programme=programme,
            task=task,
            title=title.strip(),
            due_on=due_on,
            original_due=due_on,
            origin=Origin.OFFICE,
        )
        record(
            subject=target,
            action="add_milestone",
            actor=actor,
            after={"milestone": milestone.title, "due_on": due_on.isoformat()},
        )
    return milestone


def postpone_milestone(milestone: Milestone, *, actor: ActorContext, due_on: date, reason: str) -> Milestone:
    """延期 of a milestone; the original date stays for ever."""
    with transaction.atomic():
        milestone = locked_row(Milestone, milestone, actor)
        before, milestone.due_on = milestone.due_on, due_on
        milestone.extended += 1
        _stored(milestone, "due_on", "extended")
        record(
            subject=milestone.task or milestone.programme,
            action="postpone_milestone",
            actor=actor,
            reason=reason,
            before={"due_on": before.isoformat()},
            after={"milestone": milestone.title, "due_on": due_on.isoformat()},
        )
    return milestone


def settle_milestone(milestone: Milestone, *, actor: ActorContext, state: str, reason: str = "") -> Milestone:
    """Reached, or dropped with a reason."""
    with transaction.atomic():
        milestone = locked_row(Milestone, milestone, actor)
        if milestone.state == state:
            return milestone
        if milestone.state != MilestoneState.OPEN:
            raise IllegalMove(_("The milestone is settled already."), milestone)
        if state == MilestoneState.DROPPED and not reason.strip():
            raise IllegalMove(_("Please give a reason."), milestone)
        milestone.state = state
        milestone.done_on = timezone.localdate() if state == MilestoneState.DONE else None
        _stored(milestone, "state", "done_on")
        record(
            subject=milestone.task or milestone.programme,
            action=f"milestone_{state}",
            actor=actor,
            reason=reason,
            after={"milestone": milestone.title},
        )
    return milestone


def add_deliverable(
    *, task: Task, actor: ActorContext, name: str, kind: str, due_on: date | None
) -> Deliverable:
    """成果 that the office expects of a task, beside the printed ones."""
    with transaction.atomic():
        task = locked_row(Task, task, actor)
        wrong = check_due(task.programme, due_on)
        if wrong:
            raise IllegalMove(wrong, task)
        deliverable = Deliverable.objects.create(
            programme=task.programme,
            task=task,
            name=name.strip(),
            kind=kind,
            due_on=due_on,
            clause_path=task.clause_path,
            origin=Origin.OFFICE,
        )
        record(subject=task, action="add_deliverable", actor=actor, after={"deliverable": deliverable.name})
    return deliverable


def deliver(deliverables: Iterable[Deliverable], *, actor: ActorContext, note: str) -> None:
    """The office notes that a deliverable is there, and by what it knows."""
    if not note.strip():
        raise IllegalMove(_("Please say by what the delivery is shown (number, link, file)."))
    with transaction.atomic():
        for deliverable in deliverables:
            task = deliverable.task
            target: Any = task or deliverable.programme
            decision = can(actor, "manage", target)
            if not decision:
                raise NotAllowed(decision.reason, target)
            deliverable.done_on = timezone.localdate()
            deliverable.done_note = note.strip()[:200]
            _stored(deliverable, "done_on", "done_note")
            record(
                subject=target,
                action="deliver",
                actor=actor,
                reason=note,
                after={"deliverable": deliverable.name},
            )
