"""What cannot be read is told in one sentence, quickly, and leaves nothing behind."""

import io
import json
import socket
import threading
import time

import pytest
from django.utils import translation

from programs.importing import parsing
from programs.importing.parsing import parse
from programs.importing.reading.kinds import MOST_BYTES, check_size
from programs.importing.source import SENTENCES, Unreadable
from qualitycity.confined.running import run_module
from tests.files import builders as files

from . import builders, hostile, prints
from .corpus import CUTS, FLIPS, REPACKED
from .sample import text

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
SAID = "said"


def refused(name: str, data: bytes, **limits: int) -> Unreadable:
    with pytest.raises(Unreadable) as failure:
        parse(name, data, recognise=False, **limits)
    return failure.value


@pytest.mark.parametrize(
    ("name", "make", "code", "words"),
    [
        ("a.docx", lambda: b"", "empty", "文件是空的"),
        ("a.txt", lambda: b" \n\t\r\n", "no_text", "没有文字"),
        ("a.docx", lambda: builders.docx("<w:p/>"), "no_text", "没有文字"),
        ("a.html", lambda: b"<html><script>1</script></html>", "no_text", "没有文字"),
        ("a.txt", lambda: bytes(range(1, 256)) * 99, "not_text", "UTF-8"),
        ("a.doc", lambda: OLE, "old", "旧格式"),
        ("a.docx", lambda: OLE, "old", "旧格式"),
        ("a.exe", lambda: b"MZ", "kind", "不读取|不支持|这里"),
        ("a", lambda: b"text", "kind", "这里"),
        ("a.txt", lambda: files.image("PNG"), "extension", "图片"),
        ("a.docx", lambda: prints.scan(), "extension", "PDF"),
        ("a.pdf", builders.sample_docx, "extension", "Word"),
        ("a.docx", builders.sample_xlsx, "extension", "Excel"),
        ("a.doc", builders.sample_html, "extension", "网页"),
        ("a.html", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "extension", "仅 HTML"),
        ("a.docx", lambda: builders.archive({"a.txt": "甲"}), "extension", "压缩包"),
        ("a.docx", hostile.macro_docx, SAID, "宏"),
        ("a.docm", hostile.macro_docx, SAID, "宏"),
        ("a.docx", hostile.entity_docx, SAID, "DOCTYPE"),
        ("a.docx", lambda: hostile.zeros_docx(20), SAID, "解压"),
        ("a.docx", lambda: hostile.crowded_docx(3000), SAID, "过多|部件"),
        ("a.docx", hostile.deep_docx, "damaged", "损坏"),
        ("a.docx", lambda: builders.sample_docx()[:-100], SAID, "损坏"),
        ("a.pdf", lambda: prints.sample_pdf()[:-100], "damaged", "损坏"),
        ("a.pdf", hostile.looping_pdf, "damaged", "损坏"),
        ("a.pdf", lambda: hostile.many_pages_pdf(100_000), "too_long", "过长"),
        ("a.pdf", lambda: hostile.swelling_pdf(300), "memory", "内存"),
        ("a.pdf", lambda: prints.protected(prints.sample_pdf(), user="x", owner="y"), "password", "密码"),
        ("a.pdf", lambda: prints.scan(3), "scanned", "页面图像"),
        ("a.pdf", lambda: prints.by_hand("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"), "scanned", "没有文字"),
        ("a.xlsx", lambda: hostile.tall_xlsx(5001), "too_long", "过长"),
        ("a.html", hostile.wide_table_page, "too_long", "过长"),
        ("a.txt", lambda: "质".encode() * 3_000_001, "too_long", "过长"),
    ],
)  # fmt: skip
def test_one_clear_sentence(name, make, code, words):
    data = make()
    began = time.monotonic()
    with translation.override("zh-hans"):
        error = refused(name, data)
        said = str(error)
    assert error.code == code
    assert any(word in said for word in words.split("|")), said
    assert "\n" not in said and said.endswith("。")
    assert time.monotonic() - began < 20


def test_a_hundred_megabytes_are_refused_before_anybody_looks():
    data = bytes(100 * 1024 * 1024)
    began = time.monotonic()
    assert refused("a.docx", data).code == "too_large"
    with pytest.raises(Unreadable, match="20 MB"):
        check_size(len(data))
    assert time.monotonic() - began < 1
    check_size(MOST_BYTES)


