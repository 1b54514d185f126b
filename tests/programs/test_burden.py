"""填报负担: counted by hand, refused above the limit, journalled with the reason; others add their asks by the registry."""

from datetime import date

import pytest
from django.urls import reverse

from kpis.models import Indicator
from programs.domain import burden, programmes, tasks
from programs.domain.burden import Ask
from programs.models import Programme, Section
from qualitycity.audit.models import Entry
from qualitycity.workflow import IllegalMove, NotAllowed
from tests.factories import make_part, make_task
from tests.pages.sheets import Statements


def table(world, year=2026):
    """Unit → asks by quarter."""
    return {
        row.unit.short_name: [len(row.quarters[quarter]) for quarter in (1, 2, 3, 4)]
        for row in burden.burden(world.city, year)
    }


def another(world, key="b", every="quarter", units=("甲局",), **more) -> Programme:
    """A programme being prepared, with a sole task for each of the units."""
    programme = Programme.objects.create(
        key=key, jurisdiction=more.pop("place", world.city), title=f"方案{key}", short_title=f"方案{key}", year=2026,
        starts_on=more.pop("starts_on", date(2026, 1, 1)), ends_on=date(2026, 12, 31), report_every=every,
        office_department=world.units["质量局"], **more,
    )  # fmt: skip
    Section.objects.create(programme=programme, path="一", number="一", title="工作", sort=1)
    for number, unit in enumerate(units, 1):
        make_part(make_task(programme, number, mode="sole"), world.units[unit], "sole")
    return programme


def test_periods_in_which_a_unit_owes_lines_count_once_each(world):
    # two lines of 甲局, one of 乙局 (supporting parts owe nothing), one of 丙局: four quarters for each
    assert table(world) == {"市甲局": [1, 1, 1, 1], "市乙局": [1, 1, 1, 1], "市丙局": [1, 1, 1, 1]}
    assert table(world, 2025) == {}
    Indicator.objects.create(
        programme=world.programme, name="指标", kind="numeric", comparator=">=", value=90, unit="%", clause_path="三",
        reporter=world.units["质量局"],
    )  # fmt: skip
    assert table(world)["市质量局"] == [1, 1, 1, 1]


def test_months_half_years_and_years_count_where_they_end(world):
    director = world.actor("director")
    for key, every in (("m", "month"), ("h", "half"), ("y", "year")):
        programmes.start(another(world, key, every, units=("乙局",)), actor=director)
    # named and not assigned yet: asked for from today on, so January and February of the monthly one do not count
    assert table(world)["市乙局"] == [1 + 1, 1 + 3 + 1, 1 + 3, 1 + 3 + 1 + 1]
    assert table(world)["市甲局"] == [1, 1, 1, 1]


def test_assigned_parts_count_for_the_periods_they_owe(world):
    programme = another(world, units=("甲局", "乙局"))
    programmes.start(programme, actor=world.actor("director"))
    found = list(programme.tasks.order_by("number"))
    tasks.confirm(found, actor=world.actor("director"))
    tasks.assign(found, actor=world.actor("director"))
    assert table(world)["市甲局"] == [2, 2, 2, 2]
    found[0].parts.update(state="waived", settled_on=date(2026, 3, 26))
    assert table(world)["市甲局"] == [1, 1, 1, 1]


def test_what_a_successor_took_over_is_his_and_one_return(world):
    old, new = world.units["乙局"], world.units["甲局"]
    old.successor = new
    old.save()
    assert table(world) == {"市甲局": [1, 1, 1, 1], "市丙局": [1, 1, 1, 1]}


def test_asks_of_districts_count_for_the_city_and_not_the_other_way_round(world):
    programme = another(world, place=world.district, units=("东湖区",))
    programmes.start(programme, actor=world.actor("district"))
    assert table(world)["东湖区政府"] == [1, 1, 1, 1]
    rows = burden.burden(world.district, 2026)
    assert [row.unit.short_name for row in rows] == ["东湖区政府"]


def test_a_closed_programme_counts_where_something_came_in(world):
    programme = another(world, units=("甲局",))
    programmes.start(programme, actor=world.actor("director"))
    world.file("jia_liaison", "甲局")
    programmes.close(programme, actor=world.actor("director"), reason="并入")
    assert table(world)["市甲局"] == [1, 1, 1, 1]
    programmes.close(world.programme, actor=world.actor("director"), reason="年度结束")
    assert table(world) == {"市甲局": [1, 0, 0, 0], "市乙局": [1, 0, 0, 0], "市丙局": [1, 0, 0, 0]}


# --- the limit -------------------------------------------------------------------------------------


def limited(world, most: int) -> None:
    burden.set_cap(actor=world.actor("director"), jurisdiction=world.city, per_quarter=most)


def test_without_a_limit_nothing_is_refused(world):
    programmes.start(another(world), actor=world.actor("director"))
    assert not Entry.objects.filter(action="exceed_burden").exists()


