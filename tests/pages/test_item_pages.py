"""督办事项 on its pages: registered, handed out, signed for, reported, accepted, completed and struck off by clicks."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.domain import remarks
from programs.domain.supervision import item_parts, item_reports
from programs.models import ItemFile, ItemPart, ItemReport, SupervisedItem
from qualitycity.audit.models import Entry

from ..files.builders import pdf
from ..programs.supervision.stage import (
    complete,
    file_report,
    hand_out,
    make_case,
    make_item,
    part_of,
)

LIMIT = 12


def text(answer) -> str:
    return answer.content.decode()


def units_posted(*lines: tuple[int | str, str], do: str = "save") -> dict[str, str]:
    posted = {"units-TOTAL_FORMS": str(len(lines)), "units-INITIAL_FORMS": "0", "do": do}
    for n, (unit, role) in enumerate(lines):
        posted |= {f"units-{n}-unit": str(unit), f"units-{n}-role": role}
    return posted


# --- registering -----------------------------------------------------------------------------------


def test_the_kind_is_chosen_first_and_only_its_fields_are_there(as_user, world):
    client = as_user("clerk")
    chooser = client.get(reverse("item_new"))
    assert chooser.content.count(b"?kind=") == 4
    case = client.get(reverse("item_new") + "?kind=case").context["form"].fields
    instruction = client.get(reverse("item_new") + "?kind=instruction").context["form"].fields
    assert "case_number" in case and "leader" not in case and "restricted" not in case
    assert "leader" in instruction and "case_number" not in instruction
    own = as_user("leader").get(reverse("item_new"))
    assert own.status_code == 200 and "leader" not in own.context["form"].fields


def test_the_office_registers_names_units_and_hands_out(as_user, world):
    client = as_user("director")
    posted = {"title": "落实督查整改", "given_on": "2026-03-20", "urgency": "normal", "jurisdiction": world.city.pk}
    answer = client.post(reverse("item_new") + "?kind=superior", posted)
    item = SupervisedItem.objects.get()
    assert answer["Location"] == reverse("item_units", args=[item.pk])
    url = reverse("item_units", args=[item.pk])
    jia, yi = world.units["甲局"].pk, world.units["乙局"].pk
    more = client.post(url, units_posted((jia, "lead"), do="more"))
    assert more.status_code == 200 and more.content.count(b'-unit"') >= 4 and item.parts.count() == 0
    answer = client.post(url, units_posted((jia, "lead"), (yi, "support"), ("", "lead"), do="hand_out"))
    assert answer["Location"] == reverse("item", args=[item.pk])
    item.refresh_from_db()
    assert item.state == "assigned" and item.parts.count() == 2
    # pressed twice
    assert client.post(url, units_posted((jia, "lead"), do="hand_out")).status_code in (302, 422)
    assert item.parts.count() == 2


def test_the_first_line_for_a_unit_is_the_handling_one_the_others_assist(as_user, world):
    page = as_user("director").get(reverse("item_units", args=[make_item(world).pk]))
    assert [form["role"].value() for form in page.context["forms"]] == ["lead", "support", "support"]


def test_the_day_of_a_step_is_the_day_here_in_the_language_of_the_page(as_user, world):
    item = make_item(world)
    # half past one at night in the city
    SupervisedItem.objects.filter(pk=item.pk).update(recorded_at="2026-03-26T17:30:00Z")
    client = as_user("director")
    stages = client.get(reverse("item", args=[item.pk]))
    assert "<span>3月27日</span>" in text(stages)
    client.cookies["django_language"] = "en"
    assert "<span>Mar 27</span>" in text(client.get(reverse("item", args=[item.pk])))


def test_a_secretary_records_an_instruction_with_its_scanned_page(as_user, world):
    client = as_user("secretary")
    posted = {
        "title": "请抓紧研究", "content": "请甲局牵头", "given_on": "2026-03-26", "urgency": "urgent",
        "jurisdiction": world.city.pk, "files": SimpleUploadedFile("批示件.pdf", pdf()),
    }  # fmt: skip
    answer = client.post(reverse("item_new"), posted)
    item = SupervisedItem.objects.get()
    assert answer["Location"] == reverse("item", args=[item.pk])
    assert (item.leader, item.by_secretary, item.due_on) == (world.people["leader"], True, date(2026, 4, 2))
    stored = ItemFile.objects.get().file
    assert client.get(reverse("file", args=[stored.public_id])).status_code == 200
    assert as_user("jia_liaison").get(reverse("file", args=[stored.public_id])).status_code == 404


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("superior", {"title": ""}, "title"),
        ("superior", {"given_on": "2026-03-27"}, "given_on"),
        ("superior", {"given_on": "昨天"}, "given_on"),
        ("superior", {"due_on": "2026-03-01"}, "due_on"),
        ("superior", {"urgency": "x"}, "urgency"),
        ("instruction", {"leader": "", "leader_label": ""}, "leader"),
        ("instruction", {"leader_label": "省长"}, "leader_label"),
        ("instruction", {"leader": "999999"}, "leader"),
        ("case", {"case_number": ""}, "case_number"),
        ("case", {"due_on": ""}, "due_on"),
        ("case", {"to_police": "on"}, "to_police_on"),
        ("case", {"named": ["999999"]}, "named"),
        ("superior", {"files": "virus"}, "files"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(as_user, world, kind, wrong, field):
    posted = {
        "title": "落实整改", "content": "写了很多", "given_on": "2026-03-20", "urgency": "normal", "due_on": "2026-05-20",
        "jurisdiction": world.city.pk, "leader": world.people["leader"].pk, "case_number": "1号", **wrong,
    }  # fmt: skip
    if posted.get("files"):
        posted["files"] = SimpleUploadedFile("a.exe", b"MZ")
    answer = as_user("director").post(reverse("item_new") + f"?kind={kind}", posted)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert "写了很多" in text(answer) and SupervisedItem.objects.count() == 0


def test_nobody_else_finds_the_form(as_user, world):
    for who in ("jia_liaison", "jia_head", "supervisor", "auditor", "sysadmin", "stranger"):
        assert as_user(who).get(reverse("item_new")).status_code == 403


def test_a_remark_is_registered_from_its_page_in_one_click(as_user, world):
    remark = remarks.remark(
        programme=world.programme, task=world.tasks[0], actor=world.actor("leader"), text="请月底前报方案"
    )
    page = as_user("clerk").get(reverse("task", args=[world.tasks[0].pk]))
    assert reverse("remark_item", args=[remark.pk]) in text(page)
    answer = as_user("clerk").post(reverse("remark_item", args=[remark.pk]))
    item = SupervisedItem.objects.get()
    assert answer["Location"] == reverse("item_units", args=[item.pk])
    page = as_user("clerk").get(reverse("task", args=[world.tasks[0].pk]))
    assert reverse("item", args=[item.pk]) in text(page) and reverse("remark_item", args=[remark.pk]) not in text(page)


def test_before_it_goes_out_it_is_put_right(as_user, world):
    item = make_item(world)
    client, url = as_user("clerk"), reverse("item_edit", args=[item.pk])
    posted = {"title": "改好的标题", "given_on": "2026-03-20", "urgency": "hard", "due_on": "2026-05-29", "version": "1"}
    assert client.post(url, {**posted, "due_on": "2026-01-01"}).status_code == 422
    assert client.post(url, posted).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.original_due) == ("改好的标题", date(2026, 5, 29))
    late = client.post(url, {**posted, "title": "慢了一步"})
    assert late.status_code == 422 and "慢了一步" in text(late)


# --- list and item ---------------------------------------------------------------------------------


@pytest.fixture
def several(world):
    """Overdue, near the limit, to be reviewed, registered, completed, and a case of the director's."""
    hand_out(world, title="未签收的事项", given_on=date(2026, 3, 2))
    ItemPart.objects.update(assigned_on=date(2026, 3, 2))
    late = hand_out(world, "乙局", title="未反馈的事项", given_on=date(2026, 3, 2), due_on=date(2026, 3, 20))
    item_parts.sign_for([part_of(world, late, "乙局")], actor=world.actor("yi_liaison"))
    near = hand_out(world, title="临期的事项", due_on=date(2026, 3, 31))
    item_parts.sign_for([part_of(world, near)], actor=world.actor("jia_liaison"))
    review = hand_out(world, title="待审核的事项")
    item_reports.sign(file_report(world, review), actor=world.actor("jia_head"))
    make_item(world, title="待交办的事项")
    complete(world, hand_out(world, title="办结的事项"))
    make_case(world, title="限阅案件")
    return world


