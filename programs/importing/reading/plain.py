"""Text files, and the characters of any bytes: UTF-8, UTF-16 with its mark, GB18030 and what it grew out of."""

import codecs
import re
from typing import Final

from ..source import Source, Unreadable
from .building import MOST_CHARACTERS

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Share of characters that may be lost before it is no text any more: a damaged spot, not another encoding.
_MOST_LOST: Final = 0.01
_LOST: Final = "\ufffd"
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
#: What pages call themselves → the encoding all of it is part of. Nothing else that a file names is tried.
_DECLARED: Final = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(
        ("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "ms936", "euc-cn"), "gb18030"
    ),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
}


def read_text(data: bytes) -> Source:
    """The text as it stands in the file; only line ends are made one kind and unprintable bytes taken out."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if len(_CONTROL.findall(text)) > len(text) * _MOST_LOST:
        raise Unreadable("not_text")
    text = _CONTROL.sub("", text)
    if not text.strip():
        raise Unreadable("no_text")
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long")
    return Source(text, "txt")


def decode(data: bytes, declared: str = "") -> str:
    """The characters. `declared` is what the file says of itself; it is believed where it fits.

    Raises `Unreadable` for what is text in none of the encodings.
    """
    tried = ["utf-8", "gb18030"]
    if (known := _DECLARED.get(declared.strip().lower())) and known != tried[0]:
        tried = [known, *(other for other in tried if other != known)]
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data, tried = data[len(mark) :], [encoding]
            break
    for encoding in tried:
        try:
            # a character cut in half at the end is a cut file, not another encoding
            return codecs.getincrementaldecoder(encoding)("strict").decode(data)
        except UnicodeDecodeError:
            continue
    lost, text = min(
        (text.count(_LOST) / len(text), text) for text in (data.decode(name, "replace") for name in tried)
    )
    if lost > _MOST_LOST:
        raise Unreadable("not_text")
    return text
