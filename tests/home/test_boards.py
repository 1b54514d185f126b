"""Boards: every figure leads to exactly its rows, for everybody who may look, whatever has happened before."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.domain.readings import INDICATORS
from kpis.models import Indicator
from programs.choices import ProgrammeState
from programs.domain import consultation, corrections, entries, filing, sheet, tasks
from programs.models import Phase, Programme, Section
from taskforce.models import Jurisdiction
from tests.factories import make_part, make_task
from tests.home.figures import Page, read, wrong_figures

LIMIT = 12
#: After the first quarter was due (8 April), inside the second.
LATER = "2026-04-20T10:00:00+08:00"
ROLES = ("director", "jia_head", "leader")


def board_path(world) -> str:
    return reverse("programme_board", args=[world.programme.pk])


def lines_path(world) -> str:
    return reverse("period_lines", args=[world.programme.pk])


@pytest.fixture
def busy(world):
    """A second section, a phase, a task outside both, and indicators of which one is reported."""
    phase = Phase.objects.create(
        programme=world.programme, number="一", name="动员部署", starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 30)
    )
    second = Section.objects.create(programme=world.programme, path="二", number="二", title="优化服务", sort=2)
    more = [
        make_task(world.programme, 11, section=second, phase=phase, due_on=date(2026, 4, 10)),
        make_task(world.programme, 12, section=None, due_on=date(2026, 7, 30)),
        make_task(world.programme, 13, section=second, nature="ongoing"),
    ]
    make_part(more[0], world.units["甲局"], "lead")
    make_part(more[1], world.units["乙局"], "lead")
    make_part(more[2], world.units["丙局"], "sole")
    director = world.actor("director")
    tasks.confirm(more, actor=director)
    tasks.assign(more, actor=director)
    common = {"programme": world.programme, "origin": "office"}
    Indicator.objects.create(
        name="新增首席质量官", kind="numeric", comparator="count>=", value=100, unit="名", reporter=world.units["甲局"],
        clause_path="一/1", **common,
    )  # fmt: skip
    Indicator.objects.create(
        name="抽检合格率", kind="numeric", comparator=">=", value=96, unit="%", clause_path="一/2",
        reporter=world.units["乙局"], **common,
    )  # fmt: skip
    Indicator.objects.create(
        name="质量满意度", kind="level", comparator="reach", value_text="明显提高", strict=False, clause_path="一/3", **common
    )
    return world


def report_indicator(world, who: str, head: str, unit: str, value: str) -> None:
    """Filed by the liaison and signed by the head."""
    key = f"indicator-{Indicator.objects.get(reporter=world.units[unit]).pk}"
    typed = {key: sheet.Typed({"value": Decimal(value), "note": ""}, None)}
    sheet.submit(actor=world.actor(who), window=world.window, departments={world.units[unit].pk}, typed=typed)
    rows = [
        line.row
        for line in sheet.sheet_lines(world.window, {world.units[unit].pk})
        if line.source.name == "indicator" and line.row.pk
    ]
    filing.sign_rows(INDICATORS.machine, rows, actor=world.actor(head))


def first_quarter(world):
    return world.programme.windows.order_by("starts_on").first()


def history(world, clock) -> None:
    """甲局 filed on time and one line is being corrected; of 乙局 one came back after the due date; 丙局 filed nothing."""
    window = first_quarter(world)
    world.file("jia_liaison", "甲局", window)
    world.sign("jia_head", "甲局", window)
    world.accept("clerk", "甲局", window)
    report_indicator(world, "jia_liaison", "jia_head", "甲局", "12")
    corrections.correct(world.rows("甲局", window)[0], actor=world.actor("jia_liaison"), reason="数据有误")
    clock.move_to(LATER)
    world.file("yi_liaison", "乙局", window)
    world.sign("yi_head", "乙局", window)
    filing.return_rows(
        entries.TASKS.machine, world.rows("乙局", window)[:1], actor=world.actor("clerk"), by="office", reason="请补充数据"
    )


def came(client, world, **wanted) -> int:
    return read(client, lines_path(world) + "?" + "&".join(f"{k}={v}" for k, v in wanted.items())).rows() or 0


@pytest.mark.parametrize("who", ROLES)
def test_every_figure_of_the_board_leads_to_its_rows(as_user, busy, clock, who):
    assert wrong_figures(as_user(who), board_path(busy)) == []
    history(busy, clock)
    page = read(as_user(who), board_path(busy))
    assert len(page.figures()) > 30
    assert wrong_figures(as_user(who), board_path(busy)) == []


@pytest.mark.parametrize("part", ["wrong", "units", "sections", "phases", "trend"])
def test_figures_on_the_screen_of_the_meeting_room_lead_to_their_rows(as_user, busy, clock, part):
    history(busy, clock)
    address = reverse("board_screen", args=[busy.programme.pk, part])
    assert read(as_user("leader"), address).figures()
    assert wrong_figures(as_user("leader"), address) == []


@pytest.mark.parametrize("who", ROLES)
def test_every_figure_of_the_programme_page_leads_to_its_rows(as_user, busy, clock, who):
    history(busy, clock)
    assert wrong_figures(as_user(who), reverse("programme", args=[busy.programme.pk])) == []


def test_a_figure_without_a_link_and_one_with_another_number_of_rows_are_found():
    page = Page('<table><tr><td class="qc-num">3</td><td class="qc-num">0</td><td class="qc-num">—</td></tr></table>')
    assert page.unlinked() == ["td.qc-num: 3"]

    class Client:
        def get(self, url):
            html = '<a data-figure="2" href="/rows/">2</a><b data-figure="1">1</b>'
            rows = '<table><tbody data-rows><tr class="qc-section"></tr><tr></tr></tbody></table>'
            content = (rows if url == "/rows/" else html).encode()
            return type("Answer", (), {"status_code": 200, "content": content})

    assert wrong_figures(Client(), "/board/") == [
        "/board/: 2 leads to /rows/ with 1 rows", "/board/: figure 1 has no address",
    ]  # fmt: skip


def test_lines_are_on_time_late_missing_or_returned_as_they_came_in(as_user, busy, clock):
    client, window = as_user("director"), first_quarter(busy)
    owed = came(client, busy, window=window.pk)
    assert came(client, busy, window=window.pk, filed="open") == owed == 9
    history(busy, clock)
    client = as_user("director")
    found = {code: came(client, busy, window=window.pk, filed=code) for code in ("on_time", "late", "missing", "open")}
    # 甲局 three tasks and an indicator in time; 乙局 two tasks after it, one of them sent back at once, its indicator
    # and both tasks of 丙局 never
    assert found == {"on_time": 4, "late": 1, "missing": 4, "open": 0}
    assert came(client, busy, window=window.pk, filed="returned") == 1
    assert came(client, busy, window=window.pk, department=busy.units["丙局"].pk, filed="missing") == 2


def test_a_returned_line_is_late_once_it_is_signed_again(as_user, busy, clock):
    history(busy, clock)
    window = first_quarter(busy)
    busy.file("yi_liaison", "乙局", window)
    busy.sign("yi_head", "乙局", window)
    client = as_user("director")
    assert came(client, busy, filed="returned") == 0
    assert came(client, busy, window=window.pk, filed="late") == 2


def test_a_correction_does_not_unsay_that_a_line_came_in_on_time(as_user, busy, clock):
    history(busy, clock)
    window = first_quarter(busy)
    client = as_user("director")
    before = came(client, busy, window=window.pk, filed="on_time")
    busy.file("jia_liaison", "甲局", window)
    draft = [row for row in busy.rows("甲局", window) if row.supersedes_id]
    machine = entries.TASKS.machine
    filing.sign_rows(machine, draft, actor=busy.actor("jia_head"))
    filing.accept_rows(machine, [type(row).objects.get(pk=row.pk) for row in draft], actor=busy.actor("clerk"))
    assert came(client, busy, window=window.pk, filed="on_time") == before
    assert wrong_figures(client, board_path(busy)) == []


def test_a_unit_sees_its_own_picture_and_lines_alone(as_user, busy, clock):
    history(busy, clock)
    board = as_user("jia_head").get(board_path(busy)).context["board"]
    assert board.total == 3 < as_user("director").get(board_path(busy)).context["board"].total
    units = {row.unit for row in as_user("jia_head").get(lines_path(busy)).context["rows"] if row.task_id}
    assert "市丙局" not in units


def test_behind_the_plan_is_no_data_until_a_percentage_is_reported(as_user, busy, clock):
    tile = as_user("director").get(board_path(busy)).context["board"].wrong_tiles[3]
    assert tile.figure is None and not tile.url
    world = busy
    world.file("jia_liaison", "甲局", percent=2)
    world.sign("jia_head", "甲局")
    clock.move_to(LATER)
    tile = as_user("director").get(board_path(busy)).context["board"].wrong_tiles[3]
    # 任务11 was due on 10 April and stands at 2 %; 任务1 too, but has had only its first month of eight
    assert tile.figure == 1
    assert wrong_figures(as_user("director"), board_path(busy)) == []


def test_indicators_say_value_target_plan_and_gap(as_user, busy):
    report_indicator(busy, "jia_liaison", "jia_head", "甲局", "12")
    report_indicator(busy, "yi_liaison", "yi_head", "乙局", "95.5")
    rows = {row.indicator.name: row for row in as_user("leader").get(board_path(busy)).context["board"].indicators}
    count, rate, words = rows["新增首席质量官"], rows["抽检合格率"], rows["质量满意度"]
    # 26 March is day 85 of 365
    assert (count.value, count.planned, count.standing.code) == ("12 名", "23.3 名", "amber")
    assert (rate.value, rate.planned, rate.standing.code) == ("95.5%", "", "amber")
    assert "11.3" in count.gap and "0.5" in rate.gap
    assert words.standing.code == "grey" and not words.gap


def test_a_record_and_a_draft_have_no_board_but_say_why(as_user, busy):
    for state in (ProgrammeState.ARCHIVED, ProgrammeState.DRAFT):
        Programme.objects.filter(pk=busy.programme.pk).update(state=state)
        answer = as_user("director").get(board_path(busy))
        assert answer.status_code == 200 and 'id="wrong"' not in answer.content.decode()
        assert as_user("director").get(reverse("board_screen", args=[busy.programme.pk, "wrong"])).status_code == 302


def test_the_screen_turns_its_pages_by_plain_links(as_user, busy):
    first = reverse("board_screen", args=[busy.programme.pk, "wrong"])
    client = as_user("leader")
    assert client.get(board_path(busy), {"view": "screen"}).url == first
    seen, address = [], first
    for _ in range(10):
        page = read(client, address)
        seen.append(address)
        assert not any(node.tag in ("script", "form") for node in page.root.walk())
        address = next(node.attrs["href"] for node in page.root.walk() if node.attrs.get("accesskey") == "n")
        if address == first:
            break
    parts = [address.rsplit("/", 2)[1] for address in seen]
    assert parts == ["wrong", "units", "sections", "phases", "trend", "indicators"]


def test_odd_filters_show_everything_instead_of_failing(as_user, busy):
    client = as_user("director")
    everything = read(client, lines_path(busy)).rows()
    assert read(client, lines_path(busy) + "?window=x&filed=zz&department=999&page=99").rows() == everything
    indicators = reverse("indicator_list", args=[busy.programme.pk])
    assert read(client, indicators + "?standing=blue").rows() == 3


@pytest.mark.parametrize("who", ROLES)
def test_few_and_many_tasks_cost_the_same_queries(as_user, busy, clock, who):
    history(busy, clock)

    def queries(path: str) -> int:
        client = as_user(who)
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    pages = [board_path(busy), lines_path(busy), reverse("indicator_list", args=[busy.programme.pk])]
    pages += [reverse("department", args=[busy.units["甲局"].pk]), reverse("district", args=[busy.district.pk])]
    pages += [reverse("districts")]
    few = [queries(path) for path in pages]
    more = [make_task(busy.programme, number, due_on=date(2026, 11, 30)) for number in range(30, 60)]
    for task in more:
        make_part(task, busy.units["甲局"], "lead")
    tasks.confirm(more, actor=busy.actor("director"))
    tasks.assign(more, actor=busy.actor("director"))
    assert [queries(path) for path in pages] == few
    assert max(few) <= LIMIT


def test_every_figure_of_a_units_page_leads_to_its_rows(as_user, busy, clock):
    history(busy, clock)
    for who in ROLES:
        for unit in ("甲局", "乙局", "丙局", "质量局"):
            assert wrong_figures(as_user(who), reverse("department", args=[busy.units[unit].pk])) == []
    page = read(as_user("director"), reverse("department", args=[busy.units["甲局"].pk]))
    assert len(page.figures()) >= 6


def test_a_units_page_says_who_holds_what_is_late(as_user, busy, clock):
    clock.move_to(LATER)
    address = reverse("department", args=[busy.units["甲局"].pk])
    rows = as_user("leader").get(address).context["tasks"]
    assert {(row.light, row.holders, row.with_head) for row in rows} == {("red", "jia_liaison", False)}
    busy.file("jia_liaison", "甲局", first_quarter(busy))
    assert {row.with_head for row in as_user("leader").get(address).context["tasks"]} == {True}


def test_light_and_role_narrow_a_units_tasks_and_nonsense_does_not(as_user, busy, clock):
    clock.move_to(LATER)
    client, address = as_user("director"), reverse("department", args=[busy.units["乙局"].pk])
    # two of its own, one that it supports
    assert read(client, address).rows() == 3 == read(client, address + "?light=blue&role=x").rows()
    assert read(client, address + "?role=answers").rows() == 2 == read(client, address + "?light=red").rows()
    assert read(client, address + "?light=green").rows() is None


@pytest.fixture
def with_district(busy):
    """东湖区 with a task of the city's programme."""
    task = make_task(busy.programme, 20, mode="sole", due_on=date(2026, 4, 1))
    make_part(task, busy.units["东湖区"], "sole")
    director = busy.actor("director")
    tasks.confirm([task], actor=director)
    tasks.assign([task], actor=director)
    return busy


