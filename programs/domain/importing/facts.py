"""From confirmed proposals to the facts that `programs.domain.loading` makes a programme of. Reads rows, writes none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from programs.choices import DeliverableKind, ProposalKind, TaskKind, TaskNature
from programs.importing.limits import due_day
from programs.loading import facts as shapes
from programs.models import PolicyDraft, Proposal
from taskforce.models import Department, DepartmentGroup

KIND = ProposalKind
RULE_KINDS = ("考核", "督查", "表彰", "曝光惩戒", "责任追究")
AREAS = ("产品质量", "工程质量", "服务质量", "环境质量", "品牌", "标准化", "综合")
#: Indicators whose printed target can be judged.
JUDGED = ("numeric", "rank", "zero", "title", "yes_no")


@dataclass
class Register:
    """Rows behind the draft's units, and the codes of what else the programme hangs on."""

    departments: Mapping[int, Department]
    groups: Mapping[int, DepartmentGroup]
    body: str | None = None
    taken: set[tuple[str, ...]] = field(default_factory=set)

    def unique(self, what: str, text: str, longest: int) -> str:
        """`text`, or with -2, -3 … behind it where it stands already."""
        name, number = text[:longest], 1
        while (what, name) in self.taken:
            number += 1
            name = f"{text[: longest - 4]}-{number}"
        self.taken.add((what, name))
        return name


def programme_facts(
    draft: PolicyDraft, rows: Iterable[Proposal], register: Register, *, key: str, document_key: str
) -> shapes.ProgrammeFacts:
    """`rows`: the confirmed proposals in the order of the text."""
    by_kind: dict[str, list[Proposal]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)

    def each(kind: str, make: Callable[[PolicyDraft, Proposal, Register], Any]) -> tuple[Any, ...]:
        return tuple(make(draft, row, register) for row in by_kind.get(kind, []))

    sections, places = _sections(draft, by_kind)
    tasks = tuple(
        _task(draft, row, register, places[row.pk], number)
        for number, row in enumerate(by_kind.get(KIND.TASK, []), 1)
    )
    paths = {row.pk: task.path for row, task in zip(by_kind.get(KIND.TASK, []), tasks, strict=True)}
    within = _Within(by_kind.get(KIND.TASK, []), paths)
    return shapes.ProgrammeFacts(
        document=_document(draft, document_key),
        programme=_head(draft, register, key),
        sections=sections,
        tasks=tasks,
        phases=each(KIND.PHASE, _phase),
        deliverables=tuple(
            _deliverable(draft, row, register, within) for row in by_kind.get(KIND.DELIVERABLE, [])
        ),
        indicators=tuple(_indicator(draft, row, register, within) for row in by_kind.get(KIND.INDICATOR, [])),
        schemes=tuple(_scheme(draft, row, register, within) for row in by_kind.get(KIND.AWARD, [])),
        assessment_rules=each(KIND.RULE, _rule),
        duties=each(KIND.DUTY, _duty),
    )


def quote(draft: PolicyDraft, row: Proposal) -> str:
    return draft.text[row.start : row.end]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class _Within:
    """The clause of a piece: that of the task it lies in, otherwise its own."""

    def __init__(self, tasks: list[Proposal], paths: Mapping[int, str]) -> None:
        self.tasks, self.paths = tasks, paths

    def path(self, row: Proposal) -> str:
        around = [task for task in self.tasks if task.start <= row.start < task.end]
        return self.paths[min(around, key=lambda task: task.end - task.start).pk] if around else row.path


def _sections(
    draft: PolicyDraft, by_kind: Mapping[str, list[Proposal]]
) -> tuple[tuple[shapes.SectionFacts, ...], dict[int, str]]:
    """Headings as confirmed, and for each task the path of the one it stands under: the one it names, else the last
    before it. A document without headings gets one for all."""
    found: dict[str, shapes.SectionFacts] = {}
    starts: list[tuple[int, str]] = []
    for row in by_kind.get(KIND.SECTION, []):
        path = row.path or str(len(found) + 1)
        if path not in found:
            number = row.data.get("number") or path.rpartition("/")[2]
            found[path] = shapes.SectionFacts(path, number[:20], row.data["title"][:120])
            starts.append((row.start, path))
    places = {}
    for row in by_kind.get(KIND.TASK, []):
        wanted = row.data.get("section") or ""
        if wanted not in found:
            before = [path for start, path in starts if start <= row.start]
            wanted = before[-1] if before else next(iter(found), "")
        if not wanted:
            wanted = "一"
            found[wanted] = shapes.SectionFacts(wanted, wanted, "重点任务")
        places[row.pk] = wanted
    return tuple(found.values()), places


def _document(draft: PolicyDraft, key: str) -> shapes.DocumentFacts:
    head = draft.head
    return shapes.DocumentFacts(
        key=key,
        title=head["title"],
        number=head["number"] or None,
        issuing_body=head["issuing_body"],
        form=head["form"],
        written_on=date.fromisoformat(head["dated"]),
        approved_by=head["approved_by"] or None,
        published_on=day(head["published_on"]),
        effective_on=day(head["effective_on"]),
        effective_computed=bool(head["effective_on"] and head["effective_computed"]),
        valid_until=day(head["valid_until"]),
        valid_until_computed=bool(head["valid_until"] and head["valid_until_computed"]),
        validity=head["validity_note"] or None,
        addressees=tuple(part for part in head["addressees"].split("、") if part),
        basis=tuple(
            shapes.BasisFacts(row["title"], number=row.get("number") or None)
            for row in {row["title"]: row for row in head["basis"]}.values()
        ),
    )


