"""The PDF of a slip or bulletin, once it is set: file and content are frozen together."""

from typing import Any

from django.core.files.base import ContentFile

from programs.models import Bulletin, Slip
from qualitycity.access import ActorContext
from qualitycity.audit.journal import record
from qualitycity.files.storing import store

PURPOSES = {Slip: "slip_paper", Bulletin: "bulletin_paper"}


def keep_paper(row: Any, *, content: dict[str, Any], sha256: str, pdf: bytes, void: bool) -> None:
    """Called inside the outbox message's transaction. The paper as issued is never written over: a void one stands
    beside it, with its mark."""
    model = type(row)
    row = model.objects.select_for_update().get(pk=row.pk)
    if (row.void_file_id if void else row.file_id) is not None:
        return
    author = ActorContext(user_id=row.withdrawn_by_id if void else row.issued_by_id, label="")
    name = f"{row.number}{'（作废）' if void else ''}.pdf"
    stored = store(ContentFile(pdf, name=name), purpose=PURPOSES[model], actor=author, allowed=("pdf",))
    row.failure = ""
    if void:
        row.void_file = stored
        row.save(update_fields=["void_file", "failure"])
    else:
        row.file, row.content, row.content_sha256 = stored, content, sha256
        row.save(update_fields=["file", "content", "content_sha256", "failure"])
    record(
        subject=row,
        action="print_void" if void else "print",
        after={"sha256": stored.sha256},
        audience="office",
    )


def paper_failed(row: Any, *, sentence: str) -> None:
    """The job gave up: the page says so; the paper can be asked for again from the messages that stopped."""
    row.failure = sentence[:300]
    row.save(update_fields=["failure"])
