"""Checks across the registers: every reference leads somewhere, nothing is said twice, one name means one unit."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from .facts import DepartmentFacts, Registers
from .strict import FactError

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
AREA_CODE = re.compile(r"\d{6}(\d{3})?(\d{3})?")


def once(values: Iterable[tuple[str, str]], *, file: str) -> None:
    """Raises FactError when a value of (key, value) pairs comes a second time."""
    seen: dict[str, str] = {}
    for key, value in values:
        if value in seen:
            raise FactError(file, key, f"与 {seen[value]} 重复 (written twice): {value}")
        seen[value] = key


def check_registers(registers: Registers, *, files: dict[str, str]) -> None:
    """Raises FactError on an unknown or repeated code, an ambiguous name, or a date that cannot be.

    `files` maps each code to the file that holds it.
    """
    for code, place in registers.jurisdictions.items():
        if not AREA_CODE.fullmatch(code):
            raise FactError(
                files[code], f"jurisdictions[{code}].code", "应为6、9或12位数字 (six, nine or twelve digits)"
            )
        known(place.parent, registers.jurisdictions, files[code], f"jurisdictions[{code}].parent", "行政区划")
    for code, department in registers.departments.items():
        file, key = files[code], f"departments[{code}]"
        slug(code, file, key)
        known(department.jurisdiction, registers.jurisdictions, file, f"{key}.jurisdiction", "行政区划")
        known(department.successor, registers.departments, file, f"{key}.successor", "单位")
        _check_span(department, file, key)
    above = {code: place.parent for code, place in registers.jurisdictions.items()}
    later = {code: department.successor for code, department in registers.departments.items()}
    _check_chains(above, files, "jurisdictions[{}].parent")
    _check_chains(later, files, "departments[{}].successor")
    _check_names(registers.departments, files)
    for code, group in registers.groups.items():
        file, key = files[code], f"groups[{code}]"
        slug(code, file, key)
        known(group.jurisdiction, registers.jurisdictions, file, f"{key}.jurisdiction", "行政区划")
        if (group.members is None) is not (group.list_given_on is None):
            raise FactError(
                file, f"{key}.list_given_on", "名单和给出日期要同时写 (list and its date go together)"
            )
        once(((f"{key}.members", member) for member in group.members or ()), file=file)
        for member in group.members or ():
            known(member, registers.departments, file, f"{key}.members", "单位")
    for code, body in registers.bodies.items():
        file, key = files[code], f"bodies[{code}]"
        slug(code, file, key)
        known(body.jurisdiction, registers.jurisdictions, file, f"{key}.jurisdiction", "行政区划")
        known(body.office_department, registers.departments, file, f"{key}.office_department", "单位")
        for number, seat in enumerate(body.seats):
            known(seat.department, registers.departments, file, f"{key}.seats[{number}].department", "单位")
            if not (seat.person or seat.post or seat.department):
                raise FactError(
                    file, f"{key}.seats[{number}]", "席位没有写明人或职务 (the seat names nobody)"
                )


def slug(code: str, file: str, key: str) -> None:
    """Raises FactError when a natural key holds anything but lower-case letters, digits and hyphens."""
    if not CODE.fullmatch(code):
        raise FactError(
            file, f"{key}.code", "只用小写字母、数字和连字符 (lower-case letters, digits and hyphens)"
        )


def known(code: str | None, register: Mapping[str, object], file: str, key: str, what: str) -> None:
    """Raises FactError when `code` is given and the register does not hold it; `what` is the Chinese noun."""
    if code is not None and code not in register:
        raise FactError(file, key, f"名录里没有这个{what} (unknown): {code}")


def _check_span(department: DepartmentFacts, file: str, key: str) -> None:
    if department.successor is not None and department.closed_on is None:
        raise FactError(
            file, f"{key}.closed_on", "有后继单位就要写撤并日期 (a successor needs the closing date)"
        )
    last: date | None = None
    for number, name in enumerate(department.names):
        where = f"{key}.names[{number}]"
        if name.since and name.until and name.since >= name.until:
            raise FactError(file, where, "起日应早于止日 (since must be before until)")
        if number and (last is None or name.since is None or name.since < last):
            raise FactError(file, where, "曾用名的时间重叠 (the names overlap)")
        last = name.until


def _check_chains(following: Mapping[str, str | None], files: dict[str, str], key: str) -> None:
    for code in following:
        seen, here = {code}, following[code]
        while here is not None:
            if here in seen:
                raise FactError(files[code], key.format(code), f"绕成一圈 (runs in a circle): {here}")
            seen.add(here)
            here = following[here]


def _check_names(departments: dict[str, DepartmentFacts], files: dict[str, str]) -> None:
    """A printed name must lead to one department within its jurisdiction."""
    owner: dict[tuple[str, str], str] = {}
    for code, department in departments.items():
        for name in {department.name, department.short_name, *department.aliases}:
            other = owner.setdefault((department.jurisdiction, name), code)
            if other != code:
                raise FactError(
                    files[code], f"departments[{code}]", f"“{name}”也是 {other} 的名称 (the name is taken)"
                )
