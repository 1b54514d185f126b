"""What people do with proposals: confirm, correct, leave out, split, merge, add; and say what a printed unit means.

Everything needs the right to edit the draft and a draft under review. A form carries the version it was read at; an
older one is told, not obeyed. The journal has one entry a press, on the draft.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import DraftState, ProposalKind, ProposalState
from programs.models import PolicyDraft, Proposal
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed

from .questions import blocked, questions

OPEN, ACCEPTED, DROPPED = ProposalState.OPEN, ProposalState.ACCEPTED, ProposalState.DROPPED


def locked(draft: PolicyDraft, actor: ActorContext) -> tuple[PolicyDraft, ActorContext]:
    """The draft under lock, as it is now. Raises NotAllowed, or IllegalMove when it is not under review."""
    row = PolicyDraft.objects.select_related("jurisdiction").select_for_update(of=("self",)).get(pk=draft.pk)
    decision = can(actor, "edit", row)
    if not decision:
        raise NotAllowed(decision.reason, row)
    if row.state != DraftState.REVIEW:
        raise IllegalMove(
            _("The import is not under review any more (%(state)s).") % {"state": row.get_state_display()},
            row,
        )
    return row, actor.on_behalf(decision.grant)


def _noted(draft: PolicyDraft, action: str, actor: ActorContext, **after: Any) -> None:
    record(subject=draft, action=action, actor=actor, audience="office", after=after)


def _fresh(proposal: Proposal, row_version: int | None) -> Proposal:
    row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row_version is not None and row.row_version != row_version:
        raise IllegalMove(
            _("Somebody has changed this proposal in the meantime. Please look at it again."), proposal
        )
    return row


def _write(row: Proposal, draft: PolicyDraft) -> None:
    row.questions = questions(row.kind, row.data, draft.units)
    if row.state == ACCEPTED and blocked(row.questions):
        raise IllegalMove(_("This cannot be confirmed yet: see what is marked."), row)
    row.row_version += 1
    row.save(update_fields=["kind", "state", "start", "end", "path", "data", "questions", "row_version"])


def _within(draft: PolicyDraft, start: int, end: int) -> None:
    if not 0 <= start < end <= len(draft.text):
        raise IllegalMove(_("The place is not in the document."), draft)


def correct(
    proposal: Proposal,
    *,
    actor: ActorContext,
    data: Mapping[str, Any],
    path: str | None = None,
    span: tuple[int, int] | None = None,
    accept: bool = False,
    row_version: int | None = None,
) -> Proposal:
    """New fields, and on demand another piece of the text; with `accept` confirmed at once."""
    with transaction.atomic():
        draft, acting = locked(proposal.draft, actor)
        row = _fresh(proposal, row_version)
        if span is not None:
            _within(draft, *span)
            row.start, row.end = span
        if path is not None:
            row.path = path.strip()[:60]
        before, row.data = row.data, {**row.data, **data}
        if accept:
            row.state = ACCEPTED
        elif row.state == DROPPED:
            row.state = OPEN
        _write(row, draft)
        changed = sorted(name for name, value in row.data.items() if before.get(name) != value)
        _noted(draft, "correct_proposal", acting, proposal=row.pk, fields=changed, state=str(row.state))
    return row


def settle(
    draft: PolicyDraft, *, actor: ActorContext, proposals: Collection[int], state: str
) -> tuple[int, int]:
    """Confirms, leaves out or reopens several. Returns how many changed, and how many cannot be confirmed yet."""
    wanted = ProposalState(state)
    with transaction.atomic():
        draft, acting = locked(draft, actor)
        rows = list(
            draft.proposals.select_for_update(of=("self",)).filter(pk__in=proposals).exclude(state=wanted)
        )
        held_up = [row for row in rows if wanted == ACCEPTED and blocked(row.questions)]
        moved = [row for row in rows if row not in held_up]
        for row in moved:
            row.state = wanted
            row.row_version += 1
        Proposal.objects.bulk_update(moved, ["state", "row_version"], batch_size=500)
        if moved:
            _noted(draft, "settle_proposals", acting, state=str(wanted), count=len(moved))
    return len(moved), len(held_up)


def accept_ready(draft: PolicyDraft, *, actor: ActorContext) -> int:
    """Confirms every open proposal that nobody needs to be asked about."""
    ready = draft.proposals.filter(state=OPEN, questions=[]).values_list("pk", flat=True)
    return settle(draft, actor=actor, proposals=list(ready), state=ACCEPTED)[0]


def add(
    draft: PolicyDraft,
    *,
    actor: ActorContext,
    kind: str,
    span: tuple[int, int],
    data: Mapping[str, Any],
    path: str = "",
) -> Proposal:
    """A proposal of the person's own from a piece of the text; it counts as confirmed when nothing is missing."""
    with transaction.atomic():
        draft, acting = locked(draft, actor)
        _within(draft, *span)
        row = Proposal(
            draft=draft, kind=ProposalKind(kind), start=span[0], end=span[1], path=path.strip()[:60]
        )
        row.data = dict(data)
        row.questions = questions(row.kind, row.data, draft.units)
        row.state = OPEN if blocked(row.questions) else ACCEPTED
        row.save()
        _noted(draft, "add_proposal", acting, proposal=row.pk, kind=str(row.kind))
    return row


