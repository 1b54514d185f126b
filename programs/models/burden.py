"""填报负担: how many reports an office asks of a unit in a quarter before it must say why it asks for more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taskforce.models import Jurisdiction

from .base import Versioned, VisibleQuerySet


class BurdenCap(Versioned):
    """One per territory; without a row, or with an empty figure, asks are counted and nothing is refused."""

    jurisdiction = models.OneToOneField(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.CASCADE, related_name="burden_cap"
    )
    per_quarter = models.PositiveSmallIntegerField(_("reports per unit and quarter at most"), null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(_("changed at"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of reports asked")
        verbose_name_plural = _("limits of reports asked")
        ordering = ["jurisdiction"]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.per_quarter if self.per_quarter is not None else '—'}"
