"""Reading an import for its pages: lists, counts, the text in pieces, cards of proposals."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import ProposalKind, ProposalState, Question, ResponsibilityRole
from programs.importing.limits import due_day
from programs.models import PolicyDraft, Proposal
from qualitycity.access import ActorContext

#: Words of the journal's action codes.
ACTIONS = {
    "programs.policydraft": {
        "take_in": gettext_lazy("Document brought in"),
        "read": gettext_lazy("Read"),
        "fail": gettext_lazy("Cannot be read"),
        "retry": gettext_lazy("Read again"),
        "discard": gettext_lazy("Thrown away"),
        "apply": gettext_lazy("Programme set up"),
        "undo": gettext_lazy("Import undone"),
        "correct_proposal": gettext_lazy("Proposal corrected"),
        "settle_proposals": gettext_lazy("Proposals confirmed or left out"),
        "add_proposal": gettext_lazy("Proposal added by hand"),
        "set_aside": gettext_lazy("Sentences set aside"),
        "split_proposal": gettext_lazy("Proposal split"),
        "merge_proposals": gettext_lazy("Proposals merged"),
        "settle_units": gettext_lazy("Printed units answered"),
        "correct_head": gettext_lazy("Document's fields corrected"),
    }
}
#: Characters of the text on one page of the review; longer documents are turned over.
PAGE = 40_000
COMPARATORS = (
    (">=", gettext_lazy("at least")), ("<=", gettext_lazy("at most")), ("=", gettext_lazy("equal to")),
    ("count>=", gettext_lazy("at least (count)")), ("zero", gettext_lazy("none")),
    ("reach", gettext_lazy("reach (in words)")),
)  # fmt: skip
#: Kinds that are looked for in the text first when pieces overlap evenly.
GRAVITY = {kind: number for number, kind in enumerate(ProposalKind.values)}


def drafts(actor: ActorContext) -> Any:
    """Imports as a list shows them, with how many proposals wait."""
    return (
        PolicyDraft.objects.visible_to(actor)
        .select_related("jurisdiction", "created_by", "programme")
        .defer("text", "layout", "units", "made")
        .annotate(
            settled=Count("proposals", filter=~Q(proposals__state=ProposalState.OPEN)),
            total=Count("proposals"),
        )
        .order_by("-created_at", "-pk")
    )


def counts(rows: Iterable[Proposal]) -> dict[tuple[str, str], int]:
    """Proposals by kind and state."""
    return dict(Counter((row.kind, row.state) for row in rows))


@dataclass(frozen=True)
class Piece:
    """A stretch of the text under one proposal, or under none. `first`: the proposals that begin here."""

    start: int
    text: str
    proposal: Proposal | None = None
    first: tuple[int, ...] = ()


@dataclass(frozen=True)
class Page:
    """Lines of pieces; `number` counts from 1."""

    number: int
    total: int
    start: int
    end: int
    lines: Sequence[Sequence[Piece]] = field(default_factory=tuple)


def page_bounds(text: str) -> list[tuple[int, int]]:
    """Where the pages of a long text begin and end: after a line, about PAGE characters apart."""
    bounds, start = [], 0
    while start < len(text):
        end = len(text)
        if end - start > PAGE * 5 // 4:
            end = text.find("\n", start + PAGE) + 1 or len(text)
        bounds.append((start, end))
        start = end
    return bounds or [(0, 0)]


def page_of(text: str, rows: Sequence[Proposal], number: int) -> Page:
    """One page of the text with its marks; the smallest proposal around a letter marks it. Lines left empty go."""
    bounds = page_bounds(text)
    number = min(max(number, 1), len(bounds))
    start, end = bounds[number - 1]
    shown = [
        row for row in rows if row.state != ProposalState.DROPPED and row.start < end and row.end > start
    ]
    edges = {start, end}
    for row in shown:
        edges |= {max(row.start, start), min(row.end, end)}
    begins: dict[int, list[int]] = {}
    for row in shown:
        begins.setdefault(max(row.start, start), []).append(row.pk)
    lines: list[list[Piece]] = [[]]
    cuts = sorted(edges)
    waiting, live = sorted(shown, key=lambda row: row.start), []
    for left, right in zip(cuts, cuts[1:], strict=False):
        while waiting and waiting[0].start <= left:
            live.append(waiting.pop(0))
        live = [row for row in live if row.end > left]
        over = min(live, key=lambda row: (row.end - row.start, GRAVITY[row.kind])) if live else None
        first = tuple(begins.get(left, ()))
        at = left
        for part in text[left:right].splitlines(keepends=True):
            if part.strip():
                # a full stop between two marks is no place to press
                marked = over if sum(letter.isalnum() for letter in part) > 1 else None
                lines[-1].append(Piece(at, part.rstrip("\n"), marked, first))
                first = ()
            at += len(part)
            if part.endswith("\n") and lines[-1]:
                lines.append([])
    return Page(number, len(bounds), start, end, [line for line in lines if line])


@dataclass(frozen=True)
class Card:
    """A proposal as the right side shows it. `units`: role, name, what the register says of it ("" unknown)."""

    row: Proposal
    title: str
    lines: Sequence[str]
    units: Sequence[tuple[str, str, str, bool]]
    asked: Sequence[str]
    quote: str
    page: int


def cards(draft: PolicyDraft, rows: Iterable[Proposal]) -> list[Card]:
    bounds = page_bounds(draft.text)
    return [card(draft, row, bounds) for row in rows]


def card(draft: PolicyDraft, row: Proposal, bounds: Sequence[tuple[int, int]]) -> Card:
    data = row.data
    roles = dict(ResponsibilityRole.choices)
    units = [
        (
            str(roles.get(unit["role"], unit["role"])),
            unit["name"],
            draft.units.get(unit["name"], {}).get("label", ""),
            unit["name"] in draft.units,
        )
        for unit in data.get("units", [])
    ]
    asked = [str(Question(code).label) for code in row.questions if code != Question.REMARK]
    page = next((number for number, (start, end) in enumerate(bounds, 1) if start <= row.start < end), 1)
    return Card(
        row=row,
        title=f"{data.get('number', '')} {row}".strip(),
        lines=_lines(row, draft.head),
        units=units,
        asked=[*asked, *data.get("remarks", [])],
        quote=draft.text[row.start : row.end],
        page=page,
    )


def _lines(row: Proposal, head: Mapping[str, Any]) -> list[str]:
    """What else a card says, by kind."""
    data: Mapping[str, Any] = row.data
    if row.kind == ProposalKind.INDICATOR:
        how = str(dict(COMPARATORS).get(data.get("comparator"), ""))
        figure = f"{how} {data.get('value')}{data.get('unit', '')}".strip() if data.get("value") else ""
        return [
            text
            for text in (figure or data.get("words", ""), data.get("deadline", ""), data.get("doubt", ""))
            if text
        ]
    if row.kind == ProposalKind.PHASE:
        return [f"{data.get('start') or '—'} – {data.get('end') or '—'}"]
    if row.kind == ProposalKind.DELIVERABLE:
        return [
            text for text in (data.get("recurrence"), data.get("due"), data.get("by"), data.get("to")) if text
        ]
    if row.kind == ProposalKind.RULE:
        return [
            text
            for text in (data.get("kind"), data.get("subject"), data.get("by"), data.get("consequence"))
            if text
        ]
    if row.kind == ProposalKind.DUTY:
        return [data.get("who", "")]
    if row.kind == ProposalKind.SEAT:
        return [text for text in (data.get("printed_role"), data.get("post"), data.get("unit")) if text]
    if row.kind == ProposalKind.TASK:
        inherited = data.get("inherited_from")
        words = [_("Units named by the clause of %(path)s") % {"path": inherited}] if inherited else []
        return [*words, *_due(data.get("due") or "", head)]
    return []


def _due(words: str, head: Mapping[str, Any]) -> list[str]:
    """The printed time limit, and the date that the task will have by it."""
    day = due_day(words, head)
    if day is None:
        return [_("Due: %(words)s") % {"words": words}] if words else []
    return [_("Due: %(words)s – set to %(day)s") % {"words": words, "day": date_format(day)}]


@dataclass(frozen=True)
class UnitLine:
    """A printed unit over all tasks: how often it stands there and what it is taken for. `kind`: what it would be, by
    its name, if it were new."""

    name: str
    printed: str
    group: bool
    tasks: int
    answer: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        return next((kind for kind, words in KINDS_BY_NAME if words.search(self.name)), "government_dept")


#: What a unit is by its name; the first that fits.
KINDS_BY_NAME = (
    ("town_government", re.compile(r"(?:[镇乡]|街道).{0,4}(?:政府|办事处)|街道办")),
    ("county_government", re.compile(r"[区县旗].{0,4}政府")),
    ("zone_committee", re.compile(r"管委会|管理委员会|开发区|高新区")),
    ("vertical", re.compile(r"海关|税务局|检验检疫|人民银行|人行|支行|气象局|海事局|邮政管理局|烟草")),
    ("mass_org", re.compile(r"协会|学会|联合会|总工会|团市委|团县委|妇联|科协|商会|消委会|消保委")),
    ("enterprise", re.compile(r"公司|集团|企业$")),
    (
        "party_dept",
        re.compile(r"[市县区]委[^员]{2,8}(?:部|办)|宣传部|组织部|统战部|政法委|编办|文明办|网信办|纪委"),
    ),
    ("institution", re.compile(r"研究院|检测院|检验院|学院|大学|中心|医院|图书馆|报社|电视台")),
)


def likely(name: str, known: Mapping[str, str]) -> list[str]:
    """Keys of up to three rows of the register whose names resemble the printed one."""
    close = difflib.get_close_matches(name, list(known.values()), 3, 0.6)
    return [next(key for key, label in known.items() if label == text) for text in close]


def unit_lines(draft: PolicyDraft, rows: Iterable[Proposal]) -> list[UnitLine]:
    """Unknown ones first, then by name."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        if row.kind == ProposalKind.TASK and row.state != ProposalState.DROPPED:
            for unit in row.data.get("units", []):
                line = found.setdefault(unit["name"], [unit["printed"], unit.get("kind") == "group", 0])
                line[2] += 1
    lines = [UnitLine(name, *values, draft.units.get(name)) for name, values in found.items()]
    return sorted(lines, key=lambda line: (line.answer is not None, line.name))
