"""Moves of a task, a part or a programme, and of many tasks at once. What needs a reason or undoes work asks first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from programs.choices import ProgrammeState
from programs.domain import parts, programmes, tasks
from programs.domain.burden import AskedTooMuch
from programs.forms.office import ReasonForm
from programs.models import Programme, Responsibility, Task
from programs.queries.breakdown import tasks_to_move
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.workflow import Machine, NotAllowed, Refused

#: A primary key as a form sends it.
NUMBER = re.compile(r"[0-9]{1,9}")

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Step:
    """One move as its page puts it. `asks`: a page with the object's name stands between; `says`: what will happen;
    `basis`: the page asks what the act rests on as well, and `run` takes it as its fourth value."""

    run: Callable[..., Any]
    says: Any
    asks: bool = False
    danger: bool = False
    basis: bool = False


TASK_STEPS = {
    "confirm": Step(
        lambda task, actor, reason: tasks.confirm([task], actor=actor),
        gettext_lazy("The breakdown stands and can be assigned."),
    ),
    "revise": Step(
        lambda task, actor, reason: tasks.revise([task], actor=actor),
        gettext_lazy("The task goes back to the draft; it has to be confirmed again before it is assigned."),
        asks=True,
    ),
    "assign": Step(
        lambda task, actor, reason: tasks.assign([task], actor=actor),
        gettext_lazy("Every named unit is told and asked to sign for its part."),
    ),
    "complete": Step(
        lambda task, actor, reason: tasks.complete(task, actor=actor, reason=reason),
        gettext_lazy("The task is closed as done and owes no more reports. It can be taken up again with a reason."),
        asks=True,
    ),
    "close": Step(
        lambda task, actor, reason: tasks.close(task, actor=actor, reason=reason),
        gettext_lazy(
            "The matter is closed and filed: nothing is owed on it any more, everything stays readable. It still counts "
            "as completed. It can be taken up again with a reason."
        ),
        asks=True,
    ),
    "suspend": Step(
        lambda task, actor, reason, basis: tasks.suspend(task, actor=actor, reason=reason, basis=basis),
        gettext_lazy(
            "Until the task is resumed its units owe no reports and nobody is reminded. Its light is grey and says why."
        ),
        asks=True,
        basis=True,
    ),
    "resume": Step(
        lambda task, actor, reason: tasks.resume(task, actor=actor, reason=reason),
        gettext_lazy(
            "The task goes on with the dates it had. Periods that were due while it was suspended are not asked for."
        ),
        asks=True,
    ),
    "reopen": Step(
        lambda task, actor, reason: tasks.reopen(task, actor=actor, reason=reason),
        gettext_lazy("The task is open again and counts as such from today."),
        asks=True,
    ),
}
PART_STEPS = {
    "assign": Step(
        lambda part, actor, reason: parts.assign_parts([part], actor=actor),
        gettext_lazy("The unit is told and asked to sign for its part."),
    ),
    "finish": Step(
        lambda part, actor, reason: parts.finish(part, actor=actor, reason=reason),
        gettext_lazy("The unit's part counts as done; it owes no more reports. It can be taken up again with a reason."),
        asks=True,
    ),
    "waive": Step(
        lambda part, actor, reason: parts.waive(part, actor=actor, reason=reason),
        gettext_lazy("The unit owes nothing more on this task. The reason stays in the history."),
        asks=True,
        danger=True,
    ),
    "reopen": Step(
        lambda part, actor, reason: parts.reopen(part, actor=actor, reason=reason),
        gettext_lazy("The unit owes reports on this task again."),
        asks=True,
    ),
}
PROGRAMME_STEPS = {
    "start": Step(
        lambda programme, actor, reason: programmes.start(programme, actor=actor, reason=reason),
        gettext_lazy(
            "The reporting periods are laid out and the rules of lights and reminders are sealed for this programme. "
            "Tasks can then be assigned."
        ),
        asks=True,
    ),
    "close": Step(
        lambda programme, actor, reason: programmes.close(programme, actor=actor, reason=reason),
        gettext_lazy(
            "Ongoing work ends with it, reminders stop, nothing can be filed any more. What is unfinished can be "
            "carried over into a new year. A closed programme is not opened again."
        ),
        asks=True,
        danger=True,
    ),
    "archive": Step(
        lambda programme, actor, reason: programmes.archive(programme, actor=actor),
        gettext_lazy(
            "It becomes a historical record: readable, searchable and printable for everybody, changed by nobody. "
            "This is not undone."
        ),
        asks=True,
        danger=True,
    ),
}


@GET_OR_POST
def task_move(request: HttpRequest, pk: int) -> HttpResponse:
    """POST action (and reason). GET ?action=… shows the page that asks."""
    queryset = Task.objects.select_related("programme__jurisdiction").prefetch_related("parts")
    task = fetch(request, queryset, pk=pk)
    return move_page(request, task, tasks.TASKS, TASK_STEPS, reverse("task", args=[pk]), str(task))


@GET_OR_POST
def part_move(request: HttpRequest, pk: int) -> HttpResponse:
    queryset = Responsibility.objects.select_related("task__programme__jurisdiction", "department", "group")
    part = fetch(request, queryset, pk=pk)
    label = f"{part.department or part.group} · {part.task}"
    return move_page(request, part, parts.PARTS, PART_STEPS, reverse("task", args=[part.task_id]), label)


@GET_OR_POST
def programme_move(request: HttpRequest, pk: int) -> HttpResponse:
    programme = fetch(request, Programme.objects.select_related("jurisdiction"), pk=pk)
    back = reverse("programme", args=[pk])
    warns = {"start": lambda: programmes.burden_of_start(programme)}
    return move_page(
        request, programme, programmes.PROGRAMMES, PROGRAMME_STEPS, back, programme.title, warns=warns
    )


def posted(request: HttpRequest) -> QueryDict | None:
    """Data for a form: what was sent, also when every field was empty; None binds nothing."""
    return request.POST if request.method == "POST" else None


def move_page(
    request: HttpRequest,
    obj: Any,
    machine: Machine,
    steps: dict[str, Step],
    default: str,
    label: str,
    *,
    warns: Mapping[str, Callable[[], str]] = MappingProxyType({}),
) -> HttpResponse:
    """The page behind every button that moves a row: asks where the step asks, refuses in words, leads back.

    `warns`, by action: a sentence of what stands against the move unless a reason is given, "" for nothing; such a
    page asks for the reason only then.
    """
    actor = actor_of(request)
    action = request.POST.get("action") or request.GET.get("action") or ""
    step = steps.get(action)
    if step is None:
        raise Http404(_("There is no such step."))
    # the right first: who may never make the move is told so before he writes a reason
    rules = [transition for transition in machine.transitions if transition.action == action]
    decision = can(actor, rules[0].who, obj)
    if not decision:
        raise PermissionDenied(str(decision.reason))
    needs_reason = any(rule.reason_required for rule in rules)
    back = next_page(request, default)
    reason = request.POST.get("reason", "").strip()
    form = ReasonForm(request.POST if "reason" in request.POST else None, required=needs_reason, basis=step.basis)
    refusal: Any = ""
    above = False
    if request.method == "POST" and (not step.asks or reason or "sure" in request.POST):
        if (needs_reason or reason) and not form.is_valid():
            pass
        else:
            try:
                step.run(obj, actor, reason, *([form.cleaned_data["basis"]] if step.basis else []))
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                refusal, above = refused.sentence, isinstance(refused, AskedTooMuch)
            else:
                messages.success(request, _("%(step)s: done.") % {"step": rules[0].label})
                return redirect(back)
    status = 422 if refusal or form.errors else 200
    warning = warns[action]() if action in warns and not refusal else ""
    # what is refused for another cause is not asked for a reason that would not help
    asked = action not in warns or bool(warning or reason or above)
    if warning or above:
        form.fields["reason"].required = True
    context = {
        "action": action, "label": rules[0].label, "object_label": label, "text": step.says, "danger": step.danger,
        "form": form, "no_reason": not asked, "warning": warning, "refusal": refusal, "back": back,
    }  # fmt: skip
    return render(request, "programs/confirm_move.html", context, status=status)


@GET_OR_POST
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """确认 or 交办 of many tasks; all ticked ones or none."""
    programme = fetch(request, Programme.objects.select_related("jurisdiction"), action="manage", pk=pk)
    actor = actor_of(request)
    action = request.POST.get("do") or request.GET.get("do") or "confirm"
    if action not in ("confirm", "assign"):
        raise Http404(_("There is no such step."))
    refusal: Any = ""
    ticked = {pk for pk in request.POST.getlist("task") if NUMBER.fullmatch(pk)}
    if request.method == "POST" and not ticked:
        refusal = _("No task is ticked.")
    elif request.method == "POST":
        try:
            done = tasks.move_picked(programme, {int(pk) for pk in ticked}, action, actor=actor)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            refusal = f"{refused.obj}：{refused.sentence}" if refused.obj else refused.sentence
        else:
            messages.success(request, _done_sentence(action, len(done)))
            if action == "confirm":
                return redirect(f"{reverse('bulk', args=[pk])}?do=assign")
            return redirect("programme", pk=pk)
    rows = tasks_to_move(programme)
    for row in rows[action]:
        row.ticked = str(row.pk) in ticked if request.method == "POST" else row.named  # type: ignore[attr-defined]
    may_assign = bool(can(actor, "decide", programme))
    context = {
        "programme": programme, "action": action, "rows": rows[action], "refusal": refusal,
        "counts": {name: len(found) for name, found in rows.items()},
        "may_move": action == "confirm" or may_assign, "running": programme.state == ProgrammeState.RUNNING,
        "ticked": sum(row.ticked for row in rows[action]), "undivided": sum(not row.named for row in rows[action]),
        "start_url": f"{reverse('programme_move', args=[pk])}?action=start" if may_assign else "",
    }  # fmt: skip
    return render(request, "programs/breakdown_bulk.html", context, status=422 if refusal else 200)


def _done_sentence(action: str, count: int) -> str:
    if action == "confirm":
        return ngettext("%(count)d task confirmed.", "%(count)d tasks confirmed.", count) % {"count": count}
    return ngettext("%(count)d task assigned.", "%(count)d tasks assigned.", count) % {"count": count}
