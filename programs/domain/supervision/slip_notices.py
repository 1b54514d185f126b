"""Who is told of a slip: inbox notices in Chinese, written with the move itself. A leader only when a person has named
him on the slip he issues."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from programs.choices import SlipColour
from programs.models import Slip, SupervisedItemUserObjectPermission
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from ..people import office_people, unit_people
from .escalation import WORDS, kind_name

UNIT_ROLES = (Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)


def name_of(slip: Slip) -> str:
    """督办通知〔2026〕7号（橙色）; before it has a number, its kind."""
    colour = WORDS[slip.colour]
    return (slip.number or kind_name(slip.kind)) + (f"（{colour}）" if colour else "")


def _named(slips: Iterable[Slip]) -> dict[int, set[int]]:
    """Restricted item → persons named for it; one query, and only where there is such an item."""
    items = {
        slip.item_part.item_id
        for slip in slips
        if slip.item_part is not None and slip.item_part.item.restricted
    }
    named: dict[int, set[int]] = {item: set() for item in items}
    if items:
        rows = SupervisedItemUserObjectPermission.objects.filter(
            content_object_id__in=items, permission__codename="follow_item"
        )
        for item, user in rows.values_list("content_object_id", "user_id"):
            named[item].add(user)
    return named


def _post(notices: list[tuple[Slip, Notice]], actor_id: int | None) -> None:
    """Writes them, without the person who acts, and without whoever may not know of a restricted item."""
    named = _named(slip for slip, _notice in notices)
    kept = []
    for slip, notice in notices:
        item = slip.item_part.item_id if slip.item_part is not None else None
        if notice.recipient_id != actor_id and (item not in named or notice.recipient_id in named[item]):
            kept.append(notice)
    post_many(kept)


def _notices(
    slip: Slip, people: Iterable[int | None], what: str, title: str, body: str, urgent: bool = False
) -> Any:
    key = f"slip:{what}:{slip.pk}:{slip.row_version}"
    url = reverse("slip", args=[slip.pk])
    return [
        (slip, Notice(person, f"slip_{what}", key, title, body, url, urgent)) for person in people if person
    ]


def tell_issued(changes: list[Change]) -> None:
    """签发: the unit is asked to acknowledge and answer; the leader whom the issuer has named reads it, too."""
    people = unit_people({change.obj.department_id for change in changes}, *UNIT_ROLES)
    notices = []
    for change in changes:
        slip: Slip = change.obj
        due = f"{slip.due_on.year}年{slip.due_on.month}月{slip.due_on.day}日"
        urgent = slip.colour in (SlipColour.ORANGE, SlipColour.RED)
        body = f"{slip.demands}\n请先签收，并于{due}前回复。"
        notices += _notices(
            slip, people[slip.department_id], "issued", f"{name_of(slip)}：{slip.matter}", body, urgent
        )
        if slip.to_leader_id is not None:
            title = f"{name_of(slip)}送您阅：{slip.department}，{slip.matter}"
            notices += _notices(slip, {slip.to_leader_id}, "to_leader", title, slip.situation)
    _post(notices, changes[0].actor.user_id)


def tell_ended(changes: list[Change]) -> None:
    """办结 or 作废: the unit hears how its slip ended."""
    people = unit_people({change.obj.department_id for change in changes}, *UNIT_ROLES)
    notices = []
    for change in changes:
        slip: Slip = change.obj
        void = change.action == "withdraw"
        title = f"{name_of(slip)}{'已作废，不需再办' if void else '已办结'}：{slip.matter}"
        body = f"作废原因：{change.reason}" if void else ""
        notices += _notices(slip, people[slip.department_id], change.action, title, body)
    _post(notices, changes[0].actor.user_id)


def tell_answer(changes: list[Change]) -> None:
    """Effect of every move of an answer: whoever has it now is told; a return tells the unit, with the reason."""
    by_action: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_action[change.action].append(change)
    notices: list[tuple[Slip, Notice]] = []
    for action, group in by_action.items():
        notices += _answer_notices(action, group)
    _post(notices, changes[0].actor.user_id)


def _answer_notices(action: str, group: list[Change]) -> list[tuple[Slip, Notice]]:
    slips = [change.obj.slip for change in group]
    units = {slip.department_id for slip in slips}
    notices: list[tuple[Slip, Notice]] = []
    if action == "submit":
        heads, offices = unit_people(units, Role.UNIT_HEAD), office_people(slips)
        for change in group:
            slip, answer = change.obj.slip, change.obj
            people, title = heads[slip.department_id] - {answer.filed_by_id}, f"{name_of(slip)}的回复待审签"
            if not people:
                people, title = (
                    offices[slip.jurisdiction_id],
                    f"{name_of(slip)}的回复待会签（该单位未设审签账号）",
                )
            notices += _notices_of(change, people, title, slip.matter)
    elif action in ("sign", "countersign"):
        offices = office_people(slips)
        for change in group:
            slip = change.obj.slip
            title = f"{slip.department}已回复{name_of(slip)}，待审核"
            notices += _notices_of(change, offices[slip.jurisdiction_id], title, slip.matter)
    elif action in ("return_by_head", "return_by_office"):
        liaisons = unit_people(units, Role.LIAISON, Role.DISTRICT_OFFICE)
        heads = unit_people(units, Role.UNIT_HEAD) if action == "return_by_office" else defaultdict(set)
        by = "单位负责人" if action == "return_by_head" else "办公室"
        for change in group:
            slip, answer = change.obj.slip, change.obj
            people = liaisons[slip.department_id] | heads[slip.department_id] | {answer.filed_by_id}
            title = f"{name_of(slip)}的回复被{by}退回，请重新回复"
            notices += _notices_of(
                change, people, title, f"{slip.matter}。退回意见：{change.reason}", urgent=True
            )
    return notices


def _notices_of(
    change: Change, people: Iterable[int | None], title: str, body: str, urgent: bool = False
) -> Any:
    answer, slip = change.obj, change.obj.slip
    key = f"slip_answer:{change.action}:{answer.pk}:{answer.row_version}"
    url = reverse("slip", args=[slip.pk])
    return [
        (slip, Notice(person, f"slip_{change.action}", key, title, body, url, urgent))
        for person in people
        if person
    ]


def tell_proposed(slips: list[Slip], *, day: Any) -> None:
    """The office hears once a day that the system proposes slips; nobody else, and never a leader."""
    counts: dict[int, int] = defaultdict(int)
    for slip in slips:
        counts[slip.jurisdiction_id] += 1
    offices = office_people(slips)
    url = f"{reverse('slips')}?tab=proposed"
    post_many(
        Notice(
            person,
            "slip_proposed",
            f"slip_proposed:{place}:{day:%Y%m%d}",
            f"系统建议签发督办单{count}张，请审定",
            "",
            url,
        )
        for place, count in counts.items()
        for person in offices[place]
    )