def set_aside(draft: PolicyDraft, *, actor: ActorContext, spans: Sequence[tuple[int, int]]) -> None:
    """Sentences of which nothing is made: somebody has read them and said so. Neighbours on one line become one."""
    with transaction.atomic():
        draft, acting = locked(draft, actor)
        joined: list[list[int]] = []
        for start, end in sorted(spans):
            _within(draft, start, end)
            if joined and not draft.text[joined[-1][1] : start].strip():
                joined[-1][1] = end
            else:
                joined.append([start, end])
        Proposal.objects.bulk_create(
            Proposal(draft=draft, kind=ProposalKind.NOTE, state=ACCEPTED, start=start, end=end)
            for start, end in joined
        )
        _noted(draft, "set_aside", acting, pieces=joined[:100])


def split(
    proposal: Proposal, *, actor: ActorContext, at: int, title: str, row_version: int | None = None
) -> Proposal:
    """The piece becomes two at an offset of the text; the second keeps units and clause and gets a title of its own.
    Returns the second."""
    with transaction.atomic():
        draft, acting = locked(proposal.draft, actor)
        row = _fresh(proposal, row_version)
        if not row.start < at < row.end:
            raise IllegalMove(_("Choose a place inside the piece to split it at."), proposal)
        number = row.data.get("number", "")
        data = {**row.data, "remarks": []}
        if "title" in data:
            data |= {"title": title.strip()[:200], "number": f"{number}-2"[:20] if number else ""}
        elif "name" in data:
            data["name"] = title.strip()[:120]
        second = Proposal(
            draft=draft, kind=row.kind, start=at, end=row.end, path=row.path, data=data, found=None
        )
        second.questions = questions(second.kind, second.data, draft.units)
        second.state = OPEN
        row.end = at
        if row.state == ACCEPTED:
            row.state = OPEN
        _write(row, draft)
        second.save()
        _noted(draft, "split_proposal", acting, proposal=row.pk, into=second.pk)
    return second


def merge(
    first: Proposal, second: Proposal, *, actor: ActorContext, row_version: int | None = None
) -> Proposal:
    """One of two of a kind: the first keeps its fields, takes the second's units along and reaches over both."""
    with transaction.atomic():
        draft, acting = locked(first.draft, actor)
        row, other = _fresh(first, row_version), _fresh(second, None)
        if (
            row.pk == other.pk
            or row.kind != other.kind
            or other.draft_id != draft.pk
            or row.draft_id != draft.pk
        ):
            raise IllegalMove(_("Only two pieces of one kind can become one."), first)
        if "units" in row.data:
            names = {unit["name"] for unit in row.data["units"]}
            more = [unit for unit in other.data.get("units", []) if unit["name"] not in names]
            row.data = {**row.data, "units": [*row.data["units"], *more]}
        row.start, row.end = min(row.start, other.start), max(row.end, other.end)
        row.state = OPEN
        other.state = DROPPED
        _write(other, draft)
        _write(row, draft)
        _noted(draft, "merge_proposals", acting, proposal=row.pk, gone=other.pk)
    return row


def settle_units(
    draft: PolicyDraft, *, actor: ActorContext, choices: Mapping[str, Mapping[str, Any] | None]
) -> int:
    """What printed units mean (see `PolicyDraft.units`), all at once; None takes an answer back. Returns how many
    proposals have one question less."""
    with transaction.atomic():
        draft, acting = locked(draft, actor)
        units = dict(draft.units)
        for name, choice in choices.items():
            if choice is None:
                units.pop(name, None)
            else:
                units[name] = dict(choice)
        draft.units = units
        draft.row_version += 1
        draft.save(update_fields=["units", "row_version"])
        cleared, changed = 0, []
        for row in draft.proposals.select_for_update(of=("self",)).filter(kind=ProposalKind.TASK):
            asked = questions(row.kind, row.data, units)
            if asked != row.questions:
                cleared += len(asked) < len(row.questions)
                row.questions = asked
                if row.state == ACCEPTED and blocked(asked):
                    row.state = OPEN
                row.row_version += 1
                changed.append(row)
        Proposal.objects.bulk_update(changed, ["questions", "state", "row_version"], batch_size=500)
        _noted(draft, "settle_units", acting, units=sorted(choices))
    return cleared


def save_head(
    draft: PolicyDraft, *, actor: ActorContext, values: Mapping[str, Any], row_version: int | None = None
) -> PolicyDraft:
    """The document's and the programme's own fields; a date a person has touched is not marked 推算 any more."""
    with transaction.atomic():
        row, acting = locked(draft, actor)
        if row_version is not None and row.row_version != row_version:
            raise IllegalMove(_("Somebody has changed this in the meantime. Please look at it again."), row)
        changed = sorted(name for name, value in values.items() if row.head.get(name) != value)
        row.head = {**row.head, **values}
        row.row_version += 1
        row.save(update_fields=["head", "row_version"])
        if changed:
            _noted(row, "correct_head", acting, fields=changed)
    return row
