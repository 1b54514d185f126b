"""What slips and bulletins share: a number taken when they are issued, frozen content, a mark when they are void."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qualitycity.files.models import StoredFile

from ..base import Versioned

USER = settings.AUTH_USER_MODEL


class NumberedPaper(Versioned):
    """A paper that gets its number when it is issued. `content` is frozen with `file`; `void_file` is the same paper
    marked 作废. The number of a void paper stays used."""

    year = models.PositiveIntegerField(_("year"), null=True, blank=True, editable=False)
    seq = models.PositiveIntegerField(_("running number"), null=True, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=40, blank=True, editable=False)
    issued_by = models.ForeignKey(
        USER, verbose_name=_("issued by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    signer = models.CharField(_("signed by (as printed)"), max_length=60, blank=True)
    withdrawn_by = models.ForeignKey(
        USER,
        verbose_name=_("made void by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("made void at"), null=True, blank=True)
    note = models.CharField(_("why not issued or made void"), max_length=300, blank=True)
    content = models.JSONField(null=True, blank=True, editable=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)s",
    )
    void_file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file marked as void"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="void_%(class)s",
    )
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def paper(self) -> StoredFile | None:
        """The file as it has to be read now; a void paper is only shown with its mark."""
        return self.void_file if self.withdrawn_at else self.file
