"""Clauses of responsibility: where they stand and what they say.

A clause is a bracket (A局牵头,B局配合), a labelled line 责任单位:A局, or a last sentence 由A局负责。 `find_clauses` finds them
in a stretch of the view, `parse` reads the inside of one.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from . import words
from .units import Piece, looks_like_unit, split_names

Role = Literal["lead", "support", "responsible", "pending"]
OPENING, CLOSING = "(〔【[", ")〕】]"
FIRST_LEADS = re.compile(
    r"[^。;()]{0,12}(?:列|排)?(?:在|名)?(?:第一位|首位|第一个|第一|首个)(?:的|者)?(?:单位|部门)?(?:的)?(?:均)?(?:为|是|系)(?:该项)?"
    r"(?:工作|任务)?(?:的)?(?:总)?牵头(?:责任)?(?:单位|部门)[^。;()]{0,6}"
)


# 第1项由市质监局负责
_TOLD = re.compile(
    r"(?:第?[\d一二三四五六七八九十、\-]{1,6}[项条款]|其中|[^,;。、()由]{2,10})由(?=[省市县区各有相])"
)


@dataclass(frozen=True)
class Party:
    role: Role
    piece: Piece


@dataclass
class Clause:
    """[start, end) with its brackets. `own_line`: its paragraph holds nothing else. `due`: the time, [start, end).

    `above`: 以上两项工作由…, said of the items above as well, `count` of them; 0 where no number is printed.
    """

    start: int
    end: int
    parties: list[Party]
    open_ended: bool
    verb: bool
    own_line: bool = False
    bracketed: bool = False
    due: tuple[int, int] | None = None
    above: bool = False
    count: int = 0


@dataclass
class _Parse:
    parties: list[Party] = field(default_factory=list)
    open_ended: bool = False
    verb: bool = False
    lead_seen: bool = False
    due: tuple[int, int] | None = None
    doubts: int = 0


def parse(text: str, start: int, end: int) -> _Parse | None:
    """The inside of a clause. None when it is none."""
    for match in FIRST_LEADS.finditer(text, start, end):
        end = match.start() if match.start() > start else end
        break
    out = _Parse()
    for piece_start, piece_end, role in _labelled(text, start, end):
        if role == "other":
            label = words.OTHER_LABEL.match(text, piece_start, piece_end)
            if label and words.DUE_LABEL.match(text, piece_start, piece_end):
                out.due = (label.end(), piece_end)
            continue
        _read_piece(text, piece_start, piece_end, role, out)
    _settle_pending(out)
    return out if _believable(text, out) else None


def _labelled(text: str, start: int, end: int) -> list[tuple[int, int, str | None]]:
    """The stretches between labels with the role of their label."""
    marks: list[tuple[int, int, str]] = []
    for match in words.LABEL.finditer(text, start, end):
        word = match["word"] or match["short"]
        role = next(role for role, said in words.LABELS.items() if word in said)
        marks.append((match.start(), match.end(), role))
    for match in words.OTHER_LABEL.finditer(text, start, end):
        if not any(a <= match.start() < b for a, b, _ in marks):
            marks.append((match.start(), match.start(), "other"))
    marks.sort()
    out: list[tuple[int, int, str | None]] = []
    first = marks[0][0] if marks else end
    if text[start:first].strip(" \n\t,;。:、"):
        out.append((start, first, None))
    for (_, begin, role), following in zip(marks, [*(mark[0] for mark in marks[1:]), end], strict=False):
        out.append((begin, following, role))
    return out


def _read_piece(text: str, start: int, end: int, role: str | None, out: _Parse) -> None:
    if role is not None:
        out.verb = True
        out.lead_seen = out.lead_seen or role == "lead"
    for seg_start, seg_end in _segments(text, start, end):
        _read_segment(text, seg_start, seg_end, role, out)


def _segments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts between commas, full stops and line breaks outside brackets, and after a verb that runs on."""
    cuts, depth = [], 0
    for i in range(start, end):
        char = text[i]
        if char in OPENING:
            depth += 1
        elif char in CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and char in ",;。\n!":
            cuts.append((i, i + 1))
    for match in re.finditer(
        r"(?<=牵头|负责|配合|参与|落实|协助)(?:、| (?=\S))|(?<=牵头|负责|配合)(?=[市县区省各有相由])",
        text[start:end],
    ):
        cuts.append((start + match.start(), start + match.end()))
    out, begin = [], start
    for cut_start, cut_end in sorted(cuts):
        out.append((begin, cut_start))
        begin = cut_end
    out.append((begin, end))
    return [(a, b) for a, b in out if text[a:b].strip()]


