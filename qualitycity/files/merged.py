"""Merged cells of an Excel workbook. The library's quick reading does not tell them."""

import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import iterparse


def merged_areas(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """Addresses such as B2:D2 by the part of the archive that is the sheet. The file has been judged before."""
    found: dict[str, list[str]] = {}
    for entry in archive.infolist():
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            with archive.open(entry) as part:
                found[entry.filename] = list(_areas(part))
    return found


def _areas(part: IO[bytes]) -> Iterator[str]:
    for _event, element in iterparse(part):
        if element.tag.endswith("}mergeCell"):
            yield element.get("ref", "A1")
        if not element.tag.endswith("}c"):
            # what has been read of a long sheet is let go again
            element.clear()
