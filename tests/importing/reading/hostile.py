"""Files that are built to hurt whoever opens them, and honest ones with damage done to them."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl

from . import builders, prints

MEGABYTE = 1024 * 1024


def flipped(data: bytes, seed: int, count: int = 12) -> bytes:
    """With some bits turned over."""
    chance = random.Random(seed)
    damaged = bytearray(data)
    for _bit in range(count):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def repacked(data: bytes, seed: int) -> bytes:
    """A sound archive of parts with damaged content: a tag, an attribute or a value lost or changed."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if name.endswith(".xml") and "Content_Types" not in name])
    content = parts[name].decode()
    places = [found.span() for found in re.finditer(r'"[^"]*"|<[^>]+>|>[^<]+<', content)]
    start, end = chance.choice(places)
    instead = chance.choice(['""', '"99999999999"', '"-1"', "<w:p/>", "", '"é"', "<", "&amp;", "\ue000"])
    parts[name] = (content[:start] + instead + content[end:]).encode()
    return builders.archive(parts)


def cut(data: bytes, points: int) -> Iterator[bytes]:
    """Ended early, at so many points."""
    for point in range(points):
        yield data[: len(data) * point // points]


def zeros_docx(megabytes: int) -> bytes:
    """A part that is all one letter: packs to a thousandth."""
    return builders.docx("", styles="a" * megabytes * MEGABYTE)


def crowded_docx(parts: int) -> bytes:
    return builders.archive({f"word/{at}.xml": "" for at in range(parts)})


def wide_docx() -> bytes:
    """Within all limits of packing, and a tree of elements that fills the memory."""
    chance = random.Random(7)
    piece = "".join(f'<w:p><w:r w:x="{chance.randrange(10**6)}"><w:t/></w:r></w:p>' for _ in range(20_000))
    return builders.docx(piece * 80)


def deep_docx() -> bytes:
    return builders.docx("<w:sdt>" * 50_000 + builders.p("字") + "</w:sdt>" * 50_000)


def entity_docx() -> bytes:
    """The laugh of a thousand millions."""
    entities = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 9))
    document = (
        f'<!DOCTYPE d [<!ENTITY e0 "哈">{entities}]><w:document xmlns:w="{builders.W}">&e8;</w:document>'
    )
    return _with_document(document)


def fetching_docx(address: str) -> bytes:
    """With everything outside that a Word file can name: a picture, a template, a document to put in, a link."""
    calls = "".join(
        f'<Relationship Id="x{kind}" Type="urn:x/{kind}" Target="{address}/{kind}" TargetMode="External"/>'
        for kind in ("image", "attachedTemplate", "aFChunk", "hyperlink", "styles", "numbering")
    )
    return builders.docx(builders.p("一、总体要求") + '<w:altChunk r:id="xaFChunk"/>', external=calls)


def fetching_entity_docx(address: str) -> bytes:
    document = (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "{address}/entity"><!ENTITY % p SYSTEM "{address}/parameter">%p;]>'
        f'<w:document xmlns:w="{builders.W}"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>'
    )
    return _with_document(document)


def _with_document(document: str) -> bytes:
    honest = {
        "[Content_Types].xml": builders.CONTENT_TYPES,
        "word/document.xml": f'<?xml version="1.0"?>{document}',
    }
    return builders.archive(honest)


def macro_docx() -> bytes:
    return builders.archive({
        "[Content_Types].xml": builders.CONTENT_TYPES,
        "word/document.xml": builders.part("document", "<w:body/>"),
        "word/vbaProject.bin": b"\0" * 100,
    })  # fmt: skip


def claiming_xlsx() -> bytes:
    """A sheet that claims all rows and one merged cell over all of them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"] = "序号", "任务"
    sheet["XFD1048576"] = "终"
    sheet.merged_cells.add("A2:XFD1048576")
    return _saved(book)


def tall_xlsx(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(rows):
        sheet.append([row, "任务"])
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def looping_pdf() -> bytes:
    """Pages that are their own parents."""
    return prints.by_hand(
        "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9/Parent 2 0 R>>",
        pages="<</Type/Pages/Kids[3 0 R 2 0 R]/Count 99>>",
    )


def many_pages_pdf(count: int) -> bytes:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return prints.by_hand(page, pages=f"<</Type/Pages/Kids[{'3 0 R ' * count}]/Count {count}>>")


def swelling_pdf(megabytes: int) -> bytes:
    """A page whose content unpacks to a thousand times its size."""
    packed = zlib.compress(zlib.compress(b"q 1 0 0 1 0 0 cm\n" * (megabytes * MEGABYTE // 17), 1), 9)
    start = (
        f"<</Length {len(packed)}/Filter[/FlateDecode/FlateDecode]>>stream\n".encode()
        + packed
        + b"\nendstream"
    )
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return prints.by_hand(page, start)


def deep_page(depth: int) -> bytes:
    return (
        b"<html><body>" + b"<div>" * depth + "一、总体要求。".encode() + b"</div>" * depth + b"</body></html>"
    )


def wide_table_page() -> bytes:
    """Few cells that claim many places."""
    return b"<table>" + b"<tr><td colspan=1000 rowspan=65000>a<td colspan=1000>b" * 3000 + b"</table>"
