"""What the pages of reminders need on the stage: an e-mail to 甲局 that stopped."""

from typing import Any

from django.utils import timezone

from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import Message


def stopped_mail(stage: Any) -> None:
    person = stage.world.people["jia_liaison"].pk
    enqueue("mail.digest", key="stage:stopped", queue="mail", payload={"user": person, "day": "2026-03-30"})
    rows = Message.objects.filter(dedup_key="stage:stopped")
    rows.update(state="parked", last_error="SMTP 拒绝收件人", finished_at=timezone.now())
    stage.put(stopped=rows.get())
