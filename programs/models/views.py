"""视图: filters and columns of a 任务分解表 under a name, one's own or shared by the office."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import VisibleQuerySet
from .programmes import Programme


class SavedView(models.Model):
    """`query` is the end of the ledger's address ("?light=red&col=lead"); everybody sees his own tasks through it."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="views"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("kept by"), on_delete=models.CASCADE, related_name="ledger_views"
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("address"), max_length=1500, blank=True)
    shared = models.BooleanField(_("shared by the office"), default=False)
    created_at = models.DateTimeField(_("kept at"), auto_now_add=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("view of the ledger")
        verbose_name_plural = _("views of the ledger")
        ordering = ["-shared", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "owner", "name"], name="view_name_once_per_person")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def jurisdiction_id(self) -> int:
        return self.programme.jurisdiction_id
