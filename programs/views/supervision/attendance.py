"""参会: whom the office invites, the invitation as its receiver sees it, 签到 on a phone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.access.supervision.meetings import reply_to_invitation
from programs.choices import InvitationReply, MeetingState, Presence
from programs.domain.supervision import attendance as domain
from programs.domain.supervision.meeting_wording import moment_of
from programs.forms.supervision.meetings import InviteForm, ReplyForm
from programs.forms.supervision.units import Register
from programs.models import Attendance
from programs.queries.supervision import meetings as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused

from ..moves import GET_OR_POST, NUMBER, posted

PROPOSED = {
    InvitationReply.ATTENDING: Presence.PRESENT,
    InvitationReply.SUBSTITUTE: Presence.SUBSTITUTE,
    InvitationReply.LEAVE: Presence.ABSENT,
}


@GET_OR_POST
def invited(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is invited, and the form that adds seats, units, persons."""
    actor = actor_of(request)
    meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    rows = queries.attendances(meeting, actor)
    taken = {row.seat_id for row in rows}
    seats = [seat for seat in queries.seats([meeting.body_id]) if seat.pk not in taken]
    form = InviteForm(posted(request), seats=seats, register=Register(meeting.body.jurisdiction))
    if form.is_bound and form.is_valid():
        try:
            added = domain.invite(meeting, actor=actor, **form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            said = _("%(count)s added to the list.")
            if meeting.state == MeetingState.PLANNED:
                said = _(
                    "%(count)s added to the list. They are told once you send the invitations on the meeting's page."
                )
            messages.success(request, said % {"count": len(added)})
            return redirect("meeting_invited", pk=pk)
    context = {
        "meeting": meeting, "rows": rows, "form": form,
        "open": meeting.state in (*MeetingState.ahead(), MeetingState.HELD),
    }  # fmt: skip
    return render(request, "programs/supervision/invited.html", context, status=422 if form.is_bound else 200)


@require_POST
def uninvite(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    rows = Attendance.objects.visible_to(actor).select_related("meeting__body__jurisdiction", "seat", "department")
    row = fetch(request, rows, pk=pk, action="manage")
    try:
        domain.uninvite(row, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("meeting_invited", pk=row.meeting_id)


@GET_OR_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """会议通知 with the 回执."""
    actor = actor_of(request)
    rows = Attendance.objects.visible_to(actor).select_related(
        "meeting__body__jurisdiction", "meeting__chair", "seat", "department", "replied_by"
    )
    row = fetch(request, rows, pk=pk)
    may = reply_to_invitation(actor, row)
    if request.method == "POST" and not may:
        raise PermissionDenied(str(may.reason))
    initial = {
        "answer": row.reply if row.reply != InvitationReply.NONE else None, "name": row.who_comes,
        "post": row.who_comes_post, "note": row.reply_note,
    }  # fmt: skip
    form = ReplyForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            domain.reply(row, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Your answer is with the office."))
            return redirect("invitation", pk=pk)
    context = {
        "row": row, "meeting": row.meeting, "form": form, "agenda": queries.agenda(row.meeting, actor),
        "when": moment_of(row.meeting.starts_at), "may_reply": may and row.meeting.state == MeetingState.NOTIFIED,
    }  # fmt: skip
    return render(request, "programs/supervision/invitation.html", context, status=422 if form.is_bound else 200)


@GET_OR_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """签到: one line for each invited, large enough for a thumb."""
    actor = actor_of(request)
    meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    if request.method == "POST":
        sent = {}
        for name, value in request.POST.items():
            key = name.removeprefix("p")
            if name.startswith("p") and NUMBER.fullmatch(key):
                sent[int(key)] = value
        try:
            changed = domain.record_presence(meeting, actor=actor, presence=sent)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            messages.error(request, str(refused.sentence))
        else:
            messages.success(request, _("Saved: %(count)s changed.") % {"count": changed})
        return redirect(reverse("meeting_presence", args=[pk]))
    rows = queries.attendances(meeting, actor)
    for row in rows:
        # what was answered is proposed; it counts once it is saved
        row.proposed = PROPOSED.get(row.reply, "") if row.presence == Presence.UNKNOWN else row.presence
    context = {
        "meeting": meeting, "rows": rows, "tally": queries.tally(rows),
        "choices": [choice for choice in Presence.choices if choice[0] != Presence.UNKNOWN],
        "open": meeting.state in (*MeetingState.ahead(), MeetingState.HELD),
    }  # fmt: skip
    return render(request, "programs/supervision/presence.html", context)
