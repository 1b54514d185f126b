"""Loading award and incentive schemes of a programme from checked facts."""

from awards.models import AwardScheme
from programs.domain.syncing import Tally, quoted, sync
from programs.loading.facts import ProgrammeFacts
from programs.models import Programme
from qualitycity.access import ActorContext
from taskforce.choices import Origin


def apply_schemes(*, programme: Programme, facts: ProgrammeFacts, actor: ActorContext | None) -> Tally:
    """Make the printed schemes of `programme` equal to the facts; runs in the loader's transaction (POLICY_APPLIERS).

    `actor` is the loader's; the loader writes the journal for all appliers.
    """
    tasks = dict(programme.tasks.filter(origin=Origin.PRINTED).values_list("clause_path", "pk"))
    _schemes, tally = sync(
        AwardScheme.objects.filter(programme=programme),
        key=("clause_path", "name"),
        wanted=[
            {
                "programme_id": programme.pk,
                "task_id": tasks.get(row.path),
                "clause_path": row.path,
                "name": row.name,
                "role": row.role,
                "level": row.level or "",
                "kind": row.kind,
                "sponsor": row.sponsor or "",
                "sponsor_inferred": row.sponsor_inferred,
                "eligible": row.eligible or "",
                "process": row.process or "",
            }
            | quoted(row)
            for row in facts.schemes
        ],
    )
    return tally
