"""审核 of lines of any source at once: all of them or none, and the light each line stands under."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from programs.choices import EntryState
from programs.queries.filed import window_label
from qualitycity.access import ActorContext
from qualitycity.workflow import IllegalMove
from qualitycity.workflow import why_not as move_refused

from .filing import accept_rows, countersign_rows, return_rows
from .lights import Days, Light, PartFacts, TaskFacts, WindowFacts, part_light
from .rules import LIGHT_POLICY
from .sources import Source, source_named

#: What fits the columns: a longer number is nobody's line.
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Chosen:
    """A filed row as the reviewer saw it."""

    source: Source
    pk: int
    row_version: int


def chosen(marks: Iterable[str]) -> list[Chosen]:
    """Rows out of "task-12:3" (source, primary key, version). IllegalMove when one cannot be read."""
    result = []
    for mark in dict.fromkeys(marks):
        key, _colon, version = mark.partition(":")
        name, _dash, pk = key.partition("-")
        source = source_named(name)
        if source is None or not _NUMBER.fullmatch(pk) or not _NUMBER.fullmatch(version):
            raise IllegalMove(
                _("One of the chosen lines is not there any more. Please look at the list again.")
            )
        result.append(Chosen(source, int(pk), int(version)))
    return result


def accept(rows: Iterable[Chosen], *, actor: ActorContext, remark: str = "") -> int:
    """通过. Returns how many lines; one that may not be accepted by this person holds all of them."""

    def move(source: Source, mine: list[Any], versions: Mapping[int, int]) -> None:
        accept_rows(source.machine, mine, actor=actor, remark=remark, versions=versions)

    return _each_source(rows, actor, move)


def send_back(rows: Iterable[Chosen], *, actor: ActorContext, reason: str) -> int:
    """退回 with the reason in full."""

    def move(source: Source, mine: list[Any], versions: Mapping[int, int]) -> None:
        _still_as_seen(mine, versions)
        return_rows(source.machine, mine, actor=actor, by="office", reason=reason)

    return _each_source(rows, actor, move)


def countersign(rows: Iterable[Chosen], *, actor: ActorContext) -> int:
    """会签 for units that have a single account."""

    def move(source: Source, mine: list[Any], versions: Mapping[int, int]) -> None:
        _still_as_seen(mine, versions)
        countersign_rows(source.machine, mine, actor=actor)

    return _each_source(rows, actor, move)


def _each_source(
    rows: Iterable[Chosen], actor: ActorContext, move: Callable[[Source, list[Any], Mapping[int, int]], None]
) -> int:
    by_source: dict[str, list[Chosen]] = {}
    for row in rows:
        by_source.setdefault(row.source.name, []).append(row)
    count = 0
    with transaction.atomic():
        for picked in by_source.values():
            source = picked[0].source
            model: Any = apps.get_model(source.machine.model)
            versions = {row.pk: row.row_version for row in picked}
            mine = list(
                model.objects.visible_to(actor)
                .select_related(*source.machine.related)
                .select_for_update(of=("self",))
                .filter(pk__in=versions)
                .order_by("pk")
            )
            if len(mine) != len(versions):
                raise IllegalMove(
                    _("One of the chosen lines is not there any more. Please look at the list again.")
                )
            move(source, mine, versions)
            count += len(mine)
    return count


def _still_as_seen(rows: Iterable[Any], versions: Mapping[int, int]) -> None:
    """Two reviewers at one line: the second is told, whatever he was about to do."""
    for row in rows:
        if row.row_version != versions[row.pk]:
            raise IllegalMove(
                _("Somebody else has changed this line in the meantime. Please look at it again."), row
            )


def why_not(source: Source, row: Any, action: str, *, actor: ActorContext) -> Any:
    """The sentence that keeps this person from the move, "" when it is open; asks no query."""
    return move_refused(source.machine, row, action, actor)


def line_light(
    facts: Mapping[str, Any] | None, unit: str, percent: int | None, percent_on: date, today: date, days: Days
) -> Light | None:
    """灯 of one line's part, from the facts its list row carries; None for lines that have no light. `percent_on`: the
    end of the line's period."""
    if facts is None:
        return None
    task = TaskFacts(
        state=facts["task_state"],
        nature=facts["nature"],
        assigned_on=_day(facts["task_assigned"]),
        due_on=_day(facts["due"]),
    )
    pressing, window = facts["pressing"], None
    if pressing is not None:
        window = WindowFacts(
            label=window_label(pressing),
            opens_on=date.fromisoformat(pressing["opens_on"]),
            due_on=date.fromisoformat(pressing["due_on"]),
            entry_state=EntryState.SIGNED if pressing["reported"] else pressing["state"],
        )
    part = PartFacts(
        unit=unit,
        state=facts["state"],
        assigned_on=_day(facts["assigned"]),
        settled_on=_day(facts["settled"]),
        percent=percent,
        percent_on=percent_on,
        ever_accepted=facts["ever_accepted"],
        window=window,
    )
    return part_light(part, task, facts["policy"] or LIGHT_POLICY, today, days)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
