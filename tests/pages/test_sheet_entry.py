"""One line: two columns, evidence, correction; and who may fetch the files."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from programs.models import Evidence, ProgressEntry, Responsibility

from .sheets import Statements, fields_of, filled, keys_of, sheet_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name: str = "现场.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


@pytest.fixture
def line(as_user, world):
    """(client, key of the first line, a function from url name to address)."""
    client = as_user("jia_liaison")
    key = keys_of(client.get(sheet_url(world, "甲局")))[0]
    return client, key, lambda name="entry", *more: sheet_url(world, "甲局", name, key, *more)


def test_one_line_is_filed_alone(line):
    client, key, at = line
    page = client.get(at())
    assert page.status_code == 200 and f"{key}-percent" in fields_of(page)
    answer = client.post(at(), {**filled(page), "do": "submit"})
    assert answer.status_code == 302 and answer.url.endswith(f"#line-{key}")
    assert ProgressEntry.objects.get().state == "submitted"


def test_what_is_missing_is_told_and_what_was_typed_stays(line):
    client, key, at = line
    posted = {**fields_of(client.get(at())), f"{key}-problems": "经费不足", f"{key}-percent": "", "do": "submit"}
    answer = client.post(at(), posted)
    assert answer.status_code == 422
    assert [target for target, _label, _sentence in answer.context["view"].errors] == [
        f"id_{key}-percent", f"id_{key}-progress",
    ]  # fmt: skip
    assert fields_of(answer)[f"{key}-problems"] == "经费不足" and not ProgressEntry.objects.exists()


def test_files_come_with_the_text_that_was_typed_beside_them(line):
    client, key, at = line
    posted = {**filled(client.get(at())), "evidence": [picture("一.png"), picture("二.png")]}
    assert client.post(at("evidence_add"), posted).status_code == 302
    entry = ProgressEntry.objects.get()
    assert (entry.state, entry.progress) == ("draft", "已完成阶段工作")
    page = client.get(at())
    assert [piece.file.original_name for piece in page.context["attached"]] == ["一.png", "二.png"]
    gone = page.context["attached"][0].pk
    posted = {**fields_of(page), f"{key}-progress": "又写了一句"}
    assert client.post(at("evidence_remove", gone), posted).status_code == 302
    assert [piece.file.original_name for piece in Evidence.objects.all()] == ["二.png"]
    assert ProgressEntry.objects.get().progress == "又写了一句"


def test_text_and_files_are_submitted_together(line):
    client, _key, at = line
    posted = {**filled(client.get(at())), "evidence": picture(), "do": "submit"}
    assert client.post(at(), posted).status_code == 302
    assert ProgressEntry.objects.get().state == "submitted" and Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        SimpleUploadedFile("脚本.html", b"<script>"),
        SimpleUploadedFile("假图.png", b"MZ not a picture"),
        SimpleUploadedFile("空.pdf", b""),
    ],
    ids=["type", "content", "empty"],
)
def test_a_file_that_is_refused_takes_none_of_the_others_and_keeps_the_text(line, bad):
    client, key, at = line
    posted = {**filled(client.get(at()), progress="长长的进展"), "evidence": [picture(), bad], "do": "submit"}
    answer = client.post(at(), posted)
    assert answer.status_code == 422 and answer.context["upload"].errors["evidence"]
    assert fields_of(answer)[f"{key}-progress"] == "长长的进展"
    assert not Evidence.objects.exists() and not ProgressEntry.objects.exists()


def test_a_line_that_was_handed_in_takes_no_more_files(line, world):
    client, key, at = line
    page = client.get(at())
    client.post(at("evidence_add"), {**filled(page), "evidence": picture()})
    world.file("jia_liaison", "甲局")
    answer = client.post(at("evidence_add"), {**filled(page), "evidence": picture("晚了.png")})
    assert answer.status_code == 422
    piece = Evidence.objects.get()
    assert client.post(at("evidence_remove", piece.pk), {f"{key}-version": "1"}).status_code == 422
    assert Evidence.objects.count() == 1
    assert client.post(at("evidence_remove", piece.pk + 999), {}).status_code == 404


def test_a_file_is_there_for_whoever_sees_its_line_and_for_nobody_else(line, world, as_user):
    client, _key, at = line
    client.post(at("evidence_add"), {**filled(client.get(at())), "evidence": picture("现场照片.png")})
    address = reverse("file", args=[Evidence.objects.get().file.public_id])

    def seen_by() -> set[str]:
        return {name for name in world.people if as_user(name).get(address).status_code == 200}

    answer = client.get(address)
    assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer["Content-Disposition"] and b"".join(answer.streaming_content)[1:4] == b"PNG"
    assert seen_by() == {"jia_liaison", "jia_head"}
    world.file("jia_liaison", "甲局")
    assert seen_by() == {"jia_liaison", "jia_head", "director", "clerk"}
    world.sign("jia_head", "甲局")
    assert seen_by() == {
        "jia_liaison", "jia_head", "director", "clerk", "leader", "secretary", "supervisor", "auditor",
    }  # fmt: skip
    assert client.get(reverse("file", args=[uuid4()])).status_code == 404


def test_an_accepted_line_is_corrected_with_a_reason(line, world):
    client, key, at = line
    world.file("jia_liaison", "甲局", percent=40)
    assert "qc-confirm" not in client.get(at("correct")).content.decode()
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    answer = client.post(at("correct"), {"reason": " "})
    assert answer.status_code == 422 and answer.context["form"].errors["reason"]
    assert client.post(at("correct"), {"reason": "统计口径有误"}).url == at()
    page = client.get(at())
    assert fields_of(page)[f"{key}-percent"] == "40" and "统计口径有误" in page.content.decode()
    assert client.post(at(), {**filled(page, percent="50"), "do": "submit"}).status_code == 302
    assert list(ProgressEntry.objects.filter(part=page.context["view"].line.ident).values_list("state", "percent")) == [
        ("submitted", 50), ("accepted", 40),
    ]  # fmt: skip
    assert client.post(at("correct"), {"reason": "再改"}).status_code == 422


def test_what_is_not_there_is_not_corrected(line, world):
    client, _key, at = line
    assert client.get(at("correct")).status_code == 404
    theirs = f"task-{Responsibility.objects.get(task=world.tasks[2]).pk}"
    for name in ("entry", "correct"):
        assert client.get(sheet_url(world, "甲局", name, theirs)).status_code == 404
    assert client.post(sheet_url(world, "甲局", "evidence_add", theirs), {"evidence": picture()}).status_code == 404


def test_a_line_is_shown_and_filed_in_few_queries(line, world):
    client, _key, at = line
    client.post(at("evidence_add"), {**filled(client.get(at())), "evidence": picture()})
    address = at()
    with Statements(connection) as asked:
        page = client.get(address)
    assert len(asked.counted) <= 12, "\n".join(text[:120] for text in asked.counted)
    with Statements(connection) as asked:
        assert client.post(address, {**fields_of(page), "do": "submit"}).status_code == 302
    assert len(asked.counted) <= 20
