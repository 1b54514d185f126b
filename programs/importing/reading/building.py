"""Putting a `Source` together line by line, so that every reader writes lines, headings and tables in one way."""

import re
from collections.abc import Sequence
from typing import Final

from ..source import Format, Source, Span, Table, Unreadable

#: Characters; a book of two thousand pages.
MOST_CHARACTERS: Final = 3_000_000
#: Places of all tables together.
MOST_PLACES: Final = 500_000
#: What nobody sees: control and zero-width characters, marks of byte order, soft hyphens.
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufff9-\uffff]"
)
_SPACES: Final = re.compile("[ \t\xa0]+")
#: By row and column the number of the cell that stands there; None where there is none.
Grid = Sequence[Sequence[int | None]]


class Builder:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._at = 0
        self._places = 0
        self._tables: list[Table] = []
        self._headings: list[tuple[int, int]] = []

    @property
    def empty(self) -> bool:
        return self._at == 0

    def line(self, text: str, level: int | None = None) -> None:
        """A paragraph; line breaks in it make lines of their own, empty lines are left out. `level` marks a heading."""
        for piece in text.split("\n"):
            seen = tidy(piece)
            if seen:
                if level is not None:
                    self._headings.append((self._at, level))
                    level = None
                self._write(seen + "\n")

    def table(self, texts: Sequence[str], grid: Grid) -> None:
        """`texts` by number of the cell. What stands in several places is written in the first of them."""
        width = max((len(row) for row in grid), default=0)
        self.take_places(width * len(grid))
        start, spans, rows = self._at, dict[int, Span](), list[tuple[Span, ...]]()
        for row in grid:
            row = [*row, *[None] * (width - len(row))]
            places: list[Span] = []
            for column, number in enumerate(row):
                if column and (number is None or number != row[column - 1]):
                    self._write("\t")
                if number is None:
                    places.append(Span(self._at, self._at))
                    continue
                if number not in spans:
                    text = tidy(texts[number].replace("\n", " "))
                    spans[number] = Span(self._at, self._at + len(text))
                    self._write(text)
                places.append(spans[number])
            rows.append(tuple(places))
            self._write("\n")
        if rows:
            self._tables.append(Table(Span(start, self._at), tuple(rows)))

    def take_places(self, count: int) -> None:
        """Who lays out a table says so before: a small file may claim millions of places."""
        self._places += count
        if self._places > MOST_PLACES:
            raise Unreadable("too_long")

    def source(self, format: Format) -> Source:
        """Raises `Unreadable` where nothing was written."""
        text = "".join(self._pieces)
        if not text.strip():
            raise Unreadable("no_text")
        return Source(text, format, tuple(self._tables), tuple(self._headings))

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._at += len(text)
        if self._at > MOST_CHARACTERS:
            raise Unreadable("too_long")


def tidy(text: str) -> str:
    """One line as it is seen: nothing invisible, single spaces, none around it."""
    return _SPACES.sub(" ", UNSEEN.sub("", text)).strip(" \u3000\n")


def joined(parts: Sequence[str]) -> str:
    """Lines of one cell as one, a space between them."""
    return " ".join(seen for part in parts for line in part.split("\n") if (seen := tidy(line)))
