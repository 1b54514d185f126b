"""Reads the data files of `fixtures/`: programmes and holidays. Pure: no database, no Django.

Every function raises FactError (a ValueError) whose message names the file, the key and what is wrong.
"""

from collections.abc import Iterable
from pathlib import Path

from taskforce.loading.facts import Registers
from taskforce.loading.reader import yaml_files
from taskforce.loading.strict import FactError, build, load_yaml

from .checks import check_calendar, check_programme
from .facts import CalendarFacts, Counts, ProgrammeFacts


def read_programme(path: Path, registers: Registers) -> ProgrammeFacts:
    """One programme file, every unit and place found in the registers."""
    facts = build(ProgrammeFacts, load_yaml(path), file=path.name)
    check_programme(facts, registers, file=path.name)
    return facts


def read_programmes(folder: Path, registers: Registers) -> tuple[ProgrammeFacts, ...]:
    """Every `*.yaml` of the folder, each after its superior; keys must be unique, a superior among them."""
    read = [(path.name, read_programme(path, registers)) for path in yaml_files(folder)]
    keys: dict[str, str] = {}
    for file, facts in read:
        key = facts.programme.key
        if key in keys:
            raise FactError(file, "programme.key", f"{keys[key]} 已有 (already there): {key}")
        keys[key] = file
    for file, facts in read:
        if facts.programme.parent is not None and facts.programme.parent not in keys:
            raise FactError(
                file, "programme.parent", f"没有这个方案 (unknown programme): {facts.programme.parent}"
            )
    return _superiors_first(read)


def read_calendar(path: Path) -> CalendarFacts:
    """The holiday file (放假调休安排)."""
    calendar = build(CalendarFacts, load_yaml(path), file=path.name)
    check_calendar(calendar, file=path.name)
    return calendar


def count(facts: ProgrammeFacts) -> Counts:
    """What a careful reader counts in the programme; group references are links too."""
    links = [unit for task in facts.tasks for unit in task.units]
    roles = [unit.role for unit in links]
    return Counts(
        tasks=sum(task.kind == "work" for task in facts.tasks),
        safeguards=sum(task.kind != "work" for task in facts.tasks),
        links=len(links),
        lead=roles.count("lead"),
        support=roles.count("support"),
        responsible=sum(role in ("joint", "sole", "all_members") for role in roles),
        units=len(_distinct(unit.department for unit in links)),
        groups=len(_distinct(unit.group for unit in links)),
        strict_indicators=sum(row.strict for row in facts.indicators),
    )


def _superiors_first(read: list[tuple[str, ProgrammeFacts]]) -> tuple[ProgrammeFacts, ...]:
    ordered: list[ProgrammeFacts] = []
    waiting = read
    while waiting:
        there = {facts.programme.key for facts in ordered} | {None}
        ready = [facts for _file, facts in waiting if facts.programme.parent in there]
        if not ready:
            raise FactError(waiting[0][0], "programme.parent", "上级方案绕成一圈 (superiors run in a circle)")
        ordered += ready
        waiting = [(file, facts) for file, facts in waiting if facts.programme.parent not in there]
    return tuple(ordered)


def _distinct(codes: Iterable[str | None]) -> set[str]:
    return {code for code in codes if code is not None}
