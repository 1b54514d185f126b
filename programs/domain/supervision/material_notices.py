"""应报材料: who is told that a paper is asked for, has come in, was accepted or sent back."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from programs.models import Material, MaterialDue
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from ..people import office_people, unit_people

PEOPLE = (Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)


def tell_asked(material: Material, laid: Iterable[MaterialDue]) -> None:
    """Each unit hears once of a paper that is new to it, with its nearest date."""
    nearest: dict[int, MaterialDue] = {}
    for row in sorted(laid, key=lambda row: row.due_on):
        nearest.setdefault(row.department_id, row)
    people = unit_people(nearest, *PEOPLE)
    post_many(
        Notice(
            person,
            "material",
            f"material:{material.pk}:{unit}",
            f"请于{_day(row)}前报送《{material.title}》",
            f"报送{material.recipient}，{material.get_recurrence_display()}。{material.hint}",
            f"{reverse('materials')}?mine=1",
        )
        for unit, row in nearest.items()
        for person in people[unit]
    )


def tell_filed(changes: list[Change]) -> None:
    """Effect of `file`: the office that asks for the paper."""
    offices = office_people({change.obj.material for change in changes})
    actor = changes[0].actor.user_id
    post_many(
        Notice(
            person,
            "material",
            _key(change),
            f"{change.obj.department}报送《{change.obj}》",
            change.obj.note,
            reverse("material_due", args=[change.obj.pk]),
        )
        for change in changes
        for person in offices[change.obj.material.jurisdiction_id]
        if person != actor
    )


def tell_decided(changes: list[Change]) -> None:
    """Effect of accepting and returning: who handed the paper in; a return reaches the unit's liaisons as well."""
    units = unit_people({change.obj.department_id for change in changes}, Role.LIAISON, Role.DISTRICT_OFFICE)
    notices: dict[int, list[Notice]] = defaultdict(list)
    for change in changes:
        row: Any = change.obj
        back = change.action != "accept"
        people = (units[row.department_id] if back else set()) | {row.filed_by_id}
        title = f"《{row}》{'被退回，请重新报送' if back else '已接收'}"
        body = f"退回意见：{change.reason}" if back else change.reason
        url = reverse("material_due", args=[row.pk])
        for person in people - {None, change.actor.user_id}:
            notices[person].append(Notice(person, "material", _key(change), title, body, url, back))
    post_many(notice for found in notices.values() for notice in found)


def _key(change: Change) -> str:
    return f"material:{change.action}:{change.obj.pk}:{change.obj.row_version}"


def _day(row: MaterialDue) -> str:
    return f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日"
