"""Web pages as they were saved: what is seen, in order, without what only surrounds the document.

Losing a sentence is worse than keeping an advertisement, so a part of the page is left out only when it says itself
that it is navigation or the like, is hidden, or is nothing but links – and never when much of the page's text is in it.
"""

import re
from typing import Any, Final

from lxml import etree, html

from ..source import Source, Unreadable
from .building import Builder, joined
from .markers import ListNumbers
from .plain import decode

_DECLARED: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}["']?\s{0,3}([\w-]{1,40})""", re.I)
_HEAD: Final = 4096
#: Never text of the page.
_SILENT: Final = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
     "video", "select", "button", "textarea", "input", "map", "rt", "rp")
)  # fmt: skip
_SURROUNDING: Final = frozenset(("nav", "footer", "aside", "menu", "dialog"))
_ROLES: Final = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog")
)
#: Words of class and id, whole ones, by which pages name what is around the document.
_NOISE: Final = re.compile(
    r"(?:^|[-_\s])(?:(?:nav|menu|share|bdshare|recommend|advert|search|cookie)\w{0,20}|bread-?crumbs?|crumbs?|"
    r"foot(?:er)?|copyright|side-?bar|aside|social|related?|ads?|banner|comments?|pinglun|reply|login|tool-?bar|"
    r"qrcode|ewm|pager|pagination|prev-?next|pop-?up|modal|back-?top|go-?top|friend-?links?)(?:$|[-_\s\d])",
    re.I,
)
_HIDDEN: Final = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.I)
_AS_TYPED: Final = re.compile(r"white-space\s{0,3}:\s{0,3}pre", re.I)
_BLOCKS: Final = frozenset(
    ("address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
     "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p",
     "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", *_SURROUNDING)
)  # fmt: skip
_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’"
#: Where the page's source was broken inside Chinese text there is no space between the characters.
_BROKEN: Final = re.compile(rf"(?<=[{_WIDE}])[ \t\r]*\n[ \t\r\n]*(?=[{_WIDE}])")
_WHITE: Final = re.compile(r"[ \t\r\n\f]+")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
#: A part with so much of the page's text is the document, whatever it is called.
_TOO_MUCH: Final = 0.3
#: Chinese characters below which a table's cell is a cell, not a column of the page's layout.
_CELL: Final = 3000
_MOST_SPAN: Final = 200
_LINKS: Final = 0.8
_ANNEX: Final = "附件"
#: What only documents print: a number, or that there are annexes.
_OF_DOCUMENTS: Final = re.compile(r"附件|[〔\[［【]\d{4}[〕\]］】]\s{0,3}第?\d{1,4}\s{0,3}号")


def read_page(data: bytes) -> Source:
    declared = _DECLARED.search(data[:_HEAD].replace(b"\0", b""))
    text = decode(data, declared[1].decode("ascii") if declared else "")
    # the words of an XML declaration about bytes mean nothing to characters
    text = re.sub(r"\A\s*<\?xml[^>]{0,200}>", "", text).replace("\0", "")
    if not text.strip():
        raise Unreadable("no_text")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("no_text") from error
    page = _Page(root)
    page.walk(root)
    return page.finished()


