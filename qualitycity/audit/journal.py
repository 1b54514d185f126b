"""Writing and reading the journal. This is the only place that writes ``audit.Entry``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db import models
from django.utils import timezone

from .models import Audience, Entry


class Actor(Protocol):
    """Who acts, as the journal needs it: ids and the labels to be printed for good."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...
    @property
    def acting_for_id(self) -> int | None: ...
    @property
    def acting_for_label(self) -> str: ...
    @property
    def request_id(self) -> str: ...


def build_entry(
    *,
    subject: models.Model,
    action: str,
    actor: Actor | None = None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    before: Any = None,
    after: Any = None,
    audience: str = Audience.ALL,
    at: datetime | None = None,
) -> Entry:
    """An entry about a saved ``subject``, not yet written (for ``write_entries``).

    ``actor`` is ``None`` when the clock or the system acts. ``before`` and ``after`` are plain JSON values
    (dates and Decimals become text). ``at`` is aware; by default now, by the clock that tests may move.
    """
    if subject.pk is None:
        raise ValueError("the journal speaks of saved objects only")
    entry = Entry(
        at=at or timezone.now(),
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        action=action,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        audience=audience,
        jurisdiction_id=getattr(subject, "jurisdiction_id", None),
        before=before,
        after=after,
    )
    if actor is not None:
        entry.actor_id = actor.user_id
        entry.actor_label = (actor.label or "")[:200]
        entry.acting_for_id = actor.acting_for_id
        entry.acting_for_label = (actor.acting_for_label or "")[:200]
        entry.request_id = (actor.request_id or "")[:36]
    return entry


def write_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Write entries made by ``build_entry``, in their order and in the caller's transaction; one query."""
    return Entry.objects.bulk_create(entries)


def record(
    *,
    subject: models.Model,
    action: str,
    actor: Actor | None = None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    before: Any = None,
    after: Any = None,
    audience: str = Audience.ALL,
    at: datetime | None = None,
) -> Entry:
    """Write one entry about a saved ``subject``, in the caller's transaction: no change, no entry.

    Arguments as for ``build_entry``.
    """
    entry = build_entry(
        subject=subject,
        action=action,
        actor=actor,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        before=before,
        after=after,
        audience=audience,
        at=at,
    )
    return write_entries([entry])[0]


def history(subject: models.Model) -> models.QuerySet[Entry]:
    """Every entry about ``subject``, oldest first. The caller narrows it to the reader's ``audience``."""
    return Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("id")
