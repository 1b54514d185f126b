"""From findings to proposals: every finding once, with its exact place, its fields in the words of the screen."""

from collections.abc import Iterable, Mapping
from typing import Any

from programs.choices import ProposalKind, ProposalState
from programs.importing.extraction import (
    Extraction,
    IndicatorFound,
    PersonFound,
    SectionFound,
    TaskFound,
    Unit,
)
from programs.importing.source import Source, Span
from programs.models import PolicyDraft, Proposal

from .questions import questions

KIND = ProposalKind
#: Words of the reader that the screen says by itself.
SAID_ANYWAY = ("没有写明责任单位",)
#: Kinds of assessment rules in the words of the register.
RULE_KINDS = {
    "examination": "考核", "inspection": "督查", "commendation": "表彰", "criticism": "曝光惩戒", "accountability": "责任追究",
}  # fmt: skip
#: What the indicator's printed figure is, by its comparator where the words say nothing else.
INDICATOR_KINDS = {"zero": "zero", "reach": "level"}
ROLES = (("lead_units", "lead"), ("support_units", "support"), ("responsible_units", "joint"))


def proposals(draft: PolicyDraft, source: Source, found: Extraction) -> list[Proposal]:
    """Unsaved proposals in the order of the text. Remarks of the reader stand with the smallest piece they concern."""
    rows = [*_rows(source, found)]
    remarks: dict[int, list[str]] = {}
    for doubt in found.warnings:
        if doubt.message in SAID_ANYWAY:
            continue
        at = _smallest(rows, doubt.span, doubt.path)
        if at is not None:
            remarks.setdefault(at, []).append(doubt.message)
    made = []
    for number, (kind, span, path, data) in enumerate(rows):
        if number in remarks:
            data = {**data, "remarks": remarks[number]}
        row = Proposal(
            draft=draft, kind=kind, start=span.start, end=span.end, path=path[:60], data=data, found=data
        )
        row.questions = questions(kind, data, draft.units)
        if kind == KIND.SECTION and not row.questions:
            # a heading is nothing to be decided about
            row.state = ProposalState.ACCEPTED
        made.append(row)
    return made


def unit_names(found: Extraction) -> dict[str, tuple[str, bool]]:
    """Every unit of a task by its restored name: as printed, and whether it reads as a group."""
    return {
        unit.name: (unit.printed, unit.kind == "group")
        for task in found.tasks
        for attribute, _role in ROLES
        for unit in getattr(task, attribute)
    }


Row = tuple[str, Span, str, dict[str, Any]]


def _rows(source: Source, found: Extraction) -> Iterable[Row]:
    items = {phase.path: phase.span for phase in found.phases} | {
        task.path: task.span for task in found.tasks
    }
    for section in _flat(found.sections):
        own = items.get(section.path)
        inside = any(path.startswith(f"{section.path}/") for path in items)
        if own is not None and own.start <= section.heading.start < own.end and not inside:
            continue  # the task or phase itself
        yield (
            KIND.SECTION,
            section.heading,
            section.path,
            {"number": section.number, "title": section.title[:200]},
        )
    for task in found.tasks:
        yield KIND.TASK, task.span, task.path, _task(task, source)
    for indicator in found.indicators:
        yield KIND.INDICATOR, indicator.span, indicator.path, _indicator(indicator, source)
    for phase in found.phases:
        data = {
            "number": phase.number,
            "name": phase.name[:80],
            "start": phase.start or "",
            "end": phase.end or "",
        }
        yield KIND.PHASE, phase.span, phase.path, data
    for award in found.awards:
        yield KIND.AWARD, award.span, award.path, {"name": award.name[:120], "role": "scheme"}
    for row in found.deliverables:
        yield KIND.DELIVERABLE, row.span, row.path, {
            "name": row.name[:120], "kind": row.kind, "due": row.due or "", "recurrence": row.recurrence or "",
            "by": "、".join(unit.name for unit in row.by)[:120], "to": row.to or "",
        }  # fmt: skip
    for rule in found.rules:
        yield KIND.RULE, rule.span, rule.path, {
            "rule": rule.rule[:300], "kind": RULE_KINDS.get(rule.kind, rule.kind),
            "subject": rule.subject or "", "by": rule.by or "", "consequence": rule.consequence or "",
        }  # fmt: skip
    for duty in found.duties:
        yield KIND.DUTY, duty.span, duty.path, {"who": duty.who[:120], "duty": duty.duty[:300]}
    group = found.leading_group
    if group is not None:
        if group.head:
            yield KIND.SEAT, group.head.span, "", _seat(group.head, "head")
        for person in group.deputies:
            yield KIND.SEAT, person.span, "", _seat(person, "deputy")
        for person in group.members:
            yield KIND.SEAT, person.span, "", _seat(person, "member")


