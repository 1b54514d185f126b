"""Offices read the portal with browsers built on Chromium 108: what is newer is not used, or a fallback stands.

The list of newer features is written by hand. In the portal's own style sheets and scripts each of them is a fault
unless `ACCEPTED` says why the page is whole without it. Of the vendored style sheet only rules that can meet what the
portal writes are looked at: a property with a newer value must be set again under the same selector (or
`ACCEPTED_OF_VENDOR` says why not), and so must a variable that holds one and is read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders

from .tree import ROOT, plant, with_suffix

#: Feature → how it is written, and the first Chromium that knows it.
STYLE = {
    "oklch and oklab": (r"\bokl(?:ch|ab)\(|in oklab", 111),
    "color-mix": (r"\bcolor-mix\(", 111),
    "relative colours": (r"\b(?:rgb|hsl|oklch|color)\(\s*from\b", 119),
    "light-dark": (r"\blight-dark\(", 123),
    "masks without prefix": (r"(?<![-\w])mask(?:-[\w-]+)?\s*:", 120),
    "nesting": (r"(?<=[{;])\s*&", 112),
    "scope": (r"@scope\b", 118),
    "starting style": (r"@starting-style\b", 117),
    "subgrid": (r":\s*subgrid\b", 117),
    "balanced lines": (r"\btext-wrap(?:-style)?\s*:", 114),
    "fields as high as their text": (r"\bfield-sizing\s*:", 123),
    "anchored places": (r"\banchor-name\s*:|\bposition-(?:anchor|area|try)\b|\banchor\(", 125),
    "scroll-driven animations": (r"\banimation-timeline\b|\b(?:scroll|view)-timeline\b", 115),
    "transitions of what appears": (r"\btransition-behavior\b|\ballow-discrete\b", 117),
    "heights of auto": (r"\binterpolate-size\b|\bcalc-size\(", 129),
    "coloured scrollbars": (r"\bscrollbar-(?:color|width)\s*:", 121),
    "user-invalid": (r":user-(?:in)?valid\b", 119),
    "popover states": (r":popover-open\b", 114),
    "direction of text": (r":dir\(", 120),
    "rounding": (r"\b(?:round|mod|rem)\(", 125),
    "style queries": (r"@container\s+style\(", 111),
}
SCRIPT = {
    "copies of arrays": (r"\.(?:toSorted|toReversed|toSpliced)\(", 110),
    "groups of arrays": (r"\b(?:Object|Map)\.groupBy\(", 117),
    "promises from outside": (r"\bPromise\.withResolvers\(", 119),
    "arithmetic of sets": (r"\.(?:symmetricDifference|isSubsetOf|isSupersetOf)\(", 122),
    "arrays from streams": (r"\bArray\.fromAsync\(", 121),
    "popover": (r"\.(?:showPopover|hidePopover|togglePopover)\(", 114),
    "view transitions": (r"\bstartViewTransition\(", 111),
    "addresses that may be wrong": (r"\bURL\.(?:canParse|parse)\(", 120),
    "iterator helpers": (r"\bIterator\.(?:from|concat)\(", 122),
    "moving nodes": (r"\.moveBefore\(", 133),
    "any of several signals": (r"\bAbortSignal\.any\(", 116),
}
MARKUP = {
    "popover": (r"\spopover(?:target)?\b[=>\s]", 114),
    "one open of several": (r"<details\b[^>]*\sname=", 120),
    "commands of buttons": (r"\scommandfor=", 135),
}
NEWER = {".css": STYLE, ".js": SCRIPT, ".html": MARKUP}
#: (file, feature) of the portal's own → what stands without it.
ACCEPTED = {
    ("qualitycity/static/portal/sheet.css", "fields as high as their text"): "the field keeps its rows, and a handle",
}
#: (selector, property) of the vendored style sheet → what stands without it.
ACCEPTED_OF_VENDOR = {
    (".form-control:focus", "border-color"): "the portal's outline shows where the focus is",
    (".form-check-input:focus-visible", "border-color"): "the portal's outline shows where the focus is",
    (".btn-link", "--tblr-btn-disabled-color"): "buttons that cannot be pressed are not drawn as links",
    ("*", "scrollbar-color"): "bars are drawn by their older names",
    (".legend", "--tblr-legend-hover-bg"): "the meeting room's screen does not load these styles",
}
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
NEW_VALUE = re.compile("|".join(pattern for pattern, _ in STYLE.values()))


def newer(root: Path) -> Iterator[tuple[str, str]]:
    """(file, feature) of everything newer that the project writes itself."""
    for name, path in with_suffix(root, *NEWER):
        if name.startswith(("tests/", "docs/")):
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for feature, (pattern, _) in NEWER[path.suffix].items():
            if re.search(pattern, text):
                yield name, feature


def written(root: Path) -> tuple[set[str], set[str]]:
    """Every class that a template, a tag or a script may write, and every element or attribute of the templates."""
    classes: set[str] = set()
    marks = {"body", "html"}
    for _, path in with_suffix(root, ".html", ".py", ".js"):
        text = "" if path.is_relative_to(root / "tests") else path.read_text(encoding="utf-8")
        for found in re.findall(r"""(?:class|classes|className|css)["']?\s*[=:]\s*["']([^"']*)""", text):
            classes.update(re.findall(r"[\w-]+", found))
        if path.suffix == ".html":
            marks.update(re.findall(r"<([a-z][a-z0-9]*)", text), re.findall(r"\s([a-z][\w-]*)=", text))
    return classes, marks


def meets(selector: str, classes: set[str], marks: set[str]) -> bool:
    """Whether the selector can match anything: all it names is written somewhere."""
    named = re.findall(r"\.([a-zA-Z][\w-]*)", selector)
    needed = re.findall(r"(?:^|[\s>+~])([a-z][a-z0-9]*)|\[([\w-]+)", selector)
    return set(named) <= classes and {one or other for one, other in needed} <= marks and "%" not in selector


def own_styles(root: Path) -> str:
    return "".join(path.read_text() for name, path in with_suffix(root, ".css") if "/static/portal/" in name)


def declarations(style: str) -> Iterator[tuple[list[str], str, str]]:
    """(selectors, property, value) of every declaration."""
    for selectors, body in RULE.findall(re.sub(r"/\*.*?\*/", "", style, flags=re.S)):
        for declaration in body.split(";"):
            name, _, value = declaration.partition(":")
            yield [one.strip() for one in selectors.split(",")], name.strip(), value


def vendor_faults(style: str, own: str, classes: set[str], marks: set[str]) -> list[str]:
    """Newer values of the vendored style sheet that a page of the portal can reach and that nothing replaces."""
    faults, held, read = [], {}, own
    replaced = {
        (one, name.removeprefix("-webkit-")) for selectors, name, _ in declarations(own) for one in selectors
    } | set(ACCEPTED_OF_VENDOR)
    for selectors, name, value in declarations(style):
        if name.startswith("--") and ":root" in selectors:
            held[name] = value
            continue
        live = [one for one in selectors if meets(one, classes, marks)]
        read += value if live else ""
        if live and NEW_VALUE.search(f"{name}:{value}"):
            faults += [f"{one} {name}" for one in live if (one, name) not in replaced]
    set_again = {name for _, name, _ in declarations(own) if name.startswith("--")}
    reached, waiting = set(), set(re.findall(r"var\((--[\w-]+)", read))
    while waiting:
        name = waiting.pop()
        reached.add(name)
        if name not in set_again:
            waiting |= set(re.findall(r"var\((--[\w-]+)", held.get(name, ""))) - reached
    return faults + [f":root {name}" for name in sorted(reached - set_again) if NEW_VALUE.search(held.get(name, ""))]


def test_nothing_newer_than_the_browsers_of_offices_is_used() -> None:
    found = set(newer(ROOT))
    assert found - set(ACCEPTED) == set()
    assert set(ACCEPTED) - found == set(), "what is not used any more needs no excuse"


def test_a_newer_feature_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    plant(tmp_path, "qualitycity/static/portal/x.css", ".a { color: color-mix(in srgb, red, blue); & b { top: 0 } }")
    plant(tmp_path, "qualitycity/static/portal/js/x.js", "rows.toSorted()")
    plant(tmp_path, "templates/x.html", '<details name="one"><summary>x</summary></details>')
    plant(tmp_path, "qualitycity/static/portal/y.css", "/* color-mix() is too new */ .a:has(b) { inset: 0 }")
    assert {feature for _, feature in newer(tmp_path)} == {
        "color-mix", "nesting", "copies of arrays", "one open of several"
    }  # fmt: skip


def test_newer_values_of_the_vendored_styles_are_set_again() -> None:
    style = Path(str(finders.find("vendor/tabler.min.css"))).read_text(encoding="utf-8")
    assert vendor_faults(style, own_styles(ROOT), *written(ROOT)) == []


def test_a_newer_vendored_value_counts_where_a_page_reaches_it() -> None:
    style = (
        ":root{--t-a:oklch(1% 0 0);--t-b:var(--t-a);--t-c:oklch(2% 0 0);--t-d:oklch(3% 0 0)}"
        ".btn{color:var(--t-b);border-color:var(--t-d)}.map{color:var(--t-c)}.map .pin{mask-image:none}"
        ".btn:hover{color:color-mix(in oklab,red,blue)}dialog{color:oklch(1% 0 0)}.btn::before{mask-image:none}"
    )
    own = ":root{--t-d:#000} .btn::before { -webkit-mask-image: none }"
    assert vendor_faults(style, own, {"btn"}, {"body"}) == [".btn:hover color", ":root --t-a"]
