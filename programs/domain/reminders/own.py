"""Matters of running programmes: milestones, tasks, tasks not signed for, reporting windows, and the end of validity
of the documents they rest on (续期/修订/废止). Rows are streamed as columns, so that 100,000 cost no memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from programs.choices import EntryState, PartState, TaskState
from programs.domain.sources import sources
from programs.models import Milestone, PolicyDocument, Programme, ReportingWindow, Responsibility, Task
from programs.queries.documents import NOTICE_DAYS, asked_from, running_out

from .matters import Ground, Matter, ladder_of

#: 续期/修订/废止: rungs in plain days before (negative) and after (positive) the end of a document's validity.
VALIDITY = (-NOTICE_DAYS, -90, -30, -7, 1, 30)
#: Rows fetched from the database at once.
FETCH = 2000


def _open_parts(task: str) -> ArraySubquery:
    """Units at work on the task of a row, and who is named there."""
    parts = Responsibility.objects.filing().filter(
        task=OuterRef(task), state__in=[PartState.ASSIGNED, PartState.SIGNED_FOR]
    )
    return ArraySubquery(parts.order_by().values(json=JSONObject(unit="department_id", person="contact_user_id")))


def _held_by(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {
        "units": frozenset(part["unit"] for part in parts if part["person"] is None),
        "named_units": frozenset(part["unit"] for part in parts if part["person"] is not None),
        "persons": frozenset(part["person"] for part in parts if part["person"] is not None),
    }


def _base(name: str) -> str:
    """What stands before the number in the address of a row: looked up once, not for each of 100,000."""
    return reverse(name, args=[0]).removesuffix("0/")


def _rules(programme: Programme, rungs: str) -> dict[str, Any]:
    """What of a matter follows from its programme."""
    ladder = ladder_of(programme)
    return {
        "programme": programme.pk,
        "jurisdiction": programme.jurisdiction_id,
        "ladder_since": programme.ladder_since,
        "rungs": tuple(ladder[rungs]),
        "office_from": ladder["office_from"],
    }


def milestones(ground: Ground) -> Iterator[Matter]:
    """节点: of a programme the office holds them, of a task at work its units."""
    rules = {pk: _rules(programme, "milestone") for pk, programme in ground.programmes.items()}
    rows = Milestone.objects.open().filter(programme_id__in=list(rules)).order_by()
    columns = ("pk", "title", "due_on", "programme_id", "task_id", "task__title", "task__state", "task__assigned_on")
    found = rows.annotate(parts=_open_parts("task_id")).values_list(*columns, "parts")
    task_url, programme_url = _base("task"), _base("programme")
    for pk, title, due_on, programme_id, task_id, task, state, assigned_on, parts in found.iterator(FETCH):
        if task_id is None:
            programme = ground.programmes[programme_id]
            subject = f"《{programme.short_title}》节点“{title}”"
            url, live_from = f"{programme_url}{programme_id}/", programme.starts_on
        elif state == TaskState.ACTIVE:
            subject = f"任务“{task}”节点“{title}”"
            url, live_from = f"{task_url}{task_id}/", assigned_on or due_on
        else:
            continue
        yield Matter(
            kind="milestone", ident=pk, subject=subject, url=url, due_on=due_on, live_from=live_from,
            **rules[programme_id], **_held_by(parts),
        )  # fmt: skip


def tasks(ground: Ground) -> Iterator[Matter]:
    """完成时限 of tasks at work."""
    rules = {pk: _rules(programme, "milestone") for pk, programme in ground.programmes.items()}
    rows = _at_work(ground).filter(due_on__isnull=False).annotate(open_parts=_open_parts("pk"))
    found = rows.values_list("pk", "title", "due_on", "programme_id", "assigned_on", "open_parts")
    task_url = _base("task")
    for pk, title, due_on, programme_id, assigned_on, parts in found.iterator(FETCH):
        assert due_on is not None
        yield Matter(
            kind="task", ident=pk, subject=f"任务“{title}”完成时限", url=f"{task_url}{pk}/", due_on=due_on,
            live_from=assigned_on or due_on, **rules[programme_id], **_held_by(parts),
        )  # fmt: skip


def _at_work(ground: Ground) -> QuerySet[Task]:
    return Task.objects.filter(programme_id__in=list(ground.programmes), state=TaskState.ACTIVE).order_by()


def not_signed_for(ground: Ground) -> Iterator[Matter]:
    """Parts that were assigned and not signed for, counted from the day of assignment."""
    rules = {pk: _rules(programme, "sign_for") for pk, programme in ground.programmes.items()}
    parts = Responsibility.objects.filing().filter(
        task__in=_at_work(ground).values("pk"), state=PartState.ASSIGNED, assigned_on__isnull=False
    )
    found = parts.order_by().values_list(
        "pk", "task_id", "task__title", "task__programme_id", "assigned_on", "department_id"
    )
    task_url = _base("task")
    for pk, task_id, title, programme_id, assigned_on, unit in found.iterator(FETCH):
        yield Matter(
            kind="sign_for", ident=pk, subject=f"任务“{title}”待签收", url=f"{task_url}{task_id}/",
            due_on=assigned_on, live_from=assigned_on, heads_from=2, units=frozenset({unit}), **rules[programme_id],
        )  # fmt: skip


def windows(ground: Ground) -> Iterator[Matter]:
    """Units that still owe lines. Quiet while a line is under review: then it is not the unit's turn."""
    rules = {pk: _rules(programme, "window") for pk, programme in ground.programmes.items()}
    opened = ReportingWindow.objects.filter(
        programme_id__in=list(rules), opens_on__lte=ground.day, locked_at__isnull=True
    ).in_bulk()
    waiting: dict[tuple[int, int], set[str]] = defaultdict(set)
    for source in sources():
        for unit, filed, window_id, _count in source.owed(list(opened)):
            state = filed or EntryState.DRAFT
            if state in EntryState.with_unit():
                waiting[window_id, unit].add(state)
    for (window_id, unit), states in sorted(waiting.items()):
        window = opened[window_id]
        only_signature = states == {EntryState.SUBMITTED}
        what = "进展待审签" if only_signature else "进展待报送"
        mine = frozenset({unit})
        yield Matter(
            kind=f"window-{unit}",
            ident=window.pk,
            subject=f"《{ground.programmes[window.programme_id].short_title}》{window.label}{what}",
            url=reverse("sign_off" if only_signature else "sheet", args=[window.pk, unit]),
            due_on=window.due_on,
            live_from=window.opens_on,
            units=frozenset() if only_signature else mine,
            heads_only=mine if only_signature else frozenset(),
            **rules[window.programme_id],
        )


def documents(ground: Ground) -> Iterator[Matter]:
    """One matter per document that runs out, held by the office that runs a programme on it."""
    resting = {
        (programme.document_id, programme.jurisdiction_id): programme
        for programme in ground.programmes.values()
        if programme.document_id
    }
    named = PolicyDocument.objects.filter(pk__in={document for document, _place in resting})
    for document in running_out(named, ground.day).order_by("pk"):
        programme = resting.get((document.pk, document.jurisdiction_id))
        if programme is None or document.valid_until is None:
            continue
        yield Matter(
            kind="validity",
            ident=document.pk,
            programme=programme.pk,
            jurisdiction=programme.jurisdiction_id,
            subject=f"文件《{document.title[:120]}》有效期届满，需定续期、修订或废止",
            url=reverse("document_validity", args=[document.pk]),
            due_on=document.valid_until,
            live_from=asked_from(document) or date.min,
            rungs=VALIDITY,
        )
