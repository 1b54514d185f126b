"""上线前: a programme that was running before the portal starts from where its tasks stood, with day and basis.

| from | act | to | who |
|---|---|---|---|
| – , proposed, returned, accepted | record | accepted | office that runs the programme |
| – , proposed, returned | record | proposed | liaison of the unit |
| proposed | accept | accepted | office; not who entered it |
| proposed | return | returned | office, with a reason |

What stands counts as the last known progress, but never as a report: no light turns green by it. No period that ended on
or before the day is owed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import EntryState, OpeningStep, PartState, ProgrammeState, TaskNature
from programs.models import OpeningState, ProgressEntry, Responsibility
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import build_entry, write_entries
from qualitycity.audit.models import Audience
from qualitycity.outbox.inbox import post_inbox
from qualitycity.workflow import IllegalMove, NotAllowed

PROPOSED, ACCEPTED, RETURNED = OpeningStep.PROPOSED, OpeningStep.ACCEPTED, OpeningStep.RETURNED


@dataclass(frozen=True)
class Typed:
    """What is said of one part. `percent` 0–100, asked of definite outcomes only."""

    percent: int | None
    result: str = ""


def record_opening(
    typed: Mapping[int, Typed], *, actor: ActorContext, as_of: date, basis: str
) -> list[OpeningState]:
    """States of parts, by their keys, as of one day and on one ground; all of them or none, few statements.

    By the office they stand at once, by the unit's liaison they are proposed. Raises IllegalMove or NotAllowed with the
    part at which it stands.
    """
    if not basis.strip():
        raise IllegalMove(_("Please say on what ground: a document with its number, or how the office knows."))
    if as_of > timezone.localdate():
        raise IllegalMove(_("The day lies in the future."))
    with transaction.atomic():
        parts = _locked_parts(typed)
        if len(parts) != len(typed):
            raise IllegalMove(_("One of these parts is not there any more; look at the list again."))
        reported = set(
            ProgressEntry.objects.filter(
                part__in=parts, window__ends_on__lte=as_of, state__in=EntryState.reported()
            ).values_list("part_id", flat=True)
        )
        before = {row.part_id: row for row in OpeningState.objects.filter(part__in=parts)}
        rows, entries = [], []
        for part in parts:
            said = typed[part.pk]
            by_office = _right(actor, part)
            _check(part, said, as_of, part.pk in reported, before.get(part.pk), by_office)
            row = OpeningState(
                part=part,
                as_of=as_of,
                percent=said.percent,
                result=said.result.strip(),
                basis=basis.strip()[:200],
                state=ACCEPTED if by_office else PROPOSED,
                by_office=by_office,
                entered_by_id=actor.person_id,
                entered_at=timezone.now(),
            )
            rows.append(row)
            entries.append(
                build_entry(
                    subject=part, action="record_opening" if by_office else "propose_opening", actor=actor,
                    reason=row.basis, before=_words(before.get(part.pk)), after=_words(row), audience=Audience.UNIT,
                )
            )  # fmt: skip
        OpeningState.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["part"],
            update_fields=[
                "as_of", "percent", "result", "basis", "state", "by_office", "entered_by", "entered_at", "decided_by",
                "remark",
            ],
        )  # fmt: skip
        _make_stand(row for row in rows if row.state == ACCEPTED)
        write_entries(entries)
    return list(OpeningState.objects.filter(part__in=parts).order_by("part__task__sort", "pk"))


def accept_openings(parts: Collection[int], *, actor: ActorContext) -> list[OpeningState]:
    """The office takes over what units have proposed; all of them or none."""
    with transaction.atomic():
        rows = _proposed(parts)
        for row in rows:
            _demand_office(actor, row)
            row.state, row.decided_by_id, row.remark = ACCEPTED, actor.person_id, ""
        OpeningState.objects.bulk_update(rows, ["state", "decided_by", "remark"])
        _make_stand(rows)
        write_entries(
            build_entry(
                subject=row.part, action="accept_opening", actor=actor, after=_words(row), audience=Audience.UNIT
            )
            for row in rows
        )
    return rows


def return_opening(part: Responsibility, *, actor: ActorContext, reason: str) -> OpeningState:
    """Back to the unit, with a reason that it reads at once."""
    if not reason.strip():
        raise IllegalMove(_("Please give a reason."), part)
    with transaction.atomic():
        (row,) = _proposed([part.pk])
        _demand_office(actor, row)
        row.state, row.decided_by_id, row.remark = RETURNED, actor.person_id, reason.strip()[:200]
        row.save(update_fields=["state", "decided_by", "remark"])
        entry = build_entry(
            subject=row.part, action="return_opening", actor=actor, reason=row.remark, audience=Audience.UNIT
        )
        write_entries([entry])
        post_inbox(
            recipient_ids=[row.entered_by_id], kind="opening", key=f"opening:{row.pk}:{int(row.entered_at.timestamp())}",
            title=f"上线前状态被退回：{row.part.task}", body=row.remark, url=f"/parts/{row.part_id}/opening/",
        )  # fmt: skip
    return row


def _locked_parts(keys: Iterable[int]) -> list[Responsibility]:
    return list(
        Responsibility.objects.filter(pk__in=list(keys))
        .select_related("task__programme__jurisdiction", "department")
        .select_for_update(of=("self",))
        .order_by("task__sort", "pk")
    )


def _proposed(parts: Collection[int]) -> list[OpeningState]:
    rows = list(
        OpeningState.objects.filter(part__in=parts, state=PROPOSED)
        .select_related("part__task__programme__jurisdiction", "part__department")
        .select_for_update(of=("self", "part"))
        .order_by("pk")
    )
    if len(rows) != len(set(parts)) or not rows:
        raise IllegalMove(_("One of these states has been decided already; look at the list again."))
    return rows


def _right(actor: ActorContext, part: Responsibility) -> bool:
    """True for the office, False for the unit's liaison. Raises NotAllowed for everybody else."""
    if can(actor, "manage", part):
        return True
    decision = can(actor, "propose_opening", part)
    if not decision:
        raise NotAllowed(decision.reason, part)
    return False


