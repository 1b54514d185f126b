"""What a file is, told by its content; the name only has to agree. Cheap and bounded: nothing is unpacked or parsed."""

import codecs
import io
import re
from typing import Final, get_args

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qualitycity.files.archives import check_office
from qualitycity.files.names import clean_name
from qualitycity.files.refusals import FileRefused

from ..source import Format, Unreadable

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * MEGABYTE
_FORMATS: Final = get_args(Format)
#: Endings that mean the same, and those whose files are told apart only to say why they are refused.
_SAME: Final = {"htm": "html", "text": "txt", "docm": "docx", "dotx": "docx", "dotm": "docx", "xlsm": "xlsx"}
_OLD: Final = frozenset({"doc", "xls", "wps", "et", "dot", "xlt"})
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_HEAD: Final = 4096
_PAGE: Final = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body)[\s>]", re.I)
#: A piece of a page, when the name says that it is one.
_PIECE: Final = re.compile(rb"<(?:meta|title|table|div|p|span|br|h[1-6]|article|section)[\s>/]", re.I)
_SAVED_WHOLE: Final = re.compile(rb"\A(?:From:|MIME-Version:|Subject:)[^\n]*\n", re.I)
_PART: Final = re.compile(rb"PK\x03\x04.{26}(word|xl)/", re.S)
_CONTENT_TYPES: Final = b"[Content_Types].xml"
#: Older programs write other things around the head of the first page.
_PDF_WITHIN: Final = 1024
_PDF_TAIL: Final = 8 * 1024
_FOUND: Final[dict[str, Promise]] = {
    "txt": _("plain text"),
    "html": _("a web page"),
    "docx": _("a Word document"),
    "xlsx": _("an Excel workbook"),
    "pdf": _("a PDF"),
    "zip": _("an archive"),
    "picture": _("a picture"),
    "mhtml": _("a web page saved as one file; please save it as HTML only"),
    "rtf": _("a document in rich text format"),
    "other": _("something else"),
}


def check_size(size: int) -> None:
    """Raise `Unreadable` before anybody reads so many bytes."""
    if size == 0:
        raise Unreadable("empty")
    if size > MOST_BYTES:
        raise Unreadable("too_large", limit=str(MOST_BYTES // MEGABYTE))


def judge(name: str, data: bytes) -> Format:
    """The format of a file that may be read. Raises `Unreadable` for one that is empty, too large, of another kind
    than its name says, under a password, with macros, or packed to be a danger to whoever opens it."""
    check_size(len(data))
    ending = clean_name(name).rpartition(".")[2]
    asked = _SAME.get(ending, ending)
    if asked not in _FORMATS and asked not in _OLD:
        raise Unreadable("kind")
    found = _found(data, asked)
    if found == "txt" and asked == "html" and _PIECE.search(data):
        found = "html"
    if found == "ole":
        raise Unreadable("old")
    if found != asked:
        raise Unreadable("extension", extension=ending, found=str(_FOUND[found]))
    if found in ("docx", "xlsx"):
        try:
            check_office(io.BytesIO(data), len(data), found)
        except FileRefused as error:
            raise Unreadable("said", sentence=str(error)) from error
    if found == "pdf" and b"%%EOF" not in data[-_PDF_TAIL:]:
        raise Unreadable("damaged")
    return asked  # type: ignore[return-value]


def _found(data: bytes, asked: str) -> str:
    """A format, or one of the others of `_FOUND`, or "ole"."""
    head = data[:_HEAD]
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(b"PK"):
        return _packed(data, asked)
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    kind = filetype.guess(head)
    if kind is not None:
        return "picture" if kind.mime.startswith("image/") else "other"
    if _SAVED_WHOLE.match(head):
        return "mhtml"
    if _PAGE.search(head.replace(b"\0", b"")):
        return "html"
    return (
        "other"
        if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        else "txt"
    )


def _packed(data: bytes, asked: str) -> str:
    """Names of parts stand in the archive as they are; one damaged at the end still says what it was."""
    part = _PART.search(data)
    if part is not None:
        return "docx" if part[1] == b"word" else "xlsx"
    # cut off before the first part that tells: whatever it was, it will be found damaged
    return asked if _CONTENT_TYPES in data[:_HEAD] and asked in ("docx", "xlsx") else "zip"
