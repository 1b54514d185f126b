"""填报表 on its pages: download, upload, preview, confirm; who may; and what five hundred lines cost."""

import time

import pytest
from django.db import connection
from django.urls import reverse

from kpis.models import IndicatorReading
from programs.models import ProgressEntry, WorkbookImport
from taskforce.models import Membership
from tests.programs.workbooks import HEAD, Book
from tests.taskforce.people_books import edited, upload

from .sheets import Statements, filled, sheet_url, widen


def download(client, world, unit="甲局") -> Book:
    answer = client.get(sheet_url(world, unit, "workbook_form"))
    assert answer.status_code == 200
    return Book(answer.content)


def send(client, world, book, unit="甲局"):
    return client.post(sheet_url(world, unit, "workbook"), {"file": book.upload()})


def preview(client, world, book, unit="甲局"):
    answer = send(client, world, book, unit)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url, client.get(answer.url)


def fill(book: Book) -> None:
    book.put("任务", "任务1", "本期进展", "已完成抽检")
    book.put("任务", "任务1", "完成百分比", "60%")
    book.put("任务", "任务2", "本期进展", "联合检查两次")
    book.put("任务", "任务2", "工作成效", "整改 12 处")


def test_the_sheet_leads_to_the_workbook_and_it_has_a_chinese_name(as_user, world):
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局")).content.decode()
    for name in ("workbook_form", "workbook"):
        assert f'href="{sheet_url(world, "甲局", name)}"' in page
    answer = client.get(sheet_url(world, "甲局", "workbook_form"))
    # 市甲局2026年第一季度填报表.xlsx
    assert "filename*=utf-8''%E5%B8%82%E7%94%B2%E5%B1%80" in answer["Content-Disposition"]
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "no-store" in answer["Cache-Control"]


def test_the_way_back_with_three_errors_then_without(as_user, world):
    client = as_user("jia_liaison")
    book = download(client, world)
    fill(book)
    cells = [
        book.put("任务", "任务1", "完成百分比", "一百"),
        book.put("任务", "任务1", "存在问题", "长" * 2001),
        book.put("任务", "任务2", "完成百分比", 30),
    ]
    url, page = preview(client, world, book)
    text = page.content.decode()
    assert [problem.address for problem in page.context["plan"].problems] == cells
    assert "应为 0 到 100 的整数，现在是“一百”" in text and "最多 2000 字" in text
    assert 'value="save"' not in text and 'value="submit"' not in text
    for do in ("save", "submit"):
        assert client.post(url, {"do": do, "seen": page.context["plan"].digest}).status_code == 422
    assert not ProgressEntry.objects.exists()
    book = download(client, world)
    fill(book)
    url, page = preview(client, world, book)
    text = page.content.decode()
    assert "<del" in text and "联合检查两次" in text and 'value="submit"' in text
    assert client.post(url, {"do": "submit", "seen": "another"}).status_code == 422
    answer = client.post(url, {"do": "submit", "seen": page.context["plan"].digest})
    assert (answer.status_code, answer.url) == (302, sheet_url(world, "甲局"))
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"submitted"}
    # pressed twice, looked at afterwards: told, and nothing more
    assert client.post(url, {"do": "submit", "seen": "x"}).status_code == 302
    assert "已导入" in client.get(url).content.decode()


def test_an_incomplete_workbook_comes_in_as_a_draft_only(as_user, world):
    client = as_user("jia_liaison")
    book = download(client, world)
    book.put("任务", "任务1", "本期进展", "刚开始写")
    url, page = preview(client, world, book)
    text = page.content.decode()
    assert 'value="save"' in text and 'value="submit"' not in text
    assert "请填写本期工作成效" in text
    seen = page.context["plan"].digest
    assert client.post(url, {"do": "submit", "seen": seen}).status_code == 422
    assert client.post(url, {"do": "save", "seen": seen}).status_code == 302
    assert ProgressEntry.objects.get().progress == "刚开始写"


def test_thrown_away_nothing_stays(as_user, world):
    client = as_user("jia_liaison")
    book = download(client, world)
    fill(book)
    url, _page = preview(client, world, book)
    assert client.post(url, {"do": "discard"}).url == sheet_url(world, "甲局", "workbook")
    row = WorkbookImport.objects.get()
    assert (row.state, row.content) == ("discarded", {}) and not ProgressEntry.objects.exists()
    assert "已放弃" in client.get(url).content.decode()
    assert client.post(url, {"do": "nothing"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("表.pdf", b"%PDF-1.4", "不接收此类文件"),
        ("表.xlsx", b"", "空"),
        ("表.xlsx", b"PK\x03\x04", "损坏"),
    ],
)
def test_other_files_are_one_sentence_at_the_field(as_user, world, name, content, words):
    answer = as_user("jia_liaison").post(sheet_url(world, "甲局", "workbook"), {"file": upload(content, name)})
    assert answer.status_code == 422 and words in str(answer.context["form"].errors["file"])


