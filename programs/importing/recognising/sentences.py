"""Sentences and clauses of a stretch, and the words that several recognisers look for."""

from collections.abc import Iterator

from .outline import Node
from .reading import Reading


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Up to 。 ! ? or the end of the line, without the mark."""
    out, begin = [], start
    for i in range(start, end):
        if text[i] in "。!?\n":
            out.append((begin, i))
            begin = i + 1
    out.append((begin, end))
    return [(a, b) for a, b in out if text[a:b].strip()]


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts between commas and semicolons that stand in no bracket and no quotation."""
    out, begin, depth, quoted = [], start, 0, False
    for i in range(start, end):
        char = text[i]
        if char in "(《":
            depth += 1
        elif char in ")》":
            depth = max(0, depth - 1)
        elif char in "“”":
            quoted = char == "“"
        elif char in ",;:" and depth == 0 and not quoted:
            out.append((begin, i))
            begin = i + 1
    out.append((begin, end))
    return [(a, b) for a, b in out if b - a >= 3]


def own_sentences(
    reading: Reading, roots: list[Node], skip: frozenset[str]
) -> Iterator[tuple[Node, int, int]]:
    """(node, start, end) of every sentence that is an item's own, kinds in `skip` left out."""
    for node in (node for root in roots for node in root.walk()):
        if node.kind in skip:
            continue
        for start, end in sentences(reading.text, node.after, node.own_end):
            yield node, start, end


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
