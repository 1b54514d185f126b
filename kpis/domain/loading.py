"""Loading the indicators of a programme from checked facts."""

from kpis.models import Indicator
from programs.domain.syncing import Tally, quoted, sync
from programs.loading.facts import ProgrammeFacts
from programs.models import Programme
from qualitycity.access import ActorContext
from taskforce.choices import Origin

DOUBT = {"value", "value_text", "doubtful", "doubt_note"}


def apply_indicators(*, programme: Programme, facts: ProgrammeFacts, actor: ActorContext | None) -> Tally:
    """Make the printed indicators of `programme` equal to the facts; runs in the loader's transaction
    (POLICY_APPLIERS). The reporting unit is the office's to name, and so is a doubtful figure once it is settled.

    `actor` is the loader's; the loader writes the journal for all appliers.
    """
    tasks = dict(programme.tasks.filter(origin=Origin.PRINTED).values_list("clause_path", "pk"))
    doubted = {(row.path, row.name) for row in facts.indicators if row.doubtful}

    def settled(indicator: Indicator) -> set[str]:
        """The office has confirmed or corrected a figure that the facts still call doubtful."""
        still = (indicator.clause_path, indicator.name) in doubted
        return DOUBT if still and not indicator.doubtful else set()

    _indicators, tally = sync(
        Indicator.objects.filter(programme=programme),
        key=("clause_path", "name"),
        wanted=[
            {
                "programme_id": programme.pk,
                "task_id": tasks.get(row.path),
                "clause_path": row.path,
                "name": row.name,
                "kind": row.kind,
                "comparator": row.comparator,
                "value": row.value,
                "value_text": row.text or "",
                "unit": row.unit or "",
                "deadline": row.deadline or "",
                "area": row.area,
                "strict": row.strict,
                "doubtful": row.doubtful,
                "doubt_note": row.doubt_note or "",
            }
            | quoted(row)
            for row in facts.indicators
        ],
        settled=settled,
        removable=lambda indicator: not indicator.readings.exists(),
    )
    return tally
