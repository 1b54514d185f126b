"""从 Excel 导入: upload, look at what it would do, carry it out as a whole, print the slips of the new accounts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qualitycity.access import visible
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.files.refusals import FileRefused
from qualitycity.files.spreadsheets import XLSX
from qualitycity.workflow import NotAllowed, Refused
from taskforce.choices import ImportState
from taskforce.domain import people_import as domain
from taskforce.forms.people import PeopleFileForm
from taskforce.loading.people_template import people_template
from taskforce.models import Jurisdiction, PeopleImport, User
from taskforce.queries.people_book import book_rows

from .people import slips

#: Uploads of the past are listed so far back.
SHOWN = 10
MAX_MB = 20


@require_http_methods(["GET", "HEAD", "POST"])
def people_import(request: HttpRequest) -> HttpResponse:
    """Template, upload, and one's own uploads."""
    place = _territory(request)
    form = PeopleFileForm(request.POST, request.FILES) if request.method == "POST" else PeopleFileForm()
    if form.is_bound and form.is_valid():
        try:
            draft = domain.open_import(actor=actor_of(request), upload=form.cleaned_data["file"])
            return redirect("people_import_draft", draft.pk)
        except FileRefused as refusal:
            form.add_error("file", refusal.sentence)
    rows = visible(PeopleImport.objects.select_related("file"), actor_of(request))[:SHOWN]
    context = {"form": form, "place": place, "imports": rows, "max_mb": MAX_MB}
    return render(request, "taskforce/people_import.html", context, status=422 if form.is_bound else 200)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook; with `filled` what is registered now – numbers leave the portal, so that is journalled."""
    place = _territory(request)
    if request.GET.get("filled"):
        units, people = book_rows(place, day=timezone.localdate())
        after = {"format": "xlsx", "rows": len(people), "units": len(units)}
        record(subject=place, action="export_contacts", actor=actor_of(request), after=after, audience="office")
        content, name = people_template(units, people), f"单位和人员-{timezone.localdate():%Y%m%d}.xlsx"
    else:
        content, name = people_template(), "单位和人员导入表.xlsx"
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview while it is open, afterwards what came of it."""
    _territory(request)
    row = fetch(request, PeopleImport.objects.select_related("jurisdiction", "file"), pk=pk)
    if request.method == "POST":
        return _act(request, row)
    return _page(request, row)


def _page(request: HttpRequest, row: PeopleImport, status: int = 200) -> HttpResponse:
    context = {"draft": row, "file": row.file}
    if row.state == ImportState.OPEN:
        plan = domain.plan_of(row, actor=actor_of(request))
        context |= {"plan": plan, "counts": plan.counts}
        return render(request, "taskforce/people_preview.html", context, status=status)
    opened = User.objects.filter(pk__in=row.result.get("opened", [])).order_by("username")
    waiting = sum(account.last_login is None and account.is_active for account in opened)
    context |= {"counts": row.result, "opened": opened, "waiting": waiting}
    return render(request, "taskforce/people_done.html", context, status=status)


def _act(request: HttpRequest, row: PeopleImport) -> HttpResponse:
    actor, wanted = actor_of(request), request.POST.get("do", "")
    if wanted not in ("confirm", "discard", "slips"):
        raise Http404(_("There is no such step."))
    try:
        if wanted == "slips":
            return slips(request, domain.slips(row, actor=actor))
        if wanted == "discard":
            domain.discard(row, actor=actor)
            messages.success(request, _("The upload is thrown away; nothing was changed."))
            return redirect("people_import")
        domain.carry_out(row, actor=actor, seen=request.POST.get("seen", ""))
        messages.success(request, _("Units and people are brought in."))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        row.refresh_from_db()
        return _page(request, row, status=422)
    return redirect("people_import_draft", row.pk)


def _territory(request: HttpRequest) -> Jurisdiction:
    try:
        return domain.territory(actor_of(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
