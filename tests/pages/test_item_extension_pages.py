"""延期 of supervised items on the pages: from the item's page over head and office to the new date, and the lists."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.domain.supervision import extensions, items
from programs.models import Extension, SupervisedItem

from ..programs.supervision.stage import hand_out, make_case, name_units, part_of
from .test_item_pages import text

SENT = {"reason": "第三方检测尚未完成", "progress": "已完成现场检查", "wanted_on": "2026-05-20"}


def sent(world, name="甲局", **more):
    return {**SENT, "unit": world.units[name].pk, **more}


def request_of(world, item, **more) -> Extension:
    values = {**SENT, "wanted_on": date(2026, 5, 20), **more}
    return extensions.ask_for_item(part=part_of(world, item), actor=world.actor("jia_liaison"), **values)


def test_from_the_items_page_to_the_new_date(world, as_user):
    item = hand_out(world, "甲局", "乙局")
    page, ask = reverse("item", args=[item.pk]), reverse("ask_extension_item", args=[item.pk])
    liaison = as_user("jia_liaison")
    assert ask in text(liaison.get(page))
    form = text(liaison.get(ask))
    assert item.number in form and "2026年4月30日" in form
    done = liaison.post(ask, sent(world))
    row = Extension.objects.get()
    url, move = reverse("extension", args=[row.pk]), reverse("extension_move", args=[row.pk])
    assert (done.status_code, done.url) == (302, url)
    seen = text(liaison.get(page))
    assert "的延期申请待定" in seen and ask not in seen
    head = as_user("jia_head")
    assert url in text(head.get(reverse("start"))) and item.title in text(head.get(reverse("start")))
    assert "第三方检测尚未完成" in text(head.get(url)) and page in text(head.get(url))
    assert head.post(move, {"action": "sign", "sure": "1"}).status_code == 302
    director = as_user("director")
    assert url in text(director.get(reverse("start")))
    listed = text(director.get(reverse("extensions")))
    assert url in listed and item.title in listed and item.number in listed
    row.refresh_from_db()
    assert director.post(url, {"granted_on": "2026-05-15", "row_version": row.row_version}).status_code == 302
    for who in ("jia_liaison", "director", "yi_liaison"):
        seen = text(as_user(who).get(page))
        assert "2026年5月15日" in seen and "原定2026年4月30日" in seen and "延期1次" in seen, who
        assert (url in seen) == (who != "yi_liaison")
        assert "延期1次" in text(as_user(who).get(reverse("items"))), who
    titles = [event.title for event in director.get(page).context["events"]]
    assert titles[:2] == ["办理时限延长", "申请延期"]
    csv = b"".join(director.get(reverse("items_csv")).streaming_content).decode()
    assert "延期次数" in csv


def test_the_form_is_a_pdf(world, as_user):
    row = request_of(world, hand_out(world))
    page = as_user("jia_liaison").get(reverse("extension_form", args=[row.pk]))
    assert page["Content-Type"] == "application/pdf" and page.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"progress": "  "},
        {"wanted_on": "2026-02-30"},
        {"wanted_on": "2026-04-30"},
        {"reason": "长" * 501},
        {"unit": "999999"},
        {"unit": ""},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, as_user, wrong):
    item = hand_out(world)
    page = as_user("jia_liaison").post(reverse("ask_extension_item", args=[item.pk]), sent(world, **wrong))
    assert page.status_code == 422 and not Extension.objects.exists() and page.context["form"].errors
    assert ("已完成现场检查" if "progress" not in wrong else "第三方检测") in text(page)


def test_after_the_date_the_page_says_what_to_do_instead(world, as_user, clock):
    item = hand_out(world)
    clock.move_to("2026-05-06T09:00:00+08:00")
    client, url = as_user("jia_liaison"), reverse("ask_extension_item", args=[item.pk])
    page = text(client.get(url))
    assert "extension-form" not in page and "qc-alert-warn" in page
    assert client.post(url, sent(world)).status_code == 422 and not Extension.objects.exists()


def test_of_an_item_that_is_suspended_nothing_is_asked(world, as_user):
    item = hand_out(world)
    items.suspend(item, actor=world.actor("director"), reason="等待上级意见")
    client, url = as_user("jia_liaison"), reverse("ask_extension_item", args=[item.pk])
    assert url not in text(client.get(reverse("item", args=[item.pk])))
    assert "中止" in text(client.get(url)) and client.post(url, sent(world)).status_code == 422
    assert not Extension.objects.exists()


def test_an_assisting_unit_is_told_to_turn_to_the_handling_one(world, as_user):
    item = hand_out(world, "甲局", "乙局")
    client, url = as_user("yi_liaison"), reverse("ask_extension_item", args=[item.pk])
    assert client.get(url).status_code == 403 and url not in text(client.get(reverse("item", args=[item.pk])))


def test_the_office_chooses_for_which_handling_unit_it_asks(world, as_user):
    item = hand_out(world, "甲局", "+乙局")
    client, url = as_user("clerk"), reverse("ask_extension_item", args=[item.pk])
    assert client.get(url).content.count(b"<option value=") >= 2
    assert client.post(url, sent(world, "乙局")).status_code == 302
    row = Extension.objects.get()
    assert row.on_behalf and row.department == world.units["乙局"]


def test_a_case_is_asked_for_by_named_people_on_pages_nobody_else_finds(world, as_user):
    case = make_case(world, "jia_liaison", "jia_head")
    name_units(world, case, "甲局", who="director")
    items.assign(case, actor=world.actor("director"))
    ask = reverse("ask_extension_item", args=[case.pk])
    assert as_user("clerk").get(ask).status_code == 404
    assert as_user("jia_liaison").post(ask, sent(world)).status_code == 302
    extensions.sign(Extension.objects.get(), actor=world.actor("jia_head"))
    url = reverse("extension", args=[Extension.objects.get().pk])
    for who in ("clerk", "leader", "supervisor", "auditor", "yi_liaison"):
        client = as_user(who)
        assert client.get(url).status_code == 404, who
        assert url not in text(client.get(reverse("extensions"))) + text(client.get(reverse("start"))), who
    assert "制售" in text(as_user("director").get(url))
    desk = text(as_user("director").get(reverse("start")))
    assert url in desk and "制售" not in desk


def test_few_and_many_cost_the_same(world, as_user, settled):
    def cost() -> list[int]:
        found = []
        for who, url in pages:
            client = as_user(who)
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    item = hand_out(world)
    row = request_of(world, item)
    pages = [
        (who, url)
        for who in ("director", "jia_liaison", "jia_head")
        for url in (reverse("extensions"), reverse("extension", args=[row.pk]), reverse("item", args=[item.pk]))
    ]
    pages += [("jia_liaison", reverse("ask_extension_item", args=[item.pk]))]
    settled()
    few = cost()
    assert max(few) <= 12, list(zip(pages, few, strict=True))
    for n in range(12):
        request_of(world, hand_out(world, title=f"事项{n}"))
    settled()
    assert cost() == few and SupervisedItem.objects.count() == 13
