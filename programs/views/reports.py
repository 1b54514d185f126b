"""进展报告 as PDF: ask, watch it being built, download. Permission is asked again at every download."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.choices import BuildState
from programs.domain import reports
from programs.domain.standings import board_day
from programs.forms.reports import ReportForm
from programs.models import ProgressReport
from programs.queries.kept import keep
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.files.serving import serve
from qualitycity.workflow import NotAllowed, Refused

PER_PAGE = 20


def _reports(request: HttpRequest):
    return (
        ProgressReport.objects.visible_to(actor_of(request))
        .select_related("programme__jurisdiction", "window", "section", "department", "requested_by", "file")
        .defer("content")
    )


@never_cache
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports one may read, newest first, and the form to ask for one."""
    actor = actor_of(request)
    status, form = 200, None
    if request.method == "POST":
        form = ReportForm(request.POST, actor=actor)
        if form.is_valid():
            try:
                data = form.cleaned_data
                report = reports.request(actor=actor, programme=data["window"].programme, **data)
                return redirect("report", pk=report.pk)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
        status = 422
        fields = _fields(form)
    else:
        asked = {key: request.GET[key] for key in request.GET}
        # hundreds of sections and units to choose from: drawn once, until one is added
        fields = keep(
            ("report form", sorted(asked.items())),
            lambda: _fields(ReportForm(actor=actor, initial=asked)),
            actor=actor,
            day=board_day(),
        )
    page = Paginator(_reports(request).order_by("-requested_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "fields_html": fields}
    return render(request, "programs/report_list.html", context, status=status)


def _fields(form: ReportForm) -> SafeString:
    return render_to_string("programs/_report_fields.html", {"form": form})


@require_safe
@never_cache
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """State of one report; while it is being built the page asks again every two seconds."""
    report = fetch(request, _reports(request), pk=pk)
    waiting = report.state in (BuildState.QUEUED, BuildState.BUILDING)
    context = {"report": report, "waiting": waiting, "kilobytes": _kilobytes(report)}
    template = "programs/_report_state.html" if request.headers.get("HX-Request") else "programs/report_detail.html"
    return render(request, template, context)


def _kilobytes(report: ProgressReport) -> int | None:
    """Size in kilobytes, said before a phone loads it."""
    return report.file and max(1, report.file.size // 1024)


@require_POST
def report_retry(request: HttpRequest, pk: int) -> HttpResponse:
    report = fetch(request, _reports(request), pk=pk, action="build")
    try:
        reports.retry(report, actor=actor_of(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused:
        # somebody else has pressed the button a moment ago; the page shows where it stands
        pass
    return redirect("report", pk=pk)


@require_safe
def report_download(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    report = fetch(request, _reports(request), pk=pk, action="view")
    if report.state != BuildState.READY or report.file is None:
        return render(
            request, "programs/report_detail.html", {"report": report, "waiting": report.state != BuildState.FAILED},
            status=409,
        )
    record(subject=report, action="download", actor=actor_of(request), audience="office")
    return serve(report.file)
