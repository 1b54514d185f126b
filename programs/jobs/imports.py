"""The job that reads an uploaded policy document. Thin: ids in, one domain call."""

from django.utils.translation import gettext as _

from programs.choices import DraftState
from programs.domain.importing import drafts
from programs.importing.packing import pack
from programs.importing.parsing import Parsed, parse
from programs.importing.source import Unreadable
from programs.models import PolicyDraft
from qualitycity.outbox.models import Message
from qualitycity.outbox.registry import GiveUp, handler


def _draft(message: Message) -> PolicyDraft:
    rows = PolicyDraft.objects.select_related("jurisdiction", "file", "earlier")
    return rows.get(pk=message.payload["draft"])


def read(message: Message) -> Parsed | None:
    """Outside any transaction: the file is read and recognised in a child process with limits."""
    draft = _draft(message)
    if draft.state != DraftState.READING or draft.file is None:
        return None
    drafts.note_step(draft, "recognising" if draft.recognise else "reading")
    with draft.file.open() as content:
        data = content.read()
    try:
        return parse(draft.file_name, data, recognise=draft.recognise)
    except Unreadable as error:
        raise GiveUp(str(error)) from error


def not_read(message: Message) -> None:
    """The message was parked for good: the import says so in a sentence."""
    draft = _draft(message)
    if draft.state == DraftState.READING:
        drafts.fail(draft, sentence=message.last_error or _("The document could not be read."))


@handler("policy.read", prepare=read, on_parked=not_read)
def take_in(message: Message, parsed: Parsed | None) -> None:
    """Inside the message's transaction: text and proposals are kept together with `done`."""
    draft = _draft(message)
    if parsed is not None and draft.state == DraftState.READING:
        layout = {name: value for name, value in pack(parsed.source).items() if name != "text"}
        drafts.take_reading(draft, source=parsed.source, layout=layout, found=parsed.extraction)
