"""办公室分解 of one task: left what is printed, right what the office adds. Many small forms, one posted at a time."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import PartState, ProgrammeState, ResponsibilityRole, TaskState
from programs.domain import additions
from programs.domain import breakdown as domain
from programs.domain.people import unit_accounts
from programs.domain.tasks import TASKS
from programs.forms.breakdown import (
    ConvenorForm,
    DeliverableForm,
    DeliverForm,
    EditForm,
    ItemForm,
    MilestoneForm,
    PartForm,
    PeopleForm,
    SettleForm,
)
from programs.models import Deliverable, Milestone, Phase, Responsibility, Task
from programs.queries import breakdown as queries
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused, available
from taskforce.choices import Origin
from taskforce.models import Department, Seat, User

from .moves import GET_OR_POST

#: States in which nothing is broken down any more.
FIXED = {*TaskState.finished(), TaskState.SUSPENDED}
MOVES = ("confirm", "revise", "assign")


class Page:
    """The page of one task while it is being answered: its lists, and the one form that was posted."""

    def __init__(self, request: HttpRequest, task: Task) -> None:
        self.request, self.task, self.actor = request, task, actor_of(request)
        self.parts = list(task.parts.all())
        self.choices = queries.choices(task.programme, today=timezone.localdate())
        self.data = request.POST if request.method == "POST" else None
        #: name of the form that came back with errors → that form
        self.returned: dict[str, forms.Form] = {}
        self.refusal: Any = ""

    def part(self) -> Responsibility:
        """The part that a posted form or the address names; one of this task or none."""
        wanted = self.request.POST.get("part") or self.request.GET.get("part") or ""
        found = next((part for part in self.parts if str(part.pk) == wanted), None)
        if found is None:
            raise Http404(_("There is no such unit at this task."))
        return found

    def accounts(self, part: Responsibility) -> list[tuple[str, str]]:
        return queries.people(set().union(*unit_accounts({part.department_id}).values()))

    def one(self, model: Any, name: str) -> Any:
        """A milestone or deliverable of this task named in the form."""
        pk = self.request.POST.get(name, "")
        found = model.objects.select_related("programme__jurisdiction", "task__programme__jurisdiction").filter(
            task=self.task, pk=int(pk) if pk.isdecimal() else None
        )
        obj = found.first()
        if obj is None:
            raise Http404(_("There is no such row at this task."))
        return obj


@GET_OR_POST
def breakdown(request: HttpRequest, pk: int) -> HttpResponse:
    """GET the page; POST do=… with one of its forms. ?part=… opens the people of a unit."""
    queryset = Task.objects.select_related(
        "programme__jurisdiction", "programme__document", "section", "phase", "parent"
    ).prefetch_related(Prefetch("parts", queries.parts()))
    task = fetch(request, queryset, action="manage", pk=pk)
    page = Page(request, task)
    if request.method == "POST":
        handler = HANDLERS.get(request.POST.get("do", ""))
        if handler is None:
            raise Http404(_("There is no such step."))
        try:
            done = handler(page)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            page.refusal, done = refused.sentence, ""
        if done:
            messages.success(request, done)
            return redirect(f"{reverse('breakdown', args=[pk])}#{request.POST['do'].partition('_')[2] or 'edit'}")
    status = 422 if page.refusal or page.returned else 200
    return render(request, "programs/breakdown.html", _context(page), status=status)


# --- one handler per form: returns the sentence of success, or "" with the form left on the page -----------------


def _edit(page: Page) -> str:
    form = page.returned["edit"] = EditForm(page.data, task=page.task, choices=page.choices)
    if not form.is_valid():
        return ""
    cleaned = form.cleaned_data
    values: dict[str, Any] = {"due_on": cleaned["due_on"], "nature": cleaned["nature"]}
    if "phase" in cleaned:
        values["phase"] = Phase.objects.filter(pk=cleaned["phase"]).first() if cleaned["phase"] else None
    leader = cleaned["responsible_leader"]
    values["responsible_leader"] = Seat.objects.filter(pk=leader).first() if leader else None
    try:
        domain.edit_task(
            page.task, actor=page.actor, values=values, row_version=cleaned["row_version"],
            reason=cleaned.get("reason", ""),
        )  # fmt: skip
    except domain.Conflict as conflict:
        form.add_error(None, str(conflict.sentence))
        page.task.refresh_from_db(fields=["row_version", "due_on", "nature"])
        form.read_again()
        return ""
    except NotAllowed:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return ""
    return _("The breakdown is saved.")


def _add_unit(page: Page) -> str:
    form = page.returned["part"] = PartForm(page.data, choices=page.choices)
    if not form.is_valid():
        return ""
    department = Department.objects.get(pk=form.cleaned_data["department"])
    try:
        domain.add_part(page.task, actor=page.actor, department=department, role=form.cleaned_data["role"])
    except NotAllowed:
        raise
    except Refused as refused:
        form.add_error("department", str(refused.sentence))
        return ""
    return _("%(unit)s is named.") % {"unit": department}


def _remove_unit(page: Page) -> str:
    part = page.part()
    domain.remove_part(part, actor=page.actor)
    return _("%(unit)s is taken out.") % {"unit": part.department or part.group}


def _people_unit(page: Page) -> str:
    part = page.part()
    form = page.returned["people"] = PeopleForm(page.data, accounts=page.accounts(part))
    if not form.is_valid():
        return ""
    contact = form.cleaned_data["contact"]
    try:
        domain.name_people(
            part, actor=page.actor, contact=User.objects.get(pk=contact) if contact else None,
            responsible=form.cleaned_data["responsible"], row_version=form.cleaned_data["row_version"],
        )  # fmt: skip
    except domain.Conflict as conflict:
        form.add_error(None, str(conflict.sentence))
        return ""
    return _("The people of %(unit)s are noted.") % {"unit": part.department or part.group}


def _convene_unit(page: Page) -> str:
    part = page.part()
    form = ConvenorForm(page.data, prefix="convene")
    form.is_valid()
    domain.name_convenor(part, actor=page.actor, reason=form.cleaned_data.get("reason", ""))
    return _("%(unit)s convenes.") % {"unit": part.department}


def _expand_unit(page: Page) -> str:
    part = page.part()
    new = domain.expand_group(part, actor=page.actor)
    return _("%(count)s units of “%(group)s” are named.") % {"count": len(new), "group": part.group}


def _add_milestone(page: Page) -> str:
    form = page.returned["milestone"] = MilestoneForm(page.data, programme=page.task.programme, prefix="milestone")
    if not form.is_valid():
        return ""
    domain.add_milestone(programme=page.task.programme, task=page.task, actor=page.actor, **form.cleaned_data)
    return _("The milestone is set.")


def _settle_milestone(page: Page) -> str:
    milestone = page.one(Milestone, "milestone")
    form = SettleForm(page.data, prefix=f"settle{milestone.pk}")
    if not form.is_valid():
        page.returned[f"settle{milestone.pk}"] = form
        return ""
    domain.settle_milestone(milestone, actor=page.actor, **form.cleaned_data)
    return _("“%(milestone)s” is settled.") % {"milestone": milestone}


def _add_deliverable(page: Page) -> str:
    programme = page.task.programme
    form = page.returned["deliverable"] = DeliverableForm(page.data, programme=programme, prefix="deliverable")
    if not form.is_valid():
        return ""
    name = form.cleaned_data["name"].strip()
    if Deliverable.objects.filter(programme=programme, clause_path=page.task.clause_path, name=name).exists():
        form.add_error("name", _("A deliverable of this name stands at this clause already."))
        return ""
    domain.add_deliverable(task=page.task, actor=page.actor, **form.cleaned_data)
    return _("The deliverable is noted.")


def _settle_deliverable(page: Page) -> str:
    deliverable = page.one(Deliverable, "deliverable")
    form = DeliverForm(page.data, prefix=f"deliver{deliverable.pk}")
    if not form.is_valid():
        page.returned[f"deliver{deliverable.pk}"] = form
        return ""
    domain.deliver([deliverable], actor=page.actor, note=form.cleaned_data["note"])
    return _("“%(deliverable)s” is delivered.") % {"deliverable": deliverable}


def _add_item(page: Page) -> str:
    form = page.returned["item"] = ItemForm(page.data, programme=page.task.programme, prefix="item")
    if not form.is_valid():
        return ""
    additions.add_item(page.task, actor=page.actor, **form.cleaned_data)
    return _("The sub-item is set; name its units next.")


HANDLERS: dict[str, Callable[[Page], str]] = {
    "edit": _edit,
    "add_unit": _add_unit,
    "remove_unit": _remove_unit,
    "people_unit": _people_unit,
    "convene_unit": _convene_unit,
    "expand_unit": _expand_unit,
    "add_milestone": _add_milestone,
    "settle_milestone": _settle_milestone,
    "add_deliverable": _add_deliverable,
    "settle_deliverable": _settle_deliverable,
    "add_item": _add_item,
}


# --- what the page shows ------------------------------------------------------------------------------------------


def _context(page: Page) -> dict[str, Any]:
    task, programme, returned = page.task, page.task.programme, page.returned
    points = queries.points(task)
    open_programme = programme.state in (ProgrammeState.DRAFT, ProgrammeState.RUNNING)
    may_decide = bool(can(page.actor, "decide", task))
    rows = [_unit_row(part, task, open_programme, may_decide) for part in page.parts]
    people_of = page.request.GET.get("part") or (page.request.POST.get("part") if "people" in returned else None)
    editing = next((row for row in rows if str(row["part"].pk) == people_of and row["people"]), None)
    if editing:
        part = editing["part"]
        editing["form"] = returned.get("people") or PeopleForm(
            accounts=page.accounts(part),
            initial={
                "responsible": part.responsible_person, "contact": part.contact_user_id, "row_version": part.row_version,
            },
        )  # fmt: skip
    for point in points["milestone"]:
        point.form = returned.get(f"settle{point.pk}") or SettleForm(prefix=f"settle{point.pk}")
    for point in points["deliverable"]:
        point.form = returned.get(f"deliver{point.pk}") or DeliverForm(prefix=f"deliver{point.pk}")
    return {
        "task": task,
        "programme": programme,
        "printed_parts": [part for part in page.parts if part.origin == Origin.PRINTED],
        "printed_points": [point for name in ("milestone", "deliverable") for point in points[name] if point.printed],
        "rows": rows,
        "points": points,
        "undivided": not any(part.department_id for part in page.parts),
        "editable": open_programme and task.state not in FIXED,
        "refusal": page.refusal,
        "returned": returned,
        "edit_form": returned.get("edit") or EditForm(task=task, choices=page.choices),
        "part_form": returned.get("part") or PartForm(choices=page.choices),
        "milestone_form": returned.get("milestone") or MilestoneForm(programme=programme, prefix="milestone"),
        "deliverable_form": returned.get("deliverable") or DeliverableForm(programme=programme, prefix="deliverable"),
        "item_form": returned.get("item") or ItemForm(programme=programme, prefix="item"),
        # sending out for comment is done for the whole programme, closing from the task's own page
        "moves": [move for move in available(TASKS, task, page.actor) if move.action in MOVES],
    }


def _unit_row(part: Responsibility, task: Task, open_programme: bool, may_decide: bool) -> dict[str, Any]:
    """What may be done with a unit or group of this task."""
    open_task = open_programme and task.state not in FIXED
    joint = part.role in (ResponsibilityRole.JOINT, ResponsibilityRole.ALL_MEMBERS)
    return {
        "part": part,
        "people": open_task and part.department_id is not None,
        "remove": open_task and part.origin == Origin.OFFICE and part.state == PartState.PENDING,
        "convene": open_task and may_decide and joint and part.department_id is not None and not part.convenor,
        "expand": open_task and part.group_id is not None and not part.group.pending,
        "waive": may_decide and part.department_id is not None
        and part.state in (PartState.PENDING, PartState.ASSIGNED, PartState.SIGNED_FOR),
        "reopen": may_decide and part.state in PartState.settled(),
    }  # fmt: skip
