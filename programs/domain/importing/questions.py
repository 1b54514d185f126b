"""What a person should look at before a proposal is confirmed. Pure."""

from collections.abc import Mapping
from typing import Any

from programs.choices import ProposalKind, Question

Data = Mapping[str, Any]

#: The field that names an object of a kind.
NAMED_BY = {
    ProposalKind.SECTION: "title",
    ProposalKind.TASK: "title",
    ProposalKind.INDICATOR: "name",
    ProposalKind.PHASE: "name",
    ProposalKind.AWARD: "name",
    ProposalKind.DELIVERABLE: "name",
    ProposalKind.RULE: "rule",
    ProposalKind.DUTY: "duty",
}


def questions(kind: str, data: Data, units: Mapping[str, Any]) -> list[str]:
    """Codes of `Question`, the gravest first. `units`: what is known of printed units, by name."""
    asked = []
    named = NAMED_BY.get(ProposalKind(kind))
    if named and not str(data.get(named) or "").strip():
        asked.append(Question.UNTITLED)
    if kind == ProposalKind.SEAT and not any(data.get(name) for name in ("person", "post", "unit")):
        asked.append(Question.UNTITLED)
    if kind == ProposalKind.TASK:
        named_units = data.get("units") or []
        if any(unit["name"] not in units for unit in named_units):
            asked.append(Question.UNIT_UNKNOWN)
        if not named_units:
            asked.append(Question.NO_UNIT)
    if kind == ProposalKind.INDICATOR:
        if data.get("comparator") not in ("zero", "reach") and data.get("value") in (None, ""):
            asked.append(Question.NO_FIGURE)
        if data.get("doubt"):
            asked.append(Question.DOUBTFUL)
        if not data.get("deadline"):
            asked.append(Question.NO_DEADLINE)
    if kind == ProposalKind.DELIVERABLE and not (data.get("due") or data.get("recurrence")):
        asked.append(Question.NO_DEADLINE)
    if kind == ProposalKind.PHASE and not (data.get("start") and data.get("end")):
        asked.append(Question.NO_DATES)
    if data.get("remarks"):
        asked.append(Question.REMARK)
    return [str(code) for code in asked]


def blocked(asked: list[str]) -> bool:
    """Whether something must be settled before the proposal can be confirmed."""
    return bool(set(asked) & Question.blocking())
