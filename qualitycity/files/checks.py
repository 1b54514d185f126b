"""What is refused and why. Every check is cheap and bounded: it reads headers and directories, never a whole
document into memory, and trusts nothing the sender says about his file.
"""

import re
from collections.abc import Callable
from typing import IO, Final

import filetype
from django.utils.translation import gettext as _
from PIL import Image

from .archives import check_office
from .refusals import FileRefused
from .types import MEGABYTE, Family, FileType

#: 50 megapixels: an A3 page scanned at 400 dpi has 31.
MAX_PIXELS: Final = 50_000_000
_HEAD: Final = 262  # as much as the library wants to see
_TAIL: Final = 8 * 1024
_CHUNK: Final = MEGABYTE
#: The trailer of an encrypted PDF names its encryption dictionary, in plain bytes wherever it stands.
_ENCRYPT: Final = re.compile(rb"/Encrypt\s{0,20}(?:\d{1,10}\s{1,20}\d{1,5}\s{1,20}R|<<)")
_OVERLAP: Final = 128


def check_content(content: IO[bytes], size: int, kind: FileType) -> None:
    """Raise ``FileRefused`` unless ``content``, ``size`` bytes, is what its extension says and harmless."""
    if size == 0:
        raise FileRefused(_("The file is empty."))
    if size > kind.max_bytes:
        raise FileRefused(
            _("The file is too large: at most %(limit)d MB for this type.")
            % {"limit": kind.max_bytes // MEGABYTE}
        )
    _CHECKS[kind.family](content, size, kind)


def _check_pdf(content: IO[bytes], size: int, kind: FileType) -> None:
    _check_signature(content, kind)
    content.seek(max(0, size - _TAIL))
    if b"%%EOF" not in content.read(_TAIL):
        raise FileRefused(_("The PDF is incomplete. Please save or scan it again."))
    # Searching the bytes, not parsing: a parser can be sent round in circles by its input, a search cannot.
    content.seek(0)
    carried = b""
    while chunk := content.read(_CHUNK):
        if _ENCRYPT.search(carried + chunk):
            raise FileRefused(_("The PDF is protected by encryption. Please save it without a password."))
        carried = chunk[-_OVERLAP:]


def _check_image(content: IO[bytes], size: int, kind: FileType) -> None:
    _check_signature(content, kind)
    content.seek(0)
    try:
        # reads the header only; the picture is never decoded here
        with Image.open(content, formats=("JPEG", "PNG")) as image:
            width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        width, height = MAX_PIXELS, MAX_PIXELS
    except (OSError, SyntaxError, ValueError, TypeError, OverflowError) as error:
        raise FileRefused(_("The picture is damaged.")) from error
    if width * height > MAX_PIXELS:
        raise FileRefused(
            _("The picture has too many pixels: at most %(limit)d million.")
            % {"limit": MAX_PIXELS // 1_000_000}
        )


def _check_office_document(content: IO[bytes], size: int, kind: FileType) -> None:
    check_office(content, size, kind.extension)


def _check_text(content: IO[bytes], size: int, kind: FileType) -> None:
    """Text has no signature, so that of something else gives the wrong extension away."""
    content.seek(0)
    if filetype.guess_mime(content.read(_HEAD)) is not None:
        raise FileRefused(
            _("The content is not what the extension .%(extension)s says.") % {"extension": kind.extension}
        )


def _check_signature(content: IO[bytes], kind: FileType) -> None:
    content.seek(0)
    found = filetype.guess_mime(content.read(_HEAD))
    if found != kind.content_type:
        raise FileRefused(
            _("The content is not what the extension .%(extension)s says.") % {"extension": kind.extension}
        )


_CHECKS: Final[dict[Family, Callable[[IO[bytes], int, FileType], None]]] = {
    Family.PDF: _check_pdf,
    Family.IMAGE: _check_image,
    Family.OFFICE: _check_office_document,
    Family.TEXT: _check_text,
}
