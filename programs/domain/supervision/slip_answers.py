"""回复: answers to slips go the way of every filed row – 填报 → 审签 → 审核 – and move their slip with them.

Submitting acknowledges (减负: no second form), a signature answers the slip, a return takes it back to the unit. An
answer has no window that closes: it can be given and refused as long as the slip is open.
"""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import EntryState, SlipState
from programs.models import Slip, SlipAnswer, SlipAnswerFile
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.workflow import Change, IllegalMove, NotAllowed, advance_many

from ..filing import (
    accept_rows,
    countersign_rows,
    filing_machine,
    return_rows,
    sign_rows,
    submit_rows,
    unsign_rows,
    withdraw_rows,
)
from . import slip_notices
from .slips import SLIPS, settle

FIELDS = ("text", "measures", "promised_on")
FILES = 10


def slip_open(row: SlipAnswer, actor: ActorContext) -> Any:
    """Guard: the slip has been issued and is neither settled nor void."""
    if row.slip.state not in SlipState.open():
        return _("The slip is not open any more: it is now “%(state)s”.") % {
            "state": row.slip.get_state_display()
        }
    return ""


def _complete(row: SlipAnswer, actor: ActorContext) -> Any:
    if not row.text.strip():
        return _("Say how the matter stands now.")
    if not row.measures.strip():
        return _("Say what has been done or will be done.")
    return ""


def _acknowledge(changes: list[Change]) -> None:
    """Effect of `submit`: who answers has received the slip. Not when the office typed the answer."""
    slips = [
        change.obj.slip
        for change in changes
        if change.obj.slip.state == SlipState.ISSUED and not change.obj.on_behalf
    ]
    if slips:
        actor = changes[0].actor
        fields = {
            slip.pk: {"acknowledged_by_id": actor.user_id, "acknowledged_at": timezone.now()}
            for slip in slips
        }
        advance_many(SLIPS, slips, "acknowledge", actor=actor, fields=fields)


def _move_slips(changes: list[Change]) -> None:
    """Effect of every move: a signature answers the slip, a return or a signature taken back opens it again."""
    now = timezone.now()
    answered = [change.obj.slip for change in changes if change.action in ("sign", "countersign")]
    opened = [change.obj.slip for change in changes if change.action in ("unsign", "return_by_office")]
    actor = changes[0].actor
    if answered:
        fields = {
            slip.pk: {"answered_at": now, "acknowledged_at": slip.acknowledged_at or now} for slip in answered
        }
        advance_many(SLIPS, answered, "answer", actor=actor, fields=fields)
    if opened:
        fields = {slip.pk: {"answered_at": None} for slip in opened}
        advance_many(SLIPS, opened, "reopen_answer", actor=actor, fields=fields)


#: No window, hence no correction after acceptance; an answer on paper is typed in by the office (代填) with its scan.
ANSWERS = filing_machine(
    "programs.SlipAnswer",
    related=("slip__jurisdiction", "slip__department", "slip__item_part__item"),
    snapshot=("text", "measures", "promised_on"),
    complete=_complete,
    on_submit=(_acknowledge,),
    on_move=(_move_slips, slip_notices.tell_answer),
    still_open=slip_open,
).without("sign_on_paper", "supersede")


def open_answer(slip: Slip) -> SlipAnswer | None:
    """The answer that is being written or judged; None: none yet."""
    return (
        slip.answers.exclude(state__in=[EntryState.ACCEPTED, EntryState.SUPERSEDED])
        .order_by("-version")
        .first()
    )


def _held(slip: Slip, actor: ActorContext, row_version: int | None) -> SlipAnswer:
    """The answer under lock (a new one where there is none), judged: may this person write it now?"""
    slip = (
        Slip.objects.select_related("jurisdiction", "department", "item_part__item")
        .select_for_update(of=("self",))
        .get(pk=slip.pk)
    )
    found = open_answer(slip)
    if found is None and slip.answers.exists():
        raise IllegalMove(_("The answer to this slip has been accepted already."), slip)
    answer = found or SlipAnswer(slip=slip, on_behalf=not can(actor, "file_own", SlipAnswer(slip=slip)))
    answer.slip = slip
    decision = can(actor, "file", answer)
    if decision and answer.pk:
        decision = can(actor, "view", answer)
    if not decision:
        raise NotAllowed(decision.reason, answer)
    blocked = slip_open(answer, actor)
    if not blocked and answer.state not in EntryState.editable():
        blocked = _("The answer has been handed in already; take it back first.")
    if not blocked and row_version is not None and answer.pk and answer.row_version != row_version:
        blocked = _("Somebody else has changed this line in the meantime. Please look at it again.")
    if blocked:
        raise IllegalMove(blocked, answer)
    return answer


