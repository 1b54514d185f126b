"""纸质审签: the form to print, and the signed, stamped scan that counts as the head's signature."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.choices import EntryState
from programs.domain import paper
from programs.domain.sources import Line
from programs.forms.sheet import EVIDENCE_MB, PaperForm
from programs.models import PaperSignature
from programs.papers.units import unit_form
from qualitycity.files.refusals import FileRefused
from qualitycity.reports.rendering import RenderFailed, render_pdf
from qualitycity.workflow import Refused

from .sheet import refuse
from .sheet_page import OpenSheet, open_sheet


@require_safe
@never_cache
def paper_form(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """The form as PDF: a page or a few, set while the person waits."""
    opened = _open(request, window, department)
    lines = _waiting(opened)
    if not lines:
        messages.error(request, _("No line waits for a signature; submit the lines first, then print the form."))
        return redirect("paper_upload", *opened.args)
    unit = opened.unit.department
    content = unit_form(window=opened.window, department=unit, lines=lines, filler=opened.actor.label)
    try:
        pdf = render_pdf(content)
    except RenderFailed as failure:
        messages.error(request, str(failure))
        return redirect("paper_upload", *opened.args)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{unit.short_name}{opened.window.label}进展情况报送表.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@never_cache
def paper_upload(request: HttpRequest, window: int, department: int) -> HttpResponse:
    opened = _open(request, window, department)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if form.is_bound and form.is_valid():
        try:
            paper.accept_scan(
                window=opened.window,
                department=opened.unit.department,
                departments=opened.covers,
                actor=opened.actor,
                upload=form.cleaned_data["scan"],
                signer=form.cleaned_data["signer"],
                code=form.cleaned_data["code"],
            )
        except FileRefused as refusal:
            form.add_error("scan", refusal.sentence)
        except paper.WrongCode as refusal:
            form.add_error("code", str(refusal.sentence))
        except Refused as refusal:
            refuse(request, refusal)
        else:
            messages.success(request, _("The scan is stored; the lines are marked as signed on paper."))
            return redirect(opened.url)
    context = {
        "sheet": opened,
        "form": form,
        "waiting": [opened.view(line) for line in _waiting(opened)],
        "max_mb": EVIDENCE_MB,
        "scans": PaperSignature.objects.visible_to(opened.actor)
        .filter(window=opened.window, department_id__in=opened.covers)
        .select_related("file", "uploaded_by"),
    }
    return render(request, "programs/paper_upload.html", context, status=422 if form.is_bound else 200)


def _open(request: HttpRequest, window: int, department: int) -> OpenSheet:
    opened = open_sheet(request, window, department)
    if not opened.can_upload_paper:
        raise PermissionDenied(_("Only the unit's liaison prints the form and hands in its scan."))
    return opened


def _waiting(opened: OpenSheet) -> list[Line]:
    return [line for line in opened.lines if line.row.state == EntryState.SUBMITTED]
