"""Moves of many lines of one sheet at once, tasks and indicators together: all of them or none, one notice for all."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from programs.choices import SignMode
from qualitycity.access import ActorContext
from qualitycity.workflow import Batch, advance_together

from .filing import NO_SIGNATURE, signature
from .sources import Line, sources


def _move(
    lines: Collection[Line],
    action: str,
    *,
    actor: ActorContext,
    fields: Mapping[str, Any] | None = None,
    reason: str = "",
    versions: Mapping[str, int] | None = None,
    held: bool = False,
) -> None:
    """`versions`: by key of the line, the row version the person has read. `held`: the lines were read under lock."""
    batches: list[Batch] = []
    for source in sources():
        mine: Sequence[Line] = [line for line in lines if line.source is source]
        if mine:
            seen = {line.row.pk: versions[line.key] for line in mine if versions and line.key in versions}
            written = {line.row.pk: fields for line in mine}
            batches.append(
                Batch(source.machine, [line.row for line in mine], fields=written, versions=seen, held=held)
            )
    advance_together(batches, action, actor=actor, reason=reason)


def withdraw(lines: Collection[Line], *, actor: ActorContext) -> None:
    """撤回: until the head has acted."""
    _move(lines, "withdraw", actor=actor)


def sign(lines: Collection[Line], *, actor: ActorContext, versions: Mapping[str, int]) -> None:
    """审签 of what was read: a line that changed since is refused, and then none is signed."""
    _move(lines, "sign", actor=actor, fields=signature(actor, SignMode.ELECTRONIC), versions=versions)


def sign_on_paper(lines: Collection[Line], *, actor: ActorContext) -> None:
    """纸质审签: called by `paper.accept_scan` once the scan is stored; it has compared the lines under lock."""
    _move(lines, "sign_on_paper", actor=actor, fields=signature(actor, SignMode.PAPER), held=True)


def unsign(lines: Collection[Line], *, actor: ActorContext) -> None:
    """撤回审签: while the office has not acted."""
    _move(lines, "unsign", actor=actor, fields=NO_SIGNATURE)


def return_by_head(lines: Collection[Line], *, actor: ActorContext, reason: str) -> None:
    """退回 by the head of the unit; the reason stands at the line, in full."""
    _move(
        lines,
        "return_by_head",
        actor=actor,
        reason=reason,
        fields={**NO_SIGNATURE, "remark": reason.strip()[:400]},
    )