def test_above_the_limit_a_start_is_refused_with_units_and_counts_and_undone(world):
    limited(world, 1)
    programme = another(world, units=("甲局", "质量局"))
    with pytest.raises(IllegalMove) as refused:
        programmes.start(programme, actor=world.actor("director"))
    said = str(refused.value.sentence)
    assert "市甲局 2026年第一季度 2 次" in said and "市甲局 2026年第四季度 2 次" in said and "超过每季度 1 次" in said
    # 质量局 is asked once, that is within the limit
    assert "质量局" not in said
    programme.refresh_from_db()
    assert programme.state == "draft" and not programme.windows.exists()


def test_with_a_reason_it_starts_and_the_reason_is_kept(world):
    limited(world, 1)
    programme = another(world)
    programmes.start(programme, actor=world.actor("director"), reason="省里专项督查，一次性任务")
    entry = Entry.objects.get(action="exceed_burden")
    assert (entry.reason, entry.after["for"], entry.after["per_quarter"]) == ("省里专项督查，一次性任务", "方案b", 1)
    assert ["市甲局", "2026年第二季度", 2] in entry.after["units"]
    # pressed twice it is judged once
    programmes.start(programme, actor=world.actor("director"))
    assert Entry.objects.filter(action="exceed_burden").count() == 1


def test_exactly_the_limit_is_no_more_than_the_limit(world):
    limited(world, 2)
    programmes.start(another(world), actor=world.actor("director"))
    with pytest.raises(IllegalMove):
        programmes.start(another(world, "c"), actor=world.actor("director"))


def test_many_units_are_named_by_the_first_five(world):
    limited(world, 1)
    with pytest.raises(IllegalMove) as refused:
        programmes.start(another(world, units=("甲局", "乙局", "丙局")), actor=world.actor("director"))
    assert "等另 7 项" in str(refused.value.sentence)


class Papers:
    """As another room registers its asks."""

    def asked(self, *, path, first, last):
        from taskforce.models import Department

        for unit in Department.objects.filter(code="shili-jia", jurisdiction__path__startswith=path):
            for day in (date(2026, 2, 10), date(2026, 5, 10), date(2027, 2, 10)):
                if first <= day <= last:
                    yield Ask(f"paper-{day}", unit.pk, day, "质量分析报告", f"{day}", "/somewhere/")


PAPERS = Papers()


def test_others_add_their_asks_by_the_registry(world, settings):
    settings.BURDEN_SOURCES = ["tests.programs.test_burden.PAPERS"]
    assert table(world)["市甲局"] == [2, 2, 1, 1]
    assert table(world, 2027) == {"市甲局": [1, 0, 0, 0]}
    limited(world, 2)
    director = world.actor("director")
    more = [Ask("paper-new", world.units["甲局"].pk, date(2026, 5, 20), "临时报表")]
    with pytest.raises(IllegalMove) as refused:
        burden.check_burden(actor=director, subject=world.programme, jurisdiction=world.city, asks=more)
    assert "市甲局 2026年第二季度 3 次" in str(refused.value.sentence)
    # counted by its source already, it is the same ask
    same = [Ask("paper-2026-05-10", world.units["甲局"].pk, date(2026, 5, 10), "质量分析报告")]
    assert burden.check_burden(actor=director, subject=world.programme, jurisdiction=world.city, asks=same) == []
    later = [Ask("paper-new", world.units["甲局"].pk, date(2026, 8, 20), "临时报表")]
    assert burden.check_burden(actor=director, subject=world.programme, jurisdiction=world.city, asks=later) == []


def test_the_limit_is_set_by_the_office_administrator_and_journalled(world):
    limited(world, 4)
    limited(world, 4)
    limited(world, 3)
    assert [row.after for row in Entry.objects.filter(action="set_burden_cap").order_by("pk")] == [
        {"per_quarter": 4}, {"per_quarter": 3},
    ]  # fmt: skip
    for name in ("clerk", "district", "jia_liaison", "leader"):
        with pytest.raises(NotAllowed):
            burden.set_cap(actor=world.actor(name), jurisdiction=world.city, per_quarter=9)
    assert burden.cap_of(world.city).per_quarter == 3


# --- pages -----------------------------------------------------------------------------------------


def test_every_figure_of_the_page_leads_to_exactly_its_rows(as_user, world):
    programmes.start(another(world, "m", "month", units=("乙局",)), actor=world.actor("director"))
    client = as_user("clerk")
    page = client.get(reverse("burden"))
    seen = 0
    for row in page.context["rows"]:
        for quarter, count, _over in row["cells"]:
            address = f"{page.context['rows_url']}?year=2026&unit={row['unit'].pk}&quarter={quarter}"
            assert (address.replace("&", "&amp;") in page.content.decode()) == bool(count)
            assert len(client.get(address).context["asks"]) == count
            seen += count
        whole = client.get(f"{page.context['rows_url']}?year=2026&unit={row['unit'].pk}")
        assert len(whole.context["asks"]) == row["total"]
    assert seen == page.context["total"] > 12


