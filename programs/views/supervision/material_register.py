"""The register of 应报材料: which paper from whom to whom, how often, until when."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.access.ground import OVERSIGHT, offices
from programs.domain.burden import AskedTooMuch
from programs.domain.supervision import materials as domain
from programs.forms.office import ReasonForm
from programs.forms.supervision.materials import MaterialForm, form_choices
from programs.models import Material
from programs.queries.supervision import materials as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Jurisdiction

from ..moves import GET_OR_POST, posted


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.holding(*OVERSIGHT):
        raise PermissionDenied(_("The register of papers due is kept by the office that asks for them."))
    rows = list(queries.registered(actor))
    context = {"rows": rows, "mine": set(offices(actor)), "keeps": bool(offices(actor))}
    return render(request, "programs/supervision/material_register.html", context)


@GET_OR_POST
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    places = offices(actor)
    if not places:
        raise PermissionDenied(_("The register of papers due is kept by the office that asks for them."))
    place = Jurisdiction.objects.get(pk=places[0])
    form = MaterialForm(posted(request), **form_choices(actor, place))
    if request.method == "POST" and form.is_valid():
        try:
            domain.register(
                actor=actor,
                jurisdiction=place,
                units=form.cleaned_data["units"],
                reason=form.cleaned_data["reason"],
                **form.values(domain.FIELDS),
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except AskedTooMuch as refused:
            form.ask_reason(str(refused.sentence))
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The paper is on the register; its units have been told."))
            return redirect("material_register")
    return _form(request, form, None)


@GET_OR_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    material: Material = fetch(request, Material.objects.select_related("jurisdiction"), action="manage", pk=pk)
    actor = actor_of(request)
    form = MaterialForm(posted(request), instance=material, **form_choices(actor, material.jurisdiction))
    if request.method == "POST" and form.is_valid():
        try:
            domain.change(
                material,
                actor=actor,
                units=form.cleaned_data["units"],
                row_version=form.cleaned_data["row_version"] or 0,
                reason=form.cleaned_data["reason"],
                **form.values(domain.CHANGEABLE),
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except AskedTooMuch as refused:
            form.ask_reason(str(refused.sentence))
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The register has been changed."))
            return redirect("material_register")
    return _form(request, form, material)


@GET_OR_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the register, with a reason; what is overdue stays owed."""
    material: Material = fetch(request, Material.objects.select_related("jurisdiction"), action="decide", pk=pk)
    form = ReasonForm(posted(request))
    back = reverse("material_register")
    if request.method == "POST" and form.is_valid():
        try:
            domain.end(material, actor=actor_of(request), reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error("reason", str(refused.sentence))
        else:
            messages.success(request, _("The paper is off the register."))
            return redirect(back)
    context: dict[str, Any] = {
        "action": "end", "label": _("Take off the register"), "object_label": str(material), "danger": True,
        "text": _("Nothing is asked for after today. What is overdue stays owed until it is handed in or waived."),
        "form": form, "needs_reason": True, "refusal": "", "back": back,
    }  # fmt: skip
    return render(request, "programs/confirm_move.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, form: MaterialForm, material: Material | None) -> HttpResponse:
    context = {"form": form, "material": material}
    return render(request, "programs/supervision/material_form.html", context, status=422 if form.errors else 200)
