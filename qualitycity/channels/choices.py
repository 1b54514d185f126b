from django.db import models
from django.utils.translation import gettext_lazy as _


class RobotKind(models.TextChoices):
    """群机器人: services whose groups take messages at an address of their own (webhook)."""

    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
