"""行政区划: jurisdictions of any depth, keyed by GB/T 2260 (and GB/T 10114 for towns)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from taskforce.choices import JurisdictionLevel


class JurisdictionQuerySet(models.QuerySet):
    def within(self, paths) -> "JurisdictionQuerySet":
        """Jurisdictions at or below any of the given `path` values."""
        wanted = models.Q(pk__in=[])
        for path in paths:
            wanted |= models.Q(path__startswith=path)
        return self.filter(wanted)


class Jurisdiction(models.Model):
    """A territory with a government of its own. `path` is "/1/4/": primary keys from the outermost down to itself."""

    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{6}(\d{3})?(\d{3})?$", _("Six, nine or twelve digits."))],
        help_text=_("GB/T 2260 code; nine digits for a town."),
    )
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=30)
    level = models.CharField(_("level"), max_length=12, choices=JurisdictionLevel)
    parent = models.ForeignKey(
        "self", verbose_name=_("superior"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, editable=False, db_index=True)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Keeps `path` true. Moving a territory moves all below it."""
        before = self.path
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != before:
            type(self).objects.filter(pk=self.pk).update(path=path)
            self.path = path
            for child in self.children.all():
                child.save()

    @property
    def jurisdiction_id(self) -> int:
        """A jurisdiction is its own scope."""
        return self.pk
