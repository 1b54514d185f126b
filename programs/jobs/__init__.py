"""Celery jobs and outbox handlers of this app, registered when it is loaded. Thin: ids in, one domain call."""

from . import imports, meetings, reports, slips  # noqa: F401
