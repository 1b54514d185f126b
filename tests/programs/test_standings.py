"""Kept lights are never older than the facts, whoever writes; working them out costs the same for few and many."""

import threading
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.domain import breakdown, standings
from programs.domain.lights import count_lights
from programs.models import (
    Milestone,
    ProgressEntry,
    Responsibility,
    StandingChange,
    Task,
    TaskStanding,
)
from programs.queries import standing
from programs.queries.board import board, by_department
from programs.queries.kept import keep
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workdays.models import Holiday

from ..factories import make_part, make_task

LATER = "2026-04-20T10:00:00+08:00"


def kept(task: Task) -> tuple[str, str]:
    standings.board_day()
    found = TaskStanding.objects.get(task=task)
    return found.light, found.sentence


def worked_out(task: Task) -> tuple[str, str]:
    (row,) = board(
        Task.objects.filter(pk=task.pk), actor=None, today=timezone.localdate(), calendar=load_calendar()
    )
    return row.light.code, row.light.sentence


def assert_true_to_the_facts() -> None:
    for task in Task.objects.all():
        assert kept(task) == worked_out(task)


def test_whatever_is_written_by_whatever_road_the_kept_light_is_the_one_of_the_facts(world, clock):
    task = Task.objects.filter(programme=world.programme).earliest("pk")
    before = kept(task)
    world.file("jia_liaison", "甲局")
    assert_true_to_the_facts()
    assert kept(task) != before
    breakdown.add_milestone(
        programme=world.programme,
        task=task,
        actor=world.actor("clerk"),
        title="中期检查",
        due_on=date(2026, 3, 27),
    )
    clock.move_to(LATER)
    assert_true_to_the_facts()
    # not through the domain: a repair by hand in the database is noticed as well
    Responsibility.objects.filter(task=task).update(state="waived", settled_on=date(2026, 4, 1))
    assert_true_to_the_facts()
    ProgressEntry.objects.filter(part__task=task).delete()
    Milestone.objects.filter(task=task).update(state="done", done_on=date(2026, 4, 1))
    assert_true_to_the_facts()
    world.programme.windows.filter(pk=world.window.pk).update(due_on=date(2026, 4, 21))
    assert_true_to_the_facts()
    world.units["甲局"].short_name = "甲局新名"
    world.units["甲局"].save()
    assert_true_to_the_facts()
    Holiday.objects.create(date=date(2026, 4, 21), kind="rest", name="临时放假")
    assert_true_to_the_facts()
    type(world.programme).objects.filter(pk=world.programme.pk).update(state="archived")
    assert_true_to_the_facts()
    assert kept(task)[1] == "历史档案，不作实时评价"


def test_a_day_that_passes_works_out_everything_and_a_second_reader_nothing(world, clock):
    standings.board_day()
    clock.move_to(LATER)
    first = standings.board_day()
    assert set(TaskStanding.objects.values_list("as_of", flat=True)) == {date(2026, 4, 20)}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = standings.board_day()
    assert (again.today, again.version) == (first.today, first.version)
    assert len(asked) == 2  # the look, and the calendar of the new version


@pytest.mark.parametrize("more", [1, 60])
def test_whoever_reads_first_after_a_change_pays_eight_queries_however_much_changed(world, more):
    standings.board_day()
    for number in range(50, 50 + more):
        task = make_task(world.programme, number, state="active")
        make_part(task, world.units["甲局"], "lead", state="assigned", assigned_on=date(2026, 3, 26))
    with CaptureQueriesContext(connection) as asked:
        standings.board_day()
    # the transaction's own words (SAVEPOINT …) are not questions
    assert len([query for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 2 + 8


def test_typing_a_draft_moves_no_light(world):
    world.file("jia_liaison", "甲局")
    standings.board_day()
    ProgressEntry.objects.update(problems="缺少检测设备")
    assert not StandingChange.objects.exists()
    ProgressEntry.objects.update(percent=77)
    assert StandingChange.objects.exists()


def test_figures_counted_in_the_database_are_those_of_the_rows(world, clock):
    world.file("jia_liaison", "甲局")
    clock.move_to(LATER)
    day = standings.board_day()
    tasks = Task.objects.filter(programme=world.programme)
    rows = board(tasks, actor=None, today=day.today, calendar=day.calendar)
    counts = standing.light_counts_by(tasks, "programme_id")[world.programme.pk]
    assert counts == {**count_lights(row.light for row in rows), "total": len(rows)}
    counted = {bar.department.pk: (bar.total, bar.red, bar.amber, bar.grey, bar.green)
               for bar in standing.department_bars_of(tasks)}  # fmt: skip
    assert counted == {
        bar.department.pk: (bar.total, bar.red, bar.amber, bar.grey, bar.green) for bar in by_department(rows)
    }


def test_what_a_board_keeps_is_made_anew_after_a_change_and_for_another_person(world):
    made: list[str] = []

    def ask(person: str) -> int:
        make = lambda: made.append(person) or len(made)  # noqa: E731 - says that it was called
        return keep("figure", make, actor=world.actor(person), day=standings.board_day())

    assert [ask("director"), ask("director"), ask("leader"), ask("director")] == [1, 1, 2, 1]
    world.file("jia_liaison", "甲局")
    assert ask("director") == 3


@pytest.mark.django_db(transaction=True)
def test_a_change_committed_while_lights_are_worked_out_is_found_by_the_next_reader(world, monkeypatch):
    task = Task.objects.filter(programme=world.programme).earliest("pk")
    standings.board_day()
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 12, 1), original_due=date(2026, 12, 1))
    work_out = standings._work_out

    def slow(*words):
        work_out(*words)
        other = threading.Thread(target=change)
        other.start()
        other.join()

    def change():
        with transaction.atomic():
            Task.objects.filter(pk=task.pk).update(due_on=date(2026, 3, 2), original_due=date(2026, 3, 2))
        connections.close_all()

    monkeypatch.setattr(standings, "_work_out", slow)
    standings.board_day()
    monkeypatch.setattr(standings, "_work_out", work_out)
    assert kept(task) == worked_out(task)
    assert kept(task)[0] == "red"
