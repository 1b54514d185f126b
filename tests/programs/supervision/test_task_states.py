"""销号 and 中止 of tasks, 未签收 apart from 未反馈: what is owed, what the lights say, what lists and figures count."""

from datetime import date

import pytest
from django.urls import reverse

from programs.domain import breakdown, entries, parts, rollforward, sheet, tasks
from programs.domain.reminders import scan
from programs.domain.standings import board_day
from programs.models import Responsibility, Suspension, Task
from programs.queries.standing import filter_tasks
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove

DUE, AFTER = "2026-04-08T10:00:00+08:00", "2026-04-20T10:00:00+08:00"


@pytest.fixture
def done(world) -> Task:
    """The third task, of 丙局 alone, completed."""
    director = world.actor("director")
    part = world.tasks[2].parts.get()
    parts.finish(part, actor=director)
    return tasks.complete(world.tasks[2], actor=director)


def standing(task: Task):
    board_day()
    return Task.objects.select_related("standing").get(pk=task.pk).standing


def suspended(world, task: Task) -> Task:
    return tasks.suspend(task, actor=world.actor("director"), reason="上级政策调整", basis="市政府第5次常务会议纪要")


def owed(world, unit: str) -> set[int]:
    lines = sheet.sheet_lines(world.window, {world.units[unit].pk})
    return {line.row.part.task_id for line in lines}


def test_a_closed_task_stays_completed_wherever_completed_ones_are_counted(world, done):
    closed = tasks.close(done, actor=world.actor("director"))
    assert (closed.state, closed.completed_on, closed.closed_on) == ("closed", date(2026, 3, 26), date(2026, 3, 26))
    kept = standing(closed)
    assert (kept.light, kept.percent) == ("green", 100) and "已办结并销号" in kept.sentence
    found = filter_tasks(Task.objects.all(), {"state": "completed"})
    assert list(found) == [closed] == list(filter_tasks(Task.objects.all(), {"state": "closed"}))
    assert list(violations()) == []


def test_a_closed_task_owes_nothing_that_is_due_later(world, done):
    assert done.pk in owed(world, "丙局"), "completed in mid-period it still reports on that period"
    tasks.close(done, actor=world.actor("director"))
    assert done.pk not in owed(world, "丙局")
    states = entries.TASKS.states([world.window], {world.units["丙局"].pk})
    assert states == [] and not entries.TASKS.owed([world.window.pk], {world.units["丙局"].pk})


def test_what_was_due_before_it_was_closed_stays_owed(world, done, clock):
    clock.move_to(AFTER)
    window = world.programme.windows.order_by("starts_on").first()
    tasks.close(done, actor=world.actor("director"))
    units = {world.units["丙局"].pk}
    assert done.pk in {part.task_id for part in entries.owed_parts(window)}
    assert len(entries.TASKS.states([window], units)) == 1
    assert entries.TASKS.owed_lines([window.pk]).filter(task=done).count() == 1


def test_a_report_under_way_keeps_a_task_from_being_closed(world, done):
    world.file("bing_liaison", "丙局", percent=100)
    with pytest.raises(IllegalMove) as refused:
        tasks.close(done, actor=world.actor("director"))
    assert "丙局" in str(refused.value.sentence)
    done.refresh_from_db()
    assert done.state == "completed"


def test_a_closed_task_is_taken_up_again_only_with_a_reason(world, done):
    director = world.actor("director")
    closed = tasks.close(done, actor=director)
    with pytest.raises(IllegalMove):
        tasks.reopen(closed, actor=director, reason=" ")
    again = tasks.reopen(closed, actor=director, reason="验收发现问题")
    assert (again.state, again.completed_on, again.closed_on) == ("active", None, None)


def test_a_suspension_names_reason_and_basis_and_says_so_in_grey(world):
    task = world.tasks[0]
    with pytest.raises(IllegalMove):
        tasks.suspend(task, actor=world.actor("director"), reason="上级政策调整", basis=" ")
    with pytest.raises(IllegalMove):
        tasks.suspend(task, actor=world.actor("director"), reason=" ", basis="纪要")
    task = suspended(world, task)
    kept = standing(task)
    assert (kept.light, kept.sentence, kept.concerns) == ("grey", "已中止（上级政策调整）", [])
    part = task.parts.get(role="lead")
    assert list(Responsibility.objects.filter(pk=part.pk).values_list("standing__light", flat=True)) == ["grey"]
    assert history(task).last().reason == "上级政策调整"
    heard = InboxItem.objects.filter(title__contains="已中止").values_list("recipient__username", flat=True)
    assert set(heard) == {"jia_liaison", "jia_head", "yi_liaison", "yi_head"}


def test_a_suspended_task_owes_no_report_and_reminds_nobody(world, clock):
    task = suspended(world, world.tasks[0])
    assert task.pk not in owed(world, "甲局") and world.tasks[1].pk in owed(world, "甲局")
    assert len(entries.TASKS.states([world.window], {world.units["甲局"].pk})) == 1
    for other in world.tasks[1:]:
        suspended(world, other)
    clock.move_to("2026-12-18T10:00:00+08:00")
    scan()
    assert not InboxItem.objects.filter(kind="digest").exists()


