"""搜索 over everything one may see: every registered kind in one statement, and the guides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape
from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.db.models import CharField, Count, IntegerField, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext
from qualitycity.home.guide import GUIDES, guide
from qualitycity.searching import BRACKETS, COLUMNS, Kind, marked, plain

#: Of each kind on the first page; one kind alone comes in pages.
FEW, PER_PAGE = 8, 50
AROUND = 45
HELP = "help"
HEAD = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.S)


@dataclass(frozen=True)
class Hit:
    """One result: texts in pieces, True where a word stands."""

    url: str
    title: list[tuple[str, bool]]
    under: list[tuple[str, bool]]
    text: list[tuple[str, bool]]


@dataclass
class Group:
    """Results of one kind: `total` in all, `hits` of them shown."""

    name: str
    title: Any
    icon: str
    total: int = 0
    hits: list[Hit] = field(default_factory=list)


@cache
def kinds() -> tuple[Kind, ...]:
    """Everything the apps have registered in SEARCHABLE, in that order."""
    return tuple(kind for path in settings.SEARCHABLE for kind in import_string(path))


def search(text: str, *, actor: ActorContext, only: str = "", page: int = 1) -> tuple[list[str], list[Group]]:
    """The words looked for and the groups that hold them; two queries, none for an empty text. `only` one kind, in
    pages of `PER_PAGE`."""
    words = plain(text)
    if not words:
        return words, []
    wanted = [kind for kind in kinds() if only in ("", kind.name)]
    size, first = (PER_PAGE, PER_PAGE * (page - 1)) if only else (FEW, 0)
    parts = [_rows(kind, place, words, actor, first, size) for place, kind in enumerate(wanted)]
    groups = {kind.name: Group(kind.name, kind.title, kind.icon) for kind in wanted}
    rows: Any = parts[:1]
    if len(parts) > 1:
        rows = [parts[0].union(*parts[1:], all=True).order_by("s_place", "s_order")]
    for row in (row for part in rows for row in part):
        group = groups[row["s_kind"]]
        group.total = row["s_total"]
        group.hits.append(_hit(row, words))
    result = [group for group in groups.values() if group.hits]
    if only in ("", HELP):
        result += _guides(words, size, first)
    return words, result


def _rows(
    kind: Kind, place: int, words: list[str], actor: ActorContext, first: int, size: int
) -> QuerySet[Any]:
    rows = kind.rows(words, actor).annotate(
        s_kind=Value(kind.name, CharField()),
        s_place=Value(place, IntegerField()),
        s_total=Window(Count("pk")),
        s_order=Window(RowNumber(), order_by=list(kind.order)),
    )
    return rows.order_by(*kind.order).values("s_kind", "s_place", "s_order", "s_total", *COLUMNS)[first : first + size]


def _hit(row: dict[str, Any], words: Iterable[str]) -> Hit:
    return Hit(
        reverse(row["s_target"], args=[row["s_link"]]),
        marked(row["s_title"], words),
        marked(row["s_under"], words),
        marked(row["s_text"], words, around=AROUND),
    )


@dataclass(frozen=True)
class Section:
    """A section of a guide; `line` is its text as words are looked for in it."""

    guide: str
    anchor: str
    title: str
    text: str
    line: str


@lru_cache(maxsize=32)
def _sections(title: str, html: str) -> tuple[Section, ...]:
    pieces = HEAD.split(html)
    found = []
    for anchor, head, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        head, text = (" ".join(unescape(strip_tags(part)).split()) for part in (head, body.replace("<", " <")))
        found.append(Section(title, anchor, head, text, " ".join(plain_line(f"{head} {text}"))))
    return tuple(found)


def plain_line(text: str) -> list[str]:
    """Words of a text as `plain` makes those of a query, all of them, without case."""
    return normalize("NFKC", text).translate(BRACKETS).casefold().split()


def _guides(words: list[str], size: int, first: int) -> list[Group]:
    """Sections of the guides in which every word stands."""
    folded, found = [word.casefold() for word in words], []
    for slug in ("", *GUIDES):
        page = guide(slug)
        url = reverse("help_page", args=[slug]) if slug else reverse("help")
        for row in _sections(page.title, str(page.html)):
            if all(word in row.line for word in folded):
                found.append((f"{url}#{row.anchor}", row))
    shown = [
        Hit(url, marked(row.title, words), marked(row.guide, words), marked(row.text, words, around=AROUND))
        for url, row in found[first : first + size]
    ]
    return [Group(HELP, _("Guides"), "help-circle", len(found), shown)] if shown else []
