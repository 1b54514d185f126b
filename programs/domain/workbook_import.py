"""导回填报表: an upload is read and kept, looked at as often as one likes, then brought in as a whole or thrown away."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import ReportingWindow, WorkbookImport
from programs.workbook.reader import from_json, read_workbook, to_json
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.refusals import FileRefused
from qualitycity.files.storing import examine
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import ImportState
from taskforce.models import Department

from . import sheet
from .workbook import demand_filing, workbook_sheets
from .workbook_plan import Plan, make_plan, misplaced


def open_import(
    *,
    actor: ActorContext,
    window: ReportingWindow,
    department: Department,
    departments: Collection[int],
    upload: File,
) -> WorkbookImport:
    """Checks and reads the workbook. Raises FileRefused with a sentence; then nothing is kept.

    An earlier upload of the same person for the same sheet, never settled, goes.
    """
    demand_filing(sheet.sheet_lines(window, departments), actor)
    name, _kind, sha256 = examine(upload, allowed=("xlsx",))
    with upload.open() as content:
        book = read_workbook(content, workbook_sheets())
    wrong = misplaced(book.stamp, window=window, department=department.pk)
    if wrong:
        raise FileRefused(wrong)
    with transaction.atomic():
        older = WorkbookImport.objects.select_for_update().filter(
            window=window, department=department, uploaded_by_id=actor.person_id, state=ImportState.OPEN
        )
        older.update(state=ImportState.DISCARDED, content={}, settled_at=timezone.now())
        row = WorkbookImport.objects.create(
            window=window,
            department=department,
            uploaded_by_id=actor.person_id,
            uploaded_at=timezone.now(),
            file_name=name,
            sha256=sha256,
            content=to_json(book),
        )
        record(
            subject=row, action="upload_workbook", actor=actor, audience="office",
            after={"unit": department.name, "sha256": sha256},
        )  # fmt: skip
    return row


def plan_of(draft: WorkbookImport, *, actor: ActorContext, departments: Collection[int]) -> Plan:
    """What the import would do to the sheet as it is now."""
    lines = sheet.sheet_lines(draft.window, departments)
    return make_plan(from_json(draft.content), actor=actor, lines_now=lines)


@dataclass(frozen=True)
class BroughtIn:
    """How many lines were changed, and how many handed in; `again`: it had been brought in before."""

    changed: int = 0
    filed: int = 0
    again: bool = False


def carry_out(
    draft: WorkbookImport, *, actor: ActorContext, departments: Collection[int], seen: str, final: bool = False
) -> BroughtIn:
    """Every line as a draft, and with `final` the whole sheet handed in: everything or nothing.

    `seen` is the digest of the plan the person looked at. Raises IllegalMove when a cell is refused, when the sheet has
    changed since, or when the upload was thrown away; carrying it out twice is a no-op.
    """
    _demand(actor, draft)
    with transaction.atomic():
        # settled first, which keeps a second press waiting: whatever is refused below takes this back as well
        if not _settle(draft, ImportState.DONE):
            draft.refresh_from_db(fields=["state"])
            if draft.state == ImportState.DONE:
                return BroughtIn(again=True)
            raise IllegalMove(_("This workbook was thrown away; upload it again."), draft)
        lines = sheet.sheet_lines(draft.window, departments, lock=True)
        plan = make_plan(from_json(draft.content), actor=actor, lines_now=lines)
        if plan.problems:
            raise IllegalMove(_("Some cells are refused; nothing was brought in. Correct the workbook first."), draft)
        if plan.digest != seen:
            raise IllegalMove(_("The sheet was changed in the meantime. Please look at the list again."), draft)
        if final and plan.missing:
            raise IllegalMove(_("Something is still missing; nothing was handed in."), draft)
        typed = plan.final if final else plan.typed
        act = sheet.submit if final else sheet.save
        outcome = act(actor=actor, window=draft.window, departments=departments, typed=typed, held=lines)
        if not outcome.ok:
            # somebody was quicker between the look and the press; what was written so far is taken back
            raise IllegalMove(_("The sheet was changed in the meantime. Please look at the list again."), draft)
        done = BroughtIn(len(plan.changed), outcome.moved)
        record(
            subject=draft, action="import_workbook", actor=actor, audience="office",
            after={"changed": done.changed, "filed": done.filed},
        )  # fmt: skip
    return done


def discard(draft: WorkbookImport, *, actor: ActorContext) -> None:
    """Thrown away: nothing was brought in, and the cells that were read are gone."""
    _demand(actor, draft)
    with transaction.atomic():
        if _settle(draft, ImportState.DISCARDED):
            record(subject=draft, action="discard_workbook", actor=actor, audience="office")


def _settle(draft: WorkbookImport, state: ImportState) -> bool:
    """Whether the upload was open until now; the row is locked to the end of the transaction. The cells that were read
    go from the table, not from `draft`."""
    rows = WorkbookImport.objects.filter(pk=draft.pk, state=ImportState.OPEN)
    return bool(rows.update(state=state, content={}, settled_at=timezone.now()))


def _demand(actor: ActorContext, draft: WorkbookImport) -> None:
    decision = can(actor, "edit", draft)
    if not decision:
        raise NotAllowed(decision.reason, draft)
