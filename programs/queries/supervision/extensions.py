"""延期: requests as lists show them, what waits for whom, and how many each unit has asked for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from programs.access.ground import offices
from programs.choices import ExtensionState
from programs.models import Extension, Milestone, SupervisedItem, Task
from qualitycity.access import ActorContext
from taskforce.choices import Role

RELATED = (
    "task__programme__jurisdiction", "milestone", "item_part__item__jurisdiction", "department", "filed_by",
    "signed_by", "decided_by",
)  # fmt: skip


def requests(actor: ActorContext) -> QuerySet[Extension]:
    """What the person may see, the newest first."""
    return Extension.objects.visible_to(actor).select_related(*RELATED).order_by("-filed_at", "-pk")


def to_sign(actor: ActorContext) -> QuerySet[Extension]:
    """Requests that wait for the person's signature as head."""
    mine = actor.departments(Role.UNIT_HEAD)
    return requests(actor).filter(state=ExtensionState.SUBMITTED, department_id__in=mine).order_by("due_then", "pk")


def before_office(actor: ActorContext) -> QuerySet[Extension]:
    """Requests in the territory of the person's office that are signed or wait for a signature; the nearest first."""
    waiting = [ExtensionState.SIGNED, ExtensionState.SUBMITTED]
    mine = Q(task__programme__jurisdiction_id__in=offices(actor)) | Q(
        item_part__item__jurisdiction_id__in=offices(actor)
    )
    return requests(actor).filter(mine, state__in=waiting).order_by("due_then", "pk")


def counts_by_unit(
    departments: Collection[int], *, since: date, until: date
) -> dict[int, tuple[int, int]]:
    """Unit → (asked, granted) of the requests handed in from `since` to `until`; one query. Withdrawn ones and those
    still being written do not count."""
    rows = (
        Extension.objects.filter(department_id__in=departments, asked_on__range=(since, until))
        .exclude(state__in=[ExtensionState.DRAFT, ExtensionState.WITHDRAWN])
        .order_by()
        .values("department_id")
        .annotate(asked=Count("pk"), granted=Count("pk", filter=Q(state=ExtensionState.GRANTED)))
    )
    return {row["department_id"]: (row["asked"], row["granted"]) for row in rows}


def of_subject(actor: ActorContext, subject: Task | Milestone | SupervisedItem) -> list[Extension]:
    """Requests for the same date that the person may see, the oldest first."""
    match subject:
        case Milestone():
            about = Q(milestone=subject)
        case Task():
            about = Q(task=subject, milestone__isnull=True)
        case _:
            about = Q(item_part__item=subject)
    return list(requests(actor).filter(about).order_by("filed_at", "pk"))


@dataclass(frozen=True)
class Asked:
    """A request for extension, as the page of its task or item lists it."""

    pk: int
    unit: str
    milestone: str
    state: str
    waits: bool
    due_then: date | None
    new: date | None


def listed_requests(actor: ActorContext, **about: OuterRef) -> ArraySubquery:
    """Requests about the row of the outer query that the person may see, the oldest first; a column of it, read by
    `asked_of`."""
    return ArraySubquery(
        Extension.objects.visible_to(actor).filter(**about).order_by("filed_at", "pk").values(
            json=JSONObject(
                pk="pk", state="state", unit="department__short_name", milestone="milestone__title", due_then="due_then",
                wanted_on="wanted_on", granted_on="granted_on",
            )
        )
    )  # fmt: skip


def asked_of(listed: Iterable[dict[str, Any]] | None) -> list[Asked]:
    words = dict(ExtensionState.choices)
    return [
        Asked(
            pk=row["pk"],
            unit=row["unit"],
            milestone=row["milestone"] or "",
            state=str(words[row["state"]]),
            waits=row["state"] in ExtensionState.open(),
            due_then=date.fromisoformat(row["due_then"]),
            new=date.fromisoformat(row["granted_on"] or row["wanted_on"]),
        )
        for row in listed or ()
    ]


def count_of(row: Extension) -> int:
    """How many extensions the date has had."""
    return row.subject.extended
