"""What a child process is given, and what it is held to."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]

_PASSED_ON = ("PATH", "HOME", "QC_VAR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "TMPDIR")


def child_environment() -> dict[str, str]:
    """Return the environment of a child: none of the portal's secrets, a fixed language, a fixed hash seed."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}


def limit_time(seconds: int) -> None:
    """Hold this process to so many seconds of processor time; beyond, the system ends it. No core is dumped."""
    # The second figure is the end without appeal (SIGKILL); before it comes SIGXCPU, which says what happened.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory(megabytes: int) -> None:
    """Hold this process to so much address space; beyond, Python raises ``MemoryError``."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def limit_written(megabytes: int) -> None:
    """Hold every file this process writes, its answer included, to so many megabytes."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def forbid_network() -> None:
    """Make every attempt of this process to reach or resolve another machine fail, whoever makes it."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in {
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "urllib.Request",
    }:
        raise PermissionError(f"this work is done without the network: {event}")
