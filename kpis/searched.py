"""Indicators as a search finds them."""

from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from qualitycity.access import ActorContext
from qualitycity.searching import Kind, containing, found, together

from .models import Indicator


def _indicators(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    """Leads to the task the indicator belongs to, otherwise to its programme."""
    rows = containing(Indicator.objects.visible_to(actor), words, "name", "value_text", "clause_path")
    return found(
        rows,
        title=F("name"),
        under=together("programme__short_title", "reporter__short_name"),
        text=together("value_text", "clause_path"),
        target=Case(When(task__isnull=True, then=Value("programme")), default=Value("task")),
        link=Coalesce("task_id", "programme_id"),
    )


KINDS = (
    Kind("indicator", _("Indicators"), "chart-line", _indicators, (F("programme_id").desc(), F("pk").asc())),
)
