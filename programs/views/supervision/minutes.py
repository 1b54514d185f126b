"""纪要 and 议定事项: written after the meeting, issued on its page, handed over one by one or all at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.choices import MeetingState
from programs.domain.supervision import meeting_wording
from programs.domain.supervision import minutes as domain
from programs.forms.supervision.meetings import DecisionForm, MinutesForm
from programs.forms.supervision.units import Register, listed
from programs.models import Decision, Meeting
from programs.queries.supervision import meetings as queries
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused

from ..moves import GET_OR_POST, posted


@GET_OR_POST
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    items = list(meeting.agenda.order_by("sort", "pk"))
    initial = {"opening": meeting.opening or meeting_wording.opening_of(meeting)}
    form = _for_reading(MinutesForm(posted(request), items=items, initial=initial), meeting)
    if form.is_bound and form.is_valid():
        try:
            domain.write(meeting, actor=actor, opening=form.cleaned_data["opening"], topics=form.topics)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The draft of the minutes is saved."))
            return redirect("meeting_minutes", pk=pk)
    context = {
        "meeting": meeting, "form": form, "decisions": queries.decisions(meeting, actor),
        "open": meeting.state == MeetingState.HELD,
        "may_issue": meeting.state == MeetingState.HELD and bool(can(actor, "decide", meeting)),
    }  # fmt: skip
    return render(request, "programs/supervision/minutes.html", context, status=422 if form.is_bound else 200)


@GET_OR_POST
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch(request, queries.meetings(actor_of(request)), pk=pk, action="manage")
    return _decision(request, meeting, None)


@GET_OR_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request, _decisions(request), pk=pk, action="manage")
    return _decision(request, row.meeting, row)


def _for_reading(form: Any, meeting: Meeting) -> Any:
    """Before the meeting and after the minutes are issued nothing can be typed; what a late answer sends is judged."""
    if meeting.state != MeetingState.HELD and not form.is_bound:
        for field in form.fields.values():
            field.disabled = True
    return form


def _decisions(request: HttpRequest) -> Any:
    return (
        Decision.objects.visible_to(actor_of(request))
        .select_related("meeting__body__jurisdiction", "meeting__chair", "agenda_item", "item")
        .prefetch_related("units__department")
    )


def _decision(request: HttpRequest, meeting: Meeting, row: Decision | None) -> HttpResponse:
    actor = actor_of(request)
    items = list(meeting.agenda.order_by("sort", "pk"))
    register = Register(meeting.body.jurisdiction)
    form = DecisionForm(posted(request), items=items, register=register, initial=_initial(row))
    _for_reading(form, meeting)
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                domain.decide(meeting, actor=actor, **form.values)
            else:
                domain.change_decision(row, actor=actor, **form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            if "another" in request.POST:
                return redirect("decision_new", pk=meeting.pk)
            return redirect(f"{reverse('meeting_minutes', args=[meeting.pk])}#decisions")
    context = {
        "meeting": meeting, "decision": row, "form": form, "earliest": timezone.localdate(meeting.starts_at),
        "open": meeting.state == MeetingState.HELD,
    }  # fmt: skip
    return render(request, "programs/supervision/decision_form.html", context, status=422 if form.is_bound else 200)


def _initial(row: Decision | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "text": row.text, "due_on": row.due_on, "agenda_item": row.agenda_item_id,
        "lead": listed(unit.department for unit in row.units.all() if unit.role == "lead"),
        "support": listed(unit.department for unit in row.units.all() if unit.role == "support"),
    }  # fmt: skip


@require_POST
def decision_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request, _decisions(request), pk=pk, action="manage")
    try:
        domain.remove_decision(row, actor=actor_of(request))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect(f"{reverse('meeting_minutes', args=[row.meeting_id])}#decisions")


@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """转督办 of the decisions: `decision` names one, without it all that are open."""
    actor = actor_of(request)
    meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    wanted = request.POST.get("decision", "")
    try:
        if wanted:
            row = next((row for row in queries.decisions(meeting, actor) if str(row.pk) == wanted), None)
            if row is None:
                raise Http404(_("There is no such decision."))
            done = [domain.register_decision(row, actor=actor)]
        else:
            done = domain.register_all(meeting, actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        said = ngettext(
            "%(count)s decision is supervised now.", "%(count)s decisions are supervised now.", len(done)
        )
        messages.success(request, said % {"count": len(done)})
    return redirect(f"{reverse('meeting', args=[pk])}#decisions")
