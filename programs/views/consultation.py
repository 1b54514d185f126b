"""征求意见: the office opens a round; each unit answers, as a whole or task by task; the office answers back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.access.ground import UNIT
from programs.domain import consultation as domain
from programs.domain.tasks import has_unit
from programs.forms.consultation import ReplyForm, WishesForm
from programs.forms.office import ConsultationForm
from programs.models import Consultation, Programme
from programs.queries import consultation as queries
from qualitycity.access import can
from qualitycity.access.http import actor_of, demand, fetch
from qualitycity.workdays.calendar import format_days_left, load_calendar
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST, posted

#: Working days proposed to the units for their answer.
DAYS_TO_ANSWER = 7


@GET_OR_POST
def consultation_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a round on the draft table; with one open already, leads to it."""
    programme = fetch(request, Programme.objects.select_related("jurisdiction"), action="manage", pk=pk)
    today, initial = timezone.localdate(), {}
    if request.method != "POST":
        current = programme.consultations.filter(closed_on__isnull=True).first()
        if current is not None:
            return redirect("consultation", pk=current.pk)
        initial = {"due_on": load_calendar().add_working_days(today, DAYS_TO_ANSWER)}
    form = ConsultationForm(posted(request), today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            opened = domain.open_round(programme, actor=actor_of(request), **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The draft is out for comment."))
            return redirect("consultation", pk=opened.pk)
    tasks, units = queries.drafts(programme)
    context = {
        "programme": programme, "form": form, "units": units,
        "ready": [task for task in tasks if has_unit(task)],
        "undivided": [task for task in tasks if not has_unit(task)],
    }  # fmt: skip
    return render(request, "programs/consultation_open.html", context, status=422 if form.errors else 200)


@GET_OR_POST
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """The round: the office sees all answers, a unit its own tasks; whoever else may see it reads."""
    round_ = fetch(request, Consultation.objects.select_related("programme__jurisdiction", "opened_by"), pk=pk)
    if can(actor_of(request), "manage", round_):
        return _for_office(request, round_)
    return _for_units(request, round_)


# --- the office ---------------------------------------------------------------------------------------------------


def _for_office(request: HttpRequest, round_: Consultation) -> HttpResponse:
    actor, do = actor_of(request), request.POST.get("do", "")
    refusal: Any = ""
    try:
        if do == "close":
            domain.close_round(round_, actor=actor)
            messages.success(request, _("The round is closed and the breakdown confirmed."))
            return redirect(f"{reverse('bulk', args=[round_.programme_id])}?do=assign")
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        refusal = refused.sentence
    units = queries.asked_units(round_, actor=actor)
    wishes = [reply for unit in units for reply in unit.wishes]
    form = WishesForm(request.POST if do == "answer" else None, wishes=wishes)
    if do == "answer" and form.is_valid():
        try:
            count = len(domain.answer_wishes(round_, actor=actor, answers=form.answers()))
        except Refused as refused:
            refusal = refused.sentence
        else:
            said = ngettext("%(count)d wish answered.", "%(count)d wishes answered.", count) % {"count": count}
            messages.success(request, said)
            return redirect("consultation", pk=round_.pk)
    elif request.method == "POST" and do not in ("close", "answer"):
        raise Http404(_("There is no such step."))
    context = _common(round_) | {
        "units": sorted(units, key=lambda unit: unit.answered),
        "silent": [unit for unit in units if not unit.answered],
        "form": form,
        "wishes": wishes,
        "unanswered": sum(not reply.answer for reply in wishes),
        "asking": request.GET.get("do") == "close",
        "refusal": refusal,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "programs/consultation_office.html", context, status=status)


# --- a unit -------------------------------------------------------------------------------------------------------


def _for_units(request: HttpRequest, round_: Consultation) -> HttpResponse:
    actor = actor_of(request)
    mine = actor.departments(*UNIT)
    may_reply = bool(mine) and round_.closed_on is None
    # whoever oversees without a unit of his own reads what all have said
    units = queries.asked_units(round_, actor=actor, departments=mine or None)
    wanted = request.POST.get("department", "")
    forms = []
    refusal: Any = ""
    for unit in units:
        posted = request.POST if request.method == "POST" and str(unit.department.pk) == wanted else None
        form = ReplyForm(posted, unit=unit, readonly=not may_reply)
        forms.append(form)
    if request.method == "POST":
        if "do" in request.POST:
            # closing and answering wishes are the office's steps
            demand(actor, "manage", round_)
        form = next((form for form in forms if form.is_bound and form.unit.department.pk in mine), None)
        if form is None:
            raise Http404(_("There is no such page, or it is not meant for you."))
        try:
            if form.is_valid():
                domain.reply(round_, actor=actor, department=form.unit.department, answers=form.answers())
                messages.success(
                    request, _("Your answer is with the office. You can change it until the round is closed.")
                )
                return redirect("consultation", pk=round_.pk)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            refusal = refused.sentence
    involved = queries.units_of([task.pk for unit in units for task in unit.tasks])
    for unit in units:
        for task in unit.tasks:
            task.involved = involved.get(task.pk, [])  # type: ignore[attr-defined]
    context = _common(round_) | {"forms": forms, "may_reply": may_reply, "refusal": refusal}
    wrong = refusal or any(form.errors for form in forms)
    return render(request, "programs/consultation_unit.html", context, status=422 if wrong else 200)


def _common(round_: Consultation) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "round": round_,
        "programme": round_.programme,
        "open": round_.closed_on is None,
        "late": round_.closed_on is None and round_.due_on < today,
        "days_left": format_days_left(today, round_.due_on, load_calendar()),
    }