def _head(draft: PolicyDraft, register: Register, key: str) -> shapes.HeadFacts:
    head = draft.head
    starts = date.fromisoformat(head["starts_on"])
    return shapes.HeadFacts(
        key=key,
        jurisdiction=draft.jurisdiction.code,
        title=head["title"],
        short_title=head["short_title"],
        year=starts.year,
        starts_on=starts,
        starts_computed=bool(head["starts_computed"]),
        ends_on=date.fromisoformat(head["ends_on"]),
        ends_computed=bool(head["ends_computed"]),
        archived=False,
        body=register.body,
    )


def _task(
    draft: PolicyDraft, row: Proposal, register: Register, section: str, number: int
) -> shapes.TaskFacts:
    data = row.data
    units: dict[str, shapes.UnitFacts] = {}
    for unit in data["units"]:
        known = draft.units[unit["name"]]
        department = register.departments.get(known.get("department", 0))
        group = register.groups.get(known.get("group", 0))
        code = department.code if department else group.code if group else ""
        units.setdefault(
            code,
            shapes.UnitFacts(
                role=unit["role"],
                printed=unit["printed"],
                department=department.code if department else None,
                group=group.code if group else None,
            ),
        )
    return shapes.TaskFacts(
        path=register.unique("task", row.path or str(number), 60),
        number=(data.get("number") or str(number))[:20],
        title=data["title"],
        section=section,
        kind=cast(Any, data.get("kind") or TaskKind.WORK),
        nature=cast(Any, data.get("nature") or TaskNature.OUTCOME),
        requirement=data.get("requirement", ""),
        role_mode=role_mode(data),
        open_ended=bool(data.get("open_ended")),
        units=tuple(units.values()),
        inherited_from=data.get("inherited_from") or None,
        due_on=due_day(data.get("due") or "", draft.head),
        quote=quote(draft, row),
    )


def role_mode(data: Mapping[str, Any]) -> Any:
    """How the clause shares the work, by the roles that the units have now."""
    roles = [unit["role"] for unit in data["units"]]
    if not roles:
        return "unspecified"
    if data.get("role_mode") == "first_is_lead" and "lead" in roles and "joint" in roles:
        return "first_is_lead"
    if "lead" in roles or "support" in roles:
        return "lead_support"
    if "all_members" in roles:
        return "all_members"
    return "sole" if len(roles) == 1 else "joint"


def _phase(draft: PolicyDraft, row: Proposal, register: Register) -> shapes.PhaseFacts:
    data = row.data
    return shapes.PhaseFacts(
        number=data["number"][:20],
        name=register.unique("phase", data["name"], 80),
        starts_on=date.fromisoformat(f"{data['start']}-01"),
        ends_on=last_day(data["end"]),
        path=row.path,
        quote=quote(draft, row),
    )


def last_day(month: str) -> date:
    """The last day of "YYYY-MM"."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _deliverable(
    draft: PolicyDraft, row: Proposal, register: Register, within: _Within
) -> shapes.DeliverableFacts:
    data, path = row.data, within.path(row)
    kind = data.get("kind") if data.get("kind") in DeliverableKind.values else DeliverableKind.OTHER
    return shapes.DeliverableFacts(
        name=register.unique(f"deliverable {path}", data["name"], 120),
        kind=cast(Any, kind),
        path=path,
        recurrence=cast(Any, data.get("recurrence") or None),
        due=(data.get("due") or "")[:60] or None,
        by=(data.get("by") or "")[:120] or None,
        to=(data.get("to") or "")[:80] or None,
        quote=quote(draft, row),
    )


def _indicator(
    draft: PolicyDraft, row: Proposal, register: Register, within: _Within
) -> shapes.IndicatorFacts:
    data, path = row.data, within.path(row)
    value = decimal(data.get("value"))
    comparator = data["comparator"]
    return shapes.IndicatorFacts(
        name=register.unique(f"indicator {path}", data["name"], 120),
        kind=data["kind"],
        comparator=comparator,
        path=path,
        area=cast(Any, data["area"] if data.get("area") in AREAS else "综合"),
        strict=data["kind"] in JUDGED,
        value=value,
        unit=data.get("unit") or None,
        text=(data.get("words") or "")[:80] or None,
        deadline=data.get("deadline") or None,
        doubtful=bool(data.get("doubt")),
        doubt_note=(data.get("doubt") or "")[:200] or None,
        quote=quote(draft, row),
    )


def decimal(text: Any) -> Decimal | None:
    """The figure of a field; None where there is none."""
    try:
        return Decimal(str(text)) if text not in (None, "") else None
    except InvalidOperation:
        return None


def _scheme(draft: PolicyDraft, row: Proposal, register: Register, within: _Within) -> shapes.SchemeFacts:
    data, path = row.data, within.path(row)
    return shapes.SchemeFacts(
        name=register.unique(f"scheme {path}", data["name"], 120),
        role=data.get("role") or "scheme",
        kind=data.get("kind", ""),
        path=path,
        quote=quote(draft, row),
    )


def _rule(draft: PolicyDraft, row: Proposal, register: Register) -> shapes.RuleFacts:
    data = row.data
    return shapes.RuleFacts(
        kind=cast(Any, data["kind"] if data.get("kind") in RULE_KINDS else "考核"),
        summary=register.unique(f"rule {row.path}", data["rule"], 300),
        path=row.path,
        subject=(data.get("subject") or "")[:120] or None,
        consequence=(data.get("consequence") or "")[:200] or None,
        quote=quote(draft, row),
    )


def _duty(draft: PolicyDraft, row: Proposal, register: Register) -> shapes.DutyFacts:
    data = row.data
    return shapes.DutyFacts(
        who=data["who"][:120],
        summary=register.unique(f"duty {data['who']}", data["duty"], 300),
        path=row.path,
        quote=quote(draft, row),
    )
