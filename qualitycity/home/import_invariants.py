"""What must hold of documents brought in, beside what the database itself refuses."""

from collections.abc import Callable, Iterator

from django.db.models import F
from django.db.models.functions import Length, StrIndex

from programs.choices import DraftState
from programs.models import Proposal, Task


def proposals_lie_in_their_document() -> Iterator[str]:
    rows = Proposal.objects.annotate(letters=Length("draft__text")).filter(end__gt=F("letters"))
    for pk in rows.values_list("pk", flat=True).order_by("pk")[:100]:
        yield f"programs.Proposal {pk}: reaches beyond the end of its document"


def quotations_stand_in_their_document() -> Iterator[str]:
    tasks = Task.objects.filter(programme__draft__state=DraftState.APPLIED, quote__isnull=False)
    missing = tasks.annotate(at=StrIndex("programme__draft__text", F("quote"))).filter(at=0)
    for pk in missing.values_list("pk", flat=True).order_by("pk")[:100]:
        yield f"programs.Task {pk}: its quotation does not stand in the document it was brought in with"


IMPORT_CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    proposals_lie_in_their_document,
    quotations_stand_in_their_document,
)
