"""配合单位报牵头: the transition table of a supporting unit's part of one period.

| from | action | to | who |
|---|---|---|---|
| asked, asked_back | hand_in 报牵头单位 | handed_in | the supporting unit |
| handed_in | take_back 撤回 | asked | the supporting unit |
| handed_in | adopt 采纳 | adopted | liaison of the lead; the text goes into the lead's draft, the files with it |
| handed_in | ask_back 退回补充 | asked_back | liaison of the lead, with a reason |

Decided: it is never owed. A window is in time without it and no light looks at it, for a second report about the same
work would be a burden (减负); nor does the supporting unit's head sign it, for the lead answers for the whole and its
head signs that. The office sees what was adopted.
"""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.access.ground import FILERS, unit_grant
from programs.access.supervision.contributions import leading_parts
from programs.choices import ContributionState, EntryState, PartState, ResponsibilityRole, TaskState
from programs.models import Contribution, ContributionFile, Evidence, ReportingWindow, Responsibility, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance

from ..entries import LONGEST
from ..evidence import PER_LINE
from ..filing import period_open
from ..rules import CONTRIBUTION_DAYS
from ..sheet import Typed, save, sheet_lines
from . import contribution_notices as notices

ASKED, HANDED_IN = ContributionState.ASKED, ContributionState.HANDED_IN
ADOPTED, ASKED_BACK = ContributionState.ADOPTED, ContributionState.ASKED_BACK


def _open(row: Contribution, actor: ActorContext) -> Any:
    if row.part.task.state != TaskState.ACTIVE:
        return _("The task is not in progress (%(state)s).") % {"state": row.part.task.get_state_display()}
    return period_open(row, actor)


def _insert(changes: list[Change]) -> None:
    """Effect of `adopt`: text and files go into the lead's draft, where the lead edits them like its own."""
    for change in changes:
        row, actor = change.obj, change.actor
        lead = next(part for part in leading_parts(row) if can_file(actor, part))
        line = next(
            (
                line
                for line in sheet_lines(row.window, {lead.department_id or 0}, lock=True)
                if line.key == f"task-{lead.pk}"
            ),
            None,
        )
        if line is None or line.row.state not in EntryState.editable():
            raise IllegalMove(_("Your report has been handed in already; take it back first."), row)
        said = f"{row.part.department}：{row.text.strip()}"
        text = f"{line.row.progress.rstrip()}\n{said}" if line.row.progress.strip() else said
        if len(text) > LONGEST:
            raise IllegalMove(_("Your report would become too long (%(count)s characters).") % {"count": LONGEST}, row)
        typed = Typed({"progress": text, "unchanged": False}, line.row.row_version if line.row.pk else None)
        outcome = save(
            actor=actor, window=row.window, departments={lead.department_id or 0}, typed={line.key: typed}
        )
        if not outcome.ok:
            raise IllegalMove(next(iter(outcome.conflicts.values()), _("The report could not be changed.")), row)
        entry = lead.entries.filter(window=row.window).order_by("-version").first()
        assert entry is not None
        files = list(row.files.select_related("file"))
        if entry.evidence.count() + len(files) > PER_LINE:
            raise IllegalMove(_("At most %(count)s files per line.") % {"count": PER_LINE}, row)
        Evidence.objects.bulk_create(
            Evidence(entry=entry, file=piece.file, caption=f"{row.part.department}：{piece.file.original_name}"[:120])
            for piece in files
        )
        Contribution.objects.filter(pk=row.pk).update(adopted_into=entry)


def can_file(actor: ActorContext, part: Responsibility) -> bool:
    """Does the person file for this part's unit?"""
    return unit_grant(actor, part.department_id, *FILERS) is not None


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(
        action, frozenset(source), target, who, label,
        **{"guard": _open, "effects": (notices.tell_next,), "audience": "unit", **more},
    )  # fmt: skip


CONTRIBUTIONS = Machine(
    model="programs.Contribution",
    field="state",
    related=("part__task__programme__jurisdiction", "part__department", "window", "adopted_into"),
    prefetch=("part__task__parts__department",),
    transitions=(
        _move("hand_in", {ASKED, ASKED_BACK}, HANDED_IN, "contribute", gettext_lazy("To the lead")),
        _move("take_back", {HANDED_IN}, ASKED, "contribute", gettext_lazy("Take back")),
        _move(
            "adopt", {HANDED_IN}, ADOPTED, "collect", gettext_lazy("Adopt"), effects=(_insert, notices.tell_next)
        ),
        _move(
            "ask_back", {HANDED_IN}, ASKED_BACK, "collect", gettext_lazy("Ask back"), reason_required=True
        ),
    ),
)


