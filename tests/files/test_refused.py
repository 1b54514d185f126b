"""Hostile and broken files: each is refused with its own sentence, quickly, and leaves nothing behind."""

import io
import struct
import time
import tracemalloc
import zipfile

import pytest

from qualitycity.files.models import StoredFile
from qualitycity.files.storing import FileRefused, store

from .builders import CONTENT_TYPES, DOCUMENT, GOOD, archive, docx, image, pdf, png_header, upload, xlsx

MB = 1024 * 1024
BILLION_LAUGHS = (
    '<?xml version="1.0"?>'
    '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><w>&b;</w>'
)
LAUGHS_IN_UTF16 = BILLION_LAUGHS.replace('1.0"', '1.0" encoding="utf-16"').encode("utf-16")
DAMAGED = "damaged"
DOCTYPE = "document type declaration"
MACROS = "macros"
NOT_ACCEPTED = "not accepted"
NOT_WHAT = "not what the extension"
TOO_LARGE = "too large"
TOO_MANY = "too many parts"
UNPACKS = "unpacks to far more"


def lying_count(content: bytes) -> bytes:
    """Say in the end record that there are two entries, whatever there are."""
    at = content.rfind(b"PK\x05\x06")
    return content[: at + 8] + struct.pack("<HH", 2, 2) + content[at + 12 :]


def encrypted_entry(content: bytes) -> bytes:
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 8] + b"\x01\x00" + content[at + 10 :]


MANY = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": DOCUMENT} | {
    f"p{n}": b"" for n in range(2500)
}

HOSTILE = {
    "empty": ("a.pdf", b"", "empty"),
    "no extension": ("报告", GOOD["pdf"], NOT_ACCEPTED),
    "no name": ("", GOOD["pdf"], NOT_ACCEPTED),
    "program": ("a.pdf.exe", b"MZ", NOT_ACCEPTED),
    "reversed name": ("a\u202efdp.exe", GOOD["pdf"], NOT_ACCEPTED),
    "html": ("a.html", b"<script>alert(1)</script>", NOT_ACCEPTED),
    "svg": ("a.svg", b"<svg onload='alert(1)'/>", NOT_ACCEPTED),
    "old word": ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, NOT_ACCEPTED),
    "macro word": ("a.docm", docx(), NOT_ACCEPTED),
    "html as pdf": ("a.pdf", b"<html><script>alert(1)</script></html>", NOT_WHAT),
    "html as png": ("a.png", b"<html><script>alert(1)</script></html>", NOT_WHAT),
    "pdf as png": ("a.png", GOOD["pdf"], NOT_WHAT),
    "png as jpg": ("a.jpg", GOOD["png"], NOT_WHAT),
    "gif as png": ("a.png", image("GIF"), NOT_WHAT),
    "xlsx as docx": ("a.docx", xlsx(), NOT_WHAT),
    "docx as xlsx": ("a.xlsx", docx(), NOT_WHAT),
    "plain zip as docx": ("a.docx", archive({"readme.txt": "x"}), NOT_WHAT),
    "pdf as docx": ("a.docx", GOOD["pdf"], DAMAGED),
    "old word renamed": ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old format"),
    "cut pdf": ("a.pdf", GOOD["pdf"][:-200], "incomplete"),
    "cut docx": ("a.docx", docx()[:-30], DAMAGED),
    "cut docx in the middle": ("a.docx", docx()[:100], DAMAGED),
    "cut png": ("a.png", GOOD["png"][:20], DAMAGED),
    "pdf under a password": ("a.pdf", pdf(password="geheim"), "encryption"),
    "docx entry under a password": ("a.docx", encrypted_entry(docx()), "password"),
    "too large pdf": ("a.pdf", GOOD["pdf"] + b" " * (20 * MB), TOO_LARGE),
    "too large picture": ("a.png", GOOD["png"] + b" " * (10 * MB), TOO_LARGE),
    "too many pixels": ("a.png", png_header(10_000, 5_001), "too many pixels"),
    "picture bomb": ("a.png", png_header(60_000, 60_000), "too many pixels"),
    "suspicious picture": ("a.png", png_header(10_000, 10_000), "too many pixels"),
    "macros": ("a.docx", docx({"word/vbaProject.bin": b"x"}), MACROS),
    "macros elsewhere": ("a.docx", docx({"other/VBAPROJECT2.BIN": b"x"}), MACROS),
    "macro content type": (
        "a.docx",
        docx({"[Content_Types].xml": CONTENT_TYPES.replace("application/xml", "x.macroEnabled.main")}),
        MACROS,
    ),
    "billion laughs": ("a.docx", docx(document=BILLION_LAUGHS), DOCTYPE),
    "billion laughs in utf-16": ("a.docx", docx(document=LAUGHS_IN_UTF16), DOCTYPE),
    "doctype under a strange name": ("a.docx", docx({"word/data.bin": BILLION_LAUGHS}), DOCTYPE),
    "doctype behind a long comment": (
        "a.docx",
        docx(document="<?xml version='1.0'?><!--" + "质" * 90_000 + "-->" + BILLION_LAUGHS[21:]),
        DOCTYPE,
    ),
    "outside entity": (
        "a.docx",
        docx({"docProps/core.xml": '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/hostname">]><c>&x;</c>'}),
        DOCTYPE,
    ),
    "broken markup": ("a.docx", docx(document="<?xml version='1.0'?><!-- never ends"), DAMAGED),
    "too many parts": ("a.docx", archive(MANY), TOO_MANY),
    "too many parts, lying about it": ("a.docx", lying_count(archive(MANY)), TOO_MANY),
    "bomb": ("a.docx", docx({"word/big.xml": b"<a>" + b" " * (300 * MB)}), UNPACKS),
    "one dense part": ("a.docx", docx({"word/big.xml": b"<a>" + b" " * (50 * MB)}), UNPACKS),
    "many middling bombs": ("a.docx", docx({f"word/{n}.xml": b"<a>" + b" " * MB for n in range(120)}), UNPACKS),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_and_broken_files_are_refused(case, person, own_media):
    name, content, sentence = HOSTILE[case]
    file = upload("x", content)
    file._name = name  # as it came over the wire, before the framework's own cleaning
    started = time.perf_counter()
    with pytest.raises(FileRefused, match=sentence):
        store(file, purpose="evidence", actor=person)
    assert time.perf_counter() - started < 2
    assert not StoredFile.objects.exists()
    assert list(own_media.iterdir()) == []


