"""The unit that enters an indicator's figure each period: named by the office, never printed."""

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.models import Indicator
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department


def name_reporter(
    indicator: Indicator, *, actor: ActorContext, department: Department, data_source: str = ""
) -> Indicator:
    """From now on the indicator stands on this unit's sheet. Not while a figure is under way."""
    with transaction.atomic():
        indicator = (
            Indicator.objects.select_for_update(of=("self",))
            .select_related("programme__jurisdiction", "reporter")
            .get(pk=indicator.pk)
        )
        decision = can(actor, "edit", indicator)
        if not decision:
            raise NotAllowed(decision.reason, indicator)
        if (
            indicator.reporter_id
            and indicator.readings.exclude(state__in=["accepted", "superseded"]).exists()
        ):
            raise IllegalMove(
                _("A figure of this indicator is under way; let it be accepted first."), indicator
            )
        before = {"reporter": str(indicator.reporter or "")}
        indicator.reporter = department
        indicator.data_source = data_source.strip()
        indicator.row_version += 1
        indicator.save(update_fields=["reporter", "data_source", "row_version"])
        record(
            subject=indicator,
            action="name_reporter",
            actor=actor,
            before=before,
            after={"reporter": str(department)},
        )
    return indicator
