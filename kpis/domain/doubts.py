"""存疑核实: the office confirms a doubtful printed figure or corrects it; what was printed stays in the note."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.models import Indicator
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed


def settle_doubt(
    indicator: Indicator, *, actor: ActorContext, basis: str, value: Decimal | None = None, words: str = ""
) -> Indicator:
    """The figure holds from now on: as printed (no `value`), or `value` instead, `words` being the target as a text
    (2—3次). `basis`: how the office knows. Also in a historical record, for the record itself is what is mended.

    Raises NotAllowed, or IllegalMove when nothing is in doubt (any more) or no basis is given.
    """
    with transaction.atomic():
        indicator = (
            Indicator.objects.select_for_update(of=("self",))
            .select_related("programme__jurisdiction")
            .get(pk=indicator.pk)
        )
        decision = can(actor, "edit", indicator)
        if not decision:
            raise NotAllowed(decision.reason, indicator)
        if not indicator.doubtful:
            raise IllegalMove(_("The figure is not in doubt, or somebody has settled it already."), indicator)
        if not basis.strip():
            raise IllegalMove(_("Please say how the office knows."), indicator)
        before = {"value": indicator.value, "value_text": indicator.value_text, "doubtful": True}
        if value is not None:
            indicator.value, indicator.value_text = value, words.strip()
        indicator.doubtful = False
        indicator.settled_on = timezone.localdate()
        indicator.settled_basis = basis.strip()
        indicator.row_version += 1
        indicator.save(
            update_fields=["value", "value_text", "doubtful", "settled_on", "settled_basis", "row_version"]
        )
        record(
            subject=indicator,
            action="settle_doubt",
            actor=actor.on_behalf(decision.grant),
            reason=indicator.settled_basis,
            before=before,
            after={"value": indicator.value, "value_text": indicator.value_text, "doubtful": False},
        )
    return indicator
