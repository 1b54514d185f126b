"""System packages (Debian and Ubuntu names): look, install where allowed, otherwise print the line to type."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def has_library(name: str) -> bool:
    """Whether the dynamic loader finds the shared library, tried by loading it as WeasyPrint will."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(pattern: str) -> bool:
    return any(folder.is_dir() and any(folder.rglob(pattern)) for folder in FONT_FOLDERS)


def chromium() -> str | None:
    """Path of the browser for the tests: CHROMIUM, or the first one found."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass(frozen=True)
class Need:
    """One system package, why it is needed and how to see that it is there."""

    package: str
    purpose: str
    present: Callable[[], bool]
    essential: bool = True


RUN = (
    Need("libpango-1.0-0", "PDF reports", lambda: has_library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "PDF reports", lambda: has_library("libpangoft2-1.0.so.0")),
    # without it each report takes ten times as long
    Need("libharfbuzz-subset0", "quick PDF reports", lambda: has_library("libharfbuzz-subset.so.0"), False),
    Need("fonts-noto-cjk", "Chinese text in PDF reports", lambda: has_font("NotoSansCJK*")),
    Need("fonts-liberation2", "Latin text in PDF reports", lambda: has_font("LiberationS*"), False),
)
TEST = (
    Need("chromium", "the browser tests", lambda: chromium() is not None),
    Need("poppler-utils", "pictures of PDF pages", lambda: shutil.which("pdftoppm") is not None),
)
REDIS = (Need("redis-server", "the tests that need Redis", lambda: shutil.which("redis-server") is not None),)


def as_root() -> list[str] | None:
    """The words to put before a command that needs root; None when this user may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def missing(needs: tuple[Need, ...]) -> list[Need]:
    return [need for need in needs if not need.present()]


def ensure(needs: tuple[Need, ...]) -> list[Need]:
    """Install what is missing if this user may; return what is still missing, having said what to type."""
    absent = missing(needs)
    if not absent:
        return []
    packages = [need.package for need in absent]
    prefix = as_root()
    if prefix is not None and shutil.which("apt-get"):
        print(f"setup: installing system packages: {' '.join(packages)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        said = ""
        for words in (["update"], ["-y", "--no-install-recommends", "install", *packages]):
            command = [*prefix, "apt-get", "-q", *words]
            said += subprocess.run(command, env=environment, capture_output=True, text=True).stderr
        absent = missing(needs)
        if absent:
            print(said, end="", flush=True)
    if absent:
        purposes = ", ".join(f"{need.package} ({need.purpose})" for need in absent)
        packages = [need.package for need in absent]
        print(f"setup: missing on this machine: {purposes}. Type this once:\n", flush=True)
        print(f"    sudo apt-get install --no-install-recommends {' '.join(packages)}\n", flush=True)
    return absent
