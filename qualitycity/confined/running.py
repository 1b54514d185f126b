"""Running a module of the portal as a child process: something in, something out, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from qualitycity.confined.limits import PROJECT, child_environment

#: Bytes of what a child says that are worth keeping.
_SAID = 4000

#: How a child ends that was stopped by its limits, besides by a code of its own.
ENDED_FOR_TIME = frozenset({-signal.SIGXCPU})
#: Refused memory, libraries written in C end like this. (Ended from outside: also for memory.)
ENDED_FOR_MEMORY = frozenset({-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGKILL})


class TookTooLong(Exception):
    """The child was stopped after the seconds it had."""


@dataclass(frozen=True, slots=True)
class Ended:
    """`code` is negative for a signal; `out` what was written to standard output, `said` the end of the complaints."""

    code: int
    out: bytes
    said: str


def run_module(
    module: str, *arguments: str, given: bytes = b"", seconds: float, folder: str | Path | None = None
) -> Ended:
    """Run `python -m module` with `given` on standard input, and with `folder` as its place for temporary files.

    What goes in and comes out lies in files without a name, so that whoever is killed leaves nothing behind. Limits
    of memory, processor time and size of the answer are the child's to set (`limits`); here it is given `seconds` on
    the clock and ended with everything it started. Raises `TookTooLong`.
    """
    extra = {} if folder is None else {"TMPDIR": str(folder)}
    with (
        tempfile.TemporaryFile() as source,
        tempfile.TemporaryFile() as target,
        tempfile.TemporaryFile() as said,
    ):
        source.write(given)
        source.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-s", "-m", module, *arguments], stdin=source, stdout=target, stderr=said,
            cwd=PROJECT, env={**child_environment(), **extra}, start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise TookTooLong from error
        finally:
            _end(child)
        target.seek(0)
        said.seek(max(0, said.seek(0, os.SEEK_END) - _SAID))
        return Ended(code, target.read(), said.read().decode(errors="replace"))


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started, if they still run: they form a session of their own."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