def _demand_office(actor: ActorContext, row: OpeningState) -> None:
    decision = can(actor, "manage", row.part)
    if not decision:
        raise NotAllowed(decision.reason, row.part)
    if row.entered_by_id in actor.user_ids():
        raise NotAllowed(_("Nobody accepts what he has entered himself."), row.part)


def _check(
    part: Responsibility, said: Typed, as_of: date, reported: bool, before: OpeningState | None, by_office: bool
) -> None:
    task = part.task
    if task.programme.state not in (ProgrammeState.DRAFT, ProgrammeState.RUNNING):
        raise IllegalMove(_("The programme is closed or a historical record; its tasks do not move any more."), part)
    if not part.owes_reports or part.state in PartState.settled():
        raise IllegalMove(_("Only a part that owes reports and is not settled has a state before the portal."), part)
    if reported:
        raise IllegalMove(
            _("The unit has reported on a period before this day in the portal; choose an earlier day."), part
        )
    if before is not None and before.state == ACCEPTED and not by_office:
        raise IllegalMove(_("The state before the portal stands already; ask the office to correct it."), part)
    if task.nature == TaskNature.OUTCOME and said.percent is None:
        raise IllegalMove(_("Please give the percentage reached by that day."), part)
    if task.nature != TaskNature.OUTCOME and said.percent is not None:
        raise IllegalMove(_("This task is not measured in per cent; say in words what had been done."), part)
    if task.nature != TaskNature.OUTCOME and not said.result.strip():
        raise IllegalMove(_("Please say in words what had been done by that day."), part)
    if said.percent is not None and not 0 <= said.percent <= 100:
        raise IllegalMove(_("Please enter a whole number from 0 to 100, such as 40."), part)


def _make_stand(rows: Iterable[OpeningState]) -> None:
    """What stands is read from the part; a trigger notes the change for lights and ledgers."""
    parts = []
    for row in rows:
        row.part.opening_on, row.part.opening_percent = row.as_of, row.percent
        parts.append(row.part)
    if parts:
        Responsibility.objects.bulk_update(parts, ["opening_on", "opening_percent"])


def _words(row: OpeningState | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"as_of": row.as_of.isoformat(), "percent": row.percent, "result": row.result, "basis": row.basis}