def test_nothing_is_changed_in_a_suspended_task(world):
    task = suspended(world, world.tasks[0])
    director, part = world.actor("director"), task.parts.get(role="lead")
    with pytest.raises(IllegalMove):
        parts.finish(part, actor=director)

    with pytest.raises(IllegalMove):
        breakdown.add_part(task, actor=director, department=world.units["丙局"], role="support")
    with pytest.raises(IllegalMove):
        breakdown.edit_task(
            task, actor=director, values={"due_on": date(2026, 12, 1)}, row_version=task.row_version, reason="理由"
        )
    task.refresh_from_db()
    assert task.original_due == date(2026, 11, 30)


def test_periods_due_while_a_task_rested_are_never_asked_for(world, clock):
    task = suspended(world, world.tasks[0])
    clock.move_to(AFTER)
    first = world.programme.windows.order_by("starts_on").first()
    task = tasks.resume(task, actor=world.actor("director"))
    assert (task.state, task.suspended_on, task.suspended_why) == ("active", None, "")
    rest = Suspension.objects.get(task=task)
    assert (rest.since, rest.until) == (date(2026, 3, 26), date(2026, 4, 20))
    assert task.pk not in {part.task_id for part in entries.owed_parts(first)}
    assert entries.TASKS.owed_lines([first.pk]).filter(task=task).count() == 0
    mine = entries.TASKS.states([first], {world.units["甲局"].pk})
    assert len(mine) == 1, "the other task of 甲局 alone"
    assert "未报" not in standing(task).sentence
    clock.move_to("2026-07-01T10:00:00+08:00")
    assert task.pk in {part.task_id for part in entries.owed_parts(world.window)}
    assert list(violations()) == []


def test_resuming_twice_leaves_one_record(world):
    task = suspended(world, world.tasks[0])
    tasks.resume(task, actor=world.actor("director"))
    tasks.resume(task, actor=world.actor("director"))
    assert Suspension.objects.count() == 1


def test_not_signed_for_and_not_reported_are_two_things(world, clock):
    """未签收 after three working days; 未反馈 once the period is over."""
    parts.sign_for([world.tasks[0].parts.get(role="lead")], actor=world.actor("jia_liaison"))
    clock.move_to("2026-04-02T10:00:00+08:00")
    assert "unsigned" not in standing(world.tasks[0]).concerns
    assert standing(world.tasks[2]).concerns == ["unsigned"]
    clock.move_to(AFTER)
    assert standing(world.tasks[0]).concerns == ["unreported"]
    assert standing(world.tasks[2]).concerns == ["unreported", "unsigned"]
    unsigned = filter_tasks(Task.objects.all(), {"concern": "unsigned"})
    assert set(unsigned) == {world.tasks[1], world.tasks[2]}


def test_every_figure_of_the_board_leads_to_its_rows(world, clock, as_user):
    clock.move_to("2026-04-02T10:00:00+08:00")
    client = as_user("director")
    board = client.get(reverse("programme_board", args=[world.programme.pk])).context["board"]
    tile = next(tile for tile in board.wrong_tiles if "concern=unsigned" in tile.url)
    assert tile.figure == 3
    page = client.get(tile.url)
    assert page.status_code == 200 and page.content.decode().count('class="qc-col-task"') >= 3


def test_the_next_year_takes_suspended_tasks_along_with_a_mark_and_leaves_closed_ones(world, done, as_user):
    tasks.close(done, actor=world.actor("director"))
    suspended(world, world.tasks[0])
    client = as_user("director")
    page = client.get(reverse("roll_forward", args=[world.programme.pk]))
    assert (page.context["coming"], page.context["behind"], page.context["suspended"]) == (2, 1, 1)
    copy = rollforward.roll_forward(
        world.programme, actor=world.actor("director"), key="shili-2027", title="示例市质量提升行动计划（2027年）",
        short_title="质量提升2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
    )  # fmt: skip
    assert {task.carried_from_id for task in copy.tasks.all()} == {world.tasks[0].pk, world.tasks[1].pk}
    copied = copy.tasks.get(carried_from=world.tasks[0])
    assert "上级政策调整" in client.get(reverse("task", args=[copied.pk])).content.decode()


def test_the_office_suspends_resumes_and_closes_on_the_tasks_page(world, done, as_user):
    client, url = as_user("director"), reverse("task_move", args=[world.tasks[0].pk])
    assert 'name="basis"' in client.get(url, {"action": "suspend"}).content.decode()
    refused = client.post(url, {"action": "suspend", "sure": "1", "reason": "上级政策调整", "basis": ""})
    assert refused.status_code == 422 and "上级政策调整" in refused.content.decode()
    sent = {"action": "suspend", "sure": "1", "reason": "上级政策调整", "basis": "市政府第5次常务会议纪要"}
    assert client.post(url, sent).status_code == 302
    page = client.get(reverse("task", args=[world.tasks[0].pk])).content.decode()
    assert "已中止（上级政策调整）" in page and "市政府第5次常务会议纪要" in page and "action=resume" in page
    assert client.post(url, {"action": "resume", "sure": "1", "reason": ""}).status_code == 302
    closing = reverse("task_move", args=[done.pk])
    assert client.post(closing, {"action": "close", "sure": "1", "reason": ""}).status_code == 302
    done.refresh_from_db()
    assert done.state == "closed"
