"""The review queue: what stands where, what one decision does, and what nobody may do."""

import re

import pytest
from django.urls import reverse

from kpis.models import Indicator
from programs.domain import corrections, entries, filing, sheet
from programs.domain.tasks import assign, confirm
from programs.models import ProgressEntry
from qualitycity.audit.journal import history
from tests.factories import make_part, make_task

MACHINE = entries.TASKS.machine
TABS = re.compile(r"\?tab=(\w+)[^>]*>[^<]*<span class=\"qc-num\">(\d+)</span>")


@pytest.fixture
def signed(world):
    """Two lines of 甲局, signed, waiting for the office."""
    assert world.file("jia_liaison", "甲局", percent=40).ok
    world.sign("jia_head", "甲局")
    return world.rows("甲局")


def mark(row, source="task"):
    return f"{source}-{row.pk}:{row.row_version}"


def act(client, do, *marks, **more):
    data = {"do": do, "row": list(marks), "back": "tab=waiting", **more}
    return client.post(reverse("review_act"), data)


def counts(response):
    return {name: int(count) for name, count in TABS.findall(response.content.decode())}


def test_lines_stand_in_the_tab_of_their_state(world, as_user, signed):
    filing.return_rows(MACHINE, [signed[1]], actor=world.actor("clerk"), by="office", reason="请补充数据")
    assert world.file("bing_liaison", "丙局").ok  # one account: waits for the office's countersignature
    assert world.file("yi_liaison", "乙局").ok  # waits for its own head: not the office's
    client = as_user("clerk")
    page = client.get(reverse("review"))
    assert counts(page) == {"waiting": 1, "countersign": 1, "returned": 1}
    assert signed[0].part.task.title in page.content.decode()
    returned = client.get(reverse("review"), {"tab": "returned"}).content.decode()
    assert "请补充数据" in returned and signed[1].part.task.title in returned


def test_accepting_opens_the_next_line(as_user, signed):
    client = as_user("clerk")
    first, second = signed
    page = client.get(reverse("review")).content.decode()
    assert f'name="row" value="{mark(first)}"' in page and f'name="next" value="task-{second.pk}"' in page
    answer = act(client, "accept", mark(first), remark="很好", next=f"task-{second.pk}")
    assert answer.status_code == 302 and answer.url == f"{reverse('review')}?tab=waiting&open=task-{second.pk}"
    first.refresh_from_db()
    assert (first.state, first.remark) == ("accepted", "很好")
    after = client.get(answer.url).content.decode()
    assert f'name="row" value="{mark(second)}"><input' in after
    assert 'id="report-title" tabindex="-1" autofocus' in after


def test_a_return_needs_a_reason_and_keeps_what_was_chosen(as_user, signed):
    client = as_user("clerk")
    refused = act(client, "return", mark(signed[0]), words=" ")
    assert refused.status_code == 422
    assert "return_form" in refused.context and refused.context["return_form"].errors["words"]
    signed[0].refresh_from_db()
    assert signed[0].state == "signed"
    act(client, "return", mark(signed[0]), reasons=["figures"], words="第3条对不上")
    signed[0].refresh_from_db()
    assert signed[0].state == "returned"
    assert signed[0].remark.endswith("\n第3条对不上") and len(signed[0].remark.splitlines()) == 2


def test_a_refused_decision_leaves_its_line_open_and_the_ticks_set(world, as_user, signed):
    client = as_user("clerk")
    refused = act(client, "return", mark(signed[1]), words="", next=f"task-{signed[0].pk}")
    assert refused.context["open"].row.pk == signed[1].pk
    assert "autofocus" in str(refused.context["return_form"]["words"])
    filing.return_rows(MACHINE, [signed[0]], actor=world.actor("director"), by="office", reason="请补充")
    bulk = act(client, "accept", mark(signed[0]), mark(signed[1]))
    assert bulk.status_code == 422 and [item.ticked for item in bulk.context["rows"]] == [True]
    signed[1].refresh_from_db()
    assert signed[1].state == "signed", "all ticked lines or none"


def test_accept_does_not_drop_a_reason_typed_for_a_return(as_user, signed):
    refused = act(as_user("clerk"), "accept", mark(signed[0]), words="数据不全")
    assert refused.status_code == 422 and "数据不全" in refused.content.decode()
    signed[0].refresh_from_db()
    assert signed[0].state == "signed"


