"""The child process of `joining`: a folder with `manifest.json` and the files in, `out` out.

    python -m qualitycity.reports.joiner FOLDER SECONDS MEGABYTES

Without runs it counts the pages of the first file. Exit codes: 0 done, 2 a file cannot be read, 3 not enough memory,
4 a file is encrypted.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from qualitycity.confined.limits import forbid_network, limit_memory, limit_time
from qualitycity.reports.joining import BAD_FILE, ENCRYPTED, OUT_OF_MEMORY

#: A4 in points, and in the pixels that a picture is brought down to (200 dots an inch).
WIDTH, HEIGHT = 595.28, 841.89
DOTS = 200
MARGIN = 90
#: Where the number stands: points above the lower edge.
FOOT = 22
SIZE = 10


class Encrypted(Exception):
    pass


def main(folder: Path) -> int:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    try:
        readers = [_reader(folder / name) for name in manifest["sources"]]
        if not manifest["runs"]:
            # every page is looked at: a table of pages that lies is found here, not when the papers are joined
            counted = sum(1 for page in readers[0].pages if page.mediabox is not None)
            (folder / "out").write_text(str(counted))
            return 0 if counted else BAD_FILE
        (folder / "out").write_bytes(_join(readers, manifest["runs"], manifest["title"]))
    except Encrypted:
        return ENCRYPTED
    except MemoryError:
        return OUT_OF_MEMORY
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # a broken file breaks the library in all of these ways
        print(type(error).__name__, error, file=sys.stderr)
        return BAD_FILE
    return 0


def _reader(path: Path) -> PdfReader:
    if path.suffix != ".pdf":
        return PdfReader(io.BytesIO(_page_of_picture(path)))
    reader = PdfReader(path)
    if reader.is_encrypted:
        raise Encrypted
    return reader


def _page_of_picture(path: Path) -> bytes:
    """A picture on a white A4 sheet, upright or lying as the picture is, turned as the camera held it."""
    with Image.open(path, formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (int(HEIGHT / 72 * DOTS), int(HEIGHT / 72 * DOTS)))
        turned = ImageOps.exif_transpose(opened)
        flat = Image.new("RGB", turned.size, "white")
        flat.paste(turned, mask=turned.getchannel("A") if turned.mode in ("RGBA", "LA") else None)
    sheet = [int(side / 72 * DOTS) for side in (WIDTH, HEIGHT)]
    if flat.width > flat.height:
        sheet.reverse()
    room = (sheet[0] - 2 * MARGIN, sheet[1] - 2 * MARGIN)
    fitted = ImageOps.contain(flat, room) if flat.width > room[0] or flat.height > room[1] else flat
    page = Image.new("RGB", (sheet[0], sheet[1]), "white")
    page.paste(fitted, ((sheet[0] - fitted.width) // 2, (sheet[1] - fitted.height) // 2))
    buffer = io.BytesIO()
    page.save(buffer, "PDF", resolution=DOTS, quality=85)
    return buffer.getvalue()


def _join(readers: list[PdfReader], runs: list[list[Any]], title: str) -> bytes:
    writer = PdfWriter()
    marks: list[tuple[str, int, int]] = []
    for source, name, level, first, last in runs:
        pages = readers[source].pages
        start = len(writer.pages)
        for page in pages[first : len(pages) if last is None else last + 1]:
            writer.add_page(page)
        if name:
            marks.append((name, level, start))
    total = len(writer.pages)
    for number, page in enumerate(writer.pages, 1):
        _stamp(writer, page, f"- {number} -")
    parent = None
    for name, level, start in marks:
        item = writer.add_outline_item(title=name, page_number=min(start, total - 1), parent=parent if level else None)
        parent = item if not level else parent
    writer.page_mode = "/UseOutlines"
    writer.add_metadata({"/Title": title})
    # what runs or leads outside is of no use in a paper
    for name in ("/OpenAction", "/AA", "/Names", "/AcroForm"):
        writer.root_object.pop(NameObject(name), None)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _stamp(writer: PdfWriter, page: PageObject, text: str) -> None:
    """The number at the foot in the middle, upright for the reader whichever way the page was turned."""
    if page.rotation:
        page.transfer_rotation_to_content()
    box = page.cropbox
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Times-Roman"),
        }
    )
    overlay = PageObject.create_blank_page(width=box.width, height=box.height)
    overlay[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/PageNumber"): font})}
    )
    across = float(box.width) / 2 - len(text) * SIZE * 0.22
    stream = DecodedStreamObject()
    stream.set_data(f"q BT /PageNumber {SIZE} Tf 0 g {across:.1f} {FOOT} Td ({text}) Tj ET Q".encode())
    overlay[NameObject("/Contents")] = stream
    page.merge_transformed_page(overlay, Transformation().translate(float(box.left), float(box.bottom)))


if __name__ == "__main__":
    limit_time(int(sys.argv[2]))
    forbid_network()
    limit_memory(int(sys.argv[3]))
    sys.exit(main(Path(sys.argv[1])))
