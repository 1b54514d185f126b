"""One slip: drawn up, looked at as it will be printed, issued, acknowledged, settled; its PDF."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.access.ground import UNIT, offices
from programs.access.supervision.slips import needs_director
from programs.choices import EntryState, SlipState
from programs.domain.people import units_without_signer
from programs.domain.sources import sources
from programs.domain.supervision import slip_answers as answers
from programs.domain.supervision import slips as domain
from programs.domain.supervision.drawing_up import proposed_words
from programs.forms.supervision.slips import SlipForm
from programs.models import ItemPart, ReportingWindow, Responsibility, Slip
from programs.papers.slips import slip_paper as paper_of
from programs.queries.supervision import slips as queries
from programs.queries.supervision.journal import events
from programs.views.buttons import Button, buttons
from programs.views.moves import GET_OR_POST, NUMBER, Step, move_page, posted
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, demand, fetch, next_page
from qualitycity.audit.journal import record
from qualitycity.files.serving import serve
from qualitycity.reports.blocks import Facts
from qualitycity.reports.rendering import RenderFailed, render_pdf
from qualitycity.workdays import load_calendar
from qualitycity.workdays.calendar import format_days_left
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Department

SLIP_STEPS = {
    "issue": Step(
        lambda slip, actor, reason: domain.issue(slip, actor=actor),
        gettext_lazy(
            "The slip gets its number and goes to the unit. What it says cannot be changed afterwards."
        ),
        asks=True,
    ),
    "dismiss": Step(
        lambda slip, actor, reason: domain.dismiss(slip, actor=actor, reason=reason),
        gettext_lazy("The slip is not issued; the reason stays in the list of what has ended."),
        asks=True,
    ),
    "acknowledge": Step(
        lambda slip, actor, reason: domain.acknowledge(slip, actor=actor),
        gettext_lazy("The unit has received the slip."),
    ),
    "settle": Step(
        lambda slip, actor, reason: domain.settle(slip, actor=actor, reason=reason),
        gettext_lazy("The matter of the slip is done."),
        asks=True,
    ),
    "withdraw": Step(
        lambda slip, actor, reason: domain.withdraw(slip, actor=actor, reason=reason),
        gettext_lazy(
            "The unit is told that the slip is void; its number stays used and its paper is marked."
        ),
        asks=True,
        danger=True,
    ),
}
ANSWER_STEPS = {
    "withdraw": gettext_lazy("The answer comes back to you and can be changed."),
    "sign": gettext_lazy("The answer goes to the office in the name of the unit."),
    "countersign": gettext_lazy("The unit has nobody who could sign; the office countersigns."),
    "return_by_head": gettext_lazy("The liaison gets the answer back with your reason."),
    "unsign": gettext_lazy("The answer waits for a signature again."),
    "accept": gettext_lazy("The answer is accepted."),
    "return_by_office": gettext_lazy(
        "The answer is refused; the slip stays open until the unit answers again."
    ),
}


@dataclass(frozen=True)
class Reader:
    """What this person may do with the slip now."""

    office: bool
    unit: bool
    may_edit: bool
    may_issue: bool
    needs_director: bool
    may_answer: bool
    may_call: bool
    may_follow: bool


@require_safe
@never_cache
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    found: Slip = fetch(request, queries.slip_pages(actor), pk=pk)
    shown: list[Any] = found.shown_answers  # type: ignore[attr-defined]
    answer = shown[0] if shown else None
    reader = _reader(found, answer, actor, today)
    words, url = queries.subject_of(found)
    office_only = reader.office and answer is not None and answer.state == EntryState.SUBMITTED
    context = {
        "slip": found, "reader": reader, "subject": words, "subject_url": url, "answers": shown, "answer": answer,
        "when": format_days_left(today, found.due_on, load_calendar()) if found.state in SlipState.with_unit() else "",
        "late": found.state in SlipState.with_unit() and found.due_on < today,
        "stale": found.state == SlipState.PROPOSED and found.due_on < today,
        "moves": buttons(domain.SLIPS, found, actor, SLIP_STEPS, reverse("slip_move", args=[pk])),
        "answer_moves": _answer_buttons(answer, actor, office_only),
        "steps": _steps(found, answer),
        "calls": queries.calls_about(found, actor) if reader.office or not reader.unit else [],
        "facts": _facts(found),
        "events": events(
            [(found, ""), *((row, "") for row in shown)], queries.ACTIONS, good=queries.GOOD, bad=queries.BAD,
            office=reader.office, unit=reader.unit,
        ),
    }  # fmt: skip
    return render(request, "programs/supervision/slip_detail.html", context)


def _reader(found: Slip, answer: Any, actor: ActorContext, today: Any) -> Reader:
    office = found.jurisdiction_id in offices(actor)
    waiting = found.state == SlipState.PROPOSED
    with_unit = found.state in SlipState.with_unit() and (
        answer is None or answer.state in EntryState.editable()
    )
    blank = answers.SlipAnswer(slip=found)
    return Reader(
        office=office,
        unit=found.department_id in actor.departments(*UNIT),
        may_edit=waiting and office,
        may_issue=waiting and bool(can(actor, "issue", found)),
        needs_director=waiting and office and needs_director(found.colour, found.level),
        may_answer=with_unit and bool(can(actor, "file", blank)),
        may_call=office and found.state in SlipState.open(),
        may_follow=office and found.state in SlipState.with_unit() and found.due_on < today,
    )


def _answer_buttons(answer: Any, actor: ActorContext, check_signer: bool) -> list[Button]:
    """Moves of the newest answer. The office countersigns only where the unit has nobody who signs."""
    if answer is None:
        return []
    url = reverse("slip_answer_move", args=[answer.slip_id])
    steps = {name: Step(_never, says, asks=name == "unsign") for name, says in ANSWER_STEPS.items()}
    found = buttons(answers.ANSWERS, answer, actor, steps, url)
    if check_signer and any(button.action == "countersign" for button in found):
        if not units_without_signer({answer.department_id}):
            found = [button for button in found if button.action != "countersign"]
    return found


def _never(obj: Any, actor: ActorContext, reason: str) -> None:
    raise NotImplementedError("buttons are drawn here; the page of the move makes it")


def _facts(found: Slip) -> list[tuple[str, str]]:
    """The lines of the paper as the page shows them: the very words that are printed."""
    return [
        (item.label, item.value)
        for block in paper_of(found).blocks
        if isinstance(block, Facts)
        for item in block.items
    ]


def _steps(found: Slip, answer: Any) -> list[dict[str, Any]]:
    """签发 → 签收 → 回复 → 审核 → 办结, with who did it."""
    order = [
        SlipState.PROPOSED,
        SlipState.ISSUED,
        SlipState.ACKNOWLEDGED,
        SlipState.ANSWERED,
        SlipState.SETTLED,
    ]
    at = order.index(SlipState(found.state)) if found.state in order else -1
    returned = answer is not None and answer.state == EntryState.RETURNED
    said = [
        (_("Issue the slip"), str(found.issued_by or ""), found.issued_at),
        (_("Acknowledge"), str(found.acknowledged_by or ""), found.acknowledged_at),
        (
            _("Answer of the unit"),
            str(answer.signed_by or "") if answer is not None and found.answered_at else "",
            found.answered_at,
        ),
        (_("Settle the slip"), "", found.settled_at),
    ]
    steps = []
    for index, (label, who, moment) in enumerate(said, 1):
        state = (
            "done"
            if index <= at
            else "current"
            if index == at + 1 and found.state in SlipState.open()
            else "todo"
        )
        if index == 3 and state == "current" and returned:
            state = "returned"
        steps.append({"label": label, "who": who, "at": moment, "state": state})
    return steps


@GET_OR_POST
def slip_move(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request, _movable(request), pk=pk)
    label = f"{found.title} · {found.department} · {found.matter}"
    return move_page(request, found, domain.SLIPS, SLIP_STEPS, reverse("slip", args=[pk]), label)


def _movable(request: HttpRequest) -> Any:
    return Slip.objects.select_related("jurisdiction", "department", "item_part__item").prefetch_related(
        "answers"
    )


@GET_OR_POST
def slip_new(request: HttpRequest) -> HttpResponse:
    """拟稿 about a task's part, an item's part, or a unit's return: `?part=`, `?item_part=`, `?window=&department=`."""
    actor, today = actor_of(request), timezone.localdate()
    if not offices(actor):
        raise PermissionDenied(_("Only the office draws up slips."))
    subject = _subject(request)
    demand(actor, "manage", Slip(**subject.columns))
    previous = _previous(request, subject)
    leaders = domain.leaders_of(subject.jurisdiction.pk)
    calendar = load_calendar()
    form = SlipForm(
        posted(request), leaders=leaders,
        initial=None if request.method == "POST" else proposed_words(
            subject, previous=previous, today=today, calendar=calendar, contact=settings.PORTAL_OFFICE_CONTACT
        ),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = domain.compose(actor=actor, subject=subject, previous=previous, **form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The slip is drawn up. Look at the paper, then issue it."))
            return redirect("slip", pk=made.pk)
    context = {
        "form": form, "subject": subject, "previous": previous, "back": next_page(request, reverse("slips")),
        "hidden": {name: request.GET.get(name) or request.POST.get(name) or "" for name in ASKED},
    }  # fmt: skip
    return render(request, "programs/supervision/slip_form.html", context, status=422 if form.errors else 200)


ASKED = ("part", "item_part", "window", "department", "previous")


def _asked(request: HttpRequest, name: str) -> int | None:
    value = request.POST.get(name) or request.GET.get(name) or ""
    return int(value) if NUMBER.fullmatch(value) else None


def subject_of_request(request: HttpRequest) -> domain.Subject | None:
    """What the address names, for whoever may see it; None: it names nothing."""
    part, item_part, window, department = (_asked(request, name) for name in ASKED[:4])
    if part is not None:
        rows = Responsibility.objects.filter(department__isnull=False).select_related(
            "task__programme__jurisdiction", "department"
        )
        found = fetch(request, rows.prefetch_related("task__parts"), pk=part)
        return domain.Subject(department=found.department, part=found)
    if item_part is not None:
        items = ItemPart.objects.select_related("item__jurisdiction", "department")
        found = fetch(request, items, pk=item_part)
        return domain.Subject(department=found.department, item_part=found)
    if window is None or department is None:
        return None
    period = fetch(request, ReportingWindow.objects.select_related("programme__jurisdiction"), pk=window)
    unit = Department.objects.filter(pk=department).first()
    asked = [source.owed([period.pk], [department]) for source in sources()]
    if unit is None or not asked[0].union(*asked[1:], all=True):
        raise Http404(_("This unit owes nothing in the period."))
    return domain.Subject(department=unit, window=period)


def _subject(request: HttpRequest) -> domain.Subject:
    found = subject_of_request(request)
    if found is None:
        raise Http404(_("Begin with a task, an item or a return: a slip is about one matter."))
    return found


def _previous(request: HttpRequest, subject: domain.Subject) -> Slip | None:
    """The slip whose date was missed, when it is about this very matter."""
    wanted = _asked(request, "previous")
    return subject.mine().filter(pk=wanted).exclude(number="").first() if wanted is not None else None


@GET_OR_POST
def slip_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Slip.objects.select_related(
        "jurisdiction", "department", "item_part__item", "previous", *queries.SUBJECT
    )
    found: Slip = fetch(request, rows, pk=pk, action="manage")
    if request.method != "POST" and found.state != SlipState.PROPOSED:
        messages.info(request, _("The slip is issued; what it says is not changed any more."))
        return redirect("slip", pk=pk)
    initial = {name.removesuffix("_id"): getattr(found, name) for name in domain.EDITABLE} | {
        "version": found.row_version
    }
    form = SlipForm(posted(request), leaders=domain.leaders_of(found.jurisdiction_id), initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            domain.revise(found, actor=actor_of(request), row_version=version, **form.values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("slip", pk=pk)
    context = {"form": form, "slip": found, "back": reverse("slip", args=[pk]), "previous": found.previous}
    return render(request, "programs/supervision/slip_form.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def slip_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet as it would be printed now, set while the person waits; for the office, before it issues."""
    found = fetch(request, queries.slip_pages(actor_of(request)), pk=pk, action="manage")
    try:
        pdf = render_pdf(paper_of(found))
    except RenderFailed as failure:
        messages.error(request, str(failure))
        return redirect("slip", pk=pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{found.title}预览.pdf")
    return response


@require_safe
def slip_paper(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """The paper as it was issued; a void one with its mark. Permission is asked again at every download."""
    rows = Slip.objects.select_related("jurisdiction", "item_part__item", "file", "void_file")
    found: Slip = fetch(request, rows, pk=pk, action="view")
    paper = found.paper
    if paper is None:
        raise Http404(_("The paper is being set; look again in a moment."))
    record(subject=found, action="download", actor=actor_of(request), audience="office")
    return serve(paper)
