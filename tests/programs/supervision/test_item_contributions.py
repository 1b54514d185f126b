"""协办单位报主办: told to the handling unit, adopted into its report or asked back; never owed, seen by few."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from programs.domain.supervision import contributions, item_parts, item_reports, items
from programs.models import Contribution, ItemPart, ItemReport, SupervisedItem
from qualitycity.access import can
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

from ...files import builders
from ...pages.sheets import Statements
from ..test_task_matrices import PEOPLE
from .stage import TYPED, hand_out, make_case, name_units, part_of
from .test_contributions import told, try_table


@pytest.fixture
def item(world) -> SupervisedItem:
    """甲局 handles, 乙局 assists."""
    return hand_out(world, "甲局", "乙局")


def tell(world, item, text="完成抽检120批次", who="yi_liaison", **more) -> Contribution:
    return contributions.hand_in_about_item(
        part=part_of(world, item, "乙局"), actor=world.actor(who), text=text, **more
    )


def adopt(world, row) -> Contribution:
    return contributions.adopt(row, actor=world.actor("jia_liaison"))


def test_table(world, item):
    try_table(world, tell(world, item))


def test_telling_signs_for_the_part_and_the_handling_unit_hears_it(world, item):
    assert part_of(world, item, "乙局").state == "assigned"
    row = tell(world, item)
    part = part_of(world, item, "乙局")
    assert (part.state, part.signed_for_by) == ("signed_for", world.people["yi_liaison"])
    assert told("已报督办事项") == {"jia_liaison"} and row.due_on.isoformat() == "2026-04-27"
    notice = InboxItem.objects.filter(title__contains="已报督办事项").get()
    assert notice.url == reverse("item_report_edit", args=[part_of(world, item).pk])


def test_what_is_adopted_begins_the_draft_and_the_next_stands_below(world, item):
    adopt(world, tell(world, item, uploads=[SimpleUploadedFile("抽检记录.pdf", builders.pdf())]))
    report = ItemReport.objects.get()
    assert (report.progress, report.state, report.on_behalf) == ("市乙局：完成抽检120批次", "draft", False)
    assert report.files.get().file.original_name == "抽检记录.pdf"
    again = adopt(world, tell(world, item, "复检12批次"))
    report.refresh_from_db()
    again.refresh_from_db()
    assert report.progress == "市乙局：完成抽检120批次\n市乙局：复检12批次" and again.adopted_report == report
    assert Contribution.objects.count() == 2 and told("已被主办单位采纳") == {"yi_liaison"}
    assert list(violations()) == []


def test_what_the_handling_unit_had_written_stays(world, item):
    liaison = world.actor("jia_liaison")
    item_reports.save(part_of(world, item), actor=liaison, values={**TYPED, "final": False})
    adopt(world, tell(world, item))
    report = ItemReport.objects.get()
    assert report.progress == "已组织专项检查\n市乙局：完成抽检120批次" and report.result == "问题全部整改"


@pytest.mark.parametrize("spoilt", ["handed in", "too long", "too many files"])
def test_what_cannot_be_taken_in_stays_with_the_assisting_unit(world, item, spoilt):
    liaison, part = world.actor("jia_liaison"), part_of(world, item)
    row = tell(world, item, uploads=[SimpleUploadedFile("抽检记录.pdf", builders.pdf())])
    typed = {**TYPED, "progress": "长" * 1995} if spoilt == "too long" else TYPED
    files = [SimpleUploadedFile(f"{number}.pdf", builders.pdf()) for number in range(10)]
    report = item_reports.save(
        part, actor=liaison, values=typed, uploads=files if spoilt == "too many files" else ()
    )
    if spoilt == "handed in":
        item_reports.submit(report, actor=liaison)
    with pytest.raises(IllegalMove):
        adopt(world, row)
    row.refresh_from_db()
    report.refresh_from_db()
    assert (row.state, row.adopted_report, report.progress) == ("handed_in", None, typed["progress"])


def test_asked_for_by_the_handling_unit_once_a_day(world, item):
    for _press in range(2):
        rows = contributions.ask_about_item(item=item, actor=world.actor("jia_liaison"))
    assert [(row.department, row.state, row.due_on.isoformat()) for row in rows] == [
        (world.units["乙局"], "asked", "2026-04-27")
    ], "three working days before 30 April"
    assert told("配合情况") == {"yi_liaison"} and InboxItem.objects.filter(kind="contribution").count() == 1
    tell(world, item)
    assert contributions.ask_about_item(item=item, actor=world.actor("jia_liaison")) == []
    for name in sorted(set(PEOPLE) - {"jia_liaison"}):
        with pytest.raises(NotAllowed):
            contributions.ask_about_item(item=item, actor=world.actor(name))


def test_shortly_before_the_limit_it_is_wanted_by_tomorrow(world, item, clock):
    clock.move_to("2026-04-30T09:00:00+08:00")
    row = contributions.ask_about_item(item=item, actor=world.actor("jia_liaison"))[0]
    assert row.due_on.isoformat() == "2026-05-01", "the world knows no 劳动节"


@pytest.mark.parametrize("how", ["settled", "suspended", "answers itself"])
def test_nothing_is_told_where_nothing_is_in_hand(world, item, how):
    if how == "settled":
        item_parts.finish(part_of(world, item, "乙局"), actor=world.actor("clerk"), reason="已说明")
    elif how == "suspended":
        items.suspend(item, actor=world.actor("director"), reason="等待上级意见")
    unit, who = ("甲局", "jia_liaison") if how == "answers itself" else ("乙局", "yi_liaison")
    with pytest.raises(IllegalMove):
        contributions.hand_in_about_item(part=part_of(world, item, unit), actor=world.actor(who), text="完成")
    assert Contribution.objects.count() == 0


def test_who_sees_it(world, item):
    row = tell(world, item)

    def seen():
        found = {name for name in PEOPLE if can(world.actor(name), "view", Contribution.objects.get(pk=row.pk))}
        listed = {name for name in PEOPLE if Contribution.objects.visible_to(world.actor(name)).exists()}
        assert found == listed
        return found

    units = {"jia_liaison", "jia_head", "yi_liaison", "yi_head"} & set(PEOPLE)
    assert seen() == units
    adopt(world, row)
    assert seen() == units | {"clerk", "director"}
    report = ItemReport.objects.get()
    item_reports.save(
        part_of(world, item), actor=world.actor("jia_liaison"), values=TYPED, row_version=report.row_version
    )
    report.refresh_from_db()
    item_reports.submit(report, actor=world.actor("jia_liaison"))
    item_reports.sign(report, actor=world.actor("jia_head"))
    assert seen() - units == {"clerk", "director", "leader", "supervisor", "auditor", "secretary"} & set(PEOPLE)


def test_of_a_case_only_named_persons_hear_and_nobody_by_its_title(world):
    case = make_case(world, "jia_liaison", "yi_liaison")
    name_units(world, case, "甲局", "乙局", who="director")
    items.assign(case, actor=world.actor("director"))
    contributions.ask_about_item(item=case, actor=world.actor("jia_liaison"))
    with pytest.raises(NotAllowed):
        tell(world, case, who="yi_head")
    row = tell(world, case, "涉案物品已封存")
    contributions.ask_back(row, actor=world.actor("jia_liaison"), reason="补充数量")
    for name in PEOPLE:
        sees = name in {"jia_liaison", "yi_liaison"}
        assert Contribution.objects.visible_to(world.actor(name)).exists() == sees, name
        assert bool(can(world.actor(name), "view", row)) == sees, name
    notices = InboxItem.objects.filter(kind="contribution")
    assert set(notices.values_list("recipient__username", flat=True)) == {"jia_liaison", "yi_liaison"}
    assert notices.count() == 3
    for notice in notices:
        text = notice.title + notice.body
        assert case.title not in text and "封存" not in text and "补充数量" not in text and case.number in text


def test_it_is_never_owed(world, item):
    contributions.ask_about_item(item=item, actor=world.actor("jia_liaison"))
    report = item_reports.save(part_of(world, item), actor=world.actor("jia_liaison"), values=TYPED)
    item_reports.submit(report, actor=world.actor("jia_liaison"))
    item_reports.sign(report, actor=world.actor("jia_head"))
    item_reports.accept(report, actor=world.actor("clerk"))
    assert items.complete(item, actor=world.actor("director")).state == "completed"
    assert ItemPart.objects.get(item=item, department=world.units["乙局"]).state == "assigned"


# --- pages -----------------------------------------------------------------------------------------


def page(world, item, unit="乙局"):
    return reverse("item_contribution", args=[part_of(world, item, unit).pk])


def form_of_the_lead(world, item):
    return reverse("item_report_edit", args=[part_of(world, item).pk])


def test_from_the_desk_to_the_office_in_the_browser(world, item, as_user):
    client = as_user("jia_liaison")
    answer = client.post(
        reverse("item_contribution_ask", args=[item.pk]), {"next": form_of_the_lead(world, item)}, follow=True
    )
    assert answer.status_code == 200 and "尚未收到" not in answer.content.decode()
    client = as_user("yi_liaison")
    desk = client.get("/").content.decode()
    assert item.title in desk and page(world, item) in desk
    assert page(world, item) in client.get(reverse("item", args=[item.pk])).content.decode()
    assert client.post(page(world, item), {"text": "  "}).status_code == 422
    assert client.post(page(world, item), {"text": "完成抽检120批次"}).status_code == 302
    shown = client.get(page(world, item)).content.decode()
    assert "完成抽检120批次" in shown and "撤回" in shown

    client = as_user("jia_liaison")
    shown = client.get(form_of_the_lead(world, item)).content.decode()
    assert "完成抽检120批次" in shown and 'name="adopt"' in shown
    row = Contribution.objects.get()
    answer = client.post(
        form_of_the_lead(world, item),
        {"progress": "正在整改", "final": "0", "adopt": str(row.pk), "version": "", "do": "save"},
        follow=True,
    )
    assert "正在整改\n市乙局：完成抽检120批次" in answer.content.decode()
    report = ItemReport.objects.get()
    assert report.progress == "正在整改\n市乙局：完成抽检120批次"
    client.post(
        form_of_the_lead(world, item),
        {"progress": report.progress, "final": "0", "version": str(report.row_version), "do": "submit"},
    )
    report.refresh_from_db()
    item_reports.sign(report, actor=world.actor("jia_head"))
    shown = as_user("clerk").get(reverse("item_report", args=[report.pk])).content.decode()
    assert "采纳" in shown and "市乙局" in shown


def test_what_is_refused_keeps_what_was_typed_and_changes_nothing(world, item, as_user):
    row = tell(world, item)
    client = as_user("jia_liaison")
    answer = client.post(
        form_of_the_lead(world, item),
        {"progress": "长" * 1995, "final": "0", "adopt": str(row.pk), "version": "", "do": "save"},
    )
    assert answer.status_code == 422 and "长" * 1995 in answer.content.decode()
    assert ItemReport.objects.count() == 0
    for wanted in ("0", "x", str(row.pk + 1)):
        data = {"progress": "写", "final": "0", "adopt": wanted, "version": "", "do": "save"}
        assert client.post(form_of_the_lead(world, item), data).status_code == 404, wanted
    assert ItemReport.objects.count() == 0


def test_asked_back_on_the_page_of_the_move(world, item, as_user):
    row = tell(world, item)
    url = reverse("contribution_move", args=[row.pk])
    assert as_user("jia_liaison").post(url, {"action": "ask_back", "reason": "请补充合格率"}).status_code == 302
    shown = as_user("yi_liaison").get(page(world, item)).content.decode()
    assert "请补充合格率" in shown and "完成抽检120批次" in shown


def test_pages_cost_few_statements(world, item, as_user, settled, django_assert_max_num_queries):
    tell(world, item)
    settled()
    for name, address in (
        ("yi_liaison", page(world, item)), ("jia_liaison", form_of_the_lead(world, item)),
        ("yi_liaison", reverse("item", args=[item.pk])), ("jia_liaison", reverse("item", args=[item.pk])),
    ):  # fmt: skip
        client = as_user(name)
        with django_assert_max_num_queries(12):
            client.get(address)
    row = Contribution.objects.get()
    typed = {"progress": "写", "final": "0", "adopt": str(row.pk), "version": "", "do": "save"}
    address = form_of_the_lead(world, item)
    with Statements(connection) as statements:
        assert client.post(address, typed).status_code == 302
    assert len(statements.counted) <= 20, statements.counted
