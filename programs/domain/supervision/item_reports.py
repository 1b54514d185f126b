"""反馈 of a handling unit: typed, signed off, reviewed; the table is that of every filed row (`domain/filing.py`).

The item takes the place of the reporting window: as long as it is in hand, reports move. An accepted final report
(办结报告) finishes the part. An assisting unit reports to the handling unit, not here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import EntryState, ItemPartState, SignMode
from programs.domain.filing import (
    accept_rows,
    countersign_rows,
    filing_machine,
    return_rows,
    sign_rows,
    signature,
    submit_rows,
    unsign_rows,
    with_words,
    withdraw_rows,
)
from programs.models import ItemPart, ItemReport, ItemReportFile
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.models import StoredFile
from qualitycity.files.storing import store
from qualitycity.workflow import IllegalMove, NotAllowed, advance

from .item_notices import tell_next
from .item_parts import finish_reported_parts, in_hand, sign_for_reported_parts

FIELDS = ("final", "progress", "result", "problems")
LONGEST = 2000
PER_REPORT = 10


def still_owed(report: ItemReport, actor: ActorContext | None = None) -> str:
    """Guard of every move: the item is in hand and this unit answers for a part that is not settled."""
    part = report.part
    if not part.answers:
        return _("An assisting unit reports to the handling unit.")
    if part.state in ItemPartState.settled():
        return _("This unit's part is settled; nothing more is reported on it.")
    return in_hand(part)


def missing(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a report must say before it leaves the desk."""
    wrong: dict[str, Any] = {}
    if not (values.get("progress") or "").strip():
        wrong["progress"] = _("Please say how the matter was handled.")
    if values.get("final") and not (values.get("result") or "").strip():
        wrong["result"] = _("A final report names the result.")
    return wrong


def complete(report: ItemReport, actor: ActorContext) -> str:
    return next(iter(missing({name: getattr(report, name) for name in FIELDS}).values()), "")


#: A part has one report after the other; none is corrected once it is accepted.
ITEM_REPORTS = filing_machine(
    "programs.ItemReport",
    related=("part__item__jurisdiction", "part__department"),
    snapshot=("final",),
    complete=complete,
    on_submit=(sign_for_reported_parts,),
    on_move=(tell_next,),
    on_accept=(finish_reported_parts,),
    still_open=still_owed,
).without("supersede")


def _locked(part: ItemPart) -> tuple[ItemPart, ItemReport | None]:
    """The part under lock and its report that is on its way, if there is one."""
    part = ItemPart.objects.select_related(*("item__jurisdiction", "department")).select_for_update(of=("self",)).get(
        pk=part.pk
    )
    report = (
        ItemReport.objects.select_for_update(of=("self",))
        .filter(part=part)
        .exclude(state__in=[EntryState.ACCEPTED, EntryState.SUPERSEDED])
        .first()
    )
    if report is not None:
        report.part = part
    return part, report


def _demand_filing(report: ItemReport, actor: ActorContext) -> None:
    """Who may enter something for the unit may still not see the unit's own draft."""
    decision = can(actor, "file", report)
    if decision and report.pk and not can(actor, "view", report):
        raise NotAllowed(_("The unit has begun a report of its own; its draft is not shown to the office."), report)
    if not decision:
        raise NotAllowed(decision.reason, report)


def save(
    part: ItemPart,
    *,
    actor: ActorContext,
    values: Mapping[str, Any],
    row_version: int | None = None,
    uploads: Sequence[UploadedFile] = (),
) -> ItemReport:
    """The draft of the part's next report, with files chosen beside it; made when it is first saved.

    `row_version` is the one the person looked at, None where there was no draft yet. Raises FileRefused, NotAllowed
    and IllegalMove with a sentence; then nothing is kept.
    """
    with transaction.atomic():
        part, report = _locked(part)
        report = _write(part, report, actor, values, row_version)
        if uploads:
            _attach(report, actor=actor, uploads=uploads)
    return report


def _write(
    part: ItemPart, report: ItemReport | None, actor: ActorContext, values: Mapping[str, Any], row_version: int | None
) -> ItemReport:
    """The draft with these values; part and report are locked."""
    fresh = report is None
    if report is None:
        report = ItemReport(part=part)
        report.on_behalf = not can(actor, "file_own", report)
    _demand_filing(report, actor)
    blocked = still_owed(report)
    if not blocked and report.state not in EntryState.editable():
        blocked = _("This report has been handed in already; take it back first.")
    if not blocked and not fresh and row_version != report.row_version:
        blocked = _("Somebody else has changed this report in the meantime. Please look at it again.")
    if blocked:
        raise IllegalMove(blocked, report if report.pk else part)
    changed = [name for name in FIELDS if name in values and getattr(report, name) != values[name]]
    for name in changed:
        setattr(report, name, values[name])
    if fresh:
        report.save()
    elif changed:
        report.row_version += 1
        report.save()
    return report


