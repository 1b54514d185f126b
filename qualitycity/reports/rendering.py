"""Set a paper as PDF: the call for jobs. Never from a web request, for it takes seconds."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qualitycity.reports.blocks import ReportContent
from qualitycity.reports.codec import canonical_text
from qualitycity.reports.environment import PROJECT, child_environment

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

_CODES = {
    2: "content",
    3: "memory",
    4: "chart",
    -signal.SIGXCPU: "timeout",
    # The type-setting libraries are C: refused memory, they end like this. (Ended from outside: also for memory.)
    -signal.SIGSEGV: "memory",
    -signal.SIGABRT: "memory",
    -signal.SIGTRAP: "memory",
    -signal.SIGKILL: "memory",
}


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
        command = [
            sys.executable, "-s", "-m", "qualitycity.reports.render", str(target),
            "--seconds", str(timeout), "--megabytes", str(memory),
        ]  # fmt: skip
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=PROJECT, env={**child_environment(), "TMPDIR": folder}, start_new_session=True,
        )  # fmt: skip
        try:
            _, said = child.communicate(canonical_text(content).encode(), timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise RenderFailed("timeout") from error
        finally:
            _end(child)
        if child.returncode != 0:
            logger.error(
                "setting a paper ended with %s: %s", child.returncode, said.decode(errors="replace")[-4000:]
            )
            raise RenderFailed(_CODES.get(child.returncode, "fault"))
        return target.read_bytes()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started, if they still run: they form a session of their own."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
