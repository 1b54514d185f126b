"""搜索: what is found however it is typed, where it leads, and that nothing shows which its reader may not see."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import resolve, reverse

from awards.models import AwardScheme
from kpis.models import Indicator
from programs.domain import filing, sheet
from programs.domain.entries import TASKS
from programs.models import PolicyDocument, Programme, ProgressEntry, Task
from qualitycity.home.queries.search import FEW, PER_PAGE, kinds, search
from qualitycity.searching import marked, plain
from taskforce.models import Contact, Department, DepartmentAlias

from ..factories import make_part, make_task
from ..pages.stage import running

pytestmark = pytest.mark.django_db
MOST = 12


def told(client, text, **more):
    """kind → titles found."""
    page = client.get(reverse("search"), {"q": text, **more})
    assert page.status_code == 200
    groups = page.context["groups"]
    return {group.name: ["".join(part for part, _on in hit.title) for hit in group.hits] for group in groups}


@pytest.fixture
def document(world):
    row = PolicyDocument.objects.create(
        key="shifu-3", jurisdiction=world.city, title="示例市质量提升行动计划（2026年）", number="示府〔2026〕3号",
        issuing_body="示例市人民政府", dated=date(2026, 1, 5),
    )  # fmt: skip
    Programme.objects.filter(pk=world.programme.pk).update(document=row)
    return row


def test_a_query_is_read_as_people_type_it():
    assert plain("　示府[２０２６]３号 Ａ\x00 ") == ["示府[2026]3号", "A"]
    assert plain("示府〔2026〕") == ["示府[2026]"] and plain("  ") == []


@pytest.mark.parametrize("text", ["示府〔2026〕3号", "示府[2026]3", "行动计划(2026年)", "质量 行动计划 示府"])
def test_documents_are_found_however_brackets_are_typed(world, document, as_user, text):
    assert told(as_user("leader"), text)["document"] == [document.title]


@pytest.mark.parametrize("text", ["一/(2)", "一/（２）", "任务２", "强化监管 任务2"])
def test_tasks_are_found_by_clause_section_and_text(world, as_user, text):
    assert told(as_user("director"), text)["task"] == ["(2) 任务2"]


def test_units_are_found_under_former_names_and_lead_to_their_tasks_and_successor(world, as_user):
    old = Department.objects.create(
        jurisdiction=world.city, code="old", kind="government_dept", name="示例市旧监局", short_name="市旧监局",
        successor=world.units["质量局"], closed_on=date(2019, 1, 1),
    )  # fmt: skip
    DepartmentAlias.objects.create(department=old, alias="旧技监局")
    make_part(make_task(world.programme, 4, mode="sole"), old, "sole")
    client = as_user("leader")
    for text in ("旧技监", "市旧监局"):
        found = told(client, text)
        assert set(found["unit"]) == {"示例市旧监局", "示例市质量局"} and found["unit_task"] == ["(4) 任务4"]
    assert told(client, "质量局")["unit_task"] == ["(4) 任务4"]


def test_everything_registered_is_found_and_leads_to_its_page(world, document, as_user):
    Contact.objects.create(department=world.units["甲局"], name="王晓", phone="0990-111")
    Indicator.objects.create(
        programme=world.programme, task=world.tasks[0], name="抽检合格率", kind="numeric", comparator=">=", value=95
    )
    AwardScheme.objects.create(programme=world.programme, name="市长质量奖", role="scheme")
    assert world.file("jia_liaison", "甲局", progress="已抽检八百批次").ok
    world.sign("jia_head", "甲局")
    client = as_user("director")
    for text, kind, title in (
        ("0990-111", "contact", "王晓"), ("合格率", "indicator", "抽检合格率"), ("市长质量奖", "scheme", "市长质量奖"),
        ("八百批次", "entry", "(1) 任务1"), ("质量提升2026", "programme", world.programme.title),
        ("核对码", "help", "四、纸质审签（负责人习惯用笔的）"),
    ):  # fmt: skip
        assert title in told(client, text)[kind], text
        for group in client.get(reverse("search"), {"q": text}).context["groups"]:
            for hit in group.hits:
                address = hit.url.partition("#")[0]
                assert resolve(address) and client.get(address).status_code == 200, hit


def test_the_hit_is_marked_in_the_text_as_it_is_written():
    assert marked("示府〔2026〕3号文", plain("府[２０２６]")) == [("示", False), ("府〔2026〕", True), ("3号文", False)]
    pieces = marked("前" * 100 + "质量" + "后" * 100, ["质量"], around=20)
    assert ("质量", True) in pieces and pieces[0] == ("…", False) == pieces[-1]
    assert sum(len(part) for part, _on in pieces) == 42
    assert marked("没有", ["质量"]) == [("没有", False)] and marked("", ["a"]) == []


def test_the_page_escapes_what_people_typed(world, as_user):
    Task.objects.filter(pk=world.tasks[0].pk).update(title="<b>任务1</b>")
    page = as_user("director").get(reverse("search"), {"q": "任务1"}).content.decode()
    assert "&lt;b&gt;<mark>任务1</mark>&lt;/b&gt;" in page


def test_a_group_says_how_many_there_are_and_opens_in_pages(world, as_user):
    Task.objects.bulk_create(
        Task(
            programme=world.programme, number=str(n), clause_path=str(n), title="抽查", nature="outcome", role_mode="sole"
        )
        for n in range(PER_PAGE + 5)
    )  # fmt: skip
    client = as_user("director")
    (group,) = client.get(reverse("search"), {"q": "抽查"}).context["groups"]
    assert (group.total, len(group.hits)) == (PER_PAGE + 5, FEW)
    first = client.get(reverse("search"), {"q": "抽查", "kind": "task"})
    assert len(first.context["groups"][0].hits) == PER_PAGE and first.context["more"]
    second = client.get(reverse("search"), {"q": "抽查", "kind": "task", "page": 2})
    assert len(second.context["groups"][0].hits) == 5 and not second.context["more"]
    for odd in ({"page": "9" * 9}, {"page": "-1"}, {"kind": "nothing"}, {"kind": "task", "page": "99"}):
        assert client.get(reverse("search"), {"q": "抽查", **odd}).status_code == 200


def test_drafts_stay_with_the_unit_and_signed_texts_reach_those_in_charge(world, as_user):
    window = world.programme.windows.first()
    typed = world.typed("jia_liaison", "甲局", window, progress="正在起草的字句")
    sheet.save(actor=world.actor("jia_liaison"), window=window, departments={world.units["甲局"].pk}, typed=typed)
    seers = {name for name in world.people if "entry" in told(as_user(name), "起草的字句")}
    assert seers == {"jia_liaison", "jia_head"}
    assert world.file("jia_liaison", "甲局", progress="正在起草的字句").ok
    seers = {name for name in world.people if "entry" in told(as_user(name), "起草的字句")}
    assert seers == {"jia_liaison", "jia_head", "director", "clerk"}
    filing.sign_rows(TASKS.machine, world.rows("甲局"), actor=world.actor("jia_head"))
    seers = {name for name in world.people if "entry" in told(as_user(name), "起草的字句")}
    assert seers == {"jia_liaison", "jia_head", "director", "clerk", "leader", "secretary", "supervisor", "auditor"}


def test_draft_tasks_and_programmes_show_to_the_office_and_oversight_alone(world, as_user):
    make_part(make_task(world.programme, 77, mode="sole"), world.units["甲局"], "sole")
    Programme.objects.create(
        key="next", jurisdiction=world.city, title="明年的打算", short_title="明年", year=2027,
        starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
    )  # fmt: skip
    for text, kind in (("任务77", "task"), ("明年的打算", "programme")):
        seers = {name for name in world.people if kind in told(as_user(name), text)}
        assert seers == {"director", "clerk", "leader", "secretary", "supervisor", "auditor"}, text


def test_no_hit_lies_outside_what_its_reader_sees(world, as_user):
    """Whatever is found leads to a page that opens for the reader, role by role, for a word that is everywhere."""
    running(world.district, "donghu", "东湖区任务方案", world.units["东湖区"], world.actor("district"))
    assert world.file("yi_liaison", "乙局", progress="任务的进展").ok
    for name in world.people:
        client = as_user(name)
        page = client.get(reverse("search"), {"q": "任务"})
        for group in page.context["groups"]:
            for hit in group.hits:
                assert client.get(hit.url.partition("#")[0]).status_code == 200, (name, hit.url)
    assert {group.name for group in search("任务", actor=world.actor("stranger"))[1]} <= {"help"}
    assert {group.name for group in search("任务", actor=world.actor("sysadmin"))[1]} <= {"help", "unit", "contact"}


def test_another_city_is_not_found(world, as_user):
    assert told(as_user("district"), "任务1") == told(as_user("stranger"), "任务1")
    assert told(as_user("director"), "100%_") == {}


@pytest.mark.parametrize("who", ["director", "jia_liaison", "leader"])
def test_few_and_many_rows_cost_the_same_queries(world, as_user, who, django_assert_max_num_queries):
    client, address = as_user(who), f"{reverse('search')}?{urlencode({'q': '任务'})}"
    for count in (1, 200):
        for number in range(count):
            task = Task.objects.create(
                programme=world.programme, number=f"{count}-{number}", clause_path=f"x{count}-{number}", title="任务",
                nature="outcome", role_mode="sole", state="active",
            )  # fmt: skip
            make_part(task, world.units["甲局"], "sole", state="assigned", assigned_on=date(2026, 3, 1))
        with django_assert_max_num_queries(MOST):
            assert client.get(address).status_code == 200
    assert ProgressEntry.objects.count() == 0


def test_every_kind_has_a_name_of_its_own():
    names = [kind.name for kind in kinds()]
    assert len(names) == len(set(names)) and "help" not in names
