"""Two editions of a document held against each other: what was added, changed and dropped."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programs.models import PolicyDraft, Proposal

#: How alike two pieces of one kind must be to count as one piece, changed.
ALIKE = 0.6
#: Fields that say something, with those that only say where left out.
SAID = ("title", "name", "rule", "duty", "who", "number", "comparator", "value", "unit", "deadline", "due", "recurrence",
        "start", "end", "person", "post", "role_mode", "to", "by")  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """`words`: the quotation without white space; `fields`: what SAID names; `units`: role and name."""

    kind: str
    path: str
    label: str
    words: str
    fields: Mapping[str, Any]
    units: frozenset[tuple[str, str]]
    proposal: int = 0


@dataclass(frozen=True)
class Change:
    """One of `old` and `new` is None: dropped, added. `what`: codes of SAID, "units", "wording"."""

    old: Piece | None
    new: Piece | None
    what: tuple[str, ...] = ()


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def piece(row: Proposal, text: str) -> Piece:
    """As recognised: what a person made of it is compared with nobody."""
    data = row.found if row.found is not None else row.data
    return Piece(
        kind=row.kind,
        path=row.path,
        label=str(data.get("title") or data.get("name") or data.get("rule") or data.get("duty") or row),
        words=squeezed(text[row.start : row.end]),
        fields={name: data[name] for name in SAID if data.get(name) not in (None, "")},
        units=frozenset((unit["role"], unit["name"]) for unit in data.get("units", [])),
        proposal=row.pk or 0,
    )


def compare(old: Sequence[Piece], new: Sequence[Piece]) -> list[Change]:
    """In the order of the new edition, dropped pieces at the end. Pieces with the same words are the same."""
    changes: list[Change] = []
    gone: list[Piece] = []
    for kind in dict.fromkeys(row.kind for row in [*new, *old]):
        left = [row for row in old if row.kind == kind]
        fresh = []
        by_words: dict[str, list[Piece]] = {}
        for row in left:
            by_words.setdefault(row.words, []).append(row)
        for row in (one for one in new if one.kind == kind):
            twins = by_words.get(row.words)
            if twins:
                left.remove(twins.pop(0))
            else:
                fresh.append(row)
        for row in fresh:
            match = _closest(row, left)
            if match is None:
                changes.append(Change(None, row))
            else:
                left.remove(match)
                changes.append(Change(match, row, _what(match, row)))
        gone += left
    order = {id(row): number for number, row in enumerate(new)}
    changes.sort(key=lambda change: order[id(change.new)])
    return changes + [Change(row, None) for row in gone]


def _closest(row: Piece, among: Sequence[Piece]) -> Piece | None:
    best, best_ratio = None, ALIKE
    for other in among:
        matcher = difflib.SequenceMatcher(None, other.words[:400], row.words[:400], autojunk=False)
        if matcher.real_quick_ratio() < best_ratio or matcher.quick_ratio() < best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio >= best_ratio:
            best, best_ratio = other, ratio
    return best


def _what(old: Piece, new: Piece) -> tuple[str, ...]:
    fields = [name for name in SAID if old.fields.get(name) != new.fields.get(name)]
    return (
        *fields,
        *(["units"] if old.units != new.units else []),
        *(["wording"] if old.words != new.words else []),
    )


def between(old: PolicyDraft, new: PolicyDraft) -> list[Change]:
    """Two imports; two queries."""
    return compare(_pieces(old), _pieces(new))


def _pieces(draft: PolicyDraft) -> list[Piece]:
    rows: Iterable[Proposal] = draft.proposals.exclude(found=None)
    return [piece(row, draft.text) for row in rows]


def carry_over(rows: Sequence[Proposal], text: str, earlier: PolicyDraft) -> int:
    """What a person made of the earlier edition holds for pieces whose words have not changed: fields as corrected,
    confirmed or left out. `rows` are not saved yet. Returns how many were taken over."""
    settled: dict[tuple[str, str], list[Proposal]] = {}
    for row in earlier.proposals.exclude(found=None).exclude(state="open"):
        settled.setdefault((row.kind, squeezed(earlier.text[row.start : row.end])), []).append(row)
    taken = 0
    for row in rows:
        former = settled.get((row.kind, squeezed(text[row.start : row.end])), [])
        same = next((one for one in former if one.found == row.found), None)
        if same is not None:
            former.remove(same)
            row.data = dict(same.data)
            row.state = same.state
            taken += 1
    return taken
