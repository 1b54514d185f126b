"""Files that are no workbook of units and people, or a danger: refused with a sentence, and nothing of them is kept."""

from django.urls import reverse

from qualitycity.files.models import StoredFile
from taskforce.models import PeopleImport

from . import people_books as books
from .test_people_import import HERE, NEW_UNIT, preview, sent


def refused(client, content, name=books.NAME):
    answer = sent(client, content, name)
    assert answer.status_code == 422 and not PeopleImport.objects.exists() and not StoredFile.objects.exists()
    (said,) = answer.context["form"].errors["file"]
    return said


def test_files_that_are_no_such_workbook_are_refused_with_a_sentence(as_user, world):
    client = as_user("director")
    good = books.both([NEW_UNIT])
    assert "XLSX" in refused(client, good, "名单.xls")
    assert "XLSX" in refused(client, good, "名单.et")
    refused(client, b"no workbook at all")
    refused(client, good[: len(good) // 2])
    refused(client, books.edited(good, "xl/workbook.xml", lambda data: b"<?xml version='1.0'?><x/>"))
    refused(client, books.edited(good, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2]))
    assert "单位" in refused(client, books.book(随便=[("甲", "乙"), (1, 2)]))
    assert "单位" in refused(client, books.both())
    assert "2000" in refused(client, books.both([(f"局{n}", "", "政府部门") for n in range(2001)]))
    assert sent(client, b"").status_code == 422 and client.post(reverse(HERE)).status_code == 422


def test_a_row_a_million_rows_down_is_not_walked_to(as_user, world):
    content = books.edited(
        books.both([NEW_UNIT]), "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'),
    )  # fmt: skip
    _url, page = preview(as_user("director"), content)
    assert page.context["plan"].counts["units_new"] == 1


def test_a_workbook_that_unpacks_to_far_more_is_refused(as_user, world):
    big = books.edited(
        books.both([NEW_UNIT]), "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", b"<!--" + bytes(range(65, 91)) * 900_000 + b"--></sheetData>"),
    )  # fmt: skip
    refused(as_user("director"), big)
