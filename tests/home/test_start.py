"""工作台: each role finds what is wanted of it today, in a bounded number of queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.domain import consultation, entries, filing, parts, reports, tasks
from programs.models import Milestone, ReportingWindow, Responsibility, Task
from qualitycity.access import visible
from qualitycity.audit.models import Entry
from taskforce.choices import Role
from taskforce.domain import people
from taskforce.models import Contact, Membership
from tests.factories import make_part, make_task, make_user

LIMIT = 12
LATER = "2026-04-20T10:00:00+08:00"


def page(client):
    answer = client.get(reverse("start"))
    assert answer.status_code == 200
    return answer


def text(answer):
    return answer.content.decode()


def queries(client):
    client.get(reverse("start"))
    with CaptureQueriesContext(connection) as found:
        page(client)
    return len(found)


def grow(world, count=25):
    """Many more tasks for 甲局, assigned and filed for by nobody."""
    more = [make_task(world.programme, number, due_on=date(2026, 11, 30)) for number in range(10, 10 + count)]
    for task in more:
        make_part(task, world.units["甲局"], "lead")
        make_part(task, world.units["乙局"], "support")
        Milestone.objects.create(
            programme=world.programme,
            task=task,
            title="期中检查",
            due_on=date(2026, 4, 1),
            original_due=date(2026, 4, 1),
        )
    director = world.actor("director")
    tasks.confirm(more, actor=director)
    tasks.assign(more, actor=director)
    return more


def test_a_liaison_signs_for_new_tasks_in_one_click(as_user, world):
    client = as_user("jia_liaison")
    answer = text(page(client))
    mine = Responsibility.objects.filter(department=world.units["甲局"])
    assert all(f'name="part" value="{part.pk}"' in answer for part in mine)
    assert 'id="to-sign-for"' in answer
    sent = client.post(reverse("sign_for"), {"part": [part.pk for part in mine], "next": reverse("start")})
    assert sent.status_code == 302 and sent.url == reverse("start")
    assert set(mine.values_list("state", flat=True)) == {"signed_for"}
    assert 'id="to-sign-for"' not in text(page(client))


def test_a_liaison_goes_from_the_start_page_into_the_sheet(as_user, world):
    answer = page(as_user("jia_liaison"))
    sheet = answer.context["blocks"][0]["sheets"][0]
    assert (sheet.open, sheet.owed, sheet.days, sheet.late) == (2, 2, 8, False)
    assert reverse("sheet", args=[world.window.pk, world.units["甲局"].pk]) in text(answer)


def test_a_filed_sheet_is_no_longer_to_file_but_with_the_head(as_user, world):
    world.file("jia_liaison", "甲局")
    sheet = page(as_user("jia_liaison")).context["blocks"][0]
    assert sheet["sheets"] == []
    assert [row.with_head for row in sheet["with_head"]] == [2]


def test_a_returned_line_stands_on_top_with_its_reason_in_full(as_user, world):
    world.file("jia_liaison", "甲局")
    reason = "数据与上期不一致，请核对后重报。" * 8
    filing.return_rows(
        entries.TASKS.machine, world.rows("甲局")[:1], actor=world.actor("jia_head"), by="head", reason=reason
    )
    answer = page(as_user("jia_liaison"))
    line = answer.context["blocks"][0]["returned"][0]
    assert (line.reason, line.by) == (reason, "jia_head")
    assert reason in text(answer)
    assert reverse("entry", args=[world.window.pk, world.units["甲局"].pk, line.key]) in text(answer)


def test_a_unit_without_a_head_reads_that_the_office_countersigns(as_user, world):
    assert "待会签" not in text(page(as_user("jia_liaison")))
    world.file("jia_liaison", "甲局")
    assert "在单位负责人处待审签" in text(page(as_user("jia_liaison")))
    Membership.objects.filter(user__username="jia_head").delete()
    answer = text(page(as_user("jia_liaison")))
    assert "在办公室待会签" in answer and "在单位负责人处" not in answer


def test_the_head_can_sign_for_what_is_newly_assigned(as_user, world):
    client = as_user("jia_head")
    mine = Responsibility.objects.filter(department=world.units["甲局"])
    assert page(client).context["blocks"][0]["to_sign_for"] == list(mine.order_by("task__sort", "pk"))
    client.post(reverse("sign_for"), {"part": [part.pk for part in mine], "next": reverse("start")})
    assert 'id="to-sign-for"' not in text(page(client))


def test_milestones_of_the_month_and_overdue_ones_are_listed(as_user, world):
    for title, due in (("近期", date(2026, 4, 10)), ("已过", date(2026, 3, 20)), ("遥远", date(2026, 9, 1))):
        Milestone.objects.create(
            programme=world.programme, task=world.tasks[0], title=title, due_on=due, original_due=due
        )
    Milestone.objects.create(
        programme=world.programme,
        task=world.tasks[2],
        title="别家",
        due_on=date(2026, 4, 2),
        original_due=date(2026, 4, 2),
    )
    found = page(as_user("jia_liaison")).context["blocks"][0]["milestones"]
    assert [(item.milestone.title, item.late) for item in found] == [("已过", True), ("近期", False)]


def test_the_head_finds_what_to_sign_and_who_holds_what_is_late(as_user, world, clock):
    client = as_user("jia_head")
    assert page(client).context["blocks"][0]["to_sign_off"] == []
    world.file("jia_liaison", "甲局")
    waiting = page(client).context["blocks"][0]["to_sign_off"]
    assert [(item.count, item.unit) for item in waiting] == [(2, "市甲局")]
    clock.move_to(LATER)
    client = as_user("jia_head")
    picture = page(client).context["blocks"][0]["pictures"][0]
    assert picture.counts["red"] == 2
    assert all(item.with_head for item in picture.held)


def test_what_the_office_reviews_and_what_is_done_is_not_held_by_the_liaison(as_user, world, clock):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    clock.move_to("2026-04-07T10:00:00+08:00")
    part = world.rows("甲局")[0].part
    Milestone.objects.create(
        programme=world.programme, task=part.task, title="已过", due_on=date(2026, 4, 3), original_due=date(2026, 4, 3)
    )
    answer = page(as_user("jia_head"))
    held = answer.context["blocks"][0]["pictures"][0].held
    assert [(item.with_head, item.with_office, item.done) for item in held] == [(False, True, False)]
    assert "办公室（待审核）" in text(answer)
    Responsibility.objects.filter(pk=part.pk).update(state="done", settled_on=date(2026, 4, 3))
    Task.objects.filter(pk=part.task_id).update(state="completed", completed_on=date(2026, 12, 3))
    answer = page(as_user("jia_head"))
    held = answer.context["blocks"][0]["pictures"][0].held
    assert [(item.light.code, item.done) for item in held] == [("amber", True)] and "办公室（待审核）" not in text(answer)


def test_what_nobody_filed_is_held_by_the_liaison(as_user, world, clock):
    clock.move_to(LATER)
    answer = page(as_user("jia_head"))
    held = answer.context["blocks"][0]["pictures"][0].held
    assert {(item.light.code, item.holder, item.with_head) for item in held} == {
        ("red", "jia_liaison", False)
    }


def test_a_head_is_not_shown_lines_he_entered_himself(as_user, world):
    Membership.objects.create(
        user=world.people["jia_liaison"],
        role=Role.UNIT_HEAD,
        jurisdiction=world.city,
        department=world.units["甲局"],
        valid_from=date(2026, 1, 1),
    )
    world.file("jia_liaison", "甲局")
    blocks = page(as_user("jia_liaison")).context["blocks"]
    assert [block["template"] for block in blocks] == ["home/_filing.html", "home/_signing.html"]
    assert blocks[1]["to_sign_off"] == []


def test_the_office_sees_queue_silent_units_with_phones_and_comments(as_user, world):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    Contact.objects.create(department=world.units["乙局"], name="王晓", phone="0754-1234567")
    draft = make_task(world.programme, 9, mode="sole")
    make_part(draft, world.units["丙局"], "sole")
    consultation.open_round(world.programme, actor=world.actor("director"), due_on=date(2026, 4, 10))
    answer = page(as_user("clerk"))
    block = answer.context["blocks"][0]
    assert block["to_review"] == 2
    assert {str(row.department): row.missing for row in block["silent"]} == {"市乙局": 1, "市丙局": 1}
    assert "王晓" in text(answer) and 'href="tel:0754-1234567"' in text(answer)
    assert [row.programme for row in block["consultations"]] == [world.programme]


def test_the_office_sees_what_turns_red_this_week_and_reports_that_failed(as_user, world, clock):
    for name in ("jia", "yi", "bing"):
        actor = world.actor(f"{name}_liaison")
        parts.sign_for(
            list(Responsibility.objects.filter(department_id__in=actor.departments(Role.LIAISON))),
            actor=actor,
        )
    clock.move_to("2026-04-03T10:00:00+08:00")
    report = reports.request(
        actor=world.actor("director"), programme=world.programme, window=world.window, scope="programme"
    )
    reports.fail(report, sentence="字体缺失，无法排版。")
    answer = page(as_user("director"))
    block = answer.context["blocks"][0]
    assert {task.standing.turns_on for task in block["turning"]} == {world.window.due_on}
    assert len(block["turning"]) == 3
    assert "字体缺失，无法排版。" in text(answer)


def test_the_picture_counts_every_task_once_by_programme_and_each_part_by_unit(as_user, world, clock):
    clock.move_to(LATER)
    block = page(as_user("supervisor")).context["blocks"][0]
    assert [(bar.label, bar.total, bar.red) for bar in block["programme_bars"]] == [("质量提升2026", 3, 3)]
    assert {bar.label: (bar.total, bar.red) for bar in block["bars"]} == {
        "市甲局": (2, 2),
        "市乙局": (1, 1),
        "市丙局": (1, 1),
    }


def test_who_oversees_reads_how_supervised_items_stand(as_user, world):
    for who in ("supervisor", "auditor"):
        answer = page(as_user(who))
        assert answer.context["blocks"][0]["items"]["unsigned"] == 0
        assert "未签收逾期" in text(answer)


def test_a_leader_reads_three_sentences_and_what_needs_a_decision(as_user, world, clock):
    world.file("jia_liaison", "甲局", coordination="请协调市财政局落实检测经费。")
    client = as_user("leader")
    assert page(client).context["blocks"][0]["programmes"][0].decisions == []
    world.sign("jia_head", "甲局")
    clock.move_to(LATER)
    client = as_user("leader")
    answer = page(client)
    picture = answer.context["blocks"][0]["programmes"][0]
    assert len(picture.sentences) == 3
    assert "请协调市财政局落实检测经费。" in text(answer)
    assert reverse("remark", args=[world.programme.pk]) in text(answer)
    assert (
        sum(picture.counts[code] for code in ("red", "amber", "green", "grey"))
        == picture.counts["total"]
        == 3
    )


def test_a_secretary_is_told_whose_words_he_records(as_user, world):
    assert page(as_user("secretary")).context["blocks"][0]["speaks_for"] == "leader"
    assert page(as_user("leader")).context["blocks"][0]["speaks_for"] == ""


def test_the_auditor_reads_the_journal_and_no_other_role_does(as_user, world):
    answer = page(as_user("auditor"))
    assert [block["template"] for block in answer.context["blocks"]] == [
        "home/_picture.html",
        "home/_journal.html",
    ]
    assert {entry.action for entry in answer.context["blocks"][1]["entries"]} >= {"assign"}
    for name in ("director", "leader", "jia_liaison", "sysadmin"):
        assert "home/_journal.html" not in [
            block["template"] for block in page(as_user(name)).context["blocks"]
        ]


def test_a_district_sees_its_own_journal_not_the_citys(world):
    world.people["district_auditor"] = make_user(
        "district_auditor", Role.AUDITOR, jurisdiction=world.district
    )
    assert not visible(Entry.objects.all(), world.actor("district_auditor")).exists()
    assert visible(Entry.objects.all(), world.actor("auditor")).exists()


def test_the_system_administrator_sees_accounts_without_role_and_no_business(as_user, world):
    answer = page(as_user("sysadmin"))
    block = answer.context["blocks"][0]
    assert [str(account) for account in block["accounts"]] == ["stranger"]
    assert "质量提升2026" not in text(answer)


def test_a_person_without_a_role_is_told_whom_to_ask(as_user, world, settings):
    settings.PORTAL_OFFICE_CONTACT = "市质强办 0754-000000"
    answer = page(as_user("stranger"))
    assert answer.context["blocks"] == []
    assert "0754-000000" in text(answer)


def test_a_stand_in_finds_the_work_of_whom_he_stands_in_for(as_user, world):
    today = timezone.localdate()
    people.name_stand_in(
        principal=world.people["jia_liaison"],
        deputy=world.people["jia_head"],
        actor=world.actor("jia_liaison"),
        first_day=today,
        last_day=today + timedelta(days=3),
    )
    blocks = page(as_user("jia_head")).context["blocks"]
    assert [block["template"] for block in blocks] == ["home/_filing.html", "home/_signing.html"]
    assert len(blocks[0]["to_sign_for"]) == 2


@pytest.mark.parametrize(
    "name",
    [
        "jia_liaison",
        "jia_head",
        "director",
        "clerk",
        "leader",
        "secretary",
        "supervisor",
        "auditor",
        "district",
        "sysadmin",
    ],
)
def test_few_and_many_rows_cost_the_same_queries(as_user, world, settled, name):
    settled()
    few = queries(as_user(name))
    assert few <= LIMIT
    grow(world)
    second = ReportingWindow.objects.filter(programme=world.programme).order_by("starts_on")[1]
    ReportingWindow.objects.filter(pk=second.pk).update(opens_on=date(2026, 3, 1))
    world.file("jia_liaison", "甲局", world.window, coordination="请协调")
    settled()
    assert queries(as_user(name)) <= LIMIT


def test_the_start_page_asks_for_a_signed_in_person(client, db):
    assert client.get(reverse("start")).status_code == 302
