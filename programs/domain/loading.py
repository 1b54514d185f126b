"""Loading a programme from checked facts (see `programs.loading`): repeatable, by natural keys, in one transaction.

Printed facts (原文) are created or mended in place. What the office has added (办公室分解: dates, units, sub-items,
milestones, persons) and whatever has been filed is never touched. Facts that have not changed since they were last
taken over are not looked at again, so that what the office has since corrected by hand stays.
"""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from programs.choices import PartState, ProgrammeState, TaskState
from programs.loading.facts import ProgrammeFacts, RuleFacts
from programs.models import (
    PolicyDocument,
    Programme,
    Responsibility,
    Section,
    Task,
)
from qualitycity.access import ActorContext
from qualitycity.audit import history, record
from qualitycity.audit.models import Audience
from qualitycity.sealing.canonical import digest
from taskforce.choices import Origin
from taskforce.models import Body, Department, DepartmentGroup, Jurisdiction

from .syncing import LoadError, Tally, keep, quoted, sync

ACTION = "load_facts"


@transaction.atomic
def load_programme(*, facts: ProgrammeFacts, actor: ActorContext | None = None) -> Tally:
    """Create or mend the document, the programme and all that is printed of it, then ask the upper floors
    (POLICY_APPLIERS: indicators, award schemes) to do the same with their part.

    Returns what was touched. Raises LoadError, and changes nothing, when a register lacks a code or when a row that
    the facts no longer hold is in use.
    """
    seal = digest({"facts": _said(asdict(facts)), "appliers": settings.POLICY_APPLIERS})
    if _last_seal(facts.programme.key) == seal:
        return Tally()
    codes = _Codes(facts)
    document, tally = _load_document(facts, codes)
    programme, done = _load_head(facts, codes, document)
    tally += done
    sections, done = _load_sections(programme, facts)
    tally += done
    tasks, done = _load_tasks(programme, facts, sections)
    tally += done + _load_parts(tasks, facts, codes)
    tally += _load_printed(programme, facts, tasks, codes)
    for path in settings.POLICY_APPLIERS:
        tally += import_string(path)(programme=programme, facts=facts, actor=actor)
    record(
        subject=programme,
        action=ACTION,
        actor=actor,
        after={"facts": seal, **asdict(tally)},
        audience=Audience.OFFICE,
    )
    return tally


def _said(facts: Any) -> Any:
    """Facts without quotations that are not there: the seals of programmes loaded before there were any still hold."""
    if isinstance(facts, dict):
        return {
            name: _said(value) for name, value in facts.items() if not (name == "quote" and value is None)
        }
    return [_said(one) for one in facts] if isinstance(facts, list | tuple) else facts


def _last_seal(key: str) -> str | None:
    """The digest of the facts as they were last taken over into this programme."""
    programme = Programme.objects.filter(key=key).first()
    entry = history(programme).filter(action=ACTION).last() if programme else None
    return entry.after["facts"] if entry and entry.after else None


class _Codes:
    """Rows of the registers by the codes that the facts name. Raises LoadError for a code that is not there."""

    def __init__(self, facts: ProgrammeFacts) -> None:
        head = facts.programme
        units = [unit for task in facts.tasks for unit in task.units]
        self.jurisdiction = self._rows(Jurisdiction, [head.jurisdiction])[head.jurisdiction]
        self.body = self._rows(Body, [head.body]).get(head.body)
        self.groups = self._rows(DepartmentGroup, [unit.group for unit in units])
        self.departments = self._rows(
            Department,
            [
                head.contact,
                *(unit.department for unit in units),
                *(code for rule in facts.assessment_rules for code in rule.by),
            ],
        )

    @staticmethod
    def _rows(model: type[models.Model], codes: list[str | None]) -> dict[str | None, Any]:
        wanted = {code for code in codes if code is not None}
        rows = model._default_manager.in_bulk(wanted, field_name="code")
        if missing := wanted - set(rows):
            raise LoadError(
                f"{model._meta.verbose_name_plural}: load the registers first, {sorted(missing)} missing"
            )
        return rows


