"""Who hears of a supporting unit's part: the lead when it is handed in, the supporting unit when it is asked (back).

Of a restricted item only persons named for it hear, and never its title or what was said.
"""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from programs.access.supervision.contributions import leading_parts
from programs.models import Contribution, ItemPart, Responsibility
from qualitycity.access import ActorContext
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from ..people import unit_people
from .item_people import allowed_to_hear, named_people, spoken_of

LIAISONS = (Role.LIAISON, Role.DISTRICT_OFFICE)


def page(row: Contribution) -> str:
    """The supporting unit's own page."""
    if row.item_part_id:
        return reverse("item_contribution", args=[row.item_part_id])
    return reverse("contribution", args=[row.window_id, row.part_id])


def lead_page(row: Contribution, lead: Responsibility | ItemPart) -> str:
    """Where the lead writes, with the parts beside its own words."""
    if isinstance(lead, ItemPart):
        return reverse("item_report_edit", args=[lead.pk])
    return reverse("entry", args=[row.window_id, lead.department_id, f"task-{lead.pk}"])


def _about(row: Contribution) -> str:
    return spoken_of(row.matter) if row.item_part else f"任务“{row.matter.title}”"


def _answering(row: Contribution) -> str:
    return "主办" if row.item_part else "牵头"


def tell_next(changes: list[Change]) -> None:
    """Effect of every move; a part moves alone."""
    notices: list[Notice] = []
    named = named_people([change.obj.matter for change in changes if change.obj.item_part])
    for change in changes:
        row = change.obj
        key = f"contribution-{change.action}:{row.pk}:{row.row_version}"
        restricted = bool(row.item_part and row.matter.restricted)
        if change.action == "hand_in":
            title = f"{row.department}已报{_about(row)}的配合情况，请采纳或退回补充"
            body = "" if restricted else row.text
            for part in leading_parts(row):
                people = unit_people({part.department_id}, *LIAISONS)[part.department_id or 0]
                url = lead_page(row, part)
                notices += [
                    Notice(person, "contribution", key, title, body, url) for person in _heard(row, people, named)
                ]
        elif change.action in ("adopt", "ask_back"):
            lead = f"{_answering(row)}单位"
            word = f"已被{lead}采纳" if change.action == "adopt" else f"被{lead}退回补充"
            body = f"退回意见：{change.reason}" if change.action == "ask_back" and not restricted else ""
            people = {row.filed_by_id} | unit_people({row.department_id}, *LIAISONS)[row.department_id or 0]
            title = f"{_about(row)}的配合情况{word}"
            notices += [
                Notice(person, "contribution", key, title, body, page(row), change.action == "ask_back")
                for person in _heard(row, people - {None}, named)
            ]
    actor = changes[0].actor.user_id
    post_many([notice for notice in notices if notice.recipient_id != actor])


def _heard(row: Contribution, people: Collection[int], named: dict[int, set[int]]) -> set[int]:
    return allowed_to_hear(row.matter, people, named) if row.item_part else set(people)


def tell_asked(rows: Collection[Contribution], actor: ActorContext) -> None:
    """催: the supporting units' liaisons, once a day at most."""
    people = unit_people({row.department_id for row in rows}, *LIAISONS)
    named = named_people([row.matter for row in rows if row.item_part])
    today = timezone.localdate()
    post_many(
        Notice(
            person,
            "contribution",
            f"contribution-ask:{row.pk}:{today:%Y%m%d}",
            f"请于{row.due_on.month}月{row.due_on.day}日前向{_answering(row)}单位报{_about(row)}的配合情况",
            "",
            page(row),
        )
        for row in rows
        for person in _heard(row, people[row.department_id or 0], named)
        if person != actor.user_id
    )
