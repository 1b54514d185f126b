"""Outbox handlers of this app: messages that try a channel."""

from django.conf import settings
from django.utils.translation import gettext as _

from qualitycity.channels import texts
from qualitycity.outbox.models import Message
from qualitycity.outbox.registry import GiveUp, handler
from taskforce.domain import channels, delivering
from taskforce.models import Robot, User


@handler("channel.test", outside=True)
def send_trial(message: Message) -> None:
    """测试消息 to a group, or to the person who asked for it."""
    if "robot" in message.payload:
        robot = Robot.objects.select_related("jurisdiction", "department").filter(pk=message.payload["robot"]).first()
        if robot is None:
            raise GiveUp(_("This robot has been removed in the meantime."))
        delivering.to_group(robot, texts.trial())
        return
    user, channel = User.objects.get(pk=message.payload["user"]), message.payload["channel"]
    why = channels.unreachable(user, channel) if user.is_active else _("The account is closed.")
    if why:
        raise GiveUp(why)
    if channel == channels.SMS:
        delivering.to_mobile(user, texts.trial(), 0)
    else:
        delivering.to_mailbox(user, f"【{settings.PORTAL_NAME}】测试消息", texts.trial())
