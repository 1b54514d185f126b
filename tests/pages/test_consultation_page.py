"""征求意见 in the browser: asked, answered as a whole or task by task, answered back, closed."""

from datetime import date

import pytest
from django.urls import reverse

from programs.domain import consultation as domain
from programs.models import Consultation, ConsultationReply, Programme, Section
from qualitycity.outbox.models import InboxItem
from tests.factories import make_part, make_task


@pytest.fixture
def draft(world):
    """A draft programme: tasks 1–3 with units, 4 without."""
    programme = Programme.objects.create(
        key="shili-2027", jurisdiction=world.city, title="年度计划（2027年）", short_title="计划2027", year=2027,
        starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
    )  # fmt: skip
    Section.objects.create(programme=programme, path="一", number="一", title="强化监管", sort=1)
    tasks = [make_task(programme, number, due_on=date(2027, 11, 30)) for number in range(1, 5)]
    for task in tasks[:3]:
        make_part(task, world.units["甲局"], "lead")
    make_part(tasks[1], world.units["乙局"], "support")
    return programme


@pytest.fixture
def round_(world, draft):
    return domain.open_round(draft, actor=world.actor("clerk"), due_on=date(2026, 4, 10), note="请核对时限")


def page(round_):
    return reverse("consultation", args=[round_.pk])


def answer(world, unit, stance, text="", **wishes):
    pk = world.units[unit].pk
    data = {"department": pk, f"unit{pk}-stance": stance, f"unit{pk}-text": text}
    return data | {f"unit{pk}-{name}": wish for name, wish in wishes.items()}


def test_opening_asks_every_unit_once(world, as_user, draft):
    client = as_user("clerk")
    url = reverse("consultation_open", args=[draft.pk])
    html = client.get(url).content.decode()
    assert "市甲局" in html and "(4)任务4" in html
    past = client.post(url, {"due_on": "2026-03-01"})
    assert past.status_code == 422 and list(past.context["form"].errors) == ["due_on"]
    done = client.post(url, {"due_on": "2026-04-10", "note": "请核对时限"})
    opened = Consultation.objects.get()
    assert done.status_code == 302 and done.url == page(opened)
    assert InboxItem.objects.filter(recipient=world.people["jia_liaison"], kind="consulted").count() == 1
    assert set(draft.tasks.values_list("number", "state")) == {
        ("(1)", "consulting"), ("(2)", "consulting"), ("(3)", "consulting"), ("(4)", "draft"),
    }  # fmt: skip
    assert client.get(url).url == page(opened), "one round at a time"


def test_a_unit_sees_its_own_tasks_and_agrees_in_one_click(world, as_user, round_):
    client = as_user("yi_liaison")
    html = client.get(page(round_)).content.decode()
    assert "(2)任务2" in html and "(1)任务1" not in html and "请核对时限" in html
    assert client.post(page(round_), answer(world, "乙局", "agree")).status_code == 302
    reply = ConsultationReply.objects.get()
    assert (reply.task, reply.stance, str(reply.department)) == (None, "agree", "市乙局")


def test_wishes_at_single_tasks(world, as_user, round_, draft):
    client, task = as_user("jia_liaison"), draft.tasks.get(number="(1)")
    sent = client.post(page(round_), answer(world, "甲局", "change", **{f"task-{task.pk}": "时限改为12月15日"}))
    assert sent.status_code == 302
    assert {(row.task_id, row.stance) for row in ConsultationReply.objects.all()} == {
        (None, "agree"), (task.pk, "change"),
    }  # fmt: skip
    taken_back = client.post(page(round_), answer(world, "甲局", "agree"))
    assert taken_back.status_code == 302
    assert set(ConsultationReply.objects.values_list("stance", flat=True)) == {"agree"}


@pytest.mark.parametrize(
    ("stance", "text", "field"), [("", "", "stance"), ("change", " ", "text"), ("agree", "改时限", "stance")]
)
def test_half_an_answer_is_asked_back(stance, text, field, world, as_user, round_):
    refused = as_user("jia_liaison").post(page(round_), answer(world, "甲局", stance, text))
    form = refused.context["forms"][0]
    assert refused.status_code == 422 and list(form.errors) == [field]
    assert text.strip() in refused.content.decode()
    assert not ConsultationReply.objects.exists()