def _load_document(facts: ProgrammeFacts, codes: _Codes) -> tuple[PolicyDocument, Tally]:
    printed = facts.document
    validity = {"valid_until": printed.valid_until, "valid_until_computed": printed.valid_until_computed}
    # once the office has answered an expiry (续期 and the like) the day is its own
    answered = PolicyDocument.objects.filter(key=printed.key).exclude(expiry_answer="").exists()
    document, tally = keep(
        PolicyDocument.objects.all(),
        key={"key": printed.key},
        values={
            "jurisdiction_id": codes.jurisdiction.pk,
            "title": printed.title,
            "number": printed.number or "",
            "issuing_body": printed.issuing_body,
            "approved_by": printed.approved_by or "",
            "kind": printed.form,
            "addressees": "、".join(printed.addressees),
            "dated": printed.written_on,
            "published_on": printed.published_on,
            "effective_on": printed.effective_on,
            "effective_computed": printed.effective_computed,
            "validity_note": printed.validity or "",
        }
        | ({} if answered else validity),
        first={},
    )
    _basis, done = sync(
        document.basis.all(),
        key=("title",),
        wanted=[
            {
                "document_id": document.pk,
                "title": row.title,
                "number": row.number or "",
                "issuer": row.issuer or "",
                "relation": row.relation,
                "sort": number,
            }
            for number, row in enumerate(printed.basis)
        ],
    )
    return document, tally + done


def _load_head(facts: ProgrammeFacts, codes: _Codes, document: PolicyDocument) -> tuple[Programme, Tally]:
    head = facts.programme
    parent = Programme.objects.filter(key=head.parent).first() if head.parent else None
    if head.parent and parent is None:
        raise LoadError(f"{head.key}: load the superior programme {head.parent} first")
    return keep(
        Programme.objects.all(),
        key={"key": head.key},
        values={
            "jurisdiction_id": codes.jurisdiction.pk,
            "document_id": document.pk,
            "parent_id": parent.pk if parent else None,
            "body_id": codes.body.pk if codes.body else None,
            "title": head.title,
            "short_title": head.short_title,
            "year": head.year,
            "starts_on": head.starts_on,
            "starts_computed": head.starts_computed,
            "ends_on": head.ends_on,
            "ends_computed": head.ends_computed,
        },
        # from here on the state is moved, and its seat and contact kept, by the office
        first={
            "office_department_id": codes.body.office_department_id if codes.body else None,
            "state": ProgrammeState.ARCHIVED if head.archived else ProgrammeState.DRAFT,
            "contact": codes.departments[head.contact].short_name if head.contact else "",
        },
    )


def _load_sections(
    programme: Programme, facts: ProgrammeFacts
) -> tuple[dict[tuple[Any, ...], Section], Tally]:
    return sync(
        programme.sections.all(),
        key=("path",),
        wanted=[
            {
                "programme_id": programme.pk,
                "path": row.path,
                "number": row.number,
                "title": row.title,
                "sort": number,
            }
            for number, row in enumerate(facts.sections)
        ],
        removable=lambda section: not section.tasks.exists(),
    )


def _load_tasks(
    programme: Programme, facts: ProgrammeFacts, sections: dict[tuple[Any, ...], Section]
) -> tuple[dict[str, Task], Tally]:
    """Printed tasks by clause path."""
    found, tally = sync(
        programme.tasks.all(),
        key=("clause_path", "number"),
        wanted=[
            {
                "programme_id": programme.pk,
                "section_id": sections[(row.section,)].pk,
                "clause_path": row.path,
                "number": row.number,
                "title": row.title,
                "requirement": row.requirement,
                "kind": row.kind,
                "nature": row.nature,
                "role_mode": row.role_mode,
                "inherited_from": row.inherited_from or "",
                "open_ended": row.open_ended,
                "due_on": row.due_on,
                "original_due": row.due_on,
                "sort": (number + 1) * 10,
            }
            | quoted(row)
            for number, row in enumerate(facts.tasks)
        ],
        # the printed time limit is where the office starts from
        settled=lambda task: {"due_on", "original_due"},
        removable=_task_untouched,
    )
    return {path: task for (path, _number), task in found.items()}, tally


