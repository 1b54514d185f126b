"""填报 → 审签 → 审核: the transition table that every filed row goes through, and who is told.

| from | action | to | who |
|---|---|---|---|
| draft, returned | submit 提交 | submitted | liaison, or the office on behalf (代填) |
| submitted | withdraw 撤回 | draft | the side that filed it (unit, or office for 代填) |
| submitted | sign 审签 | signed | head of the unit, not the filer |
| submitted | sign_on_paper 纸质审签 | signed | liaison, with the scan |
| submitted | countersign 会签 | signed | office, where the unit has one account; not the filer |
| submitted | return_by_head 退回 | returned | head, with a reason |
| signed | unsign 撤回审签 | submitted | the head who signed |
| signed | accept 通过 | accepted | office, neither filer nor signer |
| signed | return_by_office 退回 | returned | office, with a reason |
| accepted | supersede | superseded | the clock, when a correction is accepted |
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import EntryState, ProgrammeState, SignMode
from qualitycity.access import ActorContext, can
from qualitycity.workflow import Change, IllegalMove, Machine, Transition, advance_many
from taskforce.choices import Role

from .people import unit_people

DRAFT, SUBMITTED, RETURNED = EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED
SIGNED, ACCEPTED, SUPERSEDED = EntryState.SIGNED, EntryState.ACCEPTED, EntryState.SUPERSEDED


def period_open(row: Any, actor: ActorContext) -> str:
    """Guard: the programme runs, the window has opened and is not locked."""
    if row.programme.state != ProgrammeState.RUNNING:
        return _("The programme is not running; nothing can be filed.")
    if row.window.locked_at is not None:
        return _("The period %(period)s is closed. Ask the office if something must still change.") % {
            "period": row.window.label
        }
    if row.window.opens_on > timezone.localdate():
        return _("The period %(period)s opens for filing on %(date)s.") % {
            "period": row.window.label,
            "date": date_format(row.window.opens_on),
        }
    return ""


def with_words(text: str, said: str, *, longest: int, row: Any) -> str:
    """The text of a report with another unit's words on a line below it; IllegalMove where it would become too long."""
    joined = f"{text.rstrip()}\n{said}" if text.strip() else said
    if len(joined) > longest:
        raise IllegalMove(_("Your report would become too long (%(count)s characters).") % {"count": longest}, row)
    return joined


def _own_signature(row: Any, actor: ActorContext) -> str:
    if row.signed_by_id not in actor.user_ids():
        return _("Only the person who signed can take the signature back.")
    if row.sign_mode != SignMode.ELECTRONIC:
        return _("A signature on paper or by the office is taken back by the office returning the line.")
    return ""


def side_that_filed(row: Any, actor: ActorContext) -> str:
    """Guard of `withdraw`: the office takes back what it typed, the unit what it filed; neither the other's."""
    if not can(actor, "review" if row.on_behalf else "file_own", row):
        return _("Only the side that filed this line can take it back.")
    return ""


def filing_machine(
    model: str,
    *,
    related: tuple[str, ...],
    snapshot: tuple[str, ...],
    complete: Callable[[Any, ActorContext], Any],
    on_submit: Iterable[Callable[[list[Change]], None]] = (),
    on_move: Iterable[Callable[[list[Change]], None]] = (),
    on_accept: Iterable[Callable[[list[Change]], None]] = (),
    still_open: Callable[[Any, ActorContext], Any] = period_open,
) -> Machine:
    """The table over `model`. `complete` is the guard that judges what was typed before it leaves the desk,
    `still_open` says whether anything moves at all: by default the period of a running programme, for answers to
    items and slips the item or slip itself."""

    def ready(row: Any, actor: ActorContext) -> Any:
        return still_open(row, actor) or complete(row, actor)

    def own_signature(row: Any, actor: ActorContext) -> Any:
        return _own_signature(row, actor) or still_open(row, actor)

    def own_filing(row: Any, actor: ActorContext) -> Any:
        return side_that_filed(row, actor) or still_open(row, actor)

    told = tuple(on_move)

    def move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
        return Transition(
            action, frozenset(source), target, who, label, **{"guard": still_open, "effects": told, **more}
        )

    return Machine(
        model=model,
        field="state",
        related=related,
        snapshot=snapshot,
        transitions=(
            move(
                "submit",
                {DRAFT, RETURNED},
                SUBMITTED,
                "file",
                gettext_lazy("Submit for sign-off"),
                guard=ready,
                effects=(*on_submit, *told),
            ),
            move("withdraw", {SUBMITTED}, DRAFT, "file", gettext_lazy("Take back"), guard=own_filing),
            move(
                "sign",
                {SUBMITTED},
                SIGNED,
                "sign",
                gettext_lazy("Sign off"),
                second_person=("filed_by_id",),
                second_person_sentence=gettext_lazy(
                    "You entered this line yourself; somebody else must sign it."
                ),
            ),
            move("sign_on_paper", {SUBMITTED}, SIGNED, "file_own", gettext_lazy("Signed on paper")),
            move(
                "countersign",
                {SUBMITTED},
                SIGNED,
                "review",
                gettext_lazy("Countersign"),
                second_person=("filed_by_id",),
                second_person_sentence=gettext_lazy(
                    "You entered this line yourself; a colleague must countersign it."
                ),
            ),
            move(
                "return_by_head", {SUBMITTED}, RETURNED, "sign", gettext_lazy("Return"), reason_required=True
            ),
            move(
                "unsign",
                {SIGNED},
                SUBMITTED,
                "sign",
                gettext_lazy("Take signature back"),
                guard=own_signature,
            ),
            move(
                "accept",
                {SIGNED},
                ACCEPTED,
                "review",
                gettext_lazy("Accept"),
                second_person=("filed_by_id", "signed_by_id"),
                second_person_sentence=gettext_lazy(
                    "You entered or countersigned this line; a colleague or the director must accept it."
                ),
                effects=(*on_accept, *told),
            ),
            move(
                "return_by_office", {SIGNED}, RETURNED, "review", gettext_lazy("Return"), reason_required=True
            ),
            Transition(
                "supersede",
                frozenset({ACCEPTED}),
                SUPERSEDED,
                "review",
                gettext_lazy("Corrected"),
                by="clock",
            ),
        ),
    )


