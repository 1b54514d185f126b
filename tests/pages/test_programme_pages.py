"""Programmes, 任务分解表, exports, documents and search, as people of several roles get them."""

import csv
import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from programs.domain import programmes
from programs.models import DocumentBasis, PolicyDocument, Programme, Section, Task
from programs.views.exports import COLUMNS
from qualitycity.audit.models import Entry
from qualitycity.files.spreadsheets import safe_cell as safe
from taskforce.models import DepartmentAlias

from ..factories import make_part, make_task

pytestmark = pytest.mark.django_db
MOST = 12


def ledger(world):
    return f"/programmes/{world.programme.pk}/"


def numbers(response):
    """Of the page itself: a ledger that was kept is not put together again."""
    return re.findall(r'<td class="qc-col-no"[^>]*>([^<]+)</td>', response.content.decode())


@pytest.fixture
def document(world):
    row = PolicyDocument.objects.create(
        key="shifu-3", jurisdiction=world.city, title="示例市质量提升行动计划（2026年）", number="示府〔2026〕3号",
        issuing_body="示例市人民政府", dated=date(2026, 1, 5), valid_until=date(2026, 12, 31), valid_until_computed=True,
    )
    DocumentBasis.objects.create(document=row, title="质量强国建设纲要")
    Programme.objects.filter(pk=world.programme.pk).update(document=row)
    return row


def grow(world, count):
    """`count` further tasks of several units in two sections, assigned as the others are."""
    second = Section.objects.create(programme=world.programme, path="二", number="二", title="夯实基础", sort=2)
    for number in range(100, 100 + count):
        task = make_task(world.programme, number, section=second, state="active", due_on=date(2026, 12, 1))
        for unit, role in (("甲局", "lead"), ("乙局", "support"), ("丙局", "support")):
            make_part(task, world.units[unit], role, state="assigned", assigned_on=date(2026, 3, 26))


@pytest.mark.parametrize("path", ["/programmes/", "{programme}", "{programme}?q=甲局", "/documents/", "{document}",
                                  "{programme}ledger.csv", "{programme}ledger.xlsx"])
@pytest.mark.parametrize("who", ["director", "jia_liaison"])
def test_few_queries_with_few_and_many_rows(
    world, document, as_user, settled, django_assert_max_num_queries, path, who
):
    client = as_user(who)
    url = path.format(programme=ledger(world), document=f"/documents/{document.pk}/")
    for more in (0, 200):
        grow(world, more) if more else None
        settled()
        with django_assert_max_num_queries(MOST):
            response = client.get(url)
            b"".join(response) if response.streaming else response.content
        assert response.status_code == 200


def test_the_ledger_shows_what_paper_shows(world, as_user):
    joint = make_task(world.programme, 4, mode="unspecified")
    path = ledger(world)
    response = as_user("leader").get(path)
    lines = {line.number: line for line in response.context["lines"]}
    assert numbers(response) == ["(1)", "(2)", "(3)", "(4)"]
    assert (lines["(1)"].lead, lines["(1)"].support, lines["(1)"].units) == ("市甲局", "市乙局", "")
    assert lines["(2)"].units == "市甲局、市乙局" and lines["(2)"].units_note
    assert lines["(3)"].lead == "市丙局" and lines["(3)"].support == "—"
    assert lines["(4)"].sentence == "未分解，尚未明确责任单位" and lines["(4)"].pk == joint.pk
    assert [line.section_head for line in lines.values()] == [True, False, False, False]
    page = response.content.decode()
    assert page.count('class="qc-section"') == 1 and f'href="/tasks/{joint.pk}/"' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"department": "乙局"}, ["(1)", "(2)"]),
        ({"department": "乙局", "role": "answers"}, ["(2)"]),
        ({"department": "乙局", "role": "support"}, ["(1)"]),
        ({"role": "sole"}, ["(3)"]),
        ({"nature": "ongoing"}, ["(2)"]),
        ({"state": "completed"}, []),
        ({"light": "grey"}, ["(1)", "(2)", "(3)"]),
        ({"light": "red"}, []),
        ({"q": "任务２"}, ["(2)"]),
        ({"q": "丙局"}, ["(3)"]),
        ({"q": "丙老局"}, ["(3)"]),
        ({"section": "no number", "light": "purple"}, ["(1)", "(2)", "(3)"]),
    ],
)
def test_filters_stand_in_the_address(world, as_user, query, expected):
    DepartmentAlias.objects.create(department=world.units["丙局"], alias="丙老局")
    if "department" in query:
        query = query | {"department": world.units[query["department"]].pk}
    path = ledger(world)
    assert numbers(as_user("director").get(path, query)) == expected


def test_every_figure_leads_to_its_rows(world, as_user, clock):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-04-20T09:00:00+08:00")
    client = as_user("director")
    response = client.get(ledger(world))
    assert sum(tile["figure"] for tile in response.context["tiles"][1:]) == response.context["tiles"][0]["figure"] == 3
    for tile in response.context["tiles"]:
        assert len(numbers(client.get(tile["url"]))) == tile["figure"]
    assert response.context["bars"]
    for bar in response.context["bars"]:
        assert len(numbers(client.get(bar["url"]))) == bar["total"]
        for code in ("red", "amber", "green", "grey"):
            assert len(numbers(client.get(f"{bar['url']}&light={code}"))) == bar[code]


