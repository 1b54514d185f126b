"""Handing out a file: allowed to whoever may see what it belongs to; for everybody else it does not exist."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.models import (
    Adjustment,
    ContributionFile,
    Evidence,
    ItemFile,
    ItemReportFile,
    MaterialFile,
    MeetingPaper,
    MeetingPdf,
    PaperSignature,
    ProgressReport,
    SlipAnswerFile,
)
from qualitycity.access import can
from qualitycity.access.http import actor_of
from qualitycity.files.models import StoredFile
from qualitycity.files.serving import serve


@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    stored = StoredFile.objects.filter(public_id=public_id).first()
    owner = _owner(stored) if stored is not None else None
    if stored is None or owner is None or not can(actor_of(request), "view", owner):
        raise Http404(_("There is no such file, or it is not meant for you."))
    return serve(stored)


def _owner(stored: StoredFile) -> object | None:
    """The entry, signature or report the file belongs to, with what its rule reads."""
    match stored.purpose:
        case "evidence":
            found = Evidence.objects.select_related("entry__part__task__programme__jurisdiction").filter(file=stored)
            return next((row.entry for row in found), None)
        case "item":
            pages = ItemFile.objects.select_related("item__jurisdiction").filter(file=stored)
            return next((row.item for row in pages), None)
        case "item_report":
            pieces = ItemReportFile.objects.select_related("report__part__item__jurisdiction").filter(file=stored)
            return next((row.report for row in pieces), None)
        case "paper_signature":
            return (
                PaperSignature.objects.select_related("window__programme__jurisdiction").filter(file=stored).first()
            )
        case "material":
            papers = MaterialFile.objects.select_related("due__material__jurisdiction").filter(file=stored)
            return next((row.due for row in papers), None)
        case "slip_answer":
            rows = SlipAnswerFile.objects.select_related("answer__slip__jurisdiction", "answer__slip__item_part__item")
            return next((row.answer for row in rows.filter(file=stored)), None)
        case "contribution":
            pieces = ContributionFile.objects.filter(file=stored).select_related(
                "contribution__part__task__programme__jurisdiction", "contribution__adopted_into"
            )
            return next((piece.contribution for piece in pieces), None)
        case "adjustment":
            return Adjustment.objects.select_related("task__programme__jurisdiction").filter(basis_file=stored).first()
        case "meeting_paper":
            return MeetingPaper.objects.select_related("item__meeting__body__jurisdiction").filter(file=stored).first()
        case "meeting_pdf":
            return MeetingPdf.objects.select_related("meeting__body__jurisdiction").filter(file=stored).first()
        case _:
            return ProgressReport.objects.select_related("programme__jurisdiction").filter(file=stored).first()
