"""三单三色: the transition table of slips, and what the office does with them.

| from | action | to | who |
|---|---|---|---|
| proposed | issue 签发 | issued | office; orange, red and above the unit: administrator |
| proposed | dismiss 不予签发 | dismissed | who may issue it, with a reason |
| issued | acknowledge 签收 | acknowledged | the unit; answering acknowledges as well |
| issued, acknowledged | answer 回复 | answered | an answer was signed |
| answered | reopen_answer | acknowledged | the answer was refused, or the head took his signature back |
| answered | settle 办结 | settled | office, after an accepted answer |
| issued, acknowledged, answered | withdraw 作废 | withdrawn | who may issue it, with a reason; the number stays used |

No row of this table is the clock's: nothing is issued by itself, and nothing closes because time passed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import EntryState, SlipColour, SlipKind, SlipLevel, SlipState
from programs.models import ItemPart, ReportingWindow, Responsibility, Slip
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.outbox.messages import enqueue
from qualitycity.workflow import (
    Batch,
    Change,
    IllegalMove,
    Machine,
    NotAllowed,
    Transition,
    advance,
    advance_together,
)
from taskforce.choices import Role
from taskforce.models import Department, Jurisdiction, Membership

from . import slip_notices
from .escalation import SERIES
from .numbering import take_numbers

PROPOSED, ISSUED, ACKNOWLEDGED = SlipState.PROPOSED, SlipState.ISSUED, SlipState.ACKNOWLEDGED
ANSWERED, SETTLED = SlipState.ANSWERED, SlipState.SETTLED
#: What a person may still change while a slip waits to be issued.
EDITABLE = (
    "kind", "colour", "level", "to_leader_id", "matter", "situation", "demands", "due_on", "responsible", "contact",
)  # fmt: skip


def _issuable(row: Slip, actor: ActorContext) -> Any:
    if row.due_on < timezone.localdate():
        return _("The date for the answer has passed; set a new one before the slip is issued.")
    if row.level == SlipLevel.LEADER and row.to_leader_id is None:
        return _("The slip goes above the unit: name the leader in charge.")
    return ""


def _answers(row: Slip) -> set[str]:
    return {answer.state for answer in row.answers.all()}


def _signed(row: Slip, actor: ActorContext) -> Any:
    if not _answers(row) & {EntryState.SIGNED, EntryState.ACCEPTED}:
        return _("No answer has been signed yet.")
    return ""


def _unsigned(row: Slip, actor: ActorContext) -> Any:
    if _answers(row) & {EntryState.SIGNED, EntryState.ACCEPTED}:
        return _("A signed answer stands; return it first, with a reason.")
    return ""


def _accepted(row: Slip, actor: ActorContext) -> Any:
    if EntryState.ACCEPTED not in _answers(row):
        return _("Accept the unit's answer first: a slip is settled by what was done, not by time.")
    return ""


def ask_for_papers(changes: list[Change]) -> None:
    """Effect of 签发 and 作废: the PDF is set by a job, marked as void after a withdrawal."""
    keys = [f"{change.obj.pk}.{change.obj.row_version}" for change in changes]
    enqueue(
        "slip.papers",
        key=f"slip.papers:{keys[0]}:{len(keys)}",
        queue="pdf",
        payload={"slips": [change.obj.pk for change in changes]},
    )


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, who, label, **more)


SLIPS = Machine(
    model="programs.Slip",
    field="state",
    related=("jurisdiction", "department", "item_part__item", "window", "part__task"),
    prefetch=("answers",),
    snapshot=("colour", "level", "due_on", "number"),
    transitions=(
        _move(
            "issue",
            {PROPOSED},
            ISSUED,
            "issue",
            gettext_lazy("Issue the slip"),
            guard=_issuable,
            effects=(slip_notices.tell_issued, ask_for_papers),
        ),
        _move(
            "dismiss",
            {PROPOSED},
            SlipState.DISMISSED,
            "issue",
            gettext_lazy("Do not issue"),
            reason_required=True,
            audience="office",
        ),
        _move("acknowledge", {ISSUED}, ACKNOWLEDGED, "acknowledge", gettext_lazy("Acknowledge the slip")),
        _move("answer", {ISSUED, ACKNOWLEDGED}, ANSWERED, "answer", gettext_lazy("Answered by the unit"), guard=_signed),
        _move(
            "reopen_answer",
            {ANSWERED},
            ACKNOWLEDGED,
            "answer",
            gettext_lazy("To be answered again"),
            guard=_unsigned,
        ),
        _move(
            "settle",
            {ANSWERED},
            SETTLED,
            "manage",
            gettext_lazy("Settle the slip"),
            guard=_accepted,
            effects=(slip_notices.tell_ended,),
        ),
        _move(
            "withdraw",
            {ISSUED, ACKNOWLEDGED, ANSWERED},
            SlipState.WITHDRAWN,
            "issue",
            gettext_lazy("Make void"),
            reason_required=True,
            effects=(slip_notices.tell_ended, ask_for_papers),
        ),
    ),
)


@dataclass(frozen=True)
class Subject:
    """What a slip is about: exactly one of the three; a return that was not made is of a unit (`department`)."""

    department: Department
    part: Responsibility | None = None
    item_part: ItemPart | None = None
    window: ReportingWindow | None = None

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The territory whose office speaks."""
        if self.part is not None:
            return self.part.task.programme.jurisdiction
        if self.item_part is not None:
            return self.item_part.item.jurisdiction
        assert self.window is not None
        return self.window.programme.jurisdiction

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "jurisdiction": self.jurisdiction,
            "department": self.department,
            "part": self.part,
            "item_part": self.item_part,
            "window": self.window,
        }

    def mine(self) -> Any:
        """Slips about this very matter."""
        return Slip.objects.filter(
            part=self.part, item_part=self.item_part, window=self.window, department=self.department
        )


