"""What every recogniser is handed: the view of the text and what the document as a whole says."""

from dataclasses import dataclass, field

from ..cleaning import View
from ..source import Span


@dataclass
class Reading:
    """`places`: the document's own place (示例), without 市 or 县. `first_leads`: 列第一位者为牵头单位 is said somewhere.
    `year`: the year that the title names, or None."""

    view: View
    places: frozenset[str] = frozenset()
    first_leads: bool = False
    year: int | None = None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.view.text

    def span(self, start: int, end: int) -> Span:
        return self.view.span(start, end)

    def quote(self, span: Span) -> str:
        return self.view.source.quote(span)
