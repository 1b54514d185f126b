"""What the office writes into an item after 立项: units, named persons, pages, 摘牌."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ItemKind, ItemState
from programs.domain.supervision import item_people, items, registering
from programs.domain.supervision import item_units as units_domain
from programs.forms.supervision.items import DelistingForm, FilesForm, PeopleForm, UnitSet
from programs.models import ItemFile, SupervisedItem
from programs.queries.supervision import item_choices as choices
from programs.views.moves import GET_OR_POST, NUMBER
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Department


@GET_OR_POST
def item_units(request: HttpRequest, pk: int) -> HttpResponse:
    """主办 and 协办: before 交办 the whole list, afterwards one unit more. "And hand out" does both in one step."""
    actor = actor_of(request)
    item: SupervisedItem = fetch(
        request, SupervisedItem.objects.select_related("jurisdiction"), action="manage", pk=pk
    )
    if item.state not in (ItemState.REGISTERED, ItemState.ASSIGNED):
        messages.error(request, _("The item is not open; its units do not change."))
        return redirect("item", pk=pk)
    registered = item.state == ItemState.REGISTERED
    parts = list(item.parts.select_related("department"))
    units = choices.unit_choices(item.jurisdiction)
    known = {part.department_id for part in parts}
    if not registered:
        units = [(unit, name) for unit, name in units if unit not in known]
    else:
        listed = {unit for unit, _name in units}
        units += [(part.department_id, str(part.department)) for part in parts if part.department_id not in listed]
    do = request.POST.get("do", "")
    data = _with_more_lines(request) if do == "more" else request.POST if request.method == "POST" else None
    initial = [{"unit": part.department_id, "role": part.role} for part in parts] if registered else []
    lines = [*initial, *[{"role": "support" if initial or n else "lead"} for n in range(3 if registered else 1)]]
    forms = UnitSet(data, form_kwargs={"units": units}, initial=lines if data is None else None, prefix="units")
    forms.extra = 0
    refusal: Any = ""
    if request.method == "POST" and do != "more" and forms.is_valid():
        chosen = [(row["unit"], row["role"]) for row in forms.cleaned_data if row.get("unit")]
        found = Department.objects.in_bulk([unit for unit, _role in chosen])
        named = [(found[unit], role) for unit, role in chosen]
        try:
            if not registered:
                if not named:
                    raise Refused(_("Choose the unit."), item)
                units_domain.add_unit(item, unit=named[0][0], role=named[0][1], actor=actor)
            elif do == "hand_out":
                items.assign_with_units(item, units=named, actor=actor)
            else:
                units_domain.name_units(item, units=named, actor=actor)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            refusal = refused.sentence
        else:
            messages.success(
                request, _("The item is handed out; the units have been told.") if do == "hand_out" or not registered
                else _("The units are saved; nothing has been handed out yet."),
            )  # fmt: skip
            return redirect("item", pk=pk)
    wrong = bool(refusal) or (request.method == "POST" and do != "more" and not forms.is_valid())
    context = {
        "item": item, "forms": forms, "refusal": refusal, "registered": registered,
        "may_hand_out": registered and bool(can(actor, "decide", item)), "parts": parts,
    }  # fmt: skip
    return render(request, "programs/supervision/item_units.html", context, status=422 if wrong else 200)


def _with_more_lines(request: HttpRequest) -> Any:
    """What was typed, with three empty lines below it."""
    data = request.POST.copy()
    total = data.get("units-TOTAL_FORMS", "")
    count = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    data["units-TOTAL_FORMS"] = str(min(count + 3, 40))
    return data


@GET_OR_POST
def item_named(request: HttpRequest, pk: int) -> HttpResponse:
    """限阅: who may see the item."""
    actor = actor_of(request)
    item: SupervisedItem = fetch(
        request, SupervisedItem.objects.select_related("jurisdiction"), action="manage", pk=pk
    )
    if not item.restricted:
        raise Http404(_("There is no such page, or it is not meant for you."))
    named = item_people.named_people([item])[item.pk]
    people = choices.person_choices(item.jurisdiction, timezone.localdate())
    form = PeopleForm(
        request.POST if request.method == "POST" else None, people=people, initial={"named": sorted(named)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            item_people.name_people(item, people=form.cleaned_data["named"], actor=actor)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error("named", str(refused.sentence))
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("item", pk=pk)
    context = {"item": item, "form": form}
    return render(request, "programs/supervision/item_named.html", context, status=422 if form.errors else 200)


@GET_OR_POST
def item_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Pages added to the item, and taken off again."""
    actor = actor_of(request)
    item: SupervisedItem = fetch(request, SupervisedItem.objects.select_related("jurisdiction"), action="edit", pk=pk)
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    gone = request.POST.get("remove", "")
    try:
        if gone:
            number = int(gone) if NUMBER.fullmatch(gone) else 0
            piece = ItemFile.objects.select_related("item", "file").filter(item=item, pk=number).first()
            if piece is None:
                raise Http404(_("There is no such file, or it is not meant for you."))
            registering.detach(piece, actor=actor)
            messages.success(request, _("“%(file)s” has been removed.") % {"file": piece.file.original_name})
            return redirect("item_files", pk=pk)
        if request.method == "POST" and form.is_valid():
            registering.attach(item, actor=actor, uploads=form.cleaned_data["files"])
            messages.success(request, _("The files are added."))
            return redirect("item", pk=pk)
    except FileRefused as refused:
        form.add_error("files", str(refused.sentence))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
    context = {"item": item, "form": form, "files": item.files.select_related("file")}
    return render(request, "programs/supervision/item_files.html", context, status=422 if form.errors else 200)


@GET_OR_POST
def item_delisting(request: HttpRequest, pk: int) -> HttpResponse:
    """申请摘牌: somebody else strikes the case off."""
    actor = actor_of(request)
    item: SupervisedItem = fetch(
        request, SupervisedItem.objects.select_related("jurisdiction"), action="manage", pk=pk
    )
    if item.kind != ItemKind.CASE:
        raise Http404(_("There is no such page, or it is not meant for you."))
    form = DelistingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            items.ask_delisting(item, actor=actor, **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The delisting is asked for; a second person decides."))
            return redirect("item", pk=pk)
    context = {"item": item, "form": form}
    return render(request, "programs/supervision/item_delisting.html", context, status=422 if form.errors else 200)
