"""Saving while typing: the answers the script of the page lives on."""

import pytest

from programs.domain import programmes
from programs.models import ProgressEntry

from .sheets import fields_of, filled, keys_of, sheet_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(as_user, world):
    """The liaison's browser with the sheet open: (client, typed fields, keys of the two lines)."""
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    return client, fields_of(page), keys_of(page)


def save(client, world, typed):
    return client.post(sheet_url(world, "甲局", "sheet_autosave"), typed)


def test_only_lines_that_were_typed_into_become_drafts(world, desk):
    client, typed, (first, second) = desk
    assert save(client, world, typed).json()["versions"] == {}
    answer = save(client, world, {**typed, f"{second}-progress": "写了一半"})
    body = answer.json()
    assert body["ok"] and body["versions"][f"{second}-version"] == 1 and f"{first}-version" not in body["versions"]
    assert [row.progress for row in ProgressEntry.objects.all()] == ["写了一半"]


def test_typing_goes_on_with_the_versions_of_the_answer(world, desk):
    client, typed, (first, _second) = desk
    typed |= {f"{first}-progress": "一"}
    typed |= {name: str(value) for name, value in save(client, world, typed).json()["versions"].items()}
    assert save(client, world, typed).json()["versions"] == {}
    typed |= {f"{first}-progress": "一二"}
    assert save(client, world, typed).json()["versions"][f"{first}-version"] == 2
    assert ProgressEntry.objects.get().progress == "一二"


def test_two_people_on_two_lines_of_one_sheet_do_not_disturb_each_other(world, desk):
    client, typed, (first, second) = desk
    assert save(client, world, {**typed, f"{first}-progress": "甲写的"}).status_code == 200
    assert save(client, world, {**typed, f"{second}-progress": "乙写的"}).status_code == 200
    assert set(ProgressEntry.objects.values_list("progress", flat=True)) == {"甲写的", "乙写的"}


def test_the_second_on_one_line_is_told_and_his_other_lines_are_saved(world, desk):
    client, typed, (first, second) = desk
    save(client, world, {**typed, f"{first}-progress": "先到"})
    answer = save(client, world, {**typed, f"{first}-progress": "后到", f"{second}-progress": "另一项"})
    body = answer.json()
    assert answer.status_code == 409 and body["final"] and "任务1" in body["message"]
    assert body["versions"][f"{second}-version"] == 1
    assert set(ProgressEntry.objects.values_list("progress", flat=True)) == {"先到", "另一项"}


def test_a_figure_that_cannot_be_read_holds_its_own_line_alone(world, desk):
    client, typed, (first, second) = desk
    answer = save(client, world, {**typed, f"{first}-percent": "abc", f"{second}-progress": "另一项"})
    body = answer.json()
    assert answer.status_code == 422 and list(body["errors"]) == [f"{first}-percent"] and "final" not in body
    assert body["message"] == body["errors"][f"{first}-percent"]
    assert [row.progress for row in ProgressEntry.objects.all()] == ["另一项"]


def test_a_closed_period_and_a_missing_right_stop_the_saving(as_user, world, desk, clock):
    client, typed, (first, _second) = desk
    typed |= {f"{first}-progress": "内容"}
    assert save(as_user("jia_head"), world, typed).status_code == 403
    window = world.window
    clock.move_to("2026-04-20T10:00:00+08:00")
    programmes.lock_window(window, actor=world.actor("director"), reason="已汇总上报")
    answer = as_user("jia_liaison").post(sheet_url(world, "甲局", "sheet_autosave", window=window), typed)
    assert answer.status_code == 409 and answer.json()["final"]
    assert not ProgressEntry.objects.exists()


def test_a_signed_out_person_is_sent_to_the_login_and_comes_back_to_the_sheet(world, desk):
    client, typed, _keys = desk
    client.logout()
    answer = save(client, world, typed)
    assert answer.status_code == 302 and "/login/" in answer.url
    client.force_login(world.people["jia_liaison"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(sheet_url(world, "甲局", "sheet_autosave")).url == sheet_url(world, "甲局")


def test_what_was_saved_while_typing_is_what_is_submitted(world, desk):
    client, _typed, _keys = desk
    page = client.get(sheet_url(world, "甲局"))
    typed = filled(page)
    typed |= {name: str(value) for name, value in save(client, world, typed).json()["versions"].items()}
    assert client.post(sheet_url(world, "甲局"), {**typed, "do": "submit"}).status_code == 302
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"submitted"}
