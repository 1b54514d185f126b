"""文件导入: the transition table of an upload, and what the reading job puts into it.

| from | action | to | who |
|---|---|---|---|
| reading | read | review | the clock (worker), with the proposals |
| reading | fail | failed | the clock, with the sentence |
| failed | retry 重新读取 | reading | office |
| reading, failed, review | discard 放弃 | discarded | office |
| review | apply 建立方案 | applied | office; every proposal is settled |
| applied | undo 撤销 | review | office, while nothing has begun |
"""

from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import DraftState, ProposalState
from programs.importing.extraction import Extraction
from programs.importing.source import Source, Span
from programs.models import PolicyDraft, Proposal
from qualitycity.access import SYSTEM, ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.outbox.messages import enqueue
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.domain.naming import NameIndex
from taskforce.models import Jurisdiction

from . import comparing, heading, proposing
from .questions import blocked, questions

READING, FAILED, REVIEW = DraftState.READING, DraftState.FAILED, DraftState.REVIEW
APPLIED, DISCARDED = DraftState.APPLIED, DraftState.DISCARDED
#: What is taken in, by extension; the content is looked at as well.
ACCEPTED = ("docx", "pdf", "txt", "html", "htm", "xlsx")
#: Pasted text, in characters.
LONGEST_PASTE = 500_000


def _ask(changes: list[Change]) -> None:
    """Effect of `retry`: a new message under a new key."""
    for change in changes:
        _enqueue(change.obj)


DRAFTS = Machine(
    model="programs.PolicyDraft",
    field="state",
    related=("jurisdiction",),
    transitions=(
        Transition("read", frozenset({READING}), REVIEW, "edit", gettext_lazy("Read"), by="clock"),
        Transition("fail", frozenset({READING}), FAILED, "edit", gettext_lazy("Cannot be read"), by="clock"),
        Transition(
            "retry", frozenset({FAILED}), READING, "edit", gettext_lazy("Read again"), effects=(_ask,), audience="office"
        ),
        Transition(
            "discard", frozenset({READING, FAILED, REVIEW}), DISCARDED, "edit", gettext_lazy("Throw away"),
            audience="office",
        ),
        Transition("apply", frozenset({REVIEW}), APPLIED, "edit", gettext_lazy("Set up the programme")),
        Transition("undo", frozenset({APPLIED}), REVIEW, "edit", gettext_lazy("Undo the import")),
    ),
)  # fmt: skip


def _enqueue(draft: PolicyDraft) -> None:
    enqueue(
        "policy.read",
        key=f"policy:{draft.pk}:{draft.row_version}",
        queue="import",
        payload={"draft": draft.pk},
    )


def open_draft(
    *,
    actor: ActorContext,
    jurisdiction: Jurisdiction,
    upload: File | None = None,
    pasted: str = "",
    recognise: bool = True,
) -> PolicyDraft:
    """Takes a file or pasted text in; a worker reads it. Raises NotAllowed, FileRefused with a sentence, IllegalMove."""
    draft = PolicyDraft(
        jurisdiction=jurisdiction,
        created_by_id=actor.person_id,
        created_at=timezone.now(),
        recognise=recognise,
    )
    decision = can(actor, "edit", draft)
    if not decision:
        raise NotAllowed(decision.reason)
    if upload is None:
        if not pasted.strip():
            raise IllegalMove(_("Choose a file, or paste the text of the document."))
        if len(pasted) > LONGEST_PASTE:
            raise IllegalMove(_("Pasted text has at most %(limit)s characters.") % {"limit": LONGEST_PASTE})
        upload = ContentFile(pasted.encode(), name="粘贴的文字.txt")
    with transaction.atomic():
        stored = store(upload, purpose="policy", actor=actor, allowed=ACCEPTED)
        draft.file, draft.file_name, draft.sha256 = stored, stored.original_name[:120], stored.sha256
        draft.earlier = earlier_edition(draft)
        draft.save()
        record(
            subject=draft, action="take_in", actor=actor.on_behalf(decision.grant), audience="office",
            after={"file": draft.file_name, "sha256": draft.sha256},
        )  # fmt: skip
        _enqueue(draft)
    return draft


def earlier_edition(draft: PolicyDraft, title: str = "") -> PolicyDraft | None:
    """The newest other upload of the same file, or of a document with the same title, that was read."""
    read = PolicyDraft.objects.filter(jurisdiction_id=draft.jurisdiction_id, state__in=[REVIEW, APPLIED])
    read = read.exclude(pk=draft.pk).order_by("-created_at", "-pk")
    if draft.pk:
        read = read.filter(pk__lt=draft.pk)
    same = read.filter(sha256=draft.sha256).first()
    if same is None and title:
        same = read.filter(head__title=title).first()
    return same


def take_reading(
    draft: PolicyDraft, *, source: Source, layout: dict[str, Any], found: Extraction | None
) -> PolicyDraft:
    """Keeps what was read and proposes; called inside the outbox message's transaction.

    `layout`: the packed source without its text. `found` None: recognition is switched off, the person does it all.
    """
    draft.text, draft.units = source.text, {}
    head = heading.from_findings(found, source.text, draft)
    rows: list[Proposal] = []
    if found is not None:
        index = NameIndex(draft.jurisdiction)
        draft.units = proposing.known_units(proposing.unit_names(found), index)
        rows = proposing.proposals(draft, source, found)
    body = found.body if found is not None else Span(0, len(source.text))
    earlier = draft.earlier or earlier_edition(draft, head.get("title", ""))
    if earlier is not None:
        draft.units = {**draft.units, **earlier.units}
        comparing.carry_over(rows, source.text, earlier)
        for row in rows:
            row.questions = questions(row.kind, row.data, draft.units)
            if row.state == ProposalState.ACCEPTED and blocked(row.questions):
                row.state = ProposalState.OPEN
    Proposal.objects.bulk_create(rows)
    fields = {
        "text": source.text, "layout": {**layout, "body": list(body)}, "head": head, "units": draft.units,
        "step": "", "failure": "", "earlier_id": earlier.pk if earlier else None,
    }  # fmt: skip
    return advance(DRAFTS, draft, "read", actor=SYSTEM, fields=fields)


def note_step(draft: PolicyDraft, step: str) -> None:
    """What the job is at, for the person who waits; outside any transaction, no move and no entry."""
    PolicyDraft.objects.filter(pk=draft.pk, state=READING).update(step=step)


def fail(draft: PolicyDraft, *, sentence: str) -> PolicyDraft:
    fields = {"failure": sentence[:300], "step": ""}
    return advance(DRAFTS, draft, "fail", actor=SYSTEM, reason=sentence, fields=fields)


def retry(draft: PolicyDraft, *, actor: ActorContext) -> PolicyDraft:
    return advance(DRAFTS, draft, "retry", actor=actor, fields={"failure": ""})


def discard(draft: PolicyDraft, *, actor: ActorContext) -> PolicyDraft:
    """Nothing was created; the text stays readable, the file for the journal's sake."""
    return advance(DRAFTS, draft, "discard", actor=actor)
