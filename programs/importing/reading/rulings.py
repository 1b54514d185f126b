"""Tables as they are drawn: rules that meet make a grid, a rule that is missing makes one cell of two."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

#: Points by which rules may miss each other, and within which two of them are one (double borders).
_MEET: Final = 3.0
_SAME: Final = 3.0
_MOST: Final = 800
#: Points that upright rules reach beyond the last lying one where a row goes on on another page.
_OPEN: Final = 8.0


class Rule(NamedTuple):
    """`upright` at the given place from one end to the other."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Drawn:
    """A grid on a page: edges of columns and rows, and by row and column the number of the cell there. `open_above` and
    `open_below`: no rule ends its first or last row, which the page's end has cut."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]
    count: int
    open_above: bool = False
    open_below: bool = False

    def cell_at(self, x: float, y: float) -> int | None:
        """None outside."""
        column, row = bisect_right(self.across, x) - 1, bisect_right(self.down, y) - 1
        inside = 0 <= column < len(self.across) - 1 and 0 <= row < len(self.down) - 1
        return self.cells[row][column] if inside else None

    def sides(self) -> list[tuple[float, float]]:
        """Left and right edge of each cell, by its number."""
        found: dict[int, tuple[float, float]] = {}
        for row in self.cells:
            for column, number in enumerate(row):
                left, right = found.get(number, (self.across[column], 0.0))
                found[number] = (left, max(right, self.across[column + 1]))
        return [found[number] for number in range(self.count)]


@dataclass
class _Group:
    upright: list[Rule] = field(default_factory=list)
    lying: list[Rule] = field(default_factory=list)


def found_tables(rules: Iterable[Rule]) -> list[Drawn]:
    """Grids of at least two columns, from the top of the page down."""
    upright, lying = (
        _merged(rule for rule in rules if rule.upright),
        _merged(rule for rule in rules if not rule.upright),
    )
    if not upright or not lying or len(upright) > _MOST or len(lying) > _MOST:
        return []
    drawn = [grid for group in _groups(upright, lying) if (grid := _grid(group)) is not None]
    return sorted(drawn, key=lambda grid: grid.down[0])


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of one line as one line."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _SAME), rule.start)):
        last = merged[-1] if merged else None
        if last and abs(last.at - rule.at) <= _SAME and rule.start <= last.end + _MEET:
            merged[-1] = last._replace(end=max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged


def _groups(upright: Sequence[Rule], lying: Sequence[Rule]) -> list[_Group]:
    """Rules that hang together."""
    of: list[int] = list(range(len(upright)))

    def root(number: int) -> int:
        while of[number] != number:
            of[number] = of[of[number]]
            number = of[number]
        return number

    met: list[tuple[Rule, int]] = []
    for across in lying:
        hit = [at for at, rule in enumerate(upright) if _meet(rule, across)]
        for other in hit[1:]:
            of[root(other)] = root(hit[0])
        if hit:
            met.append((across, hit[0]))
    groups: dict[int, _Group] = defaultdict(_Group)
    for at, rule in enumerate(upright):
        groups[root(at)].upright.append(rule)
    for across, at in met:
        groups[root(at)].lying.append(across)
    return list(groups.values())


def _meet(upright: Rule, lying: Rule) -> bool:
    return (
        upright.start - _MEET <= lying.at <= upright.end + _MEET
        and lying.start - _MEET <= upright.at <= lying.end + _MEET
    )


def _grid(group: _Group) -> Drawn | None:
    if len(group.lying) < 2:
        return None
    # a table may be open at its sides
    across = _edges([rule.at for rule in group.upright] + [edge for rule in group.lying for edge in rule[2:]])
    down = _edges([rule.at for rule in group.lying])
    start, end = min(rule.start for rule in group.upright), max(rule.end for rule in group.upright)
    above, below = start < down[0] - _OPEN, end > down[-1] + _OPEN
    down = (*((start,) if above else ()), *down, *((end,) if below else ()))
    columns, rows = len(across) - 1, len(down) - 1
    if columns < 2 or rows < 1 or columns * rows > 100_000:
        return None
    parted = _between(group.upright, across, down)
    layered = _between(group.lying, down, across)
    numbers = [[-1] * columns for _row in range(rows)]
    count = 0
    for row in range(rows):
        for column in range(columns):
            if column and not parted(column, row):
                numbers[row][column] = numbers[row][column - 1]
            elif row and not layered(row, column):
                numbers[row][column] = numbers[row - 1][column]
            else:
                numbers[row][column], count = count, count + 1
    return Drawn(across, down, tuple(map(tuple, numbers)), count, above, below) if count > 1 else None


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    found: list[list[float]] = []
    for place in sorted(places):
        if found and place - found[-1][-1] <= _SAME:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(sum(near) / len(near) for near in found)


class _between:
    """Whether a rule at edge number `at` runs past the middle of the strip number `strip` of the other direction."""

    def __init__(self, rules: Sequence[Rule], edges: Sequence[float], strips: Sequence[float]) -> None:
        self._covered: set[tuple[int, int]] = set()
        middles = [(one + other) / 2 for one, other in zip(strips, strips[1:], strict=False)]
        for rule in rules:
            at = min(range(len(edges)), key=lambda edge: abs(edges[edge] - rule.at))
            self._covered |= {
                (at, strip) for strip, middle in enumerate(middles) if rule.start <= middle <= rule.end
            }

    def __call__(self, at: int, strip: int) -> bool:
        return (at, strip) in self._covered
