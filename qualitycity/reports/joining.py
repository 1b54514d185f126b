"""Several PDFs and pictures made into one PDF, with page numbers and bookmarks. Uploaded files are read in a child
process that is held by limits: a file can be built to send its reader round in circles.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qualitycity.confined.running import TookTooLong, run_module

logger = logging.getLogger(__name__)

TIMEOUT = 120
COUNTING = 15
MEMORY = 1024
BAD_FILE, OUT_OF_MEMORY, ENCRYPTED = 2, 3, 4

SENTENCES: dict[str, Promise] = {
    "broken": _("The file cannot be read page by page. Please open it, print it to PDF again, and upload that."),
    "encrypted": _("The PDF is protected by encryption. Please save it without a password."),
    "limits": _("The papers are too large to be joined into one PDF. Please upload smaller scans."),
}


class JoinFailed(Exception):
    """Files could not be read or joined. `code` is a key of `SENTENCES`; `str()` is the sentence for the person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(SENTENCES[self.code])


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was uploaded or set: its content and `pdf`, `jpg`, `jpeg` or `png`."""

    content: bytes
    extension: str


@dataclass(frozen=True, slots=True)
class Run:
    """Pages of one source in a row, `first` to `last` (counted from 0, both included; `None` is all of them), with the
    bookmark that leads to them; `level` 0 stands at the left edge, 1 below the one before."""

    source: int
    title: str = ""
    level: int = 0
    first: int = 0
    last: int | None = None


def count_pages(source: Source) -> int:
    """How many pages the file gives. Raises `JoinFailed` for one that cannot be read."""
    counted = _child([source], [], seconds=COUNTING)
    return int(counted.decode())


def join(sources: Sequence[Source], runs: Sequence[Run], *, title: str) -> bytes:
    """The PDF of all runs in order, pages numbered through. Raises `JoinFailed`."""
    return _child(sources, runs, seconds=TIMEOUT, title=title)


def _child(sources: Sequence[Source], runs: Sequence[Run], *, seconds: int, title: str = "") -> bytes:
    with tempfile.TemporaryDirectory(prefix="papers-") as name:
        folder = Path(name)
        for number, source in enumerate(sources):
            (folder / f"{number}.{source.extension}").write_bytes(source.content)
        manifest = {
            "title": title,
            "sources": [f"{number}.{source.extension}" for number, source in enumerate(sources)],
            "runs": [[run.source, run.title, run.level, run.first, run.last] for run in runs],
        }
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        try:
            ended = run_module(
                "qualitycity.reports.joiner", name, str(seconds), str(MEMORY), seconds=seconds, folder=name
            )
        except TookTooLong as error:
            raise JoinFailed("limits") from error
        if ended.code != 0:
            logger.warning("joining papers ended with %s: %s", ended.code, ended.said)
            raise JoinFailed({BAD_FILE: "broken", ENCRYPTED: "encrypted"}.get(ended.code, "limits"))
        return (folder / "out").read_bytes()
