"""Reads of the room of supervised items: the list with its filters and figures, and one item with everything on it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from programs.access.ground import UNIT
from programs.access.supervision.items import served_leaders
from programs.choices import EntryState, ItemOverdue, ItemRole, ItemState
from programs.domain.supervision.item_lights import ItemLight, borders, item_light, part_light
from programs.models import Contribution, ItemPart, ItemReport, SupervisedItem
from programs.queries.kept import BoardDay
from qualitycity.access import ActorContext
from taskforce.models import Department, User

from .extensions import listed_requests
from .item_lights import item_facts, judged_parts, part_facts, with_lights

#: Order of the list: what is at work first, what is done last.
ORDER = (ItemState.ASSIGNED, ItemState.REGISTERED, ItemState.COMPLETED, ItemState.SUSPENDED, ItemState.CLOSED)


@dataclass(frozen=True)
class Filters:
    """Narrowing from the address; "" and None stand for all. `waiting`: a report that lies with the head or office."""

    q: str = ""
    kind: str = ""
    state: str = ""
    unit: int | None = None
    light: str = ""
    overdue: str = ""
    waiting: str = ""
    mine: bool = False


@dataclass(frozen=True)
class ItemRow:
    """A line of the list."""

    item: SupervisedItem
    light: ItemLight
    lead: str
    support: str


@dataclass(frozen=True)
class PartRow:
    """One unit of an item, side by side with the others. `newest` is the state of its newest report, `report` the newest
    one this reader may see, `told` what an assisting unit told the handling one (number, state, text), newest first."""

    part: ItemPart
    light: ItemLight
    newest: str
    report: ItemReport | None
    reports: list[ItemReport]
    told: list[Contribution]


def visible_items(actor: ActorContext, day: BoardDay) -> QuerySet[SupervisedItem]:
    """Everything the reader sees, with lights in the database."""
    return with_lights(SupervisedItem.objects.visible_to(actor), borders(day.today, day.calendar))


def mine(actor: ActorContext) -> Q:
    """What is this person's own: handed out to his units, recorded by him, or his instruction."""
    parts = ItemPart.objects.filter(department_id__in=actor.departments(*UNIT), assigned_on__isnull=False)
    return (
        Q(pk__in=parts.values("item_id"))
        | Q(recorded_by_id=actor.user_id)
        | Q(leader_id__in=served_leaders(actor))
    )


def reports_waiting(state: str) -> Exists:
    return Exists(ItemReport.objects.filter(part__item=OuterRef("pk"), state=state))


def narrowed(items: QuerySet[SupervisedItem], wanted: Filters, actor: ActorContext) -> QuerySet[SupervisedItem]:
    if wanted.q:
        items = items.filter(
            Q(title__icontains=wanted.q) | Q(number__icontains=wanted.q) | Q(content__icontains=wanted.q)
        )
    if wanted.kind:
        items = items.filter(kind=wanted.kind)
    if wanted.state:
        items = items.filter(state=wanted.state)
    if wanted.unit:
        parts = ItemPart.objects.filter(item=OuterRef("pk"), department_id=wanted.unit)
        items = items.filter(Exists(parts))
    if wanted.light:
        items = items.filter(light=wanted.light)
    if wanted.overdue:
        items = items.filter(**{wanted.overdue: True})
    if wanted.waiting:
        items = items.filter(reports_waiting(wanted.waiting), state=ItemState.ASSIGNED)
    if wanted.mine:
        items = items.filter(mine(actor))
    return items


def in_order(items: QuerySet[SupervisedItem]) -> QuerySet[SupervisedItem]:
    ranks = (When(state=state, then=Value(rank)) for rank, state in enumerate(ORDER))
    return items.order_by(Case(*ranks, output_field=IntegerField()), "due_on", "pk")


def with_parts(items: QuerySet[SupervisedItem]) -> QuerySet[SupervisedItem]:
    parts = judged_parts().select_related("department").order_by("sort", "pk")
    return items.select_related("leader").prefetch_related(Prefetch("parts", parts))


