"""批示: a leader's remark, or the secretary's record of it (代录). Never changes a report."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import LeaderRemark, Programme, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role

from . import notices


def remark(*, programme: Programme, task: Task | None, actor: ActorContext, text: str) -> LeaderRemark:
    """The leader is the actor himself, or whom the secretary serves."""
    target = task or programme
    decision = can(actor, "remark", target)
    if not decision:
        raise NotAllowed(decision.reason, target)
    if not text.strip():
        raise IllegalMove(_("The remark is empty."), target)
    grant = decision.grant
    leader = actor.user_id
    if grant is not None:
        leader = grant.leader_id if grant.role == Role.SECRETARY else (grant.acting_for_id or actor.user_id)
    if leader is None:
        raise IllegalMove(_("It is not recorded whom you serve; the office can enter it."), target)
    with transaction.atomic():
        row = LeaderRemark.objects.create(
            programme=programme,
            task=task,
            leader_id=leader,
            recorded_by_id=actor.person_id,
            text=text.strip(),
            at=timezone.now(),
        )
        record(subject=target, action="remark", actor=actor.on_behalf(grant), reason=row.text)
        notices.tell_remark(remark=row)
    return row
