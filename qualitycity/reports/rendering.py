"""Set a paper as PDF: the call for jobs. Never from a web request, for it takes seconds."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qualitycity.confined.running import ENDED_FOR_MEMORY, ENDED_FOR_TIME, TookTooLong, run_module
from qualitycity.reports.blocks import ReportContent
from qualitycity.reports.codec import canonical_text

logger = logging.getLogger(__name__)

TIMEOUT = 60
"""Seconds a paper may take, charts included."""

MEMORY = 1024
"""Megabytes of address space for setting it; the charts are drawn in a process of their own."""

SENTENCES: dict[str, Promise] = {
    "timeout": _("The report took too long to set and was stopped. Choose a shorter period or fewer tasks."),
    "memory": _("The report is too large to be set in one piece. Choose a shorter period or fewer tasks."),
    "content": _("The stored content of this report cannot be read. Build it anew."),
    "chart": _(
        "A chart of this report could not be drawn. Try again; if it fails again, tell the administrator."
    ),
    "fault": _("The report could not be set. Try again; if it fails again, tell the administrator."),
}

_CODES = {2: "content", 3: "memory", 4: "chart"}


class RenderFailed(Exception):
    """A paper could not be set. ``code`` is a key of ``SENTENCES``; ``str()`` is the sentence for its author."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(SENTENCES[self.code])


def render_pdf(content: ReportContent, *, timeout: int = TIMEOUT, memory: int = MEMORY) -> bytes:
    """Return ``content`` as PDF, set in a child process within ``timeout`` seconds and ``memory`` megabytes.

    Raises ``RenderFailed``; what the child said goes to the log.
    """
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        target = Path(folder) / "paper.pdf"
        options = ("--seconds", str(timeout), "--megabytes", str(memory))
        try:
            ended = run_module(
                "qualitycity.reports.render", str(target), *options,
                given=canonical_text(content).encode(), seconds=timeout, folder=folder,
            )  # fmt: skip
        except TookTooLong as error:
            raise RenderFailed("timeout") from error
        if ended.code != 0:
            logger.error("setting a paper ended with %s: %s", ended.code, ended.said)
            raise RenderFailed(_failure(ended.code))
        return target.read_bytes()


def _failure(code: int) -> str:
    if code in ENDED_FOR_TIME:
        return "timeout"
    return "memory" if code in ENDED_FOR_MEMORY else _CODES.get(code, "fault")
