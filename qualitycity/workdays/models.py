from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    REST = "rest", _("Day off")
    WORK = "work", _("Make-up working day")


class Holiday(models.Model):
    """A date that differs from the weekend rule, as published (国务院办公厅关于节假日安排的通知) or as set locally."""

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=DayKind.choices)
    name = models.CharField(_("occasion"), max_length=40, blank=True, default="")
    source = models.CharField(_("announced in"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("holiday or make-up day")
        verbose_name_plural = _("holidays and make-up days")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                name="workdays_holiday_kind_known", condition=models.Q(kind__in=DayKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}".strip()