def test_what_one_entered_is_not_ones_own_to_accept(world, as_user):
    typed = world.typed("clerk", "甲局", world.window, percent=40)
    units = {world.units["甲局"].pk}
    assert sheet.submit(actor=world.actor("clerk"), window=world.window, departments=units, typed=typed).ok
    world.sign("jia_head", "甲局")
    rows = world.rows("甲局")
    client = as_user("clerk")
    page = client.get(reverse("review"))
    assert page.context["why_not"]
    assert "data-key-accept" not in page.content.decode()
    assert all(item.own and not item.preselected for item in page.context["rows"])
    refused = act(client, "accept", mark(rows[0]))
    assert refused.status_code == 422 and str(page.context["why_not"]) in refused.content.decode()
    assert ProgressEntry.objects.get(pk=rows[0].pk).state == "signed"
    assert act(as_user("director"), "accept", mark(rows[0])).status_code == 302


def test_countersigning_leaves_the_acceptance_to_a_colleague(world, as_user):
    assert world.file("bing_liaison", "丙局").ok
    row = world.rows("丙局")[0]
    client = as_user("clerk")
    assert act(client, "countersign", mark(row)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.sign_mode, row.signed_by) == ("signed", "office", world.people["clerk"])
    assert act(client, "accept", mark(row)).status_code == 422
    assert act(as_user("director"), "accept", mark(row)).status_code == 302


def test_two_reviewers_at_one_line(world, as_user, signed):
    seen = mark(signed[0])
    filing.unsign_rows(MACHINE, [signed[0]], actor=world.actor("jia_head"))
    filing.sign_rows(MACHINE, [signed[0]], actor=world.actor("jia_head"))
    client = as_user("clerk")
    for do, more in (("accept", {}), ("return", {"words": "请补充"})):
        assert act(client, do, seen, **more).status_code == 422
    signed[0].refresh_from_db()
    assert signed[0].state == "signed"


def test_a_double_click_accepts_once(as_user, signed):
    client = as_user("clerk")
    first = act(client, "accept", mark(signed[0]))
    again = act(client, "accept", mark(signed[0]))
    assert (first.status_code, again.status_code) == (302, 302)
    assert [entry.action for entry in history(signed[0])].count("accept") == 1


def test_only_unchanged_lines_are_ticked_beforehand(world, as_user, clock):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-06-25T09:00:00+08:00")
    window = world.window
    typed = world.typed("jia_liaison", "甲局", window, percent=60)
    one = next(iter(typed))
    typed[one] = sheet.Typed({"unchanged": True}, typed[one].row_version)
    assert sheet.submit(
        actor=world.actor("jia_liaison"), window=window, departments={world.units["甲局"].pk}, typed=typed
    ).ok
    world.sign("jia_head", "甲局")
    page = as_user("clerk").get(reverse("review"))
    assert [item.row.unchanged for item in page.context["rows"]] == [item.preselected for item in page.context["rows"]]
    assert page.context["ticked"] == 1
    assert page.content.decode().count(" checked>") == 1


def test_changes_since_last_period_are_marked(world, as_user, clock):
    world.file("jia_liaison", "甲局", progress="抽查98批次。", percent=40)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-06-25T09:00:00+08:00")
    world.file("jia_liaison", "甲局", progress="抽查126批次。", percent=65)
    world.sign("jia_head", "甲局")
    page = as_user("clerk").get(reverse("review"))
    html = page.content.decode()
    assert '抽查<del class="qc-gone">98</del><ins class="qc-new">126</ins>批次。' in html
    assert (page.context["open"].before, page.context["open"].figure, page.context["open"].change) == ("40", "65", "+25")


def test_a_correction_is_set_against_what_it_corrects(world, as_user):
    world.file("jia_liaison", "甲局", progress="抽查98批次。", percent=40)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    row = world.rows("甲局")[0]
    corrections.correct(row, actor=world.actor("jia_liaison"), reason="数字写错")
    world.file("jia_liaison", "甲局", progress="抽查89批次。", percent=45)
    handed_in = [row for row in world.rows("甲局") if row.state == "submitted"]
    filing.sign_rows(MACHINE, handed_in, actor=world.actor("jia_head"))
    page = as_user("clerk").get(reverse("review"))
    html = page.content.decode()
    assert page.context["open"].row.supersedes == row.pk and "数字写错" in html
    assert '<del class="qc-gone">98</del><ins class="qc-new">89</ins>' in html
    assert page.context["open"].change == "+5"


