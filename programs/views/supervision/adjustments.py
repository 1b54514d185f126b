"""调整单: drafted on the task's page, carried out by another person of the office, printed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.choices import AdjustmentKind
from programs.domain.supervision import adjustments
from programs.domain.supervision.adjusters import targets_of
from programs.forms.supervision.adjustments import AdjustmentForm
from programs.models import Adjustment, Task
from programs.papers.requests import adjustment_paper
from programs.queries.supervision import adjustments as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.reports.rendering import RenderFailed, render_pdf
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Department

from ..buttons import buttons
from ..moves import GET_OR_POST, Step, move_page

PER_PAGE = 50
MAX_MB = 20
STEPS = {
    "carry_out": Step(
        lambda row, actor, reason: adjustments.carry_out(row, actor=actor),
        gettext_lazy("The change takes effect at once, gets its number, and the units of the task are told."),
        asks=True,
    ),
    "drop": Step(
        lambda row, actor, reason: adjustments.drop(row, actor=actor, reason=reason),
        gettext_lazy("Nothing of the task changes. The draft stays readable for the office."),
        asks=True,
    ),
}


@GET_OR_POST
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """?kind=…; without one the page offers the kinds."""
    tasks = Task.objects.select_related("programme__jurisdiction").prefetch_related("parts__department")
    task: Task = fetch(request, tasks, action="manage", pk=pk)
    actor, blocked = actor_of(request), adjustments.adjustable(task)
    kind = request.GET.get("kind", "")
    form = None
    if kind in AdjustmentKind.values and not blocked:
        choices: dict[str, Any] = queries.choices_for(task)
        choices["target"] = [(target.key, f"{target.label}（{target.words}）") for target in targets_of(task)]
        initial = {"title": task.title, "requirement": task.requirement}
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        form = AdjustmentForm(*data, kind=kind, choices=choices, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                row = _draft(task, kind, form.cleaned_data, actor)
            except FileRefused as refused:
                form.add_error("basis_file", refused.sentence)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
            else:
                messages.success(request, _("The adjustment is drafted; another person of the office carries it out."))
                return redirect("adjustment", pk=row.pk)
    context = {
        "task": task, "form": form, "blocked": blocked, "kind": kind, "kinds": AdjustmentKind.choices,
        "label": dict(AdjustmentKind.choices).get(kind, ""), "max_mb": MAX_MB, "back": reverse("task", args=[pk]),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/supervision/adjustment_form.html", context, status=status)


def _draft(task: Task, kind: str, given: dict[str, Any], actor: Any) -> Adjustment:
    if "part" in given:
        given["part"] = next(part for part in task.parts.all() if part.pk == given["part"])
    if "department" in given:
        given["department"] = Department.objects.get(pk=given["department"])
    upload = given.pop("basis_file", None) or None
    return adjustments.draft(task=task, kind=kind, actor=actor, upload=upload, **given)


@require_safe
def adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    row = fetch(request, queries.adjustments(actor), pk=pk)
    context = {
        "row": row,
        "moves": buttons(adjustments.ADJUSTMENTS, row, actor, STEPS, reverse("adjustment_move", args=[pk])),
    }
    return render(request, "programs/supervision/adjustment_detail.html", context)


@GET_OR_POST
def adjustment_move(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request, queries.adjustments(actor_of(request)), pk=pk)
    return move_page(request, row, adjustments.ADJUSTMENTS, STEPS, reverse("adjustment", args=[pk]), str(row))


@require_safe
def adjustment_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.adjustments(actor_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/supervision/adjustment_list.html", {"page_obj": page})


@require_safe
@never_cache
def adjustment_form(request: HttpRequest, pk: int) -> HttpResponse:
    """调整单 as PDF; a draft says so."""
    row = fetch(request, queries.adjustments(actor_of(request)), pk=pk)
    try:
        pdf = render_pdf(adjustment_paper(row))
    except RenderFailed as failure:
        messages.error(request, str(failure))
        return redirect("adjustment", pk=pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"任务调整单{row.numbered}.pdf")
    return response
