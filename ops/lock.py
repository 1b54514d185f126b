"""`make lock`: resolve requirements/*.in and package.json anew and write the locks, without any address in them."""

import json
import subprocess
import sys
from pathlib import Path

from ops.assets import npm
from ops.paths import ROOT

SETS = ("base", "local", "test", "node")


def python_lock(name: str, words: list[str]) -> None:
    command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "--universal"]
    command += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--python-version", "3.11"]
    subprocess.run(
        [*command, *words, "-o", f"requirements/{name}.txt", f"requirements/{name}.in"], cwd=ROOT, check=True
    )


def without_addresses(lock: dict) -> dict:
    """A package-lock without the addresses npm writes for people (funding) and for itself (resolved)."""
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    return lock


def npm_lock() -> None:
    subprocess.run([*npm(), "install", "--package-lock-only", "--ignore-scripts", "--no-audit"], cwd=ROOT, check=True)
    file = ROOT / "package-lock.json"
    lock = without_addresses(json.loads(file.read_text()))
    file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    # words pass through: `python -m ops.lock --upgrade` takes newer versions
    for name in SETS:
        python_lock(name, sys.argv[1:])
    npm_lock()


if __name__ == "__main__":
    main()
