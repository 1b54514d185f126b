"""PDF progress reports: asked for, built by a job, frozen, stored."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import BuildState, ReportScope
from qualitycity.files.models import StoredFile
from taskforce.models import Department

from .base import Versioned, VisibleQuerySet
from .programmes import Programme, Section
from .progress import ReportingWindow


class ProgressReport(Versioned):
    """A report of a programme, section or department for a window. `content` is the frozen canonical JSON."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="reports"
    )
    window = models.ForeignKey(
        ReportingWindow, verbose_name=_("reporting window"), on_delete=models.PROTECT, related_name="reports"
    )
    scope = models.CharField(_("scope"), max_length=12, choices=ReportScope)
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    state = models.CharField(_("state"), max_length=10, choices=BuildState, default=BuildState.QUEUED)
    title = models.CharField(_("title"), max_length=200)
    content = models.JSONField(null=True, blank=True, editable=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="report",
    )
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked for at"))
    built_at = models.DateTimeField(_("built at"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="programme", section__isnull=True, department__isnull=True)
                | Q(scope="section", section__isnull=False, department__isnull=True)
                | Q(scope="department", section__isnull=True, department__isnull=False),
                name="report_scope_matches",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(file__isnull=False, built_at__isnull=False),
                name="report_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id
