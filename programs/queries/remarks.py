"""批示 as pages list them, read as a JSON column of the task or programme they are about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from programs.models import LeaderRemark, SupervisedItem
from qualitycity.access import ActorContext


@dataclass(frozen=True)
class Remark:
    """`secretary` is who recorded it where that was not the leader himself (代录), `item` the supervised item that was
    registered from it, if this reader sees one."""

    pk: int
    item: int | None
    leader: str
    secretary: str
    text: str
    at: datetime


def _column(actor: ActorContext, **about: Any) -> ArraySubquery:
    """The remarks the person may read, newest first."""
    rows = LeaderRemark.objects.visible_to(actor).filter(**about).order_by("-at", "-pk")
    return ArraySubquery(
        rows.values(
            json=JSONObject(
                leader=_person("leader"), secretary=_person("recorded_by"), text="text", at="at",
                same=Q(leader=F("recorded_by")), pk="pk",
                item=Subquery(
                    SupervisedItem.objects.visible_to(actor).filter(remark=OuterRef("pk")).values("pk")[:1]
                ),
            )
        )
    )  # fmt: skip


def of_task(actor: ActorContext) -> ArraySubquery:
    return _column(actor, task=OuterRef("pk"))


def of_programme(actor: ActorContext) -> ArraySubquery:
    """Those on the whole programme; what is said on one task stands on its page."""
    return _column(actor, programme=OuterRef("pk"), task__isnull=True)


def remarks_of(row: Any) -> list[Remark]:
    """The column `remark_list` of a task or programme, read."""
    return [
        Remark(
            pk=said["pk"],
            item=said["item"],
            leader=said["leader"],
            secretary="" if said["same"] else said["secretary"],
            text=said["text"],
            at=datetime.fromisoformat(said["at"]),
        )
        for said in row.remark_list
    ]


def _person(name: str) -> Coalesce:
    full = NullIf(F(f"{name}__full_name"), Value("", output_field=CharField()))
    return Coalesce(full, F(f"{name}__username"))
