"""配合单位报牵头: the supporting unit's page, and what the lead does with its part."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from programs.access.ground import UNIT
from programs.choices import ContributionState, ResponsibilityRole
from programs.domain.supervision import contributions
from programs.forms.sheet import EVIDENCE_MB
from programs.forms.supervision.contributions import ContributionForm
from programs.models import Contribution, ReportingWindow, Responsibility, Task
from programs.queries.supervision import contributions as queries
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.files.refusals import FileRefused
from qualitycity.workflow import NotAllowed, Refused

from ..buttons import buttons
from ..moves import GET_OR_POST, Step, move_page
from ..sheet import refuse

STEPS = {
    "adopt": Step(
        lambda row, actor, reason: contributions.adopt(row, actor=actor),
        gettext_lazy("Text and files go into your draft, where you edit them; you answer for the whole."),
    ),
    "ask_back": Step(
        lambda row, actor, reason: contributions.ask_back(row, actor=actor, reason=reason),
        gettext_lazy("The supporting unit reads the reason and hands it in again."),
        asks=True,
    ),
    "take_back": Step(
        lambda row, actor, reason: contributions.take_back(row, actor=actor),
        gettext_lazy("You can change it and hand it in again, until the lead adopts it."),
    ),
}


@never_cache
@GET_OR_POST
def contribution(request: HttpRequest, window: int, part: int) -> HttpResponse:
    """The supporting unit's own page; the lead reads it beside its report."""
    actor = actor_of(request)
    parts = Responsibility.objects.select_related("task__programme__jurisdiction", "department")
    found: Responsibility = fetch(request, parts.prefetch_related("task__parts"), pk=part)
    if found.department_id not in actor.departments(*UNIT):
        raise Http404(_("There is no such page, or it is not meant for you."))
    if found.role != ResponsibilityRole.SUPPORT:
        raise PermissionDenied(_("Only a supporting unit reports to the lead; your unit reports to the office."))
    opened = fetch(request, ReportingWindow.objects.filter(programme_id=found.task.programme_id), pk=window)
    row = queries.contributions(actor).filter(part=found, window=opened).first()
    editable = row is None or row.state in ContributionState.with_unit()
    initial = {"text": row.text, "row_version": row.row_version} if row else {}
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ContributionForm(*data, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            contributions.hand_in(
                part=found, window=opened, actor=actor, text=form.cleaned_data["text"],
                uploads=form.cleaned_data["evidence"], row_version=form.cleaned_data["row_version"],
            )  # fmt: skip
        except FileRefused as refused:
            form.add_error("evidence", refused.sentence)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Your part is with the lead."))
            return redirect("contribution", window=window, part=part)
    context = {
        "part": found, "task": found.task, "window": opened, "row": row, "form": form, "editable": editable,
        "leads": [other for other in found.task.parts.all() if other.role in queries.LEADS],
        "moves": buttons(
            contributions.CONTRIBUTIONS, row, actor, {"take_back": STEPS["take_back"]},
            reverse("contribution_move", args=[row.pk]),
        ) if row else [],
        "max_mb": EVIDENCE_MB,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/supervision/contribution_form.html", context, status=status)


@GET_OR_POST
def contribution_move(request: HttpRequest, pk: int) -> HttpResponse:
    row: Contribution = fetch(request, queries.contributions(actor_of(request)), pk=pk)
    back = next_page(request, reverse("contribution", args=[row.window_id, row.part_id]))
    return move_page(request, row, contributions.CONTRIBUTIONS, STEPS, back, str(row.part))


@require_POST
def contribution_ask(request: HttpRequest, window: int, task: int) -> HttpResponse:
    """催: one click to all supporting units of the task that have not handed in."""
    found: Task = fetch(
        request, Task.objects.select_related("programme__jurisdiction").prefetch_related("parts"), pk=task
    )
    opened: Any = fetch(request, ReportingWindow.objects.filter(programme_id=found.programme_id), pk=window)
    try:
        asked = contributions.ask(task=found, window=opened, actor=actor_of(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        refuse(request, refused)
    else:
        said = ngettext("%(count)s supporting unit asked.", "%(count)s supporting units asked.", len(asked))
        messages.success(request, said % {"count": len(asked)})
    return redirect(next_page(request, reverse("task", args=[task])))
