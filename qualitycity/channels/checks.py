"""What is wrong in the settings of the channels is said when the portal starts, not when a message fails."""

from typing import Any

from django.core.checks import CheckMessage, Error

from .sms import Misconfigured, gateway


def channels_are_configured(**_more: Any) -> list[CheckMessage]:
    try:
        gateway()
    except Misconfigured as error:
        return [Error(str(error), id="channels.E001")]
    return []
