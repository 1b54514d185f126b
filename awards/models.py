"""奖励: award and incentive schemes that the documents set up or aim at. The award cycle itself comes later."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.choices import SchemeLevel, SchemeRole
from programs.models import Programme, Task
from programs.models.base import Provenance, Versioned, VisibleQuerySet


class AwardScheme(Provenance, Versioned):
    """政府质量奖 and other schemes, as facts: who gives it, to whom, under which clause."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="award_schemes"
    )
    task = models.ForeignKey(
        Task, verbose_name=_("task"), null=True, blank=True, on_delete=models.SET_NULL, related_name="award_schemes"
    )
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=10, choices=SchemeRole)
    level = models.CharField(_("level"), max_length=20, choices=SchemeLevel, blank=True)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    sponsor = models.CharField(_("given by"), max_length=80, blank=True)
    sponsor_inferred = models.BooleanField(_("giver inferred, not printed"), default=False)
    eligible = models.CharField(_("who may receive it"), max_length=200, blank=True)
    process = models.CharField(_("how it is given"), max_length=120, blank=True)
    quota = models.CharField(_("quota as printed"), max_length=40, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("award or incentive scheme")
        verbose_name_plural = _("award and incentive schemes")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "clause_path", "name"], name="scheme_once_per_clause")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id
