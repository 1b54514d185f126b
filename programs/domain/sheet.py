"""本单位报表: all lines of a unit in one window, saved while typing, filed in one go, signed as a whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import EntryState
from programs.models import ReportingWindow, Responsibility
from qualitycity.access import ActorContext, can
from qualitycity.workflow import Batch, IllegalMove, NotAllowed, advance_together

from .filing import period_open
from .sources import Line, sources

#: Columns that go with whatever was typed.
STAMPS = ("updated_at", "on_behalf")


@dataclass(frozen=True)
class Typed:
    """What a person typed into one line, and the version of the row he saw (None: there was none yet)."""

    values: Mapping[str, Any]
    row_version: int | None


@dataclass
class Outcome:
    """What became of a sheet: `errors` by line key and field, `conflicts` by line key, `versions` to type on with."""

    errors: dict[str, dict[str, Any]] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    moved: int = 0

    @property
    def ok(self) -> bool:
        return not self.errors and not self.conflicts


def sheet_lines(window: ReportingWindow, departments: Collection[int], *, lock: bool = False) -> list[Line]:
    """Every line the departments owe in the window, from all sources; two queries each."""
    return [line for source in sources() for line in source.lines(window, departments, lock=lock)]


def outstanding(window: ReportingWindow) -> int:
    """Lines of the window, of all units, that are not accepted."""
    units = set(
        Responsibility.objects.filing()
        .filter(task__programme_id=window.programme_id)
        .values_list("department_id", flat=True)
    )
    return sum(line.row.state != EntryState.ACCEPTED for line in sheet_lines(window, units))


def save(
    *,
    actor: ActorContext,
    window: ReportingWindow,
    departments: Collection[int],
    typed: Mapping[str, Typed],
    broken: Collection[str] = (),
    held: Collection[Line] | None = None,
) -> Outcome:
    """Saves drafts, line by line independent: a line that somebody else has changed meanwhile is left and named.

    `broken`: lines with something that is no figure. They are judged with the others and never written.
    `held`: the lines of the sheet, read under lock by the caller in this transaction.
    """
    return _write(
        actor=actor, window=window, departments=departments, typed=typed, broken=broken, filed=(), held=held
    )


def submit(
    *,
    actor: ActorContext,
    window: ReportingWindow,
    departments: Collection[int],
    typed: Mapping[str, Typed],
    broken: Collection[str] = (),
    held: Collection[Line] | None = None,
) -> Outcome:
    """Files all typed lines or none: every missing thing is named at its field, nothing is half filed.

    A sheet sent twice is a quiet no-op: lines that were handed in with the very same text are left alone.
    `held` as in `save`.
    """
    return _write(
        actor=actor, window=window, departments=departments, typed=typed, broken=broken, filed=tuple(typed), held=held
    )


def unchanged(
    *,
    actor: ActorContext,
    window: ReportingWindow,
    departments: Collection[int],
    key: str,
    row_version: int | None,
    typed: Mapping[str, Typed] | None = None,
    broken: Collection[str] = (),
) -> Outcome:
    """无变化 in one click: one line, marked and filed. `typed` is what stands in the other lines: kept as drafts."""
    mine = (typed or {}).get(key, Typed({}, row_version))
    lines = {**(typed or {}), key: Typed({**mine.values, "unchanged": True}, row_version)}
    return _write(
        actor=actor, window=window, departments=departments, typed=lines, broken=broken, filed=(key,)
    )


def _write(**sheet: Any) -> Outcome:
    try:
        return _write_once(**sheet)
    except IntegrityError:
        # Two first drafts of one line in the same instant: the unique index let one through. Now both can be seen.
        return _write_once(**{**sheet, "held": None})


def _write_once(
    *,
    actor: ActorContext,
    window: ReportingWindow,
    departments: Collection[int],
    typed: Mapping[str, Typed],
    broken: Collection[str],
    filed: Collection[str],
    held: Collection[Line] | None = None,
) -> Outcome:
    outcome = Outcome()
    if not typed:
        return outcome
    with transaction.atomic():
        read = sheet_lines(window, departments, lock=True) if held is None else held
        lines = {line.key: line for line in read if line.key in typed}
        if set(typed) - set(lines):
            raise IllegalMove(
                _("One of the lines is not on this sheet any more. Please open the sheet again.")
            )
        _check_right(lines.values(), actor)
        values = {key: line.source.stored(line, typed[key].values) for key, line in lines.items()}
        touched = [
            line
            for key, line in lines.items()
            if _may_touch(line, values[key], typed[key].row_version, outcome, actor, final=key in filed)
        ]
        for line in touched:
            wrong = line.source.check(line, typed[line.key].values, final=line.key in filed)
            if wrong or line.key in broken:
                outcome.errors[line.key] = wrong
        if any(key in outcome.errors or key in outcome.conflicts for key in filed):
            return outcome
        written = [line for line in touched if line.key not in outcome.errors]
        for line in written:
            _put(line, values[line.key], actor)
        _store([line for line in written if line.key not in filed])
        outcome.moved = _submit([line for line in written if line.key in filed], actor)
        outcome.versions |= {line.key: line.row.row_version for line in written}
    return outcome


def _check_right(lines: Collection[Line], actor: ActorContext) -> None:
    for line in lines:
        blocked = period_open(line.row, actor)
        if blocked:
            raise IllegalMove(blocked, line.row)
        decision = can(actor, "file", line.row)
        if not decision:
            raise NotAllowed(decision.reason, line.row)


def _may_touch(
    line: Line,
    values: Mapping[str, Any],
    seen: int | None,
    outcome: Outcome,
    actor: ActorContext,
    *,
    final: bool,
) -> bool:
    """False for a line that is left as it is: because somebody else changed it, which is told, or because there is
    nothing to do, as in a form that was sent twice."""
    row = line.row
    # the unit's draft is its own affair: the office, which cannot read it, does not write over it whatever it has seen
    hidden = row.pk is not None and not can(actor, "view", row)
    same = row.pk is not None and all(getattr(row, name) == value for name, value in values.items())
    if row.state not in EntryState.editable():
        if not same:
            outcome.conflicts[line.key] = _(
                "This line has been handed in already (%(state)s); take it back first."
            ) % {"state": row.get_state_display()}
        return False
    if same and not final and not hidden:
        outcome.versions[line.key] = row.row_version
        return False
    if hidden or (seen != (row.row_version if row.pk else None) and not same):
        outcome.conflicts[line.key] = _(
            "Somebody else has changed this line in the meantime. Your text is kept here; nothing was overwritten."
        )
        return False
    return True


def _put(line: Line, values: Mapping[str, Any], actor: ActorContext) -> None:
    row = line.row
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = timezone.now()
    row.on_behalf = not can(actor, "file_own", row)


def _store(lines: Collection[Line]) -> None:
    """Drafts, in one or two statements per source."""
    for source in sources():
        rows = [line.row for line in lines if line.source is source]
        if not rows:
            continue
        model = type(rows[0])
        new, old = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
        for row in old:
            row.row_version += 1
        if new:
            model.objects.bulk_create(new)
        if old:
            model.objects.bulk_update(old, [*source.fields, *STAMPS, "row_version"])


def _submit(lines: Collection[Line], actor: ActorContext) -> int:
    """提交: written and moved in one statement per source; the filer's name goes with the row."""
    batches = []
    for source in sources():
        rows = [line.row for line in lines if line.source is source]
        for row in rows:
            row.filed_by_id, row.filed_at = actor.user_id, timezone.now()
        if rows:
            columns = [*source.fields, *STAMPS, "filed_by_id", "filed_at"]
            batches.append(Batch(source.machine, rows, held=True, changed=columns))
    advance_together(batches, "submit", actor=actor)
    return len(lines)
