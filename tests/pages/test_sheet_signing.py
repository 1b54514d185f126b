"""签收, 审签, 退回 line by line, 撤回审签."""

import pytest
from django.db import connection
from django.urls import reverse

from programs.models import ProgressEntry, Responsibility
from qualitycity.outbox.models import InboxItem

from .sheets import Statements, fields_of, filled, keys_of, sheet_url, widen

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return sorted(ProgressEntry.objects.values_list("state", flat=True))


def parts_of(world, unit: str) -> list[int]:
    return list(Responsibility.objects.filter(department=world.units[unit]).values_list("pk", flat=True))


def test_many_tasks_are_signed_for_at_once_and_one_returns_where_he_was(as_user, world):
    client = as_user("jia_liaison")
    answer = client.post(reverse("sign_for"), {"part": parts_of(world, "甲局"), "next": sheet_url(world, "甲局")})
    assert answer.url == sheet_url(world, "甲局")
    assert set(Responsibility.objects.filter(department=world.units["甲局"]).values_list("state", flat=True)) == {
        "signed_for"
    }
    again = client.post(reverse("sign_for"), {"part": parts_of(world, "甲局"), "next": "https://elsewhere.example/"})
    assert again.url == reverse("sheets")


@pytest.mark.parametrize("part", ["", "abc", "999999", "9" * 40])
def test_a_forged_part_is_not_there(as_user, world, part):
    assert as_user("jia_liaison").post(reverse("sign_for"), {"part": part}).status_code == 404


def test_another_units_part_is_refused(as_user, world):
    assert as_user("jia_liaison").post(reverse("sign_for"), {"part": parts_of(world, "丙局")}).status_code == 404
    # one sees the other units of a shared task, and still does not sign for them
    shared = Responsibility.objects.get(task=world.tasks[1], department=world.units["乙局"])
    assert as_user("jia_liaison").post(reverse("sign_for"), {"part": shared.pk}).status_code == 403
    assert as_user("clerk").post(reverse("sign_for"), {"part": shared.pk}).status_code == 403


def test_the_head_signs_what_he_ticked_and_the_office_is_told_once(as_user, world):
    widen(world, 0, 1)
    liaison = as_user("jia_liaison")
    liaison.post(sheet_url(world, "甲局"), {**filled(liaison.get(sheet_url(world, "甲局"))), "do": "submit"})
    client = as_user("jia_head")
    page = client.get(sheet_url(world, "甲局", "sign_off"))
    keys = keys_of(page)
    assert [row["view"].key for row in page.context["rows"]] == keys
    posted = {**fields_of(page), "line": [keys[0], keys[2]], "do": "sign"}
    assert client.post(sheet_url(world, "甲局", "sign_off"), posted).status_code == 302
    rows = {line.key: line.row for line in client.get(sheet_url(world, "甲局")).context["sheet"].lines}
    assert [rows[key].state for key in keys] == ["signed", "submitted", "signed"]
    assert rows[keys[0]].sign_mode == "electronic" and rows[keys[0]].signed_by == world.people["jia_head"]
    told = InboxItem.objects.filter(recipient=world.people["clerk"], kind="review")
    assert [item.title for item in told] == ["市甲局2026年第一季度有2项进展待审核"]


def test_nothing_ticked_is_told(as_user, world):
    world.file("jia_liaison", "甲局")
    client = as_user("jia_head")
    answer = client.post(sheet_url(world, "甲局", "sign_off"), {"do": "sign"})
    assert answer.status_code == 422 and states() == ["submitted", "submitted"]
    assert client.post(sheet_url(world, "甲局", "sign_off"), {"do": "sign", "line": "task-0"}).status_code == 404


def test_a_line_that_changed_after_it_was_read_holds_all_of_them(as_user, world):
    world.file("jia_liaison", "甲局")
    client = as_user("jia_head")
    page = client.get(sheet_url(world, "甲局", "sign_off"))
    keys = keys_of(page)
    liaison = as_user("jia_liaison")
    liaison.post(sheet_url(world, "甲局", "sheet_withdraw"), {"key": keys[1]})
    changed = filled(liaison.get(sheet_url(world, "甲局")), progress="改过的内容")
    liaison.post(sheet_url(world, "甲局"), {**changed, "do": "submit"})
    posted = {**fields_of(page), "line": keys, "do": "sign"}
    answer = as_user("jia_head").post(sheet_url(world, "甲局", "sign_off"), posted)
    assert answer.status_code == 422 and states() == ["submitted", "submitted"]
    rows = answer.context["rows"]
    assert [(row["ticked"], row["about"]) for row in rows] == [(True, False), (True, True)]
    assert "改过的内容" in answer.content.decode()


def test_a_line_is_returned_with_a_reason_and_the_liaison_reads_it_in_full(as_user, world):
    world.file("jia_liaison", "甲局")
    client = as_user("jia_head")
    key = keys_of(client.get(sheet_url(world, "甲局", "sign_off")))[0]
    answer = client.post(sheet_url(world, "甲局", "sign_off"), {"return": key, f"{key}-reason": "  "})
    assert answer.status_code == 422 and answer.context["rows"][0]["wrong"] and states() == ["submitted", "submitted"]
    reason = "请补充抽检批次，" * 20
    client.post(sheet_url(world, "甲局", "sign_off"), {"return": key, f"{key}-reason": reason})
    assert states() == ["returned", "submitted"]
    page = as_user("jia_liaison").get(sheet_url(world, "甲局"))
    assert reason in page.content.decode() and f"{key}-progress" in fields_of(page)
    assert page.context["steps"][0]["state"] == "returned"


def test_a_signature_is_taken_back_until_the_office_has_acted(as_user, world):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    client = as_user("jia_head")
    page = client.get(sheet_url(world, "甲局", "sign_off"))
    keys = [view.key for view in page.context["signed"]]
    client.post(sheet_url(world, "甲局", "sign_off"), {"signed": keys[:1], "do": "unsign"})
    assert states() == ["signed", "submitted"]
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    answer = client.post(sheet_url(world, "甲局", "sign_off"), {"signed": keys, "do": "unsign"})
    assert answer.status_code == 422 and states() == ["accepted", "accepted"]


def test_only_the_head_opens_the_page(as_user, world):
    world.file("jia_liaison", "甲局")
    for name, status in (("jia_liaison", 403), ("clerk", 403), ("yi_head", 404), ("leader", 404)):
        assert as_user(name).get(sheet_url(world, "甲局", "sign_off")).status_code == status


def test_signing_a_long_sheet_takes_few_queries(as_user, world):
    widen(world, 19, 5)
    liaison = as_user("jia_liaison")
    liaison.post(sheet_url(world, "甲局"), {**filled(liaison.get(sheet_url(world, "甲局"))), "do": "submit"})
    client, address = as_user("jia_head"), sheet_url(world, "甲局", "sign_off")
    with Statements(connection) as asked:
        page = client.get(address)
    assert len(asked.counted) <= 12
    posted = {**fields_of(page), "line": keys_of(page), "do": "sign"}
    with Statements(connection) as asked:
        assert client.post(address, posted).status_code == 302
    assert len(asked.counted) <= 20, "\n".join(text[:160] for text in asked.counted)
    with Statements(connection) as asked:
        # a double click
        assert client.post(address, posted).status_code == 302
    assert len(asked.counted) <= 20
