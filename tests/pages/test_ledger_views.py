"""任务分解表: columns and length in the address, views kept under a name, and who sees and removes them."""

import re

import pytest
from django.urls import reverse

from programs.models import Programme, SavedView
from qualitycity.audit.models import Entry

from ..factories import make_task

pytestmark = pytest.mark.django_db
HEAD = re.compile(r'<th scope="col" class="qc-col-(\w+)"')


def ledger(world):
    return reverse("programme", args=[world.programme.pk])


def heads(page):
    return HEAD.findall(page.content.decode())


def keep(client, world, name="我的视图", query="?light=grey&col=lead&col=light", **more):
    return client.post(reverse("ledger_views", args=[world.programme.pk]), {"name": name, "query": query, **more})


def test_the_usual_columns_stand_without_being_asked_for(world, as_user):
    usual = ["no", "task", "unit", "support", "leader", "date", "progress", "light", "latest"]
    client = as_user("director")
    assert heads(client.get(ledger(world))) == usual
    assert heads(client.get(ledger(world), {"col": ["nothing", "x"]})) == usual


def test_columns_of_the_address_stand_in_the_order_of_the_table(world, as_user):
    page = as_user("director").get(ledger(world), {"col": ["light", "clause", "lead"]})
    assert heads(page) == ["no", "task", "short", "unit", "light"]
    text = page.content.decode()
    assert 'colspan="5"' in text and "一/(2)" in text and "市乙局" in text
    # nobody leads the second task: its units stand across what is left of the two unit columns
    assert 'class="qc-col-joint" colspan="1"' in text
    assert "qc-col-joint" not in as_user("director").get(ledger(world), {"col": "due"}).content.decode()


def test_a_partial_refresh_keeps_columns_and_length_in_the_address(world, as_user):
    headers = {"HX-Request": "true", "HX-Target": "ledger-lines"}
    asked = {"col": ["lead", "light"], "rows": "500", "nature": "ongoing", "q": ""}
    answer = as_user("leader").get(ledger(world), asked, headers=headers)
    assert answer["HX-Push-Url"] == f"{ledger(world)}?nature=ongoing&col=lead&col=light&rows=500"
    usual = {"col": ["lead", "support", "leader", "due", "progress", "light", "latest"], "rows": "100"}
    assert as_user("leader").get(ledger(world), usual, headers=headers)["HX-Push-Url"] == ledger(world)


def test_a_page_has_a_hundred_lines_or_five_hundred(world, as_user):
    for number in range(10, 120):
        make_task(world.programme, number)
    client = as_user("director")
    row = 'class="qc-task-title"'
    assert client.get(ledger(world)).content.decode().count(row) == 100
    assert client.get(ledger(world), {"page": "2"}).content.decode().count(row) == 13
    assert client.get(ledger(world), {"rows": "500"}).content.decode().count(row) == 113
    assert client.get(ledger(world), {"rows": "9999"}).content.decode().count(row) == 100


def test_a_view_is_kept_stands_above_the_ledger_and_is_removed(world, as_user):
    client = as_user("jia_liaison")
    answer = keep(client, world, query="?light=grey&col=lead&section=77&evil=<b>")
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared, view.owner) == (
        "我的视图", "?light=grey&col=lead", False, world.people["jia_liaison"],
    )  # fmt: skip
    assert answer["Location"] == f"{ledger(world)}?light=grey&col=lead#ledger"
    page = client.get(ledger(world), {"light": "grey", "col": "lead"})
    found = f'<a href="{ledger(world)}?light=grey&amp;col=lead#ledger" aria-current="true">我的视图'
    assert found in page.content.decode()
    assert 'aria-current="true">我的视图' not in client.get(ledger(world)).content.decode()
    assert client.post(reverse("ledger_view_remove", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()
    assert [entry.action for entry in Entry.objects.filter(subject_type="programs.savedview").order_by("id")] == [
        "save_view", "delete_view",
    ]  # fmt: skip


def test_the_office_shares_and_others_keep_for_themselves(world, as_user):
    keep(as_user("clerk"), world, "全体", shared="on")
    keep(as_user("leader"), world, "领导自己的", shared="on")
    assert list(SavedView.objects.order_by("pk").values_list("name", "shared")) == [("全体", True), ("领导自己的", False)]
    seen = {
        who: [view["name"] for view in as_user(who).get(ledger(world)).context["views"]]
        for who in ("clerk", "director", "leader", "jia_liaison")
    }
    assert seen == {"clerk": ["全体"], "director": ["全体"], "leader": ["全体", "领导自己的"], "jia_liaison": ["全体"]}


def test_who_removes_what(world, as_user):
    keep(as_user("clerk"), world, "全体", shared="on")
    keep(as_user("leader"), world, "领导自己的")
    shared, own = (reverse("ledger_view_remove", args=[row.pk]) for row in SavedView.objects.order_by("pk"))
    assert as_user("jia_liaison").post(shared).status_code == 403
    assert as_user("stranger").post(shared).status_code == 404
    assert as_user("director").post(own).status_code == 404
    assert as_user("director").post(shared).status_code == 302
    assert as_user("leader").post(own).status_code == 302


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_bad_name_is_told_at_the_field_and_kept(world, as_user, name):
    answer = keep(as_user("leader"), world, name)
    assert answer.status_code == 422 and not SavedView.objects.exists()
    assert 'id="view_name_error"' in answer.content.decode()
    assert 'value="?light=grey&amp;col=lead&amp;col=light"' in answer.content.decode()


def test_a_name_stands_once_per_person_and_programme(world, as_user):
    keep(as_user("leader"), world)
    answer = keep(as_user("leader"), world)
    assert answer.status_code == 422 and "已有同名视图" in answer.content.decode()
    assert keep(as_user("clerk"), world).status_code == 302
    assert SavedView.objects.count() == 2


def test_an_odd_address_is_kept_as_nothing(world, as_user):
    keep(as_user("leader"), world, query="?" + "x=%00&" * 900)
    assert SavedView.objects.get().query == ""
    assert as_user("leader").get(reverse("ledger_views", args=[world.programme.pk]), {"rows": "\x00"}).status_code == 200


def test_views_go_with_what_one_may_read(world, as_user):
    keep(as_user("clerk"), world, "全体", shared="on")
    assert as_user("district").get(reverse("ledger_views", args=[world.programme.pk])).status_code == 404
    assert keep(as_user("stranger"), world).status_code == 404
    assert Programme.objects.get().views.count() == 1
