"""What must always be true of slips, their answers and bulletins; a part of `invariants.py`, same manner."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from programs.choices import EntryState, SlipState
from programs.models import Bulletin, Slip, SlipAnswer


def papers_out_of_number() -> Iterator[str]:
    """Slips and bulletins of an office and year are numbered without gaps; what was made void keeps its number."""
    series: dict[Any, tuple[str, ...]] = {
        Slip: ("jurisdiction_id", "kind", "year"),
        Bulletin: ("jurisdiction_id", "year"),
    }
    for model, names in series.items():
        used = model.objects.filter(seq__isnull=False).order_by().values(*names)
        for row in used.annotate(n=Count("pk"), last=Max("seq")).exclude(n=F("last")):
            which = " ".join(str(row[name]) for name in names)
            yield f"{model._meta.label}: of {row['last']} numbers of {which} only {row['n']} are used"


def slips_that_their_answers_belie() -> Iterator[str]:
    """A signature answers the slip, an acceptance settles it, and nothing else does."""
    answers = SlipAnswer.objects.filter(slip=OuterRef("pk"))
    signed = Exists(answers.filter(state__in=[EntryState.SIGNED, EntryState.ACCEPTED]))
    accepted = Exists(answers.filter(state=EntryState.ACCEPTED))
    wrong = Q(state=SlipState.ANSWERED) & ~Q(signed) | Q(state=SlipState.SETTLED) & ~Q(accepted)
    wrong |= Q(state__in=SlipState.with_unit()) & Q(signed)
    for row in Slip.objects.filter(wrong).only("pk", "state"):
        yield f"{row._meta.label} {row.pk}: its state is {row.state}, which does not go with its answers"


SLIP_CHECKS = (papers_out_of_number, slips_that_their_answers_belie)
