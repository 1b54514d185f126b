"""Who is told when something happens to a supervised item: inbox notices, written with the move itself.

Texts are Chinese, as all papers of the office. Of a restricted item only named persons hear, and never its title.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from programs.domain.people import office_people, unit_accounts, unit_people
from programs.models import ItemPart, SupervisedItem
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from .item_people import allowed_to_hear, named_people, spoken_of

#: What the units hear of the item as a whole.
ITEM_WORDS = {
    "suspend": "中止办理",
    "resume": "恢复办理",
    "reopen": "恢复办理，请继续办理并反馈",
    "complete": "已办结",
    "close": "已销号",
}
PART_WORDS = {"waive": "免办", "reopen": "恢复办理，请继续办理并反馈"}


def _key(change: Change) -> str:
    return f"item:{change.action}:{change.obj._meta.model_name}:{change.obj.pk}:{change.obj.row_version}"


def _post(notices: Iterable[Notice], actor: int | None) -> None:
    post_many([notice for notice in notices if notice.recipient_id != actor])


def _url(item_id: int) -> str:
    return reverse("item", args=[item_id])


def tell_registered(item: SupervisedItem, *, actor: int | None) -> None:
    """立项 by a leader or his secretary: the office hears of it, at once when it is urgent."""
    people = office_people([item])[item.jurisdiction_id]
    who = item.leader_label or str(item.leader or "")
    about = spoken_of(item)
    title = f"{who}作出批示，已立项{about}，请交办"
    key = f"item:registered:{item.pk}"
    heard = allowed_to_hear(item, people, named_people([item]))
    body = "" if item.restricted else item.content
    _post([Notice(person, "item", key, title, body, _url(item.pk), True) for person in heard], actor)


def tell_assigned(changes: list[Change]) -> None:
    """Effect of 交办: liaisons and heads of each unit."""
    parts: list[ItemPart] = [change.obj for change in changes]
    people = unit_accounts({part.department_id for part in parts})
    named = named_people({part.item for part in parts})
    notices = []
    for change in changes:
        part: ItemPart = change.obj
        due = part.item.due_on
        title = f"交办{spoken_of(part.item)}，请签收，{due.month}月{due.day}日前办结"
        body = "" if part.item.restricted else f"{part.item.number}，{part.department}为{_role(part)}单位"
        heard = allowed_to_hear(part.item, people[part.department_id], named)
        notices += [Notice(person, "item", _key(change), title, body, _url(part.item_id)) for person in heard]
    _post(notices, changes[0].actor.user_id)


def _role(part: ItemPart) -> str:
    return "主办" if part.answers else "协办"


def tell_part(changes: list[Change]) -> None:
    """Effect of 免办 and 恢复办理 of one unit's part: the unit hears it with the reason."""
    people = unit_accounts({change.obj.department_id for change in changes})
    named = named_people({change.obj.item for change in changes})
    notices = []
    for change in changes:
        part: ItemPart = change.obj
        title = f"{spoken_of(part.item)}（{_role(part)}）：{PART_WORDS[change.action]}"
        heard = allowed_to_hear(part.item, people[part.department_id], named)
        notices += [
            Notice(person, "item", _key(change), title, f"理由：{change.reason}", _url(part.item_id))
            for person in heard
        ]
    _post(notices, changes[0].actor.user_id)


def tell_item(changes: list[Change]) -> None:
    """Effect of what happens to the item as a whole: every unit to which it was handed out."""
    units = {
        part.department_id for change in changes for part in change.obj.parts.all() if part.assigned_on is not None
    }
    people = unit_accounts(units)
    named = named_people([change.obj for change in changes])
    notices = []
    for change in changes:
        item: SupervisedItem = change.obj
        of_units = set().union(
            *(people[part.department_id] for part in item.parts.all() if part.assigned_on is not None)
        )
        title = f"{spoken_of(item)}{ITEM_WORDS[change.action]}"
        body = f"理由：{change.reason}" if change.reason and not item.restricted else ""
        notices += [
            Notice(person, "item", _key(change), title, body, _url(item.pk))
            for person in allowed_to_hear(item, of_units, named)
        ]
    _post(notices, changes[0].actor.user_id)


def tell_delisting(item: SupervisedItem, *, actor: int | None) -> None:
    """申请摘牌: a second person of the office decides."""
    people = allowed_to_hear(item, office_people([item])[item.jurisdiction_id], named_people([item]))
    key = f"item:delisting:{item.pk}:{item.row_version}"
    title = f"{spoken_of(item)}申请摘牌，请核准后销号"
    _post([Notice(person, "item", key, title, "", _url(item.pk)) for person in people], actor)


def tell_endorsed(item: SupervisedItem, *, actor: int | None, words: str) -> None:
    """The leader's word reaches the office."""
    people = allowed_to_hear(item, office_people([item])[item.jurisdiction_id], named_people([item]))
    who = item.leader_label or str(item.leader or "")
    key = f"item:endorsed:{item.pk}:{item.row_version}"
    title = f"{who}对{spoken_of(item)}的意见：{words}"
    _post([Notice(person, "item", key, title, "", _url(item.pk)) for person in people], actor)


def tell_next(changes: list[Change]) -> None:
    """Effect of every move of a report: whoever has it now is told; a return tells who filed it, with the reason."""
    rows = [change.obj for change in changes]
    units = {row.department_id for row in rows}
    heads = unit_people(units, Role.UNIT_HEAD)
    liaisons = unit_people(units, Role.LIAISON, Role.DISTRICT_OFFICE)
    offices = office_people([row.part.item for row in rows])
    named = named_people({row.part.item for row in rows})
    notices: list[Notice] = []
    for change in changes:
        row: Any = change.obj
        item, unit = row.part.item, row.part.department
        office = offices[item.jurisdiction_id]
        word = "办结报告" if row.final else "阶段反馈"
        about = f"{spoken_of(item)}的{word}" if item.restricted else f"{unit}对{spoken_of(item)}的{word}"
        told: list[tuple[Iterable[int], str, str, str, bool]] = []
        match change.action:
            case "submit":
                signers = heads[row.department_id] - {row.filed_by_id}
                if signers:
                    told.append((signers, "sign", f"{about}待审签", "", False))
                else:
                    told.append((office, "sign", f"{about}待会签（该单位未设审签账号）", "", False))
            case "sign" | "sign_on_paper" | "countersign":
                told.append((office, "review", f"{about}待审核", "", False))
            case "return_by_head" | "return_by_office":
                by = "单位负责人" if change.action == "return_by_head" else "办公室"
                people = (liaisons[row.department_id] | {row.filed_by_id}) - {None}
                told.append((people, "returned", f"{about}被{by}退回", f"退回意见：{change.reason}", True))
            case "accept":
                people = (liaisons[row.department_id] | {row.filed_by_id}) - {None}
                told.append((people, "accepted", f"{about}已审核通过", "", False))
        url = reverse("item_report", args=[row.pk])
        for recipients, kind, title, body, urgent in told:
            heard = allowed_to_hear(item, set(recipients), named)
            body = "" if item.restricted else body
            notices += [Notice(person, kind, _key(change), title, body, url, urgent) for person in heard]
    _post(notices, changes[0].actor.user_id)
