"""配合单位报牵头, 协办单位报主办: the supporting unit's page, and what the lead does with its part."""

from collections.abc import Callable
from functools import partial
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
from programs.choices import ContributionState, ItemRole, ResponsibilityRole
from programs.domain.supervision import contributions
from programs.domain.supervision.contribution_notices import page
from programs.forms.sheet import EVIDENCE_MB
from programs.forms.supervision.contributions import ContributionForm
from programs.models import Contribution, ItemPart, ReportingWindow, Responsibility, SupervisedItem, Task
from programs.queries.supervision import contributions as queries
from qualitycity.access import ActorContext
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
    found: Responsibility = fetch(request, parts.prefetch_related("task__parts__department"), pk=part)
    _demand_own(actor, found, found.role == ResponsibilityRole.SUPPORT)
    opened = fetch(request, ReportingWindow.objects.filter(programme_id=found.task.programme_id), pk=window)
    row = queries.contributions(actor).filter(part=found, window=opened).first()
    leads = [other for other in found.task.parts.all() if other.role in queries.LEADS]
    context = {"part": found, "task": found.task, "window": opened, "leads": leads}
    hand_in = partial(contributions.hand_in, part=found, window=opened)
    asked = row or Contribution(part=found, window=opened)
    return _unit_page(request, row, asked, context, hand_in, reverse("contribution", args=[window, part]))


@never_cache
@GET_OR_POST
def item_contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of an assisting unit of a supervised item; what was adopted before is read below the form."""
    actor = actor_of(request)
    parts = ItemPart.objects.select_related("item__jurisdiction", "department")
    found: ItemPart = fetch(request, parts.prefetch_related("item__parts__department"), pk=pk)
    _demand_own(actor, found, found.role == ItemRole.SUPPORT)
    rows = list(queries.contributions(actor).filter(item_part=found).order_by("-pk"))
    row = next((row for row in rows if row.state != ContributionState.ADOPTED), None)
    leads = [other for other in found.item.parts.all() if other.answers]
    context = {
        "part": found, "item": found.item, "leads": leads,
        "before": [row for row in rows if row.state == ContributionState.ADOPTED],
    }  # fmt: skip
    hand_in = partial(contributions.hand_in_about_item, part=found)
    asked = row or Contribution(item_part=found)
    return _unit_page(request, row, asked, context, hand_in, reverse("item_contribution", args=[pk]))


def _demand_own(actor: ActorContext, part: Responsibility | ItemPart, supports: bool) -> None:
    if part.department_id not in actor.departments(*UNIT):
        raise Http404(_("There is no such page, or it is not meant for you."))
    if not supports:
        raise PermissionDenied(_("Only a supporting unit reports to the lead; your unit reports to the office."))


def _unit_page(
    request: HttpRequest,
    row: Contribution | None,
    asked: Contribution,
    context: dict[str, Any],
    hand_in: Any,
    here: str,
) -> HttpResponse:
    """`row` is what is under way, `asked` that or the one that would be made."""
    actor = actor_of(request)
    initial = {"text": row.text, "row_version": row.row_version} if row else {}
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ContributionForm(*data, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            hand_in(
                actor=actor, text=form.cleaned_data["text"], uploads=form.cleaned_data["evidence"],
                row_version=form.cleaned_data["row_version"],
            )  # fmt: skip
        except FileRefused as refused:
            form.add_error("evidence", refused.sentence)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Your part is with the lead."))
            return redirect(here)
    blocked = contributions.still_asked(asked, actor)
    shown = {
        **context, "row": row, "form": form, "blocked": blocked,
        "editable": not blocked and asked.state in ContributionState.with_unit(),
        "moves": buttons(
            contributions.CONTRIBUTIONS, row, actor, {"take_back": STEPS["take_back"]},
            reverse("contribution_move", args=[row.pk]),
        ) if row else [],
        "max_mb": EVIDENCE_MB,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/supervision/contribution_form.html", shown, status=status)


@GET_OR_POST
def contribution_move(request: HttpRequest, pk: int) -> HttpResponse:
    row: Contribution = fetch(request, queries.contributions(actor_of(request)), pk=pk)
    return move_page(request, row, contributions.CONTRIBUTIONS, STEPS, next_page(request, page(row)), str(row))


@require_POST
def item_contribution_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """催: one click of the handling unit to all assisting units that have not handed in."""
    items = SupervisedItem.objects.select_related("jurisdiction").prefetch_related("parts")
    found: SupervisedItem = fetch(request, items, pk=pk)
    return _asked(
        request, lambda actor: contributions.ask_about_item(item=found, actor=actor), reverse("item", args=[pk])
    )


@require_POST
def contribution_ask(request: HttpRequest, window: int, task: int) -> HttpResponse:
    """催: one click to all supporting units of the task that have not handed in."""
    found: Task = fetch(
        request, Task.objects.select_related("programme__jurisdiction").prefetch_related("parts"), pk=task
    )
    opened: Any = fetch(request, ReportingWindow.objects.filter(programme_id=found.programme_id), pk=window)
    return _asked(
        request,
        lambda actor: contributions.ask(task=found, window=opened, actor=actor),
        reverse("task", args=[task]),
    )


def _asked(request: HttpRequest, ask: Callable[[ActorContext], list[Contribution]], back: str) -> HttpResponse:
    try:
        asked = ask(actor_of(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        refuse(request, refused)
    else:
        said = ngettext("%(count)s supporting unit asked.", "%(count)s supporting units asked.", len(asked))
        messages.success(request, said % {"count": len(asked)})
    return redirect(next_page(request, back))
