"""席位: whose account a seat is, and which departments it supervises (分管)."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import NotAllowed
from taskforce.models import Department, Seat, SeatSupervision, User


def seat_account(seat: Seat, *, actor: ActorContext, user: User | None) -> Seat:
    """The person who holds the seat signs in with this account; what the document prints stays."""
    _demand(actor, seat)
    with transaction.atomic():
        before, seat.user = str(seat.user or ""), user
        seat.save(update_fields=["user"])
        record(
            subject=seat,
            action="seat_account",
            actor=actor,
            before={"account": before},
            after={"account": str(user or "")},
        )
    return seat


def supervise(
    seat: Seat, *, actor: ActorContext, departments: Collection[Department], since: date | None = None
) -> list[SeatSupervision]:
    """分管 of further departments, from a day on. What it supervises already stays as it is."""
    _demand(actor, seat)
    with transaction.atomic():
        held = set(seat.supervisions.filter(valid_until=None).values_list("department_id", flat=True))
        new = SeatSupervision.objects.bulk_create(
            SeatSupervision(seat=seat, department=department, valid_from=since)
            for department in departments
            if department.pk not in held
        )
        if new:
            record(subject=seat, action="supervise", actor=actor, after={"units": [str(row) for row in new]})
    return new


def _demand(actor: ActorContext, seat: Seat) -> None:
    decision = can(actor, "edit", seat)
    if not decision:
        raise NotAllowed(decision.reason, seat)
