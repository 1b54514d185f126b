"""更正 after acceptance: a new version with a reason. The accepted one stays valid until the new one is accepted."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import EntryState
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed

from .filing import period_open
from .sources import source_named


def correct(entry: Any, *, actor: ActorContext, reason: str) -> Any:
    """Opens a new draft on an accepted row, filled with its text. Returns the draft."""
    if not reason.strip():
        raise IllegalMove(_("Please say why the accepted report must be corrected."), entry)
    with transaction.atomic():
        model = type(entry)
        entry = model.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        decision = can(actor, "file", entry)
        if not decision:
            raise NotAllowed(decision.reason, entry)
        blocked = period_open(entry, actor)
        if blocked:
            raise IllegalMove(blocked, entry)
        if entry.state != EntryState.ACCEPTED:
            raise IllegalMove(
                _("Only an accepted report is corrected; this one can still be changed itself."), entry
            )
        if model.objects.filter(supersedes=entry).exists():
            raise IllegalMove(_("A correction of this report is under way already."), entry)
        source = source_named("task" if hasattr(entry, "part_id") else "indicator")
        owner = "part_id" if hasattr(entry, "part_id") else "indicator_id"
        draft = model(
            window_id=entry.window_id,
            version=entry.version + 1,
            supersedes=entry,
            correction_reason=reason.strip()[:200],
            on_behalf=not can(actor, "file_own", entry),
            **{owner: getattr(entry, owner)},
            **{name: getattr(entry, name) for name in source.fields},  # type: ignore[union-attr]
        )
        draft.save()
        record(subject=entry, action="correct", actor=actor.on_behalf(decision.grant), reason=reason)
    return draft
