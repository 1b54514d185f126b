"""Who keeps the yearly activities and writes their results. Everybody with a role in the territory reads them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Activity, ActivityRun
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.access import root_paths

from ..ground import BUSINESS, UNIT, office_grant, unit_grant


def _readable(prefix: str) -> Any:
    def scope(actor: ActorContext) -> Q:
        wanted = Q(pk__in=[])
        for path in root_paths(actor, *BUSINESS):
            wanted |= Q(**{f"{prefix}jurisdiction__path__startswith": path})
        return wanted

    return scope


def view_activity(actor: ActorContext, obj: Activity) -> Decision:
    path = obj.jurisdiction.path
    return allow() if any(path.startswith(root) for root in root_paths(actor, *BUSINESS)) else deny()


def keep_activity(actor: ActorContext, obj: Activity) -> Decision:
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny(_("The activities of the year are kept by the office."))


def write_result(actor: ActorContext, obj: ActivityRun) -> Decision:
    """The organiser writes what came of it; the office may do it for him."""
    grant = unit_grant(actor, obj.activity.organiser_id, *UNIT) or office_grant(actor, obj.activity)
    return allow(grant) if grant else deny(_("The organiser or the office writes the result of an activity."))


register_scope(Activity, _readable(""))
register_rule(Activity, "view", view_activity)
register_rule(Activity, "manage", keep_activity)
register_scope(ActivityRun, _readable("activity__"))
register_rule(ActivityRun, "view", lambda actor, obj: view_activity(actor, obj.activity))
register_rule(ActivityRun, "manage", lambda actor, obj: keep_activity(actor, obj.activity))
register_rule(ActivityRun, "report", write_result)