def compose(*, actor: ActorContext, subject: Subject, previous: Slip | None = None, **values: Any) -> Slip:
    """拟稿: a person of the office draws up a slip; it waits to be issued. 一事一单: one at a time per matter."""
    slip = Slip(
        **subject.columns,
        **values,
        previous=previous,
        proposed_on=timezone.localdate(),
        proposed_by_id=actor.person_id,
    )
    decision = can(actor, "manage", slip)
    if not decision:
        raise NotAllowed(decision.reason)
    _check(slip)
    with transaction.atomic():
        # the unit's row is the door: two clerks who draw up the same slip come through one after the other
        Department.objects.select_for_update().get(pk=subject.department.pk)
        if subject.mine().filter(state=PROPOSED).exists():
            raise IllegalMove(_("A slip about this matter waits to be issued already."))
        if slip.colour == SlipColour.BLUE and subject.mine().open().exists():
            raise IllegalMove(
                _("A slip about this matter is under way: one matter, one slip. Answer or settle it first.")
            )
        slip.save()
        record(subject=slip, action="draw_up", actor=actor.on_behalf(decision.grant), audience="office")
    return slip


def revise(slip: Slip, *, actor: ActorContext, row_version: int, **values: Any) -> Slip:
    """Changes a slip that waits to be issued; afterwards nothing of it changes any more."""
    if set(values) - set(EDITABLE):
        raise ValueError(f"not to be changed: {set(values) - set(EDITABLE)}")
    with transaction.atomic():
        slip = (
            Slip.objects.select_related("jurisdiction", "department")
            .select_for_update(of=("self",))
            .get(pk=slip.pk)
        )
        decision = can(actor, "manage", slip)
        if not decision:
            raise NotAllowed(decision.reason, slip)
        if slip.state != PROPOSED:
            raise IllegalMove(_("The slip is issued; what it says is not changed any more."), slip)
        if slip.row_version != row_version:
            raise IllegalMove(
                _("Somebody else has changed this line in the meantime. Please look at it again."), slip
            )
        before = {name: getattr(slip, name) for name in EDITABLE}
        for name, value in values.items():
            setattr(slip, name, value)
        _check(slip)
        after = {name: getattr(slip, name) for name in EDITABLE if before[name] != getattr(slip, name)}
        if not after:
            return slip
        slip.row_version += 1
        slip.save(update_fields=[*EDITABLE, "row_version"])
        record(
            subject=slip,
            action="revise",
            actor=actor.on_behalf(decision.grant),
            before={name: before[name] for name in after},
            after=after,
            audience="office",
        )
    return slip


def _check(slip: Slip) -> None:
    """What a slip must be before it is kept."""
    if (slip.kind == SlipKind.ASSIGNMENT) != (slip.colour == ""):
        raise IllegalMove(_("An assignment slip has no colour; every other slip has one."), slip)
    if slip.due_on < timezone.localdate():
        raise IllegalMove(_("The date for the answer must not lie in the past."), slip)
    if slip.level != SlipLevel.LEADER and slip.to_leader_id is not None:
        raise IllegalMove(_("A leader is named only where the slip goes above the unit."), slip)
    if slip.to_leader_id is not None and slip.to_leader_id not in leaders_of(slip.jurisdiction_id):
        raise IllegalMove(_("This person is no leader of the territory."), slip)


def leaders_of(jurisdiction_id: int) -> dict[int, str]:
    """Leaders whom a person may name on a slip: account → name."""
    rows = (
        Membership.objects.current(timezone.localdate())
        .filter(jurisdiction_id=jurisdiction_id, role=Role.LEADER, user__is_active=True)
        .select_related("user")
        .order_by("user__full_name", "user_id")
    )
    return {row.user_id: str(row.user) for row in rows}


