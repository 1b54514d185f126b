"""编号: numbers per office, series and year, without gaps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from taskforce.models import Jurisdiction


class NumberSeries(models.Model):
    """The last number given out. The row is locked by the transaction that takes the next one, and a transaction that
    fails gives it back: that is why there are no gaps, and why a number is taken last."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="number_series"
    )
    series = models.CharField(_("series"), max_length=20)
    year = models.PositiveIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        ordering = ["jurisdiction", "series", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "series", "year"], name="number_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕{self.last}"
