"""Word documents as Word shows them: automatic numbers written out, deleted revisions gone, inserted ones there,
text boxes after the paragraph they hang on, footnotes at the end. Fields are read as they were last shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ..source import Source, Unreadable
from .building import Builder, joined
from .numbering import Numbering
from .parcels import Parcel, child, local, value

#: What is on no page: properties, instructions of fields, deleted and moved-away revisions, hidden parts.
_UNSEEN: Final = frozenset(
    ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr", "del", "moveFrom", "instrText",
     "delText", "delInstrText", "rt", "Fallback", "proofErr", "object", "altChunk")
)  # fmt: skip
_SAID: Final = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_CONTENTS: Final = re.compile(r"^(?:toc|目录)\s{0,3}\d", re.I)
_BODY_LEVEL: Final = 9
#: Characters of one cell above which a table only lays out the page.
_CELL: Final = 3000
_MOST_SPAN: Final = 200


@dataclass(frozen=True)
class Style:
    """`level`: of the outline, 0 the highest; None is body text."""

    name: str = ""
    level: int | None = None
    list: str = ""
    at: int | None = None


def read_word(data: bytes) -> Source:
    parcel = Parcel(data)
    main = parcel.main("word/document.xml")
    tree = parcel.tree(main)
    body = child(tree, "body")
    if body is None:
        raise Unreadable("damaged")
    word = _Word(parcel, main)
    word.blocks(body)
    word.notes()
    return word.builder.source("docx")


class _Word:
    def __init__(self, parcel: Parcel, main: str) -> None:
        def called(kind: str) -> Any | None:
            return next((parcel.tree(name) for name in parcel.related(main, kind).values()), None)

        self.builder = Builder()
        self.styles = _styles(called("styles"))
        listed = {name: (style.list, style.at or 0) for name, style in self.styles.items() if style.list}
        self.numbering = Numbering(called("numbering"), listed)
        self.noted: list[tuple[str, str]] = []
        self.notes_by_kind = {kind: _notes(called(f"{kind}s")) for kind in ("footnote", "endnote")}
        self.carried = ""

    # blocks

    def blocks(self, parent: Any) -> None:
        """Paragraphs and tables in order, whatever wraps them."""
        for element in parent:
            name = local(element.tag)
            if name == "p":
                self.paragraph(element)
            elif name == "tbl":
                self.table(element)
            elif name not in _UNSEEN and not _is_contents(element):
                self.blocks(element)

    def paragraph(self, element: Any) -> None:
        text, level, boxes = self.read(element)
        if text is not None:
            self.builder.line(text, level)
        for box in boxes:
            self.blocks(box)

    def read(self, element: Any, *, empty_counts: bool = False) -> tuple[str | None, int | None, list[Any]]:
        """Text with its number, level as heading, text boxes. The text is None where no line of its own is to be
        written: for a table of contents, and where the end of the paragraph was deleted."""
        boxes: list[Any] = []
        properties = child(element, "pPr")
        style = self.styles.get(value(child(properties, "pStyle")), self.styles.get("", Style()))
        text = "".join(self.inside(element, boxes))
        if _CONTENTS.match(style.name):
            return None, None, boxes
        text, self.carried = self.carried + text, ""
        if child(properties, "rPr", "del") is not None:
            # the mark at the end is deleted: it runs on into the next paragraph
            self.carried = text
            return None, None, boxes
        number = self.number(properties, value(child(properties, "pStyle")), style)
        level = _level(properties, style)
        return (number + text if text.strip() or empty_counts else ""), level, boxes

    def number(self, properties: Any | None, name: str, style: Style) -> str:
        own = child(properties, "numPr")
        listed = value(child(own, "numId")) or style.list
        if not listed or listed == "0":
            return ""
        said = value(child(own, "ilvl"))
        if said.isdigit():
            at = int(said)
        else:
            its = self.numbering.level_of_style(listed, name)
            at = its if its is not None else style.at or 0
        return self.numbering.next(listed, at)

    # inside a paragraph

    def inside(self, element: Any, boxes: list[Any]) -> Iterator[str]:
        for below in element:
            name = local(below.tag)
            if name == "t":
                yield below.text or ""
            elif name in _SAID:
                yield _SAID[name]
            elif name == "sym":
                yield _symbol(value(below, "char"))
            elif name == "txbxContent":
                boxes.append(below)
            elif name in ("footnoteReference", "endnoteReference"):
                self.noted.append((name.removesuffix("Reference"), value(below, "id")))
            elif name == "r" and _hidden(below):
                continue
            elif name not in _UNSEEN:
                yield from self.inside(below, boxes)

    def notes(self) -> None:
        """Notes in the order in which they are called, after all else."""
        for number, (kind, name) in enumerate(dict.fromkeys(self.noted), 1):
            note = self.notes_by_kind[kind].get(name)
            if note is not None:
                text = joined([self.read(each)[0] or "" for each in note.iter() if local(each.tag) == "p"])
                self.builder.line(f"注{number}：{text}" if text else "")

    # tables

    def table(self, element: Any) -> None:
        texts: list[str] = []
        cells: list[Any] = []
        grid: list[list[int | None]] = []
        for row in _rows(element):
            grid.append([])
            before = value(child(row, "trPr", "gridBefore"))
            grid[-1] += [None] * _span(before, 0)
            for cell in _cells(row):
                properties = child(cell, "tcPr")
                column = len(grid[-1])
                across = _span(value(child(properties, "gridSpan")), 1)
                above = grid[-2][column] if len(grid) > 1 and column < len(grid[-2]) else None
                if _goes_on(child(properties, "vMerge")) and above is not None:
                    number = above
                elif _goes_on(child(properties, "hMerge")) and column and (left := grid[-1][-1]) is not None:
                    number = left
                else:
                    number = len(cells)
                    cells.append(cell)
                self.builder.take_places(across - 1)
                grid[-1] += [number] * across
        if max((len(set(row)) for row in grid), default=0) < 2 or any(map(_is_large, cells)):
            # a frame around text, or columns of the page
            for cell in cells:
                self.blocks(cell)
            return
        boxes: list[Any] = []
        for cell in cells:
            texts.append(joined(list(self.in_cell(cell, boxes))))
        self.builder.table(texts, grid)
        for box in boxes:
            self.blocks(box)

    def in_cell(self, parent: Any, boxes: list[Any]) -> Iterator[str]:
        for element in parent:
            name = local(element.tag)
            if name == "p":
                text, _level, hung = self.read(element, empty_counts=True)
                boxes += hung
                yield text or ""
            elif name not in _UNSEEN:
                yield from self.in_cell(element, boxes)


def _rows(parent: Any) -> Iterator[Any]:
    for element in parent:
        name = local(element.tag)
        if name == "tr":
            if child(element, "trPr", "del") is None:
                yield element
        elif name not in _UNSEEN:
            yield from _rows(element)


def _cells(parent: Any) -> Iterator[Any]:
    for element in parent:
        name = local(element.tag)
        if name == "tc":
            yield element
        elif name not in _UNSEEN:
            yield from _cells(element)


def _is_large(cell: Any) -> bool:
    return sum(len(text.text or "") for text in cell.iter() if local(text.tag) == "t") > _CELL


def _goes_on(merge: Any | None) -> bool:
    return merge is not None and value(merge, otherwise="continue") == "continue"


def _span(said: str, otherwise: int) -> int:
    return min(int(said), _MOST_SPAN) if said.isascii() and said.isdigit() and len(said) < 5 else otherwise


def _hidden(run: Any) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and value(vanish) not in ("0", "false", "off")


def _symbol(code: str) -> str:
    """Symbol fonts keep their characters in the private area; what is there looks different in every font."""
    try:
        character = chr(int(code, 16))
    except ValueError:
        return ""
    return "" if "\ue000" <= character <= "\uf8ff" or "\ud800" <= character <= "\udfff" else character


def _is_contents(element: Any) -> bool:
    """A table of contents that Word makes of the headings."""
    gallery = child(element, "sdtPr", "docPartObj", "docPartGallery") if local(element.tag) == "sdt" else None
    return value(gallery) == "Table of Contents"


def _level(properties: Any | None, style: Style) -> int | None:
    said = value(child(properties, "outlineLvl"))
    level = int(said) if said.isascii() and said.isdigit() and len(said) == 1 else style.level
    return None if level is None or level >= _BODY_LEVEL else level + 1


def _styles(tree: Any | None) -> dict[str, Style]:
    """Styles by id with what they take from those they are based on; "" is the one of a paragraph that names none."""
    found = {
        value(element, "styleId"): element
        for element in (() if tree is None else tree)
        if local(element.tag) == "style"
    }
    styles = {name: _style(name, found) for name in found}
    for name, element in found.items():
        if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true", "on"):
            styles[""] = styles[name]
    return styles


def _style(name: str, found: dict[str, Any]) -> Style:
    level: int | None = None
    listed, at, seen = "", None, set[str]()
    own = value(child(found[name], "name"))
    while name in found and name not in seen:
        seen.add(name)
        properties = child(found[name], "pPr")
        said = value(child(properties, "outlineLvl"))
        level = int(said) if level is None and said.isascii() and said.isdigit() and len(said) == 1 else level
        numbered = child(properties, "numPr")
        if numbered is not None and not listed:
            listed = value(child(numbered, "numId"))
            depth = value(child(numbered, "ilvl"))
            at = int(depth) if depth.isascii() and depth.isdigit() and len(depth) == 1 else at
        name = value(child(found[name], "basedOn"))
    return Style(own, level, listed, at)


def _notes(tree: Any | None) -> dict[str, Any]:
    """By id, without the lines that separate them."""
    return {
        value(note, "id"): note
        for note in (() if tree is None else tree)
        if value(note, "type") in ("", "normal")
    }
