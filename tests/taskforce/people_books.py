"""Workbooks of units and people, honest ones and such as an office really sends."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

UNITS = ("单位*", "简称", "单位类别*", "别称", "单位电话", "行政区划", "单位代码")
PEOPLE = ("单位*", "姓名*", "角色", "职务", "办公电话", "手机", "邮箱", "账号")
NAME = "单位和人员.xlsx"


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def both(units: Iterable[Sequence[Any]] = (), people: Iterable[Sequence[Any]] = ()) -> bytes:
    return book(单位=[UNITS, *units], 人员=[PEOPLE, *people])


def upload(content: bytes, name: str = NAME) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def edited(content: bytes, part: str, change: Any) -> bytes:
    """The archive with one of its parts rewritten: what other programs, or attackers, make of a workbook."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return file.getvalue()
