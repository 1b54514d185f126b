"""延期 of a random world: requests of units about tasks and supervised items, in every state."""

from datetime import date, timedelta

from django.utils import timezone

from programs.choices import ExtensionState
from programs.models import Extension, ItemPart, Responsibility

DAY = date(2026, 3, 26)
NOW = timezone.make_aware(timezone.datetime(2026, 3, 26, 10))


def extensions(rng, users):
    asked = [{"task": part.task, "department": part.department} for part in tasks()]
    asked += [
        {"item_part": part, "department": part.department} for part in ItemPart.objects.select_related("department")
    ]
    for about in asked:
        filer, signer, decider = rng.sample(users, 3)
        state = rng.choice(ExtensionState.values)
        left, decided = state in ExtensionState.left_unit(), state in (ExtensionState.GRANTED, ExtensionState.REFUSED)
        Extension.objects.create(
            **about, reason="流标", progress="已备案", due_then=DAY, asked_on=DAY, wanted_on=DAY + timedelta(days=9),
            state=state, on_behalf=rng.random() < 0.3, filed_by=filer, filed_at=NOW,
            signed_by=signer if left else None, signed_at=NOW if left else None, sign_mode="electronic" if left else "",
            decided_by=decider if decided else None, decided_at=NOW if decided else None,
            granted_on=DAY + timedelta(days=9) if state == ExtensionState.GRANTED else None,
        )  # fmt: skip


def tasks():
    """One part of each task: a task has one open request at a time."""
    parts = Responsibility.objects.filter(department__isnull=False).select_related("task", "department")
    return {part.task_id: part for part in parts}.values()
