"""Keeping and removing views of the 任务分解表. A shared one stands above the ledger of everybody, so both are journalled."""

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Programme, SavedView
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed

#: Views of one person in one programme; above that the list is no help any more.
MOST = 20


def save_view(*, programme: Programme, actor: ActorContext, name: str, query: str, shared: bool = False) -> SavedView:
    """Raises NotAllowed where somebody else than the office shares, IllegalMove with the sentence for the person."""
    view = SavedView(programme=programme, owner_id=actor.person_id, name=name.strip(), query=query, shared=shared)
    decision = can(actor, "share" if shared else "save", view)
    if not decision:
        raise NotAllowed(decision.reason, programme)
    with transaction.atomic():
        # one at a time per programme: two tabs must not keep the same name twice
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        mine = SavedView.objects.filter(programme=programme, owner_id=actor.person_id)
        if mine.filter(name=view.name).exists():
            raise IllegalMove(_("You have a view of this name already; please choose another one."), programme)
        if mine.count() >= MOST:
            raise IllegalMove(_("You have kept %(count)s views; please remove one first.") % {"count": MOST}, programme)
        view.save()
        after = {"programme": str(programme), "query": query, "shared": shared}
        record(subject=view, action="save_view", actor=actor, after=after)
    return view


def delete_view(view: SavedView, *, actor: ActorContext) -> None:
    """By its owner; a shared one also by the office that runs the programme."""
    decision = can(actor, "remove", view)
    if not decision:
        raise NotAllowed(decision.reason, view)
    with transaction.atomic():
        before = {"programme": str(view.programme), "query": view.query, "shared": view.shared}
        record(subject=view, action="delete_view", actor=actor, before=before)
        view.delete()