def test_no_file_is_told(as_user, world):
    answer = as_user("jia_liaison").post(sheet_url(world, "甲局", "workbook"), {})
    assert answer.status_code == 422 and "请选择文件" in answer.content.decode()


def test_a_bomb_is_refused_at_the_field(as_user, world):
    client = as_user("jia_liaison")
    content = edited(
        download(client, world).bytes(), "xl/worksheets/sheet2.xml", lambda data: data + b" " * (60 * 1024 * 1024)
    )
    answer = client.post(sheet_url(world, "甲局", "workbook"), {"file": upload(content, "表.xlsx")})
    assert answer.status_code == 422 and not WorkbookImport.objects.exists()


def test_an_upload_is_its_owners_alone(as_user, world):
    client = as_user("jia_liaison")
    book = download(client, world)
    url, _page = preview(client, world, book)
    for name in ("clerk", "yi_liaison", "jia_head", "leader"):
        assert as_user(name).get(url).status_code == 404
        assert as_user(name).post(url, {"do": "save"}).status_code == 404
    pk = WorkbookImport.objects.get().pk
    assert as_user("jia_liaison").get(sheet_url(world, "乙局", "workbook_draft", pk)).status_code == 404


def test_a_closed_period_offers_nothing(as_user, world, clock):
    client, window = as_user("jia_liaison"), world.window
    book = download(client, world)
    fill(book)
    url, page = preview(client, world, book)
    window.locked_at = window.due_on.strftime("%Y-%m-%dT00:00+08:00")
    window.save()
    assert "已封存" in client.get(url).content.decode()
    answer = client.post(url, {"do": "save", "seen": page.context["plan"].digest})
    assert answer.status_code == 422 and not ProgressEntry.objects.exists()
    assert WorkbookImport.objects.get().state == "open"
    answer = client.get(sheet_url(world, "甲局", "workbook_form"))
    assert answer.url == sheet_url(world, "甲局")
    assert "已封存" in client.get(answer.url).content.decode()
    answer = send(client, world, book)
    assert answer.status_code == 422 and "已封存" in answer.content.decode()


def test_a_further_app_adds_a_sheet_through_the_registry(as_user, world, settings):
    widen(world, 0, 2)
    assert download(as_user("jia_liaison"), world).book.sheetnames == ["说明", "任务", "指标", "_校验"]
    settings.WORKBOOK_SHEETS = ["tests.pages.test_workbook_page.OTHER_SHEET"]
    book = download(as_user("jia_liaison"), world)
    assert book.book.sheetnames == ["说明", "任务", "数据", "_校验"]
    sheet = book.sheet("数据")
    assert [sheet.cell(HEAD, at).value for at in (1, 2, 3, 4)] == ["系统编号", "条款", "名称", "说明文字"]
    sheet.cell(HEAD + 1, 4).value = "只写说明"
    url, page = preview(as_user("jia_liaison"), world, book)
    seen = page.context["plan"].digest
    assert as_user("jia_liaison").post(url, {"do": "save", "seen": seen}).status_code == 302
    assert IndicatorReading.objects.get().note == "只写说明"


def _other_sheet():
    from programs.contracts import Asked, Shown, Words, WorkbookSheet

    return WorkbookSheet(
        source="indicator", title="数据",
        shown=(Shown("条款", 10, lambda line: line.number), Shown("名称", 20, lambda line: line.title)),
        asked=(Asked("note", "说明文字", Words(200), 30),), asks=lambda line: ("note",),
    )  # fmt: skip


OTHER_SHEET = _other_sheet()


def test_statements_do_not_grow_with_the_lines(as_user, world):
    client = as_user("jia_liaison")
    widen(world, 4, 2)

    def counts() -> tuple[int, ...]:
        with Statements(connection) as out:
            book = download(client, world)
        for row in range(HEAD + 1, book.sheet("任务").max_row + 1):
            for heading, value in (("本期进展", "写了"), ("完成百分比", 50), ("工作成效", "有")):
                cell = book.sheet("任务").cell(row, book.column("任务", heading))
                cell.value = cell.value if cell.value == "—" else value
        for row in range(HEAD + 1, book.sheet("指标").max_row + 1):
            book.sheet("指标").cell(row, book.column("指标", "本期数值")).value = 96.5
        with Statements(connection) as sent:
            answer = send(client, world, book)
        with Statements(connection) as looked:
            page = client.get(answer.url)
        with Statements(connection) as done:
            assert client.post(answer.url, {"do": "submit", "seen": page.context["plan"].digest}).status_code == 302
        ProgressEntry.objects.all().delete()
        IndicatorReading.objects.all().delete()
        return tuple(len(one.counted) for one in (out, sent, looked, done))

    few = counts()
    widen(world, 12, 6)
    assert counts() == few
    out, sent, looked, done = few
    assert out <= 12 and looked <= 12 and sent <= 20 and done <= 20


