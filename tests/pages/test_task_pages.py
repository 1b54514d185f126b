"""The task page: responsibility, newest reports, buttons, and a history that shows each reader what is meant for him."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from guardian.shortcuts import assign_perm

from kpis.models import Indicator
from programs.domain import additions, breakdown, consultation, parts, remarks, sheet, tasks
from programs.domain.entries import TASKS as LINES
from programs.domain.evidence import attach
from programs.domain.filing import return_rows
from programs.domain.programmes import PROGRAMMES
from programs.models import Consultation, Responsibility, Task
from programs.queries.history import ACTIONS, PART, REPORT, TASK
from qualitycity.audit.journal import record

from ..factories import make_part, make_task, make_user
from ..files import builders

pytestmark = pytest.mark.django_db
MOST = 12


def page(client, task):
    return client.get(reverse("task", args=[task.pk]))


def titles(response):
    return [event.title for event in response.context["events"]]


@pytest.fixture
def filed(world):
    world.file("jia_liaison", "甲局", progress="印发方案", problems="经费不足", percent=45)
    return_to_unit(world)
    world.file("jia_liaison", "甲局", progress="印发方案并部署", problems="经费不足", percent=45)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    return world


def return_to_unit(world):
    rows = world.rows("甲局")
    return_rows(LINES.machine, rows, actor=world.actor("jia_head"), by="head", reason="请补充数据")


@pytest.mark.parametrize("who", ["director", "jia_liaison", "leader"])
def test_few_queries_with_few_and_many_rows(filed, as_user, django_assert_max_num_queries, who):
    task, client = filed.tasks[0], as_user(who)
    director = filed.actor("director")
    for more in (0, 40):
        for number in range(more):
            unit = type(filed.units["甲局"]).objects.create(
                jurisdiction=filed.city, code=f"unit-{number}", kind="government_dept", name=f"第{number}局",
                short_name=f"第{number}局",
            )
            breakdown.add_part(task, actor=director, department=unit, role="joint")
            breakdown.add_milestone(
                programme=filed.programme, task=task, actor=director, title=f"节点{number}", due_on=date(2026, 9, 1)
            )
            breakdown.add_deliverable(task=task, actor=director, name=f"成果{number}", kind="document", due_on=None)
            Indicator.objects.create(
                programme=filed.programme, task=task, name=f"指标{number}", clause_path=str(number), comparator=">=",
                value=90, unit="%",
            )
        with django_assert_max_num_queries(MOST):
            response = page(client, task)
        assert response.status_code == 200
    assert len(response.context["parts"]) == 42 and response.context["panels"]


def test_facts_responsibility_and_newest_report(filed, as_user):
    response = page(as_user("clerk"), filed.tasks[0])
    lead, support = (row["line"] for row in response.context["parts"])
    assert (lead.unit, lead.light.sentence, lead.percent) == ("市甲局", "进度45%，还有177个工作日", 45)
    assert (support.unit, support.light, support.percent) == ("市乙局", None, None)
    (report,) = response.context["reports"]
    assert (report.latest.text, report.latest.problems, report.latest.accepted) == ("印发方案并部署", "经费不足", True)
    text = response.content.decode()
    assert "印发方案并部署" in text and "2026年第一季度" in text and "一/(1)" in text


def test_what_the_office_added_is_never_mixed_with_print(filed, as_user):
    director = filed.actor("director")
    breakdown.add_part(filed.tasks[0], actor=director, department=filed.units["丙局"], role="support")
    breakdown.add_milestone(
        programme=filed.programme, task=filed.tasks[0], actor=director, title="中期评估", due_on=date(2026, 6, 30)
    )
    response = page(as_user("leader"), filed.tasks[0])
    assert [row["line"].added for row in response.context["parts"]] == [False, False, True]
    assert [point.added for point in response.context["milestones"]] == [True]


def test_the_history_tells_the_way_of_a_report_newest_first(filed, as_user):
    response = page(as_user("clerk"), filed.tasks[0])
    reports = [
        entry.split("（")[0] for entry in titles(response) if "2026年第一季度" in entry
    ]
    wanted = ("accept", "sign", "submit", "return_by_head", "submit")
    assert reports == [str(ACTIONS[REPORT][action]) for action in wanted]
    back = next(event for event in response.context["events"] if event.tone == "bad")
    assert back.note == "请补充数据" and back.who == "jia_head"
    assert "45%" in next(event for event in response.context["events"] if event.title.startswith(reports[-1])).note


def test_what_one_act_did_to_several_units_is_one_line(world, as_user):
    events = titles(page(as_user("clerk"), world.tasks[1]))
    assert f"{ACTIONS[PART]['assign']}（市甲局、市乙局）" in events


def test_each_reader_sees_his_own_history(filed, as_user):
    director = filed.actor("director")
    task = filed.tasks[0]
    record(subject=task, action="break_down", actor=director, reason="内部斟酌", audience="office")
    round_ = Consultation.objects.create(
        programme=filed.programme, opened_on=date(2026, 3, 1), due_on=date(2026, 3, 30),
        opened_by=filed.people["director"],
    )
    consultation.reply(
        round_, actor=filed.actor("yi_liaison"), department=filed.units["乙局"],
        answers={task.pk: consultation.Answer("change", "建议改期")},
    )
    notes = {who: "".join(event.note for event in page(as_user(who), task).context["events"]) for who in
             ("director", "jia_head", "yi_head", "leader")}  # fmt: skip
    assert "内部斟酌" in notes["director"] and "建议改期" in notes["director"]
    assert "建议改期" in notes["yi_head"]
    for who in ("jia_head", "yi_head", "leader"):
        assert "内部斟酌" not in notes[who]
    for who in ("jia_head", "leader"):
        assert "建议改期" not in notes[who]
    assert "请补充数据" in notes["jia_head"]
    assert "请补充数据" not in notes["yi_head"], "another unit's report is not this unit's affair"


def test_every_action_of_the_tables_has_a_word():
    for kind, machine in ((TASK, tasks.TASKS), (PART, parts.PARTS), (REPORT, LINES.machine)):
        actions = {transition.action for transition in machine.transitions}
        assert actions <= set(ACTIONS[kind])
        assert machine.model.lower() == kind
    assert PROGRAMMES.model.lower() not in ACTIONS, "programmes have pages of their own"


def test_a_long_history_is_cut_and_can_be_opened(world, as_user):
    for number in range(60):
        record(subject=world.tasks[2], action="break_down", actor=world.actor("director"), reason=f"第{number}次")
    client = as_user("clerk")
    short = page(client, world.tasks[2])
    assert len(short.context["events"]) == 40 and short.context["older"]
    assert "?history=all" in short.content.decode()
    long = client.get(reverse("task", args=[world.tasks[2].pk]), {"history": "all"})
    assert len(long.context["events"]) > 60 and not long.context["older"]


def test_buttons_for_the_office_signing_for_the_unit(world, as_user):
    response = page(as_user("director"), world.tasks[0])
    assert [move.action for move in response.context["parts"][0]["moves"]] == ["finish", "waive"]
    assert response.context["may_manage"] and not response.context["to_sign"] and not response.context["to_file"]
    response = page(as_user("jia_liaison"), world.tasks[0])
    part = Responsibility.objects.get(task=world.tasks[0], department=world.units["甲局"])
    assert response.context["to_sign"] == [part] and not response.context["may_manage"]
    assert response.context["to_file"] == reverse("entry", args=[world.window.pk, part.department_id, f"task-{part.pk}"])
    assert all(not row["moves"] for row in response.context["parts"])
    answer = as_user("jia_liaison").post(reverse("sign_for"), {"part": part.pk})
    assert answer.status_code == 302
    assert page(as_user("jia_liaison"), world.tasks[0]).context["to_sign"] == []


def test_a_button_of_the_page_does_what_it_says(world, as_user):
    task = make_task(world.programme, 4, mode="sole")
    make_part(task, world.units["甲局"], "sole")
    client = as_user("director")
    for expected in ("confirm", "assign"):
        move = next(move for move in page(client, task).context["moves"] if move.action == expected)
        assert not move.asks
        assert client.post(move.url, {"action": move.action}).status_code == 302
    assert Task.objects.get(pk=task.pk).state == "active"
    assert page(as_user("auditor"), task).context["moves"] == []


def test_remarks_with_the_secretary_who_recorded_them(world, as_user):
    remarks.remark(programme=world.programme, task=world.tasks[0], actor=world.actor("leader"), text="请抓紧")
    remarks.remark(programme=world.programme, task=world.tasks[0], actor=world.actor("secretary"), text="已转达")
    shown = page(as_user("yi_head"), world.tasks[0]).context["remarks"]
    assert [(remark.leader, remark.secretary, remark.text) for remark in shown] == [
        ("leader", "secretary", "已转达"), ("leader", "", "请抓紧"),
    ]
    assert page(as_user("leader"), world.tasks[0]).context["may_remark"]


def test_carried_over_tasks_and_sub_items_are_linked_both_ways(world, as_user):
    item = additions.add_item(
        world.tasks[0], actor=world.actor("director"), title="制定培训计划", requirement="", due_on=date(2026, 5, 30)
    )
    later = make_task(world.programme, 9, carried_from=world.tasks[0])
    text = page(as_user("leader"), world.tasks[0]).content.decode()
    for other in (item, later):
        assert f'href="/tasks/{other.pk}/"' in text
        assert f'href="/tasks/{world.tasks[0].pk}/"' in page(as_user("leader"), other).content.decode()


def test_a_quotation_is_shown_where_one_is_kept(world, as_user):
    Task.objects.filter(pk=world.tasks[0].pk).update(quote="（原文一句）")
    assert "（原文一句）" in page(as_user("leader"), world.tasks[0]).content.decode()
    assert "qc-clause" not in page(as_user("leader"), world.tasks[1]).content.decode()


def test_evidence_leads_to_its_file(world, as_user):
    unit, liaison = {world.units["甲局"].pk}, world.actor("jia_liaison")
    typed = world.typed("jia_liaison", "甲局", world.window)
    sheet.save(actor=liaison, window=world.window, departments=unit, typed=typed)
    row = next(row for row in world.rows("甲局") if row.part.task_id == world.tasks[0].pk)
    (kept,) = attach(row, actor=liaison, uploads=[SimpleUploadedFile("通报.pdf", builders.pdf())])
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    text = page(as_user("leader"), world.tasks[0]).content.decode()
    assert "通报.pdf" in text and reverse("file", args=[kept.file.public_id]) in text


@pytest.mark.parametrize(
    ("who", "number", "status"),
    [
        ("bing_liaison", 0, 404),
        ("bing_liaison", 2, 200),
        ("sysadmin", 0, 404),
        ("supervisor", 0, 200),
        ("auditor", 1, 200),
    ],
)
def test_who_opens_which_task(world, as_user, who, number, status):
    assert page(as_user(who), world.tasks[number]).status_code == status


def test_a_person_added_to_one_task_sees_it_alone(world, client):
    expert = make_user("expert")
    assign_perm("work_on_task", expert, world.tasks[2])
    client.force_login(expert, backend="django.contrib.auth.backends.ModelBackend")
    assert page(client, world.tasks[2]).status_code == 200
    assert page(client, world.tasks[0]).status_code == 404
