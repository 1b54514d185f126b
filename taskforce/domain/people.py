"""People: stand-ins, passwords, preferences. Journalled; nobody gives himself a right."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.outbox.inbox import post_inbox
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import PutAway
from taskforce.models import Delegation, User

LONGEST_DAYS = 90


def name_stand_in(
    *, principal: User, deputy: User, actor: ActorContext, first_day: date, last_day: date, reason: str = ""
) -> Delegation:
    """A/B角 from the first to the last day, both included; at most 90 days, one at a time."""
    row = Delegation(principal=principal, deputy=deputy, first_day=first_day, last_day=last_day, reason=reason.strip())
    with transaction.atomic():
        # held to the end, so that two namings for the same days meet here
        User.objects.select_for_update().get(pk=principal.pk)
        check_stand_in(row, actor=actor)
        row.save()
        span = {"deputy": str(deputy), "first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
        record(subject=row, action="name_stand_in", actor=actor, reason=row.reason, after=span)
        post_inbox(
            recipient_ids=[deputy.pk],
            kind="stand_in",
            key=f"stand-in:{row.pk}",
            title=f"您将在{first_day.month}月{first_day.day}日至{last_day.month}月{last_day.day}日代理{principal}的工作",
        )
    return row


def check_stand_in(row: Delegation, *, actor: ActorContext) -> None:
    """May `row`, not saved yet, be named? Raises NotAllowed or IllegalMove with the sentence."""
    decision = can(actor, "edit", row)
    if not decision:
        raise NotAllowed(decision.reason)
    if row.last_day < timezone.localdate():
        raise IllegalMove(_("The last day lies in the past."))
    if row.last_day < row.first_day:
        raise IllegalMove(_("The last day lies before the first."))
    if (row.last_day - row.first_day).days >= LONGEST_DAYS:
        raise IllegalMove(_("A stand-in is named for at most %(days)s days.") % {"days": LONGEST_DAYS})
    taken = Delegation.objects.filter(
        principal=row.principal, revoked_on=None, first_day__lte=row.last_day, last_day__gte=row.first_day
    )
    if taken.exists():
        raise IllegalMove(_("Another stand-in is named for part of this time; call that one back first."))


def revoke_stand_in(row: Delegation, *, actor: ActorContext) -> Delegation:
    """Ends a stand-in today."""
    decision = can(actor, "edit", row)
    if not decision:
        raise NotAllowed(decision.reason, row)
    if row.revoked_on is None:
        with transaction.atomic():
            row.revoked_on = timezone.localdate()
            row.save(update_fields=["revoked_on"])
            record(subject=row, action="revoke_stand_in", actor=actor)
    return row


def password_changed(*, user: User, actor: ActorContext) -> None:
    """The person chose a password of his own."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    record(subject=user, action="change_password", actor=actor, audience="office")


def set_large_text(*, user: User, on: bool) -> None:
    """大字; a preference, not worth a journal entry."""
    User.objects.filter(pk=user.pk).update(large_text=on)


def put_away(*, user: User, what: PutAway) -> None:
    """Hints and examples that this person has read; a preference, not worth a journal entry."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if what not in locked.put_away:
            locked.put_away = [*locked.put_away, what.value]
            locked.save(update_fields=["put_away"])


def bring_back(*, user: User) -> None:
    """Everything that was put away is shown again."""
    User.objects.filter(pk=user.pk).update(put_away=[])