def test_a_bomb_is_refused_without_being_unpacked(person):
    _name, content, _sentence = HOSTILE["bomb"]
    file = upload("a.docx", content)
    tracemalloc.start()
    with pytest.raises(FileRefused):
        store(file, purpose="evidence", actor=person)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * MB


def test_forty_thousand_entries_are_refused_before_an_object_is_made_of_each(person):
    file = upload("a.docx", lying_count(archive({f"{n}": b"" for n in range(40_000)}, zipfile.ZIP_STORED)))
    tracemalloc.start()
    with pytest.raises(FileRefused, match=TOO_MANY):
        store(file, purpose="evidence", actor=person)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * MB


def test_an_archive_that_declares_less_than_it_holds_is_never_unpacked_beyond_that(person):
    """The directory says 100 bytes, the part unpacks to 50 MB: no more than declared is ever read."""
    honest = docx({"word/big.xml": b"<!--" + b" " * (50 * MB) + b"--><a/>"})
    buffer = io.BytesIO(honest)
    with zipfile.ZipFile(buffer) as target:
        entry = target.getinfo("word/big.xml")
        needle = struct.pack("<II", entry.compress_size, entry.file_size)
    lying = honest.replace(needle, struct.pack("<II", entry.compress_size, 100))
    assert lying != honest
    tracemalloc.start()
    with pytest.raises(FileRefused, match=DAMAGED):
        store(upload("a.docx", lying), purpose="evidence", actor=person)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * MB


@pytest.mark.parametrize("extension", sorted(GOOD))
def test_no_cut_and_no_flipped_byte_makes_an_error_of_another_kind(extension, person):
    """Fifty truncations and fifty flips of each kind: taken or refused, never anything else."""
    content = GOOD[extension]
    damaged = [content[: len(content) * n // 50] for n in range(50)]
    for n in range(50):
        at = (len(content) - 1) * n // 49
        damaged.append(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
    refused = 0
    for candidate in damaged:
        try:
            store(upload(f"a.{extension}", candidate), purpose="evidence", actor=person)
        except FileRefused:
            refused += 1
    assert refused >= {"pdf": 40, "docx": 50, "xlsx": 50}.get(extension, 1)


def test_only_allowed_kinds_are_taken(person):
    with pytest.raises(FileRefused, match="JPG, PDF"):
        store(upload("a.docx", docx()), purpose="paper", actor=person, allowed={"pdf", "jpg"})
    assert store(upload("a.pdf", GOOD["pdf"]), purpose="paper", actor=person, allowed={"pdf", "jpg"}).pk