def supporting(task: Task) -> list[Responsibility]:
    """Units whose part the lead collects."""
    return [
        part
        for part in task.parts.all()
        if part.role == ResponsibilityRole.SUPPORT
        and part.department_id is not None
        and part.state in (PartState.ASSIGNED, PartState.SIGNED_FOR, PartState.DONE)
    ]


def _new(part: Responsibility, window: ReportingWindow) -> Contribution:
    due = load_calendar().add_working_days(window.due_on, -CONTRIBUTION_DAYS)
    return Contribution(part=part, window=window, due_on=due)


def ask(*, task: Task, window: ReportingWindow, actor: ActorContext) -> list[Contribution]:
    """催: every supporting unit that has not handed in hears of it, once a day at most."""
    with transaction.atomic():
        # asking twice at once must not make two rows of one part
        task = Task.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction").get(pk=task.pk)
        there = {
            row.part_id: row
            for row in Contribution.objects.filter(part__task=task, window=window).select_for_update(of=("self",))
        }
        asked = []
        for part in supporting(task):
            row = there.get(part.pk) or _new(part, window)
            row.part.task, row.window = task, window
            decision = can(actor, "collect", row)
            if not decision:
                raise NotAllowed(decision.reason, task)
            blocked = _open(row, actor)
            if blocked:
                raise IllegalMove(blocked, task)
            if row.state not in ContributionState.with_unit():
                continue
            row.asked_by_id, row.asked_at = actor.user_id, timezone.now()
            row.row_version += 1 if row.pk else 0
            row.save()
            asked.append(row)
        if asked:
            record(
                subject=task,
                action="ask_supporters",
                actor=actor,
                after={"units": [str(row.part.department) for row in asked]},
            )
            notices.tell_asked(asked, actor)
    return asked


def hand_in(
    *,
    part: Responsibility,
    window: ReportingWindow,
    actor: ActorContext,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    row_version: int | None = None,
) -> Contribution:
    """报牵头单位, asked or not. Raises FileRefused with a sentence for the person."""
    with transaction.atomic():
        Responsibility.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if part.role != ResponsibilityRole.SUPPORT:
            raise IllegalMove(_("Only a supporting unit reports to the lead; your unit reports to the office."), part)
        row = Contribution.objects.filter(part=part, window=window).first() or _new(part, window)
        decision = can(actor, "contribute", row)
        if not decision:
            raise NotAllowed(decision.reason, part)
        if row.pk is None:
            blocked = _open(row, actor)
            if blocked:
                raise IllegalMove(blocked, part)
            row.save()
        if row.files.count() + len(uploads) > PER_LINE:
            raise IllegalMove(_("At most %(count)s files per line.") % {"count": PER_LINE}, part)
        fields = {"text": text.strip()[:1000], "filed_by_id": actor.user_id, "filed_at": timezone.now()}
        if not fields["text"]:
            raise IllegalMove(_("Please say what your unit has done."), part)
        if row.state == HANDED_IN and row.text != fields["text"]:
            raise IllegalMove(_("Your part is with the lead already; take it back before you change it."), part)
        version = row.row_version
        moved = advance(
            CONTRIBUTIONS, row, "hand_in", actor=actor, fields=fields, row_version=row_version if row_version else None
        )
        if moved.row_version != version:
            ContributionFile.objects.bulk_create(
                ContributionFile(contribution=moved, file=store(upload, purpose="contribution", actor=actor))
                for upload in uploads
            )
    return moved


def take_back(contribution: Contribution, *, actor: ActorContext) -> Contribution:
    return advance(CONTRIBUTIONS, contribution, "take_back", actor=actor)


def adopt(contribution: Contribution, *, actor: ActorContext) -> Contribution:
    """采纳."""
    fields = {"adopted_by_id": actor.user_id, "adopted_at": timezone.now()}
    return advance(CONTRIBUTIONS, contribution, "adopt", actor=actor, fields=fields)


def ask_back(contribution: Contribution, *, actor: ActorContext, reason: str) -> Contribution:
    """退回补充."""
    fields = {"remark": reason.strip()[:300]}
    return advance(CONTRIBUTIONS, contribution, "ask_back", actor=actor, reason=reason, fields=fields)