def rows_of(client, query: str = "") -> list[str]:
    return [row.item.title for row in client.get(reverse("items") + query).context["rows"]]


def test_every_tile_leads_to_exactly_its_rows(as_user, several):
    for who in ("director", "clerk", "leader", "jia_liaison", "yi_head"):
        client = as_user(who)
        tiles = client.get(reverse("items")).context["tiles"]
        assert len(tiles) >= 5
        for tile in tiles:
            assert len(client.get(tile["url"]).context["rows"]) == tile["figure"], (who, tile)
    tiles = {tile["label"]: tile["figure"] for tile in as_user("clerk").get(reverse("items")).context["tiles"]}
    assert list(tiles.values()) == [4, 1, 1, 1, 1, 1, 1]


def test_filters_stand_in_the_address(as_user, several):
    client = as_user("clerk")
    assert rows_of(client, "?overdue=unsigned") == ["未签收的事项"]
    assert rows_of(client, "?overdue=unreported") == ["未反馈的事项"]
    assert rows_of(client, "?light=amber") == ["临期的事项"]
    assert rows_of(client, "?waiting=signed") == ["待审核的事项"]
    assert rows_of(client, "?state=registered") == ["待交办的事项"]
    assert rows_of(client, f"?unit={several.units['乙局'].pk}") == ["未反馈的事项"]
    assert rows_of(client, "?q=临期&kind=superior") == ["临期的事项"]
    assert len(rows_of(client, "?unit=x&light=purple&overdue=1&kind=%00&page=99")) == 6
    assert "限阅案件" not in text(client.get(reverse("items")))
    assert "限阅案件" in text(as_user("director").get(reverse("items")))
    assert rows_of(as_user("yi_liaison"), "?mine=1") == ["未反馈的事项"]


