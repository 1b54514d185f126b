"""今日简报: what a leader's start page says, on one sheet of paper."""

import re

import pytest
from django.urls import reverse

from programs.domain import tasks
from programs.domain.supervision import matters
from programs.models import CoordinationMatter, Task

from ..factories import make_part, make_task
from ..pages.stage import running

pytestmark = pytest.mark.django_db
LATE = "2026-04-20T09:00:00+08:00"


def test_the_secretary_reaches_the_sheet_from_the_start_page(world, as_user):
    start = as_user("secretary").get(reverse("start")).content.decode()
    assert f'href="{reverse("edition")}"' in start
    sheet = as_user("secretary").get(reverse("edition"))
    assert "data-print" in sheet.content.decode() and sheet.context["reader"] == "leader"


def test_figures_and_sentences_are_those_of_the_start_page(world, as_user, clock):
    assert world.file("jia_liaison", "甲局", coordination="请协调检验经费").ok
    world.sign("jia_head", "甲局")
    clock.move_to(LATE)
    client = as_user("leader")
    start, sheet = client.get(reverse("start")).content.decode(), client.get(reverse("edition"))
    (part,) = sheet.context["parts"]
    assert part.picture.counts["total"] == 3 and part.picture.counts["red"] == 2
    text = sheet.content.decode()
    for sentence in part.picture.sentences:
        assert sentence in text and sentence in start
    assert "请协调检验经费" in text and "市甲局" in text
    assert (sheet.context["silent_units"], sheet.context["silent_lines"]) == (2, 2)
    assert [task.pk for task in part.late] == [world.tasks[1].pk, world.tasks[2].pk]


def test_what_is_put_before_the_reader_comes_first_and_what_is_decided_is_gone_at_once(world, as_user):
    assert world.file("jia_liaison", "甲局", coordination="请协调检验经费").ok
    world.sign("jia_head", "甲局")
    matter, other = CoordinationMatter.objects.order_by("pk")
    leader, sheet, clerk = as_user("leader"), reverse("edition"), world.actor("clerk")
    assert "各单位提出需协调事项2件" in leader.get(sheet).content.decode()
    matters.answer(other, actor=clerk, text="已协调")
    assert "各单位提出需协调事项1件" in leader.get(sheet).content.decode()
    matters.put_before(matter, actor=clerk, leader=world.people["leader"])
    assert "（请您决定）" in leader.get(sheet).content.decode()
    start = leader.get(reverse("start")).content.decode()
    assert start.count("请协调检验经费") == 1, "with the field for the decision, not again below the programme"
    matters.decide(matter, actor=world.actor("leader"), text="同意")
    for address in (sheet, reverse("start")):
        page = leader.get(address).content.decode()
        assert "请协调检验经费" not in page and "没有需要协调决定的事项。" in page


def test_what_does_not_fit_is_counted(world, as_user, clock):
    director = world.actor("director")
    for number in range(6):
        other = running(world.city, f"p{number}", f"第{number}个方案", world.units["质量局"], director)
        rows = [make_task(other, n, mode="sole") for n in range(3)]
        for task in rows:
            make_part(task, world.units["甲局"], "sole")
        tasks.confirm(rows, actor=director)
        tasks.assign(rows, actor=director)
    clock.move_to(LATE)
    sheet = as_user("secretary").get(reverse("edition"))
    assert len(sheet.context["parts"]) == 4 and sheet.context["more_programmes"] == 3
    assert all(len(part.late) == 1 and part.more_late == 2 for part in sheet.context["parts"][:3])
    assert re.search(r"另有\s*3\s*个方案", sheet.content.decode())


@pytest.mark.parametrize("who", ["director", "jia_head", "supervisor", "auditor", "stranger"])
def test_it_is_made_for_leaders_and_their_secretaries(world, as_user, who):
    assert as_user(who).get(reverse("edition")).status_code == 403


def test_few_and_many_tasks_cost_the_same_queries(world, as_user, clock, django_assert_max_num_queries):
    clock.move_to(LATE)
    client = as_user("secretary")
    client.get(reverse("edition"))
    for count in (1, 60):
        for number in range(count):
            task = make_task(world.programme, 100 * count + number, mode="sole", state="active")
            make_part(task, world.units["甲局"], "sole", state="assigned", assigned_on="2026-03-01")
        client.get(reverse("edition"))  # works out what the new tasks stand at
        with django_assert_max_num_queries(12):
            assert client.get(reverse("edition")).status_code == 200
    assert Task.objects.count() == 64
