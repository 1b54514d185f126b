"""电话催办: what was said on the telephone, kept beside the urge it belongs to."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import PhoneCall, Slip
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed

from .slips import Subject


def log_call(
    *,
    actor: ActorContext,
    said: str,
    subject: Subject | None = None,
    slip: Slip | None = None,
    reached: str = "",
    phone: str = "",
    promised_on: date | None = None,
) -> PhoneCall:
    """Keeps one call about a return, a task, an item or a slip. A promise cannot lie in the past."""
    about: dict[str, Any]
    if slip is not None:
        about = {"slip": slip, "department_id": slip.department_id, "jurisdiction": slip.jurisdiction}
    elif subject is not None:
        about = subject.columns
    else:
        raise ValueError("a call is about something")
    call = PhoneCall(
        **about,
        called_at=timezone.now(),
        called_by_id=actor.person_id,
        said=said.strip(),
        reached=reached.strip(),
        phone=phone.strip(),
        promised_on=promised_on,
    )
    decision = can(actor, "manage", call)
    if decision and slip is not None:
        decision = can(actor, "view", slip)
    if not decision:
        raise NotAllowed(decision.reason)
    if not call.said:
        raise IllegalMove(_("Write down in a few words what was said."))
    if promised_on is not None and promised_on < timezone.localdate():
        raise IllegalMove(_("The promised date must not lie in the past."))
    with transaction.atomic():
        call.save()
        record(
            subject=call,
            action="call",
            actor=actor.on_behalf(decision.grant),
            reason=call.said,
            after={"promised_on": promised_on, "unit": str(call.department)},
            audience="office",
        )
    return call
