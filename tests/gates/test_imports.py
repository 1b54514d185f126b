"""Imports run downwards: the contracts of pyproject.toml, and what models, queries and domain may know."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.gates.tree import APPS, GROUND, PACKAGES, ROOT, copy_tree, plant, with_suffix

PURE = ("models", "queries", "domain")
# not django.urls: a notice that goes out names the page it speaks of
HTTP = ("django.http", "django.shortcuts", "django.forms", "django.template", "django.views")


def broken_contracts(root: Path) -> list[str]:
    """What import-linter says of the tree under `root`."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache", "--no-logo"], cwd=root, capture_output=True, text=True)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


def _imported(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def http_below_the_pages(root: Path) -> list[str]:
    """Models, queries and domain modules that import something of requests, forms or pages."""
    out = []
    for name, path in with_suffix(root, ".py"):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] not in APPS or not any(part in PURE for part in parts[1:]):
            continue
        for line, module in _imported(path):
            if any(f"{module}.".startswith(f"{forbidden}.") for forbidden in HTTP):
                out.append(f"{name}:{line}: {module}")
    return out


def test_contracts_are_kept() -> None:
    assert broken_contracts(ROOT) == []


def test_every_ground_app_stands_on_a_floor() -> None:
    """A package that no contract names would be free to import anything."""
    text = (ROOT / "pyproject.toml").read_text()
    packages = {path.parent.name for path in ROOT.glob("qualitycity/*/__init__.py")} - {"settings", "templatetags"}
    assert packages == set(GROUND)
    assert [name for name in packages if f"qualitycity.{name}" not in text] == []


def test_planted_upward_imports_are_found(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path, *PACKAGES, "pyproject.toml")
    assert broken_contracts(tree) == []
    plant(tree, "taskforce/upward.py", "import programs.choices\n")
    found = "\n".join(broken_contracts(tree))
    assert "taskforce.upward" in found and "programs.choices" in found
    (tree / "taskforce/upward.py").unlink()
    with (tree / "programs/choices.py").open("a") as file:
        file.write("\nimport programs.models\n")
    assert "programs.choices -> programs.models" in "\n".join(broken_contracts(tree))


def test_nothing_below_the_pages_knows_http() -> None:
    assert http_below_the_pages(ROOT) == []


def test_a_planted_request_in_the_domain_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "programs/domain/filing.py", "from django.db import transaction\n")
    plant(tmp_path, "programs/views/filing.py", "from django.http import HttpRequest\n")
    assert http_below_the_pages(tmp_path) == []
    plant(tmp_path, "programs/domain/bad.py", "from django.http import HttpRequest\n")
    assert http_below_the_pages(tmp_path) == ["programs/domain/bad.py:1: django.http.HttpRequest"]
