"""搜索 over what one may see: tasks, programmes, documents and units, current and former names alike.

Texts are compared after NFKC and with one kind of bracket, so that 〔2013〕, [2013] and full-width digits meet.
"""

from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet

from programs.models import PolicyDocument, Programme, Responsibility, Task
from qualitycity.access import ActorContext
from taskforce.models import Department

LIMIT = 20
BRACKETS = str.maketrans({"〔": "[", "〕": "]", "【": "[", "】": "]"})


class Plain(Func):
    """A column as `plain` makes a query: NFKC, one kind of square bracket."""

    template = "translate(normalize(%(expressions)s, NFKC), '〔〕【】', '[][]')"
    output_field = CharField()


@dataclass
class Found:
    """At most LIMIT rows of one kind; `more` says that there are further ones."""

    rows: list[Any] = field(default_factory=list)
    more: bool = False


@dataclass
class SearchResult:
    words: list[str]
    tasks: Found = field(default_factory=Found)
    unit_tasks: Found = field(default_factory=Found)
    programmes: Found = field(default_factory=Found)
    documents: Found = field(default_factory=Found)
    departments: Found = field(default_factory=Found)

    @property
    def nothing(self) -> bool:
        return not any(
            found.rows for found in (self.tasks, self.unit_tasks, self.programmes, self.documents, self.departments)
        )


def plain(text: str) -> list[str]:
    """Words of a query. Chinese is written without spaces: a word is looked for anywhere in a text."""
    return normalize("NFKC", text).replace("\x00", "").translate(BRACKETS).split()[:8]


def search(text: str, *, actor: ActorContext) -> SearchResult:
    """Every word must occur. Five queries, none for an empty text."""
    words = plain(text)
    result = SearchResult(words)
    if not words:
        return result
    with_unit = Responsibility.objects.filter(task=OuterRef("pk"), department__isnull=False)
    tasks = Task.objects.visible_to(actor).select_related("programme", "section").annotate(named=Exists(with_unit))
    tasks = tasks.order_by(F("programme__year").desc(), "programme_id", "sort", "pk")
    by_text = _containing(tasks, words, "title", "requirement")
    result.tasks = _first(by_text)
    result.departments = _departments(words, actor)
    named = [department.pk for department in result.departments.rows]
    if named:
        # who leads on after a reform is asked for under the new name, the old lines stand under the old one
        parts = Responsibility.objects.filter(Q(department__in=named) | Q(department__successor__in=named))
        shown = [task.pk for task in result.tasks.rows]
        result.unit_tasks = _first(tasks.filter(pk__in=parts.values("task_id")).exclude(pk__in=shown))
    result.programmes = _first(
        _containing(Programme.objects.visible_to(actor), words, "title", "short_title").order_by("-year", "pk")
    )
    result.documents = _first(
        _containing(PolicyDocument.objects.visible_to(actor), words, "title", "number").order_by("-dated", "pk")
    )
    return result


def _containing(rows: QuerySet, words: list[str], *columns: str) -> QuerySet:
    rows = rows.alias(**{f"plain_{name}": Plain(F(name)) for name in columns})
    for word in words:
        wanted = Q()
        for name in columns:
            wanted |= Q(**{f"plain_{name}__icontains": word})
        rows = rows.filter(wanted)
    return rows


def _departments(words: list[str], actor: ActorContext) -> Found:
    rows = Department.objects.visible_to(actor)
    for word in words:
        rows = rows.filter(pk__in=Department.objects.named(word).values("pk"))
    mine = Task.objects.visible_to(actor).values("pk")
    rows = rows.select_related("jurisdiction", "successor").annotate(
        task_count=Count("responsibilities", filter=Q(responsibilities__task__in=mine))
    )
    return _first(rows.order_by("sort", "pk"))


def _first(rows: QuerySet) -> Found:
    found = list(rows[: LIMIT + 1])
    return Found(found[:LIMIT], len(found) > LIMIT)