@pytest.mark.slow
def test_a_tree_that_fills_the_memory_ends_at_the_limit():
    assert refused("a.docx", hostile.wide_docx()).code == "memory"


def test_what_takes_too_long_is_stopped():
    data = hostile.wide_docx()
    began = time.monotonic()
    # more memory than it can fill in that time on a fast machine
    assert refused("a.docx", data, seconds=1, megabytes=4096).code == "timeout"
    assert time.monotonic() - began < 6


def test_a_fault_of_the_reader_is_told_as_one(monkeypatch):
    monkeypatch.setattr(parsing, "READER", "programs.importing.nowhere")
    assert refused("a.txt", builders.txt("utf-8")).code == "fault"


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    parse("a.docx", builders.sample_docx(), recognise=False)
    refused("a.pdf", prints.scan())
    refused("a.docx", hostile.wide_docx(), seconds=1)
    assert list(tmp_path.iterdir()) == []


def test_nothing_outside_the_file_is_asked_for():
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen():
            while True:
                try:
                    heard.append(server.accept())
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        read = parse("a.docx", hostile.fetching_docx(address), recognise=False)
        assert refused("a.docx", hostile.fetching_entity_docx(address)).code == SAID
        picture = (
            f'<html><img src="{address}/a"><iframe src="{address}/b"></iframe><p>一、总体要求</p></html>'
        )
        parse("a.html", picture.encode(), recognise=False)
        time.sleep(0.2)
    assert read.source.text == "一、总体要求\n"
    assert heard == []


def test_a_novel_is_no_policy_document_but_may_be_worked_on_by_hand():
    data = text("novel").encode()
    with pytest.raises(Unreadable) as failure:
        parse("小说.txt", data)
    assert failure.value.code == "no_policy"
    assert parse("小说.txt", data, recognise=False).source.text == text("novel")


@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.xlsx"])
def test_a_document_comes_with_its_findings(name):
    made = {
        "a.txt": lambda: builders.txt("utf-8"),
        "a.docx": builders.sample_docx,
        "a.xlsx": builders.sample_xlsx,
    }
    parsed = parse(name, made[name]())
    assert parsed.extraction is not None
    assert "建设产业质量公共服务平台" in [task.title for task in parsed.extraction.tasks]


def test_a_pdf_that_only_forbids_changes_is_read():
    parsed = parse("a.pdf", prints.protected(prints.sample_pdf(), user="", owner="y"), recognise=False)
    assert "示政发〔2025〕8号" in parsed.source.text


def test_damaged_files_take_nobody_down():
    """Some hundred files of every format with bits turned over, cut off, or named as another."""
    ended = run_module("tests.importing.reading.corpus", seconds=300)
    assert ended.code == 0, ended.said
    found = json.loads(ended.out)
    assert sum(sum(kind.values()) for kind in found.values()) == 5 * (2 * FLIPS + CUTS + 4) + 2 * REPACKED
    assert {code for kind in found.values() for code in kind} <= {"read", *SENTENCES}
    for ending in ("docx", "xlsx", "pdf"):
        # a file of parts that was cut off is never taken for a whole one
        assert "read" not in found[f"{ending} cut"]
    assert all("read" not in kind for name, kind in found.items() if name.endswith("as another"))
    assert "fault" not in {code for kind in found.values() for code in kind}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_has_a_sentence(code):
    values = {"sentence": "甲。", "limit": "20", "extension": "docx", "found": "乙"}
    with translation.override("zh-hans"):
        said = str(Unreadable(code, **values))
    assert said.endswith("。") and "%" not in said


def test_who_reads_is_given_bytes_and_no_secret(monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "never")
    seen = {}

    def remembered(*command, **options):
        seen.update(options)
        raise OSError

    monkeypatch.setattr("subprocess.Popen", remembered)
    with pytest.raises(OSError):
        parse("a.txt", builders.txt("utf-8"))
    assert "DJANGO_SECRET_KEY" not in seen["env"] and "DATABASE_URL" not in seen["env"]
    assert isinstance(seen["stdin"], io.IOBase) or hasattr(seen["stdin"], "fileno")