def test_the_page_of_the_start_asks_for_the_reason(as_user, world):
    limited(world, 1)
    programme = another(world)
    client, url = as_user("director"), reverse("programme_move", args=[programme.pk])
    answer = client.post(url, {"action": "start", "sure": "1", "reason": ""})
    text = answer.content.decode()
    assert answer.status_code == 422 and "市甲局 2026年第一季度 2 次" in text and 'name="reason"' in text
    assert client.post(url, {"action": "start", "sure": "1", "reason": "省里专项督查"}).status_code == 302
    page = client.get(reverse("burden")).content.decode()
    assert "省里专项督查" in page and "方案b" in page and "超上限" in page


def test_the_limit_on_its_page(as_user, world):
    client = as_user("director")
    assert client.post(reverse("burden_cap"), {"per_quarter": "4"}).status_code == 302
    assert "最多 4 次" in client.get(reverse("burden")).content.decode()
    for wrong in ("0", "四", "-1", "1000"):
        answer = client.post(reverse("burden_cap"), {"per_quarter": wrong})
        assert answer.status_code == 422 and f'value="{wrong}"' in answer.content.decode()
    assert client.post(reverse("burden_cap"), {"per_quarter": ""}).status_code == 302
    assert burden.cap_of(world.city).per_quarter is None
    assert as_user("clerk").post(reverse("burden_cap"), {"per_quarter": "4"}).status_code == 403


@pytest.mark.parametrize(
    "query", ["year=x", "year=99999", "year=-1", "unit=x", "quarter=9", "year=2026&unit=999999999999999999999"]
)
def test_addresses_that_say_nothing_are_no_fault(as_user, world, query):
    client = as_user("clerk")
    assert client.get(f"{reverse('burden')}?{query}").status_code == 200
    assert client.get(f"{reverse('burden_rows')}?{query}").status_code == 404


def test_statements_do_not_grow_with_programmes(as_user, world):
    from django.db import connection

    client = as_user("clerk")

    def count() -> int:
        with Statements(connection) as statements:
            assert client.get(reverse("burden")).status_code == 200
        return len(statements.counted)

    client.get(reverse("burden"))
    few = count()
    for number in range(6):
        programmes.start(another(world, f"n{number}", units=("甲局", "乙局", "丙局")), actor=world.actor("director"))
    assert count() == few <= 12


# --- said before pressing --------------------------------------------------------------------------


def test_the_page_of_a_start_warns_before_it_is_pressed_and_asks_for_a_reason_only_then(as_user, world):
    programme = another(world, units=("甲局", "质量局"))
    client = as_user("director")
    url = f"{reverse('programme_move', args=[programme.pk])}?action=start"
    for most in (None, 2):
        limited(world, most)
        text = client.get(url).content.decode()
        assert 'name="reason"' not in text and "报送上限" not in text
    limited(world, 1)
    text = client.get(url).content.decode()
    assert "市甲局 2026年第一季度 2 次" in text and 'name="reason"' in text and "质量局 2026" not in text
    assert programme.windows.count() == 0
    # the page is no second gate: another cause of refusal asks for no reason
    programme.refresh_from_db()
    assert programme.state == "draft"


def test_pages_of_other_moves_still_ask_for_their_reasons(as_user, world):
    client = as_user("director")
    text = client.get(f"{reverse('programme_move', args=[world.programme.pk])}?action=close").content.decode()
    assert 'name="reason"' in text


@pytest.mark.parametrize("every", ["month", "quarter", "half", "year"])
@pytest.mark.parametrize("starts_on", [date(2026, 1, 1), date(2026, 5, 20)])
def test_what_is_said_beforehand_is_what_is_asked_afterwards(world, every, starts_on):
    programme = another(world, "w", every, units=("甲局", "乙局"), starts_on=starts_on)
    Indicator.objects.create(
        programme=programme, name="指标", kind="numeric", comparator=">=", value=90, unit="%", clause_path="三",
        reporter=world.units["质量局"],
    )  # fmt: skip
    limited(world, 1)
    before = programmes.burden_of_start(programme)
    with pytest.raises(burden.AskedTooMuch) as refused:
        programmes.start(programme, actor=world.actor("director"))
    assert before and str(refused.value.sentence).startswith(before)
    programme.refresh_from_db()
    started = programmes.start(programme, actor=world.actor("director"), reason="一次性")
    assert programmes.burden_of_start(started) == ""


def test_the_warning_stays_within_the_budget_of_a_page(as_user, world):
    from django.db import connection

    limited(world, 1)
    programme = another(world, units=("甲局", "乙局", "丙局"))
    client = as_user("director")
    url = f"{reverse('programme_move', args=[programme.pk])}?action=start"
    client.get(url)
    with Statements(connection) as statements:
        assert client.get(url).status_code == 200
    assert len(statements.counted) <= 12
    for reason, status in (("", 422), ("一次性任务", 302)):
        with Statements(connection) as statements:
            assert client.post(url, {"action": "start", "sure": "1", "reason": reason}).status_code == status
        assert len(statements.counted) <= 20, (status, len(statements.counted), statements.counted)
