"""From a file to a `Source`. Nothing is fetched, nothing is run; who reads files of strangers calls `parsing.parse`,
which does it in a child process held by limits."""

import importlib
from typing import Final

from ..source import Format, Source
from .kinds import judge

#: A reader is loaded when its format comes: each brings a library.
_READERS: Final[dict[Format, tuple[str, str]]] = {
    "txt": ("plain", "read_text"),
    "html": ("web", "read_page"),
    "docx": ("word", "read_word"),
    "pdf": ("pdf", "read_pdf"),
    "xlsx": ("excel", "read_workbook"),
}


def read_document(name: str, data: bytes) -> Source:
    """The text of the file and what its format says about it. Raises `Unreadable`."""
    return read_as(judge(name, data), data)


def read_as(format: Format, data: bytes) -> Source:
    """The same for a file that has been judged."""
    module, function = _READERS[format]
    source: Source = getattr(importlib.import_module(f"{__name__}.{module}"), function)(data)
    return source
