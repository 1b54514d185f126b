"""Setting the pages with WeasyPrint. Loaded only in the child process: it takes a second and much memory."""

from __future__ import annotations

from pathlib import Path

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from qualitycity.reports import justify
from qualitycity.reports.document import STYLE_SHEETS, TEMPLATES, Document, chart_address
from qualitycity.reports.fonts import Face, font_face_rules
from qualitycity.reports.resources import NothingElse


def to_pdf(paper: Document, pictures: tuple[str, ...], faces: dict[Face, Path]) -> bytes:
    """Return the pages as one PDF. ``pictures`` are the SVGs of the charts in order, ``faces`` the fonts found."""
    justify.install()
    addresses = {face: f"paper:font/{number}" for number, face in enumerate(faces)}
    resources = {addresses[face]: (path.read_bytes(), "font/otf") for face, path in faces.items()}
    for number, svg in enumerate(pictures, start=1):
        resources[chart_address(number)] = (svg.encode(), "image/svg+xml")
    fetcher = NothingElse(resources)
    font_config = FontConfiguration()
    sheets = [(TEMPLATES / "reports" / "css" / name).read_text("utf-8") for name in STYLE_SHEETS]
    rules = "\n".join([font_face_rules(addresses), *sheets, paper.rules])
    style = weasyprint.CSS(string=rules, url_fetcher=fetcher, font_config=font_config)
    page = weasyprint.HTML(string=paper.html, url_fetcher=fetcher, base_url="paper:")
    pdf: bytes = page.write_pdf(stylesheets=[style], font_config=font_config, pdf_tags=True)
    return pdf
