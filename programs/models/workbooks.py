"""填报表 that came back: what was read from it, until it is brought in or thrown away."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taskforce.choices import ImportState
from taskforce.models import Department

from .base import VisibleQuerySet
from .progress import ReportingWindow


class WorkbookImport(models.Model):
    """One workbook of a unit and period. The file itself is not kept; `content` holds the cells that were read and goes
    once the import is settled."""

    window = models.ForeignKey(
        ReportingWindow, verbose_name=_("reporting period"), on_delete=models.CASCADE, related_name="workbook_imports"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="workbook_imports"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    file_name = models.CharField(_("file name"), max_length=120)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.OPEN)
    content = models.JSONField(_("cells read"), default=dict, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a workbook")
        verbose_name_plural = _("imports of workbooks")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="workbook_import_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | Q(settled_at__isnull=False, content={}),
                name="workbook_import_keeps_cells_while_open",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def jurisdiction_id(self) -> int:
        return self.window.programme.jurisdiction_id
