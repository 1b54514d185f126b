"""PDFs of the sample as programs print them, and pages for single questions."""

import io
from functools import cache
from html import escape

import weasyprint
from PIL import Image
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import RectangleObject

from .builders import table_as_html
from .sample import Rows, blocks

#: 公文: twenty-eight characters a line, a running head, page numbers, the table in an annex that lies.
OFFICIAL = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm;
  @top-right { content: "示例市人民政府文件" } @bottom-center { content: "— " counter(page) " —" } }
@page lying { size: A4 landscape; margin: 26mm 35mm 28mm 37mm }
body { font: 16pt "Noto Serif CJK SC"; line-height: 28pt }
p { margin: 0; text-indent: 2em } p.title { text-indent: 0; text-align: center; font-size: 22pt; line-height: 32pt }
p.middle { text-indent: 0; text-align: center } p.right { text-align: right; padding-right: 4em }
p.left { text-indent: 0 } div.lying { page: lying }
table { border-collapse: collapse; font-size: 12pt; line-height: 18pt; width: 100% }
td { border: .5pt solid; padding: 2pt 4pt; vertical-align: middle } tr.open { break-inside: auto }
"""


def pdf(body: str, style: str = OFFICIAL) -> bytes:
    page = f"<meta charset=utf-8><title>样</title><style>{style}</style>{body}"
    made: bytes = weasyprint.HTML(string=page).write_pdf()
    return made


@cache
def sample_pdf() -> bytes:
    """As 公文 are laid out: title in two lines, number in the middle, addressees and annexes at the edge."""
    said = []
    for at, block in enumerate(blocks()):
        if isinstance(block, Rows):
            said.append(f"<div class=lying>{table_as_html(block)}</div>")
            continue
        kind = "title" if at == 0 else "middle" if at == 1 else ""
        if at == 2 or block.text.startswith("附件") and "：" not in block.text:
            kind = "left"
        elif block.text in ("示例市人民政府", "2025年5月16日"):
            kind = "right"
        said.append(f"<p class='{kind}'>{escape(block.shown)}</p>")
    return pdf("".join(said))


def turned(data: bytes, angle: int) -> bytes:
    """The same pages to the eye, written on the other way round, as scanners and some printers do."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        width, height = page.mediabox.width, page.mediabox.height
        moves = {90: (height, 0), 180: (width, height), 270: (0, width)}
        page.add_transformation(Transformation().rotate(angle).translate(*map(float, moves[angle])))
        size = (width, height) if angle == 180 else (height, width)
        page.mediabox = page.cropbox = RectangleObject((0, 0, *size))
        page.rotate(angle)
    return written(writer)


def protected(data: bytes, *, user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, owner, algorithm="RC4-128")
    return written(writer)


def scan(pages: int = 1) -> bytes:
    """Pictures of pages."""
    sheets = [Image.new("L", (620, 877), 255 - page) for page in range(pages)]
    buffer = io.BytesIO()
    sheets[0].save(buffer, "PDF", save_all=True, append_images=sheets[1:])
    return buffer.getvalue()


def unembedded(said: str, cmap: str, encoding: str) -> bytes:
    """In a font that is not in the file, without a table of its characters, as older office programs wrote."""
    stream = f"BT /F 12 Tf 72 760 Td <{said.encode(encoding).hex()}> Tj ET"
    return by_hand(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 7 0 R>>",
        f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/{cmap}/DescendantFonts[5 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/DW 1000/FontDescriptor 6 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        "<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880"
        "/Descent -120/CapHeight 880/StemV 80>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
    )


def by_hand(*objects: str | bytes, pages: str = "<</Type/Pages/Kids[3 0 R]/Count 1>>") -> bytes:
    """A file of the given objects, the first of them number 3."""
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(("<</Type/Catalog/Pages 2 0 R>>", pages, *objects), 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + (content if isinstance(content, bytes) else content.encode())
        data += b"\nendobj\n"
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF".encode()
    return data + f"xref\n0 {len(places) + 1}\n".encode() + table + end


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