class _Page:
    def __init__(self, root: Any) -> None:
        self.builder = Builder()
        self.numbers = ListNumbers()
        self.weights = _weigh(root)
        self.total = self.weights.get(root, (0, 0))[0]
        self.pending: list[str] = []
        self.level: int | None = None

    def finished(self) -> Source:
        self.end_line()
        return self.builder.source("html")

    def walk(self, element: Any, *, typed: bool = False) -> None:
        """Write what is seen of the element and below; the parser lets nothing nest deeper than 256."""
        tag = element.tag
        if tag == "br":
            self.pending.append("\v")
            return
        if not isinstance(tag, str) or tag in _SILENT or self.surrounds(element):
            return
        if tag == "table" and self.table(element):
            return
        block = tag in _BLOCKS
        if block:
            self.end_line()
            if len(tag) == 2 and tag[0] == "h" and tag != "hr":
                self.level = int(tag[1])
            if tag == "li":
                self.pending.append(self.numbers.before(element))
        typed = typed or tag == "pre" or bool(_AS_TYPED.search(element.get("style", "")))
        self.say(element.text, typed)
        for child in element:
            self.walk(child, typed=typed)
            self.say(child.tail, typed)
        if block:
            self.end_line()
            self.level = None

    def say(self, text: str | None, typed: bool) -> None:
        if text:
            self.pending.append(text.replace("\n", "\v") if typed else text)

    def end_line(self) -> None:
        if self.pending:
            self.builder.line(_flowed("".join(self.pending)), self.level)
            self.pending.clear()

    def surrounds(self, element: Any) -> bool:
        """The element is not of the document, by its own word or because it is nothing but links."""
        tag, weight = element.tag, self.weights.get(element, (0, 0))
        if self.total and weight[0] > self.total * _TOO_MUCH:
            return False
        if (
            tag in _SURROUNDING
            or element.get("role", "").lower() in _ROLES
            or element.get("hidden") is not None
        ):
            return True
        if _HIDDEN.search(element.get("style", "")):
            return True
        if tag in ("ul", "ol", "div", "table", "td", "p", "dl", "section"):
            names = f"{element.get('class', '')} {element.get('id', '')}"
            linked = sum(1 for _found in element.iter("a"))
            if linked > 2 and weight[1] >= weight[0] * _LINKS:
                # the names of annexes are links, and belong to the document
                return _ANNEX not in "".join(element.itertext())
            if _NOISE.search(names):
                return not _OF_DOCUMENTS.search("".join(element.itertext()))
        return False

    def table(self, element: Any) -> bool:
        """Write it as a table; False for one that only lays out the page, which is walked through."""
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if next(element.iterdescendants("table"), None) is not None or max(map(len, cells), default=0) < 2:
            return False
        if any(
            self.weights.get(cell, (0, 0))[0] > min(_CELL, max(400, self.total // 2))
            for row in cells
            for cell in row
        ):
            return False
        self.end_line()
        for caption in element.iter("caption"):
            self.builder.line(self.inside(caption))
        texts: list[str] = []
        grid: list[list[int | None]] = [[] for _row in cells]
        for at, row in enumerate(cells):
            column = 0
            for cell in row:
                while column < len(grid[at]) and grid[at][column] is not None:
                    column += 1
                self.place(grid, at, column, len(texts), cell)
                texts.append(self.inside(cell))
        self.builder.table(texts, grid)
        return True

    def place(self, grid: list[list[int | None]], at: int, column: int, number: int, cell: Any) -> None:
        across, down = _span(cell, "colspan"), _span(cell, "rowspan")
        self.builder.take_places(across * len(grid[at : at + down]) - 1)
        for row in grid[at : at + down]:
            row.extend([None] * (column + across - len(row)))
            row[column : column + across] = [number] * across

    def inside(self, element: Any) -> str:
        """Text of a cell on one line."""
        pieces: list[str] = []

        def gather(part: Any) -> None:
            if not isinstance(part.tag, str) or part.tag in _SILENT or _HIDDEN.search(part.get("style", "")):
                return
            edge = "\v" if part.tag in _BLOCKS or part.tag == "br" else ""
            pieces.append(edge + (self.numbers.before(part) if part.tag == "li" else "") + (part.text or ""))
            for child in part:
                gather(child)
                pieces.append(child.tail or "")
            pieces.append(edge)

        gather(element)
        return joined([_flowed("".join(pieces))])


def _span(cell: Any, name: str) -> int:
    said = cell.get(name, "").strip()
    return max(1, min(int(said), _MOST_SPAN)) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _flowed(text: str) -> str:
    """White space as a browser lets it flow; \\v stands for a line break that is meant."""
    return _WHITE.sub(" ", _BROKEN.sub("", text)).replace("\v", "\n")


def _weigh(root: Any) -> dict[Any, tuple[int, int]]:
    """For every element the Chinese characters that are seen in it, and how many of them are links."""
    weights: dict[Any, tuple[int, int]] = {}
    for _event, element in etree.iterwalk(root, events=("end",)):
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            continue
        said, linked = _count(element.text), 0
        for child in element:
            below = weights.get(child, (0, 0))
            said += below[0] + _count(child.tail)
            linked += below[1]
        weights[element] = (said, said if element.tag == "a" else linked)
    return weights


def _count(text: str | None) -> int:
    return len(_CHINESE.findall(text)) if text else 0
