"""方案: the transition table of a programme, its reporting windows, and their locking.

| from | action | to | who |
|---|---|---|---|
| draft | start 启动 | running | office administrator |
| running | close 结束 | closed | office administrator, with a reason |
| draft, closed | archive 归档 | archived | office administrator |
"""

from datetime import date, timedelta
from itertools import count
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import PartState, ProgrammeState, TaskNature, TaskState
from programs.models import PolicyDocument, Programme, ReportingWindow, Responsibility, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.periods import Kind, periods_between
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workflow import (
    Batch,
    Change,
    IllegalMove,
    Machine,
    NotAllowed,
    Transition,
    advance,
    advance_together,
)
from taskforce.models import Jurisdiction

from . import burden, rules
from .parts import PARTS
from .sheet import outstanding
from .tasks import TASKS

DRAFT, RUNNING = ProgrammeState.DRAFT, ProgrammeState.RUNNING
CLOSED, ARCHIVED = ProgrammeState.CLOSED, ProgrammeState.ARCHIVED


def _move(action: str, source: set[str], target: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, "decide", label, **more)


def _end_ongoing(changes: list[Change]) -> None:
    """Effect of closing: 常态推进 and 指标类 end with the programme; definite outcomes stay as they are.

    What is not finished then is carried over by 转入新年度.
    """
    actor = changes[0].actor
    programmes = [change.obj.pk for change in changes]
    natures = [TaskNature.ONGOING, TaskNature.INDICATOR]
    today = timezone.localdate()
    parts = list(
        Responsibility.objects.filter(
            task__programme_id__in=programmes,
            task__nature__in=natures,
            task__state=TaskState.ACTIVE,
            state__in=[PartState.ASSIGNED, PartState.SIGNED_FOR],
        )
        .select_related(*PARTS.related)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    settled = {part.pk: {"settled_on": today} for part in parts}
    advance_together([Batch(PARTS, parts, settled, held=True)], "finish", actor=actor)
    tasks = list(
        Task.objects.filter(programme_id__in=programmes, nature__in=natures, state=TaskState.ACTIVE)
        .select_related(*TASKS.related)
        .prefetch_related(*TASKS.prefetch)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    completed = {task.pk: {"completed_on": today} for task in tasks}
    advance_together([Batch(TASKS, tasks, completed, held=True)], "complete", actor=actor)


PROGRAMMES = Machine(
    model="programs.Programme",
    field="state",
    related=("jurisdiction",),
    transitions=(
        _move("start", {DRAFT}, RUNNING, gettext_lazy("Start the programme")),
        _move("close", {RUNNING}, CLOSED, gettext_lazy("Close the programme"), reason_required=True),
        _move("archive", {DRAFT, CLOSED}, ARCHIVED, gettext_lazy("File as historical record")),
    ),
)


def create(
    *,
    actor: ActorContext,
    jurisdiction: Jurisdiction,
    title: str,
    short_title: str,
    starts_on: date,
    ends_on: date,
    report_every: str,
    document: PolicyDocument | None = None,
    contact: str = "",
) -> Programme:
    """A programme by hand, as a draft, for an office without an imported document. Its key is the code of the
    territory, the year and a running number."""
    programme = Programme(
        jurisdiction=jurisdiction,
        document=document,
        title=title.strip(),
        short_title=short_title.strip(),
        year=starts_on.year,
        starts_on=starts_on,
        ends_on=ends_on,
        report_every=report_every,
        contact=contact.strip(),
    )
    decision = can(actor, "manage", programme)
    if not decision:
        raise NotAllowed(decision.reason)
    if starts_on > ends_on:
        raise IllegalMove(_("The programme ends before it starts."))
    if not programme.title or not programme.short_title:
        raise IllegalMove(_("The programme needs a title and a short title."))
    with transaction.atomic():
        # one at a time per territory, so that the running number is free
        Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
        stem = f"{jurisdiction.code}-{starts_on.year}-"
        taken = set(Programme.objects.filter(key__startswith=stem).values_list("key", flat=True))
        programme.key = next(key for number in count(1) if (key := f"{stem}{number}") not in taken)
        programme.save()
        acting = actor.on_behalf(decision.grant)
        record(subject=programme, action="create", actor=acting, after={"title": programme.title})
    return programme


def start(programme: Programme, *, actor: ActorContext, reason: str = "") -> Programme:
    """启动: seals the rules and opens the windows of every period the programme touches.

    `reason` is needed where units would then be asked for more than the limit of the territory (填报负担).
    """
    with transaction.atomic():
        # as it stands now, not as the caller read it: the office sets rules while it prepares
        held = Programme.objects.select_for_update().get(pk=programme.pk)
        fields = {
            "light_policy_id": held.light_policy_id or rules.light_policy().pk,
            "reminder_ladder_id": held.reminder_ladder_id or rules.reminder_ladder().pk,
        }
        # pressed twice, it is judged once
        begun = held.state != DRAFT
        programme = advance(PROGRAMMES, programme, "start", actor=actor, fields=fields)
        open_windows(programme)
        if not begun:
            place = programme.jurisdiction
            burden.check_burden(
                actor=actor, subject=programme, jurisdiction=place, asks=burden.asks_of(programme), reason=reason
            )
    return programme


def open_windows(programme: Programme) -> None:
    """One window per period from the start to the end; existing ones stay as they are."""
    ReportingWindow.objects.bulk_create(_windows(programme), ignore_conflicts=True)


def burden_of_start(programme: Programme) -> str:
    """Units that a start would ask for more than the limit, and how often, in a sentence; "" where there are none.
    Nothing is written."""
    if programme.state != DRAFT:
        return ""
    asks = burden.asks_to_come(programme, _windows(programme))
    return burden.warning(jurisdiction=programme.jurisdiction, asks=asks)


def _windows(programme: Programme) -> list[ReportingWindow]:
    calendar = load_calendar()
    windows = []
    for period in periods_between(cast(Kind, programme.report_every), programme.starts_on, programme.ends_on):
        due = calendar.add_working_days(period.end, programme.report_due_after)
        windows.append(
            ReportingWindow(
                programme=programme,
                kind=period.kind,
                starts_on=period.start,
                ends_on=period.end,
                opens_on=period.end - timedelta(days=programme.report_opens_before),
                due_on=due,
            )
        )
    return windows


def close(programme: Programme, *, actor: ActorContext, reason: str) -> Programme:
    """结束: ends ongoing work first, while the programme still runs, then closes."""
    with transaction.atomic():
        decision = can(actor, "decide", programme)
        if not decision:
            raise NotAllowed(decision.reason, programme)
        _end_ongoing(
            [Change(programme, "close", programme.state, CLOSED, actor.on_behalf(decision.grant), reason)]
        )
        return advance(PROGRAMMES, programme, "close", actor=actor, reason=reason)


def archive(programme: Programme, *, actor: ActorContext) -> Programme:
    return advance(PROGRAMMES, programme, "archive", actor=actor)


def lock_window(window: ReportingWindow, *, actor: ActorContext, reason: str = "") -> ReportingWindow:
    """封存本期: nothing of the period changes any more. With lines still outstanding a reason is asked for."""
    with transaction.atomic():
        window = _locked(window, actor)
        if window.locked_at is not None:
            return window
        if window.ends_on >= timezone.localdate():
            raise IllegalMove(_("The period is not over yet."), window)
        if not reason.strip() and outstanding(window):
            raise IllegalMove(
                _("Some lines are not accepted yet. Say why the period is closed all the same."), window
            )
        window.locked_at = timezone.now()
        window.row_version += 1
        window.save(update_fields=["locked_at", "row_version"])
        record(subject=window, action="lock", actor=actor, to_state="locked", reason=reason)
    return window


def unlock_window(window: ReportingWindow, *, actor: ActorContext, reason: str) -> ReportingWindow:
    with transaction.atomic():
        window = _locked(window, actor)
        if window.locked_at is None:
            return window
        if not reason.strip():
            raise IllegalMove(_("Please give a reason."), window)
        window.locked_at = None
        window.row_version += 1
        window.save(update_fields=["locked_at", "row_version"])
        record(subject=window, action="unlock", actor=actor, from_state="locked", reason=reason)
    return window


def _locked(window: ReportingWindow, actor: ActorContext) -> ReportingWindow:
    window = (
        ReportingWindow.objects.select_related("programme__jurisdiction")
        .select_for_update(of=("self",))
        .get(pk=window.pk)
    )
    decision = can(actor, "decide", window)
    if not decision:
        raise NotAllowed(decision.reason, window)
    return window
