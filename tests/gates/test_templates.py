"""Templates obey the content security policy: no script, style or handler inside a page."""

import re
from pathlib import Path

from tests.gates.tree import ROOT, plant, project_files

FAULTS = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"<[^>]*\s(?:data-)?hx-on\b", re.I),
    "an htmx trigger filter": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[", re.I),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.I),
    "an address with javascript": re.compile(r"(?:href|action|src)\s*=\s*[\"']\s*javascript:", re.I),
    "an address elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
}
REMARK = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.S)
# papers are rendered to PDF by the report process, which has its own sheet and loads nothing
PAPERS = "reports"


def inline_parts(root: Path) -> list[str]:
    """Places in page templates that the browser would refuse, or that would reach outside."""
    out = []
    for path in project_files(root):
        inside = path.relative_to(root).parts
        if path.suffix not in (".html", ".svg") or "templates" not in inside or PAPERS in inside:
            continue
        text = REMARK.sub(lambda remark: "\n" * remark.group().count("\n"), path.read_text())
        for what, pattern in FAULTS.items():
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                out.append(f"{path.relative_to(root)}:{line}: {what}")
    return sorted(out)


def test_pages_hold_no_script_style_or_handler() -> None:
    assert inline_parts(ROOT) == []


def test_planted_inline_parts_are_found(tmp_path: Path) -> None:
    good = '<script src="/a.js" defer></script>\n{# <p style="x"> #}\n'
    good += '<a href="/x" data-style="1" hx-trigger="click">x</a>\n'
    plant(tmp_path, "templates/good.html", good)
    assert inline_parts(tmp_path) == []
    bad = [
        '<p class="x"\n style="color:red">',
        "<style>p{}</style>",
        '<button onclick="go()">',
        '<form hx-on:submit="x">',
        '<i hx-trigger="keyup[key==1]">',
        "<script>1</script>",
        '<a href="javascript:x">',
        '<img src="//elsewhere.example/x.png">',
    ]
    for number, text in enumerate(bad):
        plant(tmp_path, f"programs/templates/bad{number}.html", text)
    found = inline_parts(tmp_path)
    assert [line.partition(":")[0] for line in found] == [f"programs/templates/bad{n}.html" for n in range(len(bad))]
    assert {line.rpartition(": ")[2] for line in found} == set(FAULTS)