def test_indicators_stand_in_the_same_queue(world, as_user):
    unit = world.units["甲局"]
    Indicator.objects.create(
        programme=world.programme, name="产品合格率", kind="result", comparator=">=", value=96, unit="%", reporter=unit
    )
    typed = world.typed("jia_liaison", "甲局", world.window)
    for line in sheet.sheet_lines(world.window, {unit.pk}):
        if line.source.name == "indicator":
            typed[line.key] = sheet.Typed({"value": 95}, None)
    actor = world.actor("jia_liaison")
    assert sheet.submit(actor=actor, window=world.window, departments={unit.pk}, typed=typed).ok
    lines = sheet.sheet_lines(world.window, {unit.pk})
    for source in {line.source for line in lines}:
        rows = [line.row for line in lines if line.source is source]
        filing.sign_rows(source.machine, rows, actor=world.actor("jia_head"))
    client = as_user("clerk")
    page = client.get(reverse("review"))
    assert [item.row.source for item in page.context["rows"]] == ["task", "task", "indicator"]
    last = page.context["rows"][-1]
    shown = client.get(reverse("review"), {"open": last.row.key}).content.decode()
    assert "95%" in shown and "≥ 96 %" in shown
    # a figure has no files: the unit is not asked for what it cannot give
    assert "缺少佐证材料" not in shown and "请写明数据来源和截止日期。" in shown
    of_task = client.get(reverse("review"), {"open": page.context["rows"][0].row.key}).content.decode()
    assert "缺少佐证材料" in of_task and "请写明数据来源和截止日期。" not in of_task
    assert act(client, "accept", *[item.mark for item in page.context["rows"]]).status_code == 302
    assert counts(client.get(reverse("review"))) == {"waiting": 0, "countersign": 0, "returned": 0}


def test_filters_live_in_the_address(world, as_user, signed):
    assert world.file("yi_liaison", "乙局").ok
    world.sign("yi_head", "乙局")
    client = as_user("clerk")
    unit = world.units["乙局"].pk
    page = client.get(reverse("review"), {"unit": unit, "period": "quarter:2026-01-01"})
    assert {item.row.department_id for item in page.context["rows"]} == {unit}
    assert f"unit={unit}" in page.context["back"] and counts(page)["waiting"] == 1
    assert client.get(reverse("review"), {"unit": "9" * 40, "period": "x:y", "tab": "nowhere"}).status_code == 200


def test_the_old_tab_of_the_silent_units_leads_to_their_page(world, as_user, signed):
    unit = world.units["乙局"].pk
    answer = as_user("clerk").get(reverse("review"), {"tab": "missing", "unit": unit})
    assert answer.status_code == 302 and answer["Location"] == f"{reverse('missing')}?unit={unit}"
    assert f'href="{reverse("missing")}"' in as_user("clerk").get(reverse("review")).content.decode()


@pytest.mark.parametrize("who", ["jia_liaison", "jia_head", "leader", "auditor", "sysadmin", "stranger"])
def test_only_the_office_reviews(who, world, as_user, signed):
    client = as_user(who)
    assert client.get(reverse("review")).status_code == 403
    assert act(client, "accept", mark(signed[0])).status_code == 403


def test_the_office_of_another_territory_sees_and_moves_nothing(world, as_user, signed):
    client = as_user("district")
    assert client.get(reverse("review")).context["rows"] == []
    refused = act(client, "accept", mark(signed[0]))
    assert refused.status_code == 422 and ProgressEntry.objects.get(pk=signed[0].pk).state == "signed"


@pytest.mark.parametrize(
    "forged", ["task-999999:1", "task-1", "nothing-1:1", "task-x:1", f"task-{10**30}:1", "task-1:" + "9" * 30]
)
def test_forged_lines_are_refused_in_words(forged, as_user, signed):
    answer = act(as_user("clerk"), "accept", forged)
    assert answer.status_code == 422 and "qc-alert-bad" in answer.content.decode()


def fill(world, count):
    """`count` more tasks of 甲局, filed and signed."""
    director = world.actor("director")
    tasks = [make_task(world.programme, number, mode="sole") for number in range(10, 10 + count)]
    for task in tasks:
        make_part(task, world.units["甲局"], "sole")
    confirm(tasks, actor=director)
    assign(tasks, actor=director)
    assert world.file("jia_liaison", "甲局", percent=100).ok
    world.sign("jia_head", "甲局")


@pytest.mark.parametrize("count", [1, 60])
def test_the_queue_costs_the_same_with_few_and_many_lines(
    count, world, as_user, settled, django_assert_max_num_queries
):
    fill(world, count)
    settled()
    client = as_user("clerk")
    for query in ({}, {"tab": "countersign"}, {"tab": "returned"}):
        with django_assert_max_num_queries(12):
            assert client.get(reverse("review"), query).status_code == 200
    marks = [mark(row) for row in world.rows("甲局")]
    assert len(marks) >= count
    with django_assert_max_num_queries(20):
        assert act(client, "accept", *marks).status_code == 302
    assert not ProgressEntry.objects.exclude(state="accepted").exists()
