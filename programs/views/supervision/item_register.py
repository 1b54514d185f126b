"""立项: registering an item by kind, out of a remark, and putting right what was entered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programs.access.ground import offices
from programs.choices import ItemKind, ItemState
from programs.domain.supervision import registering
from programs.forms.supervision.items import ItemForm
from programs.models import LeaderRemark, SupervisedItem
from programs.queries.supervision import item_choices as choices
from programs.views.moves import GET_OR_POST, NUMBER
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.files.refusals import FileRefused
from qualitycity.workflow import NotAllowed, Refused
from taskforce.choices import Role
from taskforce.models import Jurisdiction, User

from .items import registers

KINDS = {
    ItemKind.INSTRUCTION: gettext_lazy("A leader's written instruction, with its scanned page if there is one."),
    ItemKind.MEETING: gettext_lazy("What a meeting of the leading group or the government decided."),
    ItemKind.SUPERIOR: gettext_lazy("What the province, the ministry or another office above asks for."),
    ItemKind.CASE: gettext_lazy(
        "Seen by named persons alone. Only number, units and dates; struck off by a second person."
    ),
}
EDITED = (
    "title", "content", "basis", "given_on", "due_on", "urgency", "leader", "leader_label", "case_number",
    "supervising_units", "to_police", "to_police_on",
)  # fmt: skip


@GET_OR_POST
def item_new(request: HttpRequest) -> HttpResponse:
    """The kind first; then only its fields. Leader and secretary register instructions alone."""
    actor = actor_of(request)
    if not registers(actor):
        raise PermissionDenied(_("Items are registered by the office; an instruction also by the leader."))
    places = choices.offices_of(actor)
    kinds = list(ItemKind) if places else [ItemKind.INSTRUCTION]
    kind = request.GET.get("kind", "") if places else ItemKind.INSTRUCTION
    if kind not in kinds:
        context = {"kinds": [(str(value), value.label, KINDS[value]) for value in kinds]}
        return render(request, "programs/supervision/item_kind.html", context)
    own = {} if places else _own_territories(actor)
    place = _place(request, places or own)
    form = _new_form(request, actor, kind, places or own, place)
    if request.method == "POST" and form.is_valid():
        try:
            item = _register(actor, kind, (places or own)[int(form.cleaned_data["jurisdiction"])], form)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except FileRefused as refused:
            form.add_error("files", str(refused.sentence))
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": item.number})
            return redirect("item_units" if can(actor, "manage", item) else "item", pk=item.pk)
    context = {"form": form, "kind": ItemKind(kind), "hint": KINDS[ItemKind(kind)], "several": len(kinds) > 1}
    return render(request, "programs/supervision/item_form.html", context, status=422 if form.errors else 200)


def _own_territories(actor: ActorContext) -> dict[int, Jurisdiction]:
    """Where a leader, or the secretary for him, gives instructions."""
    return Jurisdiction.objects.in_bulk(actor.jurisdictions(Role.LEADER, Role.SECRETARY))


def _place(request: HttpRequest, places: dict[int, Jurisdiction]) -> Jurisdiction:
    wanted = request.POST.get("jurisdiction", "")
    if wanted.isascii() and wanted.isdigit() and int(wanted) in places:
        return places[int(wanted)]
    return places[min(places)]


def _new_form(
    request: HttpRequest, actor: ActorContext, kind: str, places: dict[int, Jurisdiction], place: Jurisdiction
) -> ItemForm:
    today = timezone.localdate()
    office = place.pk in offices(actor)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return ItemForm(
        *posted,
        kind=kind,
        today=today,
        initial={"given_on": today},
        places=[(pk, row.name) for pk, row in sorted(places.items())],
        leaders=choices.leader_choices(place, today) if office else None,
        people=choices.person_choices(place, today) if office else None,
    )


def _register(actor: ActorContext, kind: str, place: Jurisdiction, form: ItemForm) -> SupervisedItem:
    values = dict(form.cleaned_data)
    case = None
    if kind == ItemKind.CASE:
        on = values["to_police_on"] if values["to_police"] else None
        case = registering.Case(values["case_number"], values["supervising_units"], on)
    leader = User.objects.get(pk=values["leader"]) if values.get("leader") else None
    names = ("title", "content", "basis", "given_on", "due_on", "urgency")
    return registering.register(
        actor=actor,
        jurisdiction=place,
        kind=kind,
        leader=leader,
        leader_label=values.get("leader_label", ""),
        restricted=values.get("restricted", False),
        named=values.get("named", []),
        case=case,
        uploads=values["files"],
        **{name: values[name] for name in names},
    )


@require_POST
def remark_item(request: HttpRequest, pk: int) -> HttpResponse:
    """立项 of a remark that stands in the portal; its units are named next."""
    actor = actor_of(request)
    remark = fetch(request, LeaderRemark.objects.select_related("programme__jurisdiction", "task"), pk=pk)
    try:
        item = registering.from_remark(remark, actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect(next_page(request, reverse("items")))
    messages.success(request, _("Registered as %(number)s.") % {"number": item.number})
    open_units = item.state == ItemState.REGISTERED and can(actor, "manage", item)
    return redirect("item_units" if open_units else "item", pk=item.pk)


@GET_OR_POST
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What was entered is put right until 交办."""
    actor, today = actor_of(request), timezone.localdate()
    item: SupervisedItem = fetch(request, SupervisedItem.objects.select_related("jurisdiction"), action="edit", pk=pk)
    if item.state != ItemState.REGISTERED:
        messages.error(request, _("The item has been handed out; it is not rewritten any more."))
        return redirect("item", pk=pk)
    office = bool(can(actor, "manage", item))
    shown: dict[str, Any] = {name: getattr(item, name) for name in EDITED if name != "leader"}
    form = ItemForm(
        *((request.POST,) if request.method == "POST" else ()),
        kind=item.kind,
        today=today,
        files=False,
        leaders=choices.leader_choices(item.jurisdiction, today) if office else None,
        initial={**shown, "leader": item.leader_id},
    )
    form.fields["due_on"].required = True
    form.fields["due_on"].help_text = ""
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in EDITED if name in form.cleaned_data}
        if "leader" in values:
            values["leader_id"] = values.pop("leader")
        if values.get("to_police") is False:
            values["to_police_on"] = None
        version = request.POST.get("version", "")
        try:
            seen = int(version) if NUMBER.fullmatch(version) else None
            registering.revise(item, actor=actor, values=values, row_version=seen)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("item", pk=pk)
    context = {"form": form, "item": item, "kind": ItemKind(item.kind), "hint": KINDS[ItemKind(item.kind)]}
    return render(request, "programs/supervision/item_form.html", context, status=422 if form.errors else 200)
