"""亮灯与提醒规则 of one programme: before it starts the office sets them freely; afterwards a change seals new rules with a
reason, and they count from then on. What was sealed before stays in the reports and the journal that name it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ProgrammeState
from programs.models import Programme
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.sealing.models import seal
from qualitycity.workflow import IllegalMove, NotAllowed

from .rules import LIGHT_POLICY, REMINDER_LADDER, LightPolicy

OPEN = (ProgrammeState.DRAFT, ProgrammeState.RUNNING)


def rules_of(programme: Programme) -> tuple[dict[str, Any], dict[str, Any]]:
    """Light policy and reminder ladder in force; before anything was set those that would be sealed at the start."""
    light = vars(LightPolicy.of(programme.light_policy.content)) if programme.light_policy else LIGHT_POLICY
    ladder = programme.reminder_ladder.content if programme.reminder_ladder else {}
    return dict(light), REMINDER_LADDER | ladder


def change_rules(
    programme: Programme,
    *,
    actor: ActorContext,
    light: Mapping[str, Any],
    ladder: Mapping[str, Any],
    version: int,
    reason: str = "",
) -> Programme:
    """`light` and `ladder` have the keys of `rules.LIGHT_POLICY` and `rules.REMINDER_LADDER`. `version`: the row that
    the person looked at. Nothing changed is nothing done.

    Raises NotAllowed, or IllegalMove when the programme is over, somebody was quicker, or a reason is missing.
    """
    if set(light) != set(LIGHT_POLICY) or set(ladder) != set(REMINDER_LADDER):
        raise ValueError("rules are sealed whole: every key of the policy and of the ladder, no other")
    with transaction.atomic():
        programme = (
            Programme.objects.select_related("jurisdiction", "light_policy", "reminder_ladder")
            .select_for_update(of=("self",))
            .get(pk=programme.pk)
        )
        decision = can(actor, "decide", programme)
        if not decision:
            raise NotAllowed(decision.reason, programme)
        if programme.state not in OPEN:
            raise IllegalMove(_("The programme is over; its rules stay as they are."), programme)
        old_light, old_ladder = rules_of(programme)
        changes = _changes(old_light, light), _changes(old_ladder, ladder)
        if not any(changes):
            return programme
        if programme.row_version != version:
            raise IllegalMove(_("Somebody has changed the programme in the meantime; please look again."), programme)
        running = programme.state == ProgrammeState.RUNNING
        if running and not reason.strip():
            raise IllegalMove(_("Please give a reason."), programme)
        fields = ["row_version"]
        if changes[0]:
            programme.light_policy = seal("light_policy", dict(light))
            fields.append("light_policy")
        if changes[1]:
            programme.reminder_ladder = seal("reminder_ladder", dict(ladder))
            programme.ladder_since = timezone.localdate() if running else None
            fields += ["reminder_ladder", "ladder_since"]
        programme.row_version += 1
        programme.save(update_fields=fields)
        record(
            subject=programme,
            action="change_rules",
            actor=actor.on_behalf(decision.grant),
            reason=reason.strip(),
            before={name: old for change in changes for name, (old, _new) in change.items()},
            after={name: new for change in changes for name, (_old, new) in change.items()},
        )
    return programme


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (old.get(name), value) for name, value in new.items() if old.get(name) != value}
