"""Reading figures and rows out of pages as a person would: what is counted, where it leads, how many rows stand there.

A figure is an element with `data-figure`; its rows are the children of the element with `data-rows` on the page it
leads to, below the anchor where the address names one. Numbers that look like figures and lead nowhere are faults.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: Elements in which boards show numbers.
SHOWN = ("qc-num", "qc-tile-figure", "figure")
#: Lines of a list that head those below.
HEADINGS = {"qc-section", "qc-review-unit"}


@dataclass
class Node:
    tag: str
    attrs: dict[str, str]
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def above(self):
        node = self
        while node is not None:
            yield node
            node = node.parent

    def own_text(self) -> str:
        return "".join(self.texts).strip()


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.place = self.root
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs}, self.place)
        self.place.children.append(node)
        if tag not in VOID:
            self.place = node

    def handle_startendtag(self, tag, attrs):
        self.place.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.place))

    def handle_endtag(self, tag):
        for node in self.place.above():
            if node.tag == tag:
                self.place = node.parent or self.root
                return

    def handle_data(self, data):
        self.place.texts.append(data)

    def figures(self) -> list[tuple[str, str]]:
        """(number, address) of every figure; an address of "" is none."""
        return [
            (node.attrs["data-figure"], node.attrs.get("href", ""))
            for node in self.root.walk()
            if "data-figure" in node.attrs
        ]

    def unlinked(self) -> list[str]:
        """Numbers above nought that stand where figures stand and lead nowhere."""
        found = []
        for node in self.root.walk():
            if not set(SHOWN) & set(node.classes):
                continue
            inside = any("data-figure" in near.attrs for near in (*node.walk(), *node.above()))
            if not inside and node.own_text().strip("0—") and any(sign.isdigit() for sign in node.own_text()):
                found.append(f"{node.tag}.{' '.join(node.classes)}: {node.own_text()}")
        return found

    def rows(self, fragment: str = "") -> int | None:
        """Rows of the list; None where the page has none."""
        start = self.root
        if fragment:
            anchor = next((node for node in self.root.walk() if node.attrs.get("id") == fragment), None)
            if anchor is None:
                return None
            start = next((node for node in anchor.above() if node.tag in ("section", "details")), self.root)
        lists = [node for node in start.walk() if "data-rows" in node.attrs]
        if not lists:
            return None
        rows = [child for node in lists for child in node.children]
        return sum(not HEADINGS & set(child.classes) for child in rows)


def read(client, url: str) -> Page:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return Page(answer.content.decode())


def wrong_figures(client, url: str) -> list[str]:
    """Faults of one page: figures without an address, and those whose page has another number of rows."""
    page = read(client, url)
    faults = [f"{url}: no link: {words}" for words in page.unlinked()]
    seen: dict[str, int | None] = {}
    for number, href in page.figures():
        if not href:
            faults.append(f"{url}: figure {number} has no address")
            continue
        parts = urlsplit(href)
        target = url if href.startswith("#") else href
        if href not in seen:
            seen[href] = read(client, target).rows(parts.fragment)
        # an empty list has no table: it says so instead
        if (seen[href] or 0) != int(number):
            faults.append(f"{url}: {number} leads to {href} with {seen[href]} rows")
    return faults
