"""Charts of lights as static SVG, drawn by Vega-Lite in a process of their own.

The drawing engine reserves far more address space than it uses, so it cannot live under the memory limit of
the process that sets the paper; and it must first be used in the process that draws. Hence ``draw`` starts
``python -m qualitycity.reports.charts``, which reads the charts from standard input and writes a list of SVGs.

A light is told by its shape and word in the legend, by its shape before the number in the bar and by its
place in the bar (what is wrong stands first), so that a black-and-white copy can be read.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from qualitycity.confined.limits import PROJECT, child_environment, forbid_network, limit_time
from qualitycity.reports.blocks import LIGHT_SHAPES, LIGHTS, Chart, ChartRow
from qualitycity.reports.codec import decode, encode

FILLS = {"red": "#b3261e", "amber": "#f0b429", "green": "#2e7d4f", "grey": "#d5d9de"}
"""Chosen to keep 4.5:1 with the numbers on them and to differ in lightness when printed in grey."""

INKS = {"red": "#ffffff", "amber": "#1f2328", "green": "#ffffff", "grey": "#1f2328"}
FONT = "Noto Sans CJK SC"
WIDTH = 590
"""Width of a whole chart in CSS pixels: that of the text on an upright page."""

MOST_BARS = 30
"""More bars than this do not fit on a page; the shortest are left to the table, and a line below says so."""

LONGEST_LABEL = 230


def spec(chart: Chart) -> dict[str, Any]:
    """Return the Vega-Lite definition of a chart, its data included."""
    return _trend(chart) if chart.upright else _departments(chart)


def ranked(rows: Sequence[ChartRow]) -> tuple[ChartRow, ...]:
    """Return the rows with the longest bar first; of equal ones, the one with more that is wrong."""
    return _distinct(sorted(rows, key=rank))


def rank(row: ChartRow) -> tuple[int, int, int, str]:
    """The key by which bars of departments are sorted, on paper and on a page."""
    return -row.total, -row.red, -row.amber, row.label


def _distinct(rows: Sequence[ChartRow]) -> tuple[ChartRow, ...]:
    """Keep two bars of one name apart: the axis would lay them over each other."""
    seen: Counter[str] = Counter()
    result = []
    for row in rows:
        result.append(replace(row, label=row.label + "\u200b" * seen[row.label]))
        seen[row.label] += 1
    return tuple(result)


def _departments(chart: Chart) -> dict[str, Any]:
    everyone = ranked(chart.rows) if chart.kind == "departments" else _distinct(chart.rows)
    rows, rest = everyone[:MOST_BARS], everyone[MOST_BARS:]
    label_width = min(LONGEST_LABEL, 13 * max(len(row.label) for row in rows) + 12)
    length = WIDTH - label_width - 40
    per_task = length / max(1, *(row.total for row in rows))
    values = _values(chart, rows, lambda count: _bar_label(count, per_task))
    order = [row.label for row in rows]
    place = {
        "field": "label", "type": "nominal", "sort": order, "title": None,
        "axis": {"labelLimit": label_width - 8, "ticks": False, "domain": False, "labelPadding": 8},
    }  # fmt: skip
    extent = {"domain": [0, max(1, *(row.total for row in rows))], "nice": False}
    count = {"type": "quantitative", "axis": None, "scale": extent}
    return {
        **_frame(values),
        **_left_out(chart, rest),
        "width": length,
        "height": {"step": 22},
        "layer": [
            {
                "mark": {"type": "bar", "height": 15},
                "encoding": {
                    "y": place,
                    "x": {**count, "field": "start"},
                    "x2": {"field": "end"},
                    "color": _colour(chart),
                },
            },
            _segment_labels({"y": place, "x": {**count, "field": "middle"}}),
            {
                "transform": [{"filter": "datum.last"}],
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": "#1f2328"},
                "encoding": {"y": place, "x": {**count, "field": "total"}, "text": {"field": "sum_label"}},
            },
        ],
    }


def _left_out(chart: Chart, rest: Sequence[ChartRow]) -> dict[str, Any]:
    if not rest:
        return {}
    text = f"其余 {len(rest)} {'个单位' if chart.kind == 'departments' else '组'}共 {sum(row.total for row in rest)} 项，未在图中列出。"
    return {
        "title": {
            "text": text,
            "orient": "bottom",
            "anchor": "start",
            "fontSize": 11,
            "fontWeight": "normal",
            "offset": 8,
        }
    }


def _trend(chart: Chart) -> dict[str, Any]:
    rows = _distinct(chart.rows)
    height = 190
    tallest = max(1, *(row.total for row in rows)) * 1.12  # room for the sum above the highest column
    values = _values(chart, rows, lambda count: _column_label(count, height / tallest))
    place = {
        "field": "label", "type": "nominal", "sort": [row.label for row in rows], "title": None,
        "axis": {"labelAngle": 0, "ticks": False, "labelPadding": 6, "labelOverlap": True,
                 "labelExpr": "split(replace(datum.label, '年', '年|'), '|')"},
    }  # fmt: skip
    count = {
        "type": "quantitative",
        "axis": {
            "title": chart.counted,
            "tickCount": 4,
            "tickMinStep": 1,
            "gridColor": "#e3e6ea",
            "domain": False,
            "format": "d",
        },
        "scale": {"domain": [0, tallest], "nice": False},
    }  # fmt: skip
    step = min(110, (WIDTH - 60) / len(rows))
    return {
        **_frame(values),
        "width": {"step": step},
        "height": height,
        "layer": [
            {
                "mark": {"type": "bar", "width": max(2, min(44, step * 0.62))},
                "encoding": {
                    "x": place,
                    "y": {**count, "field": "start"},
                    "y2": {"field": "end"},
                    "color": _colour(chart),
                },
            },
            _segment_labels({"x": place, "y": {**count, "field": "middle"}}),
            {
                "transform": [{"filter": "datum.last"}],
                "mark": {"type": "text", "dy": -8, "fontSize": 12, "color": "#1f2328"},
                "encoding": {"x": place, "y": {**count, "field": "total"}, "text": {"field": "sum_label"}},
            },
        ],
    }


def _frame(values: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": {"values": values},
        "background": None,
        "padding": 2,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 13, "titleFontSize": 12, "labelColor": "#1f2328", "titleColor": "#1f2328",
                     "titleFontWeight": "normal"},
            "legend": {"labelFontSize": 13, "labelColor": "#1f2328", "symbolSize": 110},
        },
    }  # fmt: skip


def _legend(chart: Chart, light: str) -> str:
    return f"{LIGHT_SHAPES[light]} {chart.words[light]}"


def _colour(chart: Chart) -> dict[str, Any]:
    return {
        "field": "light", "type": "nominal",
        "scale": {"domain": [_legend(chart, light) for light in LIGHTS], "range": [FILLS[light] for light in LIGHTS]},
        "legend": {"orient": "top", "title": None, "symbolType": "square", "columnPadding": 18, "offset": 10},
    }  # fmt: skip


def _segment_labels(position: dict[str, Any]) -> dict[str, Any]:
    ink = {"field": "ink", "type": "nominal", "scale": None, "legend": None}
    return {
        "transform": [{"filter": "datum.text != ''"}],
        "mark": {"type": "text", "fontSize": 11, "baseline": "middle"},
        "encoding": {**position, "text": {"field": "text"}, "color": ink},
    }


def _values(chart: Chart, rows: Sequence[ChartRow], label: Callable[[int], str]) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = []
    for row in rows:
        start = 0
        present = [light for light in LIGHTS if getattr(row, light)] or ["grey"]
        for light in present:
            count = getattr(row, light)
            values.append({
                "label": row.label, "light": _legend(chart, light),
                "start": start, "end": start + count, "middle": start + count / 2, "ink": INKS[light],
                "text": label(count).format(shape=LIGHT_SHAPES[light]),
                "total": row.total, "sum_label": f"{row.total}", "last": light == present[-1],
            })  # fmt: skip
            start += count
    return values


def _bar_label(count: int, pixels_each: float) -> str:
    """Shape and number where they fit into the part of the bar, the number alone, or nothing."""
    room = count * pixels_each
    if room >= 14 + 7 * len(str(count)):
        return f"{{shape}} {count}"
    return str(count) if count and room >= 3 + 6 * len(str(count)) else ""


def _column_label(count: int, pixels_each: float) -> str:
    return f"{{shape}} {count}" if count * pixels_each >= 14 else ""


def to_svg(chart: Chart) -> str:
    """Return the chart as SVG text with title and description. Only in a process started for it: see above."""
    import vl_convert  # starts a JavaScript engine: not in the processes that only need the definitions

    svg = vl_convert.vegalite_to_svg(spec(chart), allowed_base_urls=[])
    head, _, rest = svg.partition(">")
    return f'{head} role="img"><title>{escape(chart.caption)}</title><desc>{escape(chart.alt)}</desc>{rest}'


def draw(charts: Sequence[Chart], *, timeout: float = 30) -> tuple[str, ...]:
    """Draw the charts in a process of their own and return their SVGs in order.

    Raises ``subprocess.SubprocessError`` when that process fails or takes more than ``timeout`` seconds.
    """
    if not charts:
        return ()
    job = subprocess.run(
        [sys.executable, "-s", "-m", "qualitycity.reports.charts", str(math.ceil(timeout))],
        input=json.dumps([encode(chart) for chart in charts]),
        capture_output=True, check=True, timeout=timeout, encoding="utf-8",
        cwd=PROJECT, env=child_environment(),
    )  # fmt: skip
    return tuple(json.loads(job.stdout))


def main() -> None:
    """Read charts as JSON from standard input, write the list of SVGs to standard output."""
    limit_time(int(sys.argv[1]))
    forbid_network()
    charts = [decode(Chart, value) for value in json.load(sys.stdin)]
    json.dump([to_svg(chart) for chart in charts], sys.stdout)


if __name__ == "__main__":
    main()
