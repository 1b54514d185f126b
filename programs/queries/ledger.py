"""任务分解表 line by line. One statement brings tasks, units, standings and newest reports as plain values: a page of a
hundred lines, or an export of ten thousand, makes no model instances.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from programs.choices import PartState, ResponsibilityRole, TaskKind, TaskNature, TaskState
from programs.models import Programme, Responsibility, Task
from programs.models.programmes import section_label
from qualitycity.access import ActorContext
from taskforce.choices import Origin

from .filed import newest_reports, window_label

NO_UNIT = "—"
Part = dict[str, Any]
FILING = {role.value for role in ResponsibilityRole.filing()}
#: Who speaks first where several units reported in the same period.
FIRST = (ResponsibilityRole.LEAD, ResponsibilityRole.SOLE)
COLUMNS = (
    "pk", "number", "title", "requirement", "clause_path", "kind", "nature", "origin", "state", "parent_id", "due_on",
    "original_due", "section_id", "section__number", "section__title", "responsible_leader__post",
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
        self.convenes, self.pending, self.count = _("%(unit)s (convenes)"), _("%(group)s (list to be given)"), _(
            "%(group)s (%(count)s units)"
        )


def _line(row: dict[str, Any], unit: int | None, words: Words) -> LedgerLine:
    parts: list[Part] = row["unit_parts"]
    cells = _unit_cells(parts, words)
    filing = [part for part in parts if _answers(part)]
    mine = next((part for part in parts if unit and part["unit"] == unit), None)
    own = mine if mine and mine in filing and len(filing) > 1 else None
    percent = _task_percent(row, filing)
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
        no_due="" if due else words.no_due.get(nature, words.any_due),
        percent=percent,
        no_percent="" if percent is not None else words.no_percent.get(nature, words.none_reported),
        before_portal=percent is not None and _before_portal(row, [mine] if mine else filing, percent),
        light=own["light"] if own else row["standing__light"],
        sentence=own["sentence"] if own else row["standing__sentence"],
        latest=_newest(mine, words) if mine else _spokesman(parts, words),
        state=words.state[row["state"]] if named or row["state"] != TaskState.DRAFT else words.broken_down,
    )


def _answers(part: Part) -> bool:
    return part["role"] in FILING and part["unit"] is not None and part["state"] != PartState.WAIVED


def _leader(row: dict[str, Any]) -> str:
    named = [row["responsible_leader__post"], row["responsible_leader__person"]]
    return " ".join(word for word in named if word) or row["responsible_leader__department__short_name"] or ""


def _label(part: Part, words: Words) -> str:
    """市甲局（召集）, 成员单位（名单待定）."""
    if part["unit"] is None:
        return part["group"] if part["given"] else words.pending % {"group": part["group"]}
    return words.convenes % {"unit": part["name"]} if part["convenor"] else part["name"]


def _unit_cells(parts: list[Part], words: Words) -> tuple[str, str, str, str]:
    """Lead, support, units across both columns, and why: nobody leads, or nobody is named."""
    given = Counter(part["under"] for part in parts if part["under"] is not None)
    cells: dict[str, list[str]] = {}
    for part in parts:
        # units of a given list stand behind the group's printed name, as on paper
        if part["under"] is not None:
            continue
        count = given[part["pk"]]
        label = words.count % {"group": part["group"], "count": count} if count else _label(part, words)
        cells.setdefault(part["role"], []).append(label)
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


def _newest(part: Part, words: Words) -> Newest | None:
    """The newest report of a unit; where that says 无变化, in the words of the one before."""
    if not part["newest"]:
        return None
    rows = sorted(part["newest"], key=lambda report: report["starts_on"], reverse=True)
    worded = next((report for report in rows if not report["unchanged"]), rows[0])
    period = window_label(rows[0])
    accepted = rows[0]["state"] == "accepted"
    return Newest(worded["progress"], _label(part, words), period, rows[0]["unchanged"], accepted)


def _since(part: Part) -> str:
    return max(report["starts_on"] for report in part["newest"])


def _spokesman(parts: Iterable[Part], words: Words) -> Newest | None:
    """The report shown for the whole task: newest period first, in it the convenor, the lead, then as printed."""
    spoke = [part for part in parts if part["newest"]]
    if not spoke:
        return None
    newest = max(_since(part) for part in spoke)
    speakers = [part for part in spoke if _since(part) == newest]
    first = min(speakers, key=lambda part: 0 if part["convenor"] else 1 if part["role"] in FIRST else 2)
    return _newest(first, words)


def _percent(row: dict[str, Any], part: Part) -> int | None:
    if row["nature"] != TaskNature.OUTCOME:
        return None
    if part["state"] == PartState.DONE and part["role"] in FILING and part["unit"] is not None:
        return 100
    # before the first report the state before the portal (上线前) is what is known last
    newest = max(part["newest"], key=lambda report: report["starts_on"], default=None)
    return newest["percent"] if newest else part["opening"]


def _before_portal(row: dict[str, Any], parts: list[Part], percent: int) -> bool:
    """Does the figure come from before the portal? Then it is marked, for it is no report."""
    return any(not part["newest"] and part["opening"] == percent == _percent(row, part) for part in parts)


def _task_percent(row: dict[str, Any], filing: list[Part]) -> int | None:
    """The convenor's figure where there is one, otherwise the lowest that any unit has reported. None is no data."""
    if row["nature"] == TaskNature.OUTCOME and row["state"] == TaskState.COMPLETED:
        return 100
    known = [(part["convenor"], percent) for part in filing if (percent := _percent(row, part)) is not None]
    convened = [percent for convenor, percent in known if convenor]
    return convened[0] if convened else min((percent for _convenor, percent in known), default=None)
