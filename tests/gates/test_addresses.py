"""No committed file says where something is downloaded from, or where it lay on somebody's machine."""

import re
from pathlib import Path

from tests.gates.tree import ROOT, plant, project_files

LOCKS = ("requirements/*.txt", "requirements/*.in", "package.json", "package-lock.json", ".npmrc", "pyproject.toml")
MACHINE = re.compile(r"(?<![\w.$}/])/(?:home|Users|root|work|mnt|tmp)/[\w.-]+")
TEXT = (".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".yml", ".json", ".txt", ".in", ".po", ".cfg", ".ini")
NAMED = ("Makefile", "run", ".npmrc", ".env.example", ".dockerignore", ".gitignore")


# paths in a container are those of no machine
CONTAINER = ("compose.yaml",)


def addresses_in_locks(root: Path) -> list[str]:
    """Lines of lock and package files that hold a network address."""
    out = []
    for pattern in LOCKS:
        for path in sorted(root.glob(pattern)):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if "://" in line:
                    out.append(f"{path.relative_to(root)}:{number}: {line.strip()}")
    return out


def machine_paths(root: Path) -> list[str]:
    """Lines that hold a path as only one person's machine has it."""
    out = []
    for path in project_files(root):
        if path.name in CONTAINER or (path.suffix not in TEXT and path.name not in NAMED):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = MACHINE.search(line)
            if found:
                out.append(f"{path.relative_to(root)}:{number}: {found.group()}")
    return out


def locks_without_hashes(root: Path) -> list[str]:
    """Pinned packages that no hash stands behind."""
    out = []
    for path in sorted(root.glob("requirements/*.txt")):
        text = path.read_text().replace("\\\n", " ")
        for line in text.splitlines():
            if re.match(r"[a-z0-9]", line, re.I) and "--hash=sha256:" not in line:
                out.append(f"{path.relative_to(root)}: {line.split()[0]}")
    return out


def stale_locks(root: Path) -> list[str]:
    """Packages that were asked for and are in no lock: `make lock` was forgotten."""
    out = []
    for path in sorted(root.glob("requirements/*.in")):
        locked = set(re.findall(r"^([\w.-]+)==", path.with_suffix(".txt").read_text(), re.M))
        for line in path.read_text().splitlines():
            asked = re.match(r"[a-z0-9][\w.-]*", line, re.I)
            if asked and asked.group().lower().replace("_", "-") not in locked:
                out.append(f"{path.relative_to(root)}: {asked.group()} is not locked")
    return out


def test_locks_hold_no_address() -> None:
    assert list(ROOT.glob("requirements/*.txt")), "there are locks to look at"
    assert addresses_in_locks(ROOT) == []


def test_a_planted_address_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "package-lock.json", '{"integrity": "sha512-x"}\n')
    assert addresses_in_locks(tmp_path) == []
    plant(tmp_path, "requirements/base.txt", "--index-url https" + "://packages.example/simple\n")
    assert len(addresses_in_locks(tmp_path)) == 1


def test_every_locked_package_has_a_hash() -> None:
    assert locks_without_hashes(ROOT) == []


def test_a_planted_package_without_hash_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "requirements/base.txt", "good==1 \\\n    --hash=sha256:00\nbad==2 ; python_version > '3'\n")
    assert locks_without_hashes(tmp_path) == ["requirements/base.txt: bad==2"]


def test_every_package_asked_for_is_locked() -> None:
    assert stale_locks(ROOT) == []


def test_a_planted_stale_lock_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "requirements/base.in", "# why\ndjango>=5.2,<5.3\nwhitenoise[brotli]\n-r other.in\n")
    plant(tmp_path, "requirements/base.txt", "django==5.2.19 \\\n    --hash=sha256:00\n")
    assert stale_locks(tmp_path) == ["requirements/base.in: whitenoise is not locked"]


def test_no_path_of_one_machine() -> None:
    assert machine_paths(ROOT) == []


def test_a_planted_machine_path_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "docs/good.md", "see var/pg and ${HOME}/x, https" + "://example.org/home/page\n")
    assert machine_paths(tmp_path) == []
    plant(tmp_path, "docs/bad.md", "lies in /ho" + "me/li/portal\n")
    assert machine_paths(tmp_path) == ["docs/bad.md:1: /ho" + "me/li"]
