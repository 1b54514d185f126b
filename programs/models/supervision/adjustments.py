"""调整单: a change of units, wording or target after 交办, with basis and approver; what was before stays visible."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import AdjustmentKind, AdjustmentState, ResponsibilityRole
from qualitycity.files.models import StoredFile
from taskforce.models import Department, Jurisdiction

from ..base import Versioned, VisibleQuerySet
from ..responsibility import Responsibility
from ..tasks import Task

USER = settings.AUTH_USER_MODEL


class AdjustmentQuerySet(VisibleQuerySet):
    def carried_out(self) -> "AdjustmentQuerySet":
        return self.filter(state=AdjustmentState.CARRIED_OUT)


class Adjustment(Versioned):
    """One change. `before` and `after` are lists of [what, words] as they stood and as they stand then: what is shown of
    it for ever, whatever changes later. Drafted by one person of the office, carried out by another.

    `number` counts per office and year without gaps; it is given when the change is carried out.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="adjustments"
    )
    task = models.ForeignKey(Task, verbose_name=_("task"), on_delete=models.CASCADE, related_name="adjustments")
    kind = models.CharField(_("kind"), max_length=12, choices=AdjustmentKind)
    part = models.ForeignKey(
        Responsibility,
        verbose_name=_("part concerned"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="adjustments",
    )
    department = models.ForeignKey(
        Department, verbose_name=_("new unit"), null=True, on_delete=models.PROTECT, related_name="adjustments"
    )
    role = models.CharField(_("role"), max_length=12, choices=ResponsibilityRole, blank=True)
    title = models.CharField(_("new title"), max_length=200, blank=True)
    requirement = models.CharField(_("new requirement"), max_length=400, blank=True)
    target = models.CharField(_("target concerned"), max_length=40, blank=True)
    value = models.DecimalField(_("new target"), max_digits=14, decimal_places=4, null=True)
    value_text = models.CharField(_("new target in words"), max_length=80, blank=True)
    before = models.JSONField(_("before"), default=list)
    after = models.JSONField(_("after"), default=list)
    basis = models.CharField(_("basis"), max_length=300)
    basis_file = models.OneToOneField(
        StoredFile, verbose_name=_("file of the basis"), null=True, on_delete=models.PROTECT, related_name="adjustment"
    )
    approver = models.CharField(_("approved by"), max_length=80)
    approved_on = models.DateField(_("approved on"))
    state = models.CharField(
        _("state"), max_length=12, choices=AdjustmentState, default=AdjustmentState.DRAFT
    )
    year = models.PositiveIntegerField(_("year"), null=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    drafted_by = models.ForeignKey(USER, verbose_name=_("drafted by"), on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"))
    settled_by = models.ForeignKey(
        USER, verbose_name=_("settled by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["task", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AdjustmentState.values), name="adjustment_state_known"),
            models.CheckConstraint(condition=Q(kind__in=AdjustmentKind.values), name="adjustment_kind_known"),
            models.UniqueConstraint(
                fields=["jurisdiction", "year", "number"],
                condition=Q(number__isnull=False),
                name="adjustment_number_once",
            ),
            models.CheckConstraint(
                condition=Q(state="carried_out", number__isnull=False, year__isnull=False, settled_by__isnull=False)
                | (~Q(state="carried_out") & Q(number__isnull=True, year__isnull=True)),
                name="adjustment_carried_out_is_numbered",
            ),
            models.CheckConstraint(
                condition=~Q(state="carried_out") | ~Q(settled_by=F("drafted_by")),
                name="adjustment_not_carried_out_by_drafter",
            ),
        ]

    def __str__(self) -> str:
        return f"调整单{self.numbered} {self.task}" if self.number else f"{self.get_kind_display()} · {self.task}"

    @property
    def numbered(self) -> str:
        """〔2026〕3号, as printed; empty while it is a draft."""
        return f"〔{self.year}〕{self.number}号" if self.number else ""

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What, before, after: the lines that every page and paper shows."""
        after: dict[str, Any] = dict(self.after)
        before: dict[str, Any] = dict(self.before)
        return [(what, before.get(what, "—"), after.get(what, "—")) for what in dict.fromkeys([*before, *after])]
