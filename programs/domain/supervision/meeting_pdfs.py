"""The PDFs of a meeting in the making: the papers joined into one, and the 纪要.

| from | action | to | who |
|---|---|---|---|
| queued | begin | building | the clock (worker) |
| queued, building | finish | ready | the clock |
| queued, building | fail | failed | the clock, with the sentence |
| queued, building, ready, failed | renew | queued | the clock: agenda or papers have changed |
| failed | retry 重新生成 | queued | office |

Every change of agenda or papers asks anew, under the next `asked`; what was built from an older state is thrown away.
"""

from datetime import datetime

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy

from programs.choices import BuildState, MeetingPdfKind, MeetingState
from programs.models import Meeting, MeetingPdf
from qualitycity.access import SYSTEM, ActorContext
from qualitycity.files.storing import discard, store
from qualitycity.outbox.messages import enqueue
from qualitycity.workflow import Change, Machine, Transition, advance

QUEUED, BUILDING, READY, FAILED = BuildState.QUEUED, BuildState.BUILDING, BuildState.READY, BuildState.FAILED
#: The joined papers are larger than what anybody may upload.
LARGEST = 120 * 1024 * 1024


def _ask(changes: list[Change]) -> None:
    for change in changes:
        _enqueue(change.obj)


MEETING_PDFS = Machine(
    model="programs.MeetingPdf",
    field="state",
    related=("meeting__body__jurisdiction",),
    transitions=(
        Transition("begin", frozenset({QUEUED}), BUILDING, "manage", gettext_lazy("Begin"), by="clock"),
        Transition("finish", frozenset({QUEUED, BUILDING}), READY, "manage", gettext_lazy("Ready"), by="clock"),
        Transition("fail", frozenset({QUEUED, BUILDING}), FAILED, "manage", gettext_lazy("Failed"), by="clock"),
        Transition(
            "renew",
            frozenset({QUEUED, BUILDING, READY, FAILED}),
            QUEUED,
            "manage",
            gettext_lazy("Agenda or papers changed"),
            by="clock",
            effects=(_ask,),
        ),
        Transition("retry", frozenset({FAILED}), QUEUED, "manage", gettext_lazy("Build again"), effects=(_ask,)),
    ),
)


def _enqueue(pdf: MeetingPdf) -> None:
    enqueue(
        "meeting.pdf",
        key=f"meeting_pdf:{pdf.pk}:{pdf.asked}",
        queue="pdf",
        payload={"pdf": pdf.pk, "asked": pdf.asked},
    )


def ask_for_papers(meeting: Meeting, *, actor: ActorContext) -> None:
    """The joined papers are to be built from what stands now; nothing is built of an empty agenda."""
    if meeting.state in (*MeetingState.ahead(), MeetingState.HELD):
        pdf = MeetingPdf.objects.filter(meeting=meeting, kind=MeetingPdfKind.PAPERS).first()
        if pdf is not None or meeting.agenda.exists():
            _ask_for(meeting, MeetingPdfKind.PAPERS, pdf, actor)


def ask_for_minutes(meeting: Meeting, *, actor: ActorContext) -> None:
    pdf = MeetingPdf.objects.filter(meeting=meeting, kind=MeetingPdfKind.MINUTES).first()
    _ask_for(meeting, MeetingPdfKind.MINUTES, pdf, actor)


def _ask_for(meeting: Meeting, kind: str, pdf: MeetingPdf | None, actor: ActorContext) -> None:
    if pdf is None:
        pdf = MeetingPdf.objects.create(meeting=meeting, kind=kind, asked_by_id=actor.person_id)
        _enqueue(pdf)
        return
    fields = {"asked": pdf.asked + 1, "asked_by_id": actor.person_id, "failure": ""}
    advance(MEETING_PDFS, pdf, "renew", actor=SYSTEM, fields=fields)


def begin(pdf: MeetingPdf) -> MeetingPdf:
    return advance(MEETING_PDFS, pdf, "begin", actor=SYSTEM)


def finish(pdf: MeetingPdf, *, content: bytes, pages: int, at: datetime) -> MeetingPdf:
    """Stores the file in place of the one before; called inside the outbox message's transaction."""
    author = ActorContext(user_id=pdf.asked_by_id, label="")
    word = "会议材料" if pdf.kind == MeetingPdfKind.PAPERS else "会议纪要"
    name = f"{pdf.meeting.title[:80]}{word}.pdf"
    stored = store(
        ContentFile(content, name=name), purpose="meeting_pdf", actor=author, allowed=("pdf",), max_bytes=LARGEST
    )
    former = pdf.file
    fields = {"file_id": stored.pk, "pages": pages, "built_at": at, "failure": ""}
    moved = advance(MEETING_PDFS, pdf, "finish", actor=SYSTEM, fields=fields)
    # finished already: the file that stands stays, this one goes
    gone = former if moved.file_id == stored.pk else stored
    if gone is not None:
        discard(gone)
    return moved


def fail(pdf: MeetingPdf, *, sentence: str) -> MeetingPdf:
    return advance(MEETING_PDFS, pdf, "fail", actor=SYSTEM, reason=sentence, fields={"failure": sentence[:300]})


def retry(pdf: MeetingPdf, *, actor: ActorContext) -> MeetingPdf:
    fields = {"failure": "", "asked": pdf.asked + 1, "asked_by_id": actor.person_id}
    return advance(MEETING_PDFS, pdf, "retry", actor=actor, fields=fields)
