"""全部任务 as one file, and the pieces in which tables are streamed."""

import csv
import io

import pytest
from django.urls import reverse

from programs.models import Task
from programs.queries.task_export import COLUMNS
from qualitycity.audit.models import Entry
from qualitycity.files.spreadsheets import CHUNK, csv_lines

from ..factories import make_part, make_task
from .stage import running

pytestmark = pytest.mark.django_db


def rows_of(answer):
    text = b"".join(answer).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_all_tasks_of_all_programmes_are_one_line_each(world, as_user):
    other = running(world.city, "second", "第二个方案", world.units["质量局"], world.actor("director"))
    make_part(make_task(other, 1, mode="sole"), world.units["丙局"], "sole")
    head, *rows = rows_of(as_user("clerk").get(reverse("tasks_csv")))
    assert head == list(COLUMNS) and len(rows) == 4
    first, joint, _sole, new = rows
    assert first[:6] == ["质量提升2026", "2026", "一 强化监管", "(1)", "一/(1)", "任务1"]
    assert first[8:13] == ["有明确成果", "办理中", "市甲局", "市乙局", "2026-11-30"]
    assert joint[10:12] == ["市甲局、市乙局", ""] and new[0] == "第二个方案" and new[9] == "分解中"
    assert Entry.objects.get(action="export_tasks").actor_label == "clerk"


def test_the_address_narrows_what_is_taken_out(world, as_user):
    client = as_user("director")
    assert len(rows_of(client.get(reverse("tasks_csv"), {"nature": "ongoing"}))) == 1 + 1
    assert len(rows_of(client.get(reverse("tasks_csv"), {"state": "completed"}))) == 1
    assert len(rows_of(client.get(reverse("tasks_csv"), {"year": "2025"}))) == 1
    assert len(rows_of(client.get(reverse("tasks_csv"), {"year": "x", "state": "y"}))) == 1 + 3
    assert Entry.objects.filter(action="export_tasks").order_by("id").first().after["filters"] == ["任务性质：常态推进"]


def test_typed_text_is_never_run(world, as_user):
    Task.objects.filter(pk=world.tasks[0].pk).update(title='=HYPERLINK("http://x")', requirement="　＝危险")
    rows = rows_of(as_user("director").get(reverse("tasks_csv")))
    assert rows[1][5].startswith("'=") and rows[1][6] == "'　＝危险" and rows[2][5] == "任务2"


@pytest.mark.parametrize("who", ["jia_liaison", "leader", "supervisor", "auditor", "sysadmin", "stranger"])
def test_only_an_office_takes_all_tasks_out(world, as_user, who):
    assert as_user(who).get(reverse("tasks_csv")).status_code == 403
    assert not Entry.objects.filter(action="export_tasks").exists()


def test_ten_and_a_thousand_tasks_cost_the_same_queries(world, as_user, django_assert_max_num_queries):
    Task.objects.bulk_create(
        Task(programme=world.programme, number=str(n), clause_path=str(n), title="x", nature="outcome", role_mode="sole")
        for n in range(1000)
    )
    client = as_user("clerk")
    with django_assert_max_num_queries(12):
        rows = rows_of(client.get(reverse("tasks_csv")))
    assert len(rows) == 1 + 1003


def test_a_formula_in_any_piece_is_made_text_and_the_other_pieces_stay():
    rows = [("a", n, "正常") for n in range(CHUNK)] + [("\t=1", 1, "正常"), ("b", -1, None)]
    pieces = list(csv_lines(["甲", "乙", "丙"], rows))
    assert len(pieces) == 3 and pieces[1].startswith("a,0,正常\r\n")
    assert pieces[2] == "'\t=1,1,正常\r\nb,-1,\r\n"
