"""搜索 over 督办: slips by number and words, papers due, meetings; to each only what opens for him."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.domain.supervision import item_people, materials
from programs.domain.supervision.slips import Subject
from programs.models import Meeting
from taskforce.models import Body

from ..programs.supervision.slips import drawn_up, issued, late_item
from .test_search import told

pytestmark = pytest.mark.django_db
ALL = (
    "jia_liaison", "yi_liaison", "bing_liaison", "clerk", "director", "leader", "supervisor", "auditor", "district",
    "stranger", "sysadmin",
)  # fmt: skip


def found(as_user, text, kind):
    return {name for name in ALL if told(as_user(name), text).get(kind)}


@pytest.fixture
def rows(world):
    slip = issued(world, matter="抓紧报送抽检进展")
    materials.register(
        actor=world.actor("clerk"), jurisdiction=world.city, units=[world.units["甲局"], world.units["乙局"]],
        title="质量工作总结", recipient="市质量强市办", recurrence="year", first_due=date(2026, 4, 10), basis="",
        document=None, programme=None, hint="", about_previous=False,
    )  # fmt: skip
    body = Body.objects.create(
        jurisdiction=world.city, code="shili-body", kind="leading_group", name="示例市质量强市工作领导小组",
        office_name="示例市质量强市办",
    )  # fmt: skip
    Meeting.objects.create(
        body=body, title="领导小组第二次专题会", starts_at=timezone.now(), place="三号楼", created_by=world.people["clerk"]
    )
    return slip


def test_each_is_found_by_its_words_and_leads_to_its_page(world, rows, as_user):
    client = as_user("clerk")
    for text, kind, title in (
        (rows.number, "slip", f"{rows.number} 抓紧报送抽检进展"), (rows.number.replace("〔", "[").replace("〕", "]"), "slip", ""),
        ("抽检进展 甲局", "slip", ""), ("工作总结 乙局", "paper", "质量工作总结"), ("第二次专题会", "meeting", "领导小组第二次专题会"),
        ("三号楼", "meeting", "领导小组第二次专题会"),
    ):  # fmt: skip
        hits = told(client, text)[kind]
        assert len(hits) == 1 and title in hits[0], text
        for group in client.get(reverse("search"), {"q": text}).context["groups"]:
            for hit in group.hits:
                assert client.get(hit.url.partition("#")[0]).status_code == 200, hit


def test_everybody_finds_what_opens_for_him_and_nothing_else(world, rows, as_user):
    overseeing = {"clerk", "director", "leader", "supervisor", "auditor"}
    assert found(as_user, "抽检进展", "slip") == overseeing | {"jia_liaison"}
    assert found(as_user, "工作总结", "paper") == overseeing | {"jia_liaison", "yi_liaison"}
    assert found(as_user, "第二次专题会", "meeting") == overseeing
    for name in ALL:
        client = as_user(name)
        for text in ("抽检进展", "工作总结", "第二次专题会"):
            for group in client.get(reverse("search"), {"q": text}).context["groups"]:
                for hit in group.hits:
                    assert client.get(hit.url.partition("#")[0]).status_code == 200, (name, hit)


def test_what_is_only_drawn_up_stays_with_the_office(world, as_user):
    drawn_up(world, matter="尚未签发的事由")
    assert found(as_user, "尚未签发的事由", "slip") == {"clerk", "director"}


def test_slips_about_restricted_items_are_found_by_nobody(world, as_user):
    part = late_item(world, restricted=True)
    item_people.write_names(part.item, [world.people["director"].pk, world.people["jia_liaison"].pk])
    drawn_up(world, who="director", subject=Subject(department=world.units["甲局"], item_part=part), matter="限阅事由")
    assert found(as_user, "限阅事由", "slip") == set()