def test_too_long_a_wish_is_refused_not_cut(world, as_user, round_, draft):
    task = draft.tasks.get(number="(1)")
    long = answer(world, "甲局", "change", **{f"task-{task.pk}": "长" * 501})
    assert as_user("jia_liaison").post(page(round_), long).status_code == 422
    assert not ConsultationReply.objects.exists()


def test_another_units_answer_is_not_given(world, as_user, round_):
    assert as_user("yi_liaison").post(page(round_), answer(world, "甲局", "agree")).status_code == 404
    assert not ConsultationReply.objects.exists()


def test_the_office_answers_back_and_closes(world, as_user, round_, draft):
    task = draft.tasks.get(number="(1)")
    domain.reply(
        round_, actor=world.actor("jia_liaison"), department=world.units["甲局"],
        answers={None: domain.Answer("agree"), task.pk: domain.Answer("change", "时限改为12月15日")},
    )  # fmt: skip
    client = as_user("clerk")
    html = client.get(page(round_)).content.decode()
    assert "时限改为12月15日" in html
    wish = ConsultationReply.objects.get(stance="change")
    early = client.post(page(round_), {"do": "close"})
    assert early.status_code == 422 and "qc-alert-bad" in early.content.decode()
    assert client.post(page(round_), {"do": "answer", f"answer-{wish.pk}": "采纳。"}).status_code == 302
    asked = client.get(page(round_), {"do": "close"}).content.decode()
    assert "qc-confirm-object" in asked and draft.title in asked
    assert client.post(page(round_), {"do": "close"}).status_code == 302
    assert set(draft.tasks.filter(number__in=["(1)", "(2)", "(3)"]).values_list("state", flat=True)) == {"confirmed"}
    seen = as_user("jia_liaison").get(page(round_)).content.decode()
    assert "采纳。" in seen and 'type="submit">' not in seen[seen.index("reply-") : seen.index("</main>")]
    assert as_user("jia_liaison").post(page(round_), answer(world, "甲局", "agree")).status_code == 422


def test_who_sees_the_round(world, as_user, round_):
    for who, status in (("leader", 200), ("auditor", 200), ("bing_liaison", 404), ("stranger", 404)):
        assert as_user(who).get(page(round_)).status_code == status
    assert as_user("leader").post(page(round_), {"do": "close"}).status_code == 403
    assert as_user("jia_liaison").get(reverse("consultation_open", args=[round_.programme_id])).status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_pages_of_a_round_cost_the_same(count, world, as_user, draft, django_assert_max_num_queries):
    tasks = [make_task(draft, number) for number in range(10, 10 + count)]
    for task in tasks:
        make_part(task, world.units["甲局"], "lead")
    client = as_user("clerk")
    with django_assert_max_num_queries(12):
        client.get(reverse("consultation_open", args=[draft.pk]))
    with django_assert_max_num_queries(20):
        client.post(reverse("consultation_open", args=[draft.pk]), {"due_on": "2026-04-10"})
    round_ = Consultation.objects.get()
    wishes = {f"task-{task.pk}": "请改时限" for task in tasks}
    unit = as_user("jia_liaison")
    with django_assert_max_num_queries(12):
        assert unit.get(page(round_)).status_code == 200
    with django_assert_max_num_queries(20):
        assert unit.post(page(round_), answer(world, "甲局", "change", **wishes)).status_code == 302
    assert ConsultationReply.objects.filter(stance="change").count() == count
    client = as_user("clerk")
    with django_assert_max_num_queries(12):
        assert client.get(page(round_)).status_code == 200
    asked_for = ConsultationReply.objects.filter(stance="change").values_list("pk", flat=True)
    data = {f"answer-{pk}": "采纳。" for pk in asked_for}
    with django_assert_max_num_queries(20):
        assert client.post(page(round_), {"do": "answer", **data}).status_code == 302
    with django_assert_max_num_queries(20):
        assert client.post(page(round_), {"do": "close"}).status_code == 302