def save(
    *,
    slip: Slip,
    actor: ActorContext,
    values: dict[str, Any],
    uploads: Sequence[UploadedFile] = (),
    row_version: int | None = None,
) -> SlipAnswer:
    """The draft of the answer, with the files chosen beside it: all of it or nothing."""
    with transaction.atomic():
        answer = _held(slip, actor, row_version)
        before = {name: getattr(answer, name) for name in FIELDS}
        for name in FIELDS:
            setattr(answer, name, values[name])
        if answer.pk is None:
            answer.save()
        elif before != {name: values[name] for name in FIELDS}:
            answer.row_version += 1
            answer.save(update_fields=[*FIELDS, "row_version", "updated_at"])
        if uploads:
            _attach(answer, actor, uploads)
    return answer


def _attach(answer: SlipAnswer, actor: ActorContext, uploads: Sequence[UploadedFile]) -> None:
    if answer.files.count() + len(uploads) > FILES:
        raise IllegalMove(_("At most %(count)s files per answer.") % {"count": FILES}, answer)
    for upload in uploads:
        stored = store(upload, purpose="slip_answer", actor=actor)
        SlipAnswerFile.objects.create(answer=answer, file=stored)
        record(
            subject=answer,
            action="attach",
            actor=actor,
            after={"file": stored.original_name},
            audience="unit",
        )


def detach(file: SlipAnswerFile, *, actor: ActorContext) -> None:
    """Takes a file off an answer that is still with the unit."""
    with transaction.atomic():
        answer = _held(file.answer.slip, actor, None)
        if file.answer_id != answer.pk:
            raise IllegalMove(_("There is no such file on this answer."), answer)
        before = {"file": file.file.original_name, "sha256": file.file.sha256}
        file.delete()
        record(subject=answer, action="detach", actor=actor, before=before, audience="unit")


def submit(
    *,
    slip: Slip,
    actor: ActorContext,
    values: dict[str, Any],
    uploads: Sequence[UploadedFile] = (),
    row_version: int | None = None,
) -> SlipAnswer:
    """提交审签: text and files are kept and handed to the head in one act; what is incomplete is not kept at all."""
    blocked = _complete(SlipAnswer(slip=slip, text=values["text"], measures=values["measures"]), actor)
    if blocked:
        raise IllegalMove(blocked, slip)
    with transaction.atomic():
        answer = save(slip=slip, actor=actor, values=values, uploads=uploads, row_version=row_version)
        return submit_rows(ANSWERS, [answer], actor=actor)[0]


def take_back(answer: SlipAnswer, *, actor: ActorContext) -> SlipAnswer:
    return withdraw_rows(ANSWERS, [answer], actor=actor)[0]


def sign(answer: SlipAnswer, *, actor: ActorContext, row_version: int | None = None) -> SlipAnswer:
    """审签 by the head: the slip is answered."""
    versions = None if row_version is None else {answer.pk: row_version}
    return sign_rows(ANSWERS, [answer], actor=actor, versions=versions)[0]


def countersign(answer: SlipAnswer, *, actor: ActorContext) -> SlipAnswer:
    return countersign_rows(ANSWERS, [answer], actor=actor)[0]


def unsign(answer: SlipAnswer, *, actor: ActorContext) -> SlipAnswer:
    return unsign_rows(ANSWERS, [answer], actor=actor)[0]


def refuse(answer: SlipAnswer, *, actor: ActorContext, by: str, reason: str) -> SlipAnswer:
    """退回 by the "head" or the "office", with a reason; refused by the office, the slip is open again."""
    return return_rows(ANSWERS, [answer], actor=actor, by=by, reason=reason)[0]


def accept(
    answer: SlipAnswer,
    *,
    actor: ActorContext,
    remark: str = "",
    settled: bool = True,
    row_version: int | None = None,
) -> SlipAnswer:
    """通过. `settled`: the slip is settled with it; otherwise it stays in hand until what was promised is done."""
    versions = None if row_version is None else {answer.pk: row_version}
    with transaction.atomic():
        row = accept_rows(ANSWERS, [answer], actor=actor, remark=remark, versions=versions)[0]
        if settled and row.slip.state == SlipState.ANSWERED:
            settle(row.slip, actor=actor)
    return row
