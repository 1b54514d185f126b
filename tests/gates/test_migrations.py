"""The models and their migrations agree."""

import subprocess
import sys
from pathlib import Path

from tests.gates.tree import PACKAGES, ROOT, copy_tree


def missing_migrations(root: Path) -> list[str]:
    """What `makemigrations` would write for the tree under `root`."""
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity=1"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


def test_no_migration_is_missing() -> None:
    assert missing_migrations(ROOT) == []


def test_a_planted_field_without_migration_is_found(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path, *PACKAGES, "manage.py", "templates")
    model = tree / "qualitycity" / "workdays" / "models.py"
    text = model.read_text()
    assert "    class Meta" in text
    model.write_text(text.replace("    class Meta", "    planted = models.IntegerField(null=True)\n\n    class Meta", 1))
    assert any("planted" in line for line in missing_migrations(tree))
