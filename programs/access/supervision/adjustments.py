"""Who sees an adjustment: whoever sees its task, once it is carried out; until then the office alone."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import AdjustmentState
from programs.models import Adjustment
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope

from ..ground import director_grant, office_grant, offices
from ..tasks import of_task_scope, view_task


def adjustments_scope(actor: ActorContext) -> Q:
    own = Q(jurisdiction_id__in=offices(actor))
    return own | (Q(state=AdjustmentState.CARRIED_OUT) & of_task_scope(actor))


def view_adjustment(actor: ActorContext, obj: Adjustment) -> Decision:
    if obj.jurisdiction_id in offices(actor):
        return allow()
    return view_task(actor, obj.task) if obj.state == AdjustmentState.CARRIED_OUT else deny()


def manage_adjustment(actor: ActorContext, obj: Adjustment) -> Decision:
    grant = office_grant(actor, obj.task.programme)
    return allow(grant) if grant else deny(_("Only the office that runs the programme adjusts its tasks."))


def decide_adjustment(actor: ActorContext, obj: Adjustment) -> Decision:
    grant = director_grant(actor, obj.task.programme)
    return allow(grant) if grant else deny(_("Only the office administrator carries out an adjustment."))


register_scope(Adjustment, adjustments_scope)
register_rule(Adjustment, "view", view_adjustment)
register_rule(Adjustment, "manage", manage_adjustment)
register_rule(Adjustment, "decide", decide_adjustment)
