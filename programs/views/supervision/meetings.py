"""领导小组会议: list, the meeting's page, its preparation, its moves, its PDFs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.access.ground import has_business_role
from programs.choices import BuildState, MeetingPdfKind, MeetingState
from programs.domain.supervision import meeting_pdfs, meeting_wording, meetings, minutes
from programs.forms.supervision.meetings import MeetingFilter, MeetingForm, initial_of
from programs.models import Meeting, MeetingPdf
from programs.queries.supervision import meetings as queries
from programs.queries.supervision.journal import events
from qualitycity.access import can
from qualitycity.access.http import actor_of, demand, fetch
from qualitycity.audit.journal import record
from qualitycity.files.serving import serve
from qualitycity.workflow import NotAllowed, Refused

from ..buttons import buttons
from ..moves import GET_OR_POST, Step, move_page, posted

PER_PAGE = 20
STEPS = {
    "notify": Step(
        lambda meeting, actor, reason: meetings.notify(meeting, actor=actor),
        gettext_lazy(
            "Every invited unit and person with an account gets the invitation and is asked to confirm. "
            "Agenda and papers can still be changed afterwards."
        ),
        asks=True,
    ),
    "hold": Step(
        lambda meeting, actor, reason: meetings.hold(meeting, actor=actor),
        gettext_lazy("Papers and invitations stay as they are from now on; the minutes are written next."),
    ),
    "issue": Step(
        lambda meeting, actor, reason: minutes.issue(meeting, actor=actor),
        gettext_lazy(
            "The minutes get the next number and are frozen; whoever was invited is told. This is not undone. The "
            "decisions can then be handed over as supervised items."
        ),
        asks=True,
    ),
    "cancel": Step(
        lambda meeting, actor, reason: meetings.cancel(meeting, actor=actor, reason=reason),
        gettext_lazy("Whoever has been invited is told; matters on its agenda lie with the office again."),
        asks=True,
        danger=True,
    ),
}


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not has_business_role(actor):
        raise PermissionDenied(_("This list is for units, offices and leaders."))
    form = MeetingFilter(request.GET, bodies=queries.bodies_with_meetings(actor))
    page = Paginator(queries.listed(actor, form.wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "prepares": bool(queries.own_bodies(actor)), "base": reverse("meetings")}
    return render(request, "programs/supervision/meeting_list.html", context)


@GET_OR_POST
def meeting_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    bodies = queries.own_bodies(actor)
    if not bodies:
        raise PermissionDenied(_("Only the office of the leading group prepares its meetings."))
    seats = queries.seats([body.pk for body in bodies])
    initial: dict[str, Any] = {}
    wanted = next((body for body in bodies if str(body.pk) == request.GET.get("body")), bodies[0])
    if request.method != "POST":
        session = meetings.next_session(wanted)
        initial = {"body": wanted.pk, "session": session, "title": f"{wanted.name}第{session}次会议"}
    form = MeetingForm(posted(request), bodies=bodies, seats=seats, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            meeting = meetings.plan(actor=actor, body=form.chosen_body, **form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("meeting", pk=meeting.pk)
    status = 422 if form.is_bound else 200
    return render(request, "programs/supervision/meeting_form.html", {"form": form}, status=status)


@GET_OR_POST
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    form = MeetingForm(
        posted(request), bodies=[meeting.body], seats=queries.seats([meeting.body_id]), initial=initial_of(meeting)
    )
    if form.is_bound and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            meetings.change(meeting, actor=actor, values=form.values, row_version=version)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The meeting has been changed."))
            return redirect("meeting", pk=pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "meeting": meeting}
    return render(request, "programs/supervision/meeting_form.html", context, status=status)


@require_safe
@never_cache
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda with papers, who is invited, minutes and decisions; each reader sees his share."""
    actor = actor_of(request)
    row = fetch(request, queries.meetings(actor), pk=pk)
    items = queries.agenda(row, actor)
    invited = queries.attendances(row, actor)
    decided = queries.decisions(row, actor)
    manages, oversees = bool(can(actor, "manage", row)), queries.oversees(actor, row)
    # guards of the buttons read what the page has read already
    row._prefetched_objects_cache = {"agenda": items, "attendances": invited, "decisions": decided}
    pdfs = queries.pdfs(row, actor)
    context = {
        "meeting": row, "agenda": items, "attendances": invited, "decisions": decided, "tally": queries.tally(invited),
        "manages": manages, "oversees": oversees, "ahead": row.state in MeetingState.ahead(),
        "moves": buttons(meetings.MEETINGS, row, actor, STEPS, reverse("meeting_move", args=[pk])),
        "papers_pdf": pdfs.get(MeetingPdfKind.PAPERS), "minutes_pdf": pdfs.get(MeetingPdfKind.MINUTES),
        "own_topics": {item.pk for item in items if can(actor, "add_paper", item)} if not manages else set(),
        "own_invitations": [line for line in invited if not oversees and can(actor, "reply", line)],
        "timeline": events(
            [(row, "")], queries.ACTIONS, good=queries.GOOD, bad=queries.BAD, office=manages, unit=oversees
        ),
        "open_decisions": sum(line.item_id is None for line in decided),
        "when": meeting_wording.moment_of(row.starts_at),
    }  # fmt: skip
    return render(request, "programs/supervision/meeting.html", context)


@GET_OR_POST
def meeting_move(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request, queries.meetings(actor_of(request)), pk=pk)
    return move_page(request, row, meetings.MEETINGS, STEPS, reverse("meeting", args=[pk]), row.title)


def _pdf(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The file, journalled; while it is being built the person is led back and told."""
    actor = actor_of(request)
    row: Meeting = fetch(request, queries.meetings(actor), pk=pk)
    pdf = MeetingPdf.objects.visible_to(actor).filter(meeting=row, kind=kind).select_related("file").first()
    if pdf is None:
        if kind == MeetingPdfKind.PAPERS:
            demand(actor, "read_papers", row)
        raise Http404(_("There is no such file, or it is not meant for you."))
    if pdf.state != BuildState.READY or pdf.file is None:
        messages.info(request, _("The PDF is being built; please come back in a moment."))
        return redirect("meeting", pk=pk)
    record(subject=row, action="download", actor=actor, after={"file": pdf.file.original_name}, audience="office")
    return serve(pdf.file)


@require_safe
def papers_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _pdf(request, pk, MeetingPdfKind.PAPERS)


@require_safe
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _pdf(request, pk, MeetingPdfKind.MINUTES)


@require_POST
def pdf_retry(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """重新生成 of a PDF that failed."""
    actor = actor_of(request)
    row: Meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    pdf = MeetingPdf.objects.filter(meeting=row, kind=kind).first()
    if pdf is None:
        raise Http404(_("There is no such file, or it is not meant for you."))
    try:
        meeting_pdfs.retry(pdf, actor=actor)
    except Refused as refused:
        messages.info(request, str(refused.sentence))
    return redirect("meeting", pk=pk)
