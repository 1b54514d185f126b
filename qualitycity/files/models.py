import uuid

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file that passed the checks. ``original_name`` is for people, ``storage_name`` for the disk, and the
    two have nothing in common. ``size`` is in bytes.
    """

    public_id = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    original_name = models.CharField(_("file name"), max_length=120)
    extension = models.CharField(_("file type"), max_length=10)
    content_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    purpose = models.CharField(_("purpose"), max_length=40)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    storage_name = models.CharField(_("stored as"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(name="files_storedfile_not_empty", condition=models.Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.original_name

    def open(self) -> File:
        """The content, opened for reading bytes. Raises ``FileNotFoundError`` when the disk has lost it."""
        return default_storage.open(self.storage_name, "rb")
