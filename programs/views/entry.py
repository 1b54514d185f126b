"""One line in two columns: last period on the left, this period with its evidence on the right; and its correction."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from programs.domain import corrections, evidence
from programs.domain import sheet as domain
from programs.forms.sheet import EVIDENCE_MB, CorrectionForm, EvidenceForm, posted_forms
from programs.models import Evidence
from programs.queries.supervision.contributions import beside
from qualitycity.files.refusals import FileRefused
from qualitycity.workflow import Refused

from .sheet import refuse, tell_filed
from .sheet_page import LineView, OpenSheet, open_sheet, retyped


@never_cache
def entry(request: HttpRequest, window: int, department: int, key: str) -> HttpResponse:
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return render_entry(request, opened, opened.view(opened.line(key), tall=True))
    return _take(request, opened, key, final=request.POST.get("do") == "submit")


@never_cache
def evidence_add(request: HttpRequest, window: int, department: int, key: str) -> HttpResponse:
    """Files with whatever is typed beside them."""
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return redirect(_address(opened, key))
    return _take(request, opened, key, final=False)


@never_cache
def evidence_remove(request: HttpRequest, window: int, department: int, key: str, pk: int) -> HttpResponse:
    """Takes a file off; the text typed beside it is saved as well."""
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return redirect(_address(opened, key))
    row = opened.line(key).row
    found = Evidence.objects.select_related("entry", "file").filter(pk=pk, entry_id=row.pk).first()
    if found is None:
        raise Http404(_("There is no such file on this line."))
    try:
        evidence.detach(found, actor=opened.actor)
    except Refused as refusal:
        refuse(request, refusal)
        return _again(request, opened, key, domain.Outcome())
    messages.success(request, _("“%(file)s” has been removed.") % {"file": found.file.original_name})
    return _take(request, opened, key, final=False)


def _take(request: HttpRequest, opened: OpenSheet, key: str, *, final: bool) -> HttpResponse:
    """Text and files of one line: saved, and with `final` submitted once everything was taken."""
    form = posted_forms(request.POST).get(key)
    if form is None:
        raise Http404(_("There is no such line on this sheet."))
    files = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid() or not files.is_valid():
        wrong = {} if form.is_valid() else {key: {}}
        return _again(request, opened, key, domain.Outcome(errors=wrong), files)
    typed, uploads = form.typed(), files.cleaned_data["evidence"]
    where: dict[str, Any] = {"actor": opened.actor, "window": opened.window, "departments": opened.covers}
    outcome = domain.Outcome()
    try:
        if uploads or not final:
            outcome = evidence.save_with_files(**where, key=key, typed=typed, uploads=uploads)
        if final and outcome.ok:
            version = outcome.versions.get(key, typed.row_version)
            outcome = domain.submit(**where, typed={key: domain.Typed(typed.values, version)})
    except FileRefused as refusal:
        files.add_error("evidence", refusal.sentence)
        return _again(request, opened, key, outcome, files)
    except Refused as refusal:
        refuse(request, refusal)
        return _again(request, opened, key, outcome, files)
    if not outcome.ok:
        return _again(request, opened, key, outcome, files)
    if final:
        tell_filed(request, outcome.moved)
        return redirect(f"{opened.url}#line-{key}")
    if uploads:
        said = ngettext("%(count)s file added.", "%(count)s files added.", len(uploads)) % {"count": len(uploads)}
        messages.success(request, said)
        # on a phone the files stand two screens below the top
        return redirect(f"{_address(opened, key)}#evidence")
    messages.success(request, _("The draft is saved."))
    return redirect(_address(opened, key))


def _again(
    request: HttpRequest, opened: OpenSheet, key: str, outcome: domain.Outcome, files: EvidenceForm | None = None
) -> HttpResponse:
    """The line as it stands now, with what was typed and what is wrong."""
    opened = open_sheet(request, *opened.args)
    view = opened.view(opened.line(key), tall=True)
    retyped([view], request.POST, outcome, posted_forms(request.POST))
    return render_entry(request, opened, view, files, status=422)


def render_entry(
    request: HttpRequest, opened: OpenSheet, view: LineView, files: EvidenceForm | None = None, *, status: int = 200
) -> HttpResponse:
    row = view.line.row
    attached: list[Evidence] = []
    if view.takes_files and row.pk and not view.withheld:
        attached = list(row.evidence.select_related("file"))
    supporters = []
    if view.line.source.name == "task":
        supporters = beside(row.part, opened.window, opened.actor)
    keys = [line.key for line in opened.lines]
    at = keys.index(view.key)
    context = {
        "sheet": opened,
        "view": view,
        "task_id": view.line.row.part.task_id if view.line.source.reach.part else None,
        "upload": files or EvidenceForm(),
        "attached": attached,
        "max_mb": EVIDENCE_MB,
        "beside": supporters,
        "may_collect": bool(supporters) and opened.can_file and not opened.on_behalf and not opened.closed,
        "anybody_missing": any(side.missing for side in supporters),
        "ask_url": reverse("contribution_ask", args=[opened.window.pk, row.part.task_id]) if supporters else "",
        "move_base": "/contributions/",
        "back": f"{_address(opened, view.key)}#supporters",
        "autosave": reverse("sheet_autosave", args=opened.args),
        "before": keys[at - 1] if at else "",
        "after": keys[at + 1] if at + 1 < len(keys) else "",
        "place": (at + 1, len(keys)),
    }
    return render(request, "programs/entry_form.html", context, status=status)


def _address(opened: OpenSheet, key: str) -> str:
    return reverse("entry", args=[*opened.args, key])


@never_cache
def correct(request: HttpRequest, window: int, department: int, key: str) -> HttpResponse:
    """更正 of an accepted line: a new version with a reason."""
    opened = open_sheet(request, window, department)
    if not opened.can_file:
        raise PermissionDenied(_("Only the unit's liaison files this line."))
    line = opened.line(key)
    form = CorrectionForm(request.POST or None)
    if line.row.pk is None:
        raise Http404(_("There is no report on this line yet."))
    if request.method == "POST" and form.is_valid():
        try:
            corrections.correct(line.row, actor=opened.actor, reason=form.cleaned_data["reason"])
            return redirect(_address(opened, key))
        except Refused as refusal:
            refuse(request, refusal)
    context = {"sheet": opened, "view": opened.view(line), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "programs/entry_correct.html", context, status=status)
