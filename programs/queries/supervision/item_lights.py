"""The lights of supervised items in the database: the rules of `domain/supervision/item_lights.py` as conditions.

Lists filter, count and page by them; the sentence of a row that is shown comes from the pure function. A test draws
random items and compares the two.
"""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from programs.choices import EntryState, ItemPartState, ItemRole, ItemState, Urgency
from programs.domain.supervision.item_lights import Borders, ItemFacts, PartFacts
from programs.models import ItemPart, ItemReport, SupervisedItem

REPORTED = tuple(EntryState.reported())
ASSIGNED, SIGNED_FOR = ItemPartState.ASSIGNED, ItemPartState.SIGNED_FOR


def judged_parts() -> QuerySet[ItemPart]:
    """Parts with what their light asks of their reports: state, kind and day of the newest, and whether any went out."""
    newest = ItemReport.objects.filter(part=OuterRef("pk")).order_by("-pk")
    reported = ItemReport.objects.filter(part=OuterRef("pk"), state__in=REPORTED)
    return ItemPart.objects.annotate(
        newest_state=Coalesce(Subquery(newest.values("state")[:1]), Value("")),
        newest_final=Coalesce(Subquery(newest.values("final")[:1]), Value(False)),
        newest_signed=Subquery(newest.values("signed_at")[:1]),
        ever_reported=Exists(reported),
    )


def part_facts(part: Any) -> PartFacts:
    """Of a row of `judged_parts`."""
    return PartFacts(
        unit=str(part.department),
        state=part.state,
        answers=part.answers,
        assigned_on=part.assigned_on,
        settled_on=part.settled_on,
        report_state=part.newest_state,
        report_final=part.newest_final,
        handed_in_on=timezone.localdate(part.newest_signed) if part.newest_signed else None,
        reported=part.ever_reported,
    )


def item_facts(item: SupervisedItem) -> ItemFacts:
    """Of an item whose `parts` are rows of `judged_parts`."""
    return ItemFacts(
        state=item.state,
        due_on=item.due_on,
        urgency=item.urgency,
        completed_on=item.completed_on,
        parts=tuple(part_facts(part) for part in item.parts.all()),
    )


WAITS_FOR_SIGNATURE = Q(state=ASSIGNED, ever_reported=False)
ANSWERING = Q(role=ItemRole.LEAD, state__in=[ASSIGNED, SIGNED_FOR])
FINAL_IN = Q(newest_final=True, newest_state=EntryState.SIGNED)


def _unsigned(borders: Borders) -> Q:
    """未签收逾期."""
    urgent = Q(item__urgency=Urgency.URGENT, assigned_on__lte=borders.unsigned_urgent)
    return WAITS_FOR_SIGNATURE & (urgent | (~Q(item__urgency=Urgency.URGENT) & Q(assigned_on__lte=borders.unsigned)))


def _unreported(borders: Borders) -> Q:
    """未反馈逾期."""
    return ANSWERING & ~FINAL_IN & ~_unsigned(borders) & Q(item__due_on__lt=borders.today)


def _warned(borders: Borders) -> Q:
    late_final = ANSWERING & FINAL_IN & Q(newest_signed__date__gt=F("item__due_on"))
    pressing = Q(newest_state=EntryState.RETURNED) | Q(item__due_on__lte=borders.warn)
    near = ANSWERING & ~FINAL_IN & ~WAITS_FOR_SIGNATURE & Q(item__due_on__gte=borders.today) & pressing
    done_late = Q(state=ItemPartState.DONE, settled_on__gt=F("item__due_on"))
    return late_final | near | done_late


def with_lights(items: QuerySet[SupervisedItem], borders: Borders) -> QuerySet[SupervisedItem]:
    """Items with `light` (a code), `unsigned` and `unreported` (two kinds of overdue)."""
    parts = judged_parts().filter(item=OuterRef("pk")).exclude(state=ItemPartState.WAIVED)
    out = Q(state=ItemState.ASSIGNED)
    last_done = (
        ItemPart.objects.filter(item=OuterRef("pk"), role=ItemRole.LEAD, state=ItemPartState.DONE)
        .order_by()
        .values("item")
        .annotate(day=Max("settled_on"))
        .values("day")
    )
    grey = Q(state=ItemPartState.PENDING) | WAITS_FOR_SIGNATURE
    items = items.annotate(
        done_day=Coalesce(Subquery(last_done), "completed_on", output_field=DateField()),
        unsigned=Case(
            When(out, then=Exists(parts.filter(_unsigned(borders)))), default=False, output_field=BooleanField()
        ),
        unreported=Case(
            When(out, then=Exists(parts.filter(_unreported(borders)))), default=False, output_field=BooleanField()
        ),
    )
    done = Q(state__in=[ItemState.COMPLETED, ItemState.CLOSED])
    return items.annotate(
        light=Case(
            When(state=ItemState.REGISTERED, due_on__lt=borders.today, then=Value("red")),
            When(state__in=[ItemState.REGISTERED, ItemState.SUSPENDED], then=Value("grey")),
            When(done & Q(done_day__gt=F("due_on")), then=Value("amber")),
            When(done, then=Value("green")),
            When(Q(unsigned=True) | Q(unreported=True), then=Value("red")),
            When(Exists(parts.filter(_warned(borders))), then=Value("amber")),
            When(Exists(parts.filter(grey)) | ~Exists(parts), then=Value("grey")),
            default=Value("green"),
            output_field=CharField(),
        )
    )
