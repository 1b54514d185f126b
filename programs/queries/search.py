"""What of this app is found by a search: tasks by text and by unit, programmes, documents, reports of units, PDFs."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from programs.choices import BuildState, ItemState, ProgrammeState, TaskState
from programs.models import (
    PolicyDocument,
    Programme,
    ProgressEntry,
    ProgressReport,
    Responsibility,
    SupervisedItem,
    Task,
)
from qualitycity.access import ActorContext
from qualitycity.searching import Kind, containing, containing_typed, found, together
from taskforce.queries.search import named_units

#: Where the words of a task stand; the clause path is printed as 二/(一)/1.
TASK_TEXT = ("title", "requirement", "number", "clause_path", "section__title")
#: A word that more units carry (局) names nobody in particular.
MOST_UNITS = 100
ENTRY_TEXT = ("progress", "result", "problems", "next_steps", "coordination")


def states(column: str, choices: Any) -> Case:
    """The state in words."""
    whens = (When(**{column: value}, then=Value(str(label))) for value, label in choices.choices)
    return Case(*whens, default=Value(""))


def _as_task(rows: QuerySet[Task]) -> QuerySet[Any]:
    return found(
        rows,
        title=Concat("number", Value(" "), "title"),
        under=together("programme__short_title", "section__title", states("state", TaskState)),
        text=together("requirement", "clause_path"),
        target="task",
        link=F("pk"),
    )


def _tasks(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    return _as_task(containing(Task.objects.visible_to(actor), words, *TASK_TEXT))


def _tasks_of_units(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    """Tasks of units so named. Who leads on after a reform is asked for under the new name, the old lines stand under
    the old one. The units are read first, one query: most words name none, and then no task need be looked through."""
    units = list(named_units(words).values_list("pk", flat=True)[:MOST_UNITS])
    if not units:
        return _as_task(Task.objects.none())
    parts = Responsibility.objects.filter(
        Q(department__in=units)
        | Q(department__successor__in=units)
        | Q(department__successor__successor__in=units)
    )
    tasks = Task.objects.visible_to(actor)
    by_text = containing(tasks, words, *TASK_TEXT)
    return _as_task(tasks.filter(pk__in=parts.values("task_id")).exclude(pk__in=by_text.values("pk")))


def _programmes(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    rows = containing(Programme.objects.visible_to(actor), words, "title", "short_title")
    under = together("year", states("state", ProgrammeState))
    return found(rows, title=F("title"), under=under, target="programme", link=F("pk"))


def _documents(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    rows = containing(PolicyDocument.objects.visible_to(actor), words, "title", "number", "issuing_body")
    return found(
        rows, title=F("title"), under=together("number", "issuing_body", "dated"), target="document", link=F("pk")
    )


def _entries(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    """Texts that units filed, where the reader may see them: drafts stay with the unit."""
    rows = containing_typed(ProgressEntry.objects.valid().visible_to(actor), words, *ENTRY_TEXT)
    return found(
        rows,
        title=Concat("part__task__number", Value(" "), "part__task__title"),
        under=together("part__department__short_name", "part__task__programme__short_title", "window__starts_on"),
        text=together(*ENTRY_TEXT),
        target="task",
        link=F("part__task_id"),
    )


def _reports(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    rows = ProgressReport.objects.visible_to(actor).filter(state=BuildState.READY)
    rows = containing(rows, words, "title", "programme__short_title")
    under = together("programme__short_title", "requested_by__full_name")
    return found(rows, title=F("title"), under=under, target="report", link=F("pk"))


def _items(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    """Restricted items are found by nobody, not even by whoever is named: results stand on shared screens."""
    rows = SupervisedItem.objects.visible_to(actor).filter(restricted=False)
    rows = containing(rows, words, "title", "content", "number", "basis", "leader_label")
    under = together("number", "leader_label", states("state", ItemState))
    return found(rows, title=F("title"), under=under, text=F("content"), target="item", link=F("pk"))


_BY_TASK = (F("programme__year").desc(), F("programme_id").asc(), F("sort").asc(), F("pk").asc())
KINDS = (
    Kind("task", _("Tasks"), "list-check", _tasks, _BY_TASK),
    Kind("unit_task", _("Tasks of these units"), "list-check", _tasks_of_units, _BY_TASK),
    Kind("programme", _("Programmes"), "list-details", _programmes, (F("year").desc(), F("pk").asc())),
    Kind("document", _("Policy documents"), "file-certificate", _documents, (F("dated").desc(), F("pk").asc())),
    Kind("entry", _("Filed progress"), "clipboard-text", _entries, (F("window__starts_on").desc(), F("pk").desc())),
    Kind("item", _("Supervised items"), "clipboard-check", _items, (F("given_on").desc(), F("pk").desc())),
    Kind("report", _("Reports"), "file-text", _reports, (F("requested_at").desc(), F("pk").desc())),
)
