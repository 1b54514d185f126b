"""佐证材料: files behind a line; several per line, added while the line is with the unit."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import EntryState
from programs.models import Evidence, ProgressEntry, ReportingWindow
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.workflow import IllegalMove, NotAllowed

from .filing import period_open
from .sheet import Outcome, Typed, save

PER_LINE = 10


def _open_line(entry: ProgressEntry, actor: ActorContext) -> ProgressEntry:
    entry = (
        ProgressEntry.objects.select_related("part__task__programme__jurisdiction", "window")
        .select_for_update(of=("self",))
        .get(pk=entry.pk)
    )
    for action in ("view", "file"):
        # who may enter something for the unit may still not see the unit's own draft
        decision = can(actor, action, entry)
        if not decision:
            raise NotAllowed(decision.reason, entry)
    blocked: Any = period_open(entry, actor)
    if not blocked and entry.state not in EntryState.editable():
        blocked = _("This line has been handed in already; take it back first.")
    if blocked:
        raise IllegalMove(blocked, entry)
    return entry


def attach(entry: ProgressEntry, *, actor: ActorContext, uploads: Sequence[UploadedFile]) -> list[Evidence]:
    """Checks and stores the files, all or none; raises FileRefused with a sentence for the person."""
    with transaction.atomic():
        entry = _open_line(entry, actor)
        if entry.evidence.count() + len(uploads) > PER_LINE:
            raise IllegalMove(_("At most %(count)s files per line.") % {"count": PER_LINE}, entry)
        attached = []
        for upload in uploads:
            stored = store(upload, purpose="evidence", actor=actor)
            attached.append(Evidence.objects.create(entry=entry, file=stored))
            record(
                subject=entry,
                action="attach",
                actor=actor,
                after={"file": stored.original_name},
                audience="unit",
            )
    return attached


def save_with_files(
    *,
    actor: ActorContext,
    window: ReportingWindow,
    departments: Collection[int],
    key: str,
    typed: Typed,
    uploads: Sequence[UploadedFile],
) -> Outcome:
    """The draft of one line and the files chosen beside it, together: files hang on a saved line."""
    with transaction.atomic():
        outcome = save(actor=actor, window=window, departments=departments, typed={key: typed})
        if uploads and outcome.ok:
            _kind, _dash, ident = key.partition("-")
            entry = ProgressEntry.objects.valid().filter(window=window, part_id=ident).latest("version")
            attach(entry, actor=actor, uploads=uploads)
    return outcome


def detach(evidence: Evidence, *, actor: ActorContext) -> None:
    """Takes a file off a line that is still with the unit; the journal keeps its name and hash."""
    with transaction.atomic():
        entry = _open_line(evidence.entry, actor)
        before = {"file": evidence.file.original_name, "sha256": evidence.file.sha256}
        evidence.delete()
        record(subject=entry, action="detach", actor=actor, before=before, audience="unit")
