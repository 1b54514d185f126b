"""A unit with everything the register knows of it, read in one statement; its seats and contacts in one each."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from taskforce.models import (
    Department,
    DepartmentAlias,
    DepartmentGroup,
    DepartmentName,
    Seat,
    SeatSupervision,
)


def described() -> QuerySet[Department]:
    """Departments with `all_names`, `all_aliases`, `predecessors_now`, `in_groups` as lists of plain values."""
    names = DepartmentName.objects.filter(department=OuterRef("pk")).order_by("valid_from", "pk")
    aliases = DepartmentAlias.objects.filter(department=OuterRef("pk")).order_by("pk")
    before = Department.objects.filter(successor=OuterRef("pk")).order_by("sort", "pk")
    groups = DepartmentGroup.objects.filter(memberships__department=OuterRef("pk")).order_by("pk")
    return Department.objects.select_related("jurisdiction", "successor").annotate(
        all_names=ArraySubquery(
            names.values(
                json=JSONObject(name="name", short_name="short_name", first="valid_from", last="valid_until")
            )
        ),
        all_aliases=ArraySubquery(aliases.values("alias")),
        predecessors_now=ArraySubquery(
            before.values(json=JSONObject(pk="pk", name="name", closed_on="closed_on"))
        ),
        in_groups=ArraySubquery(groups.values("name")),
    )


def _now(day: date, prefix: str = "") -> Q:
    first = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    last = Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": day})
    return first & last


def seats_of(department: Model, *, day: date) -> QuerySet[Seat]:
    """Seats that are held by the unit."""
    return Seat.objects.filter(_now(day), department=department).select_related("body").order_by("body", "sort", "pk")


def supervisors_of(department: Model, *, day: date) -> QuerySet[SeatSupervision]:
    """Seats that supervise the unit (分管)."""
    return (
        SeatSupervision.objects.filter(_now(day), _now(day, "seat__"), department=department)
        .select_related("seat__body")
        .order_by("seat__sort", "pk")
    )
