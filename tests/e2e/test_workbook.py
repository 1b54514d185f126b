"""填报表 in the browser: out, three wrong cells, named and refused as a whole; corrected, in and handed in in one go."""

import io
from datetime import date

import openpyxl
import pytest

from programs.domain import programmes, tasks
from programs.models import Programme, ProgressEntry, Section
from taskforce.choices import Role
from taskforce.contracts import actor_context
from taskforce.models import Department, Jurisdiction, User
from tests.factories import make_part, make_task, make_user
from tests.programs.workbooks import Book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def city(transactional_db):
    """A running programme with two lines of one unit, open for filing on whatever day this runs."""
    place = Jurisdiction.objects.create(code="990100", name="示例市", short_name="示例市", level="city")
    unit = Department.objects.create(
        jurisdiction=place, code="jia", kind="government_dept", name="示例市甲局", short_name="市甲局"
    )
    make_user("director", Role.OFFICE_ADMIN, jurisdiction=place)
    make_user("liaison", Role.LIAISON, jurisdiction=place, department=unit)
    make_user("head", Role.UNIT_HEAD, jurisdiction=place, department=unit)
    year = date.today().year
    programme = Programme.objects.create(
        key="e2e", jurisdiction=place, title="示例市质量提升行动计划", short_title="质量提升", year=year,
        starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), report_opens_before=92, office_department=unit,
    )  # fmt: skip
    Section.objects.create(programme=programme, path="一", number="一", title="强化监管", sort=1)
    natures = enumerate(("outcome", "ongoing"), 1)
    found = [make_task(programme, number, mode="sole", nature=nature) for number, nature in natures]
    for task in found:
        make_part(task, unit, "sole")
    director = actor_context(User.objects.get(username="director"), day=date.today())
    programmes.start(programme, actor=director)
    tasks.confirm(found, actor=director)
    tasks.assign(found, actor=director)
    window = programme.windows.filter(opens_on__lte=date.today()).order_by("-starts_on").first()
    return f"/sheets/{window.pk}/{unit.pk}/"


def upload(person, sheet: str, book: Book) -> None:
    person.open(f"{sheet}workbook/")
    file = {"name": "市甲局填报表.xlsx", "mimeType": XLSX, "buffer": book.bytes()}
    person.page.set_input_files("input[type=file]", file)
    person.go("form[enctype='multipart/form-data'] button[type=submit]")


@pytest.mark.slow
def test_the_workbook_round_trip_with_three_planted_errors(city, portal, tmp_path):
    liaison = portal("liaison")
    liaison.open(city)
    with liaison.page.expect_download() as download:
        liaison.page.click("a[href$='workbook/form.xlsx']")
    assert download.value.suggested_filename.startswith("市甲局") and "填报表" in download.value.suggested_filename
    path = tmp_path / "book.xlsx"
    download.value.save_as(path)
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).sheetnames[:2] == ["说明", "任务"]

    book = Book(path.read_bytes())
    book.put("任务", "任务1", "本期进展", "已完成抽检 120 批次")
    book.put("任务", "任务2", "本期进展", "联合检查两次")
    book.put("任务", "任务2", "工作成效", "整改 12 处")
    wrong = [
        book.put("任务", "任务1", "完成百分比", "一百"),
        book.put("任务", "任务2", "无变化", "也许"),
        book.put("任务", "任务2", "百分比下降原因", "这一项不填"),
    ]
    upload(liaison, city, book)
    page = liaison.page
    told = page.inner_text("section[aria-labelledby=problems]")
    assert all(cell in told for cell in wrong) and "应为 0 到 100 的整数，现在是“一百”" in told
    assert page.locator("button[value=save], button[value=submit]").count() == 0
    assert not ProgressEntry.objects.exists()

    book.put("任务", "任务1", "完成百分比", "６０％")
    book.put("任务", "任务2", "无变化", None)
    book.put("任务", "任务2", "百分比下降原因", "—")
    upload(liaison, city, book)
    assert "已完成抽检 120 批次" in page.inner_text("section[aria-labelledby=changes]")
    liaison.go("button[value=submit]")
    assert liaison.page.url.endswith(city)
    assert set(ProgressEntry.objects.values_list("state", "filed_by__username")) == {("submitted", "liaison")}
    assert ProgressEntry.objects.get(part__task__title="任务1").percent == 60
