"""Who hears of a request for extension when it moves: whoever has it next, and in the end the unit – of a supervised
item every unit of it, for the date is that of all.

About a restricted item only named persons hear, and neither its title nor what was written.
"""

from typing import Any

from django.urls import reverse

from programs.models import Extension
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from ..people import office_people, unit_people
from .extension_people import heard, named_for, signers
from .item_people import spoken_of

UNIT_ROLES = (Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)


def tell_next(changes: list[Change]) -> None:
    """Effect of every move. A request moves alone: nothing here is saved by doing several at once."""
    notices: list[Notice] = []
    for change in changes:
        row = change.obj
        named = named_for([row])
        title, body, people = _said(change, named)
        body = "" if row.restricted else body
        url = reverse("extension", args=[row.pk])
        key = f"extension-{change.action}:{row.pk}:{row.row_version}"
        urgent = change.action in ("refuse", "return_by_head")
        notices += [
            Notice(person, "extension", key, title, body, url, urgent) for person in heard(row, people, named)
        ]
        if change.action == "grant" and row.item_part is not None:
            notices += _other_units(row, people, named)
    actor = changes[0].actor.user_id
    post_many([notice for notice in notices if notice.recipient_id != actor])


def spoken_of_request(row: Extension) -> str:
    """How a notice or digest names the request."""
    if row.restricted:
        return f"{spoken_of(row.item_part.item)}的延期申请"  # type: ignore[union-attr]
    return f"{row.department}关于“{row.subject}”的延期申请"


def _said(change: Change, named: dict[int, set[int]]) -> tuple[str, str, set[int]]:
    row = change.obj
    about = spoken_of_request(row)
    wanted = f"现时限{_day(row.due_then)}，申请延至{_day(row.wanted_on)}。理由：{row.reason}"
    if change.action == "submit":
        heads = signers([row], named)[row.pk]
        if heads:
            return f"{about}待审签", wanted, heads
        return f"{about}待会签（该单位未设审签账号）", wanted, _office(row)
    if change.action in ("sign", "countersign"):
        return f"{about}待定", wanted, _office(row)
    if change.action == "return_by_head":
        return f"{about}被单位负责人退回", f"退回意见：{change.reason}", {row.filed_by_id}
    unit = unit_people({row.department_id}, *UNIT_ROLES)[row.department_id] | {row.filed_by_id}
    if change.action == "grant":
        note = f"办公室意见：{row.answer}" if row.answer else ""
        return f"{about}获准，新时限{_day(row.granted_on)}", note, unit
    if change.action == "refuse":
        return f"{about}未获准，时限不变", f"理由：{change.reason}", unit
    return "", "", set()


def _other_units(row: Extension, told: set[int], named: dict[int, set[int]]) -> list[Notice]:
    """The other units of the item, with the item's own page: the request is not theirs to read."""
    item: Any = row.matter
    parts = item.parts.filter(assigned_on__isnull=False).exclude(department_id=row.department_id)
    people = unit_people(parts.values_list("department_id", flat=True), *UNIT_ROLES)
    title = f"{spoken_of(item)}办理时限延至{_day(row.granted_on)}"
    key, url = f"item-extended:{row.pk}", reverse("item", args=[item.pk])
    others = set().union(*people.values()) - told if people else set()
    return [Notice(person, "item", key, title, "", url) for person in heard(row, others, named)]


def _office(row: Any) -> set[int]:
    return office_people([row.matter])[row.jurisdiction_id]


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
