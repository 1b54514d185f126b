"""Files that people of the story upload: a workbook, and the scan of a form with signature and stamp."""

import io
from datetime import datetime
from functools import cache
from math import cos, pi, sin
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from qualitycity.reports.blocks import Paragraph, ReportContent, Signature, SignatureLine
from qualitycity.reports.rendering import render_pdf

from .facts import EvidenceFacts

#: Length of the handles, in radii, with which four Bézier curves make a circle.
_HANDLE = 0.5523
#: For a form whose last page keeps no place: in the lower left, in points.
_BELOW = (60.0, 90.0)
#: A signature as it runs: where the pen starts, then curves (two handles and an end) in points.
_PEN = (
    ((0, 0), ((6, 22), (16, 26), (18, 8)), ((19, -4), (8, -6), (12, 6))),
    ((22, 4), ((30, 18), (36, 20), (34, 2)), ((33, -8), (44, 14), (52, 10))),
    ((54, 14), ((58, -10), (60, -8), (66, 8)), ((70, 16), (80, 6), (96, 12))),
)


def workbook(facts: EvidenceFacts) -> bytes:
    """An .xlsx of one sheet; figures as figures, headings bold."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in facts.rows:
        page.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
    for cell in page[1]:
        cell.font = Font(bold=True)
    for column in page.columns:
        page.column_dimensions[column[0].column_letter].width = 6 + 2 * max(len(str(cell.value)) for cell in column)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@cache
def letter(title: str, as_of: datetime) -> bytes:
    """A paper of one page with signature and stamp, as a unit would scan it in."""
    content = ReportContent(
        kind="report", title=title, subtitle="", issuer="", number=None, as_of=as_of, period_label="",
        author_label="", snapshot_ids=(),
        blocks=(
            Paragraph("（示例材料，内容从略。正文按要求列明目标、措施、责任人和完成时限。）"),
            Signature((SignatureLine("单位负责人审签（签字）"),)),
        ),
    )  # fmt: skip
    return stamped(render_pdf(content))


def stamped(form: bytes) -> bytes:
    """The printed form with a signature in ink and a round stamp, at the places its last page keeps for them."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form)))
    page = writer.pages[-1]
    places = _places(page)
    sign_x, sign_y = places.get("审签", _BELOW)
    stamp_x, stamp_y = places.get("盖章", _BELOW)
    overlay = PageObject.create_blank_page(width=page.mediabox.width, height=page.mediabox.height)
    ink = StreamObject()
    ink.set_data(f"{_stamp(stamp_x + 45, stamp_y + 4)}\n{_signature(sign_x + 146, sign_y + 2)}".encode())
    overlay[NameObject("/Contents")] = ink
    page.merge_page(overlay)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _places(page: PageObject) -> dict[str, tuple[float, float]]:
    """Where on the page the words for signature and stamp begin, in points from its lower left corner."""
    found: dict[str, tuple[float, float]] = {}

    def look(text: str, matrix: list[float], place: list[float], *_more: Any) -> None:
        x = place[4] * matrix[0] + place[5] * matrix[2] + matrix[4]
        y = place[4] * matrix[1] + place[5] * matrix[3] + matrix[5]
        found.update({word: (x, y) for word in ("审签", "盖章") if word in text})

    page.extract_text(visitor_text=look)
    return found


def _stamp(x: float, y: float, radius: float = 42) -> str:
    """A red ring with a five-pointed star."""
    r, h = radius, radius * _HANDLE
    ring = [
        f"{x + r:.1f} {y:.1f} m",
        f"{x + r:.1f} {y + h:.1f} {x + h:.1f} {y + r:.1f} {x:.1f} {y + r:.1f} c",
        f"{x - h:.1f} {y + r:.1f} {x - r:.1f} {y + h:.1f} {x - r:.1f} {y:.1f} c",
        f"{x - r:.1f} {y - h:.1f} {x - h:.1f} {y - r:.1f} {x:.1f} {y - r:.1f} c",
        f"{x + h:.1f} {y - r:.1f} {x + r:.1f} {y - h:.1f} {x + r:.1f} {y:.1f} c S",
    ]
    corners = []
    for number in range(10):
        reach = radius * (0.34 if number % 2 == 0 else 0.13)
        angle = pi / 2 + number * pi / 5
        corners.append(f"{x + reach * cos(angle):.1f} {y + reach * sin(angle):.1f} {'l' if number else 'm'}")
    return "\n".join(["0.84 0.13 0.13 RG 0.84 0.13 0.13 rg 2.6 w", *ring, *corners, "f"])


def _signature(x: float, y: float) -> str:
    strokes = ["0.10 0.12 0.30 RG 1.4 w 1 J 1 j"]
    for start, *curves in _PEN:
        strokes.append(f"{x + start[0]} {y + start[1]} m")
        strokes += [" ".join(f"{x + px} {y + py}" for px, py in curve) + " c" for curve in curves]
        strokes.append("S")
    return "\n".join(strokes)
