"""任务分解表 line by line. One statement brings tasks, units, standings and newest reports as plain values: a page of a
hundred lines, or an export of ten thousand, makes no model instances.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from programs.choices import EntryState, PartState, ResponsibilityRole, TaskKind, TaskNature, TaskState
from programs.models import Programme, Responsibility, Task
from programs.models.programmes import section_label
from qualitycity.access import ActorContext
from taskforce.choices import Origin

from . import speaking
from .filed import newest_reports, window_label

NO_UNIT = "—"
Part = dict[str, Any]
FILING = {role.value for role in ResponsibilityRole.filing()}
COLUMNS = (
    "pk", "number", "title", "requirement", "clause_path", "kind", "nature", "origin", "state", "parent_id", "due_on",
    "original_due", "extended", "adjusted", "original_title", "section_id", "section__number", "section__title",
    "responsible_leader__post",
    "responsible_leader__person", "responsible_leader__department__short_name", "standing__light",
    "standing__sentence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Newest:
    """The report a line shows: text of the newest one that has any, marks of the newest one."""

    text: str
    unit: str
    period: str
    unchanged: bool
    accepted: bool


@dataclass(slots=True)
class LedgerLine:
    """One line of the 任务分解表, in words; `units` stands across both unit columns when no lead is printed, `aside` says
    what a line is that is no work task (保障措施, 设奖). `light` is a code, `sentence` why.
    """

    pk: int
    number: str
    title: str
    requirement: str
    clause_path: str
    section: str
    nature: str
    aside: str
    added: bool
    sub_item: bool
    lead: str
    support: str
    units: str
    units_note: str
    leader: str
    due_on: date | None
    original_due: date | None
    extended: int
    adjusted: int
    original_title: str
    no_due: str
    percent: int | None
    no_percent: str
    before_portal: bool
    light: str
    sentence: str
    latest: Newest | None
    state: str
    section_head: bool = False


def ledger_tasks(programme: Programme, actor: ActorContext) -> QuerySet[Task]:
    return Task.objects.visible_to(actor).filter(programme=programme).order_by("sort", "pk")


def ledger_lines(tasks: QuerySet[Task], *, actor: ActorContext, unit: int | None = None) -> Iterator[LedgerLine]:
    """Lines in the order of `tasks`, after `domain.standings.board_day()`; one query. With `unit` light, percentage
    and newest report are that unit's own.
    """
    parts = (
        Responsibility.objects.filter(task=OuterRef("pk"))
        .order_by("sort", "pk")
        .values(
            json=JSONObject(
                pk="pk", role="role", state="state", unit="department_id", name="department__short_name",
                group="group__name", given="group__list_given_on", under="expanded_from_id", convenor="convenor",
                opening="opening_percent", light="standing__light", sentence="standing__sentence",
                newest=ArraySubquery(newest_reports(actor)),
            )
        )
    )  # fmt: skip
    words = Words()
    section: int | None = None
    # plain values in place of instances: nothing of a line is written back
    for row in tasks.values(*COLUMNS, unit_parts=ArraySubquery(parts)):
        line = _line(row, unit, words)
        line.section_head = row["section_id"] != section
        section = row["section_id"]
        yield line


class Words:
    """Labels in the language in force, looked up once for all lines."""

    def __init__(self) -> None:
        self.nature = {code: str(label) for code, label in TaskNature.choices}
        self.state = {code: str(label) for code, label in TaskState.choices}
        self.kind = {code: str(label) for code, label in TaskKind.choices if code != TaskKind.WORK}
        self.broken_down = _("Not broken down")
        self.no_unit, self.no_lead, self.all_members = _("no unit named"), _("no lead named"), _("all member units")
        self.no_due = {TaskNature.ONGOING: _("ongoing")}
        self.any_due = _("no date set")
        self.no_percent = {TaskNature.ONGOING: _("not in per cent"), TaskNature.INDICATOR: _("see indicator")}
        self.none_reported = _("none reported")


def _line(row: dict[str, Any], unit: int | None, words: Words) -> LedgerLine:
    parts: list[Part] = row["unit_parts"]
    cells = _unit_cells(parts, words)
    filing = [part for part in parts if _answers(part)]
    mine = next((part for part in parts if unit and part["unit"] == unit), None)
    own = mine if mine and mine in filing and len(filing) > 1 else None
    known = [(part["convenor"], _percent(row, part)) for part in filing]
    percent = speaking.task_percent(nature=row["nature"], state=row["state"], known=known)
    if mine and mine["role"] in FILING:
        percent = _percent(row, mine)
    nature = row["nature"]
    named = any(part["unit"] for part in parts)
    due, original = row["due_on"], row["original_due"]
    lead, support, units, note = cells
    return LedgerLine(
        pk=row["pk"],
        number=row["number"],
        title=row["title"],
        requirement=row["requirement"],
        clause_path=row["clause_path"],
        section=section_label(row["section__number"], row["section__title"]) if row["section_id"] else "",
        nature=words.nature[nature],
        aside=words.kind.get(row["kind"], ""),
        added=row["origin"] == Origin.OFFICE,
        sub_item=row["parent_id"] is not None,
        lead=lead,
        support=support,
        units=units,
        units_note=note,
        leader=_leader(row),
        due_on=due,
        original_due=original if original != due else None,
        extended=row["extended"],
        adjusted=row["adjusted"],
        original_title=row["original_title"],
        no_due="" if due else words.no_due.get(nature, words.any_due),
        percent=percent,
        no_percent="" if percent is not None else words.no_percent.get(nature, words.none_reported),
        before_portal=percent is not None and _before_portal(row, [mine] if mine else filing, percent),
        light=own["light"] if own else row["standing__light"],
        sentence=own["sentence"] if own else row["standing__sentence"],
        latest=_newest(mine) if mine else _spokesman(parts),
        state=words.state[row["state"]] if named or row["state"] != TaskState.DRAFT else words.broken_down,
    )


def _answers(part: Part) -> bool:
    return part["role"] in FILING and part["unit"] is not None and part["state"] != PartState.WAIVED


def _leader(row: dict[str, Any]) -> str:
    named = [row["responsible_leader__post"], row["responsible_leader__person"]]
    return " ".join(word for word in named if word) or row["responsible_leader__department__short_name"] or ""


def _label(part: Part) -> str:
    return speaking.unit_label(
        unit=part["name"] if part["unit"] is not None else None,
        group=part["group"],
        pending=part["given"] is None,
        convenor=part["convenor"],
    )


def _unit_cells(parts: list[Part], words: Words) -> tuple[str, str, str, str]:
    """Lead, support, units across both columns, and why: nobody leads, or nobody is named."""
    cells = speaking.labels_by_role(
        speaking.Named(part["pk"], part["under"], part["role"], _label(part), part["group"]) for part in parts
    )
    lead = cells.get(ResponsibilityRole.LEAD, []) + cells.get(ResponsibilityRole.SOLE, [])
    support = cells.get(ResponsibilityRole.SUPPORT, [])
    joint, members = cells.get(ResponsibilityRole.JOINT, []), cells.get(ResponsibilityRole.ALL_MEMBERS, [])
    if lead:
        return "、".join(lead), "、".join(support) or NO_UNIT, "", ""
    if joint or members:
        return NO_UNIT, NO_UNIT, "、".join(joint + members + support), words.no_lead if joint else words.all_members
    if support:
        return NO_UNIT, NO_UNIT, "、".join(support), words.no_lead
    return NO_UNIT, NO_UNIT, words.broken_down, words.no_unit


def _newest(part: Part) -> Newest | None:
    """The newest report of a unit, None before the first."""
    if not part["newest"]:
        return None
    newest, worded = speaking.newest_and_worded(part["newest"])
    accepted = newest["state"] == EntryState.ACCEPTED
    return Newest(worded["progress"], _label(part), window_label(newest), newest["unchanged"], accepted)


def _spokesman(parts: Iterable[Part]) -> Newest | None:
    """The report shown for the whole task."""
    spoke = [part for part in parts if part["newest"]]
    said = [
        speaking.Spoken(max(report["starts_on"] for report in part["newest"]), part["convenor"], part["role"])
        for part in spoke
    ]
    first = speaking.speaker(said)
    return None if first is None else _newest(spoke[first])


def _percent(row: dict[str, Any], part: Part) -> int | None:
    reports = part["newest"]
    return speaking.part_percent(
        nature=row["nature"],
        state=part["state"],
        files=part["role"] in FILING and part["unit"] is not None,
        reported=bool(reports),
        newest=speaking.newest_and_worded(reports)[0]["percent"] if reports else None,
        opening=part["opening"],
    )


def _before_portal(row: dict[str, Any], parts: list[Part], percent: int) -> bool:
    """Does the figure come from before the portal? Then it is marked, for it is no report."""
    return any(not part["newest"] and part["opening"] == percent == _percent(row, part) for part in parts)
