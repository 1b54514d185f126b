"""应报材料: readings for its list, its register and the start pages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from programs.choices import MaterialState
from programs.models import Material, MaterialDue
from qualitycity.access import ActorContext
from taskforce.models import Department

from ..together import Figures

#: What the list shows of all papers, in the order of its tiles.
SHOWS = ("overdue", "soon", "filed", "accepted")
OWED = tuple(MaterialState.with_unit())


@dataclass(frozen=True)
class Filters:
    """Narrowing from the address; None, "" and False stand for all."""

    show: str = ""
    material: int | None = None
    unit: int | None = None
    mine: bool = False


def situation(show: str, today: date, warned: date) -> Q:
    """Which rows a tile counts. `warned`: the last due date that is amber today."""
    return {
        "overdue": Q(state__in=OWED, due_on__lt=today),
        "soon": Q(state__in=OWED, due_on__gte=today) & (Q(due_on__lte=warned) | Q(state=MaterialState.RETURNED)),
        "filed": Q(state=MaterialState.FILED),
        "accepted": Q(state=MaterialState.ACCEPTED),
        "waived": Q(state=MaterialState.WAIVED),
        "open": Q(state__in=[*OWED, MaterialState.FILED]),
    }.get(show, Q())


def dues(actor: ActorContext, filters: Filters, mine: Collection[int]) -> QuerySet[MaterialDue]:
    """Papers one may see under all filters but `show`, by due date."""
    rows = MaterialDue.objects.visible_to(actor).select_related("material", "department")
    if filters.material:
        rows = rows.filter(material_id=filters.material)
    if filters.unit:
        rows = rows.filter(department_id=filters.unit)
    if filters.mine:
        rows = rows.filter(department_id__in=mine)
    return rows.order_by("due_on", "material_id", "department__sort", "pk")


def counts(rows: QuerySet[MaterialDue], today: date, warned: date) -> dict[str, int]:
    """One query for all tiles."""
    wanted = {show: Count("pk", filter=situation(show, today, warned)) for show in (*SHOWS, "open")}
    return rows.order_by().aggregate(**wanted)


def choices(actor: ActorContext) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Papers and units that the list can be narrowed to; two queries."""
    seen = MaterialDue.objects.visible_to(actor)
    materials = Material.objects.filter(pk__in=seen.values("material_id")).order_by("title", "pk")
    units = Department.objects.filter(pk__in=seen.values("department_id")).order_by("sort", "pk")
    return list(materials.values_list("pk", "title")), list(units.values_list("pk", "short_name"))


def registered(actor: ActorContext) -> QuerySet[Any]:
    """The register with `unit_count`, the nearest date still open and how many are overdue; one query."""
    return (
        Material.objects.visible_to(actor)
        .select_related("jurisdiction", "document", "programme")
        .annotate(
            unit_count=Count("units", distinct=True),
            next_due=Min("dues__due_on", filter=Q(dues__state__in=OWED)),
        )
        .order_by("ended_on", "title", "pk")
    )


def at_unit(departments: Collection[int], until: date) -> list[MaterialDue]:
    """What units still owe up to a day, for their start pages; one query."""
    return list(
        MaterialDue.objects.owed()
        .filter(department_id__in=departments, due_on__lte=until)
        .select_related("material", "department")
        .order_by("due_on", "pk")[:20]
    )


def at_office(offices: Collection[int], today: date) -> Figures:
    """For the office's start page: papers that wait to be accepted, and those overdue."""
    rows = MaterialDue.objects.filter(material__jurisdiction_id__in=offices)
    wanted = {"filed": Q(state=MaterialState.FILED), "overdue": Q(state__in=OWED, due_on__lt=today)}
    return Figures(rows, wanted)
