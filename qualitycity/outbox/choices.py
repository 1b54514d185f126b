from django.db import models
from django.utils.translation import gettext_lazy as _


class Queue(models.TextChoices):
    """One Celery queue each, so that a long PDF never holds up a reminder."""

    DEFAULT = "default", _("General queue")
    MAIL = "mail", _("E-mail")
    PDF = "pdf", _("PDF reports")
    IMPORT = "import", _("Imports")


class State(models.TextChoices):
    PENDING = "pending", _("Queued")
    LEASED = "leased", _("Being carried out")
    SENDING = "sending", _("Being sent")
    DONE = "done", _("Carried out")
    SENT = "sent", _("Sent")
    DOUBTFUL = "doubtful", _("Unclear whether sent")
    PARKED = "parked", _("Set aside after failures")


#: Held by a worker; a lease that has run out is taken back by whoever drains next.
HELD = (State.LEASED, State.SENDING)

#: Waits for a person: the portal will not try again by itself.
NEEDS_PERSON = (State.DOUBTFUL, State.PARKED)
