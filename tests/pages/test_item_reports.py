"""督办事项 on the pages of a unit and of its reviewers: sign for, report, return, accept; cases, papers, pages."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs.domain.supervision import items
from programs.models import ItemFile, ItemReport, ItemReportFile, SupervisedItem

from ..files.builders import pdf
from ..programs.supervision.stage import complete, file_report, hand_out, make_item, name_units, part_of
from .test_item_pages import text, units_posted


def test_a_unit_signs_reports_is_returned_and_reports_again(as_user, world):
    item = hand_out(world)
    part = part_of(world, item)
    answer = as_user("jia_liaison").post(reverse("items_sign_for"), {"part": part.pk, "next": "/items/"})
    assert answer["Location"] == "/items/" and part_of(world, item).state == "signed_for"

    url = reverse("item_report_edit", args=[part.pk])
    client = as_user("jia_liaison")
    empty = client.post(url, {"do": "submit", "final": "1", "progress": "写了一半", "result": ""})
    assert empty.status_code == 422 and empty.context["form"].errors["result"] and "写了一半" in text(empty)
    draft = {"do": "save", "final": "1", "progress": "写了一半", "files": SimpleUploadedFile("证明.pdf", pdf())}
    assert client.post(url, draft)["Location"] == url
    report = ItemReport.objects.get()
    piece = ItemReportFile.objects.get()
    assert as_user("clerk").get(reverse("item_report", args=[report.pk])).status_code == 404  # a draft is the unit's own
    full = {"do": "submit", "final": "1", "progress": "全部办完", "result": "已整改", "version": report.row_version}
    client = as_user("jia_liaison")
    stale = client.post(url, {**full, "version": 99})
    assert stale.status_code == 422 and "全部办完" in text(stale)
    page = reverse("item_report", args=[report.pk])
    assert client.post(url, full)["Location"] == page

    move = reverse("item_report_move", args=[report.pk])
    head = as_user("jia_head")
    assert "证明.pdf" in text(head.get(page))
    assert head.get(reverse("file", args=[piece.file.public_id])).status_code == 200
    assert head.post(move, {"action": "sign"}).status_code == 302
    office = as_user("clerk")
    nothing = office.post(move, {"action": "return_by_office", "words": ""})
    assert nothing.status_code == 422
    assert office.post(move, {"action": "return_by_office", "words": "请附照片"}).status_code == 302
    client = as_user("jia_liaison")
    assert "请附照片" in text(client.get(url))
    report.refresh_from_db()
    assert client.post(url, {**full, "version": report.row_version}).status_code == 302
    assert as_user("jia_head").post(move, {"action": "sign"}).status_code == 302
    assert as_user("clerk").post(move, {"action": "accept", "remark": "同意"}).status_code == 302
    assert part_of(world, item).state == "done"

    director = as_user("director")
    for action in ("complete", "close"):
        assert director.get(reverse("item_move", args=[item.pk]) + f"?action={action}").status_code == 200
        assert director.post(reverse("item_move", args=[item.pk]), {"action": action, "sure": "1"}).status_code == 302
    item.refresh_from_db()
    assert item.state == "closed"


def test_the_office_enters_for_a_unit_and_a_colleague_accepts(as_user, world):
    item = hand_out(world, "丙局")
    part = part_of(world, item, "丙局")
    url = reverse("item_report_edit", args=[part.pk])
    page = as_user("clerk").get(url)
    assert page.context["on_behalf"]
    filled = {"do": "submit", "final": "1", "progress": "电话核实已办", "result": "已整改"}
    assert as_user("clerk").post(url, filled).status_code == 302
    report = ItemReport.objects.get()
    assert report.on_behalf and part_of(world, item, "丙局").state == "assigned"
    move = reverse("item_report_move", args=[report.pk])
    assert as_user("clerk").post(move, {"action": "countersign"}).status_code == 403
    assert as_user("director").post(move, {"action": "countersign"}).status_code == 302
    assert as_user("director").post(move, {"action": "accept"}).status_code == 403
    report.refresh_from_db()
    assert report.state == "signed"


def test_a_report_is_signed_on_paper(as_user, world):
    report = file_report(world, hand_out(world))
    move, client = reverse("item_report_move", args=[report.pk]), as_user("jia_liaison")
    assert client.post(move, {"action": "sign_on_paper"}).status_code == 422
    bad = client.post(move, {"action": "sign_on_paper", "scan": SimpleUploadedFile("a.pdf", b"no pdf")})
    assert bad.status_code == 422
    assert client.post(move, {"action": "sign_on_paper", "scan": SimpleUploadedFile("a.pdf", pdf())}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.sign_mode, report.files.count()) == ("signed", "paper", 1)


@pytest.mark.parametrize("posted", [{}, {"action": "submit"}, {"action": "supersede"}, {"action": "nonsense"}])
def test_a_step_that_does_not_exist_is_not_there(as_user, world, posted):
    report = file_report(world, hand_out(world))
    assert as_user("clerk").post(reverse("item_report_move", args=[report.pk]), posted).status_code == 404


@pytest.mark.parametrize("posted", [{}, {"part": ["x", "999999999999"]}, {"part": "7777"}])
def test_ticks_that_mean_nothing(as_user, world, posted):
    hand_out(world)
    answer = as_user("jia_liaison").post(reverse("items_sign_for"), posted)
    assert answer.status_code == (404 if posted.get("part") == "7777" else 302)


def test_a_case_on_its_pages(as_user, world):
    posted = {
        "title": "某企业制假案", "given_on": "2026-03-20", "urgency": "normal", "due_on": "2026-06-30",
        "jurisdiction": world.city.pk, "case_number": "国质检执〔2026〕7号", "to_police": "on",
        "to_police_on": "2026-03-24",
        "named": [world.people[name].pk for name in ("clerk", "jia_liaison", "jia_head")],
    }  # fmt: skip
    assert as_user("director").post(reverse("item_new") + "?kind=case", posted).status_code == 302
    case = SupervisedItem.objects.get()
    assert case.restricted and case.to_police_on == date(2026, 3, 24)
    url = reverse("item", args=[case.pk])
    for who in ("leader", "supervisor", "auditor", "yi_liaison", "secretary"):
        assert as_user(who).get(url).status_code == 404
        assert "制假案" not in text(as_user(who).get(reverse("items")))
        assert "制假案" not in text(as_user(who).get(reverse("start")))
        assert as_user(who).get(reverse("search") + "?q=制假案").context["groups"] == []
    assert "制假案" in text(as_user("clerk").get(url))
    director = as_user("director")
    people = reverse("item_named", args=[case.pk])
    assert director.get(people).status_code == 200
    assert director.post(people, {"named": [world.people["stranger"].pk]}).status_code == 422
    units = reverse("item_units", args=[case.pk])
    refused = director.post(units, units_posted((world.units["乙局"].pk, "lead"), do="hand_out"))
    assert refused.status_code == 422 and "市乙局" in text(refused)
    assert director.post(units, units_posted((world.units["甲局"].pk, "lead"), do="hand_out")).status_code == 302
    case = complete(world, SupervisedItem.objects.get())
    delisting = reverse("item_delisting", args=[case.pk])
    assert as_user("clerk").post(delisting, {"basis": ""}).status_code == 422
    assert as_user("clerk").post(delisting, {"basis": "验收合格", "approved_by": "省局"}).status_code == 302
    close = {"action": "close", "sure": "1"}
    assert as_user("director").post(reverse("item_move", args=[case.pk]), close).status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"


def test_the_leader_puts_his_word_on_the_page(as_user, world):
    item = complete(world, hand_out(world, kind="instruction", leader=world.people["leader"]))
    client = as_user("leader")
    assert reverse("item_endorse", args=[item.pk]) in text(client.get(reverse("item", args=[item.pk])))
    assert client.post(reverse("item_endorse", args=[item.pk]), {"word": "x"}).status_code == 404
    assert client.post(reverse("item_endorse", args=[item.pk]), {"word": "agreed"}).status_code == 302
    assert "同意销号" in text(as_user("clerk").get(reverse("item", args=[item.pk])))


def test_pages_are_added_and_taken_off(as_user, world):
    item = make_item(world)
    url, client = reverse("item_files", args=[item.pk]), as_user("clerk")
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"files": SimpleUploadedFile("a.exe", b"x")}).status_code == 422
    assert client.post(url, {"files": SimpleUploadedFile("通知.pdf", pdf())}).status_code == 302
    piece = ItemFile.objects.get()
    assert client.post(url, {"remove": "99999"}).status_code == 404
    assert client.post(url, {"remove": piece.pk}).status_code == 302
    assert ItemFile.objects.count() == 0


def test_the_completion_report_is_a_paper(as_user, world):
    item = hand_out(world)
    url = reverse("item_paper", args=[item.pk])
    assert as_user("clerk").get(url).status_code == 404
    complete(world, item)
    answer = as_user("clerk").get(url)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert as_user("yi_liaison").get(url).status_code == 404


def test_name_units_is_refused_in_words(as_user, world):
    item = make_item(world)
    client, url = as_user("clerk"), reverse("item_units", args=[item.pk])
    jia = world.units["甲局"].pk
    twice = client.post(url, units_posted((jia, "lead"), (jia, "support")))
    assert twice.status_code == 422 and "重复" in text(twice)
    assert client.post(url, units_posted(("9999", "lead"))).status_code == 422
    assert client.post(url, {"do": "save"}).status_code == 422
    assert client.post(url, units_posted((jia, "lead"), do="hand_out")).status_code == 403  # a clerk hands nothing out
    assert client.post(url, units_posted((jia, "lead"))).status_code == 302
    name_units(world, item, "甲局")
    items.assign(item, actor=world.actor("director"))
    added = as_user("director").post(url, units_posted((world.units["乙局"].pk, "support")))
    assert added.status_code == 302 and part_of(world, item, "乙局").state == "assigned"
    assert as_user("director").post(url, units_posted(("", "support"))).status_code == 422
