"""Reminders of 延期 that wait for a signature or a decision, and of parts that a lead has asked its supporting units for;
sources of `REMINDER_SOURCES`. None of them goes to a leader."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from programs.choices import ContributionState, ExtensionState, ItemPartState, ItemState, TaskState
from programs.domain.reminders.matters import Ground, Matter
from programs.models import Contribution, Extension

from ..people import office_people, unit_people, units_without_signer
from .contribution_notices import LIAISONS, page
from .extension_notices import spoken_of_request
from .extension_people import heard, named_for, signers
from .item_people import allowed_to_hear, named_people, spoken_of
from .item_reminders import NEVER

#: Working days before and after the date in force: whoever has the request should act while it still holds.
RUNGS = (-3, -1, 1, 7)
#: The day before the lead would like to have the part, and the day after: asked for once, never pressed.
ASKED_RUNGS = (-1, 1)
#: Rows fetched from the database at once.
FETCH = 2000


def extensions(ground: Ground) -> Iterator[Matter]:
    """待审签 is the turn of the head alone, or of the office where a unit has none; 待定 that of the office."""
    waiting = [ExtensionState.SUBMITTED, ExtensionState.SIGNED]
    rows = Extension.objects.filter(state__in=waiting, task__programme_id__in=list(ground.programmes)).order_by()
    columns = (
        "pk", "state", "department_id", "department__short_name", "task__title", "milestone__title", "due_then",
        "asked_on", "task__programme_id",
    )  # fmt: skip
    found = list(rows.values_list(*columns))
    unsigned = {row[2] for row in found if row[1] == ExtensionState.SUBMITTED}
    alone = units_without_signer(unsigned) if unsigned else set()
    for pk, state, unit, name, task, milestone, due_then, asked_on, programme_id in found:
        head = state == ExtensionState.SUBMITTED and unit not in alone
        yield Matter(
            kind=f"extension-{state}",
            ident=pk,
            jurisdiction=ground.programmes[programme_id].jurisdiction_id,
            programme=programme_id,
            subject=f"{name}关于“{milestone or task}”的延期申请{'待审签' if head else '待定'}（现行时限）",
            url=reverse("extension", args=[pk]),
            due_on=due_then,
            live_from=asked_on,
            rungs=RUNGS,
            heads_only=frozenset({unit}) if head else frozenset(),
            office=not head,
        )


def item_extensions(ground: Ground) -> Iterator[Matter]:
    """Requests about supervised items, as above. About a restricted item only persons named for it are reminded,
    without its title, and nobody above them."""
    waiting = [ExtensionState.SUBMITTED, ExtensionState.SIGNED]
    rows = Extension.objects.filter(
        state__in=waiting, item_part__item__state=ItemState.ASSIGNED
    ).select_related("item_part__item", "department").order_by()
    if ground.jurisdictions is not None:
        rows = rows.filter(item_part__item__jurisdiction_id__in=ground.jurisdictions)
    found = list(rows)
    if not found:
        return
    named = named_for(found)
    heads = signers([row for row in found if row.state == ExtensionState.SUBMITTED], named)
    offices = office_people({row.matter for row in found if row.restricted})
    for row in found:
        signing = heads.get(row.pk, set())
        holders: dict[str, Any] = {
            "heads_only": frozenset({row.department_id}) if signing else frozenset(), "office": not signing
        }  # fmt: skip
        if row.restricted:
            persons = frozenset(signing or heard(row, offices[row.jurisdiction_id], named))
            if not persons:
                continue
            holders = {"persons": persons, "heads_from": NEVER, "office_from": NEVER}
        yield Matter(
            kind=f"extension-{row.state}",
            ident=row.pk,
            jurisdiction=row.jurisdiction_id,
            subject=f"{spoken_of_request(row)}{'待审签' if signing else '待定'}（现行时限）",
            url=reverse("extension", args=[row.pk]),
            due_on=row.due_then,
            live_from=row.asked_on,
            rungs=RUNGS,
            **holders,
        )


def contributions(ground: Ground) -> Iterator[Matter]:
    """What a lead has asked for and the supporting unit has not handed in."""
    rows = Contribution.objects.filter(
        state__in=ContributionState.with_unit(),
        asked_at__isnull=False,
        window__locked_at__isnull=True,
        part__task__state=TaskState.ACTIVE,
        part__task__programme_id__in=list(ground.programmes),
    ).order_by()
    columns: tuple[Any, ...] = (
        "pk", "window_id", "part_id", "part__department_id", "part__task__title", "part__task__programme_id",
        "due_on", "asked_at__date",
    )  # fmt: skip
    for pk, window, part, unit, task, programme_id, due_on, asked in rows.values_list(*columns).iterator(FETCH):
        yield Matter(
            kind="contribution",
            ident=pk,
            jurisdiction=ground.programmes[programme_id].jurisdiction_id,
            programme=programme_id,
            subject=f"任务“{task}”配合情况待报牵头单位",
            url=reverse("contribution", args=[window, part]),
            due_on=due_on,
            live_from=asked,
            rungs=ASKED_RUNGS,
            # never owed: neither the head nor the office hears of it
            heads_from=NEVER,
            office_from=NEVER,
            units=frozenset({unit}),
        )


def item_contributions(ground: Ground) -> Iterator[Matter]:
    """What a handling unit has asked for and the assisting unit has not handed in; of a restricted item only named
    persons hear, without its title."""
    rows = Contribution.objects.filter(
        state__in=ContributionState.with_unit(),
        asked_at__isnull=False,
        item_part__state__in=ItemPartState.owing(),
        item_part__item__state=ItemState.ASSIGNED,
    ).select_related("item_part__item", "item_part__department")
    if ground.jurisdictions is not None:
        rows = rows.filter(item_part__item__jurisdiction_id__in=ground.jurisdictions)
    found = list(rows.order_by())
    named = named_people([row.matter for row in found])
    people = unit_people({row.department_id for row in found if row.matter.restricted}, *LIAISONS)
    for row in found:
        holders: dict[str, Any] = {"units": frozenset({row.department_id})}
        if row.matter.restricted:
            persons = frozenset(allowed_to_hear(row.matter, people[row.department_id or 0], named))
            if not persons:
                continue
            holders = {"persons": persons}
        yield Matter(
            kind="contribution",
            ident=row.pk,
            jurisdiction=row.jurisdiction_id,
            subject=f"{spoken_of(row.matter)}配合情况待报主办单位",
            url=page(row),
            due_on=row.due_on,
            live_from=timezone.localdate(row.asked_at),
            rungs=ASKED_RUNGS,
            heads_from=NEVER,
            office_from=NEVER,
            **holders,
        )
