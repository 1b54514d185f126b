"""Moves that the office makes: they ask with the object's name, need their reasons, and say what they did."""

import pytest
from django.urls import reverse

from programs.domain import tasks as domain
from programs.models import Responsibility
from qualitycity.audit.journal import history
from tests.factories import make_part, make_task


@pytest.fixture
def drafts(world):
    """Three draft tasks, the last without a unit."""
    made = [make_task(world.programme, number) for number in (11, 12, 13)]
    for task in made[:2]:
        make_part(task, world.units["甲局"], "lead")
    return made


def test_a_waiver_asks_with_the_parts_name_and_a_reason(world, as_user):
    part = world.tasks[0].parts.get(role="lead")
    client, url = as_user("director"), reverse("part_move", args=[part.pk])
    page = client.get(url, {"action": "waive"}).content.decode()
    assert "市甲局 · (1)任务1" in page and "btn-danger" in page
    asked = client.post(url, {"action": "waive"})
    assert asked.status_code == 200 and "qc-confirm-object" in asked.content.decode()
    refused = client.post(url, {"action": "waive", "sure": "1", "reason": " "})
    assert refused.status_code == 422 and refused.context["form"].errors["reason"]
    part.refresh_from_db()
    assert part.state == "assigned"
    done = client.post(url, {"action": "waive", "sure": "1", "reason": "职能划转"})
    assert done.status_code == 302 and done.url == reverse("task", args=[part.task_id])
    part.refresh_from_db()
    assert (part.state, part.settled_note) == ("waived", "职能划转")
    assert history(part).last().reason == "职能划转"


def test_the_way_back_stays_inside_the_portal(world, as_user):
    part, client = world.tasks[0].parts.get(role="lead"), as_user("director")
    url = reverse("part_move", args=[part.pk])
    inside, outside = reverse("breakdown", args=[part.task_id]), "https://elsewhere.example/"
    assert client.get(url, {"action": "waive", "next": outside}).context["back"] == reverse("task", args=[part.task_id])
    done = client.post(url, {"action": "finish", "sure": "1", "reason": "", "next": inside})
    assert done.url == inside


def test_a_harmless_move_is_one_click(world, as_user, drafts):
    client = as_user("clerk")
    assert client.post(reverse("task_move", args=[drafts[0].pk]), {"action": "confirm"}).status_code == 302
    drafts[0].refresh_from_db()
    assert drafts[0].state == "confirmed"
    back = client.post(reverse("task_move", args=[drafts[0].pk]), {"action": "revise"})
    assert back.status_code == 200 and "qc-confirm-object" in back.content.decode()


def test_what_stands_in_the_way_is_said_in_words(world, as_user, drafts):
    client = as_user("director")
    domain.confirm([drafts[2]], actor=world.actor("director"))
    url = reverse("task_move", args=[drafts[2].pk])
    refused = client.post(url, {"action": "assign"})
    assert refused.status_code == 422 and refused.context["refusal"]
    early = client.post(reverse("task_move", args=[world.tasks[0].pk]), {"action": "complete", "sure": "1"})
    assert early.status_code == 422 and "市甲局" in str(early.context["refusal"])


@pytest.mark.parametrize(("who", "answer"), [("clerk", 403), ("jia_liaison", 403), ("leader", 403), ("stranger", 404)])
def test_who_may_not_decide_is_told_before_he_writes(who, answer, world, as_user):
    part = world.tasks[0].parts.get(role="lead")
    client, url = as_user(who), reverse("part_move", args=[part.pk])
    assert client.get(url, {"action": "waive"}).status_code == answer
    assert client.post(url, {"action": "waive", "reason": "x"}).status_code == answer
    assert Responsibility.objects.get(pk=part.pk).state == "assigned"


def test_unknown_steps_and_forged_numbers_are_not_there(world, as_user):
    client, task = as_user("director"), world.tasks[0]
    assert client.get(reverse("task_move", args=[task.pk]), {"action": "consult"}).status_code == 404
    assert client.get(reverse("task_move", args=[task.pk])).status_code == 404
    assert client.post(reverse("programme_move", args=[999]), {"action": "close"}).status_code == 404


