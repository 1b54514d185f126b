"""征求意见: the draft 任务分解表 goes to the units, each answers once, the office answers back and closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ReplyStance, TaskState
from programs.models import Consultation, ConsultationReply, Programme, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import build_entry, record, write_entries
from qualitycity.workflow import Batch, IllegalMove, NotAllowed, advance_many, advance_together
from taskforce.models import Department

from . import notices
from .tasks import TASKS, has_unit


def _demand(actor: ActorContext, action: str, obj: Any) -> None:
    decision = can(actor, action, obj)
    if not decision:
        raise NotAllowed(decision.reason, obj)


def open_round(programme: Programme, *, actor: ActorContext, due_on: date, note: str = "") -> Consultation:
    """Sends every task that has a unit and is still a draft out for comment."""
    _demand(actor, "manage", programme)
    if due_on < timezone.localdate():
        raise IllegalMove(_("The answers cannot be due in the past."), programme)
    with transaction.atomic():
        # the tasks are held first: of two people who open at once the second waits here and then sees the open round
        drafts = (
            Task.objects.filter(programme=programme, state=TaskState.DRAFT)
            .select_related(*TASKS.related)
            .prefetch_related(*TASKS.prefetch)
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        tasks = [task for task in drafts if has_unit(task)]
        if programme.consultations.filter(closed_on__isnull=True).exists():
            raise IllegalMove(_("A round of comments is open already."), programme)
        if not tasks:
            raise IllegalMove(_("There is no task with a named unit to comment on."), programme)
        consultation = Consultation.objects.create(
            programme=programme,
            opened_on=timezone.localdate(),
            due_on=due_on,
            opened_by_id=actor.person_id,
            note=note,
        )
        advance_together([Batch(TASKS, tasks, held=True)], "consult", actor=actor)
        record(subject=programme, action="open_consultation", actor=actor, after={"tasks": len(tasks)})
        units = {part.department_id for task in tasks for part in task.parts.all() if part.department_id}
        notices.tell_consulted(consultation=consultation, departments=units)
    return consultation


@dataclass(frozen=True)
class Answer:
    """What a unit says to one task, or to the whole table."""

    stance: str
    text: str = ""


def reply(
    consultation: Consultation,
    *,
    actor: ActorContext,
    department: Department,
    answers: Mapping[int | None, Answer],
) -> list[ConsultationReply]:
    """无意见, or the wording asked for: by primary key of the task, None for the whole table. All of them or none.

    Until the round is closed a later answer replaces the earlier one, and with it what the office said to that.
    """
    for answer in answers.values():
        if answer.stance == ReplyStance.CHANGE and not answer.text.strip():
            raise IllegalMove(_("Please write what should be changed."), consultation)
    with transaction.atomic():
        consultation = _open(consultation)
        _demand(actor, "reply", ConsultationReply(consultation=consultation, department=department))
        asked = Task.objects.filter(programme_id=consultation.programme_id, parts__department=department)
        asked = asked.select_related("programme")
        tasks = asked.in_bulk([pk for pk in answers if pk is not None])
        if set(answers) - set(tasks) - {None}:
            raise IllegalMove(_("One of the tasks is not your unit's."), consultation)
        known = {row.task_id: row for row in consultation.replies.filter(department=department)}
        rows = []
        for pk, answer in answers.items():
            row = known.get(pk) or ConsultationReply(
                consultation=consultation, department=department, task_id=pk
            )
            text = answer.text.strip() if answer.stance == ReplyStance.CHANGE else ""
            if row.pk and (row.stance, row.text) == (answer.stance, text):
                continue
            row.stance, row.text, row.answer = answer.stance, text, ""
            row.replied_by_id, row.replied_at = actor.person_id, timezone.now()
            row.row_version += bool(row.pk)
            rows.append(row)
        ConsultationReply.objects.bulk_create([row for row in rows if row.pk is None])
        ConsultationReply.objects.bulk_update(
            [row for row in rows if row.pk in {old.pk for old in known.values()}],
            ["stance", "text", "answer", "replied_by", "replied_at", "row_version"],
        )
        write_entries(
            build_entry(
                subject=tasks[row.task_id] if row.task_id else consultation.programme,
                action="comment",
                actor=actor,
                reason=row.text,
                after={"unit": str(department), "stance": row.stance},
                audience="unit",
            )
            for row in rows
        )
    return rows


def answer_wishes(
    consultation: Consultation, *, actor: ActorContext, answers: Mapping[int, str]
) -> list[ConsultationReply]:
    """采纳情况: what the office makes of the wishes, by primary key of the reply; empty takes an answer back."""
    _demand(actor, "manage", consultation)
    with transaction.atomic():
        consultation = _open(consultation)
        asked_for = consultation.replies.filter(stance=ReplyStance.CHANGE).select_related("department")
        wishes = asked_for.in_bulk(list(answers))
        if set(answers) - set(wishes):
            raise IllegalMove(
                _("One of the wishes has been changed by its unit; look at the list again."), consultation
            )
        changed = [row for pk, row in wishes.items() if row.answer != answers[pk].strip()]
        for row in changed:
            row.answer = answers[row.pk].strip()
            row.row_version += 1
        ConsultationReply.objects.bulk_update(changed, ["answer", "row_version"])
        if changed:
            said = {str(row.department): row.answer for row in changed}
            record(
                subject=consultation.programme,
                action="answer_comments",
                actor=actor,
                after=said,
                audience="unit",
            )
    return changed


def _open(consultation: Consultation) -> Consultation:
    """The round under lock; a closed one takes nothing more."""
    consultation = (
        Consultation.objects.select_related("programme__jurisdiction")
        .select_for_update(of=("self",))
        .get(pk=consultation.pk)
    )
    if consultation.closed_on is not None:
        raise IllegalMove(_("The round of comments is closed."), consultation)
    return consultation


def close_round(consultation: Consultation, *, actor: ActorContext) -> Consultation:
    """Closes the round and confirms the breakdown. Wishes still unanswered hold it open."""
    _demand(actor, "manage", consultation)
    with transaction.atomic():
        consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if consultation.closed_on is not None:
            return consultation
        unanswered = consultation.replies.filter(stance=ReplyStance.CHANGE, answer="").count()
        if unanswered:
            raise IllegalMove(
                _("%(count)s wishes of the units are not answered yet.") % {"count": unanswered}, consultation
            )
        consultation.closed_on = timezone.localdate()
        consultation.row_version += 1
        consultation.save(update_fields=["closed_on", "row_version"])
        tasks = list(consultation.programme.tasks.filter(state=TaskState.CONSULTING))
        advance_many(TASKS, tasks, "confirm", actor=actor)
        record(
            subject=consultation.programme,
            action="close_consultation",
            actor=actor,
            after={"tasks": len(tasks)},
        )
    return consultation
