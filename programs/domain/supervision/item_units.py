"""主办 and 协办 of an item: named before 交办, added afterwards. A unit that is out is waived, never taken off."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import ItemPartState, ItemRole, ItemState
from programs.models import ItemPart, SupervisedItem
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department

from .item_parts import assign_parts
from .item_people import units_nobody_is_named_of


def _locked(item: SupervisedItem, actor: ActorContext) -> tuple[SupervisedItem, ActorContext]:
    item = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=item.pk)
    decision = can(actor, "manage", item)
    if not decision:
        raise NotAllowed(decision.reason, item)
    return item, actor.on_behalf(decision.grant)


def _check(item: SupervisedItem, units: Sequence[tuple[Department, str]]) -> None:
    seen: set[int] = set()
    for unit, role in units:
        if role not in ItemRole.values:
            raise IllegalMove(_("Choose whether the unit handles or assists."), item)
        if unit.pk in seen:
            raise IllegalMove(_("%(unit)s stands twice in the list.") % {"unit": unit}, item)
        seen.add(unit.pk)


def name_units(
    item: SupervisedItem, *, units: Sequence[tuple[Department, str]], actor: ActorContext
) -> SupervisedItem:
    """The units of an item that is still with the office, in the order given."""
    _check(item, units)
    with transaction.atomic():
        item, actor = _locked(item, actor)
        if item.state != ItemState.REGISTERED:
            raise IllegalMove(_("The item has been handed out; add a unit, or waive the part of one."), item)
        before = {part.department_id: part for part in item.parts.select_related("department")}
        was = _listed((part.department, part.role) for part in before.values())
        wanted = {unit.pk: (unit, role, sort) for sort, (unit, role) in enumerate(units, 1)}
        gone = [part for pk, part in before.items() if pk not in wanted]
        item.parts.filter(pk__in=[part.pk for part in gone]).delete()
        for pk, (unit, role, sort) in wanted.items():
            part = before.get(pk)
            if part is None:
                ItemPart.objects.create(item=item, department=unit, role=role, sort=sort)
            elif (part.role, part.sort) != (role, sort):
                part.role, part.sort, part.row_version = role, sort, part.row_version + 1
                part.save()
        now = _listed(units)
        if was != now:
            shown = {} if item.restricted else {"units": now}
            record(subject=item, action="name_units", actor=actor, after=shown or None, audience="office")
    return item


def _listed(units: Iterable[tuple[Department, str]]) -> list[str]:
    """As the journal keeps it, in the office's words."""
    return [f"{unit}（{'主办' if role == ItemRole.LEAD else '协办'}）" for unit, role in units]


def add_unit(item: SupervisedItem, *, unit: Department, role: str, actor: ActorContext) -> ItemPart:
    """追加 of a unit to an item that is out; it goes out at once. Repeating it changes nothing."""
    _check(item, [(unit, role)])
    with transaction.atomic():
        item, marked = _locked(item, actor)
        if item.state != ItemState.ASSIGNED:
            raise IllegalMove(_("A unit is added to an item that has been handed out and is not completed."), item)
        part = item.parts.filter(department=unit).select_related("department").first()
        if part is not None:
            if part.role == role and part.state != ItemPartState.WAIVED:
                return part
            raise IllegalMove(_("%(unit)s has a part in this item already.") % {"unit": unit}, item)
        if item.restricted and units_nobody_is_named_of(item, [unit.pk]):
            raise IllegalMove(
                _("Name the persons who handle it first: nobody of %(units)s is named.") % {"units": unit}, item
            )
        part = ItemPart.objects.create(item=item, department=unit, role=role, sort=item.parts.count() + 1)
        shown = None if item.restricted else {"unit": str(unit)}
        record(subject=item, action="add_unit", actor=marked, after=shown)
        return assign_parts([part], actor=actor)[0]
