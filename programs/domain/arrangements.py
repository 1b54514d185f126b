"""How a programme is reported on: by which period, from when, until when, and whom the units call."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import ProgrammeState
from programs.models import Programme
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department

FIELDS = ("report_every", "report_opens_before", "report_due_after", "contact")


def arrange(
    programme: Programme, *, actor: ActorContext, office: Department | None = None, **values: Any
) -> Programme:
    """Sets any of FIELDS and the department the office sits in. Only before the programme starts: starting opens the
    windows of every period by these very numbers."""
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"not an arrangement: {sorted(unknown)}")
    with transaction.atomic():
        rows = Programme.objects.select_for_update(of=("self",)).select_related("jurisdiction")
        programme = rows.get(pk=programme.pk)
        decision = can(actor, "decide", programme)
        if not decision:
            raise NotAllowed(decision.reason, programme)
        if programme.state != ProgrammeState.DRAFT:
            raise IllegalMove(
                _("The programme has started; its reporting periods are open already."), programme
            )
        before = {name: getattr(programme, name) for name in values}
        for name, value in values.items():
            setattr(programme, name, value)
        programme.office_department = office or programme.office_department
        programme.row_version += 1
        programme.save(update_fields=[*values, "office_department", "row_version"])
        after = {**values, "office": str(programme.office_department or "")}
        record(subject=programme, action="arrange", actor=actor, before=before, after=after)
    return programme
