"""责任: who answers for a task, in the role the document prints (牵头/配合/共同负责/单独负责/全体成员)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import PartState, ResponsibilityRole
from taskforce.choices import Origin
from taskforce.models import Department, DepartmentGroup

from .base import Versioned, VisibleQuerySet
from .tasks import Task


class ResponsibilityQuerySet(VisibleQuerySet):
    def filing(self) -> "ResponsibilityQuerySet":
        """Parts of units that owe a report each period."""
        return self.filter(role__in=ResponsibilityRole.filing(), department__isnull=False)


class Responsibility(Versioned):
    """One unit's (or group's) part of a task. `printed` is the form in the clause, `origin` says who put it there."""

    task = models.ForeignKey(Task, verbose_name=_("task"), on_delete=models.CASCADE, related_name="parts")
    department = models.ForeignKey(
        Department,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="responsibilities",
    )
    group = models.ForeignKey(
        DepartmentGroup,
        verbose_name=_("group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="responsibilities",
    )
    expanded_from = models.ForeignKey(
        "self",
        verbose_name=_("expanded from the group"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="expansions",
    )
    role = models.CharField(_("role"), max_length=12, choices=ResponsibilityRole)
    original_role = models.CharField(
        _("role before any adjustment"), max_length=12, choices=ResponsibilityRole, blank=True, editable=False
    )
    printed = models.CharField(_("as printed"), max_length=60, blank=True)
    role_printed = models.CharField(
        _("role in the printed words"),
        max_length=20,
        blank=True,
        help_text=_("Where the clause does not use the role's own word."),
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.PRINTED)
    sort = models.PositiveIntegerField(_("order"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=PartState, default=PartState.PENDING)
    convenor = models.BooleanField(
        _("convening unit"),
        default=False,
        help_text=_("Named by the office where the document names no lead."),
    )
    contact_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("liaison"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    responsible_person = models.CharField(_("responsible person"), max_length=60, blank=True)
    assigned_on = models.DateField(_("assigned on"), null=True, blank=True, editable=False)
    signed_for_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed for by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    signed_for_on = models.DateField(_("signed for on"), null=True, blank=True, editable=False)
    opening_on = models.DateField(_("state before the portal as of"), null=True, blank=True, editable=False)
    opening_percent = models.PositiveSmallIntegerField(
        _("percentage before the portal"), null=True, blank=True, editable=False
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True, editable=False)
    settled_note = models.CharField(_("why waived"), max_length=200, blank=True, editable=False)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ["task", "sort", "pk"]
        indexes = [models.Index(fields=["department", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, group__isnull=True)
                | Q(department__isnull=True, group__isnull=False),
                name="part_unit_or_group",
            ),
            models.UniqueConstraint(
                fields=["task", "department"],
                condition=Q(department__isnull=False),
                name="unit_once_per_task",
            ),
            models.UniqueConstraint(
                fields=["task", "group"], condition=Q(group__isnull=False), name="group_once_per_task"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(convenor=True), name="one_convenor_per_task"
            ),
            models.CheckConstraint(condition=Q(state__in=PartState.values), name="part_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "waived"]) | Q(settled_on__isnull=False),
                name="part_settled_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or self.group} · {self.task}"

    @property
    def jurisdiction_id(self) -> int:
        return self.task.programme.jurisdiction_id

    @property
    def owes_reports(self) -> bool:
        return self.role in ResponsibilityRole.filing() and self.department_id is not None
