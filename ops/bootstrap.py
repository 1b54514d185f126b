"""Make the virtual environment and fill it from a lock: `python3 -m ops.bootstrap local|test`.

Runs on the machine's own Python with the standard library alone. What is missing is said with the line to type.
"""

import subprocess
import sys
from pathlib import Path

from ops import stamps
from ops.paths import ROOT, VENV

MINIMUM = (3, 11)
LOCKS = ("local", "test")
LOCK_FOLDER = ROOT / "requirements"


def complain(sentence: str, line: str) -> None:
    """End with a sentence and the one line to type."""
    sys.exit(f"{sentence}\nType this, then try again:\n\n    {line}\n")


def check_python() -> None:
    if sys.version_info < MINIMUM:
        found = ".".join(str(part) for part in sys.version_info[:3])
        complain(
            f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed; {sys.executable} is {found}.",
            "sudo apt-get install python3.11 python3.11-venv && make run PYTHON=python3.11",
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        complain("This Python came without its venv module.", f"sudo apt-get install python{version}-venv")


def make_venv() -> None:
    python = VENV / "bin" / "python"
    if python.exists():
        answer = subprocess.run(
            [python, "-c", "import sys; print(sys.version_info[:2] >= (3, 11))"], capture_output=True, text=True
        )
        if answer.stdout.strip() == "True":
            return
        # the machine's Python went away or was too old: an environment without its interpreter is of no use
        print("setup: making the virtual environment anew", flush=True)
    else:
        print("setup: making the virtual environment", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def pins(lock: Path) -> set[str]:
    """The `name==version` of a lock, with their markers."""
    return {line.rstrip(" \\") for line in lock.read_text().splitlines() if line[:1].isalnum()}


def is_installed(lock: str) -> bool:
    """Whether the environment was filled from this lock, or from the larger one that holds all of it."""
    files = {name: LOCK_FOLDER / f"{name}.txt" for name in LOCKS}
    filled = [name for name in LOCKS if stamps.is_current(stamp(name), stamps.digest(files[name]))]
    return lock in filled or ("test" in filled and pins(files[lock]) <= pins(files["test"]))


def stamp(lock: str) -> Path:
    # in the environment it speaks of: the two live and die together
    return VENV / f".installed-{lock}"


def install(lock: str) -> None:
    """Install `requirements/<lock>.txt`, every file checked against its hash; nothing when it is unchanged."""
    if is_installed(lock):
        return
    source = LOCK_FOLDER / f"{lock}.txt"
    python = VENV / "bin" / "python"
    print(f"setup: installing the locked Python packages ({source.name})", flush=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--require-hashes", "-r", str(source)])
    if done.returncode:
        sys.exit(
            "The Python packages could not be installed (pip says why above). If this machine reaches the package "
            "index through a mirror, name it in PIP_INDEX_URL and try again."
        )
    stamps.write(stamp(lock), stamps.digest(source))


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(f"usage: python3 -m ops.bootstrap {'|'.join(LOCKS)}")
    check_python()
    make_venv()
    install(sys.argv[1])


if __name__ == "__main__":
    main()