def _read_segment(text: str, start: int, end: int, label: str | None, out: _Parse) -> None:
    start, end = _strip(text, start, end)
    if start >= end:
        return
    if words.TIME_ONLY.match(text, start, end):
        out.due = out.due or (start, end)
        return
    names_end, said = _tail(text, start, end)
    role: Role
    if any(word in said for word in words.LEAD_WORDS):
        role = "lead"
    elif any(word in said for word in words.SUPPORT_WORDS):
        role = "support"
    elif said:
        role = "support" if out.lead_seen and label is None else "responsible"
    else:
        role = "pending"
    if label is not None and role in ("pending", "responsible"):
        role = _by_label(label, out)
    out.verb = out.verb or bool(said)
    called = _joined_by_call(text, start, names_end)
    if called is not None:
        left_end, right_start = called
        if left_end > start:
            _add(text, start, _tail(text, start, left_end)[0], "lead", out)
        out.lead_seen = True
        _add(text, right_start, names_end, "support", out)
        return
    _add(text, start, names_end, role, out)
    out.lead_seen = out.lead_seen or role == "lead"


def _by_label(label: str, out: _Parse) -> Role:
    if label == "lead":
        return "lead"
    if label == "support":
        return "support"
    return "support" if out.lead_seen else "responsible"


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n、:-—":
        start += 1
    while end > start and text[end - 1] in " \t\n、:":
        end -= 1
    for word in ("由", "请", "以"):
        if text.startswith(word, start, end) and end - start > 3:
            start += len(word)
    told = _TOLD.match(text, start, end)
    if told:
        start = told.end()
    return start, end


def _tail(text: str, start: int, end: int) -> tuple[int, str]:
    """(where the names stop, what is said of them): 县水利局按职能分工各负其责 → 县水利局."""
    stop = end
    firm = False
    while stop > start:
        while stop > start and text[stop - 1] in " \t":
            stop -= 1
        word = None
        if text.endswith(words.TAIL_WORDS, start, stop):
            word = next(word for word in words.TAIL_WORDS if text.endswith(word, start, stop))
        if word is not None and (
            word not in words.WEAK_TAIL or firm or _verb_before(text, start, stop - len(word))
        ):
            if word in ("单位", "部门", "等") or (word == "同" and text.endswith("会同", start, stop)):
                break
            firm = firm or word not in words.WEAK_TAIL
            stop -= len(word)
            continue
        match = words.BY_DUTY.search(text, max(start, stop - 24), stop) if firm or stop == end else None
        if match and match.start() >= start:
            stop, firm = match.start(), True
            continue
        break
    return stop, text[stop:end]


def _verb_before(text: str, start: int, stop: int) -> bool:
    """Whether a weak word stands right after a verb: 配合工作, 负责组织."""
    return any(text.endswith(word, start, stop) for word in words.TAIL_WORDS if word not in words.WEAK_TAIL)


def _joined_by_call(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A局会同B局, 会市B局: (end of the first, start of the second)."""
    for word in ("会同", "会商"):
        at = text.find(word, start, end)
        if at >= 0:
            return at, at + len(word)
    if text.startswith("会", start) and end - start > 2 and text[start + 1] in "市县区省有相各州旗":
        return start, start + 1
    match = re.search(r"(?<=[局委办部厅])会(?=[市县区省有相各])", text[start:end])
    return (start + match.start(), start + match.end()) if match else None


def _add(text: str, start: int, end: int, role: Role, out: _Parse) -> None:
    start, end = _strip(text, start, end)
    match = words.AND_OTHERS.search(text, max(start, end - 24), end)
    domains = False
    if match and match.start() > start:
        end = match.start()
        out.open_ended = True
        domains = match.group().endswith(("部门", "单位"))
    for piece in split_names(text, start, end):
        if piece.start >= piece.end:
            continue
        name = text[piece.start : piece.end]
        if words.OPEN_GROUP.search(name):
            out.open_ended = True
        if not looks_like_unit(name) and not (domains and 2 <= len(name) <= 8):
            out.doubts += 1
        out.parties.append(Party("lead" if piece.lead else role, piece))
        if piece.lead:
            out.lead_seen = out.verb = True


def _settle_pending(out: _Parse) -> None:
    """A name without a verb shares the verb after it; at the end it helps where somebody leads."""
    following: Role | None = None
    settled: list[Party] = []
    for party in reversed(out.parties):
        role = party.role
        if role == "pending":
            role = following or ("support" if out.lead_seen else "responsible")
        else:
            following = role
        settled.append(Party(role, party.piece))
    out.parties = settled[::-1]
    if any(party.piece.lead for party in out.parties):
        out.parties = [
            Party("support" if party.role == "responsible" else party.role, party.piece)
            for party in out.parties
        ]


def _believable(text: str, out: _Parse) -> bool:
    if not out.parties:
        return False
    if out.verb:
        names = [text[party.piece.start : party.piece.end] for party in out.parties]
        return out.doubts * 2 < len(names) and all(len(name) <= 40 for name in names)
    names = [text[party.piece.start : party.piece.end] for party in out.parties]
    if not all(looks_like_unit(name, firm=True) for name in names):
        return False
    if opens_like_unit(names[0]) or (len(names) >= 2 and out.open_ended):
        return True
    offices = [bool(words.OFFICE_END.search(name)) for name in names]
    return any(offices) if len(names) >= 2 else offices[0] and len(names[0]) <= 12


def opens_like_unit(name: str) -> bool:
    """Whether a name begins as units do: with a level, 各, or as a body that is whole."""
    return bool(words.LEVEL.match(name) or name[0] in "各有相团" or words.WHOLE.match(name))