def _flat(sections: Iterable[SectionFound]) -> Iterable[SectionFound]:
    for section in sections:
        yield section
        yield from _flat(section.children)


def _task(task: TaskFound, source: Source) -> dict[str, Any]:
    units, seen = [], set()
    for attribute, role in ROLES:
        if role == "joint":
            role = {"sole": "sole", "all_members": "all_members"}.get(task.role_mode, "joint")
        for unit in getattr(task, attribute):
            if unit.name not in seen:
                seen.add(unit.name)
                units.append(_unit(unit, role))
    return {
        "number": task.number,
        "title": task.title[:200],
        "section": task.section,
        "role_mode": task.role_mode,
        "open_ended": task.open_ended,
        "inherited_from": task.inherited_from or "",
        "clause": source.quote(task.clause) if task.clause else "",
        "kind": task.kind,
        "nature": "ongoing" if task.kind == "safeguard" else "outcome",
        "due": source.quote(task.due)[:60] if task.due else "",
        "units": units,
    }


def _unit(unit: Unit, role: str) -> dict[str, Any]:
    return {"printed": unit.printed[:60], "name": unit.name[:60], "kind": unit.kind, "role": role}


def _indicator(row: IndicatorFound, source: Source) -> dict[str, Any]:
    return {
        "name": row.name[:120],
        "comparator": row.comparator,
        "value": None if row.value is None else str(row.value),
        "unit": (row.unit or "")[:20],
        "deadline": (row.deadline or "")[:20],
        "area": row.area[:20],
        "kind": INDICATOR_KINDS.get(row.comparator, "numeric"),
        "words": source.quote(row.span)[:80].strip() if row.value is None else "",
        "doubt": (row.doubtful or "")[:200],
    }


def _seat(person: PersonFound, role: str) -> dict[str, Any]:
    return {
        "role": role,
        "printed_role": person.role[:40],
        "person": (person.person or "")[:40],
        "post": (person.post or "")[:120],
        "unit": (person.unit or "")[:80],
    }


def _smallest(rows: list[Row], span: Span | None, path: str | None) -> int | None:
    """The smallest piece around a place; without a place the first of the clause."""
    if span is not None:
        around = [n for n, (_k, at, _p, _d) in enumerate(rows) if at.start <= span.start < at.end]
        if around:
            return min(around, key=lambda n: rows[n][1].end - rows[n][1].start)
    return next((n for n, (_k, _s, at, _d) in enumerate(rows) if path and at == path), None)


def known_units(names: Mapping[str, tuple[str, bool]], index: Any) -> dict[str, dict[str, Any]]:
    """What the register answers of the printed names (see `PolicyDraft.units`)."""
    known = {}
    for name, (printed, is_group) in names.items():
        match = index.find(name, printed, group=is_group)
        if match is not None:
            target = {"department": match.department.pk} if match.department else {"group": match.group.pk}
            known[name] = {**target, "label": match.label, "how": match.how}
    return known
