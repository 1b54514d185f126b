"""Robots of groups and a calendar's secret address, for the address book."""

from typing import Any

from taskforce.domain.channels import set_up_robot
from taskforce.domain.feeds import renew_feed
from taskforce.models import Jurisdiction

HOOK = "https://open.feishu.cn/open-apis/bot/v2/hook/0123456789"


def channels(stage: Any) -> None:
    """A robot of the city's office, one elsewhere, and the calendar of a liaison."""
    world = stage.world
    elsewhere = Jurisdiction.objects.get(pk=stage.names["far_place"])
    for name, who, place in (("robot", "director", world.city), ("far_robot", "far_office_admin", elsewhere)):
        row = set_up_robot(actor=world.actor(who), jurisdiction=place, kind="feishu", name="工作群", address=HOOK)
        stage.put(**{name: row})
    liaison = world.people["jia_liaison"]
    stage.put(feed=renew_feed(user=liaison, actor=world.actor("jia_liaison")))
