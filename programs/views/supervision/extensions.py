"""延期: the form of the unit, the page on which the head signs and the office decides, the list, the paper."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.access.ground import FILERS, office_grant
from programs.choices import ExtensionState
from programs.domain.supervision import extensions
from programs.forms.supervision.extensions import AskForm, DecideForm, ExtensionFilter
from programs.models import Extension, Milestone, SupervisedItem, Task
from programs.papers.requests import extension_paper
from programs.queries.supervision import extensions as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.reports.rendering import RenderFailed, render_pdf
from qualitycity.workdays import load_calendar
from qualitycity.workflow import NotAllowed, Refused, why_not
from taskforce.models import Department

from ..buttons import buttons
from ..moves import GET_OR_POST, Step, move_page, posted

PER_PAGE = 50
STEPS = {
    "sign": Step(
        lambda row, actor, reason: extensions.sign(row, actor=actor),
        gettext_lazy("The request goes to the office with your signature."),
        asks=True,
    ),
    "countersign": Step(
        lambda row, actor, reason: extensions.countersign(row, actor=actor),
        gettext_lazy("The office signs for a unit that has no head's account. Another person decides."),
        asks=True,
    ),
    "return_by_head": Step(
        lambda row, actor, reason: extensions.return_by_head(row, actor=actor, reason=reason),
        gettext_lazy("The liaison words it anew; the day of the first handing in counts."),
        asks=True,
    ),
    "withdraw": Step(
        lambda row, actor, reason: extensions.withdraw(row, actor=actor),
        gettext_lazy("The date in force stands. A new request can be made as long as the date has not passed."),
        asks=True,
    ),
    "refuse": Step(
        lambda row, actor, reason: extensions.refuse(row, actor=actor, reason=reason),
        gettext_lazy("The date in force stands. The unit reads the reason."),
        asks=True,
        danger=True,
    ),
}


@dataclass(frozen=True)
class Asking:
    """What a unit asks for on the form: whose date it is, in whose office it lies, who may ask, and the act itself."""

    subject: Task | Milestone | SupervisedItem
    matter: Any
    units: list[Department]
    blocked: Any
    back: str
    act: Callable[..., Extension]


@GET_OR_POST
def ask_for_task(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, _about_task(request, fetch(request, _tasks(), pk=pk), None))


@GET_OR_POST
def ask_for_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    milestone = fetch(request, Milestone.objects.filter(task__isnull=False), pk=pk)
    return _ask(request, _about_task(request, fetch(request, _tasks(), pk=milestone.task_id), milestone))


@GET_OR_POST
def ask_for_item(request: HttpRequest, pk: int) -> HttpResponse:
    """By a handling unit of a supervised item, or for it by the office."""
    items = SupervisedItem.objects.select_related("jurisdiction").prefetch_related("parts__department")
    item: SupervisedItem = fetch(request, items, pk=pk)
    parts = _ones_own(request, item, [part for part in item.parts.all() if part.answers])
    for part in parts.values():
        part.item = item
    closed = {pk: extensions.settled(part) for pk, part in parts.items()}
    able = [part.department for pk, part in parts.items() if not closed[pk]]
    asking = Asking(
        subject=item,
        matter=item,
        units=able or [part.department for part in parts.values()],
        blocked="" if able else next(iter(closed.values()), ""),
        back=reverse("item", args=[pk]),
        act=lambda unit, **given: extensions.ask_for_item(part=parts[unit.pk], **given),
    )
    return _ask(request, asking)


def _tasks() -> Any:
    return Task.objects.select_related("programme__jurisdiction").prefetch_related("parts__department")


def _about_task(request: HttpRequest, task: Task, milestone: Milestone | None) -> Asking:
    if milestone is not None:
        milestone.task = task
    parts = _ones_own(request, task.programme, extensions.asking_parts(task))
    return Asking(
        subject=milestone or task,
        matter=task.programme,
        units=[part.department for part in parts.values()],
        blocked=extensions.settled(milestone or task),
        back=reverse("task", args=[task.pk]),
        act=lambda unit, **given: extensions.ask(task=task, milestone=milestone, department=unit, **given),
    )


def _ones_own(request: HttpRequest, matter: Any, parts: Iterable[Any]) -> dict[int, Any]:
    """Unit → its part, of the units for which this person may ask: his own, and all of them for the office."""
    actor = actor_of(request)
    mine = actor.departments(*FILERS)
    office = office_grant(actor, matter)
    return {part.department_id: part for part in parts if office or part.department_id in mine}


def _ask(request: HttpRequest, asking: Asking) -> HttpResponse:
    actor, subject = actor_of(request), asking.subject
    if not asking.units:
        raise PermissionDenied(
            _(
                "The liaison of a unit that answers for the matter asks for an extension; "
                "supporting and assisting units turn to the lead."
            )
        )
    units = {unit.pk: unit for unit in asking.units}
    form = AskForm(posted(request), units=[(pk, str(unit)) for pk, unit in units.items()])
    # a matter without a date is blocked already
    blocked = asking.blocked or extensions.too_late(subject.due_on or date.max, timezone.localdate())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wrong = "" if blocked else extensions.wrong_date(subject, given["wanted_on"])
        if wrong:
            form.add_error("wanted_on", str(wrong))
    if request.method == "POST" and form.is_valid():
        try:
            row = asking.act(units[given.pop("unit")], actor=actor, **given)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The request is with the head of the unit; the office decides after that."))
            return redirect("extension", pk=row.pk)
    context = {
        "subject": subject,
        "matter": asking.matter,
        "task": subject.task if isinstance(subject, Milestone) else subject if isinstance(subject, Task) else None,
        "milestone": subject if isinstance(subject, Milestone) else None,
        "form": form,
        "blocked": blocked,
        "earlier": queries.of_subject(actor, subject),
        "back": asking.back,
    }
    return render(request, "programs/supervision/extension_form.html", context, status=422 if form.errors else 200)


@never_cache
@GET_OR_POST
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: the office grants with a new date, or the unit hands in again what its head returned."""
    actor = actor_of(request)
    row: Extension = fetch(request, queries.requests(actor), pk=pk)
    again = row.state == ExtensionState.DRAFT and not why_not(extensions.EXTENSIONS, row, "submit", actor)
    decides = not why_not(extensions.EXTENSIONS, row, "grant", actor)
    ask = AskForm(posted(request) if again else None, units=[(row.department_id, str(row.department))], initial={
        "reason": row.reason, "progress": row.progress, "wanted_on": row.wanted_on,
    })  # fmt: skip
    form = DecideForm(
        posted(request) if not again else None, initial={"granted_on": row.wanted_on, "row_version": row.row_version}
    )
    if request.method == "POST":
        sent: Any = ask if again else form
        day = "wanted_on" if again else "granted_on"
        if sent.is_valid() and (again or decides):
            wrong = extensions.wrong_date(row.subject, sent.cleaned_data[day], row.due_then)
            if wrong:
                sent.add_error(day, str(wrong))
        if sent.is_valid():
            try:
                _act(row, actor, sent.cleaned_data, again, request)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                sent.add_error(None, str(refused.sentence))
            else:
                said = _("The request is with the head of the unit; the office decides after that.")
                messages.success(request, said if again else _("Granted: the new date holds, the unit is told."))
                return redirect("extension", pk=pk)
    today, calendar = timezone.localdate(), load_calendar()
    context = {
        "row": row,
        "moves": buttons(extensions.EXTENSIONS, row, actor, STEPS, reverse("extension_move", args=[pk])),
        "again": again,
        "decides": decides,
        "ask": ask,
        "form": ask if again else form,
        "earlier": [other for other in queries.of_subject(actor, row.subject) if other.pk != pk],
        "counts": queries.count_of(row),
        "days": calendar.working_days_between(today, row.subject.due_on),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/supervision/extension_detail.html", context, status=status)


def _act(row: Extension, actor: Any, given: dict[str, Any], again: bool, request: HttpRequest) -> None:
    if again:
        version = request.POST.get("row_version", "")
        given.pop("unit")
        extensions.submit_again(
            row, actor=actor, row_version=int(version) if version.isascii() and version.isdigit() else 0, **given
        )
    else:
        extensions.grant(row, actor=actor, **given)


@GET_OR_POST
def extension_move(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request, queries.requests(actor_of(request)), pk=pk)
    return move_page(request, row, extensions.EXTENSIONS, STEPS, reverse("extension", args=[pk]), str(row))


@require_safe
def extension_list(request: HttpRequest) -> HttpResponse:
    """All requests the person may see; what waits for him stands first."""
    actor = actor_of(request)
    wanted = ExtensionFilter(request.GET or {"state": ""}, auto_id="filter_%s")
    found = queries.requests(actor)
    if wanted.chosen:
        found = found.filter(state=wanted.chosen)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/supervision/extension_list.html", {"page_obj": page, "filter": wanted})


@require_safe
@never_cache
def extension_form(request: HttpRequest, pk: int) -> HttpResponse:
    """延期申请表 as PDF."""
    row = fetch(request, queries.requests(actor_of(request)), pk=pk)
    try:
        pdf = render_pdf(extension_paper(row, count=queries.count_of(row)))
    except RenderFailed as failure:
        messages.error(request, str(failure))
        return redirect("extension", pk=pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{row.department}延期申请表.pdf")
    return response
