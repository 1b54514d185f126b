"""应报材料: which paper is due from whom to whom, how often, and what came in."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import MaterialState, Recurrence
from qualitycity.files.models import StoredFile
from taskforce.models import Department, Jurisdiction

from ..base import Versioned, VisibleQuerySet
from ..documents import PolicyDocument
from ..programmes import Programme

USER = settings.AUTH_USER_MODEL


class Material(Versioned):
    """应报材料 of the register: 年度质量工作计划, 质量分析报告, 区县实施方案, 考核办法 …

    Due dates follow from `first_due` and `recurrence`: the same day of the month, the last day where the month is
    shorter. `about_previous`: a paper due in April speaks of the first quarter, not of the one that has begun.
    `ended_on`: nothing falls due after that day.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="materials"
    )
    title = models.CharField(_("paper"), max_length=120)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    document = models.ForeignKey(
        PolicyDocument,
        verbose_name=_("policy document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="materials",
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="materials",
    )
    recipient = models.CharField(_("handed in to"), max_length=80)
    recurrence = models.CharField(_("how often"), max_length=8, choices=Recurrence)
    first_due = models.DateField(_("first due on"))
    about_previous = models.BooleanField(_("speaks of the period before"), default=False)
    hint = models.CharField(_("what it must contain"), max_length=300, blank=True)
    units = models.ManyToManyField(Department, verbose_name=_("units"), related_name="materials")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    registered_by = models.ForeignKey(
        USER, verbose_name=_("registered by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    registered_on = models.DateField(_("registered on"), editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper due")
        verbose_name_plural = _("papers due")
        ordering = ["jurisdiction", "title", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(recurrence__in=Recurrence.values), name="material_recurrence_known"),
            models.CheckConstraint(condition=~Q(title=""), name="material_has_title"),
            models.UniqueConstraint(
                fields=["jurisdiction", "title", "recipient"],
                condition=Q(ended_on__isnull=True),
                name="material_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MaterialDueQuerySet(VisibleQuerySet):
    def owed(self) -> "MaterialDueQuerySet":
        """What the units still have to hand in."""
        return self.filter(state__in=MaterialState.with_unit())

    def overdue(self, day: date) -> "MaterialDueQuerySet":
        return self.owed().filter(due_on__lt=day)


class MaterialDue(Versioned):
    """One paper of one unit for one date. `original_due` stays for ever; `label` is the period it speaks of."""

    material = models.ForeignKey(
        Material, verbose_name=_("paper"), on_delete=models.PROTECT, related_name="dues"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="materials_due"
    )
    label = models.CharField(_("period"), max_length=40, blank=True)
    due_on = models.DateField(_("due on"))
    original_due = models.DateField(_("original due date"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MaterialState, default=MaterialState.DUE)
    note = models.CharField(_("note to the office"), max_length=300, blank=True)
    filed_by = models.ForeignKey(
        USER, verbose_name=_("handed in by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_on = models.DateField(_("handed in on"), null=True, blank=True)
    on_behalf = models.BooleanField(_("entered by the office"), default=False)
    decided_by = models.ForeignKey(
        USER, verbose_name=_("accepted by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(_("accepted on"), null=True, blank=True)
    remark = models.CharField(_("remark or reason of the return"), max_length=400, blank=True)

    objects = MaterialDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper due from a unit")
        verbose_name_plural = _("papers due from units")
        ordering = ["due_on", "material", "department__sort", "pk"]
        indexes = [models.Index(fields=["department", "state"]), models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["material", "department", "original_due"], name="material_due_once"),
            models.CheckConstraint(condition=Q(state__in=MaterialState.values), name="material_due_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "accepted"]) | Q(filed_by__isnull=False, filed_on__isnull=False),
                name="material_filed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | (Q(decided_by__isnull=False, decided_on__isnull=False) & ~Q(decided_by=F("filed_by"))),
                name="material_not_accepted_by_filer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material}（{self.label}）" if self.label else str(self.material)

    @property
    def jurisdiction_id(self) -> int:
        return self.material.jurisdiction_id


class MaterialFile(models.Model):
    """The paper itself, as uploaded: a stamped scan, a document."""

    due = models.ForeignKey(MaterialDue, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="material_file")

    class Meta:
        verbose_name = _("paper handed in")
        verbose_name_plural = _("papers handed in")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.original_name
