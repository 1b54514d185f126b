"""The sentences that leave the portal. Each says how many matters wait and nothing of them; Chinese whatever the
language of anybody's screen."""

from django.conf import settings


def for_person(count: int) -> str:
    return f"【{settings.PORTAL_NAME}】您有{count}项待办，请登录门户查看。"


def for_group(whose: str, count: int) -> str:
    return f"【{settings.PORTAL_NAME}】{whose}今日有{count}项待办，请登录门户查看。"


def trial() -> str:
    """测试消息. Holds 待办, the word that a robot guarded by keywords is told to wait for."""
    return f"【{settings.PORTAL_NAME}】这是一条测试消息：待办提醒将发到这里，只说有几项，不说内容。"
