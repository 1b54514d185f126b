"""活动日历: the year's activities, their results, and the register behind them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from programs.access.ground import has_business_role, offices
from programs.choices import ActivityState
from programs.domain.supervision import activities as domain
from programs.forms.office import ReasonForm
from programs.forms.supervision.activities import ActivityForm, DaysForm, ResultForm
from programs.models import Activity, ActivityRun
from programs.queries.supervision.journal import WORDS, events
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused, available
from taskforce.models import Department, Jurisdiction

from ..moves import GET_OR_POST, Step, move_page, posted

STEPS = {
    "correct": Step(
        lambda run, actor, reason: domain.correct(run, actor=actor, reason=reason),
        gettext_lazy("The result can be written anew; the journal keeps the old one."),
        asks=True,
    ),
    "cancel": Step(
        lambda run, actor, reason: domain.cancel(run, actor=actor, reason=reason),
        gettext_lazy("The activity does not take place this year. The reason stays."),
        asks=True,
        danger=True,
    ),
    "plan": Step(
        lambda run, actor, reason: domain.plan(run, actor=actor, reason=reason),
        gettext_lazy("The activity takes place after all."),
        asks=True,
    ),
}


@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    if not has_business_role(actor):
        raise PermissionDenied(_("The activities of the year are meant for those who work on the programme."))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
    seen = ActivityRun.objects.visible_to(actor)
    years = sorted({*seen.values_list("year", flat=True), today.year}, reverse=True)
    runs = list(
        seen.filter(year=year)
        .select_related("activity__jurisdiction", "activity__organiser", "recorded_by")
        .order_by("starts_on", "pk")
    )
    for run in runs:
        run.open_now = run.state == ActivityState.PLANNED and run.starts_on <= today  # type: ignore[attr-defined]
        run.writes = run.open_now and bool(can(actor, "report", run))  # type: ignore[attr-defined]
    context = {
        "runs": runs, "year": year, "years": years, "today": today, "mine": set(offices(actor)),
        "keeps": bool(offices(actor)),
        "held": sum(run.state == ActivityState.HELD for run in runs),
    }  # fmt: skip
    return render(request, "programs/supervision/activity_list.html", context)


@GET_OR_POST
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    places = offices(actor)
    if not places:
        raise PermissionDenied(_("The activities of the year are kept by the office."))
    place = Jurisdiction.objects.get(pk=places[0])
    form = ActivityForm(posted(request), units=_units(place))
    if request.method == "POST" and form.is_valid():
        try:
            domain.add(actor=actor, jurisdiction=place, **form.values())
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The activity is in the calendar of every year from now on."))
            return redirect("activities")
    return _form(request, form, None)


@GET_OR_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    activity: Activity = fetch(
        request, Activity.objects.select_related("jurisdiction", "organiser"), action="manage", pk=pk
    )
    form = ActivityForm(posted(request), instance=activity, units=_units(activity.jurisdiction))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["row_version"] or 0
        try:
            domain.change(activity, actor=actor_of(request), row_version=version, **form.values())
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The activity has been changed."))
            return redirect("activities")
    return _form(request, form, activity)


@GET_OR_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    activity: Activity = fetch(request, Activity.objects.select_related("jurisdiction"), action="manage", pk=pk)
    form, back = ReasonForm(posted(request)), reverse("activities")
    if request.method == "POST" and form.is_valid():
        try:
            domain.end(activity, actor=actor_of(request), reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error("reason", str(refused.sentence))
        else:
            messages.success(request, _("The activity does not come back any more."))
            return redirect(back)
    context: dict[str, Any] = {
        "action": "end", "label": _("Take out of the calendar"), "object_label": str(activity), "danger": True,
        "text": _("It does not come back in later years; the years gone by stay."),
        "form": form, "needs_reason": True, "refusal": "", "back": back,
    }  # fmt: skip
    return render(request, "programs/confirm_move.html", context, status=422 if form.errors else 200)


@GET_OR_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One year's activity; organiser or office writes what came of it."""
    actor = actor_of(request)
    found: ActivityRun = fetch(request, _runs(), pk=pk)
    form = ResultForm(posted(request), initial={"result": found.result})
    if request.method == "POST":
        decision = can(actor, "report", found)
        if not decision:
            raise PermissionDenied(str(decision.reason))
        if form.is_valid():
            try:
                domain.hold(found, actor=actor, result=form.cleaned_data["result"])
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                form.add_error("result", str(refused.sentence))
            else:
                messages.success(request, _("The result is written down."))
                return redirect("activities")
    moves = available(domain.RUNS, found, actor)
    in_office = bool(can(actor, "manage", found))
    context = {
        "run": found,
        "form": form,
        "writes": any(move.action == "hold" for move in moves),
        "moves": [move for move in moves if move.action in STEPS],
        "may_move_days": in_office and found.state == ActivityState.PLANNED,
        "in_office": in_office,
        "events": events([(found, "")], WORDS, good=("hold",), bad=("cancel",), office=in_office, unit=True),
    }
    return render(request, "programs/supervision/activity_run.html", context, status=422 if form.errors else 200)


@GET_OR_POST
def run_move(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request, _runs(), pk=pk)
    return move_page(request, found, domain.RUNS, STEPS, reverse("activity_run", args=[pk]), str(found))


@GET_OR_POST
def run_days(request: HttpRequest, pk: int) -> HttpResponse:
    found: ActivityRun = fetch(request, _runs(), action="manage", pk=pk)
    form = DaysForm(posted(request), instance=found, initial={"row_version": found.row_version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            domain.move(
                found, actor=actor_of(request), starts_on=given["starts_on"], ends_on=given["ends_on"],
                reason=given["reason"], row_version=given["row_version"],
            )  # fmt: skip
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The activity has been moved."))
            return redirect("activity_run", pk=pk)
    context = {"run": found, "form": form}
    return render(request, "programs/supervision/activity_days.html", context, status=422 if form.errors else 200)


def _runs() -> Any:
    return ActivityRun.objects.select_related("activity__jurisdiction", "activity__organiser", "recorded_by")


def _units(place: Jurisdiction) -> Any:
    rows = Department.objects.filter(jurisdiction__path__startswith=place.path, successor__isnull=True)
    return rows.order_by("jurisdiction__path", "sort", "pk")


def _form(request: HttpRequest, form: ActivityForm, activity: Activity | None) -> HttpResponse:
    context = {"form": form, "activity": activity}
    return render(request, "programs/supervision/activity_form.html", context, status=422 if form.errors else 200)
