"""Moves of an item and of one unit's part, signing for many, the leader's word."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programs.choices import Endorsement
from programs.domain.supervision import item_parts, items
from programs.models import ItemPart, SupervisedItem
from programs.views.moves import GET_OR_POST, NUMBER, Step, move_page
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.workflow import NotAllowed, Refused

ITEM_STEPS = {
    "assign": Step(
        lambda item, actor, reason: items.assign(item, actor=actor),
        gettext_lazy("Every named unit is told and asked to sign for its part."),
    ),
    "complete": Step(
        lambda item, actor, reason: items.complete(item, actor=actor, reason=reason),
        gettext_lazy("The item is done. It is struck off in a step of its own, and can be taken up again until then."),
        asks=True,
    ),
    "reopen": Step(
        lambda item, actor, reason: items.reopen(item, actor=actor, reason=reason),
        gettext_lazy("The handling units owe a report again; they are told the reason."),
        asks=True,
    ),
    "close": Step(
        lambda item, actor, reason: items.close(item, actor=actor, reason=reason),
        gettext_lazy("The item is struck off for good. It stays readable with everything that happened."),
        asks=True,
        danger=True,
    ),
    "suspend": Step(
        lambda item, actor, reason: items.suspend(item, actor=actor, reason=reason),
        gettext_lazy("Nothing is owed and nothing reminds until the item is resumed. The units are told the reason."),
        asks=True,
        danger=True,
    ),
    "resume": Step(
        lambda item, actor, reason: items.resume(item, actor=actor, reason=reason),
        gettext_lazy("The item goes on where it stood; its time limit is unchanged."),
        asks=True,
    ),
    "restore": Step(
        lambda item, actor, reason: items.resume(item, actor=actor, reason=reason),
        gettext_lazy("The item stands among the registered ones again."),
        asks=True,
    ),
}
ITEM_PART_STEPS = {
    "assign": Step(
        lambda part, actor, reason: item_parts.assign_parts([part], actor=actor),
        gettext_lazy("The unit is told and asked to sign for its part."),
    ),
    "finish": Step(
        lambda part, actor, reason: item_parts.finish(part, actor=actor, reason=reason),
        gettext_lazy("The unit's part counts as done without a final report. Say on what ground."),
        asks=True,
    ),
    "waive": Step(
        lambda part, actor, reason: item_parts.waive(part, actor=actor, reason=reason),
        gettext_lazy("The unit owes nothing more on this item. It is told the reason, which stays in the history."),
        asks=True,
        danger=True,
    ),
    "reopen": Step(
        lambda part, actor, reason: item_parts.reopen(part, actor=actor, reason=reason),
        gettext_lazy("The unit owes a report on this item again."),
        asks=True,
    ),
}


@GET_OR_POST
def item_move(request: HttpRequest, pk: int) -> HttpResponse:
    queryset = SupervisedItem.objects.select_related("jurisdiction").prefetch_related("parts__department")
    item = fetch(request, queryset, pk=pk)
    return move_page(request, item, items.ITEMS, ITEM_STEPS, reverse("item", args=[pk]), item.title)


@GET_OR_POST
def item_part_move(request: HttpRequest, pk: int) -> HttpResponse:
    part = fetch(request, ItemPart.objects.select_related("item__jurisdiction", "department"), pk=pk)
    label = f"{part.department} · {part.item.title}"
    return move_page(
        request, part, item_parts.ITEM_PARTS, ITEM_PART_STEPS, reverse("item", args=[part.item_id]), label
    )


@require_POST
def items_sign_for(request: HttpRequest) -> HttpResponse:
    """签收 of the ticked parts, all of them or none."""
    actor = actor_of(request)
    picked = {int(pk) for pk in request.POST.getlist("part") if NUMBER.fullmatch(pk)}
    back = next_page(request, reverse("items"))
    if not picked:
        messages.error(request, _("Tick the items to be signed for."))
        return redirect(back)
    parts = list(ItemPart.objects.visible_to(actor).filter(pk__in=picked))
    if len(parts) != len(picked):
        raise Http404(_("There is no such page, or it is not meant for you."))
    try:
        item_parts.sign_for(parts, actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        said = ngettext("Signed for %(count)d item.", "Signed for %(count)d items.", len(parts))
        messages.success(request, said % {"count": len(parts)})
    return redirect(back)


@require_POST
def item_endorse(request: HttpRequest, pk: int) -> HttpResponse:
    """已阅 or 同意销号 of the leader whose instruction it is."""
    item = fetch(request, SupervisedItem.objects.select_related("jurisdiction"), action="endorse", pk=pk)
    word = request.POST.get("word", "")
    if word not in Endorsement.values:
        raise Http404(_("There is no such step."))
    try:
        items.endorse(item, actor=actor_of(request), word=word)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Noted; the office has been told."))
    return redirect(next_page(request, reverse("item", args=[pk])))
