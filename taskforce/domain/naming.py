"""Whom a printed name means (名称匹配): full and short names, aliases and former names, with or without the prefix of
the territory; units that were closed answer by their successor."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from taskforce.models import Department, DepartmentGroup, Jurisdiction

How = Literal["name", "alias", "former", "prefix", "successor"]


def plain(text: str) -> str:
    """Names are compared without spaces, with half-width letters and brackets."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Match:
    """Exactly one of `department` and `group`. `how` says by which of its names the row was found."""

    how: How
    department: Department | None = None
    group: DepartmentGroup | None = None

    @property
    def label(self) -> str:
        return str(self.department or self.group)


class NameIndex:
    """All names in a territory and below it; four queries, none afterwards."""

    def __init__(self, place: Jurisdiction) -> None:
        self.place = place
        self._prefixes = _prefixes(place)
        self._units: dict[str, list[tuple[int, How, Department]]] = {}
        rows = Department.objects.filter(jurisdiction__path__startswith=place.path)
        for unit in rows.select_related("successor").prefetch_related("names", "aliases"):
            far = 0 if unit.jurisdiction_id == place.pk else 1
            names: list[tuple[How, str]] = [("name", unit.name), ("name", unit.short_name)]
            names += [("alias", row.alias) for row in unit.aliases.all()]
            for row in unit.names.all():
                names += [("former", row.name), ("former", row.short_name)]
            for how, name in names:
                self._units.setdefault(plain(name), []).append((far, how, unit))
        self._groups = {plain(row.name): row for row in DepartmentGroup.objects.filter(jurisdiction=place)}

    def find(self, *names: str, group: bool = False) -> Match | None:
        """The first of `names` that is known; a group only by its own name. Several units of one rank: nobody."""
        for name in names:
            for guess in self._guesses(plain(name)):
                if guess in self._groups:
                    return Match("name", group=self._groups[guess])
                match = None if group else self._unit(guess, guess == plain(name))
                if match is not None:
                    return match
        return None

    def _guesses(self, name: str) -> Iterable[str]:
        """As printed; without the prefix of the territory; with its other prefix (市老局: 示例市老局)."""
        yield name
        bare = [
            name[len(prefix) :]
            for prefix in self._prefixes
            if name.startswith(prefix) and len(name) > len(prefix) + 1
        ]
        yield from bare
        for rest in (*bare, name):
            for prefix in self._prefixes:
                yield prefix + rest

    def _unit(self, name: str, exact: bool) -> Match | None:
        found = self._units.get(name, [])
        order: dict[How, int] = {"name": 0, "alias": 1, "former": 2}
        ranked = sorted(found, key=lambda row: (row[0], row[2].closed_on is not None, order.get(row[1], 3)))
        if not ranked:
            return None
        best = ranked[0]
        rank = (best[0], best[2].closed_on is not None)
        if {row[2].pk for row in ranked if (row[0], row[2].closed_on is not None) == rank} != {best[2].pk}:
            return None
        unit = best[2].today()
        if unit.closed_on is not None:
            return None
        how: How = "successor" if unit.pk != best[2].pk else best[1] if exact else "prefix"
        return Match(how, department=unit)


def _prefixes(place: Jurisdiction) -> list[str]:
    """示例市 → 示例市, 市; the longer first."""
    return [plain(place.name), *([place.name[-1]] if place.name[-1] in "省市区县州盟旗镇乡" else [])]
