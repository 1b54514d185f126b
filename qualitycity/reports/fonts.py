"""Which typefaces a paper is set in: Fandol where somebody has put it, Noto CJK where not.

Official papers want 仿宋 for the text, 楷体 and 黑体 for headings. Fandol has them under the GPL with font
exception, but covers some 8,000 characters; Noto has every character and stands behind it, so that a rare one
in a name is never lost. A machine with nothing but Noto gives a complete paper.

Files are looked for in ``$QC_VAR/fonts`` (else ``var/fonts`` of the project), then where TeX Live and the
system keep them. ``python -m qualitycity.reports.fonts`` prints what a paper would be set in.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qualitycity.confined.limits import PROJECT

SYSTEM_FOLDERS = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts"),
)

WESTERN = "U+20-7E, U+A0-B6, U+B8-24F"
"""Digits and Latin letters, without what Chinese shares with them (· “ ” … —): those stay full-width."""


@dataclass(frozen=True)
class Face:
    """A named face of a paper and the files that may serve it, the best first."""

    name: str
    files: tuple[str, ...]
    weight: int = 400
    unicode_range: str = ""


FACES = (
    Face("Paper Fang", ("FandolFang-Regular.otf",)),
    Face("Paper Kai", ("FandolKai-Regular.otf",)),
    Face("Paper Hei", ("FandolHei-Regular.otf",)),
    Face("Paper Latin", ("LiberationSerif-Regular.ttf",), 400, WESTERN),
    Face("Paper Latin", ("LiberationSerif-Bold.ttf",), 700, WESTERN),
    Face("Paper Latin Sans", ("LiberationSans-Regular.ttf",), 400, WESTERN),
)


def folders() -> tuple[Path, ...]:
    """Return the folders searched, the first match wins."""
    own = Path(os.environ.get("QC_VAR") or PROJECT / "var") / "fonts"
    return (own, *SYSTEM_FOLDERS)


def find_faces() -> dict[Face, Path]:
    """Return the file of each face that this machine has."""
    found = _files_by_name(folders())
    served = {face: next((found[name] for name in face.files if name in found), None) for face in FACES}
    return {face: path for face, path in served.items() if path is not None}


@cache
def _files_by_name(places: tuple[Path, ...]) -> dict[str, Path]:
    wanted = {name for face in FACES for name in face.files}
    found: dict[str, Path] = {}
    for place in places:
        for folder, _, names in os.walk(place):
            for name in wanted.intersection(names):
                found.setdefault(name, Path(folder) / name)
    return found


def font_face_rules(urls: dict[Face, str]) -> str:
    """Return the ``@font-face`` rules for the faces served under ``urls``."""
    rules = []
    for face, url in urls.items():
        reach = f"unicode-range: {face.unicode_range};" if face.unicode_range else ""
        rules.append(
            f'@font-face {{ font-family: "{face.name}"; font-weight: {face.weight}; src: url("{url}"); {reach} }}'
        )
    return "\n".join(rules)


def main() -> None:
    """Print each face with its file."""
    found = find_faces()
    for face in FACES:
        print(f"{face.name} {face.weight}: {found.get(face, 'Noto CJK stands in')}")


if __name__ == "__main__":
    main()