def _task_untouched(task: Task) -> bool:
    return (
        task.state == TaskState.DRAFT
        and not task.milestones.exists()
        and not task.items.exists()
        and not task.carried_to.exists()
        and not task.deliverables.filter(origin=Origin.OFFICE).exists()
        and all(part.origin == Origin.PRINTED and _part_untouched(part) for part in task.parts.all())
    )


def _load_parts(tasks: dict[str, Task], facts: ProgrammeFacts, codes: _Codes) -> Tally:
    wanted = [
        {
            "task_id": tasks[row.path].pk,
            "department_id": codes.departments[unit.department].pk if unit.department else None,
            "group_id": codes.groups[unit.group].pk if unit.group else None,
            "role": unit.role,
            "printed": unit.printed,
            "role_printed": unit.role_printed or "",
            "sort": number,
        }
        for row in facts.tasks
        for number, unit in enumerate(row.units)
    ]
    _parts, tally = sync(
        Responsibility.objects.filter(task__in=list(tasks.values()), expanded_from=None),
        key=("task_id", "department_id", "group_id"),
        wanted=wanted,
        removable=_part_untouched,
    )
    return tally


def _part_untouched(part: Responsibility) -> bool:
    return (
        part.state == PartState.PENDING
        and not part.convenor
        and part.contact_user_id is None
        and not part.responsible_person
        and not part.expansions.exists()
    )


def _load_printed(
    programme: Programme, facts: ProgrammeFacts, tasks: dict[str, Task], codes: _Codes
) -> Tally:
    """Phases, deliverables, assessment rules and duties."""
    own = {"programme_id": programme.pk}
    phases = sync(
        programme.phases.all(),
        key=("name",),
        wanted=[
            own
            | {
                "clause_path": row.path,
                "number": row.number,
                "name": row.name,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
            }
            | quoted(row)
            for row in facts.phases
        ],
        removable=lambda phase: not (phase.tasks.exists() or phase.milestones.exists()),
    )[1]
    deliverables = sync(
        programme.deliverables.all(),
        key=("clause_path", "name"),
        wanted=[
            own
            | {
                "task_id": tasks[row.path].pk if row.path in tasks else None,
                "clause_path": row.path,
                "name": row.name,
                "kind": row.kind,
                "recurrence": row.recurrence or "",
                "due_printed": row.due or "",
                "by": row.by or "",
                "to": row.to or "",
            }
            | quoted(row)
            for row in facts.deliverables
        ],
        removable=lambda deliverable: deliverable.done_on is None and deliverable.due_on is None,
    )[1]
    rules = sync(
        programme.assessment_rules.all(),
        key=("clause_path", "rule"),
        wanted=[
            own
            | {
                "clause_path": row.path,
                "rule": row.summary,
                "kind": row.kind,
                "subject": row.subject or "",
                "by": _assessors(row, codes),
                "consequence": row.consequence or "",
            }
            | quoted(row)
            for row in facts.assessment_rules
        ],
    )[1]
    duties = sync(
        programme.duties.all(),
        key=("who", "summary"),
        wanted=[
            own | {"clause_path": row.path, "who": row.who, "summary": row.summary} | quoted(row)
            for row in facts.duties
        ],
    )[1]
    return phases + deliverables + rules + duties


def _assessors(row: RuleFacts, codes: _Codes) -> str:
    names = "、".join(codes.departments[code].short_name for code in row.by)
    return f"{names}等" if row.by_open_ended else names
