"""Types hold where the rules live: ground apps, domain functions, permission rules."""

import subprocess
import sys
from pathlib import Path

from tests.gates.tree import APPS, PACKAGES, ROOT, copy_tree, plant


def type_errors(root: Path) -> list[str]:
    """Mypy's findings for the tree under `root`, with the settings of its pyproject.toml."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def unchecked_domains(root: Path) -> list[str]:
    """Domain packages and ground apps that the type checker is not told to look at."""
    text = (root / "pyproject.toml").read_text()
    wanted = [f"{app}/domain" for app in APPS if list((root / app / "domain").glob("*.py"))]
    wanted += [f"qualitycity/{name}" for name in ("access", "audit", "workflow", "outbox", "reports", "files")]
    return [name for name in wanted if f'"{name}"' not in text]


def test_types_hold() -> None:
    assert type_errors(ROOT) == []


def test_every_domain_package_is_checked() -> None:
    assert unchecked_domains(ROOT) == []


def test_a_planted_type_error_is_found(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path, *PACKAGES, "pyproject.toml", "manage.py")
    with (tree / "qualitycity/periods/period.py").open("a") as file:
        file.write('\n\ndef planted() -> int:\n    return "eleven"\n\n\ndef untyped(x):\n    return x\n')
    found = "\n".join(type_errors(tree))
    assert "[return-value]" in found and "[no-untyped-def]" in found


def test_a_planted_unchecked_domain_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "kpis/domain/evaluation.py", "VALUE = 1\n")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text().replace('"kpis/domain", ', ""))
    assert unchecked_domains(tmp_path) == ["kpis/domain"]
