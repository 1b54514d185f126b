"""Good files: kept whole under random names, handed out so that nothing in them runs, swept when orphaned."""

import errno
import hashlib
import os
import re
import time
from urllib.parse import unquote

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from qualitycity.files.models import StoredFile
from qualitycity.files.names import MAX_LENGTH, clean_name
from qualitycity.files.serving import serve
from qualitycity.files.storing import FileRefused, store
from qualitycity.files.sweeping import GRACE, sweep

from .builders import GOOD, archive, docx, png_header, upload
from .conftest import Person


def on_disk(root) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def age(root, name: str) -> None:
    old = time.time() - GRACE.total_seconds() - 60
    os.utime(root / name, (old, old))


@pytest.mark.parametrize("extension", sorted(GOOD))
def test_a_good_file_is_kept_whole_under_a_random_name(extension, person, own_media):
    content = GOOD[extension]
    stored = store(upload(f"第三季度 进展.{extension.upper()}", content), purpose="evidence", actor=person)
    stored.refresh_from_db()
    assert stored.original_name == f"第三季度 进展.{extension}"
    assert (stored.extension, stored.size, stored.purpose) == (extension, len(content), "evidence")
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.uploaded_by_id == person.user_id
    assert re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{30}", stored.storage_name)
    assert on_disk(own_media) == {stored.storage_name}
    with stored.open() as kept:
        assert kept.read() == content


def test_a_large_upload_that_the_framework_put_on_disk_is_kept_too(person):
    content = GOOD["pdf"][:-6] + b" " * 3_000_000 + b"%%EOF\n"
    file = TemporaryUploadedFile("a.pdf", "application/pdf", len(content), None)
    file.write(content)
    file.seek(0)
    with store(file, purpose="evidence", actor=person).open() as kept:
        assert kept.read() == content
    file.close()


def test_what_the_portal_made_itself_is_kept_the_same_way(person):
    stored = store(ContentFile(GOOD["pdf"], name="报告.pdf"), purpose="report", actor=person)
    assert (stored.original_name, stored.size) == ("报告.pdf", len(GOOD["pdf"]))


def test_two_files_of_one_name_do_not_meet(person):
    first = store(upload("a.pdf", GOOD["pdf"]), purpose="evidence", actor=person)
    second = store(upload("a.pdf", GOOD["pdf"]), purpose="evidence", actor=person)
    assert first.storage_name != second.storage_name
    assert first.public_id != second.public_id


def test_a_document_with_an_embedded_workbook_a_picture_and_a_numbered_main_part_is_ordinary(person):
    parts = {
        "word/embeddings/sheet.xlsx": GOOD["xlsx"],
        "word/media/image1.png": GOOD["png"],
        "word/note.txt": "﻿备注",
    }
    assert store(upload("a.docx", docx(parts)), purpose="evidence", actor=person).pk
    numbered = archive({"[Content_Types].xml": "<Types/>", "word/document2.xml": "<d/>"})
    assert store(upload("b.docx", numbered), purpose="evidence", actor=person).pk


def test_a_picture_of_just_fifty_megapixels_is_taken(person):
    assert store(upload("a.png", png_header(10_000, 5_000)), purpose="evidence", actor=person).pk


def test_the_clock_uploads_nothing(db):
    with pytest.raises(ValueError, match="person"):
        store(upload("a.pdf", GOOD["pdf"]), purpose="evidence", actor=Person(None))


def test_a_full_disk_is_told_to_the_person_and_leaves_no_row(person, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(FileRefused, match="cannot be stored"):
        store(upload("a.pdf", GOOD["pdf"]), purpose="evidence", actor=person)
    assert not StoredFile.objects.exists()


def test_the_database_refuses_an_empty_file(person):
    with pytest.raises(IntegrityError, match="not_empty"):
        StoredFile.objects.create(original_name="a", size=0, uploaded_by_id=person.user_id, storage_name="x")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("C:\\fakepath\\报告.PDF", "报告.pdf"),
        ("质量\x00.pdf", "质量.pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("  a \u3000 b .pdf", "a b.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("𠮷.pdf", "𠮷.pdf"),
        ("质" * 300 + ".pdf", "质" * 116 + ".pdf"),
        ("a." + "x" * 300, "." + "x" * 119),
        (".pdf", ".pdf"),
        ("..", ".."),
        ("a.pdf/", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_names_are_made_harmless(raw, clean):
    assert clean_name(raw) == clean


@given(st.text(max_size=300))
def test_no_name_keeps_a_path_or_a_control_character_or_grows(raw):
    clean = clean_name(raw)
    assert len(clean) <= MAX_LENGTH
    assert not set(clean) & set("/\\\x00\r\n\t\u202e\u2066")


def test_a_name_that_is_only_an_extension_gets_a_stem(person):
    assert store(upload(".pdf", GOOD["pdf"]), purpose="evidence", actor=person).original_name == "file.pdf"


def test_a_file_is_handed_out_as_a_download_in_which_nothing_runs(person):
    stored = store(upload('进展 "一".pdf', GOOD["pdf"]), purpose="evidence", actor=person)
    response = serve(stored)
    assert b"".join(response.streaming_content) == GOOD["pdf"]
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.partition("''")[2]) == '进展 "一".pdf'
    assert response["Content-Type"] == "application/pdf"
    assert int(response["Content-Length"]) == len(GOOD["pdf"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_the_disk_has_lost_is_not_found_and_reported(person, own_media, capsys):
    stored = store(upload("a.pdf", GOOD["pdf"]), purpose="evidence", actor=person)
    call_command("check_files")
    assert "Every row has its file." in capsys.readouterr().out
    (own_media / stored.storage_name).write_bytes(b"cut")
    with pytest.raises(CommandError, match="1 files"):
        call_command("check_files")
    (own_media / stored.storage_name).unlink()
    with pytest.raises(Http404):
        serve(stored)
    with pytest.raises(CommandError, match="1 files"):
        call_command("check_files")
    assert stored.storage_name in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_rolled_back_transaction_is_swept_and_no_other(person, own_media, capsys):
    with pytest.raises(RuntimeError), transaction.atomic():
        lost = store(upload("a.pdf", GOOD["pdf"]), purpose="evidence", actor=person).storage_name
        raise RuntimeError
    with transaction.atomic():
        kept = store(upload("b.pdf", GOOD["pdf"]), purpose="evidence", actor=person).storage_name
    fresh = "ab/" + "ab" * 16
    foreign = ["logo.png", "ab/readme.txt", "reports/" + "ab" * 16]
    for name in [fresh, *foreign]:
        (own_media / name).parent.mkdir(exist_ok=True)
        (own_media / name).write_bytes(b"x")
    for name in [lost, kept, *foreign]:
        age(own_media, name)
    call_command("check_files")
    assert f"no row knows {lost}" in capsys.readouterr().out
    current_app.tasks["files.sweep"]()
    # young files may belong to a transaction that is still running
    assert on_disk(own_media) == {kept, fresh, *foreign}
    age(own_media, fresh)
    call_command("check_files", "--delete-orphans")
    assert on_disk(own_media) == {kept, *foreign}


def test_sweeping_before_the_first_upload_finds_nothing(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "there"
    assert sweep() == 0
