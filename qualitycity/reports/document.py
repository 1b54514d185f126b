"""From content to the HTML and CSS of a paper: words, order and classes, no figures of its own.

Everything handed to the templates is text, so that they need no settings, no localisation and no database;
the engine escapes all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.template import Context, Engine

from qualitycity.confined.limits import PROJECT
from qualitycity.reports import blocks as b
from qualitycity.reports.codec import check_code

TEMPLATES = PROJECT / "templates"
STYLE_SHEETS = ("page.css", "type.css", "tables.css", "forms.css", "slips.css", "meetings.css")
PORTAL = "质量强市工作门户"

HEADS = {"report": "head_report", "minutes": "head_minutes", "agenda": "head_agenda"}
"""Heads of papers by kind; the standing forms share one."""

LONG_ROW = 600
"""Characters in a row above which it may break over pages; a shorter one is kept whole."""

WIDE_FACT = 14
"""Characters of a value above which a fact takes a line of its own."""

MOST_PERIODS_BESIDE = 12

_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass
class Document:
    """The HTML of a paper, the style rules that depend on it, and the charts its pictures stand for."""

    html: str
    rules: str
    charts: list[b.Chart] = field(default_factory=list)


def build(content: b.ReportContent) -> Document:
    """Return the document of a paper."""
    builder = _Builder()
    paper = {
        "kind": content.kind,
        "layout": content.layout,
        "title": clean(content.title),
        "plain_title": clean(content.title).replace("\n", ""),
        "subtitle": clean(content.subtitle),
        "issuer": clean(content.issuer),
        "number": clean(content.number or ""),
        "moment": content.as_of.isoformat(),
        "description": f"核对码 {check_code(content)}",
        "foot_note": _foot_note(content),
        "head_template": f"reports/{HEADS.get(content.kind, 'head_form')}.html",
        "imprint": _imprint(content),
        "context": _context(content),
        "blocks": [builder.view(block) for block in content.blocks],
    }
    engine = Engine(dirs=[str(TEMPLATES)])
    html = engine.get_template("reports/paper.html").render(
        Context({"paper": paper}, autoescape=True, use_l10n=False, use_tz=False)
    )
    return Document(html=html, rules="\n".join(builder.rules), charts=builder.charts)


def clean(text: str) -> str:
    """Return ``text`` without what no paper can print: control characters, halves of a character."""
    return _NOT_PRINTABLE.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def moment_label(moment: datetime) -> str:
    """Return a moment as papers write it: 2026年11月22日18:05."""
    local = moment.astimezone(b.BEIJING)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _foot_note(content: b.ReportContent) -> str:
    moment = moment_label(content.as_of)
    note = f"{moment}由{PORTAL}制" if content.kind == "slip" else f"数据截至{moment}，由{PORTAL}生成"
    parts = [note, f"核对码 {check_code(content)}", clean(content.footer_note)]
    return "　".join(part for part in parts if part)


def _imprint(content: b.ReportContent) -> dict[str, str] | None:
    """版记 of minutes: to whom they go, who issued them and when."""
    if content.kind != "minutes":
        return None
    day = content.as_of
    issued = f"{day.year}年{day.month}月{day.day}日印发"
    return {"to": clean(content.subtitle), "by": clean(content.author_label), "on": issued}


def _context(content: b.ReportContent) -> list[dict[str, str]]:
    if content.kind == "slip":  # all of it stands in the table
        return []
    if content.kind in ("minutes", "agenda"):
        return [{"label": "", "value": line} for line in clean(content.period_label).split("\n") if line]
    author = {"report": "编制单位", "return_form": "填报单位", "breakdown": "编制单位", "completion": "督办单位"}[content.kind]
    facts = (
        ("期间", clean(content.period_label)),
        ("数据截至", moment_label(content.as_of)),
        (author, clean(content.author_label)),
    )
    return [{"label": f"{label}：", "value": value} for label, value in facts if value]


class _Builder:
    """Turns blocks into what their templates print, and collects column widths and charts on the way."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self.charts: list[b.Chart] = []
        self._tables = 0

    def view(self, block: b.Block) -> dict[str, Any]:
        name = {
            b.Heading: "heading", b.Facts: "facts", b.Paragraph: "paragraph", b.Lights: "lights", b.Table: "table",
            b.Chart: "chart", b.PageBreak: "page_break", b.Signature: "signature", b.Band: "band",
        }[type(block)]  # fmt: skip
        values: dict[str, Any] = getattr(self, f"_{name}")(block)
        return {**values, "template": f"reports/blocks/{name}.html"}

    def _heading(self, block: b.Heading) -> dict[str, Any]:
        return {"tag": str(block.level + 1), "text": clean(block.text)}

    def _facts(self, block: b.Facts) -> dict[str, Any]:
        rows: list[list[dict[str, Any]]] = []
        for item in block.items:
            fact = {
                "label": clean(item.label),
                "value": clean(item.value),
                "alone": len(item.value) > WIDE_FACT,
            }
            waiting = rows and len(rows[-1]) == 1 and not rows[-1][0]["alone"]
            if waiting and not fact["alone"]:
                rows[-1].append(fact)
            else:
                if waiting:
                    rows[-1][0]["alone"] = True
                rows.append([fact])
        if len(rows[-1]) == 1:
            rows[-1][0]["alone"] = True
        return {"rows": rows}

    def _paragraph(self, block: b.Paragraph) -> dict[str, Any]:
        texts = [line.strip() for line in clean(block.text).split("\n")]
        return {"texts": [text for text in texts if text], "style": "lead" if block.emphasis else "body"}

    def _lights(self, block: b.Lights) -> dict[str, Any]:
        lights = [
            {
                "code": code,
                "shape": b.LIGHT_SHAPES[code],
                "word": b.LIGHT_WORDS[code],
                "count": str(getattr(block, code)),
            }
            for code in b.LIGHTS
        ]
        if block.early:
            lights[b.LIGHTS.index("green")]["note"] = f"其中{b.EARLY_WORD} {block.early} 项"
        return {"lights": [*lights, {"code": "sum", "shape": "", "word": "合计", "count": str(block.total)}]}

    def _table(self, block: b.Table) -> dict[str, Any]:
        self._tables += 1
        name = f"t{self._tables}"
        whole = sum(column.share for column in block.columns)
        for number, column in enumerate(block.columns, start=1):
            self.rules.append(f".{name} .c{number} {{ width: {column.share / whole:.3%} }}")
        flags = (name, "ruled", "once" if not block.repeat_header else "", "pen" if block.handwriting else "")
        return {
            "style": " ".join(flag for flag in flags if flag),
            "wide": block.wide,
            "caption": clean(block.caption),
            "width": str(len(block.columns)),
            "columns": [
                {"number": str(n), "title": clean(c.title)} for n, c in enumerate(block.columns, start=1)
            ],
            "rows": [self._row(row, block.columns) for row in block.rows],
            "empty": clean(block.empty),
        }

    def _row(self, row: b.Row | b.SectionRow, columns: tuple[b.Column, ...]) -> dict[str, Any]:
        if isinstance(row, b.SectionRow):
            return {"section": clean(row.title)}
        size = sum(len(cell.text) + len(cell.note) for cell in row.cells)
        cells = [_cell(cell, column) for cell, column in zip(row.cells, columns, strict=True)]
        return {"cells": cells, "style": "long" if size > LONG_ROW else ""}

    def _chart(self, block: b.Chart) -> dict[str, Any]:
        rows = tuple(replace(row, label=clean(row.label)) for row in block.rows)
        self.charts.append(replace(block, rows=rows, caption=clean(block.caption), alt=clean(block.alt)))
        view: dict[str, Any] = {
            "source": chart_address(len(self.charts)),
            "alt": clean(block.alt),
            "caption": clean(block.caption),
        }
        if block.upright and len(block.rows) <= MOST_PERIODS_BESIDE:
            # A thin part of a column has no room for its number, and it is often the red one.
            view["measure"] = block.measure
            view["columns"] = [row.label for row in rows]
            view["rows"] = [
                {"code": code, "shape": b.LIGHT_SHAPES[code], "word": block.words[code],
                 "counts": [str(getattr(row, code)) for row in block.rows]}
                for code in b.LIGHTS
            ]  # fmt: skip
        return view

    def _page_break(self, block: b.PageBreak) -> dict[str, Any]:
        return {}

    def _band(self, block: b.Band) -> dict[str, Any]:
        return {"code": block.code, "word": clean(block.word), "text": clean(block.text)}

    def _signature(self, block: b.Signature) -> dict[str, Any]:
        lines = [{"label": clean(line.label), "value": clean(line.value)} for line in block.lines]
        return {"lines": lines, "seal": clean(block.seal), "date": clean(block.date)}


def _cell(cell: b.Cell, column: b.Column) -> dict[str, Any]:
    view = {
        "text": clean(cell.text),
        "note": clean(cell.note),
        "style": "" if column.align == "left" else column.align,
    }
    if cell.light:
        word = clean(cell.word) or b.LIGHT_WORDS[cell.light]
        view |= {"light": cell.light, "shape": b.LIGHT_SHAPES[cell.light], "word": word}
    return view


def chart_address(number: int) -> str:
    """Return the address under which a paper asks for its chart: served from memory, see ``resources``."""
    return f"paper:chart/{number}"