def test_a_programme_closes_with_a_reason_and_is_then_filed_away(world, as_user):
    client, url = as_user("director"), reverse("programme_move", args=[world.programme.pk])
    assert world.programme.title in client.get(url, {"action": "close"}).content.decode()
    assert client.post(url, {"action": "close", "sure": "1", "reason": ""}).status_code == 422
    assert client.post(url, {"action": "close", "sure": "1", "reason": "年度结束"}).status_code == 302
    assert client.post(url, {"action": "archive", "sure": "1", "reason": ""}).status_code == 302
    world.programme.refresh_from_db()
    assert world.programme.historical
    assert client.post(url, {"action": "close", "sure": "1", "reason": "x"}).status_code == 422


def test_many_are_confirmed_and_assigned_at_once(world, as_user, drafts):
    client, url = as_user("director"), reverse("bulk", args=[world.programme.pk])
    page = client.get(url)
    assert [task.ticked for task in page.context["rows"]] == [True, True, False], "ready ones are ticked beforehand"
    done = client.post(url, {"do": "confirm", "task": [task.pk for task in drafts]})
    assert done.status_code == 302 and done.url == f"{url}?do=assign"
    html = client.get(done.url).content.decode()
    assert f'value="{drafts[2].pk}" aria-label="{drafts[2]}" disabled' in html
    refused = client.post(url, {"do": "assign", "task": [task.pk for task in drafts]})
    assert refused.status_code == 422 and str(drafts[2]) in str(refused.context["refusal"])
    assert [task.ticked for task in refused.context["rows"]] == [True, True, True], "what was ticked stays ticked"
    assert client.post(url, {"do": "assign", "task": [drafts[0].pk, drafts[1].pk]}).status_code == 302
    for task in drafts:
        task.refresh_from_db()
    assert [task.state for task in drafts] == ["active", "active", "confirmed"]
    for forged in ([], ["x"], ["9" * 30], [drafts[0].pk, 999_999]):
        answer = client.post(url, {"do": "assign", "task": forged})
        assert answer.status_code == 422 and answer.context["refusal"]
    again = client.post(url, {"do": "assign", "task": [drafts[0].pk, drafts[1].pk]})
    assert again.status_code == 302 and history(drafts[0]).filter(action="assign").count() == 1, "a double click"


def test_the_clerk_prepares_and_the_director_assigns(world, as_user, drafts):
    client, url = as_user("clerk"), reverse("bulk", args=[world.programme.pk])
    assert client.post(url, {"do": "confirm", "task": [drafts[0].pk]}).status_code == 302
    page = client.get(url, {"do": "assign"}).content.decode()
    assert 'name="task"' not in page
    assert client.post(url, {"do": "assign", "task": [drafts[0].pk]}).status_code == 403
    drafts[0].refresh_from_db()
    assert drafts[0].state == "confirmed"
    assert as_user("leader").get(url).status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_many_cost_the_same_as_few(count, world, as_user, django_assert_max_num_queries):
    made = [make_task(world.programme, number) for number in range(20, 20 + count)]
    for task in made:
        make_part(task, world.units["甲局"], "lead")
        make_part(task, world.units["乙局"], "support")
    client, url = as_user("director"), reverse("bulk", args=[world.programme.pk])
    for do in ("confirm", "assign"):
        with django_assert_max_num_queries(12):
            assert client.get(url, {"do": do}).status_code == 200
        with django_assert_max_num_queries(20):
            assert client.post(url, {"do": do, "task": [task.pk for task in made]}).status_code == 302
    assert made[0].__class__.objects.filter(pk__in=[task.pk for task in made], state="active").count() == count
    part = made[0].parts.first()
    for name, pk, action in (("part_move", part.pk, "waive"), ("task_move", made[0].pk, "complete")):
        with django_assert_max_num_queries(12):
            assert client.get(reverse(name, args=[pk]), {"action": action}).status_code == 200
        with django_assert_max_num_queries(20):
            client.post(reverse(name, args=[pk]), {"action": action, "sure": "1", "reason": "理由"})
    # closing moves parts, tasks and programme; two of these are the savepoint that stands for the test's transaction
    with django_assert_max_num_queries(22):
        closing = {"action": "close", "sure": "1", "reason": "年度结束"}
        assert client.post(reverse("programme_move", args=[world.programme.pk]), closing).status_code == 302
