"""反馈: what a handling unit reports on its part of a supervised item, and the files behind it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qualitycity.files.models import StoredFile

from ..filing import Filed
from .items import ItemPart


class ItemReport(Filed):
    """阶段反馈, or with `final` the 办结报告 that finishes the part once it is accepted.

    Reports of a part follow each other; one at a time is on its way. Each is a row of its own, so that what was said
    before stays.
    """

    part = models.ForeignKey(
        ItemPart, verbose_name=_("part of a supervised item"), on_delete=models.PROTECT, related_name="reports"
    )
    final = models.BooleanField(_("final report"), default=False)
    progress = models.TextField(_("how it was handled"), max_length=2000, blank=True)
    result = models.TextField(_("result of the handling"), max_length=2000, blank=True)
    problems = models.TextField(_("open problems"), max_length=2000, blank=True)

    class Meta(Filed.Meta):
        verbose_name = _("report on a supervised item")
        verbose_name_plural = _("reports on supervised items")
        ordering = ["part", "-pk"]
        indexes = [models.Index(fields=["state", "part"])]
        constraints = [
            *Filed.Meta.constraints,
            models.UniqueConstraint(
                fields=["part"],
                condition=~Q(state__in=["accepted", "superseded"]),
                name="one_open_report_per_part",
            ),
        ]

    def __str__(self) -> str:
        return str(self.part)

    @property
    def jurisdiction_id(self) -> int:
        return self.part.item.jurisdiction_id

    @property
    def department_id(self) -> int:
        """The unit whose report this is; every filed row answers this."""
        return self.part.department_id


class ItemReportFile(models.Model):
    """佐证材料 of one report."""

    report = models.ForeignKey(ItemReport, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="item_report_file")

    class Meta:
        verbose_name = _("file of a report on a supervised item")
        verbose_name_plural = _("files of reports on supervised items")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.original_name
