"""What waits for whom: supervised items and their reports as the start pages ask for them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from programs.access.ground import offices
from programs.access.supervision.items import served_leaders
from programs.choices import EntryState, ItemPartState, ItemRole, ItemState
from programs.domain.supervision.item_lights import ItemFacts, ItemLight, part_light
from programs.models import ItemPart, ItemReport, SupervisedItem
from programs.queries.kept import BoardDay
from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import format_days_left
from taskforce.choices import Role

from .item_lights import judged_parts, part_facts
from .items import ItemRow, in_order, rows, visible_items, with_parts

#: Instructions on a leader's desk; the rest stands in the list.
SHOWN = 10


@dataclass(frozen=True)
class Owed:
    """One part as the desk of its unit lists it; `remark` is why its report was returned."""

    part: ItemPart
    light: ItemLight
    when: str
    late: bool
    report_id: int | None
    report_state: str
    remark: str

    @property
    def to_sign_for(self) -> bool:
        return self.part.state == ItemPartState.ASSIGNED

    @property
    def returned(self) -> bool:
        return self.report_state == EntryState.RETURNED

    @property
    def to_report(self) -> bool:
        """It is the unit's turn to write: nothing lies with its head or the office."""
        return self.part.answers and self.report_state not in (EntryState.SUBMITTED, EntryState.SIGNED)


def owed_parts(actor: ActorContext, day: BoardDay, *, roles: Collection[str]) -> list[Owed]:
    """Parts of the person's units that are not settled, the most urgent first; one query."""
    newest = ItemReport.objects.filter(part=OuterRef("pk")).order_by("-pk")
    open_part = Q(state=ItemPartState.ASSIGNED) | Q(state=ItemPartState.SIGNED_FOR, role=ItemRole.LEAD)
    parts = (
        judged_parts()
        .visible_to(actor)
        .filter(open_part, item__state=ItemState.ASSIGNED, department_id__in=actor.departments(*roles))
        .select_related("item", "department")
        .annotate(newest_id=Subquery(newest.values("pk")[:1]), newest_remark=Subquery(newest.values("remark")[:1]))
        .order_by("item__due_on", "pk")
    )
    return [_owed(part, day) for part in parts]


def _owed(part: Any, day: BoardDay) -> Owed:
    item: SupervisedItem = part.item
    facts = ItemFacts(item.state, item.due_on, item.urgency)
    return Owed(
        part=part,
        light=part_light(part_facts(part), facts, day.today, day.calendar),
        when=format_days_left(day.today, item.due_on, day.calendar),
        late=item.due_on < day.today,
        report_id=part.newest_id,
        report_state=part.newest_state,
        remark=part.newest_remark or "",
    )


def to_sign_off(actor: ActorContext) -> list[ItemReport]:
    """Reports that wait for this head's signature; one query."""
    reports = ItemReport.objects.visible_to(actor).filter(
        state=EntryState.SUBMITTED,
        part__item__state=ItemState.ASSIGNED,
        part__department_id__in=actor.departments(Role.UNIT_HEAD),
    )
    found = reports.exclude(filed_by_id=actor.user_id).select_related("part__item", "part__department", "filed_by")
    return list(found.order_by("part__item__due_on", "pk"))


def own_instructions(actor: ActorContext, day: BoardDay) -> list[ItemRow]:
    """The leader's instructions that are not struck off, and where they stand; two queries."""
    items = visible_items(actor, day).filter(leader_id__in=served_leaders(actor)).exclude(state=ItemState.CLOSED)
    return rows(with_parts(in_order(items))[:SHOWN], day)


def next_report(actor: ActorContext, report: ItemReport) -> int | None:
    """The next report that waits for this person, as head or office; one query."""
    to_sign = Q(state=EntryState.SUBMITTED, part__department_id__in=actor.departments(Role.UNIT_HEAD))
    to_review = Q(state=EntryState.SIGNED, part__item__jurisdiction_id__in=offices(actor))
    waiting = ItemReport.objects.visible_to(actor).filter(to_sign | to_review, part__item__state=ItemState.ASSIGNED)
    found = waiting.exclude(pk=report.pk).exclude(filed_by_id=actor.user_id)
    return found.order_by("part__item__due_on", "pk").values_list("pk", flat=True).first()
