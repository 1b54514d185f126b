"""转入新年度: a programme copied into a new one with shifted dates; unfinished tasks are carried over with a link back."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from programs.choices import MilestoneState, ProgrammeState, TaskNature, TaskState
from programs.models import Deliverable, Milestone, Phase, Programme, Responsibility, Section, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed


def shifted(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def roll_forward(
    source: Programme,
    *,
    actor: ActorContext,
    key: str,
    title: str,
    short_title: str,
    starts_on: date,
    ends_on: date,
) -> Programme:
    """The copy is a draft: its breakdown is confirmed and assigned anew. Completed definite outcomes stay behind."""
    decision = can(actor, "decide", source)
    if not decision:
        raise NotAllowed(decision.reason, source)
    if starts_on > ends_on:
        raise IllegalMove(_("The programme ends before it starts."), source)
    if starts_on <= source.starts_on:
        raise IllegalMove(_("The new programme must start after the one it is copied from."), source)
    if Programme.objects.filter(key=key).exists():
        raise IllegalMove(_("A programme with this key exists already."), source)
    years = starts_on.year - source.starts_on.year
    with transaction.atomic():
        copy = Programme.objects.create(
            key=key,
            jurisdiction_id=source.jurisdiction_id,
            document=source.document,
            parent=source.parent,
            carried_from=source,
            body=source.body,
            office_department=source.office_department,
            title=title,
            short_title=short_title,
            year=starts_on.year,
            starts_on=starts_on,
            ends_on=ends_on,
            report_every=source.report_every,
            report_opens_before=source.report_opens_before,
            report_due_after=source.report_due_after,
            light_policy=source.light_policy,
            reminder_ladder=source.reminder_ladder,
            contact=source.contact,
        )
        tasks = _copy_tasks(source, copy, years)
        _copy_points(source, copy, tasks, years)
        for path in settings.PROGRAMME_COPIERS:
            import_string(path)(source=source, copy=copy, tasks=tasks)
        record(
            subject=copy, action="roll_forward", actor=actor, after={"from": source.key, "tasks": len(tasks)}
        )
        record(subject=source, action="rolled_forward", actor=actor, after={"to": copy.key})
    return copy


def _moved(day: date | None, years: int, programme: Programme) -> date | None:
    """The shifted date; one that falls outside the new programme is left for the office to set."""
    later = shifted(day, years) if day else None
    return later if later and programme.starts_on <= later <= programme.ends_on else None


def _copy_tasks(source: Programme, copy: Programme, years: int) -> dict[int, Task]:
    """Old primary key → new task."""
    sections: dict[int | None, Any] = {None: None}
    phases: dict[int | None, Any] = {None: None}
    for section in source.sections.all():
        sections[section.pk] = Section.objects.create(
            programme=copy, path=section.path, number=section.number, title=section.title, sort=section.sort
        )
    for phase in source.phases.all():
        phases[phase.pk] = Phase.objects.create(
            programme=copy,
            number=phase.number,
            name=phase.name,
            starts_on=shifted(phase.starts_on, years),
            ends_on=shifted(phase.ends_on, years),
            clause_path=phase.clause_path,
            quote=phase.quote,
            origin=phase.origin,
        )
    old = [
        task
        for task in source.tasks.all()
        if not (task.state in TaskState.finished() and task.nature == TaskNature.OUTCOME)
    ]
    new: dict[int, Task] = {}
    for task in old:
        due = _moved(task.due_on, years, copy)
        finished = task.state in TaskState.finished()
        new[task.pk] = Task(
            programme=copy,
            section=sections[task.section_id],
            phase=phases[task.phase_id],
            carried_from=None if finished else task,
            number=task.number,
            title=task.title,
            requirement=task.requirement,
            kind=task.kind,
            nature=task.nature,
            role_mode=task.role_mode,
            inherited_from=task.inherited_from,
            open_ended=task.open_ended,
            due_on=due,
            original_due=due,
            responsible_leader=task.responsible_leader,
            sort=task.sort,
            clause_path=task.clause_path,
            quote=task.quote,
            origin=task.origin,
        )
    Task.objects.bulk_create(new.values())
    children = [task for task in old if task.parent_id in new]
    for child in children:
        new[child.pk].parent = new[child.parent_id or 0]
    Task.objects.bulk_update([new[child.pk] for child in children], ["parent"])
    _copy_parts(old, new)
    return new


def _copy_parts(old: list[Task], new: dict[int, Task]) -> None:
    parts = list(Responsibility.objects.filter(task__in=old).order_by("pk"))
    copies = {
        part.pk: Responsibility(
            task=new[part.task_id],
            department_id=part.department_id,
            group_id=part.group_id,
            role=part.role,
            printed=part.printed,
            role_printed=part.role_printed,
            origin=part.origin,
            sort=part.sort,
            convenor=part.convenor,
            contact_user_id=part.contact_user_id,
            responsible_person=part.responsible_person,
        )
        for part in parts
    }
    Responsibility.objects.bulk_create(copies.values())
    expanded = [part for part in parts if part.expanded_from_id in copies]
    for part in expanded:
        copies[part.pk].expanded_from = copies[part.expanded_from_id or 0]
    Responsibility.objects.bulk_update([copies[part.pk] for part in expanded], ["expanded_from"])


def _copy_points(source: Programme, copy: Programme, tasks: dict[int, Task], years: int) -> None:
    """Open milestones and outstanding deliverables move with their dates."""
    milestones = []
    for milestone in source.milestones.filter(state=MilestoneState.OPEN):
        due = _moved(milestone.due_on, years, copy)
        if due is None or (milestone.task_id and milestone.task_id not in tasks):
            continue
        milestones.append(
            Milestone(
                programme=copy,
                task=tasks.get(milestone.task_id or 0),
                title=milestone.title,
                due_on=due,
                original_due=due,
                origin=milestone.origin,
                clause_path=milestone.clause_path,
            )
        )
    Milestone.objects.bulk_create(milestones)
    Deliverable.objects.bulk_create(
        Deliverable(
            programme=copy,
            task=tasks.get(deliverable.task_id or 0),
            name=deliverable.name,
            kind=deliverable.kind,
            due_on=_moved(deliverable.due_on, years, copy),
            recurrence=deliverable.recurrence,
            due_printed=deliverable.due_printed,
            by=deliverable.by,
            to=deliverable.to,
            clause_path=deliverable.clause_path,
            origin=deliverable.origin,
        )
        for deliverable in source.deliverables.all()
        if (deliverable.done_on is None or deliverable.recurrence)
        and (deliverable.task_id is None or deliverable.task_id in tasks)
    )


def may_roll_forward(programme: Programme) -> bool:
    return programme.state in (ProgrammeState.RUNNING, ProgrammeState.CLOSED, ProgrammeState.ARCHIVED)
