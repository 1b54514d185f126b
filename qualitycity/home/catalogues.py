"""Collecting and compiling the texts of the screens without the gettext programs.

Texts are collected by Babel out of Python, and out of templates after Django has turned them into calls it can read.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

FOLDERS = ("qualitycity", "taskforce", "programs", "kpis", "awards", "templates")
DOMAIN = "LC_MESSAGES/django.po"
# argument positions: c marks the context
KEYWORDS: dict[str, tuple | None] = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None}
KEYWORDS |= dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
KEYWORDS |= dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
KEYWORDS |= dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")


@dataclass
class Message:
    """One text to translate. Identity is (context, singular); `places` are `file:line`."""

    singular: str
    plural: str | None
    context: str | None
    places: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.singular


def sources(root: Path) -> Iterator[Path]:
    """Python files and templates that may hold texts, in a fixed order; papers in Chinese are not translated."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).parts
            if path.suffix == ".py" and "migrations" not in inside:
                yield path
            elif path.suffix in (".html", ".txt") and "templates" in inside:
                yield path


def _calls(path: Path) -> Iterable[tuple]:
    text = path.read_text()
    if path.suffix != ".py":
        # a template's indentation means nothing to Python, and would stop its tokenizer
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})


def collect(root: Path) -> list[Message]:
    """Every text of the tree under `root`, in order of first appearance."""
    found: dict[tuple[str | None, str], Message] = {}
    for path in sources(root):
        for line, texts, _comments, context in _calls(path):
            singular, plural = (texts[0], texts[1]) if isinstance(texts, tuple) else (texts, None)
            message = found.setdefault((context, singular), Message(singular, None, context))
            message.plural = message.plural or plural
            message.places.append((path.relative_to(root).as_posix(), str(line)))
    return list(found.values())


def catalogues(root: Path) -> list[Path]:
    return sorted((root / "locale").glob(f"*/{DOMAIN}"))


def _index(catalogue: polib.POFile) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def update(catalogue: polib.POFile, messages: list[Message]) -> tuple[int, int]:
    """Bring the entries in line with `messages`, keeping every translation; returns (added, dropped).

    Only the file of a place is written down, not its line: a moved line is no change of the catalogue.
    """
    known = _index(catalogue)
    added = 0
    for message in messages:
        entry = known.pop(message.key, None)
        if entry is None:
            entry = polib.POEntry(msgid=message.singular, msgctxt=message.context)
            catalogue.append(entry)
            added += 1
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: entry.msgstr}
            entry.msgstr = ""
        entry.occurrences = sorted({(file, "") for file, _line in message.places})
    for entry in known.values():
        catalogue.remove(entry)
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    return added, len(known)


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def faults(catalogue: polib.POFile, messages: list[Message]) -> list[str]:
    """Sentences about what is missing, unsure or out of step in a catalogue; empty when it is complete."""
    known = _index(catalogue)
    out = []
    for message in messages:
        place = message.places[0][0]
        entry = known.get(message.key)
        if entry is None:
            out.append(f"{place}: not in the catalogue: {message.singular!r}")
            continue
        texts = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
        if not texts or not all(texts):
            out.append(f"{place}: not translated: {message.singular!r}")
        elif "fuzzy" in entry.flags:
            out.append(f"{place}: marked unsure: {message.singular!r}")
        else:
            wanted = _placeholders(message.plural or message.singular)
            out += [
                f"{place}: other placeholders than in {message.singular!r}: {text!r}"
                for text in texts
                if _placeholders(text) != wanted
            ]
    return out
