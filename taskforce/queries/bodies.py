"""领导机构 with their seats as the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from qualitycity.access import ActorContext, visible
from taskforce.choices import SeatRole
from taskforce.models import Body, Seat, SeatSupervision

HEADS = (SeatRole.HEAD, SeatRole.EXECUTIVE_DEPUTY, SeatRole.DEPUTY)
OFFICE = (SeatRole.OFFICE_DIRECTOR, SeatRole.OFFICE_DEPUTY)


def bodies(actor: ActorContext, *, day: date) -> QuerySet[Body]:
    """Bodies with the number of `seats_now`."""
    present = Q(seats__valid_from__isnull=True) | Q(seats__valid_from__lte=day)
    present &= Q(seats__valid_until__isnull=True) | Q(seats__valid_until__gt=day)
    return (
        visible(Body.objects.all(), actor)
        .select_related("jurisdiction", "office_department")
        .annotate(seats_now=Count("seats", filter=present))
        .order_by("jurisdiction__code", "pk")
    )


@dataclass
class Roster:
    """Seats of a body by rank; `left` are those whose time is over."""

    heads: list[Seat] = field(default_factory=list)
    members: list[Seat] = field(default_factory=list)
    office: list[Seat] = field(default_factory=list)
    left: list[Seat] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.heads or self.members or self.office or self.left)


def roster(body: Body, *, day: date) -> Roster:
    """Every seat with the departments it supervises (分管) today; two queries."""
    supervised = (
        SeatSupervision.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))
        .select_related("department")
    )
    seats = (
        Seat.objects.filter(body=body)
        .select_related("department")
        .prefetch_related(Prefetch("supervisions", queryset=supervised, to_attr="supervised_now"))
        .order_by("sort", "pk")
    )
    return _ranked(seats, day)


def _ranked(seats: Iterable[Seat], day: date) -> Roster:
    found = Roster()
    for seat in seats:
        if seat.valid_until is not None and seat.valid_until <= day:
            found.left.append(seat)
        elif seat.role in HEADS:
            found.heads.append(seat)
        elif seat.role in OFFICE:
            found.office.append(seat)
        else:
            found.members.append(seat)
    return found
