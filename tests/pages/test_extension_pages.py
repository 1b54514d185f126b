"""延期 on the pages: ask, sign, decide, print; sentences for what is too late or wrong; nothing typed is lost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.domain import breakdown
from programs.domain.supervision import extensions
from programs.models import Extension, Task

SENT = {"reason": "设备招标流标", "progress": "完成方案编制", "wanted_on": "2026-12-20"}


@pytest.fixture
def unit(world):
    return world.units["甲局"]


def sent(department, **more):
    return {**SENT, "unit": department.pk, **more}


def request_of(world, **more) -> Extension:
    values = {"reason": "设备招标流标", "progress": "完成方案编制", "wanted_on": date(2026, 12, 20), **more}
    return extensions.ask(
        task=world.tasks[0], department=world.units["甲局"], actor=world.actor("jia_liaison"), **values
    )


def test_from_the_tasks_page_to_the_new_date(world, as_user, unit):
    task = reverse("task", args=[world.tasks[0].pk])
    ask = reverse("ask_extension", args=[world.tasks[0].pk])
    liaison = as_user("jia_liaison")
    assert ask in liaison.get(task).content.decode()
    done = liaison.post(ask, sent(unit))
    row = Extension.objects.get()
    url, move = reverse("extension", args=[row.pk]), reverse("extension_move", args=[row.pk])
    assert (done.status_code, done.url) == (302, url)
    assert "的延期申请待定" in liaison.get(task).content.decode()
    head = as_user("jia_head")
    assert url in head.get(reverse("start")).content.decode()
    assert "设备招标流标" in head.get(url).content.decode()
    assert head.post(move, {"action": "sign", "sure": "1"}).status_code == 302
    assert url not in head.get(reverse("start")).content.decode()
    director = as_user("director")
    assert url in director.get(reverse("start")).content.decode()
    page = director.get(url).content.decode()
    assert 'value="2026-12-20"' in page and "2026年11月30日" in page
    row.refresh_from_db()
    assert director.post(url, {"granted_on": "2026-12-18", "row_version": row.row_version}).status_code == 302
    page = director.get(task).content.decode()
    assert "2026年12月18日" in page and "原定" in page and "延期1次" in page
    ledger = director.get(reverse("programme", args=[world.programme.pk])).content.decode()
    assert "延期1次" in ledger


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"progress": "  "},
        {"wanted_on": "2026-02-30"},
        {"wanted_on": "2026-11-30"},
        {"wanted_on": "2027-01-01"},
        {"reason": "长" * 501},
        {"unit": "999999"},
        {"unit": "abc"},
        {"unit": ""},
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(world, as_user, unit, wrong):
    page = as_user("jia_liaison").post(reverse("ask_extension", args=[world.tasks[0].pk]), sent(unit, **wrong))
    assert page.status_code == 422 and not Extension.objects.exists()
    assert page.context["form"].errors
    kept = "完成方案编制" if "progress" not in wrong else "设备招标流标"
    assert kept in page.content.decode()


def test_after_the_date_the_page_says_what_to_do_instead(world, as_user, unit, clock):
    clock.move_to("2026-12-01T09:00:00+08:00")
    url = reverse("ask_extension", args=[world.tasks[0].pk])
    client = as_user("jia_liaison")
    page = client.get(url).content.decode()
    assert "extension-form" not in page and "qc-alert-warn" in page
    assert client.post(url, sent(unit)).status_code == 422 and not Extension.objects.exists()


def test_a_supporting_unit_is_told_to_turn_to_the_lead(world, as_user):
    client = as_user("yi_liaison")
    url = reverse("ask_extension", args=[world.tasks[0].pk])
    assert client.get(url).status_code == 403
    assert url not in client.get(reverse("task", args=[world.tasks[0].pk])).content.decode()


def test_a_milestone_has_its_own_request(world, as_user, unit):
    milestone = breakdown.add_milestone(
        programme=world.programme, task=world.tasks[0], actor=world.actor("director"), title="完成招标",
        due_on=date(2026, 6, 30),
    )  # fmt: skip
    client = as_user("jia_liaison")
    url = reverse("ask_extension_milestone", args=[milestone.pk])
    assert url in client.get(reverse("task", args=[world.tasks[0].pk])).content.decode()
    assert client.post(url, sent(unit, wanted_on="2026-07-31")).status_code == 302
    assert Extension.objects.get().milestone == milestone


def test_the_head_returns_and_the_liaison_words_it_anew(world, as_user, unit):
    row = request_of(world)
    url = reverse("extension", args=[row.pk])
    head = as_user("jia_head")
    move = reverse("extension_move", args=[row.pk])
    refused = head.post(move, {"action": "return_by_head", "sure": "1", "reason": " "})
    assert refused.status_code == 422
    assert head.post(move, {"action": "return_by_head", "sure": "1", "reason": "写明招标时间"}).status_code == 302
    liaison = as_user("jia_liaison")
    page = liaison.get(url).content.decode()
    assert "写明招标时间" in page and "again-form" in page
    row.refresh_from_db()
    stale = liaison.post(url, sent(unit, row_version=row.row_version - 1, reason="12月10日重新招标"))
    assert stale.status_code == 422 and "12月10日重新招标" in stale.content.decode()
    good = liaison.post(url, sent(unit, row_version=row.row_version, reason="12月10日重新招标"))
    assert good.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == ("submitted", "12月10日重新招标")


@pytest.mark.parametrize("day", ["", "2026-11-30", "2027-01-04", "heute"])
def test_the_office_is_told_what_is_wrong_with_its_date(world, as_user, day):
    row = extensions.sign(request_of(world), actor=world.actor("jia_head"))
    page = as_user("director").post(
        reverse("extension", args=[row.pk]), {"granted_on": day, "row_version": row.row_version}
    )
    assert page.status_code == 422 and "granted_on" in page.context["form"].errors
    assert Task.objects.get(pk=world.tasks[0].pk).due_on == date(2026, 11, 30)


def test_who_may_not_decide_sees_no_form_and_is_refused(world, as_user):
    row = extensions.sign(request_of(world), actor=world.actor("jia_head"))
    url = reverse("extension", args=[row.pk])
    for name in ("clerk", "jia_liaison", "leader"):
        client = as_user(name)
        assert "decide-form" not in client.get(url).content.decode()
        assert client.post(url, {"granted_on": "2026-12-18", "row_version": row.row_version}).status_code == 403
    assert as_user("yi_liaison").get(url).status_code == 404


def test_the_form_is_a_pdf(world, as_user):
    row = request_of(world)
    page = as_user("jia_liaison").get(reverse("extension_form", args=[row.pk]))
    assert page["Content-Type"] == "application/pdf" and page.content.startswith(b"%PDF")


def test_the_list_filters_by_state_and_costs_the_same_for_many(world, as_user, settled):
    row = request_of(world)
    client, url = as_user("director"), reverse("extensions")
    assert list(client.get(url).context["page_obj"]) == [row]
    assert list(client.get(url, {"state": "granted"}).context["page_obj"]) == []
    assert list(client.get(url, {"state": "nonsense"}).context["page_obj"]) == [row]
    settled()
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    extensions.withdraw(row, actor=world.actor("jia_liaison"))
    for _count in range(3):
        extensions.refuse(
            extensions.sign(request_of(world), actor=world.actor("jia_head")),
            actor=world.actor("director"), reason="不同意",
        )  # fmt: skip
    settled()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(one) == len(many) <= 12
    with CaptureQueriesContext(connection) as detail:
        client.get(reverse("extension", args=[Extension.objects.latest("pk").pk]))
    assert len(detail) <= 12
