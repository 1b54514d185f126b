"""Tasks, parts, programmes, reports: state × action × person, written by hand from the design.

What is not listed is refused. Guards are met in the world used (parts settled, reasons given) unless a test says so.
"""

from typing import Any

import pytest
from django.utils import timezone

from programs.choices import BuildState, PartState, ProgrammeState, TaskState
from programs.domain.parts import PARTS
from programs.domain.programmes import PROGRAMMES
from programs.domain.reports import BUILDS
from programs.domain.tasks import TASKS
from programs.models import Programme, ProgressReport, Responsibility, Task
from qualitycity.access import SYSTEM
from qualitycity.files.models import StoredFile
from qualitycity.workflow import IllegalMove, NotAllowed, advance

PEOPLE = (
    "jia_liaison", "jia_head", "yi_liaison", "bing_liaison", "clerk", "director", "leader", "secretary", "supervisor",
    "auditor", "district", "sysadmin", "stranger",
)  # fmt: skip
OFFICE = {"clerk", "director"}

TASK_TABLE = {
    ("draft", "consult"): OFFICE,
    ("draft", "confirm"): OFFICE,
    ("consulting", "confirm"): OFFICE,
    ("confirmed", "revise"): OFFICE,
    ("confirmed", "assign"): {"director"},
    ("active", "complete"): {"director"},
    ("active", "suspend"): {"director"},
    ("suspended", "resume"): {"director"},
    ("completed", "close"): {"director"},
    ("completed", "reopen"): {"director"},
    ("closed", "reopen"): {"director"},
}
PART_TABLE = {
    ("pending", "assign"): {"director"},
    ("assigned", "sign_for"): {"jia_liaison", "jia_head"},
    ("assigned", "finish"): OFFICE,
    ("signed_for", "finish"): OFFICE,
    ("pending", "waive"): {"director"},
    ("assigned", "waive"): {"director"},
    ("signed_for", "waive"): {"director"},
    ("done", "reopen"): {"director"},
    ("waived", "reopen"): {"director"},
}
PROGRAMME_TABLE = {
    ("draft", "start"): {"director"},
    ("running", "close"): {"director"},
    ("draft", "archive"): {"director"},
    ("closed", "archive"): {"director"},
}
BUILD_TABLE = {("failed", "retry"): {"clerk", "director", "leader", "secretary", "supervisor"}}


def moves(machine: Any, row: Any, action: str, actor: Any, fields: dict[str, Any]) -> bool:
    """True when the row was really moved: a repeated move is let through as a no-op and changes no version."""
    before = row.row_version
    try:
        return advance(machine, row, action, actor=actor, reason="理由", fields=fields).row_version > before
    except (IllegalMove, NotAllowed):
        return False


def walk(world, machine, states, table, make, fields):
    """Compares every cell; `make(state)` puts one row into `state`, `fields(action)` are written with a move."""
    actors = {name: world.actor(name) for name in PEOPLE}
    actions = {transition.action for transition in machine.transitions}
    assert {action for _state, action in table} <= actions
    for state in states:
        for action in sorted(actions):
            for name in PEOPLE:
                row = make(state)
                expected = name in table.get((state, action), set())
                assert moves(machine, row, action, actors[name], fields(action)) == expected, (
                    state,
                    action,
                    name,
                )


def test_task_table(world):
    today = timezone.localdate()

    def make(state):
        Task.objects.filter(pk=world.tasks[2].pk).update(
            state=state,
            completed_on=today if state in ("completed", "closed") else None,
            closed_on=today if state == "closed" else None,
            suspended_on=today if state == "suspended" else None,
            suspended_why="理由" if state == "suspended" else "",
        )
        Responsibility.objects.filter(task=world.tasks[2]).update(state=PartState.WAIVED, settled_on=today)
        return Task.objects.get(pk=world.tasks[2].pk)

    def fields(action):
        return {
            "complete": {"completed_on": today},
            "close": {"closed_on": today},
            "suspend": {"suspended_on": today, "suspended_why": "理由"},
            "resume": {"suspended_on": None, "suspended_why": ""},
            "reopen": {"completed_on": None, "closed_on": None},
        }.get(action, {})

    walk(world, TASKS, TaskState.values, TASK_TABLE, make, fields)


def test_part_table(world):
    today = timezone.localdate()
    part = Responsibility.objects.get(task=world.tasks[0], role="lead")

    def make(state):
        settled = today if state in PartState.settled() else None
        Responsibility.objects.filter(pk=part.pk).update(state=state, settled_on=settled)
        return Responsibility.objects.get(pk=part.pk)

    def fields(action):
        return {"settled_on": today} if action in ("finish", "waive") else {}

    walk(world, PARTS, PartState.values, PART_TABLE, make, fields)


def test_programme_table(world):
    def make(state):
        Programme.objects.filter(pk=world.programme.pk).update(state=state)
        return Programme.objects.get(pk=world.programme.pk)

    walk(world, PROGRAMMES, ProgrammeState.values, PROGRAMME_TABLE, make, lambda action: {})


def test_report_table(world):
    now = timezone.now()
    file = StoredFile.objects.create(
        original_name="a.pdf",
        extension="pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        purpose="test",
        uploaded_by=world.people["clerk"],
        storage_name="aa/a",
    )
    report = ProgressReport.objects.create(
        programme=world.programme,
        window=world.window,
        scope="programme",
        title="报告",
        requested_by=world.people["clerk"],
        requested_at=now,
    )

    def make(state):
        ready = state == BuildState.READY
        ProgressReport.objects.filter(pk=report.pk).update(
            state=state, file=file if ready else None, built_at=now if ready else None
        )
        return ProgressReport.objects.get(pk=report.pk)

    walk(world, BUILDS, BuildState.values, BUILD_TABLE, make, lambda action: {})
    clock = {
        ("queued", "begin"),
        ("queued", "finish"),
        ("building", "finish"),
        ("queued", "fail"),
        ("building", "fail"),
    }
    for state in BuildState.values:
        for action in ("begin", "finish", "fail", "retry"):
            fields = {"file_id": file.pk, "built_at": now} if action == "finish" else {}
            assert moves(BUILDS, make(state), action, SYSTEM, fields) == ((state, action) in clock), (
                state,
                action,
            )


@pytest.mark.parametrize(
    ("table", "row", "action"), [("programme", "world.programme", "close"), ("part", "part", "waive")]
)
def test_a_required_reason_is_asked_for(world, table, row, action):
    machine, obj = {
        "programme": (PROGRAMMES, world.programme),
        "part": (PARTS, Responsibility.objects.get(task=world.tasks[0], role="lead")),
    }[table]
    with pytest.raises(IllegalMove):
        advance(machine, obj, action, actor=world.actor("director"), reason="   ")


def test_nothing_moves_in_a_historical_record(world):
    Programme.objects.filter(pk=world.programme.pk).update(state=ProgrammeState.ARCHIVED)
    Task.objects.filter(pk=world.tasks[0].pk).update(state=TaskState.DRAFT)
    with pytest.raises(IllegalMove):
        advance(TASKS, world.tasks[0], "confirm", actor=world.actor("director"))
