"""批示: a leader's remark is a record of its own and never changes a report."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import VisibleQuerySet
from .programmes import Programme
from .tasks import Task


class LeaderRemark(models.Model):
    """On a programme, or on one task of it. 代录: `recorded_by` is the secretary, `leader` whose words they are."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="remarks"
    )
    task = models.ForeignKey(
        Task, verbose_name=_("task"), null=True, blank=True, on_delete=models.CASCADE, related_name="remarks"
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("leader"), on_delete=models.PROTECT, related_name="remarks"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(_("remark"), max_length=500)
    at = models.DateTimeField(_("recorded at"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("leader's remark")
        verbose_name_plural = _("leaders' remarks")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_not_empty")]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def by_secretary(self) -> bool:
        return self.recorded_by_id != self.leader_id
