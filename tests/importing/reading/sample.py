"""The sample document as blocks, for the builders that make files of every format of it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"（[一二三四五六七八九十]+）"),
    re.compile(r"\d+\."),
)
#: From here on numbers are typed, as offices do in lists of annexes.
_TYPED_FROM = "本意见自印发之日"


@dataclass(frozen=True)
class Line:
    """`level`: 0 for 一、, 1 for （一）, 2 for 1.; None where no number counts. `text` is without it."""

    text: str
    number: str = ""
    level: int | None = None

    @property
    def shown(self) -> str:
        return self.number + self.text

    @property
    def is_heading(self) -> bool:
        return self.level is not None and "。" not in self.text


@dataclass(frozen=True)
class Rows:
    """A table. "" in the first columns goes on from the row above; a row that is empty after its second column is one
    merged cell from there."""

    rows: tuple[tuple[str, ...], ...]


@cache
def text(name: str = "opinions") -> str:
    return (SAMPLES / f"{name}.txt").read_text("utf-8")


@cache
def blocks(name: str = "opinions") -> tuple[Line | Rows, ...]:
    found: list[Line | Rows] = []
    rows: list[tuple[str, ...]] = []
    typed = False
    for line in text(name).splitlines():
        if "\t" in line:
            rows.append(tuple(line.split("\t")))
            continue
        if rows:
            found.append(Rows(tuple(rows)))
            rows = []
        typed = typed or line.startswith(_TYPED_FROM)
        found.append(Line(line) if typed else _numbered(line))
    if rows:
        found.append(Rows(tuple(rows)))
    return tuple(found)


def _numbered(line: str) -> Line:
    for level, pattern in enumerate(_LEVELS):
        if number := pattern.match(line):
            return Line(line[number.end() :], number[0], level)
    return Line(line)


def is_section(row: tuple[str, ...]) -> bool:
    return bool(row[1]) and not any(row[2:])
