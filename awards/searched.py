"""Award and incentive schemes as a search finds them."""

from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from qualitycity.access import ActorContext
from qualitycity.searching import Kind, containing, found, together

from .models import AwardScheme


def _schemes(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    """Leads to the task that sets the scheme up, otherwise to its programme."""
    rows = containing(AwardScheme.objects.visible_to(actor), words, "name", "sponsor", "eligible", "clause_path")
    return found(
        rows,
        title=F("name"),
        under=together("programme__short_title", "sponsor"),
        text=together("eligible", "clause_path"),
        target=Case(When(task__isnull=True, then=Value("programme")), default=Value("task")),
        link=Coalesce("task_id", "programme_id"),
    )


KINDS = (
    Kind("scheme", _("Award and incentive schemes"), "award", _schemes, (F("programme_id").desc(), F("pk").asc())),
)
