"""A straight right edge for Chinese text.

WeasyPrint 70 justifies by widening spaces only. Chinese has none, so each line that gave a character to the
next one, because of a comma that may not begin a line, ends short of the edge; and where a line does hold a
space, all of the rest goes into that one. The rule of Chinese typesetting (两端对齐) spreads it evenly over
the line instead: between two Chinese characters, between a Chinese and a Latin one, and at spaces, never inside
a word or a figure.

``install`` puts this rule in the one place where WeasyPrint asks how to justify a line. That place is not part
of its published interface: where a later version has moved it, lines end as ragged as before, nothing else
changes, and the test of the straight edge fails. The text itself is untouched, so search and copy give it back
as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import Layout, line_size

_WIDENED = re.compile("[ \u00a0\u2018-\u201d\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")
"""Characters that are given room, half of it on either side: Chinese ones and spaces. Not Latin letters and
digits, nor the dashes and ellipses that are set in pairs: they would come apart."""

MOST = 0.4
"""Of the size of the type: a gap above it looks worse than a ragged edge, and the line is left as it is."""


class SpreadLayout(Layout):
    """A line of text whose gaps are ``justification_spacing`` CSS pixels wider when it is drawn."""

    def set_text(self, text: str, justify: bool = False) -> None:
        super().set_text(text)
        if not justify:
            return
        own = self.style["letter_spacing"]
        spacing = int(((0 if own == "normal" else own) + self.justification_spacing) * TO_UNITS)
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for match in _WIDENED.finditer(self.text):
            attribute = pango.pango_attr_letter_spacing_new(spacing)
            attribute.start_index = len(self.text[: match.start()].encode())
            attribute.end_index = attribute.start_index + len(match[0].encode())
            pango.pango_attr_list_change(attributes, attribute)
        pango.pango_layout_set_attributes(self.layout, attributes)


def install() -> None:
    """Let this process justify as Chinese wants it."""
    inline.justify_line = _justify_line


def _justify_line(_context: Any, line: Any, missing: float) -> None:
    """Widen the gaps of a line until it is ``missing`` CSS pixels longer."""
    growth = {id(box): _growth(box) for box in _texts(line)}
    if not (total := sum(growth.values())):
        return
    gap = missing / total
    if gap <= MOST * line.style["font_size"]:
        _widen(line, gap, growth, 0.0)


def _texts(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _texts(child)


def _growth(box: Any) -> float:
    """How many CSS pixels a text gains for each pixel of gap: measured, since Pango halves some of them."""
    if not _WIDENED.search(box.text):
        return 0.0
    return _width(box, 1.0) - _width(box, 0.0)


def _width(box: Any, gap: float) -> float:
    layout = SpreadLayout(box.style, gap)
    layout.set_text(box.text, justify=True)
    first_line, _ = layout.get_first_line()
    width, _ = line_size(first_line, box.style)
    layout.deactivate()
    return float(width)


def _widen(box: Any, gap: float, growth: dict[int, float], moved: float) -> float:
    """Widen a box and move it by what was gained before it; return what has been gained after it."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        gained = gap * growth[id(box)]
        if gained:
            layout = SpreadLayout(box.style, gap)
            layout.set_text(box.text)
            layout.deactivate()
            box.pango_layout, box.width = layout, box.width + gained
        return moved + gained
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += moved
        before = moved
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _widen(child, gap, growth, moved)
        box.width += moved - before
    else:
        box.translate(moved, 0)
    return moved
