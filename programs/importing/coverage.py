"""Which sentence of the document stands behind which finding, and which behind none."""

from bisect import bisect_right
from dataclasses import dataclass

from .cleaning import fold
from .extraction import Extraction, GroupFound, SectionFound
from .source import Source, Span

ENDS = "。;!?\n"
#: Behind the end of a sentence these still belong to it.
CLOSERS = "”’」』"


@dataclass(frozen=True)
class Reference:
    """A finding by its kind and path (None for those that stand in no item)."""

    kind: str
    path: str | None
    span: Span


@dataclass(frozen=True)
class Sentence:
    """`findings`: every finding that holds a part of the sentence, the narrowest first; none: unassigned."""

    span: Span
    findings: tuple[Reference, ...]


@dataclass(frozen=True)
class Coverage:
    """`fraction`: share of the characters, white space left out, in sentences behind a finding; 1.0 for no text."""

    sentences: tuple[Sentence, ...]
    fraction: float

    @property
    def unassigned(self) -> tuple[Span, ...]:
        return tuple(sentence.span for sentence in self.sentences if not sentence.findings)


def cover(source: Source, found: Extraction) -> Coverage:
    """From the title to the last annex, sentence by sentence (。 ; ! and the end of a line)."""
    references = sorted(references_of(found), key=lambda row: row.span)
    starts = [row.span.start for row in references]
    longest = _longest_so_far(references)
    sentences = []
    total = behind = 0
    for span in split(source, found.body):
        size = sum(not char.isspace() for char in source.quote(span))
        held = _holding(references, starts, longest, span)
        sentences.append(Sentence(span, held))
        total += size
        behind += size if held else 0
    return Coverage(tuple(sentences), behind / total if total else 1.0)


def split(source: Source, body: Span) -> list[Span]:
    text = fold(source.text)
    out, begin = [], body.start
    for i in range(body.start, body.end):
        if text[i] in ENDS and i >= begin:
            stop = i + 1
            while stop < body.end and text[stop] in CLOSERS:
                stop += 1
            out.append((begin, stop))
            begin = stop
    out.append((begin, body.end))
    return [span for start, end in out if (span := _trimmed(text, start, end)).end > span.start]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def references_of(found: Extraction) -> list[Reference]:
    """Everything that was found, with kind and place."""
    out = [Reference(f"document.{name}", None, span) for name, span in found.document.places]
    out += [row for section in found.sections for row in _headings(section)]
    out += [Reference("task", row.path, row.span) for row in found.tasks]
    out += [Reference("clause", row.path, span) for row in found.tasks for span in row.clauses]
    out += [Reference("task", row.path, span) for row in found.tasks for span in row.rows]
    out += [Reference("table", None, span) for span in found.table_heads]
    out += [Reference("indicator", row.path, row.span) for row in found.indicators]
    out += [Reference("phase", row.path, row.span) for row in found.phases]
    out += [Reference("award", row.path, row.span) for row in found.awards]
    out += [Reference("deliverable", row.path, row.span) for row in found.deliverables]
    out += [Reference("rule", row.path, row.span) for row in found.rules]
    out += [Reference("duty", row.path, row.span) for row in found.duties]
    out += _group(found.leading_group) if found.leading_group is not None else []
    return [row for row in out if row.span.end > row.span.start]


def _headings(section: SectionFound) -> list[Reference]:
    return [
        Reference("section", section.path, section.heading),
        *(row for child in section.children for row in _headings(child)),
    ]


def _group(group: GroupFound) -> list[Reference]:
    people = [group.head, *group.deputies, *group.members]
    return [
        Reference("group", None, group.span),
        *([Reference("group", None, group.office)] if group.office is not None else []),
        *(Reference("seat", None, row.span) for row in people if row is not None),
    ]


def _longest_so_far(references: list[Reference]) -> list[int]:
    """For each place, the furthest end of the references up to it: where looking back may stop."""
    out: list[int] = []
    for row in references:
        out.append(max(row.span.end, out[-1] if out else 0))
    return out


def _holding(
    references: list[Reference], starts: list[int], longest: list[int], span: Span
) -> tuple[Reference, ...]:
    found = []
    place = bisect_right(starts, span.end - 1) - 1
    while place >= 0 and longest[place] > span.start:
        if references[place].span.end > span.start:
            found.append(references[place])
        place -= 1
    return tuple(sorted(found, key=lambda row: (row.span.end - row.span.start, row.kind)))
