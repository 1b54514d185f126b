"""批示 as pages list them, read as a JSON column of the task or programme they are about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from programs.models import LeaderRemark
from qualitycity.access import ActorContext


@dataclass(frozen=True)
class Remark:
    """`secretary` is who recorded it where that was not the leader himself (代录)."""

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
                same=Q(leader=F("recorded_by")),
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
