"""转入新年度: indicators go along with their programme."""

from typing import Any

from kpis.models import Indicator

COPIED = (
    "name", "kind", "comparator", "value", "value_text", "original_target", "unit", "deadline", "area", "strict",
    "doubtful", "doubt_note",
    "settled_on", "settled_basis", "data_source", "reporter_id", "clause_path", "quote", "origin",
)  # fmt: skip


def copy_indicators(*, source: Any, copy: Any, tasks: dict[int, Any]) -> None:
    """Copies every indicator of `source`; `tasks` maps old primary keys to new tasks."""
    Indicator.objects.bulk_create(
        Indicator(
            programme=copy,
            task=tasks.get(indicator.task_id or 0),
            **{name: getattr(indicator, name) for name in COPIED},
        )
        for indicator in Indicator.objects.filter(programme=source).order_by("pk")
    )
