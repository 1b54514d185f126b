"""Which kinds of file the portal takes, by extension. The browser's word for the type is never believed."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

MEGABYTE: Final = 1024 * 1024


class Family(Enum):
    """What decides how the content is checked."""

    PDF = "pdf"
    IMAGE = "image"
    OFFICE = "office"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FileType:
    """``content_type`` is what the file is served as; ``max_bytes`` the largest accepted size."""

    extension: str
    content_type: str
    family: Family
    max_bytes: int


_OOXML: Final = "application/vnd.openxmlformats-officedocument."

TYPES: Final = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", Family.PDF, 20 * MEGABYTE),
        FileType("jpg", "image/jpeg", Family.IMAGE, 10 * MEGABYTE),
        FileType("jpeg", "image/jpeg", Family.IMAGE, 10 * MEGABYTE),
        FileType("png", "image/png", Family.IMAGE, 10 * MEGABYTE),
        FileType("docx", f"{_OOXML}wordprocessingml.document", Family.OFFICE, 20 * MEGABYTE),
        FileType("xlsx", f"{_OOXML}spreadsheetml.sheet", Family.OFFICE, 20 * MEGABYTE),
        # served like all else: as an attachment, never shown by the browser
        FileType("txt", "text/plain", Family.TEXT, 5 * MEGABYTE),
        FileType("html", "text/html", Family.TEXT, 5 * MEGABYTE),
        FileType("htm", "text/html", Family.TEXT, 5 * MEGABYTE),
    )
}

#: Evidence 佐证材料: every kind the portal knows but bare text.
EVIDENCE_TYPES: Final = frozenset(name for name, kind in TYPES.items() if kind.family is not Family.TEXT)
