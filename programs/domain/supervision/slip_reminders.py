"""Deadlines of slips among the reminders: to the unit alone, quiet while an answer is with the office. The same for a
slip that was never acknowledged. Nothing of this goes to a leader; what follows a missed date is only proposed."""

from collections.abc import Iterator
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from programs.choices import EntryState, SlipState
from programs.models import Slip, SlipAnswer

from ..reminders import Ground, Matter
from .slip_notices import name_of

#: Working days around the date for the answer. Slips run for a few days: the rungs stand closer than those of tasks.
RUNGS = (-1, 1, 3, 7, 14)


def slips(ground: Ground) -> Iterator[Matter]:
    """Slips to be acknowledged or answered; one query. An answer that waits for its head is the head's turn."""
    newest = SlipAnswer.objects.filter(slip=OuterRef("pk")).order_by("-version")
    rows = (
        Slip.objects.filter(state__in=SlipState.with_unit())
        .exclude(item_part__item__restricted=True)
        .annotate(answer_state=Subquery(newest.values("state")[:1]))
        .only(
            "pk",
            "number",
            "kind",
            "colour",
            "matter",
            "state",
            "due_on",
            "issued_at",
            "department_id",
            "jurisdiction_id",
        )
        .order_by()
    )
    for slip in rows.iterator(2000):
        if not ground.covers(slip.jurisdiction_id):
            continue
        waits_for_head = slip.answer_state == EntryState.SUBMITTED
        what = (
            "回复待审签" if waits_for_head else "待签收、回复" if slip.state == SlipState.ISSUED else "待回复"
        )
        unit = frozenset({slip.department_id})
        yield Matter(
            kind="slip",
            ident=slip.pk,
            jurisdiction=slip.jurisdiction_id,
            subject=f"{name_of(slip)}“{slip.matter}”{what}"[:200],
            url=reverse("slip", args=[slip.pk]),
            due_on=slip.due_on,
            live_from=_issued_on(slip),
            rungs=RUNGS,
            office_from=3,
            units=frozenset() if waits_for_head else unit,
            heads_only=unit if waits_for_head else frozenset(),
        )


def _issued_on(slip: Slip) -> date:
    return timezone.localdate(slip.issued_at) if slip.issued_at else slip.due_on