def test_the_list_leaves_as_csv_and_excel_without_restricted_items(as_user, several):
    item = make_item(several, "director", title="=cmd|'/c calc'!A1")
    for name in ("items_csv", "items_xlsx"):
        answer = as_user("director").get(reverse(name) + "?state=registered")
        content = b"".join(answer.streaming_content)
        assert answer.status_code == 200 and len(content) > 100
        if name == "items_csv":
            said = content.decode()
            assert "待交办的事项" in said and "限阅案件" not in said and f"'{item.title}" in said
    entry = Entry.objects.filter(action="export_items").last()
    assert entry.after["lines"] == 2 and entry.after["filters"] == ["状态：已立项"]


def test_few_and_many_rows_cost_the_same_queries(as_user, world, settled):
    def cost(who: str, url: str) -> int:
        client = as_user(who)
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    def grow(first: int, last: int) -> SupervisedItem:
        for n in range(first, last):
            item = hand_out(world, "甲局", "乙局", title=f"事项{n}")
            file_report(world, item)
        return item

    item = grow(0, 3)
    settled()
    pages = [(who, reverse("items")) for who in ("clerk", "jia_liaison", "leader")]
    pages += [(who, reverse("item", args=[item.pk])) for who in ("director", "jia_liaison", "yi_head", "leader")]
    pages += [("clerk", reverse("items_csv"))]
    pages += [("jia_head", reverse("item_report", args=[ItemReport.objects.last().pk]))]
    few = [cost(*page) for page in pages]
    assert max(few) <= LIMIT, list(zip(pages, few, strict=True))
    grow(3, 60)
    settled()
    assert [cost(*page) for page in pages] == few


def test_the_item_shows_units_side_by_side_and_what_happened(as_user, several):
    item = SupervisedItem.objects.get(title="待审核的事项")
    page = as_user("clerk").get(reverse("item", args=[item.pk]))
    assert [step["state"] for step in page.context["stages"]] == ["done", "done", "done", "current", "todo", "todo"]
    assert "办结报告已报，待审核" in text(page) and "已组织专项检查" in text(page)
    titles = [event.title for event in page.context["events"]]
    assert titles[0].startswith("审签") and titles[-1] == "立项"
    assert as_user("yi_liaison").get(reverse("item", args=[item.pk])).status_code == 404
