"""填报表 that do not belong here, or are a danger to whoever opens them: one clear sentence, and nothing is kept."""

import json

import pytest
from django.test import override_settings

from programs.models import WorkbookImport
from programs.workbook import stamp as stamps
from qualitycity.files.refusals import FileRefused
from tests.programs.workbooks import issued, plan, taken
from tests.taskforce.people_books import edited


def refusal(world, book, **more) -> str:
    with pytest.raises(FileRefused) as refused:
        taken(world, book, **more)
    assert not WorkbookImport.objects.exists()
    return str(refused.value.sentence)


def test_the_workbook_of_another_unit_period_or_programme_is_one_sentence(world, clock):
    theirs = issued(world, "yi_liaison", "乙局")
    assert refusal(world, theirs) == "这份填报表是示例市乙局的，不是本单位的。"
    mine, first = issued(world), world.window
    clock.move_to("2026-06-25T10:00:00+08:00")
    assert refusal(world, mine) == "这份填报表是2026年第一季度的，本页是2026年第二季度的。"
    first.programme.title = "另一方案"
    first.programme.save()
    assert "示例市质量提升行动计划（2026年）" in refusal(world, mine)


def test_an_older_template_is_told(world, monkeypatch):
    book = issued(world)
    monkeypatch.setattr("programs.domain.workbook_plan.TEMPLATE", 2)
    assert "旧版模板" in refusal(world, book)


def test_a_workbook_of_other_making_is_told(world):
    book = issued(world)
    del book.book[stamps.SHEET]
    assert "不是从本单位报表下载的" in refusal(world, book)
    with override_settings(SECRET_KEY="another portal"):
        foreign = issued(world)
    assert "不是本门户下载的" in refusal(world, foreign)


@pytest.mark.parametrize("change", ["window", "unit", "version", "signature", "shortened"])
def test_altered_check_data_are_told(world, change):
    book = issued(world)
    hidden = book.book[stamps.SHEET]
    text = hidden["A2"].value
    content = json.loads(text)
    match change:
        case "window":
            content[1] += 1
        case "unit":
            content[2] += 1
        case "version":
            content[7][next(iter(content[7]))][0] = 7
        case "signature":
            hidden["B1"].value = "x" * 43
        case "shortened":
            text = text[:-1]
    altered = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    hidden["A2"].value = text if change == "shortened" else altered
    assert "不是本门户下载的" in refusal(world, book)


def test_a_portal_that_changed_its_key_still_knows_its_workbooks(world):
    with override_settings(SECRET_KEY="the key of last year"):
        book = issued(world)
    with override_settings(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=["the key of last year"]):
        assert plan(world, book).problems == []


def test_a_packed_bomb_is_refused_before_it_is_opened(world):
    content = edited(issued(world).bytes(), "xl/worksheets/sheet2.xml", lambda data: data + b" " * (60 * 1024 * 1024))
    assert "解压" in refusal(world, content)


def test_a_merged_area_as_large_as_a_sheet_costs_nothing(world):
    def merge(data: bytes) -> bytes:
        areas = b'<mergeCells count="1"><mergeCell ref="A4:XFD1048576"/></mergeCells>'
        assert b"</sheetProtection>" in data or b"<sheetProtection" in data
        head, mark, tail = data.partition(b"<dataValidations")
        return head + areas + mark + tail

    found = plan(world, edited(issued(world).bytes(), "xl/worksheets/sheet2.xml", merge))
    assert {one.address for one in found.problems} == {"A4:XFD1048576"}


def test_rubbish_is_no_workbook(world):
    assert refusal(world, b"PK\x03\x04 nothing")
    assert refusal(world, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")
    assert refusal(world, edited(issued(world).bytes(), "xl/workbook.xml", lambda data: data[:-200]))
