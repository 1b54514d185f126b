"""原文要点: everything a document prints, block by block, as the portal keeps it; nothing the office has added.

The blocks are plain tables in words, so that one page shows them all and whoever counts the page counts the facts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.choices import DeliverableKind, ResponsibilityRole, TaskKind
from programs.models import AssessmentRule, Deliverable, Duty, Phase, Programme, Responsibility, Task
from qualitycity.access import ActorContext
from taskforce.choices import Origin, SeatRole
from taskforce.models import Seat

#: Who answers for a task together or alone; with lead and support these are all links of a programme.
RESPONSIBLE = (ResponsibilityRole.JOINT, ResponsibilityRole.SOLE, ResponsibilityRole.ALL_MEMBERS)
DEPUTIES = (SeatRole.EXECUTIVE_DEPUTY, SeatRole.DEPUTY)


@dataclass(frozen=True)
class FactUnit:
    """A unit in a cell as printed; `register`: its name in the register where that is another one."""

    text: str
    register: str = ""
    url: str = ""
    kind: str = ""


@dataclass(frozen=True)
class FactLine:
    """The units of one role, in printed order."""

    role: str
    units: Sequence[FactUnit]


@dataclass(frozen=True)
class FactCell:
    """`sub` stands small below, `tag` beside it (`tone` names its colour); `lines` instead of a text."""

    text: str = ""
    sub: str = ""
    tag: str = ""
    tone: str = ""
    url: str = ""
    lines: Sequence[FactLine] = ()


@dataclass(frozen=True)
class FactRow:
    """`kind` tells rows of one block apart (a strict indicator, a safeguard); `quiet`: shown in grey; `quote`: the exact
    words of the document, where it was brought in with them."""

    cells: Sequence[FactCell]
    kind: str = ""
    quiet: bool = False
    quote: str = ""


@dataclass(frozen=True)
class FactBlock:
    """A table of the page. `figure` is what a reader of the document counts, `note` what else there is."""

    key: str
    title: str
    headers: Sequence[str]
    rows: Sequence[FactRow]
    figure: str
    note: str = ""
    empty: str = ""

    @property
    def table(self) -> list[tuple[FactRow, list[tuple[str, FactCell]]]]:
        """Rows with the name of the column beside each cell, as a phone shows them."""
        return [(row, list(zip(self.headers, row.cells, strict=True))) for row in self.rows]


@dataclass(frozen=True)
class Count:
    """One line of the summary; `key` is the block it leads to."""

    key: str
    label: str
    figure: str
    note: str = ""


def fact_programmes(actor: ActorContext) -> QuerySet[Programme]:
    """Programmes with their printed phases, deliverables, rules, duties and seats as JSON: one query in all."""
    own, printed = {"programme": OuterRef("pk")}, {"origin": Origin.PRINTED}
    phases = Phase.objects.filter(**own, **printed).order_by("starts_on", "pk")
    deliverables = Deliverable.objects.visible_to(actor).filter(**own, **printed).order_by("pk")
    rules = AssessmentRule.objects.visible_to(actor).filter(**own, **printed).order_by("pk")
    duties = Duty.objects.visible_to(actor).filter(**own, **printed).order_by("pk")
    seats = Seat.objects.filter(body=OuterRef("body_id"), origin=Origin.PRINTED).order_by("sort", "pk")
    return Programme.objects.select_related("jurisdiction", "document__successor", "body").annotate(
        phase_list=_rows(phases, "number", "name", "starts_on", "ends_on", "clause_path", "quote"),
        deliverable_list=_rows(
            deliverables, "name", "kind", "clause_path", "recurrence", "due_printed", "by", "to", "quote"
        ),
        rule_list=_rows(rules, "rule", "kind", "subject", "by", "consequence", "clause_path", "quote"),
        duty_list=_rows(duties, "who", "summary", "clause_path", "quote"),
        seat_list=_rows(
            seats, "role", "printed_role", "person", "post", "duties", "quote", unit="department__short_name",
            unit_id="department_id",
        ),
    )  # fmt: skip


def _rows(rows: QuerySet[Any], *names: str, **others: str) -> ArraySubquery:
    return ArraySubquery(rows.values(json=JSONObject(**{name: name for name in names}, **others)))


def printed_tasks(programme: Programme, actor: ActorContext) -> QuerySet[Task]:
    """Printed tasks with their printed units as JSON: one query."""
    parts = Responsibility.objects.filter(task=OuterRef("pk"), origin=Origin.PRINTED, expanded_from=None)
    return (
        Task.objects.visible_to(actor)
        .filter(programme=programme, origin=Origin.PRINTED, parent=None)
        .annotate(
            part_list=_rows(
                parts.order_by("sort", "pk").annotate(first_role=Coalesce(NullIf("original_role", Value("")), "role")),
                "role_printed", "printed", "department_id", "group_id", role="first_role",
                unit="department__short_name", group="group__name",
            )
        )
        .order_by("sort", "pk")
    )  # fmt: skip


def task_block(tasks: Sequence[Any], *, task_base: str, unit_base: str) -> FactBlock:
    """Tasks with the clause that names their units; the addresses end before the primary key."""
    rows = [_task_row(task, task_base, unit_base) for task in tasks]
    work = sum(task.kind == TaskKind.WORK for task in tasks)
    return FactBlock(
        key="tasks",
        title=_("Tasks and who answers for them"),
        headers=(_("Clause"), _("Task"), _("Responsibility as printed"), _("Units")),
        rows=rows,
        figure=str(work),
        note=_plus(len(tasks) - work),
        empty=_("The document prints no task."),
    )


def _task_row(task: Any, task_base: str, unit_base: str) -> FactRow:
    mode = [str(task.get_role_mode_display())]
    if task.open_ended:
        mode.append(_("list left open (等)"))
    inherited = _("from the clause of the group %(path)s") % {"path": task.inherited_from}
    return FactRow(
        kind=task.kind,
        quote=task.quote or "",
        cells=(
            FactCell(task.clause_path),
            FactCell(
                f"{task.number} {task.original_title or task.title}",
                url=f"{task_base}{task.pk}/",
                tag="" if task.kind == TaskKind.WORK else str(task.get_kind_display()),
            ),
            FactCell(" · ".join(mode), sub=inherited if task.inherited_from else ""),
            FactCell("" if task.part_list else "—", lines=_role_lines(task.part_list, unit_base)),
        ),
    )


def _role_lines(parts: Sequence[dict[str, Any]], unit_base: str) -> list[FactLine]:
    """Units that stand after one another in the same role and the same printed words share a line."""
    return [
        FactLine(_role_words(*role), [_fact_unit(part, unit_base) for part in same])
        for role, same in groupby(parts, key=lambda part: (part["role"], part["role_printed"]))
    ]


def _role_words(role: str, printed: str) -> str:
    label = str(ResponsibilityRole(role).label)
    return _("%(role)s (printed “%(words)s”)") % {"role": label, "words": printed} if printed else label


def _fact_unit(part: dict[str, Any], unit_base: str) -> FactUnit:
    name = part["group"] if part["group_id"] else part["unit"]
    return FactUnit(
        text=part["printed"] or name,
        register=name if part["printed"] and name != part["printed"] else "",
        url=f"{unit_base}{part['department_id']}/" if part["department_id"] else "",
        kind=part["role"],
    )


def link_counts(tasks: Iterable[Any]) -> list[Count]:
    """Links of tasks and units by role, and how many different units and groups are named."""
    parts = [part for task in tasks for part in task.part_list]
    roles = [part["role"] for part in parts]
    lead, support = roles.count(ResponsibilityRole.LEAD), roles.count(ResponsibilityRole.SUPPORT)
    numbers = {"lead": lead, "support": support, "responsible": sum(role in RESPONSIBLE for role in roles)}
    units = {part["department_id"] for part in parts} - {None}
    groups = {part["group_id"] for part in parts} - {None}
    return [
        Count(
            "tasks",
            _("Links between tasks and units"),
            str(len(parts)),
            _("%(lead)s lead, %(support)s support, %(responsible)s responsible") % numbers if parts else "",
        ),
        Count(
            "tasks",
            _("Different units named"),
            str(len(units)),
            ngettext("and %(count)s group", "and %(count)s groups", len(groups)) % {"count": len(groups)}
            if groups
            else "",
        ),
    ]


def phase_block(programme: Any) -> FactBlock:
    rows = [
        FactRow(
            (
                FactCell(row["clause_path"]),
                FactCell(row["name"]),
                FactCell(f"{_month(row['starts_on'])} – {_month(row['ends_on'])}"),
            ),
            quote=row["quote"] or "",
        )
        for row in programme.phase_list
    ]
    return FactBlock(
        key="phases", title=_("Phases"), headers=(_("Clause"), _("Phase"), _("From and to")), rows=rows,
        figure=str(len(rows)), empty=_("The document prints no phases."),
    )  # fmt: skip


def _month(day: str) -> str:
    first = date.fromisoformat(day)
    return f"{first.year}-{first.month:02}"


def body_block(programme: Any, *, unit_base: str) -> FactBlock:
    """领导机构 with every printed seat; none where the document prints no roster."""
    seats = programme.seat_list
    ranks = [row["role"] for row in seats]
    head, deputies = ranks.count(SeatRole.HEAD), sum(rank in DEPUTIES for rank in ranks)
    members = ranks.count(SeatRole.MEMBER)
    note, empty = "", _("The document names no leading body.")
    if programme.body:
        note = str(programme.body)
        if programme.body.office_name:
            note = _("%(body)s; its office: %(office)s") % {"body": note, "office": programme.body.office_name}
        empty = _("The document names the body, but prints no roster: the seats stay open.")
    if seats:
        note = _("head + deputies + members · %(body)s") % {"body": note}
    rows = [_seat_row(row, unit_base) for row in seats]
    return FactBlock(
        key="body",
        title=_("Leading body"),
        headers=(_("Seat"), _("Person or post"), _("Unit")),
        rows=rows,
        figure=f"{head} + {deputies} + {members}" if seats else "—",
        note=note,
        empty=empty,
    )


def _seat_row(row: dict[str, Any], unit_base: str) -> FactRow:
    return FactRow(
        kind=row["role"],
        quote=row["quote"] or "",
        cells=(
            FactCell(row["printed_role"] or str(SeatRole(row["role"]).label)),
            FactCell(row["person"] or row["post"] or "—", sub=row["post"] if row["person"] else row["duties"]),
            FactCell(row["unit"] or "—", url=f"{unit_base}{row['unit_id']}/" if row["unit_id"] else ""),
        ),
    )


def deliverable_block(programme: Any) -> FactBlock:
    rows = [
        FactRow(
            kind=row["kind"],
            quote=row["quote"] or "",
            cells=(
                FactCell(row["clause_path"]),
                FactCell(row["name"], tag=str(DeliverableKind(row["kind"]).label)),
                FactCell(" · ".join(filter(None, [row["recurrence"], row["due_printed"]])) or "—"),
                FactCell(row["by"] or "—", sub=_("to %(whom)s") % {"whom": row["to"]} if row["to"] else ""),
            ),
        )
        for row in programme.deliverable_list
    ]
    return FactBlock(
        key="deliverables",
        title=_("Deliverables and reports due"),
        headers=(_("Clause"), _("Deliverable"), _("When"), _("By whom")),
        rows=rows,
        figure=str(len(rows)),
        empty=_("The document asks for none."),
    )


def rule_block(programme: Any) -> FactBlock:
    rows = [
        FactRow(
            (
                FactCell(row["clause_path"]),
                FactCell(row["rule"], tag=row["kind"]),
                FactCell(row["subject"] or "—"),
                FactCell(row["by"] or "—"),
                FactCell(row["consequence"] or "—"),
            ),
            quote=row["quote"] or "",
        )
        for row in programme.rule_list
    ]
    return FactBlock(
        key="rules",
        title=_("Rules of assessment"),
        headers=(_("Clause"), _("Rule"), _("Who is assessed"), _("By whom"), _("Consequence")),
        rows=rows,
        figure=str(len(rows)),
        empty=_("The document prints no rule of assessment."),
    )


def duty_block(programme: Any) -> FactBlock:
    rows = [
        FactRow(
            (FactCell(row["clause_path"]), FactCell(row["who"]), FactCell(row["summary"])), quote=row["quote"] or ""
        )
        for row in programme.duty_list
    ]
    return FactBlock(
        key="duties", title=_("Other duties"), headers=(_("Clause"), _("Who"), _("Duty")), rows=rows,
        figure=str(len(rows)), empty=_("The document prints no other duty."),
    )  # fmt: skip


def summary(blocks: Iterable[FactBlock], tasks: Iterable[Any]) -> list[Count]:
    """What the page counts, block by block; the links stand below the tasks."""
    lines: list[Count] = []
    for block in blocks:
        label = _("Work tasks") if block.key == "tasks" else block.title
        lines.append(Count(block.key, label, block.figure, block.note))
        if block.key == "tasks":
            lines += link_counts(tasks)
    return lines


def _plus(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "and %(count)s safeguard or award set-up", "and %(count)s safeguards and award set-ups", count
    )
    return words % {"count": count}
