"""What a sheet of the 填报表 consists of. Apps register theirs by WORKBOOK_SHEETS (see `programs.contracts`)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from .cells import Kind

#: Heading of the column by which a line is recognised, wherever it has been moved.
KEY: Final = "系统编号"


@dataclass(frozen=True)
class Shown:
    """A grey column that is read and not typed into. `text` takes a line of the sheet."""

    heading: str
    width: int
    text: Callable[[Any], Any]


@dataclass(frozen=True)
class Asked:
    """A column to fill in. `field` is a column of the filed row; `also`: other headings that mean it."""

    field: str
    heading: str
    kind: Kind
    width: int
    hint: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkbookSheet:
    """The lines of one source (`Source.name`) on a sheet. `asks` names the fields a line asks for: the others are grey.
    `titled` is the place of the column in `shown` that names the line: one whose key and name part company is refused.

    What comes back is read by the kinds of the columns, judged by the source's own `check`, and written through it.
    """

    source: str
    title: str
    shown: tuple[Shown, ...]
    asked: tuple[Asked, ...]
    asks: Callable[[Any], Collection[str]]
    titled: int = 1
