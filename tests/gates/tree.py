"""What a gate looks at: the files of a source tree that belong to the project."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("taskforce", "programs", "kpis", "awards")
GROUND = (
    "access", "audit", "workflow", "outbox", "periods", "sealing", "reports", "files", "workdays", "searching",
    "channels", "confined", "home",
)  # fmt: skip
PACKAGES = ("qualitycity", *APPS)


def project_files(root: Path) -> list[Path]:
    """Files under version control or about to be; in a tree without git, every file."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
        return sorted(path for name in listed.split("\0") if name and (path := root / name).is_file())
    return sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def with_suffix(root: Path, *suffixes: str) -> Iterator[tuple[str, Path]]:
    """(name relative to root, path) of the project's files that end so."""
    for path in project_files(root):
        if path.suffix in suffixes:
            yield path.relative_to(root).as_posix(), path


def plant(root: Path, name: str, text: str) -> Path:
    """Write one file of a tree made for a test."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def copy_tree(target: Path, *tops: str) -> Path:
    """A copy of the project's files under the named tops, to plant a fault in."""
    for path in project_files(ROOT):
        name = path.relative_to(ROOT)
        if name.parts[0] in tops:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(path.read_bytes())
    return target
