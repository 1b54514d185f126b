"""Remember what a step was done for, so that the second `make run` skips it. Standard library only."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(*files: Path, extra: Iterable[str] = ()) -> str:
    """SHA-256 over the contents of `files` and the words in `extra`, in the order given."""
    sha = hashlib.sha256()
    for file in files:
        sha.update(file.read_bytes())
        sha.update(b"\0")
    for word in extra:
        sha.update(word.encode())
        sha.update(b"\0")
    return sha.hexdigest()


def is_current(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text().strip() == value


def write(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value + "\n")