def typed_everywhere(book: Book) -> Book:
    """An answer in every cell that is asked."""
    for row in range(HEAD + 1, book.sheet("任务").max_row + 1):
        for heading, value in (("本期进展", f"第{row}行"), ("完成百分比", 50), ("工作成效", "有")):
            cell = book.sheet("任务").cell(row, book.column("任务", heading))
            cell.value = cell.value if cell.value == "—" else value
    for row in range(HEAD + 1, book.sheet("指标").max_row + 1):
        book.sheet("指标").cell(row, book.column("指标", "本期数值")).value = 96.5
    return book


def half_typed(client, world) -> None:
    """Drafts of every second line, tasks and indicators, typed into the page."""
    page = client.get(sheet_url(world, "甲局"))
    posted = filled(page)
    lines = [line for line in dict.fromkeys(name.rpartition("-")[0] for name in posted) if line.partition("-")[2]]
    left = tuple(f"{line}-" for line in lines[1::2])
    sent = {name: value for name, value in posted.items() if not name.startswith(left)}
    assert client.post(sheet_url(world, "甲局"), {**sent, "do": "save"}).status_code == 302


@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("who", ["jia_liaison", "clerk"])
@pytest.mark.parametrize("back", [False, True])
def test_lines_of_every_kind_are_handed_in_within_the_budget(as_user, world, who, headed, back):
    """New lines beside drafts and returned ones, tasks and indicators, a unit that signs and one for which the office
    does, by the liaison and as 代填."""
    if not headed:
        Membership.objects.filter(user__username="jia_head").delete()
    widen(world, 6, 4)
    client = as_user(who)
    half_typed(client, world)
    drafts = (ProgressEntry.objects.count(), IndicatorReading.objects.count())
    assert drafts == (4, 2)
    if back:
        for model in (ProgressEntry, IndicatorReading):
            first = model.objects.order_by("pk").first()
            model.objects.filter(pk=first.pk).update(state="returned", filed_by=world.people[who])
    book = typed_everywhere(download(client, world))
    with Statements(connection) as sent:
        answer = send(client, world, book)
    with Statements(connection) as looked:
        page = client.get(answer.url)
    with Statements(connection) as done:
        answer = client.post(answer.url, {"do": "submit", "seen": page.context["plan"].digest})
    assert (answer.status_code, answer.url) == (302, sheet_url(world, "甲局"))
    states = [*ProgressEntry.objects.values_list("state"), *IndicatorReading.objects.values_list("state")]
    assert states == [("submitted",)] * 12
    counted = [len(one.counted) for one in (sent, looked, done)]
    assert counted[0] <= 20 and counted[1] <= 12 and counted[2] <= 20, counted


@pytest.mark.slow
def test_five_hundred_lines_go_out_and_come_back_while_a_person_waits(as_user, world):
    widen(world, 478, 20)
    client = as_user("jia_liaison")
    began = time.monotonic()
    book = download(client, world)
    sheet = book.sheet("任务")
    assert sheet.max_row + book.sheet("指标").max_row == 2 * HEAD + 500
    gone = time.monotonic() - began
    progress, percent = book.column("任务", "本期进展"), book.column("任务", "完成百分比")
    for row in range(HEAD + 1, sheet.max_row + 1):
        sheet.cell(row, progress).value = f"第{row}项：" + "已按计划推进，完成检查。" * 20
        if sheet.cell(row, percent).value != "—":
            sheet.cell(row, percent).value = row % 101
    began = time.monotonic()
    url, page = preview(client, world, book)
    assert len(page.context["changed"]) == 480
    looked = time.monotonic() - began
    began = time.monotonic()
    with Statements(connection) as statements:
        assert client.post(url, {"do": "save", "seen": page.context["plan"].digest}).status_code == 302
    kept = time.monotonic() - began
    assert len(statements.counted) <= 20
    assert ProgressEntry.objects.count() == 480
    # generous: the machines of a test run are busy with other things
    assert gone < 15 and looked < 20 and kept < 15, (gone, looked, kept)
    print(f"\n500 lines: out {gone:.1f} s, seen {looked:.1f} s, kept {kept:.1f} s, {len(statements.counted)} statements")


def test_without_javascript_the_page_is_a_form(as_user, world):
    page = as_user("jia_liaison").get(sheet_url(world, "甲局", "workbook")).content.decode()
    assert 'enctype="multipart/form-data"' in page and 'accept=".xlsx"' in page
    assert reverse("help_page", args=["liaison"]) in page
