"""Taking a file in: check, write to disk, book the row.

The disk is written before the row is committed, so a row never points at nothing. A rolled back transaction
leaves a file that no row knows; ``sweeping`` removes it. It is not removed on the spot: when a commit's
answer is lost, nobody here can tell it from a rollback, and evidence must not go with a lost answer.
"""

import hashlib
import logging
import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from .checks import check_content
from .models import StoredFile
from .names import clean_name
from .refusals import FileRefused
from .types import EVIDENCE_TYPES, TYPES, FileType

__all__ = ["EVIDENCE_TYPES", "FileRefused", "examine", "store"]

logger = logging.getLogger(__name__)


class Uploader(Protocol):
    """Who uploads, as far as this matters here."""

    @property
    def user_id(self) -> int | None: ...


def store(
    uploaded_file: File,
    *,
    purpose: str,
    actor: Uploader,
    allowed: Collection[str] = EVIDENCE_TYPES,
    max_bytes: int | None = None,
) -> StoredFile:
    """Check ``uploaded_file`` and keep it; returns the saved row. Call it inside the business transaction.

    ``allowed`` are extensions (see ``types``), ``purpose`` is one word for what the file is kept for, ``max_bytes``
    takes the place of the limit of its type (for what the portal makes itself). Raises ``FileRefused`` with a sentence
    for the person, ``ValueError`` when ``actor`` is not a person.
    """
    if actor.user_id is None:
        raise ValueError("a file is uploaded by a person")
    name, kind, sha256 = examine(uploaded_file, allowed=allowed, max_bytes=max_bytes)
    return StoredFile.objects.create(
        original_name=name,
        extension=kind.extension,
        content_type=kind.content_type,
        size=uploaded_file.size,
        sha256=sha256,
        purpose=purpose,
        uploaded_by_id=actor.user_id,
        storage_name=_write(uploaded_file),
    )


def examine(
    uploaded_file: File, *, allowed: Collection[str], max_bytes: int | None = None
) -> tuple[str, FileType, str]:
    """The same checks for a file that is read and not kept: its clean name, its type, its SHA-256."""
    name, kind = _name_and_kind(uploaded_file.name or "", allowed)
    kind = replace(kind, max_bytes=max_bytes) if max_bytes is not None else kind
    check_content(uploaded_file, uploaded_file.size, kind)
    digest = hashlib.sha256()
    for chunk in uploaded_file.chunks():
        digest.update(chunk)
    return name, kind, digest.hexdigest()


def _name_and_kind(raw: str, allowed: Collection[str]) -> tuple[str, FileType]:
    name = clean_name(raw)
    stem, _dot, extension = name.rpartition(".")
    if extension not in allowed:
        raise FileRefused(
            _("Files of this type are not accepted. Accepted are: %(types)s.")
            % {"types": ", ".join(sorted(kind.upper() for kind in allowed))}
        )
    kind = TYPES[extension]
    return (name if stem else f"{_('file')}.{extension}"), kind


def _write(uploaded_file: File) -> str:
    random = uuid.uuid4().hex
    try:
        return default_storage.save(f"{random[:2]}/{random}", uploaded_file)
    except OSError as error:
        # disk full or read-only: no row is written, and the person can do nothing but come back
        logger.exception("an uploaded file could not be written")
        raise FileRefused(_("The file cannot be stored at the moment. Please try again later.")) from error


def discard(stored: StoredFile) -> None:
    """Forget a file that the portal made itself and has made anew; ``sweeping`` takes it off the disk. Never what a
    person uploaded: that is kept.
    """
    stored.delete()
