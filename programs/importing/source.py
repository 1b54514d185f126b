"""What a reader hands on: the text of a document as read, and what its format said about it.

Every position in the package is an offset into `Source.text`; every quotation is `source.text[start:end]`, exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    """The file is no document that can be read. `code` is a key of `SENTENCES`; `str()` is one sentence for a person,
    in the person's language. The child process that reads knows no language: it hands on code and values."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % self.values


SENTENCES: Final[Mapping[str, Promise | str]] = {
    # a sentence that was said elsewhere, in the person's language already
    "said": "%(sentence)s",
    "empty": _("The file is empty."),
    "too_large": _("The file is too large: at most %(limit)s MB."),
    "too_long": _("The document is too long to be read in one piece. Please split it."),
    "kind": _("Files of this kind are not read here. Please upload .docx, .pdf, .txt, .html or .xlsx."),
    "extension": _(
        "The name ends in .%(extension)s, but the file is %(found)s. Please correct the ending and retry."
    ),
    "old": _(
        "The file is in an old format or under a password. Please save it as .docx or .xlsx without a password."
    ),
    "damaged": _("The file is damaged or incomplete. Please open it, save it again and retry."),
    "doctype": _("The file contains a document type declaration, which ordinary documents never do."),
    "not_text": _("The file holds no text that can be read. Please save it as text in UTF-8 and retry."),
    "no_text": _("No text was found in the file."),
    "password": _("The PDF is under a password. Please save it without one."),
    "scanned": _(
        "The PDF holds pictures of pages and no text. Please upload the original, or recognise its text first."
    ),
    "garbled": _(
        "The text of the PDF cannot be told from its pictures of characters. Please upload the original."
    ),
    "timeout": _("Reading the file took too long and was stopped. Please split it, or paste its text."),
    "memory": _("Reading the file took too much memory and was stopped. Please split it, or paste its text."),
    "fault": _("The file could not be read. Please tell the administrator, or paste its text."),
    "no_policy": _(
        "This does not look like a policy document: no document number, chapters or tasks were found in it."
    ),
}