def issue(slip: Slip, *, actor: ActorContext, row_version: int | None = None) -> Slip:
    """签发 by a person: the number is taken with the writing."""
    versions = {} if row_version is None else {slip.pk: row_version}
    return issue_many([slip], actor=actor, versions=versions)[0]


def issue_many(
    slips: Sequence[Slip], *, actor: ActorContext, versions: Mapping[int, int] | None = None
) -> list[Slip]:
    """签发 of several slips in one act, numbered in the order given: all of them or none, without a gap."""
    with transaction.atomic():
        order = {slip.pk: index for index, slip in enumerate(slips)}
        held = sorted(_locked(order), key=lambda slip: order[slip.pk])
        return _issue(held, actor=actor, versions=versions or {})


def _locked(picked: Collection[int]) -> list[Slip]:
    return list(
        Slip.objects.select_related(*SLIPS.related)
        .prefetch_related(*SLIPS.prefetch)
        .select_for_update(of=("self",))
        .filter(pk__in=picked)
        .order_by("pk")
    )


def _issue(held: Sequence[Slip], *, actor: ActorContext, versions: Mapping[int, int]) -> list[Slip]:
    """Of slips read under lock. A refused move rolls all of it back, and a repeated one takes no number: a number is
    used by a slip that is issued, and by no other."""
    waiting = all(slip.state == PROPOSED for slip in held)
    fields = _numbers(held, actor) if waiting else {}
    return advance_together([Batch(SLIPS, held, fields, versions, held=True)], "issue", actor=actor)[0]


def _numbers(slips: Sequence[Slip], actor: ActorContext) -> dict[int, dict[str, Any]]:
    now, year = timezone.now(), timezone.localdate().year
    groups: dict[tuple[int, str], list[Slip]] = {}
    for slip in slips:
        groups.setdefault((slip.jurisdiction_id, slip.kind), []).append(slip)
    fields: dict[int, dict[str, Any]] = {}
    for (_place, kind), group in sorted(groups.items()):
        numbers = take_numbers(
            jurisdiction=group[0].jurisdiction, series=f"slip-{kind}", year=year, count=len(group)
        )
        for slip, seq in zip(group, numbers, strict=True):
            fields[slip.pk] = {
                "year": year,
                "seq": seq,
                "number": f"{SERIES[SlipKind(kind)]}〔{year}〕{seq}号",
                "issued_by_id": actor.user_id,
                "issued_at": now,
                "signer": actor.label[:60],
            }
    return fields


def issue_picked(
    jurisdictions: Collection[int], picked: Collection[int], *, actor: ActorContext
) -> list[Slip]:
    """签发 of the ticked blue slips: several at once is for blue ones alone."""
    with transaction.atomic():
        held = [slip for slip in _locked(picked) if slip.jurisdiction_id in jurisdictions]
        if len(held) != len(set(picked)):
            raise IllegalMove(_("One of the ticked slips is not there any more; look at the list again."))
        if any(slip.colour != SlipColour.BLUE or slip.level == SlipLevel.LEADER for slip in held):
            raise IllegalMove(
                _("Only blue slips to units are issued several at once; the others are looked at one by one.")
            )
        held.sort(key=lambda slip: (slip.department.sort, slip.department_id, slip.pk))
        return _issue(held, actor=actor, versions={})


def dismiss(slip: Slip, *, actor: ActorContext, reason: str) -> Slip:
    """不予签发: the proposal was looked at and is not taken up."""
    return advance(SLIPS, slip, "dismiss", actor=actor, reason=reason, fields={"note": reason.strip()[:300]})


def acknowledge(slip: Slip, *, actor: ActorContext) -> Slip:
    """签收 by the unit."""
    fields = {"acknowledged_by_id": actor.user_id, "acknowledged_at": timezone.now()}
    return advance(SLIPS, slip, "acknowledge", actor=actor, fields=fields)


def settle(slip: Slip, *, actor: ActorContext, reason: str = "") -> Slip:
    """办结, after an accepted answer."""
    return advance(SLIPS, slip, "settle", actor=actor, reason=reason, fields={"settled_at": timezone.now()})


def withdraw(slip: Slip, *, actor: ActorContext, reason: str) -> Slip:
    """作废: the paper is marked, the number stays used."""
    fields = {
        "withdrawn_by_id": actor.user_id,
        "withdrawn_at": timezone.now(),
        "note": reason.strip()[:300],
        "settled_at": None,
    }
    return advance(SLIPS, slip, "withdraw", actor=actor, reason=reason, fields=fields)