def test_filtered_by_a_unit_light_and_progress_are_the_units_own(world, as_user, clock):
    world.file("jia_liaison", "甲局", progress="甲局的进展")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-04-20T09:00:00+08:00")
    client = as_user("director")
    (joint,) = [line for line in client.get(ledger(world)).context["lines"] if line.number == "(2)"]
    assert joint.light == "red" and joint.latest.unit == "市甲局"
    for unit, code, text in (("甲局", "green", "甲局的进展"), ("乙局", "red", None)):
        lines = client.get(ledger(world), {"department": world.units[unit].pk}).context["lines"]
        (line,) = [line for line in lines if line.number == "(2)"]
        assert (line.light, line.latest and line.latest.text) == (code, text)


def test_a_partial_refresh_answers_the_lines_and_the_clean_address(world, as_user):
    path = ledger(world)
    headers = {"HX-Request": "true", "HX-Target": "ledger-lines"}
    response = as_user("director").get(path, {"nature": "ongoing", "section": "", "q": ""}, headers=headers)
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="ledger-lines">') and "<html" not in page
    assert response["HX-Push-Url"] == f"{path}?nature=ongoing"
    assert f"{path}ledger.xlsx?nature=ongoing" in page


def test_a_unit_sees_its_own_lines_and_a_stranger_no_programme(world, as_user):
    path = ledger(world)
    assert numbers(as_user("yi_liaison").get(path)) == ["(1)", "(2)"]
    assert as_user("stranger").get(path).status_code == 404
    assert as_user("sysadmin").get(path).status_code == 404


def test_buttons_are_those_of_the_transition_table(world, as_user):
    path = ledger(world)
    assert [move.action for move in as_user("director").get(path).context["moves"]] == ["close"]
    for who in ("clerk", "leader", "jia_liaison"):
        assert as_user(who).get(path).context["moves"] == []
    urls = [url for url, _label, _icon in as_user("director").get(path).context["links"]]
    assert f"{path}roll-forward/" in urls and f"{path}bulk/" in urls
    reading = [f"{path}board/", f"{path}facts/"]
    links = [url for url, _label, _icon in as_user("jia_liaison").get(path).context["links"]]
    assert links == [*reading, "/sheets/"]
    assert [url for url, _label, _icon in as_user("auditor").get(path).context["links"]] == reading


def test_a_historical_record_is_read_and_printed_without_lights(world, as_user):
    director = world.actor("director")
    programmes.close(world.programme, actor=director, reason="年度结束")
    programmes.archive(Programme.objects.get(pk=world.programme.pk), actor=director)
    response = as_user("bing_liaison").get(ledger(world), {"light": "red"})
    page = response.content.decode()
    assert numbers(response) == ["(1)", "(2)", "(3)"]
    assert "qc-light-" not in page and response.context["tiles"] == [] and response.context["bars"] == []
    assert "qc-alert" in page and not response.context["moves"]


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＠x", " =1", "\n=1"])
def test_formulas_are_made_text(value):
    assert safe(value) == f"'{value}"


@pytest.mark.parametrize("value", ["市甲局", "2026-01-01", "—", "", 40, None, "a=b"])
def test_other_values_stay(value):
    assert safe(value) == value


def test_exports_hold_the_lines_of_the_address(world, as_user):
    Task.objects.filter(pk=world.tasks[0].pk).update(title='=HYPERLINK("http://x")', requirement="＝危险")
    client, path = as_user("director"), ledger(world)
    text = b"".join(client.get(f"{path}ledger.csv", {"role": "lead"})).decode()
    assert text.startswith("\ufeff")
    head, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert head == [name for name, _width in COLUMNS] and head[3] == "工作任务"
    assert row[3] == '\'=HYPERLINK("http://x")' and row[4] == "'＝危险" and row[10] == "2026-11-30"
    response = client.get(f"{path}ledger.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [name for name, _width in COLUMNS] == list(rows[2]) and len(rows) == 3 + 3
    assert rows[3][3].startswith("'=") and rows[3][14] == "○ 无数据" and sheet.page_setup.orientation == "landscape"
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    assert list(Entry.objects.filter(action="export").order_by("id").values_list("after__kind", "after__lines")) == [
        ("csv", 1), ("xlsx", 3),
    ]


def test_an_export_is_no_way_round_the_rules(world, as_user):
    path = ledger(world)
    text = b"".join(as_user("bing_liaison").get(f"{path}ledger.csv")).decode()
    assert "任务3" in text and "任务1" not in text
    assert as_user("stranger").get(f"{path}ledger.xlsx").status_code == 404


def test_documents_with_basis_and_programmes(world, document, as_user):
    client = as_user("yi_head")
    assert document.number in client.get("/documents/").content.decode()
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "质量强国建设纲要" in page and f'href="/programmes/{world.programme.pk}/"' in page
    assert as_user("stranger").get(f"/documents/{document.pk}/").status_code == 404
