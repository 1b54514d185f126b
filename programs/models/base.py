"""What several models share: provenance (出处) and the version counter against silent overwriting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qualitycity.access import visible
from taskforce.choices import Origin


class VisibleQuerySet(models.QuerySet):
    """Every list, count, chart and export starts here."""

    def visible_to(self, actor):
        return visible(self, actor)


class Provenance(models.Model):
    """Where a row comes from: printed in a document (原文) or added by the office (办公室分解), never mixed.

    `clause_path` is the printed numbering, "二/(一)/1". `quote` exists only in users' own databases.
    """

    clause_path = models.CharField(_("clause"), max_length=60, blank=True)
    quote = models.TextField(_("quotation"), null=True, blank=True)  # noqa: DJ001 - null: no quotation is kept
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.PRINTED)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """`row_version` goes up with every write; a form that carries an older one is told, not obeyed."""

    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
