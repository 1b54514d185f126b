"""纸质审签: the printed form, its code, and the scan that counts as a signature."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from programs.domain.paper import check_code, lines_to_sign
from programs.models import PaperSignature, ProgressEntry
from programs.papers.units import unit_form
from qualitycity.outbox.models import InboxItem
from qualitycity.reports.blocks import Row, Table

from .sheets import Statements, filled, sheet_url, widen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def scan(name: str = "报送表.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@pytest.fixture
def filed(as_user, world):
    """The liaison with a filed sheet of tasks and one indicator."""
    widen(world, 0, 1)
    client = as_user("jia_liaison")
    client.post(sheet_url(world, "甲局"), {**filled(client.get(sheet_url(world, "甲局"))), "do": "submit"})
    return client


def code_of(world) -> str:
    return check_code(lines_to_sign(world.window, {world.units["甲局"].pk}))


def hand_in(client, world, **changes):
    data = {"code": code_of(world), "signer": "李建国", "scan": scan()} | changes
    return client.post(sheet_url(world, "甲局", "paper_upload"), data)


def test_the_scan_signs_every_line_of_the_form(filed, world):
    code = code_of(world)
    answer = hand_in(filed, world, code=f"{code[:4].lower()} {code[4:]}")
    assert answer.url == sheet_url(world, "甲局")
    lines = filed.get(answer.url).context["sheet"].lines
    assert [(line.row.state, line.row.sign_mode) for line in lines] == [("signed", "paper")] * 3
    paper = PaperSignature.objects.get()
    assert (paper.signer, paper.check_code, paper.entries.count()) == ("李建国", code, 2)
    told = InboxItem.objects.filter(recipient=world.people["clerk"], kind="review")
    assert [item.title for item in told] == ["市甲局2026年第一季度有3项进展待审核（纸质审签）"]


def test_a_code_of_other_texts_is_refused_at_its_field(filed, world, as_user):
    code = code_of(world)
    filed.post(sheet_url(world, "甲局", "sheet_withdraw"))
    changed = filled(filed.get(sheet_url(world, "甲局")), progress="打印之后改过")
    filed.post(sheet_url(world, "甲局"), {**changed, "do": "submit"})
    answer = hand_in(filed, world, code=code)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["code"]
    assert 'value="李建国"' in answer.content.decode()
    assert not PaperSignature.objects.exists()
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"submitted"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("scan", ""), ("scan", SimpleUploadedFile("表.docx", b"PK")), ("signer", " "), ("code", "")],
    ids=["no scan", "wrong type", "no signer", "no code"],
)
def test_what_is_missing_stands_at_its_field(filed, world, field, value):
    answer = hand_in(filed, world, **{field: value})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not PaperSignature.objects.exists()


def test_only_the_units_own_liaison_prints_and_hands_in(filed, world, as_user):
    for name, status in (("jia_head", 403), ("clerk", 403), ("yi_liaison", 404), ("leader", 404)):
        client = as_user(name)
        for page in ("paper_upload", "paper_form"):
            assert client.get(sheet_url(world, "甲局", page)).status_code == status
        assert hand_in(client, world).status_code == status
    assert not PaperSignature.objects.exists()


def test_without_submitted_lines_there_is_nothing_to_print(as_user, world):
    client = as_user("jia_liaison")
    assert client.get(sheet_url(world, "甲局", "paper_form")).url == sheet_url(world, "甲局", "paper_upload")
    assert client.get(sheet_url(world, "甲局", "paper_upload")).status_code == 200


def test_the_form_prints_what_is_to_be_signed_with_the_code_it_is_taken_back_by(filed, world, tmp_path):
    answer = filed.get(sheet_url(world, "甲局", "paper_form"))
    assert answer["Content-Type"] == "application/pdf"
    (tmp_path / "form.pdf").write_bytes(answer.content)
    command = ["pdftotext", "-layout", str(tmp_path / "form.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout.replace(" ", "")
    for words in ("进展情况报送表", "示例市甲局", "任务1", "40%", "常态推进", "96.5%", "盖章", f"核对码{code_of(world)}"):
        assert words in text, words


def test_an_unchanged_line_prints_what_it_points_back_to(as_user, world, clock):
    world.file("jia_liaison", "甲局", percent=40, progress="一季度的原话", problems="人手不足")
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    client = as_user("jia_liaison")
    key = client.get(sheet_url(world, "甲局")).context["sheet"].lines[0].key
    client.post(sheet_url(world, "甲局", "sheet_unchanged"), {"key": key})
    unit = world.units["甲局"]
    form = unit_form(
        window=world.window, department=unit, lines=lines_to_sign(world.window, {unit.pk}), filler="陈晓梅"
    )
    table = next(block for block in form.blocks if isinstance(block, Table))
    texts = [cell.text for row in table.rows if isinstance(row, Row) for cell in row.cells]
    assert "40%" in texts and "人手不足" in texts
    assert any("本期无变化" in text and "2026年第一季度：一季度的原话" in text for text in texts)


def test_the_scan_is_there_for_those_in_charge_and_for_no_other_unit(filed, world, as_user):
    hand_in(filed, world)
    address = reverse("file", args=[PaperSignature.objects.get().file.public_id])
    seen = {name for name in world.people if as_user(name).get(address).status_code == 200}
    assert seen == {
        "jia_liaison", "jia_head", "director", "clerk", "leader", "secretary", "supervisor", "auditor",
    }  # fmt: skip


def test_handing_in_takes_few_queries(as_user, world):
    widen(world, 19, 5)
    client = as_user("jia_liaison")
    client.post(sheet_url(world, "甲局"), {**filled(client.get(sheet_url(world, "甲局"))), "do": "submit"})
    address, data = sheet_url(world, "甲局", "paper_upload"), {"code": code_of(world), "signer": "李", "scan": scan()}
    with Statements(connection) as asked:
        assert client.post(address, data).status_code == 302
    assert len(asked.counted) <= 20, "\n".join(text[:120] for text in asked.counted)
