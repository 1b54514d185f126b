"""Reminders of supervised items: parts not signed for, and due dates of handling units; sources of `REMINDER_SOURCES`.

Of a restricted item only the persons of the unit who are named for it are reminded, without its title, and nobody above
them: neither a head who is not named nor the office. Quiet while a final report lies with the office.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from programs.choices import EntryState, ItemPartState, ItemRole, ItemState, Urgency
from programs.domain.reminders.matters import Ground, Matter, ladder_of
from programs.domain.rules import REMINDER_LADDER
from programs.models import ItemPart, ItemReport, SupervisedItemUserObjectPermission
from taskforce.choices import Role
from taskforce.models import Membership

from .item_people import spoken_of

#: Rows fetched from the database at once.
FETCH = 2000
#: A rung that no date reaches.
NEVER = 100_000
#: Rungs of an item: it is shorter than a task.
DUE_RUNGS = tuple(rung for rung in REMINDER_LADDER["milestone"] if rung >= -7)


def _parts(ground: Ground, *wanted: Any) -> QuerySet[ItemPart]:
    """Parts of items that are out, with the accounts of the unit that are named for it."""
    named = SupervisedItemUserObjectPermission.objects.filter(
        content_object=OuterRef("item_id"),
        permission__codename="follow_item",
        user__in=Membership.objects.current(timezone.localdate())
        .filter(department=OuterRef(OuterRef("department_id")), role__in=Role.unit_roles())
        .values("user_id"),
    )
    rows = ItemPart.objects.filter(*wanted, item__state=ItemState.ASSIGNED, assigned_on__isnull=False).order_by()
    if ground.jurisdictions is not None:
        rows = rows.filter(item__jurisdiction_id__in=ground.jurisdictions)
    return rows.select_related("item").annotate(named=ArraySubquery(named.values("user_id")))


def _holders(part: Any) -> dict[str, Any] | None:
    """Who is reminded; None where nobody of the unit is named for a restricted item."""
    if not part.item.restricted:
        return {"units": frozenset({part.department_id})}
    if not part.named:
        return None
    return {"persons": frozenset(part.named), "office_from": NEVER, "heads_from": NEVER}


def not_signed_for(ground: Ground) -> Iterator[Matter]:
    """待签收, counted from the day of handing out; of an urgent item from the first day on with the heads."""
    waiting = Q(state=ItemPartState.ASSIGNED), ~Exists(_reports(EntryState.reported()))
    for part in _parts(ground, *waiting).iterator(FETCH):
        holders = _holders(part)
        if holders is None or part.assigned_on is None:
            continue
        heads = 1 if part.item.urgency == Urgency.URGENT else 2
        yield Matter(
            kind="sign_for_item", ident=part.pk, jurisdiction=part.item.jurisdiction_id,
            subject=f"{spoken_of(part.item)}待签收", url=reverse("item", args=[part.item_id]),
            due_on=part.assigned_on, live_from=part.assigned_on, rungs=tuple(REMINDER_LADDER["sign_for"]),
            **{"heads_from": heads, **holders},
        )  # fmt: skip


def due_dates(ground: Ground) -> Iterator[Matter]:
    """办理时限 of handling units; while the report lies with the head, it is his turn."""
    wanted = Q(role=ItemRole.LEAD, state__in=ItemPartState.owing())
    in_review = _reports([EntryState.SIGNED]).filter(final=True)
    parts = _parts(ground, wanted, ~Exists(in_review)).annotate(with_head=Exists(_reports([EntryState.SUBMITTED])))
    ladder = ladder_of(None)
    for part in parts.iterator(FETCH):
        holders = _holders(part)
        if holders is None or part.assigned_on is None:
            continue
        if part.with_head and "units" in holders:
            holders = {"heads_only": holders["units"]}
        yield Matter(
            kind="item", ident=part.pk, jurisdiction=part.item.jurisdiction_id,
            subject=f"{spoken_of(part.item)}办理时限", url=reverse("item", args=[part.item_id]),
            due_on=part.item.due_on, live_from=part.assigned_on, rungs=DUE_RUNGS,
            **{"office_from": ladder["office_from"], **holders},
        )  # fmt: skip


def _reports(states: Any) -> QuerySet[ItemReport]:
    return ItemReport.objects.filter(part=OuterRef("pk"), state__in=list(states))
