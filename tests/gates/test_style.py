"""Style: what ruff says, the width of a line, the length of a file."""

import subprocess
import sys
from pathlib import Path

from tests.gates.tree import ROOT, plant, project_files, with_suffix

MOST_LINES = 400
# written for 110, as pyproject.toml says; a tenth more is let pass, as bugbear's B950 does
WIDEST = 121


def ruff(root: Path) -> list[str]:
    """Ruff's findings, under the rules of the project's pyproject.toml."""
    files = [str(path) for _, path in with_suffix(root, ".py")]
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache", "--output-format=concise"]
    done = subprocess.run([*command, "--config", str(ROOT / "pyproject.toml"), *files], capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def file_length(root: Path) -> list[str]:
    """Files of more than 400 lines; migrations are written by Django and exempt."""
    out = []
    for name, path in with_suffix(root, ".py", ".html", ".css", ".js"):
        lines = len(path.read_text().splitlines())
        if lines > MOST_LINES and "/migrations/" not in name:
            out.append(f"{name}: {lines} lines, more than {MOST_LINES}")
    return out


def line_width(root: Path) -> list[str]:
    """Lines of Python that are too wide; a Chinese character counts as one."""
    out = []
    for name, path in with_suffix(root, ".py"):
        if "/migrations/" in name:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > WIDEST:
                out.append(f"{name}:{number}: {len(line)} characters, more than {WIDEST}")
    return out


def unfinished_words(root: Path) -> list[str]:
    """Notes to oneself that were left in the code."""
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    out = []
    for path in project_files(root):
        if path.suffix not in (".py", ".html", ".css", ".js"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            out += [f"{path.relative_to(root)}:{number}: {mark}" for mark in marks if mark in line.split()]
    return out


def test_ruff_finds_nothing() -> None:
    assert ruff(ROOT) == []


def test_ruff_finds_a_planted_fault(tmp_path: Path) -> None:
    plant(tmp_path, "qualitycity/clean.py", "VALUE = 1\n")
    assert ruff(tmp_path) == []
    plant(tmp_path, "qualitycity/dirty.py", "import os\n")
    assert any("F401" in finding for finding in ruff(tmp_path))


def test_no_file_is_too_long() -> None:
    assert file_length(ROOT) == []


def test_a_planted_long_file_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "programs/just.py", "x = 1\n" * MOST_LINES)
    plant(tmp_path, "programs/migrations/0001_initial.py", "x = 1\n" * 900)
    assert file_length(tmp_path) == []
    plant(tmp_path, "templates/long.html", "<p>\n" * (MOST_LINES + 1))
    assert file_length(tmp_path) == ["templates/long.html: 401 lines, more than 400"]


def test_no_line_is_too_wide() -> None:
    assert line_width(ROOT) == []


def test_a_planted_wide_line_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "programs/wide.py", f"A = '{'质' * 100}'\nB = '{'量' * 120}'\n")
    assert line_width(tmp_path) == ["programs/wide.py:2: 126 characters, more than 121"]


def test_nothing_is_left_for_later() -> None:
    assert unfinished_words(ROOT) == []


def test_a_planted_note_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "programs/later.py", "# TO" + "DO later\n")
    assert unfinished_words(tmp_path) == ["programs/later.py:1: TO" + "DO"]
