"""本单位报表: what is shown to whom, filed in one go, kept when something is wrong."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format

from programs.domain import entries, filing, programmes
from programs.models import ProgressEntry, Responsibility
from taskforce.models import Department

from .sheets import Statements, fields_of, filled, keys_of, sheet_url, widen

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return sorted(ProgressEntry.objects.values_list("state", flat=True))


def post_again(client, world, page, unit="甲局", **values):
    return client.post(sheet_url(world, unit), {**filled(page, **values), "do": "submit"})


def test_the_sheet_shows_every_line_of_the_unit_with_the_fields_of_its_nature(as_user, world):
    widen(world, 0, 1)
    page = as_user("jia_liaison").get(sheet_url(world, "甲局"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "任务1" in html and "任务2" in html and "任务3" not in html
    assert "no-store" in page["Cache-Control"]
    outcome, ongoing, figure = keys_of(page)
    names = set(fields_of(page))
    assert {f"{outcome}-percent", f"{outcome}-progress", f"{outcome}-version"} <= names
    assert f"{ongoing}-result" in names and f"{ongoing}-percent" not in names
    assert {f"{figure}-value", f"{figure}-note"} <= names and f"{figure}-progress" not in names


def test_the_whole_sheet_is_filed_in_one_go_and_says_who_has_it_now(as_user, world):
    widen(world, 0, 1)
    client = as_user("jia_liaison")
    answer = post_again(client, world, client.get(sheet_url(world, "甲局")))
    assert (answer.status_code, answer.url) == (302, sheet_url(world, "甲局"))
    page = client.get(answer.url)
    assert {line.row.state for line in page.context["sheet"].lines} == {"submitted"}
    assert [step["who"] for step in page.context["steps"]][1] == "jia_head"
    assert [step["state"] for step in page.context["steps"]] == ["done", "current", "todo", "todo"]
    assert not [name for name in fields_of(page) if name.endswith("-progress")]
    entry = ProgressEntry.objects.get(part__task=world.tasks[0])
    assert (entry.percent, entry.filed_by, entry.on_behalf) == (40, world.people["jia_liaison"], False)


def test_no_step_is_done_while_lines_wait_before_it(as_user, world):
    assert world.file("jia_liaison", "甲局").ok
    world.sign("jia_head", "甲局")
    first, second = world.rows("甲局")
    machine, clerk = entries.TASKS.machine, world.actor("clerk")
    filing.return_rows(machine, [first], actor=clerk, by="office", reason="请补充")
    filing.accept_rows(machine, [second], actor=clerk)
    page = as_user("jia_liaison").get(sheet_url(world, "甲局"))
    assert [step["state"] for step in page.context["steps"]] == ["returned", "todo", "todo", "todo"]


def test_a_line_leads_to_the_page_of_its_task(as_user, world):
    client = as_user("jia_liaison")
    key = keys_of(client.get(sheet_url(world, "甲局")))[0]
    page = client.get(f"{sheet_url(world, '甲局')}{key}/").content.decode()
    assert f'href="{reverse("task", args=[world.tasks[0].pk])}">任务页</a>' in page


def test_a_sheet_sent_twice_is_taken_once(as_user, world):
    client = as_user("jia_liaison")
    posted = {**filled(client.get(sheet_url(world, "甲局"))), "do": "submit"}
    client.post(sheet_url(world, "甲局"), posted)
    before = list(ProgressEntry.objects.values_list("pk", "row_version"))
    client.get(sheet_url(world, "甲局"))
    again = client.post(sheet_url(world, "甲局"), posted, follow=True)
    assert again.redirect_chain == [(sheet_url(world, "甲局"), 302)]
    assert [message.level_tag for message in again.context["messages"]] == ["info"]
    assert list(ProgressEntry.objects.values_list("pk", "row_version")) == before


@pytest.mark.parametrize(
    ("typed", "stored"), [("４０", 40), ("40%", 40), ("１００％", 100), (" 5 ", 5)], ids=["full", "sign", "both", "space"]
)
def test_a_percentage_is_read_as_people_type_it(as_user, world, typed, stored):
    client = as_user("jia_liaison")
    assert post_again(client, world, client.get(sheet_url(world, "甲局")), percent=typed).status_code == 302
    assert ProgressEntry.objects.get(part__task=world.tasks[0]).percent == stored


@pytest.mark.parametrize("typed", ["abc", "101", "-1", "40.5", "4" * 12, ""])
def test_a_wrong_percentage_is_told_at_its_field_and_nothing_is_filed(as_user, world, typed):
    client = as_user("jia_liaison")
    answer = post_again(client, world, client.get(sheet_url(world, "甲局")), percent=typed, progress="写了很久的一段话")
    key = keys_of(answer)[0]
    form = answer.context["views"][0].form
    assert answer.status_code == 422
    assert list(form.errors) == ["percent"] and len(form.errors["percent"]) == 1
    assert f'href="#id_{key}-percent"' in answer.content.decode()
    again = fields_of(answer)
    assert again[f"{key}-percent"] == typed and again[f"{key}-progress"] == "写了很久的一段话"
    assert not ProgressEntry.objects.exists()


def test_what_cannot_be_read_is_named_together_with_what_is_missing(as_user, world):
    client = as_user("jia_liaison")
    posted = fields_of(client.get(sheet_url(world, "甲局")))
    first, second = [name.removesuffix("-version") for name in posted if name.endswith("-version")]
    answer = client.post(sheet_url(world, "甲局"), {**posted, f"{first}-percent": "很多", "do": "submit"})
    targets = [target for _name, target, _label, _sentence in answer.context["wrong"]]
    assert targets == [
        f"id_{first}-percent", f"id_{first}-progress", f"id_{second}-progress", f"id_{second}-result",
    ]  # fmt: skip


def test_a_figure_of_an_indicator_is_read_with_its_commas_and_refused_with_words(as_user, world):
    widen(world, 0, 2)
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    posted = {**filled(page), "do": "submit"}
    first, second = keys_of(page)[2:]
    answer = client.post(sheet_url(world, "甲局"), {**posted, f"{first}-value": "约九成"})
    assert [target for _n, target, _l, _s in answer.context["wrong"]] == [f"id_{first}-value"]
    assert client.post(
        sheet_url(world, "甲局"), {**posted, f"{first}-value": "９２．５", f"{second}-value": "100.50"}
    ).status_code == 422
    answer = client.post(sheet_url(world, "甲局"), {**posted, f"{first}-value": "９２．５", f"{second}-value": "0"})
    assert answer.status_code == 302
    values = [line.row.value for line in client.get(sheet_url(world, "甲局")).context["sheet"].lines[2:]]
    assert [f"{value.normalize():f}" for value in values] == ["92.5", "0"]


def test_a_falling_percentage_asks_for_a_reason_where_it_fell(as_user, world, clock):
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    key = keys_of(page)[0]
    assert fields_of(page)[f"{key}-percent"] == "40" and f"{key}-percent_reason" not in fields_of(page)
    answer = post_again(client, world, page, percent="30")
    assert [target for _n, target, _l, _s in answer.context["wrong"]] == [f"id_{key}-percent_reason"]
    assert post_again(client, world, answer, percent_reason="口径调整").status_code == 302
    assert ProgressEntry.objects.get(window=world.window, part__task=world.tasks[0]).percent_reason == "口径调整"


def test_somebody_elses_change_is_shown_beside_ones_own_text_and_not_overwritten(as_user, world):
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    key = keys_of(page)[0]
    posted = {**filled(page, progress="我写的"), "do": "submit"}
    client.post(sheet_url(world, "甲局"), {**fields_of(page), f"{key}-progress": "同事写的", "do": "save"})
    answer = client.post(sheet_url(world, "甲局"), posted)
    html = answer.content.decode()
    assert answer.status_code == 422 and "同事写的" in html
    assert fields_of(answer)[f"{key}-progress"] == "我写的"
    assert list(ProgressEntry.objects.values_list("progress", "state")) == [("同事写的", "draft")]
    # having seen both, he decides
    assert client.post(sheet_url(world, "甲局"), {**fields_of(answer), "do": "submit"}).status_code == 302
    assert ProgressEntry.objects.get(part__task=world.tasks[0]).progress == "我写的"


def test_a_line_handed_in_meanwhile_keeps_what_was_typed_beside_it(as_user, world):
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    world.file("jia_liaison", "甲局")
    answer = post_again(client, world, page, progress="晚了一步")
    assert answer.status_code == 422 and "晚了一步" in answer.content.decode()
    assert set(ProgressEntry.objects.values_list("progress", flat=True)) == {"已完成阶段工作"}


def test_no_change_files_one_line_and_keeps_what_stands_in_the_others(as_user, world, clock):
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    first, second = keys_of(page)
    posted = {**fields_of(page), f"{second}-progress": "正在写", "key": first}
    answer = client.post(sheet_url(world, "甲局", "sheet_unchanged"), posted)
    assert answer.url == f"{sheet_url(world, '甲局')}#line-{first}"
    rows = {line.key: line.row for line in client.get(sheet_url(world, "甲局")).context["sheet"].lines}
    assert (rows[first].state, rows[first].unchanged, rows[first].percent) == ("submitted", True, 40)
    assert (rows[second].state, rows[second].progress) == ("draft", "正在写")


def test_no_change_beside_a_text_is_asked_back(as_user, world, clock):
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    key = keys_of(page)[0]
    posted = {**fields_of(page), f"{key}-progress": "其实有变化", "key": key}
    answer = client.post(sheet_url(world, "甲局", "sheet_unchanged"), posted)
    assert answer.status_code == 422 and fields_of(answer)[f"{key}-progress"] == "其实有变化"
    assert answer.context["wrong"][0][1] == f"line-{key}"
    assert not ProgressEntry.objects.filter(window=world.window).exists()


def test_after_two_periods_without_change_the_last_words_are_still_shown(as_user, world, clock):
    world.file("jia_liaison", "甲局", percent=40, progress="一季度的原话")
    world.sign("jia_head", "甲局")
    for moment in ("2026-06-26", "2026-09-25"):
        clock.move_to(f"{moment}T10:00:00+08:00")
        client = as_user("jia_liaison")
        page = client.get(sheet_url(world, "甲局"))
        assert "一季度的原话" in page.content.decode()
        for key in keys_of(page):
            client.post(sheet_url(world, "甲局", "sheet_unchanged"), {"key": key})
        world.sign("jia_head", "甲局")
    assert ProgressEntry.objects.filter(unchanged=True, state="signed").count() == 4


def test_taken_back_lines_can_be_typed_into_again(as_user, world):
    world.file("jia_liaison", "甲局")
    client = as_user("jia_liaison")
    key = keys_of(client.get(sheet_url(world, "甲局")))[0]
    client.post(sheet_url(world, "甲局", "sheet_withdraw"), {"key": key})
    assert states() == ["draft", "submitted"]
    client.post(sheet_url(world, "甲局", "sheet_withdraw"))
    assert states() == ["draft", "draft"]
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    answer = client.post(sheet_url(world, "甲局", "sheet_withdraw"), {"key": key})
    assert answer.status_code == 422 and states() == ["signed", "signed"]


def test_before_it_opens_and_after_it_is_closed_the_sheet_is_only_read(as_user, world, clock):
    client = as_user("jia_liaison")
    later = world.programme.windows.order_by("starts_on")[2]
    page = client.get(sheet_url(world, "甲局", window=later))
    assert page.status_code == 200 and not [name for name in fields_of(page) if name.endswith("-progress")]
    assert date_format(later.opens_on) in page.content.decode()
    page = client.get(sheet_url(world, "甲局"))
    window = world.window
    clock.move_to("2026-04-20T10:00:00+08:00")
    programmes.lock_window(window, actor=world.actor("director"), reason="已汇总上报")
    answer = as_user("jia_liaison").post(
        sheet_url(world, "甲局", window=window), {**filled(page, progress="迟到的内容"), "do": "submit"}
    )
    assert answer.status_code == 422 and "迟到的内容" in answer.content.decode()
    assert not ProgressEntry.objects.exists()


def test_what_belongs_to_others_is_not_there(as_user, world):
    client = as_user("jia_liaison")
    assert client.get(sheet_url(world, "乙局")).status_code == 404
    assert client.get(reverse("sheet", args=[world.window.pk + 999, world.units["甲局"].pk])).status_code == 404
    assert client.get(reverse("sheet", args=[world.window.pk, 10**30])).status_code == 404
    assert client.get(sheet_url(world, "甲局", "entry", "task-999999")).status_code == 404
    for name in ("leader", "auditor", "stranger", "sysadmin", "district"):
        assert as_user(name).get(sheet_url(world, "甲局")).status_code == 404
    assert as_user("clerk").get(sheet_url(world, "质量局")).status_code == 404


def test_a_forged_line_of_another_unit_files_nothing(as_user, world):
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    theirs = f"task-{Responsibility.objects.get(task=world.tasks[2]).pk}"
    forged = {**filled(page), f"{theirs}-version": "", f"{theirs}-progress": "冒填", "do": "submit"}
    answer = client.post(sheet_url(world, "甲局"), forged)
    assert answer.status_code == 422 and not ProgressEntry.objects.exists()
    for key in ("task-", "task-０", "task-" + "9" * 30, "robot-1", "-", "task-1-2"):
        answer = client.post(sheet_url(world, "甲局"), {f"{key}-version": "x", f"{key}-progress": "y", "do": "submit"})
        assert answer.status_code in (302, 422) and not ProgressEntry.objects.exists()


def test_the_head_reads_the_sheet_and_cannot_file_it(as_user, world):
    world.file("jia_liaison", "甲局")
    client = as_user("jia_head")
    page = client.get(sheet_url(world, "甲局"))
    assert sheet_url(world, "甲局", "sign_off") in page.content.decode()
    assert not [name for name in fields_of(page) if name.endswith("-progress")]
    key = keys_of(page)[0]
    forged = {f"{key}-version": "2", f"{key}-progress": "冒填", "do": "submit"}
    assert client.post(sheet_url(world, "甲局"), forged).status_code == 403
    assert client.post(sheet_url(world, "甲局", "sheet_withdraw"), {"key": key}).status_code == 403


def test_the_office_types_for_a_unit_and_the_sheet_says_so(as_user, world):
    client = as_user("clerk")
    page = client.get(sheet_url(world, "丙局"))
    assert page.context["sheet"].on_behalf and "qc-alert-warn" in page.content.decode()
    assert post_again(client, world, page, unit="丙局").status_code == 302
    entry = ProgressEntry.objects.get()
    assert (entry.on_behalf, entry.filed_by) == (True, world.people["clerk"])


def test_a_draft_of_the_unit_is_not_shown_to_the_office(as_user, world):
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    key = keys_of(page)[0]
    client.post(sheet_url(world, "甲局"), {**fields_of(page), f"{key}-progress": "还没想好", "do": "save"})
    page = as_user("clerk").get(sheet_url(world, "甲局"))
    assert "还没想好" not in page.content.decode() and f"{key}-progress" not in fields_of(page)
    assert as_user("clerk").get(sheet_url(world, "甲局", "entry", key)).status_code == 200


def test_a_unit_without_a_second_account_is_told_that_the_office_countersigns(as_user, world):
    page = as_user("bing_liaison").get(sheet_url(world, "丙局"))
    assert page.context["sheet"].countersigned
    assert not as_user("jia_liaison").get(sheet_url(world, "甲局")).context["sheet"].countersigned


def test_whoever_leads_a_unit_on_files_its_lines(as_user, world):
    Department.objects.filter(pk=world.units["乙局"].pk).update(successor=world.units["甲局"])
    client = as_user("jia_liaison")
    own = client.get(sheet_url(world, "甲局"))
    assert len(keys_of(own)) == 3
    page = client.get(sheet_url(world, "乙局"))
    assert len(keys_of(page)) == 1 and page.context["sheet"].signer == "jia_head、yi_head"
    assert post_again(client, world, page, unit="乙局").status_code == 302
    listed = client.get(reverse("sheets")).context["rows"]
    assert [(row["unit"].pk, sum(row["counts"].values())) for row in listed] == [(world.units["甲局"].pk, 3)]
    assert as_user("yi_liaison").get(sheet_url(world, "甲局")).status_code == 404


def test_the_list_of_sheets_counts_what_is_where(as_user, world, clock):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    widen(world, 0, 1)
    rows = as_user("jia_liaison").get(reverse("sheets")).context["rows"]
    assert [row["window"].label for row in rows] == ["2026年第二季度", "2026年第一季度"]
    assert [dict(row["counts"]) for row in rows] == [{"draft": 3}, {"signed": 2, "draft": 1}]


def test_pages_ask_the_database_the_same_however_long_the_sheet_is(as_user, world, clock, settled):
    client = as_user("jia_liaison")
    counted = []
    for tasks, indicators in ((0, 1), (19, 4)):
        widen(world, tasks, indicators)
        settled()
        for name in ("sheet", "sheets"):
            address = reverse("sheets") if name == "sheets" else sheet_url(world, "甲局")
            with Statements(connection) as asked:
                assert client.get(address).status_code == 200
            counted.append(len(asked.counted))
    assert counted[:2] == counted[2:] and max(counted) <= 12, counted


@pytest.mark.parametrize("before", ["nothing", "drafts", "some drafts"])
def test_a_sheet_of_26_lines_is_filed_within_20_queries(as_user, world, before):
    widen(world, 19, 5)
    client = as_user("jia_liaison")
    page = client.get(sheet_url(world, "甲局"))
    if before != "nothing":
        chosen = filled(page, progress="草稿", note="草稿")
        if before == "some drafts":
            some = (keys_of(page)[0], keys_of(page)[-1])
            chosen = {name: text for name, text in chosen.items() if name.rpartition("-")[0] in some}
        client.post(sheet_url(world, "甲局"), {**chosen, "do": "save"})
        page = client.get(sheet_url(world, "甲局"))
    posted, address = {**filled(page), "do": "submit"}, sheet_url(world, "甲局")
    with Statements(connection) as asked:
        assert client.post(address, posted).status_code == 302
    assert ProgressEntry.objects.filter(state="submitted").count() == 21
    assert len(asked.counted) <= 20, "\n".join(text[:160] for text in asked.counted)
