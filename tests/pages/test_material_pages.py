"""应报材料 and activities in the browser's eyes: figures, forms, what is typed wrong, constant queries."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.domain.supervision import activities, materials
from programs.models import ActivityRun, Material, MaterialDue
from taskforce.models import Department

from ..files import builders


def register(world, number=0, units=("甲局", "乙局"), **more):
    values = {
        "title": f"质量工作总结{number or ''}", "recipient": "市质量强市办", "recurrence": "once",
        "first_due": date(2026, 4, 10), "about_previous": False, "basis": "", "document": None, "programme": None,
        "hint": "",
    } | more  # fmt: skip
    rows = [world.units[name] for name in units]
    return materials.register(actor=world.actor("clerk"), jurisdiction=world.city, units=rows, **values)


def test_every_figure_counts_the_rows_it_opens(world, clock, as_user):
    register(world)
    register(world, 2, first_due=date(2026, 6, 30))
    late = register(world, 3, first_due=date(2026, 3, 27))
    filed = MaterialDue.objects.get(material=late, department=world.units["乙局"])
    materials.hand_in(filed, actor=world.actor("yi_liaison"), uploads=[SimpleUploadedFile("a.pdf", builders.pdf())])
    clock.move_to("2026-04-02T10:00:00+08:00")
    client = as_user("clerk")
    tiles = client.get("/materials/").context["tiles"]
    assert [tile["figure"] for tile in tiles] == [6, 1, 2, 1, 0]
    for tile in tiles:
        page = client.get(tile["url"])
        assert page.context["page_obj"].paginator.count == tile["figure"], tile["label"]
        assert page.content.decode().count("qc-task-title") == tile["figure"]


def test_a_unit_sees_its_own_and_hands_in(world, as_user):
    register(world)
    client = as_user("jia_liaison")
    page = client.get("/materials/")
    assert page.content.decode().count("qc-task-title") == 1
    due = MaterialDue.objects.get(department=world.units["甲局"])
    start = client.get("/").content.decode()
    assert f"/materials/{due.pk}/" in start
    empty = client.post(f"/materials/{due.pk}/", {"note": "见附件"})
    assert empty.status_code == 422 and "请附上材料" in empty.content.decode() and "见附件" in empty.content.decode()
    bad = client.post(f"/materials/{due.pk}/", {"paper": SimpleUploadedFile("a.pdf", b"no pdf"), "note": "说明"})
    assert bad.status_code == 422 and "说明" in bad.content.decode()
    good = client.post(f"/materials/{due.pk}/", {"paper": SimpleUploadedFile("总结.pdf", builders.pdf())})
    assert good.status_code == 302
    assert "总结.pdf" in client.get(f"/materials/{due.pk}/").content.decode()
    again = client.post(f"/materials/{due.pk}/", {"note": "x"})
    assert again.status_code == 302, "a second press is a quiet no-op"


def test_several_are_accepted_at_once_all_or_none(world, as_user):
    register(world)
    dues = list(MaterialDue.objects.order_by("department__short_name"))
    for due, who in zip(dues, ("jia_liaison", "yi_liaison"), strict=True):
        name = "yi_liaison" if due.department == world.units["乙局"] else who if who != "yi_liaison" else "jia_liaison"
        materials.hand_in(due, actor=world.actor(name), uploads=[SimpleUploadedFile("a.pdf", builders.pdf())])
    client = as_user("clerk")
    client.post("/materials/accept/", {"due": [due.pk for due in dues]})
    assert set(MaterialDue.objects.values_list("state", flat=True)) == {"accepted"}
    assert client.post("/materials/accept/", {"due": ["x", "9" * 30]}).status_code == 302


def test_the_register_is_filled_in_and_refuses_in_words(world, as_user):
    client = as_user("clerk")
    assert "登记册为空" in client.get("/materials/register/").content.decode()
    typed = {
        "title": "年度质量工作计划", "recipient": "市政府", "recurrence": "year", "first_due": "2026-05-10",
        "hint": "含目标和措施", "units": [world.units["甲局"].pk],
    }  # fmt: skip
    without = client.post("/materials/register/new/", {**typed, "units": []})
    assert without.status_code == 422 and "请至少选择一个报送单位" in without.content.decode()
    assert "含目标和措施" in without.content.decode()
    assert client.post("/materials/register/new/", typed).status_code == 302
    twice = client.post("/materials/register/new/", typed)
    assert twice.status_code == 422 and "已有报送同一对象的同名材料" in twice.content.decode()
    material = Material.objects.get()
    changed = {"recipient": "市质量强市办", "units": [world.units["乙局"].pk], "row_version": 1}
    assert client.post(f"/materials/register/{material.pk}/", changed).status_code == 302
    stale = client.post(f"/materials/register/{material.pk}/", changed)
    assert stale.status_code == 422 and "刚被他人改动" in stale.content.decode()
    material.refresh_from_db()
    assert (material.title, material.recipient) == ("年度质量工作计划", "市质量强市办")


@pytest.mark.parametrize("who", ["clerk", "jia_liaison", "leader"])
def test_the_list_costs_the_same_with_many_papers(world, as_user, who, settled):
    register(world)
    client = as_user(who)
    client.get("/materials/?show=all")
    with CaptureQueriesContext(connection, ) as few:
        client.get("/materials/?show=all")
    for number in range(1, 25):
        register(world, number, units=("甲局", "乙局", "丙局"))
    with CaptureQueriesContext(connection) as many:
        client.get("/materials/?show=all")
    assert len(few) == len(many) <= 12


def test_activities_of_the_year_and_their_result(world, clock, as_user):
    activities.add(
        actor=world.actor("clerk"), jurisdiction=world.city, title="质量月", organiser=world.units["甲局"], month=9,
        day=1, days=30, note="",
    )  # fmt: skip
    run = ActivityRun.objects.get(year=2026)
    clock.move_to("2026-10-09T09:00:00+08:00")
    client = as_user("jia_liaison")
    assert "未登记开展情况" in client.get("/activities/").content.decode()
    four = client.post(f"/activities/runs/{run.pk}/", {"result": "一\n二\n三\n四"})
    assert four.status_code == 422 and "不超过三行" in four.content.decode() and "四" in four.content.decode()
    assert client.post(f"/activities/runs/{run.pk}/", {"result": "咨询12场"}).status_code == 302
    assert "咨询12场" in client.get("/activities/?year=2026").content.decode()
    for year in ("", "x", "99999", "1999"):
        assert client.get(f"/activities/?year={year}").status_code == 200


def test_activity_form_refuses_a_day_that_is_none(world, as_user):
    client = as_user("clerk")
    typed = {"title": "质量月", "organiser": world.units["甲局"].pk, "month": 2, "day": 30, "days": 1}
    page = client.post("/activities/new/", typed)
    assert page.status_code == 422 and "该月没有这一天" in page.content.decode()
    assert client.post("/activities/new/", {**typed, "day": 28}).status_code == 302
    run = ActivityRun.objects.order_by("year").first()
    wrong = {"starts_on": f"{run.year}-03-10", "ends_on": f"{run.year}-03-01", "reason": "x", "row_version": 1}
    days = client.post(f"/activities/runs/{run.pk}/days/", wrong)
    assert days.status_code == 422


def test_the_calendar_shows_papers_and_activities(world, as_user):
    register(world)
    activities.add(
        actor=world.actor("clerk"), jurisdiction=world.city, title="质量宣传周", organiser=world.units["甲局"], month=4,
        day=20, days=5, note="",
    )  # fmt: skip
    client = as_user("clerk")
    for address in ("/calendar/?month=2026-04", "/calendar/?month=2026-04&view=list"):
        page = client.get(address).content.decode()
        assert "质量工作总结（市甲局）" in page and "质量宣传周" in page
    assert "质量工作总结" not in client.get("/calendar/?month=2026-04&kind=activity").content.decode()
    only = client.get(f"/calendar/?month=2026-04&view=list&unit={world.units['乙局'].pk}").content.decode()
    assert "（市甲局）" not in only


def test_departments_that_were_succeeded_are_not_offered(world, as_user):
    old = world.units["丙局"]
    Department.objects.filter(pk=old.pk).update(successor=world.units["甲局"])
    form = as_user("clerk").get("/materials/register/new/").context["form"]
    assert old.pk not in {unit.pk for unit in form.fields["units"].queryset}
