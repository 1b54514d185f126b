"""Word and Excel files are archives: looked into before anybody unpacks them."""

import re
import struct
import zipfile
import zlib
from typing import IO, Final
from xml.parsers import expat

from django.utils.translation import gettext as _

from .refusals import FileRefused
from .types import MEGABYTE

MAX_ENTRIES: Final = 2000
#: Bytes of directory; two thousand entries with ordinary names need a fifth of it.
MAX_DIRECTORY: Final = MEGABYTE
MAX_UNPACKED: Final = 100 * MEGABYTE
MAX_RATIO: Final = 100
#: Small parts that are all repetition pack well honestly; a ratio says something about larger ones only.
RATIO_COUNTS_FROM: Final = MEGABYTE

_CONTENT_TYPES: Final = "[Content_Types].xml"
#: The part without which it is no document of its kind.
_MAIN_PART: Final = {
    # some programs number the part: word/document2.xml
    "docx": re.compile(r"word/document\d*\.xml"),
    "xlsx": re.compile(r"xl/workbook\d*\.xml"),
}
#: Older Office files, and newer ones under a password, are OLE containers.
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = 0x1
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xfe\xff(?:\x00\s)*\x00<|\xff\xfe(?:\s\x00)*<\x00")
_CHUNK: Final = 64 * 1024


def check_office(content: IO[bytes], size: int, extension: str) -> None:
    """Raise ``FileRefused`` for an archive that is no such document, or that is a danger to whoever opens it:
    too much inside, macros, encryption, or XML with a DOCTYPE (which Office never writes).
    """
    content.seek(0)
    if content.read(len(_OLE)) == _OLE:
        raise FileRefused(
            _(
                "The file is in an old format or under a password. Please save it as .%(extension)s without a password."
            )
            % {"extension": extension}
        )
    _check_directory(content, size)
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            names = {entry.filename for entry in entries}
            if _CONTENT_TYPES not in names or not any(map(_MAIN_PART[extension].fullmatch, names)):
                raise FileRefused(
                    _("The content is not what the extension .%(extension)s says.") % {"extension": extension}
                )
            has_macros = any("vbaproject" in name.lower() for name in names)
            if has_macros or b"macroEnabled" in archive.read(_CONTENT_TYPES):
                raise FileRefused(_("The file contains macros. Please save it without macros."))
            for entry in entries:
                _check_part(archive, entry)
    # whatever a damaged or forged archive makes the library stumble over
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error,
        EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError,
    ) as error:  # fmt: skip
        raise FileRefused(_("The file is damaged. Please open it, save it again and retry.")) from error


def _check_directory(content: IO[bytes], size: int) -> None:
    """Look at the length of the directory before the library makes an object of every entry in it.

    The length cannot be forged downwards: the library reads exactly so much, whatever count is claimed.
    """
    span = min(size, _END.size + 0xFFFF)
    content.seek(size - span)
    tail = content.read(span)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise FileRefused(_("The file is damaged. Please open it, save it again and retry."))
    if _END.unpack_from(tail, at)[5] > MAX_DIRECTORY:
        raise FileRefused(_("The file holds too many parts to be an ordinary document."))


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(_("The file holds too many parts to be an ordinary document."))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileRefused(_("The file is under a password. Please save it without one."))
    too_dense = any(
        entry.file_size > max(RATIO_COUNTS_FROM, MAX_RATIO * entry.compress_size) for entry in entries
    )
    if too_dense or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileRefused(_("The file unpacks to far more than an ordinary document."))


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read an XML part as far as its root element; a DOCTYPE can only stand before it.

    Parts are recognised by content, not by name: the archive's own table may call anything XML. The library
    never unpacks more of a part than the directory declares, and that was checked.
    """
    if entry.is_dir():
        return
    with archive.open(entry) as part:
        chunk = part.read(_CHUNK)
        if not _MARKUP.match(chunk):
            return
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = _reached_root
        try:
            while chunk:
                parser.Parse(chunk)
                chunk = part.read(_CHUNK)
        except _RootReached:
            return
    raise expat.ExpatError("no root element")


class _RootReached(Exception):
    pass


def _reached_root(name: str, attributes: dict[str, str]) -> None:
    raise _RootReached


def _refuse_doctype(*declaration: object) -> None:
    raise FileRefused(_("The file contains a document type declaration, which ordinary documents never do."))
