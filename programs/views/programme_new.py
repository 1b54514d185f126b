"""Programmes and tasks by hand, for offices without an imported document."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from programs.access.ground import offices
from programs.choices import ProgrammeState
from programs.domain import additions
from programs.domain.programmes import create
from programs.forms.office import ProgrammeForm, TaskForm
from programs.models import PolicyDocument, Programme
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Jurisdiction

from .moves import GET_OR_POST, posted


@GET_OR_POST
def programme_new(request: HttpRequest) -> HttpResponse:
    """A draft without tasks; the next page adds the first one."""
    actor = actor_of(request)
    places = {row.pk: row for row in Jurisdiction.objects.filter(pk__in=offices(actor))}
    if not places:
        raise PermissionDenied(_("Programmes are set up by the office."))
    documents = {row.pk: row for row in PolicyDocument.objects.visible_to(actor)}
    form = ProgrammeForm(
        posted(request),
        jurisdictions=[(str(pk), place.name) for pk, place in places.items()],
        documents=[(str(pk), f"{row.title} {row.number}".strip()) for pk, row in documents.items()],
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["jurisdiction"] = places[int(values["jurisdiction"])]
        values["document"] = documents[int(values["document"])] if values["document"] else None
        try:
            programme = create(actor=actor, **values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            said = _("“%(programme)s” is there as a draft; add its tasks.") % {"programme": programme}
            messages.success(request, said)
            return redirect("task_new", pk=programme.pk)
    context = {"form": form}
    return render(request, "programs/breakdown_programme_new.html", context, status=422 if form.errors else 200)


@GET_OR_POST
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One task at a time; "and another" stays on the page, otherwise its units are named next."""
    programme = fetch(request, Programme.objects.select_related("jurisdiction"), action="manage", pk=pk)
    sections = {section.pk: section for section in programme.sections.all()}
    form = TaskForm(
        posted(request), programme=programme, sections=[(str(row.pk), str(row)) for row in sections.values()]
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["section"] = sections[int(values["section"])] if values["section"] else None
        try:
            task = additions.add_task(programme, actor=actor_of(request), **values)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("“%(task)s” is added; name its units.") % {"task": task})
            if "another" in request.POST:
                return redirect("task_new", pk=pk)
            return redirect("breakdown", pk=task.pk)
    context = {
        "programme": programme, "form": form,
        "open": programme.state in (ProgrammeState.DRAFT, ProgrammeState.RUNNING),
        "tasks": programme.tasks.select_related("section").order_by("sort", "pk"),
    }  # fmt: skip
    return render(request, "programs/breakdown_task_new.html", context, status=422 if form.errors else 200)
