"""Disk and table compared: files that no row knows, rows whose file is gone (after a restore, say)."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.utils import timezone

from .models import StoredFile

logger = logging.getLogger(__name__)

#: Longer than any transaction lives: until then a file may belong to a row that is about to be committed.
GRACE: Final = timedelta(hours=1)
#: Only what ``storing`` has named is ever touched.
_FOLDER: Final = re.compile(r"[0-9a-f]{2}")
_FILE: Final = re.compile(r"[0-9a-f]{32}")


def orphans() -> Iterator[str]:
    """Storage names of files older than ``GRACE`` that no row knows. One query for each of 256 folders."""
    cutoff = timezone.now() - GRACE
    for folder in _folders():
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1] if _FILE.fullmatch(name)}
        known = StoredFile.objects.filter(storage_name__in=names).values_list("storage_name", flat=True)
        for name in sorted(names - set(known)):
            if default_storage.get_modified_time(name) < cutoff:
                yield name


def missing() -> Iterator[StoredFile]:
    """Rows whose file is not on the disk or has another size."""
    for stored in StoredFile.objects.order_by("pk").iterator():
        try:
            if default_storage.size(stored.storage_name) != stored.size:
                yield stored
        except FileNotFoundError:
            yield stored


def sweep() -> int:
    """Remove the files that no row knows; returns how many."""
    count = 0
    for name in orphans():
        default_storage.delete(name)
        count += 1
    if count:
        logger.info("%d files without a row removed", count)
    return count


def _folders() -> list[str]:
    try:
        return sorted(folder for folder in default_storage.listdir("")[0] if _FOLDER.fullmatch(folder))
    except FileNotFoundError:  # nothing was ever uploaded
        return []
