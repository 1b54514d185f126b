"""Who hears of a supporting unit's part: the lead when it is handed in, the supporting unit when it is asked (back)."""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from programs.access.supervision.contributions import leading_parts
from programs.models import Contribution
from qualitycity.access import ActorContext
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from ..people import unit_people

LIAISONS = (Role.LIAISON, Role.DISTRICT_OFFICE)


def tell_next(changes: list[Change]) -> None:
    """Effect of every move; a part moves alone."""
    notices: list[Notice] = []
    for change in changes:
        row = change.obj
        unit, task = row.part.department, row.part.task.title
        key = f"contribution-{change.action}:{row.pk}:{row.row_version}"
        if change.action == "hand_in":
            title = f"{unit}已报任务“{task}”的配合情况，请采纳或退回补充"
            for part in leading_parts(row):
                url = reverse("entry", args=[row.window_id, part.department_id, f"task-{part.pk}"])
                people = unit_people({part.department_id}, *LIAISONS)[part.department_id or 0]
                notices += [Notice(person, "contribution", key, title, row.text, url) for person in people]
        elif change.action in ("adopt", "ask_back"):
            word = "已被牵头单位采纳" if change.action == "adopt" else "被牵头单位退回补充"
            body = f"退回意见：{change.reason}" if change.action == "ask_back" else ""
            people = {row.filed_by_id} | unit_people({row.department_id}, *LIAISONS)[row.department_id or 0]
            url = reverse("contribution", args=[row.window_id, row.part_id])
            title = f"任务“{task}”的配合情况{word}"
            notices += [
                Notice(person, "contribution", key, title, body, url, change.action == "ask_back")
                for person in people - {None}
            ]
    actor = changes[0].actor.user_id
    post_many([notice for notice in notices if notice.recipient_id != actor])


def tell_asked(rows: Collection[Contribution], actor: ActorContext) -> None:
    """催: the supporting units' liaisons, once a day at most."""
    people = unit_people({row.department_id for row in rows}, *LIAISONS)
    today = timezone.localdate()
    post_many(
        Notice(
            person,
            "contribution",
            f"contribution-ask:{row.pk}:{today:%Y%m%d}",
            f"请于{row.due_on.month}月{row.due_on.day}日前向牵头单位报任务“{row.part.task.title}”的配合情况",
            "",
            reverse("contribution", args=[row.window_id, row.part_id]),
        )
        for row in rows
        for person in people[row.department_id or 0]
        if person != actor.user_id
    )
