"""The guides of docs/guide and the glossary as pages of the portal: one source, read from the files.

Only the few marks are known that the guides use: headings, paragraphs, lists (one level inside another), tables, bold,
code, links. Everything is escaped first, so a text can never bring an element of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from taskforce.choices import Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "guide"
GLOSSARY = Path(settings.BASE_DIR) / "docs" / "glossary.md"

#: Guide → whose it is, in the order in which they are listed.
GUIDES: dict[str, frozenset[str]] = {
    "liaison": frozenset({Role.LIAISON}),
    "unit-head": frozenset({Role.UNIT_HEAD}),
    "office": frozenset({Role.OFFICE_ADMIN, Role.OFFICE_CLERK}),
    "leader": frozenset({Role.LEADER, Role.SECRETARY, Role.SUPERVISOR}),
    "district": frozenset({Role.DISTRICT_OFFICE}),
    "administrator": frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR}),
}

NUMBERED = re.compile(r"^[一二三四五六七八九十]+、")
HEADING = re.compile(r"^(#{1,4}) +(.+)$")
ITEM = re.compile(r"^( *)(?:(\d+)\.|-) +(.+)$")
RULE_OF_TABLE = re.compile(r"^\|[\s:|-]+\|$")
BOLD = re.compile(r"\*\*(.+?)\*\*")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
GUIDE_LINK = re.compile(r"^([a-z-]+|README)\.md(?:#(.+))?$")


@dataclass(frozen=True)
class Heading:
    """A section of a guide; `anchor` is its title without the number, so that it stays when sections move."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Guide:
    title: str
    headings: tuple[Heading, ...]
    html: SafeString


def anchor_of(title: str) -> str:
    """“二、填报本单位报表” → “填报本单位报表”: letters, figures and 汉字, everything else becomes a hyphen."""
    return re.sub(r"\W+", "-", NUMBERED.sub("", title)).strip("-")


def guide(slug: str) -> Guide:
    """A guide by its name in GUIDES, "" for what everybody must know. Raises KeyError for another name."""
    if slug and slug not in GUIDES:
        raise KeyError(slug)
    return _read(FOLDER / f"{slug or 'README'}.md")


def titles() -> dict[str, str]:
    """Title of each guide, in the order of GUIDES."""
    return {slug: guide(slug).title for slug in GUIDES}


def glossary() -> Guide:
    return _read(GLOSSARY)


def _read(path: Path) -> Guide:
    """The page of a file, set anew when the file has changed."""
    return _set(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _set(path: Path, changed: int) -> Guide:
    title, headings, parts = "", [], []
    for block in _blocks(path.read_text(encoding="utf-8").splitlines()):
        head = HEADING.match(block[0])
        if head is None:
            parts.append(_block(block))
        elif len(head[1]) == 1:
            title = head[2]
        else:
            row = Heading(_single(anchor_of(head[2]), headings), head[2])
            if len(head[1]) == 2:
                headings.append(row)
            level = len(head[1])
            parts.append(format_html(f'<h{level} id="{{}}">{{}}</h{level}>', row.anchor, _inline(row.title)))
    return Guide(title, tuple(headings), mark_safe("\n".join(parts)))


def _single(anchor: str, headings: list[Heading]) -> str:
    taken = {row.anchor for row in headings}
    return anchor if anchor not in taken else f"{anchor}-{len(headings)}"


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Lines that belong together: a heading alone, everything else up to the next empty line or heading."""
    block: list[str] = []
    for line in lines:
        if HEADING.match(line) or not line.strip():
            if block:
                yield block
            block = []
            if line.strip():
                yield [line]
        else:
            block.append(line.rstrip())
    if block:
        yield block


def _block(lines: list[str]) -> str:
    if lines[0].startswith("|"):
        return _table(lines)
    listed = next((index for index, line in enumerate(lines) if ITEM.match(line)), None)
    if listed is None:
        return f"<p>{_inline(' '.join(lines))}</p>"
    before = f"<p>{_inline(' '.join(lines[:listed]))}</p>" if listed else ""
    return before + _list(lines[listed:])


def _list(lines: list[str]) -> str:
    """Items of the first indent with what is deeper inside them; lines that are no item go on with the one before."""
    depth = len(lines[0]) - len(lines[0].lstrip())
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        found = ITEM.match(line)
        if found and len(found[1]) <= depth:
            items.append((found[3], []))
        elif found or items[-1][1]:
            items[-1][1].append(line)
        else:
            items[-1] = (f"{items[-1][0]} {line.strip()}", [])
    first = ITEM.match(lines[0])
    assert first is not None
    mark = "ol" if first[2] else "ul"
    start = f' start="{int(first[2])}"' if first[2] and int(first[2]) > 1 else ""
    rows = "".join(f"<li>{_inline(text)}{_list(inner) if inner else ''}</li>" for text, inner in items)
    return f"<{mark}{start}>{rows}</{mark}>"


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not RULE_OF_TABLE.match(line)]
    head, body = rows[0], rows[1:]
    heads = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in head)
    cells = "".join("<tr>" + "".join(map(_cell, head, row)) + "</tr>" for row in body)
    return f'<table class="qc-table qc-stack"><thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table>'


def _cell(head: str, text: str) -> str:
    """On a phone a cell is a grid: the column's name and one thing beside it, so all that is written is one thing."""
    return f'<td data-label="{escape(head)}"><div>{_inline(text)}</div></td>'


def _inline(text: str) -> str:
    """Escaped text with bold, code and links."""
    safe = str(escape(text))
    safe = CODE.sub(r"<code>\1</code>", safe)
    safe = BOLD.sub(r"<strong>\1</strong>", safe)
    return mark_safe(LINK.sub(lambda found: _link(found[1], found[2]), safe))


def _link(words: str, target: str) -> str:
    """Links from guide to guide lead to their pages; what has no page in the portal stays as its words."""
    found = GUIDE_LINK.match(target)
    if found is None:
        return words
    url = reverse("help") if found[1] == "README" else reverse("help_page", args=[found[1]])
    return f'<a href="{url}{"#" + found[2] if found[2] else ""}">{_without_ending(words)}</a>'


def _without_ending(words: str) -> str:
    """A file name as the title of its guide."""
    found = GUIDE_LINK.match(words)
    return guide(found[1]).title if found and found[1] in GUIDES else words
