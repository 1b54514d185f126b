"""人员导入: what was read from an uploaded workbook, kept between preview and confirmation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qualitycity.files.models import StoredFile
from taskforce.choices import ImportState

from .jurisdictions import Jurisdiction


class PeopleImport(models.Model):
    """One upload of units and people. `rows` hold the cells that were read; they go once the import is settled."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="people_imports"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    file = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.OPEN)
    rows = models.JSONField(_("rows"), default=list, blank=True)
    #: Names of sheets of the workbook that hold neither units nor people.
    skipped = models.JSONField(_("sheets not read"), default=list, blank=True)
    #: Of a finished import: how many of each kind, and the accounts it opened.
    result = models.JSONField(_("outcome of the import"), default=dict, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of people")
        verbose_name_plural = _("imports of people")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="people_import_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | Q(settled_at__isnull=False, rows=[]),
                name="people_import_keeps_rows_while_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)