def rows(items: Any, day: BoardDay) -> list[ItemRow]:
    """Lines of items read by `with_parts`."""
    return [
        ItemRow(
            item,
            item_light(item_facts(item), day.today, day.calendar),
            "、".join(str(part.department) for part in item.parts.all() if part.role == ItemRole.LEAD),
            "、".join(str(part.department) for part in item.parts.all() if part.role == ItemRole.SUPPORT),
        )
        for item in items
    ]


def figures(items: QuerySet[SupervisedItem]) -> dict[str, int]:
    """The figures above the list, in one query; each has the filter of the same name in the page's tiles."""
    out = Q(state=ItemState.ASSIGNED)
    counted = {
        "open": Count("pk", filter=out),
        "registered": Count("pk", filter=Q(state=ItemState.REGISTERED)),
        ItemOverdue.UNSIGNED: Count("pk", filter=Q(unsigned=True)),
        ItemOverdue.UNREPORTED: Count("pk", filter=Q(unreported=True)),
        "amber": Count("pk", filter=out & Q(light="amber")),
        "review": Count("pk", filter=out & Q(reports_waiting(EntryState.SIGNED))),
        "completed": Count("pk", filter=Q(state=ItemState.COMPLETED)),
    }
    # "unsigned" names a column already
    found = items.aggregate(**{f"count_{name}": count for name, count in counted.items()})
    return {name.removeprefix("count_"): count for name, count in found.items()}


def units_of(actor: ActorContext) -> list[tuple[int, str]]:
    """Units with a part in an item the reader sees, for the filter."""
    parts = ItemPart.objects.visible_to(actor)
    found = Department.objects.filter(pk__in=parts.values("department_id")).order_by("sort", "pk")
    return list(found.values_list("pk", "short_name"))


def item_page(actor: ActorContext) -> QuerySet[SupervisedItem]:
    """One item with what rules, guards and its page read; `extension_list` for `extensions.asked_of`, `told_list` of a
    part for `PartRow.told`."""
    told = Contribution.objects.visible_to(actor).filter(item_part=OuterRef("pk")).order_by("-pk")
    parts = judged_parts().select_related("department", "signed_for_by").order_by("sort", "pk").annotate(
        told_list=ArraySubquery(told.values(json=JSONObject(pk="pk", state="state", text="text")))
    )
    return SupervisedItem.objects.select_related(
        "meeting_decision__meeting",
        "jurisdiction", "leader", "recorded_by", "programme", "task__programme", "endorsed_by", "delisting_asked_by"
    ).prefetch_related(Prefetch("parts", parts), "files__file").annotate(
        extension_list=listed_requests(actor, item_part__item=OuterRef("pk"))
    )


def part_rows(item: SupervisedItem, actor: ActorContext, day: BoardDay) -> list[PartRow]:
    """Units side by side, each with the reports this reader may see; two queries for all of them."""
    seen: dict[int, list[ItemReport]] = {}
    reports = (
        ItemReport.objects.visible_to(actor)
        .filter(part__item=item)
        .select_related("filed_by", "signed_by", "reviewed_by")
        .prefetch_related("files__file")
        .order_by("-pk")
    )
    for report in reports:
        seen.setdefault(report.part_id, []).append(report)
    facts = item_facts(item)
    found = []
    for part in item.parts.all():
        part.item = item
        own = seen.get(part.pk, [])
        for report in own:
            report.part = part
        found.append(
            PartRow(
                part,
                part_light(part_facts(part), facts, day.today, day.calendar),
                part.newest_state,
                own[0] if own else None,
                own,
                [Contribution(**row) for row in part.told_list],  # type: ignore[attr-defined]
            )
        )
    return found


def light_of(item: SupervisedItem, day: BoardDay) -> ItemLight:
    return item_light(item_facts(item), day.today, day.calendar)


def named_labels(item: SupervisedItem) -> list[str]:
    """Who is named for a restricted item."""
    people = User.objects.filter(superviseditemuserobjectpermission__content_object=item).order_by("full_name", "pk")
    return [str(user) for user in people.distinct()]
