"""Who sees, keeps, shares and removes views of the 任务分解表."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import SavedView
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope

from .documents import manage_programme, of_programme_scope, view_through_programme


def views_scope(actor: ActorContext) -> Q:
    """One's own and the shared ones, of programmes one sees."""
    return of_programme_scope(actor) & (Q(owner_id=actor.user_id) | Q(shared=True))


def view_view(actor: ActorContext, obj: SavedView) -> Decision:
    if not obj.shared and obj.owner_id != actor.user_id:
        return deny()
    return view_through_programme(actor, obj)


def remove_view(actor: ActorContext, obj: SavedView) -> Decision:
    if obj.owner_id == actor.user_id:
        return allow()
    decision = manage_programme(actor, obj.programme)
    if obj.shared and decision:
        return decision
    return deny(_("A shared view is removed by the office or by whoever kept it."))


def share_view(actor: ActorContext, obj: SavedView) -> Decision:
    decision = manage_programme(actor, obj.programme)
    return decision or deny(_("Only the office that runs the programme shares a view."))


register_scope(SavedView, views_scope)
register_rule(SavedView, "view", view_view)
register_rule(SavedView, "save", view_through_programme)
register_rule(SavedView, "share", share_view)
register_rule(SavedView, "remove", remove_view)
