"""Where things lie. Standard library only: `ops.bootstrap` runs before anything is installed."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("QC_VAR") or ROOT / "var").resolve()
VENV = ROOT / ".venv"
ASSETS = VAR / "assets"
FONTS = VAR / "fonts"
LOGS = VAR / "log"
POSTGRES = VAR / "pg"
SECRETS = VAR / "secrets"
ACCOUNTS = VAR / "accounts.txt"
STAMPS = VAR / "stamps"
TEST_VAR = VAR / "test"


def open_private(path: Path) -> None:
    """Create `path` empty and readable by its owner alone (0600), or tighten what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    path.chmod(0o600)
