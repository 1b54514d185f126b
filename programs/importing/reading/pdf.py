"""PDFs with text: characters and rules of each page, put together again to the lines, paragraphs and tables that a
person sees. Page numbers and running heads are left out.

Places are in points from the upper left corner of the page as it is shown.
"""

import ctypes
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ..source import Source, Unreadable
from .building import Builder
from .paragraphs import write
from .print import Char, Page, arranged, without_furniture
from .rulings import Rule, found_tables

_MOST_PAGES: Final = 2000
_MOST_CHARACTERS: Final = 60_000
_MOST_RULES: Final = 4000
_DEPTH: Final = 3
#: A line is drawn as a line, or as a rectangle that is hardly thicker.
_THIN: Final = 2.5
#: Fewer characters a page than a stamp or a page number of a scanner: there is no text.
_SCANNED: Final = 8
#: Share of characters that stand for nothing: the file does not say which they are.
_GARBLED: Final = 0.2
#: Some programs write parts of characters (部首) for the characters that look the same.
_PARTS: Final = str.maketrans(
    "⺟⺠⺮⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰",
    "母民竹虎西见角贝车长门青韦页风飞食马鬼鱼鸟麦黄齐齿龙",
)


def read_pdf(data: bytes) -> Source:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        known = {raw.FPDF_ERR_PASSWORD: "password", raw.FPDF_ERR_SECURITY: "password"}
        raise Unreadable(known.get(getattr(error, "err_code", None), "damaged")) from error
    if len(document) > _MOST_PAGES:
        raise Unreadable("too_long")
    if len(document) == 0:
        raise Unreadable("damaged")
    pages: list[Page] = []
    said, lost = 0, 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError as error:
            raise Unreadable("damaged") from error
        chars, unknown = _chars(page)
        said, lost = said + len(chars), lost + unknown
        tables = found_tables(_rules(page))
        pages.append(arranged(*_size(page), chars, tables))
        page.close()
    if lost > (said + lost) * _GARBLED:
        raise Unreadable("garbled")
    if said < _SCANNED * len(pages):
        raise Unreadable("scanned")
    builder = Builder()
    write(without_furniture(pages), builder)
    return builder.source("pdf")


def _size(page: Any) -> tuple[float, float]:
    width, height = page.get_size()
    return width, height


class _Turn:
    """From the page's own places to those a person sees: turned as the page is, from the upper left corner."""

    def __init__(self, page: Any) -> None:
        self.turned = page.get_rotation()
        left, bottom, right, top = page.get_bbox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Left, upper, right and lower edge."""
        if self.turned == 90:
            return y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left
        if self.turned == 180:
            return self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom
        if self.turned == 270:
            return self.top - y1, self.right - x1, self.top - y0, self.right - x0
        return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0


def _chars(page: Any) -> tuple[list[Char], int]:
    """What is printed on the page, and how many characters of it nobody can name."""
    turn, box, unknown = _Turn(page), raw.FS_RECTF(), 0
    x, y = ctypes.c_double(), ctypes.c_double()
    found: list[Char] = []
    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > _MOST_CHARACTERS:
            raise Unreadable("too_long")
        for at in range(count):
            code = raw.FPDFText_GetUnicode(text, at)
            if code in (0, 0xFFFE, 0xFFFD) or 0xE000 <= code <= 0xF8FF:
                unknown += 1
                continue
            if code < 0x20 or raw.FPDFText_IsGenerated(text, at) == 1:
                continue
            if raw.FPDFText_GetLooseCharBox(text, at, box) and raw.FPDFText_GetCharOrigin(text, at, x, y):
                left, upper, right, lower = turn.box(box.left, box.bottom, box.right, box.top)
                start, base = turn.box(x.value, y.value, x.value, y.value)[:2]
                # drawn fonts (Type 3) have no more box than their ink
                found.append(Char(min(left, start), upper, right, lower, base, _character(code)))
    finally:
        text.close()
    return found, unknown


def _character(code: int) -> str:
    if 0x2E80 <= code <= 0x2FDF:
        return unicodedata.normalize("NFKC", chr(code).translate(_PARTS))
    return " " if code == 0xA0 else chr(code)


def _rules(page: Any) -> list[Rule]:
    """Lines that run across or down, whatever draws them."""
    turn = _Turn(page)
    found: list[Rule] = []
    for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_DEPTH):
        if len(found) > _MOST_RULES:
            # a drawing, a map
            return []
        for x0, y0, x1, y1 in _strokes(piece):
            left, upper, right, lower = turn.box(x0, y0, x1, y1)
            if right - left <= _THIN < lower - upper:
                found.append(Rule(True, (left + right) / 2, upper, lower))
            elif lower - upper <= _THIN < right - left:
                found.append(Rule(False, (upper + lower) / 2, left, right))
    return found


def _strokes(piece: Any) -> Iterator[tuple[float, float, float, float]]:
    """Boxes of the straight pieces of a path, in the page's own places."""
    try:
        bounds = piece.get_bounds()
    except pdfium.PdfiumError:
        return
    left, bottom, right, top = bounds
    if right - left <= _THIN or top - bottom <= _THIN:
        yield bounds
        return
    count = raw.FPDFPath_CountSegments(piece)
    if not 2 <= count <= _MOST_RULES:
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    matrix = piece.get_matrix()
    start = last = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(piece, at)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _box(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield _box(last, start)


def _box(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
