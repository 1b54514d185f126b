"""The charts of a paper as small SVG for a page, written by hand: no drawing engine runs in a web process.

Both renderings come from one definition (``blocks.Chart``) and share order, colours, shapes and the rule that what is
wrong stands first. Here widths are shares of whatever room the page gives, and type keeps its size: on a telephone
the bars become shorter and the words stay readable. Everything is presentation attributes, as the content security
policy of a portal wants; words are in ``currentColor``, so that a page may be dark or printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from qualitycity.reports.blocks import LIGHT_SHAPES, LIGHTS, Chart, ChartRow
from qualitycity.reports.charts import FILLS, INKS, rank

NARROWEST = 300
"""Pixels that a chart has on the narrowest screen: a number is written into a part only where it fits there."""

NAME, BAR, GAP = 22, 20, 12
"""Heights of one lying bar: its name above it, the bar, the room to the next."""

LONGEST_NAME = 26
"""Characters of a name that fit beside its total on the narrowest screen; the whole name is in its title."""

COLUMN_HEIGHT, HEAD, FOOT = 150, 20, 38
MOST_COLUMNS = 8
"""More periods than this cannot be labelled on a telephone: the newest are drawn, the table has them all."""

Links = Mapping[str, str]
"""Address of the rows behind each figure of one bar, by code; under ``total`` that of all of them."""


def web_svg(
    chart: Chart,
    links: Sequence[Links] = (),
    *,
    words: Mapping[str, str] | None = None,
    ident: str = "chart",
    limit: int | None = None,
    across: int | None = None,
) -> str:
    """Return the chart as SVG text, every name, number and sentence in it escaped.

    ``links`` stand beside ``chart.rows``, in their order. ``words`` says the codes in the language of the page,
    otherwise as the paper prints them. ``ident`` must be unique on the page. ``limit`` leaves out the bars after so
    many (the oldest columns); the caller's table has them. ``across``: drawn as for a place of so many pixels, and
    enlarged with the place it gets, type and all, for a screen read from afar.
    """
    places = _order(chart)
    if limit is not None:
        places = places[-limit:] if chart.upright else places[:limit]
    rows = [chart.rows[place] for place in places]
    leads = [links[place] if links else {} for place in places]
    said = {**chart.words, **(words or {})}
    drawn = _columns if chart.upright else _bars
    body, height = drawn(rows, leads, said)
    size = f'height="{height}"' if across is None else f'viewBox="0 0 {across} {height}"'
    # what leads somewhere may not be told to readers as one picture
    role = "group" if any(leads) else "img"
    return (
        f'<svg class="qc-chart" width="100%" {size} role="{role}" '
        f'aria-labelledby="{escape(ident)}-title {escape(ident)}-desc" '
        'font-size="14" fill="currentColor">'
        f'<title id="{escape(ident)}-title">{escape(chart.caption)}</title>'
        f'<desc id="{escape(ident)}-desc">{escape(chart.alt)}</desc>{body}</svg>'
    )


def _order(chart: Chart) -> list[int]:
    """Places of the rows in the order in which they are drawn: that of the paper."""
    places = list(range(len(chart.rows)))
    if chart.kind == "departments":
        places.sort(key=lambda place: rank(chart.rows[place]))
    return places[-MOST_COLUMNS:] if chart.upright else places


def _bars(rows: Sequence[ChartRow], leads: Sequence[Links], words: Mapping[str, str]) -> tuple[str, int]:
    full = max(1, *(row.total for row in rows)) if rows else 1
    parts, y = [], 0
    for row, lead in zip(rows, leads, strict=True):
        name = row.label if len(row.label) <= LONGEST_NAME else f"{row.label[: LONGEST_NAME - 1]}…"
        line, bar = y + 15, y + NAME
        parts.append(f'<text x="0" y="{line}">{escape(name)}<title>{escape(row.label)}</title></text>')
        total = f'<text x="100%" y="{line}" text-anchor="end" font-weight="600">{row.total}</text>'
        parts.append(_linked(total, lead.get("total"), f"{row.label} {row.total}"))
        parts.append(
            f'<rect x="0" y="{bar}" width="100%" height="{BAR}" fill="currentColor" fill-opacity="0.06"/>'
        )
        start = 0.0
        for code in LIGHTS:
            count = getattr(row, code)
            if not count:
                continue
            width = count * 100 / full
            drawn = _part(code, count, x=start, width=width, y=bar)
            parts.append(_linked(drawn, lead.get(code), f"{row.label} {words[code]} {count}"))
            start += width
        y += NAME + BAR + GAP
    return "".join(parts), max(y - GAP, 1)


def _part(code: str, count: int, *, x: float, width: float, y: int) -> str:
    """A part of a lying bar: a seam keeps neighbours apart for eyes that do not tell the colours."""
    rect = (
        f'<rect x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{BAR}" fill="{FILLS[code]}" '
        f'stroke="#ffffff" stroke-width="1"/>'
    )
    room = width * NARROWEST / 100
    number = 8 * len(str(count))
    if room >= number + 20:
        text = f"{LIGHT_SHAPES[code]} {count}"
    elif room >= number + 4:
        text = str(count)
    else:
        return rect
    return (
        f'{rect}<text x="{x + width / 2:.2f}%" y="{y + BAR / 2 + 4.5:g}" text-anchor="middle" font-size="13" '
        f'fill="{INKS[code]}">{text}</text>'
    )


def _columns(rows: Sequence[ChartRow], leads: Sequence[Links], words: Mapping[str, str]) -> tuple[str, int]:
    tallest = max(1, *(row.total for row in rows)) if rows else 1
    step, base = 100 / max(len(rows), 3), HEAD + COLUMN_HEIGHT
    wide = min(step * 0.66, 12)
    parts = [f'<line x1="0" y1="{base}" x2="100%" y2="{base}" stroke="currentColor" stroke-opacity="0.4"/>']
    for place, (row, lead) in enumerate(zip(rows, leads, strict=True)):
        middle, y, beside = (place + 0.5) * step, float(base), base + 13.0
        for code in reversed(LIGHTS):  # what is wrong stands on top
            count = getattr(row, code)
            if not count:
                continue
            height = count * COLUMN_HEIGHT / tallest
            y -= height
            drawn = (
                f'<rect x="{middle - wide / 2:.2f}%" y="{y:.1f}" width="{wide:.2f}%" height="{height:.1f}" '
                f'fill="{FILLS[code]}" stroke="#ffffff" stroke-width="1"/>'
            )
            if height >= 15:
                drawn += (
                    f'<text x="{middle:.2f}%" y="{y + height / 2 + 4.5:.1f}" text-anchor="middle" '
                    f'font-size="12" fill="{INKS[code]}">{count}</text>'
                )
            elif beside - y >= 13:
                # too thin for its number, and often the red one: it stands at its side
                beside = y
                drawn += (
                    f'<text x="{middle + wide / 2:.2f}%" dx="3" y="{y + height / 2 + 4.5:.1f}" '
                    f'font-size="12">{count}</text>'
                )
            parts.append(_linked(drawn, lead.get(code), f"{row.label} {words[code]} {count}"))
        total = f'<text x="{middle:.2f}%" y="{y - 6:.1f}" text-anchor="middle" font-weight="600">{row.total}</text>'
        parts.append(_linked(total, lead.get("total"), f"{row.label} {row.total}"))
        for line, text in enumerate(_two_lines(row.label)):
            parts.append(
                f'<text x="{middle:.2f}%" y="{base + 16 * (line + 1)}" text-anchor="middle" '
                f'font-size="12">{escape(text)}</text>'
            )
    return "".join(parts), base + FOOT


def _two_lines(label: str) -> list[str]:
    """2026年第三季度 stands under its column as 三季度 above 2026年: the nearer word first, and both narrow."""
    year, mark, rest = label.partition("年")
    if not mark or not rest or not year.isdigit():
        return [label]
    short = rest.removeprefix("第")
    return [short, f"{year}年"]


def _linked(drawn: str, url: str | None, said: str) -> str:
    """The drawing as a link to its rows; pointing at it says what it stands for.

    It is no stop of the tabulator: the table beside the chart has the same links.
    """
    if not url:
        return f"<g><title>{escape(said)}</title>{drawn}</g>"
    number = said.rpartition(" ")[2]
    return (
        f'<a href="{escape(url)}" data-figure="{escape(number)}" tabindex="-1">'
        f"<title>{escape(said)}</title>{drawn}</a>"
    )
