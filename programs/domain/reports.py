"""进展报告 in the making: asked for, built by a job, frozen with its file.

| from | action | to | who |
|---|---|---|---|
| queued | begin | building | the clock (worker) |
| queued, building | finish | ready | the clock |
| queued, building | fail | failed | the clock, with the sentence |
| failed | retry 重新生成 | queued | who may build it |
"""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import BuildState, ReportScope
from programs.models import Programme, ProgressReport, ReportingWindow, Section
from qualitycity.access import SYSTEM, ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import discard, store
from qualitycity.outbox.messages import enqueue
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Department

QUEUED, BUILDING, READY, FAILED = BuildState.QUEUED, BuildState.BUILDING, BuildState.READY, BuildState.FAILED


def _ask(changes: list[Change]) -> None:
    """Effect of `retry`: a new message under a new key."""
    for change in changes:
        _enqueue(change.obj)


BUILDS = Machine(
    model="programs.ProgressReport",
    field="state",
    related=("programme__jurisdiction", "window", "section", "department"),
    transitions=(
        Transition("begin", frozenset({QUEUED}), BUILDING, "build", gettext_lazy("Begin"), by="clock"),
        Transition(
            "finish", frozenset({QUEUED, BUILDING}), READY, "build", gettext_lazy("Ready"), by="clock"
        ),
        Transition(
            "fail", frozenset({QUEUED, BUILDING}), FAILED, "build", gettext_lazy("Failed"), by="clock"
        ),
        Transition(
            "retry", frozenset({FAILED}), QUEUED, "build", gettext_lazy("Build again"), effects=(_ask,)
        ),
    ),
)


def _enqueue(report: ProgressReport) -> None:
    enqueue(
        "report.build",
        key=f"report:{report.pk}:{report.row_version}",
        queue="pdf",
        payload={"report": report.pk},
    )


def title_of(
    programme: Programme, window: ReportingWindow, section: Section | None, department: Department | None
) -> str:
    """《…》2026年第一季度进展报告（市质监局）."""
    of = f"（{section.title}）" if section else f"（{department}）" if department else ""
    return f"《{programme.short_title}》{window.label}进展报告{of}"


def request(
    *,
    actor: ActorContext,
    programme: Programme,
    window: ReportingWindow,
    scope: str,
    section: Section | None = None,
    department: Department | None = None,
) -> ProgressReport:
    """Asks for a report; a worker builds it. Raises NotAllowed, or IllegalMove for parts that do not fit together."""
    if window.programme_id != programme.pk or (section and section.programme_id != programme.pk):
        raise IllegalMove(_("Period and section belong to another programme."))
    if (scope == ReportScope.SECTION) != (section is not None):
        raise IllegalMove(_("Please choose the section."))
    if (scope == ReportScope.DEPARTMENT) != (department is not None):
        raise IllegalMove(_("Please choose the department."))
    report = ProgressReport(
        programme=programme,
        window=window,
        scope=scope,
        section=section,
        department=department,
        title=title_of(programme, window, section, department),
        requested_by_id=actor.person_id,
        requested_at=timezone.now(),
    )
    decision = can(actor, "build", report)
    if not decision:
        raise NotAllowed(decision.reason)
    with transaction.atomic():
        report.save()
        record(subject=report, action="request_report", actor=actor.on_behalf(decision.grant))
        _enqueue(report)
    return report


def begin(report: ProgressReport) -> ProgressReport:
    return advance(BUILDS, report, "begin", actor=SYSTEM)


def finish(
    report: ProgressReport, *, content: dict[str, Any], sha256: str, pdf: bytes, at: datetime
) -> ProgressReport:
    """Freezes content and file together; called inside the outbox message's transaction."""
    author = ActorContext(user_id=report.requested_by_id, label="")
    stored = store(
        ContentFile(pdf, name=f"{report.title}.pdf"),
        purpose="progress_report",
        actor=author,
        allowed=("pdf",),
    )
    fields = {
        "content": content,
        "content_sha256": sha256,
        "file_id": stored.pk,
        "built_at": at,
        "failure": "",
    }
    moved = advance(BUILDS, report, "finish", actor=SYSTEM, fields=fields)
    if moved.file_id != stored.pk:
        # finished already: the file that stands stays, this one goes
        discard(stored)
    return moved


def fail(report: ProgressReport, *, sentence: str) -> ProgressReport:
    return advance(BUILDS, report, "fail", actor=SYSTEM, reason=sentence, fields={"failure": sentence[:300]})


def retry(report: ProgressReport, *, actor: ActorContext) -> ProgressReport:
    return advance(BUILDS, report, "retry", actor=actor, fields={"failure": ""})
