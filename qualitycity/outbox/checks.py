"""What must hold between settings for the outbox to keep its word; run by every command and by every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def lease_outlasts_jobs(**_kwargs: Any) -> list[CheckMessage]:
    """A lease that runs out while its worker is still at work hands the message to a second one."""
    limit = settings.CELERY_TASK_TIME_LIMIT
    if settings.OUTBOX_LEASE_SECONDS > limit:
        return []
    return [
        Error(
            f"OUTBOX_LEASE_SECONDS ({settings.OUTBOX_LEASE_SECONDS}) does not exceed CELERY_TASK_TIME_LIMIT ({limit}).",
            hint="A worker that is still busy would lose its message to another one, and e-mails would be in doubt.",
            id="outbox.E001",
        )
    ]
