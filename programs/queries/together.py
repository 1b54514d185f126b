"""Figures of several tables read in one statement: a page that counts a little of everything asks once."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from qualitycity.access import ActorContext
from taskforce.models import User


@dataclass(frozen=True)
class Figures:
    """How many of `rows` meet each condition, by name."""

    rows: QuerySet[Any]
    wanted: dict[str, Q]

    @property
    def statement(self) -> Subquery:
        """One line for the whole table, or none where it has no rows."""
        # the rows first, each once: what narrows them may have joined them many times
        model = self.rows.model
        rows = model._base_manager.filter(pk__in=self.rows.order_by().values("pk"))
        counted = {f"count_{name}": Count("pk", filter=met) for name, met in self.wanted.items()}
        grouped = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them").annotate(**counted)
        return Subquery(grouped.values(json=JSONObject(**{name: f"count_{name}" for name in self.wanted})))


def read_figures(actor: ActorContext, **asked: Figures) -> dict[str, dict[str, int]]:
    """Every table's figures, in one statement that stands on the reader's own row."""
    statements = {f"asked_{name}": figures.statement for name, figures in asked.items()}
    row = User.objects.filter(pk=actor.user_id).values(**statements).get()
    return {
        name: row[f"asked_{name}"] or dict.fromkeys(figures.wanted, 0) for name, figures in asked.items()
    }
