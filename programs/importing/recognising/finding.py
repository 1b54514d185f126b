"""Where clauses stand in a stretch of text."""

import re

from .. import numerals
from . import words
from .clauses import CLOSING, OPENING, Clause, opens_like_unit, parse
from .reading import Reading
from .units import looks_like_unit

LONGEST = 900
_TRAILING = " \t\n。.;,、"
_DASH = re.compile(r"(?:——|--|—|–)\s?(?=[^\s—\-])")
_SENTENCE = re.compile(r"[^。;!?\n]+")
# words of a sentence that tells what is to be done, not who does it
_ACTS = re.compile(r"要|应当|确保|成立|加强|建立|开展|做好|制定|完善|推进|加快|加大|提高|提升|纳入|落实")
_ANSWERS = re.compile(r"负责|负总责|牵头|配合|参与|承担|会同")
_BY = re.compile(
    r"(?:该项|此项|本项|(?P<above>以上|上述)(?:(?P<count>[一二三四五六七八九十两\d]{1,3}|各)[项条])?)?"
    r"(?:工作|任务)?(?:均|统一)?由"
)


def clauses_in(reading: Reading, start: int, end: int) -> list[Clause]:
    """`find_clauses`, remembered: several recognisers ask for the same stretches."""
    if (start, end) not in reading.known:
        reading.known[start, end] = find_clauses(reading.text, start, end)
    return list(reading.known[start, end])


def find_clauses(text: str, start: int, end: int) -> list[Clause]:
    """All clauses of [start, end) in printed order; none overlaps another."""
    found: list[Clause] = []
    for a, b in _joined_lists(text, paragraphs(text, start, end)):
        found += _in_paragraph(text, a, b)
    return _joined_lines(text, found)


def paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[(start, end)] of the lines with something on them, without white space at their ends."""
    out, begin = [], start
    while begin < end:
        stop = text.find("\n", begin, end)
        stop = end if stop < 0 else stop
        a, b = begin, stop
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            out.append((a, b))
        begin = stop + 1
    return out


def _joined_lists(text: str, rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A list of units that goes on in the next line is one paragraph."""
    out: list[tuple[int, int]] = []
    for start, end in rows:
        if out and text[out[-1][1] - 1] in "、," and words.LABEL.match(text, *out[-1]):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Outermost brackets of [start, end), with their marks; one that is never closed is none."""
    out: list[tuple[int, int]] = []
    depth, begin = 0, start
    for i in range(start, end):
        char = text[i]
        if char in OPENING:
            if depth == 0:
                begin = i
            depth += 1
        elif char in CLOSING and depth:
            depth -= 1
            if depth == 0:
                out.append((begin, i + 1))
    if depth and begin + 1 < end:  # one that was not closed hides those after it
        return [*out, *brackets(text, begin + 1, end)] if depth < 20 else out
    return out


def _in_paragraph(text: str, start: int, end: int) -> list[Clause]:
    labelled = _labelled_line(text, start, end)
    if labelled is not None:
        return [labelled]
    found = []
    for a, b in brackets(text, start, end):
        if not 4 <= b - a <= LONGEST:
            continue
        clause = _clause(text, a, b, a + 1, b - 1)
        if clause is not None and _stands_as_clause(text, clause, start, end):
            clause.bracketed = True
            clause.own_line = not text[start:a].strip(_TRAILING) and not text[b:end].strip(_TRAILING)
            found.append(clause)
    if not found:
        found = _unbracketed(text, start, end)
    return found


def _clause(text: str, start: int, end: int, inner_start: int, inner_end: int) -> Clause | None:
    parsed = parse(text, inner_start, inner_end)
    if parsed is None:
        return None
    return Clause(start, end, parsed.parties, parsed.open_ended, parsed.verb, due=parsed.due)


def _stands_as_clause(text: str, clause: Clause, start: int, end: int) -> bool:
    """A list without a verb is a clause only where a sentence or the paragraph ends."""
    if clause.verb:
        return True
    after = text[clause.end : end].lstrip()
    before = text[start : clause.start].rstrip()
    return (
        (not after.strip(_TRAILING)) or (before.endswith("。") and after[:1] in "。") or before.endswith("。")
    )


def _labelled_line(text: str, start: int, end: int) -> Clause | None:
    """责任单位:A局、B局 as a paragraph of its own."""
    opening = start
    while opening < end and text[opening] in "(〔【[ ":
        opening += 1
    match = words.LABEL.match(text, opening, end)
    due = words.DUE_LABEL.match(text, opening, end)
    if not match and not due:
        return None
    first = brackets(text, start, end)[:1] if opening > start else []
    if first and match and match.end() < first[0][1] < end:  # several brackets, each a clause
        return None
    if end - start > LONGEST:
        return None
    stop = end
    while stop > opening and text[stop - 1] in ")〕】] 。":
        if text[stop - 1] == ")" and text.count("(", opening, stop) >= text.count(")", opening, stop):
            break
        stop -= 1
    if due and not match:
        return Clause(start, end, [], False, False, own_line=True, due=(due.end(), stop))
    clause = _clause(text, start, end, opening, stop)
    if clause is not None:
        clause.own_line = True
    return clause


def _unbracketed(text: str, start: int, end: int) -> list[Clause]:
    """…。责任单位:A局 · ——A局负责 · …。由A局会同有关部门负责。"""
    for match in words.LABEL.finditer(text, start, end):
        if (
            match.start() > start
            and text[match.start() - 1] in "。;, )\t” !"
            and end - match.start() <= LONGEST
        ):
            clause = _clause(text, match.start(), end, match.start(), end)
            if clause is not None:
                return [clause]
    dash = None
    for match in _DASH.finditer(text, start, end):
        dash = match
    if dash and dash.start() > start and end - dash.start() <= LONGEST:
        clause = _clause(text, dash.start(), end, dash.end(), end)
        if clause is not None and (clause.verb or clause.open_ended or len(clause.parties) >= 1):
            return [clause]
    return _sentences(text, start, end)


def _sentences(text: str, start: int, end: int) -> list[Clause]:
    """Sentences that say nothing but who answers: any that begins with 由, and the last."""
    spoken = [match.span() for match in _SENTENCE.finditer(text, start, end)]
    out = []
    for place, (a, b) in enumerate(spoken):
        by = _BY.match(text, a, b)
        if b - a <= 160 and (by or place == len(spoken) - 1) and _ANSWERS.search(text, a, b):
            clause = _clause(text, a, b, by.end() if by else a, b)
            if clause is not None and clause.verb and _says_who(text, clause, bool(by)):
                if by and by["above"]:
                    clause.above, clause.count = True, numerals.number(by["count"] or "") or 0
                out.append(clause)
    return out


def _says_who(text: str, clause: Clause, by: bool) -> bool:
    names = [text[party.piece.start : party.piece.end] for party in clause.parties]
    if not (by or opens_like_unit(names[0])):
        return False
    return all(
        looks_like_unit(name, firm=True) and len(name) <= 20 and not _ACTS.search(name) for name in names
    )


def _joined_lines(text: str, found: list[Clause]) -> list[Clause]:
    """Labelled lines that follow each other are one clause: 牵头单位 · 配合单位 · 完成时限."""
    out: list[Clause] = []
    for clause in found:
        before = out[-1] if out else None
        touching = before is not None and not text[before.end : clause.start].strip(_TRAILING)
        if before is not None and touching and before.own_line and clause.own_line:
            parsed = parse(text, before.start, clause.end)
            lead = any(party.role == "lead" for party in before.parties)
            late = [
                type(party)("support" if lead and party.role == "responsible" else party.role, party.piece)
                for party in clause.parties
            ]
            parties = (
                parsed.parties
                if parsed is not None and _plain(text, before, clause)
                else [*before.parties, *late]
            )
            out[-1] = Clause(
                before.start,
                clause.end,
                parties,
                before.open_ended or clause.open_ended,
                True,
                own_line=True,
                due=before.due or clause.due,
            )
            continue
        out.append(clause)
    return [clause for clause in out if clause.parties]


def _plain(text: str, before: Clause, clause: Clause) -> bool:
    return text[before.start] not in OPENING and text[clause.start] not in OPENING
