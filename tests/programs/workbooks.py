"""A 填报表 as a clerk handles it: cells by the name of the line and the heading, and what other programs make of it."""

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from programs.domain import workbook, workbook_import

HEAD = 3
NAMES = {"任务": "工作任务", "指标": "指标名称"}


class Book:
    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def sheet(self, name: str) -> Any:
        return self.book[name]

    def column(self, sheet: str, heading: str) -> int:
        heads = [str(cell.value or "") for cell in self.sheet(sheet)[HEAD]]
        (at,) = [n for n, text in enumerate(heads, 1) if text == heading or text.startswith(f"{heading}（")]
        return at

    def row(self, sheet: str, line: str) -> int:
        at = self.column(sheet, NAMES[sheet])
        rows = [row for row in range(HEAD + 1, self.sheet(sheet).max_row + 1)]
        (found,) = [row for row in rows if self.sheet(sheet).cell(row, at).value == line]
        return found

    def cell(self, sheet: str, line: str, heading: str) -> Any:
        return self.sheet(sheet).cell(self.row(sheet, line), self.column(sheet, heading))

    def put(self, sheet: str, line: str, heading: str, value: Any) -> str:
        """Types a value as it is, a text beginning with “=” also as text; returns the address of the cell."""
        cell = self.cell(sheet, line, heading)
        cell.value = value
        if isinstance(value, str) and value:
            cell.data_type = "s"
        return cell.coordinate

    def bytes(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()

    def upload(self, name: str = "市甲局填报表.xlsx") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, self.bytes())


def issued(world, who="jia_liaison", unit="甲局", window=None) -> Book:
    department = world.units[unit]
    return Book(
        workbook.issue(
            actor=world.actor(who), window=window or world.window, department=department, departments={department.pk}
        )
    )


def taken(world, book: Book | bytes, who="jia_liaison", unit="甲局", window=None):
    """The upload, read and open."""
    content = book if isinstance(book, bytes) else book.bytes()
    department = world.units[unit]
    return workbook_import.open_import(
        actor=world.actor(who), window=window or world.window, department=department, departments={department.pk},
        upload=SimpleUploadedFile("填报表.xlsx", content),
    )  # fmt: skip


def plan(world, book: Book | bytes, who="jia_liaison", unit="甲局", window=None):
    draft = taken(world, book, who, unit, window)
    return workbook_import.plan_of(draft, actor=world.actor(who), departments={world.units[unit].pk})


def bring_in(world, book: Book | bytes, who="jia_liaison", unit="甲局", *, final=False, window=None):
    draft = taken(world, book, who, unit, window)
    units = {world.units[unit].pk}
    found = workbook_import.plan_of(draft, actor=world.actor(who), departments=units)
    return workbook_import.carry_out(
        draft, actor=world.actor(who), departments=units, seen=found.digest, final=final
    )


def said(found) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.address, one.sentence) for one in found.problems]