def _attach(report: ItemReport, *, actor: ActorContext, uploads: Sequence[UploadedFile]) -> None:
    if report.files.count() + len(uploads) > PER_REPORT:
        raise IllegalMove(_("At most %(count)s files per report.") % {"count": PER_REPORT}, report)
    for upload in uploads:
        stored = store(upload, purpose="item_report", actor=actor)
        ItemReportFile.objects.create(report=report, file=stored)
        after = {} if report.part.item.restricted else {"file": stored.original_name}
        record(subject=report, action="attach", actor=actor, after=after, audience="unit")


def take_over(
    part: ItemPart, *, actor: ActorContext, said: str, files: Sequence[StoredFile] = ()
) -> ItemReport:
    """采纳: what an assisting unit said stands in the handling unit's draft from now on, begun if there was none, with
    the files behind it. Raises NotAllowed and IllegalMove with a sentence; then nothing is kept."""
    with transaction.atomic():
        part, report = _locked(part)
        progress = with_words(report.progress if report else "", said, longest=LONGEST, row=part)
        report = _write(part, report, actor, {"progress": progress}, report.row_version if report else None)
        if files and report.files.count() + len(files) > PER_REPORT:
            raise IllegalMove(_("At most %(count)s files per report.") % {"count": PER_REPORT}, part)
        ItemReportFile.objects.bulk_create(ItemReportFile(report=report, file=file) for file in files)
    return report


def detach(piece: ItemReportFile, *, actor: ActorContext) -> None:
    """Takes a file off a report that is still with whoever types it; the journal keeps its hash."""
    with transaction.atomic():
        _part, report = _locked(piece.report.part)
        if report is None or report.pk != piece.report_id or report.state not in EntryState.editable():
            raise IllegalMove(_("This report has been handed in already; take it back first."), piece.report)
        _demand_filing(report, actor)
        before = {"sha256": piece.file.sha256}
        if not report.part.item.restricted:
            before["file"] = piece.file.original_name
        piece.delete()
        record(subject=report, action="detach", actor=actor, before=before, audience="unit")


def submit(report: ItemReport, *, actor: ActorContext, row_version: int | None = None) -> ItemReport:
    """提交 for the head's signature; signs for the part as well."""
    versions = None if row_version is None else {report.pk: row_version}
    return submit_rows(ITEM_REPORTS, [report], actor=actor, versions=versions)[0]


def withdraw(report: ItemReport, *, actor: ActorContext) -> ItemReport:
    return withdraw_rows(ITEM_REPORTS, [report], actor=actor)[0]


def sign(report: ItemReport, *, actor: ActorContext, row_version: int | None = None) -> ItemReport:
    """审签."""
    versions = None if row_version is None else {report.pk: row_version}
    return sign_rows(ITEM_REPORTS, [report], actor=actor, versions=versions)[0]


def sign_on_paper(report: ItemReport, *, actor: ActorContext, scan: UploadedFile) -> ItemReport:
    """纸质审签: the signed and stamped page becomes part of the report."""
    with transaction.atomic():
        moved = advance(
            ITEM_REPORTS, report, "sign_on_paper", actor=actor, fields=signature(actor, SignMode.PAPER)
        )
        _attach(moved, actor=actor, uploads=[scan])
    return moved


def countersign(report: ItemReport, *, actor: ActorContext) -> ItemReport:
    """会签 by the office, where the unit has nobody but the filer to sign."""
    return countersign_rows(ITEM_REPORTS, [report], actor=actor)[0]


def unsign(report: ItemReport, *, actor: ActorContext) -> ItemReport:
    return unsign_rows(ITEM_REPORTS, [report], actor=actor)[0]


def send_back(report: ItemReport, *, actor: ActorContext, by: str, reason: str) -> ItemReport:
    """退回 by the "head" or the "office", with the reason in full."""
    return return_rows(ITEM_REPORTS, [report], actor=actor, by=by, reason=reason)[0]


def accept(
    report: ItemReport, *, actor: ActorContext, remark: str = "", row_version: int | None = None
) -> ItemReport:
    """审核通过; a final report finishes the unit's part."""
    versions = None if row_version is None else {report.pk: row_version}
    return accept_rows(ITEM_REPORTS, [report], actor=actor, remark=remark, versions=versions)[0]
