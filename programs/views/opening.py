"""上线前: where tasks stood when the portal began to be used; one part, or a whole programme on one page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.choices import OpeningStep, TaskNature
from programs.domain import opening as domain
from programs.forms.office import ReasonForm
from programs.forms.opening import GroundForm, OpeningForm, typed_rows
from programs.models import Programme, Responsibility
from programs.queries.opening import parts_with_opening
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST, NUMBER


@dataclass
class SheetRow:
    """One part on the page of the programme, with what was typed when the page comes back."""

    part: Responsibility
    percent: str = ""
    result: str = ""
    wrong: str = ""

    @property
    def measured(self) -> bool:
        return self.part.task.nature == TaskNature.OUTCOME


@GET_OR_POST
def part_opening(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's part: recorded by the office, proposed by the unit, accepted or returned by the office."""
    actor = actor_of(request)
    rows = Responsibility.objects.select_related(
        "task__programme__jurisdiction", "department", "opening__entered_by", "opening__decided_by"
    ).prefetch_related("task__parts")
    part = fetch(request, rows, pk=pk)
    office, proposes = can(actor, "manage", part), can(actor, "propose_opening", part)
    if not office and not proposes:
        raise PermissionDenied(str(proposes.reason))
    state = getattr(part, "opening", None)
    known = {} if state is None else {name: getattr(state, name) for name in ("as_of", "percent", "result", "basis")}
    form = OpeningForm(initial=known, nature=part.task.nature)
    reason = ReasonForm(None, required=True)
    if request.method == "POST":
        form, reason, done = _act(request, part, form, reason)
        if done:
            return redirect("task", part.task_id)
    context = {
        "part": part,
        "state": state,
        "form": form,
        "reason": reason,
        "office": bool(office),
        "waits": bool(office) and state is not None and state.state == OpeningStep.PROPOSED,
        "closed": not office and state is not None and state.state == OpeningStep.ACCEPTED,
    }
    return render(request, "programs/opening_part.html", context, status=422 if request.method == "POST" else 200)


def _act(request: HttpRequest, part: Responsibility, form: Any, reason: Any) -> tuple[Any, Any, bool]:
    """The forms as they are shown again, and whether it was done."""
    actor, wanted = actor_of(request), request.POST.get("do", "record")
    try:
        if wanted == "accept":
            domain.accept_openings([part.pk], actor=actor)
            messages.success(request, _("The state before the portal stands."))
            return form, reason, True
        if wanted == "return":
            reason = ReasonForm(request.POST, required=True)
            if not reason.is_valid():
                return form, reason, False
            domain.return_opening(part, actor=actor, reason=reason.cleaned_data["reason"])
            messages.success(request, _("Returned to the unit."))
            return form, reason, True
        form = OpeningForm(request.POST, nature=part.task.nature)
        if not form.is_valid():
            return form, reason, False
        data = form.cleaned_data
        domain.record_opening({part.pk: form.typed()}, actor=actor, as_of=data["as_of"], basis=data["basis"])
        messages.success(request, _("The state before the portal is recorded."))
        return form, reason, True
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        if form.is_bound:
            form.add_error(None, str(refused.sentence))
        else:
            messages.error(request, str(refused.sentence))
        return form, reason, False


@GET_OR_POST
def programme_opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Every part of a programme on one sheet: one day and one basis, percentages and words row by row."""
    programme = fetch(request, Programme.objects.select_related("jurisdiction"), action="manage", pk=pk)
    parts = list(parts_with_opening(programme))
    rows = {part.pk: SheetRow(part) for part in parts}
    form = GroundForm()
    if request.method == "POST":
        done = _accept(request, parts) if request.POST.get("do") == "accept" else None
        if done is None:
            form = GroundForm(request.POST)
            done = _record(request, form, rows)
        if done:
            return redirect("programme_opening", programme.pk)
    proposed = [part for part in parts if _step(part) == OpeningStep.PROPOSED]
    context = {"programme": programme, "rows": list(rows.values()), "form": form, "proposed": proposed}
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/opening_programme.html", context, status=status)


def _step(part: Responsibility) -> str:
    state = getattr(part, "opening", None)
    return state.state if state is not None else ""


def _record(request: HttpRequest, form: GroundForm, rows: dict[int, SheetRow]) -> bool:
    typed, wrong = typed_rows(request.POST, [row.part for row in rows.values()])
    for pk, row in rows.items():
        row.percent, row.result = request.POST.get(f"percent-{pk}", ""), request.POST.get(f"result-{pk}", "")
        if pk in wrong:
            row.wrong = _("Please enter a whole number from 0 to 100, such as 40.")
    if not form.is_valid() or wrong:
        return False
    if not typed:
        form.add_error(None, _("No row is filled in."))
        return False
    data = form.cleaned_data
    try:
        made = domain.record_opening(typed, actor=actor_of(request), as_of=data["as_of"], basis=data["basis"])
    except Refused as refused:
        at = rows.get(refused.obj.pk) if isinstance(refused.obj, Responsibility) else None
        if at is not None:
            at.wrong = str(refused.sentence)
        else:
            form.add_error(None, str(refused.sentence))
        return False
    said = ngettext("%(count)s state is recorded.", "%(count)s states are recorded.", len(made))
    messages.success(request, said % {"count": len(made)})
    return True


def _accept(request: HttpRequest, parts: list[Responsibility]) -> bool:
    known = {part.pk for part in parts}
    picked = {int(text) for text in request.POST.getlist("part") if NUMBER.fullmatch(text)} & known
    if not picked:
        messages.error(request, _("Tick at least one row."))
        return False
    try:
        domain.accept_openings(picked, actor=actor_of(request))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return False
    messages.success(request, _("The ticked states stand."))
    return True
