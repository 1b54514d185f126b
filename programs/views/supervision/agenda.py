"""议题 and 会议材料 of a meeting: added, put in order, taken off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.choices import MeetingState
from programs.domain.supervision import meetings
from programs.forms.sheet import EVIDENCE_MB
from programs.forms.supervision.meetings import PaperForm, TopicForm
from programs.forms.supervision.units import Register
from programs.models import AgendaItem, MeetingPaper
from programs.queries.supervision import meetings as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.workflow import NotAllowed, Refused

from ..moves import GET_OR_POST, posted


def _items(request: HttpRequest):
    return AgendaItem.objects.visible_to(actor_of(request)).select_related(
        "meeting__body__jurisdiction", "meeting__chair", "department", "matter"
    )


@GET_OR_POST
def topic_new(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    meeting = fetch(request, queries.meetings(actor), pk=pk, action="manage")
    form = TopicForm(posted(request), register=Register(meeting.body.jurisdiction))
    if form.is_bound and form.is_valid():
        try:
            meetings.add_topic(meeting, actor=actor, **form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The topic stands on the agenda."))
            again = "another" in request.POST
            return redirect(reverse("topic_new" if again else "meeting", args=[pk]))
    context = {"form": form, "meeting": meeting, "item": None, "count": meeting.agenda.count()}
    return render(request, "programs/supervision/topic_form.html", context, status=422 if form.is_bound else 200)


@GET_OR_POST
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    item = fetch(request, _items(request), pk=pk, action="manage")
    initial = {"title": item.title, "department": item.department_id, "planned": item.planned, "note": item.note}
    form = TopicForm(posted(request), register=Register(item.meeting.body.jurisdiction), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            meetings.change_topic(item, actor=actor, values=form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("meeting", pk=item.meeting_id)
    context = {"form": form, "meeting": item.meeting, "item": item}
    return render(request, "programs/supervision/topic_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def topic_order(request: HttpRequest, pk: int) -> HttpResponse:
    """do=up, down or remove."""
    actor = actor_of(request)
    item = fetch(request, _items(request), pk=pk, action="manage")
    do = request.POST.get("do")
    try:
        if do in ("up", "down"):
            meetings.move_topic(item, actor=actor, by=-1 if do == "up" else 1)
        elif do == "remove":
            meetings.remove_topic(item, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect(f"{reverse('meeting', args=[item.meeting_id])}#agenda")


@GET_OR_POST
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Papers of one topic: by the office, or by the unit that reports on it."""
    actor = actor_of(request)
    item = fetch(request, _items(request), pk=pk, action="add_paper")
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if form.is_bound and form.is_valid():
        try:
            added = meetings.add_papers(
                item, actor=actor, uploads=form.cleaned_data["papers"], title=form.cleaned_data["title"]
            )
        except FileRefused as refusal:
            form.add_error("papers", refusal.sentence)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            said = ngettext("%(count)s paper has been added.", "%(count)s papers have been added.", len(added))
            messages.success(request, said % {"count": len(added)})
            return redirect("meeting", pk=item.meeting_id)
    shown = MeetingPaper.objects.visible_to(actor).filter(item=item).select_related("file").order_by("pk")
    context = {
        "form": form, "item": item, "meeting": item.meeting, "papers": shown, "max_mb": EVIDENCE_MB,
        "ahead": item.meeting.state in MeetingState.ahead(),
    }  # fmt: skip
    return render(request, "programs/supervision/papers.html", context, status=422 if form.is_bound else 200)


@require_POST
def paper_remove(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    rows = MeetingPaper.objects.visible_to(actor).select_related("item__meeting__body__jurisdiction", "file")
    paper = fetch(request, rows, pk=pk, action="remove")
    try:
        meetings.remove_paper(paper, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("meeting_papers", pk=paper.item_id)
