"""What must always be true of supervised items (督办事项); a part of `invariants.py`, same manner."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from programs.choices import EntryState, ItemKind, ItemPartState, ItemRole, ItemState
from programs.models import ItemPart, ItemReport, SupervisedItem, SupervisedItemUserObjectPermission
from qualitycity.audit.models import Entry

SETTLED = tuple(ItemPartState.settled())
DONE = (ItemState.COMPLETED, ItemState.CLOSED)


def completed_items_with_open_parts() -> Iterator[str]:
    waiting = ItemPart.objects.filter(item=OuterRef("pk"), role=ItemRole.LEAD).exclude(state__in=SETTLED)
    for row in SupervisedItem.objects.filter(Exists(waiting), state__in=DONE).only("pk"):
        yield f"{row._meta.label} {row.pk}: completed, but a handling unit's part is neither done nor waived"


def parts_left_behind_by_their_item() -> Iterator[str]:
    """交办 sends every part out; before it none is out."""
    out = ItemPart.objects.filter(state=ItemPartState.PENDING, item__state__in=[ItemState.ASSIGNED, *DONE])
    early = ItemPart.objects.exclude(state=ItemPartState.PENDING).filter(item__state=ItemState.REGISTERED)
    for row in (out | early).only("pk", "item_id", "state"):
        yield f"{row._meta.label} {row.pk}: its state is {row.state}, which does not go with that of item {row.item_id}"


def cases_struck_off_by_one_person() -> Iterator[str]:
    """挂牌督办案件: asked for by one, struck off by another."""
    by_asker = Entry.objects.filter(
        subject_type=SupervisedItem._meta.label_lower,
        subject_id=OuterRef("pk"),
        action="close",
        actor_id=OuterRef("delisting_asked_by_id"),
    )
    closed = SupervisedItem.objects.filter(kind=ItemKind.CASE, state=ItemState.CLOSED)
    for row in closed.filter(Q(delisting_asked_by__isnull=True) | Exists(by_asker)).only("pk"):
        yield f"{row._meta.label} {row.pk}: a listed case struck off without two persons"


def restricted_items_nobody_follows() -> Iterator[str]:
    """Whoever registered a restricted item is named for it for good."""
    named = SupervisedItemUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), user=OuterRef("recorded_by"), permission__codename="follow_item"
    )
    for row in SupervisedItem.objects.filter(~Exists(named), restricted=True).only("pk"):
        yield f"{row._meta.label} {row.pk}: restricted, and who registered it is not named for it"


def final_reports_of_open_parts() -> Iterator[str]:
    """An accepted final report finished its part; if the part is open, it was opened again after that."""
    later = Entry.objects.filter(
        subject_type=ItemPart._meta.label_lower, subject_id=OuterRef("part_id"), action="reopen"
    ).filter(at__gte=OuterRef("reviewed_at"))
    rows = ItemReport.objects.filter(~Exists(later), final=True, state=EntryState.ACCEPTED)
    for row in rows.exclude(part__state__in=SETTLED).only("pk", "part_id"):
        yield f"{row._meta.label} {row.pk}: accepted as final, but part {row.part_id} is still open"


def reports_of_assisting_units() -> Iterator[str]:
    rows = ItemReport.objects.filter(part__role=ItemRole.SUPPORT).exclude(state=EntryState.DRAFT)
    for row in rows.only("pk"):
        yield f"{row._meta.label} {row.pk}: an assisting unit reported to the office"


ITEM_CHECKS = (
    completed_items_with_open_parts,
    parts_left_behind_by_their_item,
    cases_struck_off_by_one_person,
    restricted_items_nobody_follows,
    final_reports_of_open_parts,
    reports_of_assisting_units,
)
