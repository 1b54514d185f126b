"""What every recogniser is handed: the view of the text and what the document as a whole says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..cleaning import View
from ..source import Span

_BESIDES_BREAKS: Final = re.compile(r"[^\n]")


@dataclass
class Reading:
    """`places`: the document's own place (示例), without 市 or 县. `first_leads`: 列第一位者为牵头单位 is said somewhere.
    `year`: the year that the title names, or None."""

    view: View
    places: frozenset[str] = frozenset()
    first_leads: bool = False
    year: int | None = None
    text: str = field(init=False)
    known: dict[tuple[int, int], Any] = field(init=False, repr=False)
    _script: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.view.text
        self.known = {}
        self._script = {"县": "縣", "区": "區", "乡": "鄉", "镇": "鎮", "党": "黨"}

    def without(self, spans: Iterable[Span]) -> "Reading":
        """The same with blanks where those places of the source stand."""
        text = self.text
        for span in spans:
            start, end = self.view.place(span.start), self.view.place(span.end)
            text = text[:start] + _BESIDES_BREAKS.sub(" ", text[start:end]) + text[end:]
        blanked = replace(self)
        blanked.text = text
        return blanked

    def span(self, start: int, end: int) -> Span:
        return self.view.span(start, end)

    def quote(self, span: Span) -> str:
        return self.view.source.quote(span)

    def as_printed(self, words: str) -> str:
        """Words of the view in the script of the document: 县 is 縣 where that is what the document prints."""
        if not words:
            return ""
        source = self.view.source.text
        return "".join(self._script.get(char, char) if char not in source else char for char in words)
