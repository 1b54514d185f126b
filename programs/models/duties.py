"""Duties and assessment rules printed in a document, as facts; their workflows belong to later rooms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from taskforce.models import Department, DepartmentGroup

from .base import Provenance, VisibleQuerySet
from .programmes import Programme


class Duty(Provenance):
    """职责: binds to a unit or group, never to a person."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="duties"
    )
    who = models.CharField(_("who, as printed"), max_length=120)
    department = models.ForeignKey(
        Department,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duties",
    )
    group = models.ForeignKey(
        DepartmentGroup,
        verbose_name=_("group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duties",
    )
    summary = models.CharField(_("duty in one sentence"), max_length=300)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["programme", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "who", "summary"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.who}：{self.summary}"


class AssessmentRule(Provenance):
    """考核规则 as printed: subject, by whom, consequence."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="assessment_rules"
    )
    rule = models.CharField(_("rule in one sentence"), max_length=300)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    subject = models.CharField(_("who is assessed"), max_length=120, blank=True)
    by = models.CharField(_("by whom"), max_length=120, blank=True)
    consequence = models.CharField(_("consequence"), max_length=200, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment rule")
        verbose_name_plural = _("assessment rules")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "clause_path", "rule"], name="assessment_rule_once")
        ]

    def __str__(self) -> str:
        return self.rule
