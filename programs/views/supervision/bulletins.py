"""督查通报: list, draft with its tables, issue, PDF."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.access.ground import BUSINESS, offices
from programs.choices import BulletinState, ProgrammeState
from programs.domain.supervision import bulletins as domain
from programs.forms.supervision.bulletins import BulletinDraftForm, BulletinForm
from programs.models import Bulletin, Programme
from programs.papers.slips import bulletin_paper as paper_of
from programs.queries.supervision import slips as queries
from programs.queries.supervision.journal import events
from programs.views.buttons import buttons
from programs.views.moves import GET_OR_POST, NUMBER, Step, move_page, posted
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.files.serving import serve
from qualitycity.reports.rendering import RenderFailed, render_pdf
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Jurisdiction

PER_PAGE = 30
STEPS = {
    "issue": Step(
        lambda row, actor, reason: domain.issue(row, actor=actor),
        gettext_lazy("The bulletin gets its number; words and tables are not changed afterwards."),
        asks=True,
    ),
    "discard": Step(
        lambda row, actor, reason: domain.discard(row, actor=actor),
        gettext_lazy("The draft is put aside; it has no number."),
        asks=True,
    ),
    "withdraw": Step(
        lambda row, actor, reason: domain.withdraw(row, actor=actor, reason=reason),
        gettext_lazy("The bulletin is void; its number stays used and its paper is marked."),
        asks=True,
        danger=True,
    ),
}
@GET_OR_POST
@never_cache
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """What was issued, for everybody with business here; drafts and the form to begin one for the office."""
    actor = actor_of(request)
    if not actor.holding(*BUSINESS):
        raise PermissionDenied(_("Bulletins are read by units, offices and those who oversee them."))
    own = offices(actor)
    if request.method == "POST" and not own:
        raise PermissionDenied(_("Only the office drafts a bulletin."))
    form = _draft_form(request, actor) if own else None
    if form is not None and request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        programme = (
            Programme.objects.filter(pk=values.pop("programme")).select_related("jurisdiction").first()
        )
        place = programme.jurisdiction if programme else Jurisdiction.objects.get(pk=own[0])
        try:
            made = domain.draft(actor=actor, jurisdiction=place, programme=programme, **values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("bulletin", pk=made.pk)
    rows = (
        Bulletin.objects.visible_to(actor)
        .exclude(state=BulletinState.DISCARDED)
        .select_related("programme", "drafted_by", "issued_by")
        .defer("content", "tables")
        .order_by("number", "-issued_at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "office": bool(own)}
    status = 422 if form is not None and form.errors else 200
    return render(request, "programs/supervision/bulletin_list.html", context, status=status)


def _draft_form(request: HttpRequest, actor: ActorContext) -> BulletinDraftForm:
    programmes = Programme.objects.filter(jurisdiction_id__in=offices(actor), state=ProgrammeState.RUNNING)
    today = timezone.localdate()
    initial = {"starts_on": date(today.year, (today.month - 1) // 3 * 3 + 1, 1), "ends_on": today}
    return BulletinDraftForm(posted(request), programmes=programmes.order_by("pk"), initial=initial)


def _bulletins(request: HttpRequest) -> Any:
    return Bulletin.objects.select_related(
        "jurisdiction", "programme__body", "drafted_by", "issued_by", "file", "void_file"
    ).defer("content")


@GET_OR_POST
@never_cache
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft is worded here; an issued one is read."""
    actor = actor_of(request)
    found: Bulletin = fetch(
        request, _bulletins(request), pk=pk, action="manage" if request.method == "POST" else ""
    )
    may_write = found.state == BulletinState.DRAFT and bool(can(actor, "manage", found))
    form = None
    if may_write or request.method == "POST":
        initial = {name: getattr(found, name) for name in (*domain.TEXTS, "ranked")} | {
            "version": found.row_version
        }
        form = BulletinForm(posted(request), initial=initial)
    if form is not None and request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            domain.revise(found, actor=actor, row_version=values.pop("version") or 0, **values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("bulletin", pk=pk)
    office = found.jurisdiction_id in offices(actor)
    context = {
        "bulletin": found, "form": form, "office": office, "may_write": may_write,
        "moves": buttons(domain.BULLETINS, found, actor, STEPS, reverse("bulletin_move", args=[pk])),
        "chapters": [
            (_("Overall picture"), found.opening), (_("Problems found"), found.findings),
            (_("What is demanded"), found.demands),
        ],
        "tables": [_shown(table) for table in found.tables],
        "may_decide": bool(can(actor, "decide", found)),
        "events": events([(found, "")], queries.ACTIONS, good=("issue",), bad=("withdraw",), office=office, unit=False),
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "programs/supervision/bulletin_detail.html", context, status=status)


def _shown(table: dict[str, Any]) -> dict[str, Any]:
    """A table with the name of its column at each cell: on a phone every row is a card of its own."""
    heads = [head for head, _width in table["columns"]]
    return {**table, "columns": heads, "rows": [list(zip(heads, row, strict=True)) for row in table["rows"]]}


@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The tables as the portal has them now."""
    found: Bulletin = fetch(request, _bulletins(request), pk=pk, action="manage")
    seen = request.POST.get("version", "")
    try:
        domain.read_again(
            found,
            actor=actor_of(request),
            row_version=int(seen) if NUMBER.fullmatch(seen) else found.row_version,
        )
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("The tables are read anew; your words have stayed."))
    return redirect("bulletin", pk=pk)


@GET_OR_POST
def bulletin_move(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request, _bulletins(request), pk=pk)
    return move_page(request, found, domain.BULLETINS, STEPS, reverse("bulletin", args=[pk]), found.title)


@require_safe
@never_cache
def bulletin_preview(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request, _bulletins(request), pk=pk, action="manage")
    try:
        pdf = render_pdf(paper_of(found))
    except RenderFailed as failure:
        messages.error(request, str(failure))
        return redirect("bulletin", pk=pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, "通报预览.pdf")
    return response


@require_safe
def bulletin_paper(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    found: Bulletin = fetch(request, _bulletins(request), pk=pk, action="view")
    paper = found.paper
    if paper is None:
        raise Http404(_("The paper is being set; look again in a moment."))
    record(subject=found, action="download", actor=actor_of(request), audience="office")
    return serve(paper)
