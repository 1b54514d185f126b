"""督办事项 on the start pages and in the search."""

from datetime import date

import pytest
from django.urls import reverse

from programs.domain.supervision import item_reports
from programs.models import ItemPart

from ..programs.supervision.stage import complete, file_report, hand_out, make_case, make_item
from .test_item_pages import text


def desk(as_user, who: str):
    return as_user(who).get(reverse("start"))


def test_the_liaison_signs_for_reports_and_sees_why_a_report_was_returned(as_user, world):
    item = hand_out(world)
    page = desk(as_user, "jia_liaison")
    part = ItemPart.objects.get(item=item)
    assert item.title in text(page) and f'name="part" value="{part.pk}"' in text(page)
    as_user("jia_liaison").post(reverse("items_sign_for"), {"part": part.pk})
    assert reverse("item_report_edit", args=[part.pk]) in text(desk(as_user, "jia_liaison"))
    report = file_report(world, item)
    page = desk(as_user, "jia_liaison")
    assert reverse("item_report", args=[report.pk]) in text(page)
    assert reverse("item_report_edit", args=[part.pk]) not in text(page)
    assert reverse("item_report", args=[report.pk]) in text(desk(as_user, "jia_head"))
    item_reports.send_back(report, actor=world.actor("jia_head"), by="head", reason="请补充整改数字")
    page = desk(as_user, "jia_liaison")
    assert "请补充整改数字" in text(page) and reverse("item_report_edit", args=[part.pk]) in text(page)
    assert item.title not in text(desk(as_user, "yi_liaison"))


def test_the_figures_of_the_office_lead_to_their_rows(as_user, world):
    make_item(world, title="待交办")
    item_reports.sign(file_report(world, hand_out(world)), actor=world.actor("jia_head"))
    hand_out(world, "乙局", title="未签收", given_on=date(2026, 3, 2))
    ItemPart.objects.filter(item__title="未签收").update(assigned_on=date(2026, 3, 2))
    (block,) = [block for block in desk(as_user, "clerk").context["blocks"] if "items" in block]
    counts = block["items"]
    for name, query in (
        ("registered", "state=registered"), ("review", "waiting=signed"), ("unsigned", "overdue=unsigned"),
        ("unreported", "overdue=unreported"), ("completed", "state=completed"),
    ):  # fmt: skip
        rows = as_user("clerk").get(f"{reverse('items')}?{query}").context["rows"]
        assert len(rows) == counts[name], name
    assert (counts["registered"], counts["review"], counts["unsigned"]) == (1, 1, 1)


@pytest.mark.parametrize("who", ["leader", "secretary"])
def test_a_leader_sees_where_his_instructions_stand(as_user, world, who):
    item = hand_out(world, kind="instruction", leader=world.people["leader"], title="请抓紧整改")
    hand_out(world, title="不是批示")
    page = desk(as_user, who)
    assert "请抓紧整改" in text(page) and "不是批示" not in text(page)
    complete(world, item)
    assert "已办结" in text(desk(as_user, who))


def test_a_case_stands_on_no_other_desk(as_user, world):
    make_case(world, "jia_liaison")
    for who in ("clerk", "leader", "supervisor", "auditor", "jia_head"):
        assert "制售" not in text(desk(as_user, who)), who
    blocks = desk(as_user, "clerk").context["blocks"]
    assert next(block for block in blocks if "items" in block)["items"]["registered"] == 0


def test_items_are_found_by_title_and_number_and_restricted_ones_by_nobody(as_user, world):
    item = hand_out(world)
    make_case(world, "clerk")

    def found(who: str, words: str) -> list[str]:
        page = as_user(who).get(reverse("search"), {"q": words})
        return [hit.url for group in page.context["groups"] if group.name == "item" for hit in group.hits]

    address = reverse("item", args=[item.pk])
    assert found("clerk", "省级督查") == [address] == found("jia_liaison", "督办[2026]1号")
    assert found("yi_liaison", "省级督查") == []
    assert found("director", "制售") == [] == found("clerk", "制售")
