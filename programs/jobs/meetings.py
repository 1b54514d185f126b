"""The papers of a meeting joined into one PDF, and its 纪要 set: handlers of the outbox, read with `jobs`."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import BuildState, MeetingPdfKind
from programs.domain.supervision import meeting_pdfs, meeting_wording
from programs.models import AgendaItem, MeetingPdf
from qualitycity.outbox.models import Message
from qualitycity.outbox.registry import GiveUp, handler
from qualitycity.reports.codec import from_json
from qualitycity.reports.joining import JoinFailed, Run, Source, count_pages, join
from qualitycity.reports.rendering import RenderFailed, render_pdf


def _wanted(message: Message) -> MeetingPdf | None:
    """The row, unless it has been asked for anew since: then a later message builds it."""
    pdf = MeetingPdf.objects.select_related("meeting__body__jurisdiction", "meeting__chair", "file").get(
        pk=message.payload["pdf"]
    )
    return pdf if pdf.asked == message.payload["asked"] and pdf.state in ("queued", "building") else None


def prepare(message: Message) -> dict[str, Any] | None:
    """Outside any transaction: everything is set and joined in child processes."""
    pdf = _wanted(message)
    if pdf is None:
        return None
    if pdf.state == BuildState.QUEUED:
        pdf = meeting_pdfs.begin(pdf)
    at = timezone.now()
    try:
        if pdf.kind == MeetingPdfKind.MINUTES:
            content = render_pdf(from_json(pdf.meeting.minutes or {}))
        else:
            content = joined_papers(pdf, at)
        pages = count_pages(Source(content, "pdf"))
    except (RenderFailed, JoinFailed) as failure:
        raise GiveUp(str(failure)) from failure
    except FileNotFoundError as missing:
        raise GiveUp(_("A paper of the meeting is missing from the archive.")) from missing
    return {"content": content, "pages": pages, "at": at}


def joined_papers(pdf: MeetingPdf, at: Any) -> bytes:
    """Cover, agenda and, topic by topic, a sheet and its papers. The agenda names the pages, so it is set again when it
    turns out longer than thought."""
    items = list(
        AgendaItem.objects.filter(meeting=pdf.meeting)
        .select_related("department")
        .prefetch_related("papers__file")
        .order_by("sort", "pk")
    )
    with_papers = [item for item in items if item.papers.all()]
    front = 2
    while True:
        starts = _starts(items, front)
        content = render_pdf(meeting_wording.bundle(pdf.meeting, items, starts=starts, at=at))
        counted = count_pages(Source(content, "pdf")) - len(with_papers)
        if counted == front:
            break
        front = counted
    sources, runs = [Source(content, "pdf")], [Run(0, "封面", 0, 0, 0), Run(0, "会议议程", 0, 1, front - 1)]
    for number, item in enumerate(items, 1):
        if item in with_papers:
            sheet = front + with_papers.index(item)
            runs.append(Run(0, f"{meeting_wording.topic_label(number)}　{item.title}", 0, sheet, sheet))
            for paper in item.papers.all():
                with paper.file.open() as stored:
                    sources.append(Source(stored.read(), paper.file.extension))
                runs.append(Run(len(sources) - 1, paper.title, 1))
    return join(sources, runs, title=f"{pdf.meeting.title}会议材料")


def _starts(items: list[AgendaItem], front: int) -> list[int | None]:
    """Page on which the sheet of each topic stands, counted as it will be printed."""
    page, starts = front + 1, []
    for item in items:
        papers = list(item.papers.all())
        starts.append(page if papers else None)
        page += 1 + sum(paper.pages for paper in papers) if papers else 0
    return starts


def failed(message: Message) -> None:
    pdf = _wanted(message)
    if pdf is not None:
        meeting_pdfs.fail(pdf, sentence=message.last_error or _("The PDF could not be built."))


@handler("meeting.pdf", prepare=prepare, on_parked=failed)
def build(message: Message, result: dict[str, Any] | None) -> None:
    """Inside the message's transaction; what has been asked for anew meanwhile is thrown away."""
    pdf = _wanted(message)
    if pdf is not None and result is not None:
        meeting_pdfs.finish(pdf, **result)
