"""Reasons for which more was asked than the limit allows, as the journal keeps them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qualitycity.audit.models import Entry
from taskforce.models import Jurisdiction

#: So many are shown, the newest first.
SHOWN = 20


@dataclass(frozen=True)
class Reason:
    at: datetime
    who: str
    subject: str
    text: str
    per_quarter: int
    units: list[Any]


def reasons(place: Jurisdiction) -> list[Reason]:
    rows = Entry.objects.filter(action="exceed_burden", jurisdiction_id=place.pk).order_by("-pk")[:SHOWN]
    return [
        Reason(row.at, row.actor_label, row.after["for"], row.reason, row.after["per_quarter"], row.after["units"])
        for row in rows
    ]
