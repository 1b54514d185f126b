"""Fandol, the free 仿宋, 楷体, 黑体 and 宋体, taken out of a Debian package into var/fonts.

The package (texlive-lang-chinese, about 50 MB) is fetched by apt and never installed: only five OTF files are kept.
Licence as stated in the package: GNU GPL 3 with the font exception (a document that embeds the font is not bound
by it). Without these fonts the portal prints everything in Noto CJK.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from ops import system
from ops.paths import FONTS, STAMPS

PACKAGE = "texlive-lang-chinese"
FACES = (
    "FandolFang-Regular.otf",
    "FandolHei-Regular.otf",
    "FandolKai-Regular.otf",
    "FandolSong-Bold.otf",
    "FandolSong-Regular.otf",
)
LICENCE = "COPYING-fandol.gz"
TRIED = STAMPS / "fandol-tried"


def present() -> bool:
    return all((FONTS / face).is_file() for face in FACES)


def unpack(package: Path, target: Path) -> None:
    """Copy the five faces and their licence out of a .deb file, without installing it."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["dpkg-deb", "-x", str(package), scratch], check=True, capture_output=True)
        tree = Path(scratch)
        target.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            shutil.copyfile(next(tree.rglob(face)), target / face)
        shutil.copyfile(next(tree.rglob("fonts/fandol/COPYING*")), target / LICENCE)


def fetch() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)  # apt fetches as its own user where it can
        command = ["apt-get", "-q", "download", PACKAGE]
        if subprocess.run(command, cwd=scratch, capture_output=True).returncode:
            # a machine fresh from its image has no package lists yet
            prefix = system.as_root()
            if prefix is not None:
                subprocess.run([*prefix, "apt-get", "-q", "update"], capture_output=True)
            subprocess.run(command, cwd=scratch, check=True, capture_output=True)
        unpack(next(Path(scratch).glob("*.deb")), FONTS)


def ensure() -> None:
    """Have the fonts, or say once that Noto CJK is used instead. Never fails."""
    if present() or TRIED.exists():
        return
    tools = shutil.which("apt-get") and shutil.which("dpkg-deb")
    try:
        if not tools:
            raise FileNotFoundError("apt-get")
        print(f"setup: taking the Fandol fonts out of the Debian package {PACKAGE} (50 MB, once)", flush=True)
        fetch()
    except (OSError, subprocess.CalledProcessError, StopIteration):
        TRIED.parent.mkdir(parents=True, exist_ok=True)
        TRIED.touch()
        print(
            "setup: note: the Fandol fonts could not be had from apt; reports are set in Noto CJK. To try again "
            f"later: rm {TRIED}",
            flush=True,
        )


if __name__ == "__main__":
    ensure()
