"""An extraction as the JSON that `manage.py extract_policy` prints (docs/importing.md)."""

from typing import Any

from .extraction import Extraction, GroupFound, PersonFound, SectionFound, TaskFound, Unit
from .source import Source, Span


def as_json(source: Source, found: Extraction) -> dict[str, Any]:
    """Plain values only; every quote is an exact piece of `source.text`."""

    def quote(span: Span | None) -> str | None:
        return source.quote(span) if span is not None else None

    def task(row: TaskFound) -> dict[str, Any]:
        return {
            "path": row.path,
            "title": row.title,
            "quote": quote(row.quote),
            "lead_units": [_unit(unit) for unit in row.lead_units],
            "support_units": [_unit(unit) for unit in row.support_units],
            "responsible_units": [_unit(unit) for unit in row.responsible_units],
            "role_mode": row.role_mode,
            "open_ended": row.open_ended,
            "responsibility_quote": quote(row.clause),
            "inherited_from": row.inherited_from,
        }

    document = found.document
    return {
        "document": {
            "title": document.title,
            "number": document.number,
            "issuing_body": document.issuing_body,
            "date": document.date,
            "effective_date": document.effective_date,
            "valid_until": document.valid_until,
            "addressees": list(document.addressees),
            "basis": [{"title": row.title, "number": row.number} for row in document.basis],
        },
        "sections": [_section(row) for row in found.sections],
        "tasks": [task(row) for row in found.tasks],
        "kpis": [
            {
                "name": row.name,
                "comparator": row.comparator,
                "value": row.value,
                "unit": row.unit,
                "deadline": row.deadline,
                "area": row.area,
                "quote": quote(row.span),
                "path": row.path,
            }
            for row in found.indicators
        ],
        "phases": [
            {
                "number": row.number,
                "name": row.name,
                "start": row.start,
                "end": row.end,
                "quote": quote(row.span),
            }
            for row in found.phases
        ],
        "leading_group": _group(found.leading_group) if found.leading_group is not None else None,
        "awards": [{"name": row.name, "quote": quote(row.span)} for row in found.awards],
        "deliverables": [
            {
                "name": row.name,
                "kind": row.kind,
                "due": row.due,
                "recurrence": row.recurrence,
                "by": [_unit(unit) for unit in row.by],
                "to": row.to,
                "quote": quote(row.span),
                "path": row.path,
            }
            for row in found.deliverables
        ],
        "assessment_rules": [
            {
                "rule": row.rule,
                "subject": row.subject,
                "by": row.by,
                "consequence": row.consequence,
                "quote": quote(row.span),
                "path": row.path,
            }
            for row in found.rules
        ],
        "duties": [{"who": row.who, "duty": row.duty, "quote": quote(row.span)} for row in found.duties],
        "warnings": [
            {"path": row.path, "quote": quote(row.span), "message": row.message} for row in found.warnings
        ],
    }


def _unit(unit: Unit) -> dict[str, str]:
    return {"printed": unit.printed, "name": unit.name, "kind": unit.kind}


def _section(row: SectionFound) -> dict[str, Any]:
    return {"number": row.number, "title": row.title, "children": [_section(child) for child in row.children]}


def _group(group: GroupFound) -> dict[str, Any]:
    return {
        "name": group.name,
        "head": _person(group.head) if group.head is not None else None,
        "deputies": [_person(row) for row in group.deputies],
        "members": [_person(row) for row in group.members],
        "office": {
            "seat": group.office_seat,
            "director": group.office_director,
            "deputy_directors": list(group.office_deputies),
        },
    }


def _person(row: PersonFound) -> dict[str, str | None]:
    return {"role": row.role, "person": row.person, "post": row.post, "unit": row.unit}
