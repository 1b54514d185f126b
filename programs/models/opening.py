"""上线前: where a unit's part of a task stood when the portal began to be used. A record, never a report filed in time."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import OpeningStep

from .base import Versioned, VisibleQuerySet
from .responsibility import Responsibility


class OpeningState(Versioned):
    """One per part. What stands (`state` accepted) is copied to `opening_on`, `opening_percent` of the part, which
    lights, ledger and the rule of owed lines read. By the office it stands at once; a unit's is accepted by the office.
    """

    part = models.OneToOneField(
        Responsibility, verbose_name=_("responsibility"), on_delete=models.CASCADE, related_name="opening"
    )
    as_of = models.DateField(_("state as of"))
    percent = models.PositiveSmallIntegerField(
        _("percentage reached"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    result = models.TextField(_("what had been done"), blank=True)
    basis = models.CharField(_("basis of the record"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=OpeningStep)
    by_office = models.BooleanField(_("entered by the office"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    remark = models.CharField(_("why returned"), max_length=200, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("state before the portal")
        verbose_name_plural = _("states before the portal")
        ordering = ["part", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OpeningStep.values), name="opening_step_known"),
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__lte=100), name="opening_percent_real"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True) | Q(by_office=True) | Q(decided_by__isnull=False),
                name="opening_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")), name="opening_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.as_of:%Y-%m-%d}"

    @property
    def jurisdiction_id(self) -> int:
        return self.part.jurisdiction_id
