"""What all boards are made of: tiles, groups of lights with the addresses of their rows, and charts with their tables.

A figure is never without its address: whoever counts something says in the same breath where its rows stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qualitycity.reports.blocks import LIGHTS, Chart, ChartRow
from qualitycity.reports.webcharts import web_svg

#: So many bars are drawn; the table beside has them all.
DRAWN = 15
#: On the screen of a meeting room a chart is drawn as for so many pixels and enlarged; so many bars fit.
SCREEN, ON_SCREEN = 960, 6


def address(path: str, **wanted: Any) -> str:
    """A path with the filters that are given; None and "" are none."""
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in wanted.items() if value not in (None, "")})
    return f"{path}?{query.urlencode()}" if query else path


@dataclass(frozen=True)
class Tile:
    """One figure of the component `tiles`. `figure` None is no data, said in `note`, and then the tile is grey."""

    label: str
    figure: int | None
    url: str = ""
    unit: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Cell:
    """One figure of a table with the address of its rows."""

    count: int
    url: str
    label: str = ""


@dataclass(frozen=True)
class Group:
    """Tasks that have something in common, by light, each figure with its address."""

    label: str
    path: str
    counts: Mapping[str, int]
    wanted: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts[code] for code in LIGHTS)

    @property
    def url(self) -> str:
        return address(self.path, **self.wanted)

    @property
    def cells(self) -> list[Cell]:
        """Total, then the lights with what is wrong first."""
        lights = [Cell(self.counts[code], address(self.path, **self.wanted, light=code)) for code in LIGHTS]
        return [Cell(self.total, self.url), *lights]


@dataclass(frozen=True)
class Picture:
    """A chart with its table: the first groups, and under a fold those that are not drawn."""

    ident: str
    title: str
    head: str
    chart: Chart
    shown: Sequence[Group]
    more: Sequence[Group] = ()
    note: str = ""

    @property
    def svg(self) -> str:
        return self._drawn()

    @property
    def large(self) -> str:
        """As many bars as one screen of a meeting room holds."""
        return self._drawn(limit=ON_SCREEN, across=SCREEN)

    @property
    def left_out(self) -> int:
        """Bars that the screen of a meeting room has no room for."""
        return max(0, len(self.shown) + len(self.more) - ON_SCREEN)

    def _drawn(self, **more: Any) -> str:
        links = [dict(zip(("total", *LIGHTS), (cell.url for cell in group.cells), strict=True)) for group in self.shown]
        return web_svg(self.chart, links, words=light_words(), ident=self.ident, **more)


def light_words() -> dict[str, str]:
    """Words of the lights in the language of the page."""
    return {"red": _("Overdue"), "amber": _("At risk"), "green": _("On track"), "grey": _("No data")}


def by_longest(groups: Iterable[Group]) -> list[Group]:
    return sorted(
        groups, key=lambda group: (-group.total, -group.counts["red"], -group.counts["amber"], group.label)
    )


def picture_of(
    groups: Sequence[Group], *, ident: str, title: str, head: str, ranked: bool = False, note: str = ""
) -> Picture | None:
    """The chart of some groups, or None where there is nothing to draw."""
    if not groups:
        return None
    groups = by_longest(groups) if ranked else list(groups)
    drawn = groups[:DRAWN]
    chart = Chart(
        "departments" if ranked else "groups",
        tuple(ChartRow(group.label, **{code: group.counts[code] for code in LIGHTS}) for group in drawn),
        title,
        _described(groups),
    )
    return Picture(ident, title, head, chart, drawn, groups[DRAWN:], note)


def _described(groups: Sequence[Group]) -> str:
    """What the picture shows, in a sentence, for those who cannot see it."""
    worst = max(groups, key=lambda group: (group.counts["red"], group.counts["amber"]))
    words = {"rows": len(groups), "tasks": sum(group.total for group in groups)}
    first = _("%(rows)s rows with %(tasks)s tasks in all.") % words
    if not worst.counts["red"]:
        return first + " " + _("Nothing is overdue.")
    return first + " " + _("Most overdue: %(name)s (%(count)s).") % {"name": worst.label, "count": worst.counts["red"]}


def light_tiles(counts: Mapping[str, int], path: str, **wanted: Any) -> list[Tile]:
    """All tasks, then every light, what is wrong first; the same tiles on every board."""
    unit = pgettext("counted", "tasks")
    tiles = [Tile(_("All tasks"), sum(counts[code] for code in LIGHTS), address(path, **wanted), unit, tone="blue")]
    words = light_words()
    for code in LIGHTS:
        early = counts.get("early", 0) if code == "green" else 0
        tiles.append(
            Tile(
                words[code], counts[code], address(path, **wanted, light=code), unit,
                _("%(count)s of them early") % {"count": early} if early else "",
                "" if code == "grey" else code,
            )
        )  # fmt: skip
    return tiles
