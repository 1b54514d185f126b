"""Tasks and sub-items that the office sets up itself (办公室分解), where no printed task stands behind them."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import ProgrammeState, RoleMode
from programs.models import Programme, Section, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.reports.numerals import chinese_numeral
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Origin

from .breakdown import check_due, locked_row


def add_task(
    programme: Programme,
    *,
    actor: ActorContext,
    title: str,
    requirement: str,
    nature: str,
    due_on: date | None,
    section: Section | None = None,
    new_section: str = "",
) -> Task:
    """A task by hand, for an office without an imported document; marked 办公室分解, with its units to be named.
    `new_section` opens a section at the end and puts the task there."""
    with transaction.atomic():
        # under the programme's lock the running numbers of tasks and sections are free
        programme = (
            Programme.objects.select_related("jurisdiction")
            .select_for_update(of=("self",))
            .get(pk=programme.pk)
        )
        decision = can(actor, "manage", programme)
        if not decision:
            raise NotAllowed(decision.reason, programme)
        if programme.state not in (ProgrammeState.DRAFT, ProgrammeState.RUNNING):
            raise IllegalMove(
                _("The programme is closed or a historical record; nothing is changed in it."), programme
            )
        wrong = check_due(programme, due_on)
        if wrong:
            raise IllegalMove(wrong, programme)
        if not title.strip():
            raise IllegalMove(_("The task needs a title."), programme)
        if new_section.strip():
            section = _new_section(programme, new_section.strip())
        numbers = programme.tasks.filter(clause_path="", parent=None).values_list("number", flat=True)
        number = max((int(text) for text in numbers if text.isdecimal()), default=0) + 1
        last = programme.tasks.order_by("-sort").values_list("sort", flat=True).first()
        task = Task.objects.create(
            programme=programme,
            section=section,
            number=str(number),
            title=title.strip(),
            requirement=requirement.strip(),
            nature=nature,
            role_mode=RoleMode.UNSPECIFIED,
            due_on=due_on,
            original_due=due_on,
            origin=Origin.OFFICE,
            sort=(last or 0) + 1,
        )
        record(
            subject=task,
            action="add_task",
            actor=actor.on_behalf(decision.grant),
            after={"title": task.title},
        )
    return task


def _new_section(programme: Programme, title: str) -> Section:
    """A section of this heading that is there already is taken, not doubled."""
    sections = list(programme.sections.all())
    known = next((section for section in sections if section.title == title), None)
    if known is not None:
        return known
    paths, number = {section.path for section in sections}, len(sections) + 1
    while chinese_numeral(number) in paths:
        number += 1
    numeral = chinese_numeral(number)
    return Section.objects.create(programme=programme, path=numeral, number=numeral, title=title, sort=number)


def add_item(task: Task, *, actor: ActorContext, title: str, requirement: str, due_on: date | None) -> Task:
    """子项: a step of a printed task, with units of its own to be named."""
    with transaction.atomic():
        task = locked_row(Task, task, actor)
        wrong = check_due(task.programme, due_on)
        if wrong:
            raise IllegalMove(wrong, task)
        count = task.items.count() + 1
        item = Task.objects.create(
            programme=task.programme,
            section=task.section,
            parent=task,
            number=f"{task.number}-{count}",
            clause_path=task.clause_path,
            title=title.strip(),
            requirement=requirement.strip(),
            nature=task.nature,
            kind=task.kind,
            role_mode="unspecified",
            due_on=due_on,
            original_due=due_on,
            origin=Origin.OFFICE,
            sort=task.sort,
        )
        record(subject=task, action="add_item", actor=actor, after={"item": str(item)})
    return item
