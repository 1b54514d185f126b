"""Reads the register files of `fixtures/registers/`. Pure: no database, no Django.

Every function raises FactError (a ValueError) whose message names the file, the key and what is wrong.
"""

from pathlib import Path

from .checks import check_registers, once
from .facts import RegisterFacts, Registers
from .strict import FactError, build, load_yaml


def read_registers(folder: Path) -> Registers:
    """Every `*.yaml` of the folder as one register; keys must be unique over all files."""
    gathered = Registers({}, {}, {}, {})
    files: dict[str, str] = {}
    for path in yaml_files(folder):
        facts = build(RegisterFacts, load_yaml(path), file=path.name)
        for name in ("jurisdictions", "departments", "groups", "bodies"):
            rows = getattr(facts, name)
            once(((f"{name}[{row.code}].code", row.code) for row in rows), file=path.name)
            register = getattr(gathered, name)
            for row in rows:
                if row.code in files:
                    raise FactError(
                        path.name, f"{name}[{row.code}].code", f"{files[row.code]} 已有 (already there)"
                    )
                register[row.code] = row
            files.update((row.code, path.name) for row in rows)
    check_registers(gathered, files=files)
    return gathered


def yaml_files(folder: Path) -> list[Path]:
    """The `*.yaml` of a folder by name, or FactError when there is no such folder."""
    if not folder.is_dir():
        raise FactError(folder.name, "-", "没有这个目录 (no such folder)")
    return sorted(folder.glob("*.yaml"))
