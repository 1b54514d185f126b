"""Who hears of an adjustment that was carried out: the units of the task, the one that leaves among them."""

from django.urls import reverse

from programs.models import Responsibility
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from ..people import unit_people


def tell_units(changes: list[Change]) -> None:
    """Effect of `carry_out`."""
    notices: list[Notice] = []
    for change in changes:
        row = change.obj
        units = set(
            Responsibility.objects.filter(task=row.task_id, department__isnull=False, assigned_on__isnull=False)
            .values_list("department_id", flat=True)
        )
        people = unit_people(units, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)
        body = "；".join(f"{what}：{before}→{after}" for what, before, after in row.changes) + f"。依据：{row.basis}"
        title = f"任务“{row.task.title}”已调整（调整单{row.numbered}）"
        url = reverse("adjustment", args=[row.pk])
        for person in set().union(*people.values()) if people else set():
            notices.append(Notice(person, "adjustment", f"adjustment:{row.pk}", title, body, url))
    post_many(notices)
