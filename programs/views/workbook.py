"""填报表: the unit's sheet as an Excel workbook, and the way back: upload, look, bring in as a whole."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from programs.domain import workbook as going_out
from programs.domain import workbook_import as coming_back
from programs.forms.workbook import WorkbookForm
from programs.models import WorkbookImport
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.files.spreadsheets import XLSX
from qualitycity.files.types import MEGABYTE, TYPES
from qualitycity.workflow import NotAllowed, Refused
from taskforce.choices import ImportState

from .sheet import refuse, tell_filed
from .sheet_page import OpenSheet, open_sheet

MAX_MB = TYPES["xlsx"].max_bytes // MEGABYTE


@require_safe
@never_cache
def workbook_form(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """The workbook, made while the person waits; prefilled with the draft."""
    opened = _open(request, window, department)
    unit = opened.unit.department
    try:
        content = going_out.issue(
            actor=opened.actor, window=opened.window, department=unit, departments=opened.covers
        )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(opened.url)
    response = HttpResponse(content, content_type=XLSX)
    name = f"{unit.short_name}{opened.window.label}填报表.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def workbook(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """Download, fill in, upload."""
    opened = _open(request, window, department)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_bound and form.is_valid():
        try:
            draft = coming_back.open_import(
                actor=opened.actor,
                window=opened.window,
                department=opened.unit.department,
                departments=opened.covers,
                upload=form.cleaned_data["file"],
            )
            return redirect("workbook_draft", *opened.args, draft.pk)
        except FileRefused as refusal:
            form.add_error("file", refusal.sentence)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal.sentence)) from refusal
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
    context = {"sheet": opened, "form": form, "max_mb": MAX_MB}
    return render(request, "programs/workbook_upload.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def workbook_draft(request: HttpRequest, window: int, department: int, pk: int) -> HttpResponse:
    """The preview while it is open; afterwards the way back to the sheet."""
    rows = WorkbookImport.objects.select_related("window__programme__jurisdiction", "department")
    draft = fetch(request, rows, pk=pk, window_id=window, department_id=department)
    # one's own upload: the sheet behind it need not be looked up again, only whether one may still fill it in
    opened = _demand(OpenSheet(actor_of(request), draft.window, department))
    if request.method == "POST":
        return _act(request, opened, draft)
    return _page(request, opened, draft)


def _act(request: HttpRequest, opened: OpenSheet, draft: WorkbookImport) -> HttpResponse:
    wanted = request.POST.get("do", "")
    if wanted not in ("save", "submit", "discard"):
        raise Http404(_("There is no such step."))
    try:
        if wanted == "discard":
            coming_back.discard(draft, actor=opened.actor)
            messages.success(request, _("The workbook is thrown away; nothing was changed."))
            return redirect("workbook", *opened.args)
        done = coming_back.carry_out(
            draft,
            actor=opened.actor,
            departments=opened.covers,
            seen=request.POST.get("seen", ""),
            final=wanted == "submit",
        )
    except Refused as refusal:
        refuse(request, refusal)
        draft.refresh_from_db()
        return _page(request, opened, draft, status=422)
    said = ngettext(
        "%(count)s line brought in from the workbook.", "%(count)s lines brought in from the workbook.", done.changed
    )
    if done.again:
        messages.info(request, _("This workbook has been brought in"))
    else:
        messages.success(request, said % {"count": done.changed})
    if done.filed:
        tell_filed(request, done.filed)
    return redirect(opened.url)


def _page(request: HttpRequest, opened: OpenSheet, draft: WorkbookImport, *, status: int = 200) -> HttpResponse:
    context = {"sheet": opened, "draft": draft}
    if draft.state == ImportState.OPEN:
        plan = coming_back.plan_of(draft, actor=opened.actor, departments=opened.covers)
        context |= {"plan": plan, "changed": plan.changed, "ready": not plan.problems and not opened.closed}
    return render(request, "programs/workbook_preview.html", context, status=status)


def _open(request: HttpRequest, window: int, department: int) -> OpenSheet:
    return _demand(open_sheet(request, window, department))


def _demand(opened: OpenSheet) -> OpenSheet:
    """For whoever types into the sheet; everybody else who sees it is told why not."""
    if not opened.can_file:
        raise PermissionDenied(_("Only the unit's liaison files this line."))
    return opened