def test_districts_of_a_city_under_a_province_are_its_own(as_user, with_district, clock):
    city = with_district.city
    city.parent = Jurisdiction.objects.create(code="990000", name="示例省", short_name="示例省", level="province")
    city.save()
    other = Jurisdiction.objects.create(code="990200", name="邻市", short_name="邻市", level="city", parent=city.parent)
    Jurisdiction.objects.create(code="990201", name="邻市某区", short_name="某区", level="county", parent=other)
    for who in ("leader", "district"):
        picture = as_user(who).get(reverse("districts")).context["picture"]
        assert [group.label for group in picture.shown] == ["东湖区"]


@pytest.mark.parametrize("who", [*ROLES, "district"])
def test_every_figure_of_the_districts_leads_to_its_rows(as_user, with_district, clock, who):
    town = Jurisdiction.objects.create(
        code="990102001", name="某镇", short_name="某镇", level="town", parent=with_district.district
    )
    type(with_district.units["东湖区"]).objects.filter(pk=with_district.units["东湖区"].pk).update(jurisdiction=town)
    clock.move_to(LATER)
    for address in (reverse("district", args=[with_district.district.pk]), reverse("districts")):
        assert wrong_figures(as_user(who), address) == []
    if who != "jia_head":
        page = as_user(who).get(reverse("district", args=[with_district.district.pk]))
        assert [row.title for row in page.context["tasks"]] == ["(20)任务20"] and page.context["periods"]


@pytest.mark.parametrize("who", [*ROLES, "clerk", "secretary", "supervisor", "district"])
def test_every_figure_of_the_start_page_leads_to_its_rows(as_user, with_district, clock, who):
    assert wrong_figures(as_user(who), reverse("start")) == []
    history(with_district, clock)
    make_part(make_task(with_district.programme, 21, mode="sole"), with_district.units["丙局"], "sole")
    consultation.open_round(with_district.programme, actor=with_district.actor("director"), due_on=date(2026, 5, 10))
    page = read(as_user(who), reverse("start"))
    assert page.figures() and wrong_figures(as_user(who), reverse("start")) == []