def submit_rows(
    machine: Machine, rows: list[Any], *, actor: ActorContext, versions: Mapping[int, int] | None = None
) -> list[Any]:
    """提交: the filer's name is written with the row; the row is marked 代填 when the office typed it."""
    now = timezone.now()
    fields = {
        row.pk: {
            "filed_by_id": actor.user_id,
            "filed_at": now,
            "on_behalf": not can(actor, "file_own", row),
        }
        for row in rows
    }
    return advance_many(machine, rows, "submit", actor=actor, fields=fields, versions=versions)


def withdraw_rows(machine: Machine, rows: list[Any], *, actor: ActorContext) -> list[Any]:
    """撤回: until the head has acted."""
    return advance_many(machine, rows, "withdraw", actor=actor)


def signature(actor: ActorContext, mode: str) -> dict[str, Any]:
    """Columns that are written with a signature; `mode` is a SignMode."""
    return {"signed_by_id": actor.user_id, "signed_at": timezone.now(), "sign_mode": mode}


NO_SIGNATURE: dict[str, Any] = {"signed_by_id": None, "signed_at": None, "sign_mode": ""}


def sign_rows(
    machine: Machine, rows: list[Any], *, actor: ActorContext, versions: Mapping[int, int] | None = None
) -> list[Any]:
    """审签 in the portal."""
    fields = {row.pk: signature(actor, SignMode.ELECTRONIC) for row in rows}
    return advance_many(machine, rows, "sign", actor=actor, fields=fields, versions=versions)


def countersign_rows(machine: Machine, rows: list[Any], *, actor: ActorContext) -> list[Any]:
    """会签 by the office in place of a head; only where the unit has no head but the one who filed the line."""
    heads = unit_people({row.department_id for row in rows}, Role.UNIT_HEAD)
    for row in rows:
        if heads[row.department_id] - {row.filed_by_id}:
            raise IllegalMove(_("This unit has a head of its own with an account; he signs."), row)
    fields = {row.pk: signature(actor, SignMode.OFFICE) for row in rows}
    return advance_many(machine, rows, "countersign", actor=actor, fields=fields)


def unsign_rows(machine: Machine, rows: list[Any], *, actor: ActorContext) -> list[Any]:
    return advance_many(machine, rows, "unsign", actor=actor, fields={row.pk: NO_SIGNATURE for row in rows})


def return_rows(machine: Machine, rows: list[Any], *, actor: ActorContext, by: str, reason: str) -> list[Any]:
    """退回 line by line; `by` is "head" or "office". The reason goes with the line, in full."""
    fields = {row.pk: {**NO_SIGNATURE, "remark": reason.strip()[:400]} for row in rows}
    return advance_many(machine, rows, f"return_by_{by}", actor=actor, reason=reason, fields=fields)


def accept_rows(
    machine: Machine,
    rows: list[Any],
    *,
    actor: ActorContext,
    remark: str = "",
    versions: Mapping[int, int] | None = None,
) -> list[Any]:
    """通过. A correction that is accepted replaces the version it corrects."""
    now = timezone.now()
    fields = {
        row.pk: {"reviewed_by_id": actor.user_id, "reviewed_at": now, "remark": remark.strip()[:400]}
        for row in rows
    }
    return advance_many(machine, rows, "accept", actor=actor, reason=remark, fields=fields, versions=versions)
