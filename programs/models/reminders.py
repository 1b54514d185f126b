"""提醒 delivery log: which rung of which date was told to whom. What stands here is never told twice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderDelivery(models.Model):
    """One rung for one person. `rung` in working days before (negative) or after the due date."""

    key = models.CharField(_("key"), max_length=120, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recipient"), on_delete=models.CASCADE, related_name="+"
    )
    subject = models.CharField(_("what is due"), max_length=200)
    url = models.CharField(_("link"), max_length=200)
    due_on = models.DateField(_("due on"))
    rung = models.IntegerField(_("working days from the due date"))
    digest_on = models.DateField(_("told on"))

    class Meta:
        verbose_name = _("reminder delivered")
        verbose_name_plural = _("reminders delivered")
        ordering = ["-digest_on", "due_on", "pk"]
        indexes = [models.Index(fields=["recipient", "digest_on"])]

    def __str__(self) -> str:
        return self.subject
