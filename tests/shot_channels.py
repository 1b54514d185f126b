"""Outside channels as they are photographed: a robot whose test arrived, one that was refused, one that is off."""

from typing import Any

from django.utils import timezone

from .shot_acts import press

HOOK = "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d4e5f"
DING = "https://oapi.dingtalk.com/robot/send?access_token=0a1b2c3d4e5f"


def robots(unit: Any) -> int:
    """Key of the robot whose page is photographed."""
    from qualitycity.outbox.models import Message
    from taskforce.contracts import actor_context
    from taskforce.domain import channels
    from taskforce.models import Department, User

    actor = actor_context(User.objects.get(username="office"), day=timezone.localdate())
    other = Department.objects.filter(jurisdiction=unit.jurisdiction, closed_on=None).exclude(pk=unit.pk).first()
    made = [
        channels.set_up_robot(
            actor=actor, jurisdiction=unit.jurisdiction, department=department, kind=kind, name=name, address=address,
            secret="SEC0a1b2c3d" if kind == "dingtalk" else "",
        )  # fmt: skip
        for department, kind, name, address in (
            (None, "dingtalk", "质量强市工作群", DING),
            (unit, "feishu", "质量发展科工作群", HOOK),
            (other, "feishu", "办公室联络群", HOOK + "6"),
        )
    ]
    for robot in made[:2]:
        channels.switch_robot(robot, actor=actor, on=True)
        channels.try_robot(robot, actor=actor)
    done = {"finished_at": timezone.now(), "attempts": 1}
    Message.objects.filter(payload__robot=made[0].pk).update(state="sent", **done)
    Message.objects.filter(payload__robot=made[1].pk).update(
        state="parked", **done,
        last_error="飞书拒收（代码 19021：sign match fail or timestamp is not within one hour from current time）。"
        "请核对地址、加签密钥和机器人的安全设置。",
    )  # fmt: skip
    return made[1].pk


def wrong_robot(page: Any) -> None:
    page.locator("#id_name").fill("质量工作群")
    page.locator("#id_address").fill("https://oapi.dingtalk.com.example.org/robot/send?access_token=1")
    press("form button[value=save]")(page)


#: Name, who, path, what is done there.
CHANNEL_SHOTS = [
    ("channels", "office", "/channels/"),
    ("channels-empty", "donghu.zlb", "/channels/"),
    ("channels-system", "sysadmin", "/channels/"),
    ("robot", "office", "/channels/robots/{robot}/"),
    ("robot-new", "office", "/channels/robots/new/"),
    ("robot-new-wrong", "office", "/channels/robots/new/", wrong_robot),
    ("calendar-address", "caizheng", "/account/", press("form[action$='account/calendar/'] button[value=renew]")),
]
