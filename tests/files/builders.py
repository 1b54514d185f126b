"""Small honest files of every accepted kind, made on the spot, and what an attacker makes of them."""

import io
import struct
import zipfile
import zlib

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="urn:x"><w:body>进展情况</w:body></w:document>'
)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    # the media type a browser claims is never looked at, so a wrong one is given
    return SimpleUploadedFile(name, content, content_type="text/html")


def pdf(password: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def image(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, kind)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size; only its header is there to be read."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10))
        + chunk(b"IEND", b"")
    )


def archive(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


def docx(extra: dict[str, bytes | str] | None = None, document: bytes | str = DOCUMENT) -> bytes:
    return archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document, **(extra or {})})


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "指标"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


GOOD = {
    "pdf": pdf(),
    "jpg": image("JPEG"),
    "jpeg": image("JPEG"),
    "png": image("PNG"),
    "docx": docx(),
    "xlsx": xlsx(),
}
