"""What a reader hands on: the text of a document as read, and what its format said about it.

Every position in the package is an offset into `Source.text`; every quotation is `source.text[start:end]`, exactly.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Format = Literal["txt", "html", "docx", "pdf", "xlsx"]


class Span(NamedTuple):
    """Half-open piece of `Source.text`."""

    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """A table of the document. Its cells stand in the text row by row, tabs between cells, a line break after each row.

    `rows`: the span of each cell, all rows of one length; a merged cell's span stands in every place that it covers.
    """

    span: Span
    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Source:
    """A document as read. Lines end with "\\n". `headings`: offsets of lines that the format itself marks as headings,
    with their level (1 is the highest); text files have none. Numbers that a word processor makes by itself are
    written into the text, as the page shows them."""

    text: str
    format: Format
    tables: tuple[Table, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()

    def quote(self, span: Span) -> str:
        return self.text[span.start : span.end]


class Unreadable(Exception):
    """The file is no document that can be read; the argument is one sentence for a person."""
