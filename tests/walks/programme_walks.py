"""Programmes, tasks, parts, lines of the sheet and PDF reports: shadow tables from docs and designs, and how to move."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kpis.domain.readings import IndicatorSource
from kpis.models import Indicator
from programs.choices import TaskState
from programs.domain import (
    breakdown,
    consultation,
    corrections,
    entries,
    filing,
    paper,
    parts,
    programmes,
    reports,
    sheet,
)
from programs.domain import tasks as task_moves
from programs.models import Consultation, Programme, ProgressEntry, ProgressReport, ReportingWindow, Task
from qualitycity.access import ActorContext
from taskforce.choices import Role

from ..factories import World, make_part, make_task
from ..files import builders
from .walk import CLOCK, Walk, table

OFFICE = frozenset({Role.OFFICE_ADMIN, Role.OFFICE_CLERK})
WHO = {
    "director": frozenset({Role.OFFICE_ADMIN}),
    "office": OFFICE,
    "unit": frozenset({Role.LIAISON, Role.UNIT_HEAD}),
    "liaison or office": OFFICE | {Role.LIAISON},
    "liaison": frozenset({Role.LIAISON}),
    "head": frozenset({Role.UNIT_HEAD}),
    "reader": OFFICE | {Role.LEADER, Role.SECRETARY, Role.SUPERVISOR},
    "clock": CLOCK,
}

PROGRAMMES = Walk(
    programmes.PROGRAMMES,
    table(
        """
        draft           | start   | running  | director
        running         | close   | closed   | director
        draft, closed   | archive | archived | director
        """,
        WHO,
    ),
    {
        "start": lambda row, actor, reason: programmes.start(row, actor=actor),
        "close": lambda row, actor, reason: programmes.close(row, actor=actor, reason=reason),
        "archive": lambda row, actor, reason: programmes.archive(row, actor=actor),
    },
)


def consult(world: World, actor: ActorContext, chance: Random) -> Any:
    """A round of comments: opened when there is none, else closed."""
    running = Consultation.objects.filter(closed_on__isnull=True).first()
    if running is not None:
        return consultation.close_round(running, actor=actor)
    programme = chance.choice(Programme.objects.order_by("pk"))
    return consultation.open_round(programme, actor=actor, due_on=timezone.localdate() + timedelta(days=7))


def milestone(world: World, actor: ActorContext, chance: Random) -> Any:
    task = chance.choice(Task.objects.order_by("pk"))
    due = timezone.localdate() + timedelta(days=chance.randint(-5, 60))
    return breakdown.add_milestone(
        programme=task.programme, task=task, actor=actor, title="完成抽检", due_on=due
    )


def prepare_tasks(world: World) -> None:
    """Beside the three tasks at work: two being broken down, one without a unit, and a programme not yet started."""
    for number in (4, 5):
        make_part(make_task(world.programme, number, mode="sole", due_on=date(2026, 11, 30)), world.units["甲局"], "sole")
    make_task(world.programme, 6, mode="sole")
    Programme.objects.create(
        key="shili-2026-2", jurisdiction=world.city, title="示例市标准化行动计划", short_title="标准化", year=2026,
        starts_on=date(2026, 2, 1), ends_on=date(2026, 11, 30), office_department=world.units["质量局"],
    )  # fmt: skip


TASKS = Walk(
    task_moves.TASKS,
    table(
        """
        draft             | consult  | consulting | office
        draft, consulting | confirm  | confirmed  | office
        confirmed         | revise   | draft      | office
        confirmed         | assign   | active     | director
        active            | complete | completed  | director
        completed         | close    | closed     | director
        active            | suspend  | suspended  | director
        suspended         | resume   | active     | director
        completed, closed | reopen   | active     | director
        """,
        WHO,
    ),
    {
        "confirm": lambda row, actor, reason: task_moves.confirm([row], actor=actor),
        "revise": lambda row, actor, reason: task_moves.revise([row], actor=actor),
        "assign": lambda row, actor, reason: task_moves.assign([row], actor=actor),
        "complete": lambda row, actor, reason: task_moves.complete(row, actor=actor, reason=reason),
        "close": lambda row, actor, reason: task_moves.close(row, actor=actor, reason=reason),
        "suspend": lambda row, actor, reason: task_moves.suspend(row, actor=actor, reason=reason, basis="会议纪要第3号"),
        "resume": lambda row, actor, reason: task_moves.resume(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: task_moves.reopen(row, actor=actor, reason=reason),
    },
    {"consult": consult, "milestone": milestone},
    prepare_tasks,
)

PARTS = Walk(
    parts.PARTS,
    table(
        """
        pending                       | assign   | assigned   | director
        assigned                      | sign_for | signed_for | unit
        assigned, signed_for          | finish   | done       | office
        pending, assigned, signed_for | waive    | waived     | director
        done, waived                  | reopen   | signed_for | director
        """,
        WHO,
    ),
    {
        "sign_for": lambda row, actor, reason: parts.sign_for([row], actor=actor),
        "finish": lambda row, actor, reason: parts.finish(row, actor=actor, reason=reason),
        "waive": lambda row, actor, reason: parts.waive(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: parts.reopen(row, actor=actor, reason=reason),
    },
    # parts go out with their task, by the same act
    {"assign": lambda world, actor, chance: task_moves.assign(
        [chance.choice(Task.objects.exclude(state=TaskState.ACTIVE).order_by("pk") or world.tasks)], actor=actor
    )},
)  # fmt: skip

FILED = """
    draft, returned | submit           | submitted  | liaison or office
    submitted       | withdraw         | draft      | liaison or office
    submitted       | sign             | signed     | head
    submitted       | sign_on_paper    | signed     | liaison
    submitted       | countersign      | signed     | office
    submitted       | return_by_head   | returned   | head
    signed          | unsign           | submitted  | head
    signed          | accept           | accepted   | office
    signed          | return_by_office | returned   | office
    accepted        | supersede        | superseded | clock
"""


def filed_moves(machine: Any) -> dict[str, Any]:
    def back(by: str) -> Any:
        return lambda row, actor, reason: filing.return_rows(machine, [row], actor=actor, by=by, reason=reason)

    return {
        "submit": lambda row, actor, reason: filing.submit_rows(machine, [row], actor=actor),
        "withdraw": lambda row, actor, reason: filing.withdraw_rows(machine, [row], actor=actor),
        "sign": lambda row, actor, reason: filing.sign_rows(machine, [row], actor=actor),
        "countersign": lambda row, actor, reason: filing.countersign_rows(machine, [row], actor=actor),
        "unsign": lambda row, actor, reason: filing.unsign_rows(machine, [row], actor=actor),
        "return_by_head": back("head"),
        "return_by_office": back("office"),
        "accept": lambda row, actor, reason: filing.accept_rows(machine, [row], actor=actor, remark=reason),
    }


def _window(chance: Random) -> ReportingWindow:
    return chance.choice(ReportingWindow.objects.order_by("pk"))


def _type(world: World, actor: ActorContext, chance: Random, write: Any) -> Any:
    """A unit's sheet with something typed into some of its lines, by whoever it is."""
    window, unit = _window(chance), {chance.choice(list(world.units.values())).pk}
    typed = {}
    for line in sheet.sheet_lines(window, unit):
        if chance.random() < 0.3:
            continue
        values: dict[str, Any] = {"progress": chance.choice(["", "完成检查", "推进中" * 50])}
        values |= {"result": "见效", "next_steps": "继续", "percent": chance.choice([None, 0, 40, 100])}
        if line.source.name == "indicator":
            values = {"value": chance.choice([None, 1, 23]), "note": chance.choice(["", "抽查"])}
        stale = chance.random() < 0.1
        typed[line.key] = sheet.Typed(values, line.row.row_version - stale if line.row.pk else None)
    return write(actor=actor, window=window, departments=unit, typed=typed)


def type_sheet(world: World, actor: ActorContext, chance: Random) -> Any:
    return _type(world, actor, chance, sheet.save)


def hand_in(world: World, actor: ActorContext, chance: Random) -> Any:
    return _type(world, actor, chance, sheet.submit)


def sign_on_paper(world: World, actor: ActorContext, chance: Random) -> Any:
    window, unit = _window(chance), chance.choice(list(world.units.values()))
    code = paper.check_code(paper.lines_to_sign(window, {unit.pk}))
    return paper.accept_scan(
        window=window, department=unit, departments={unit.pk}, actor=actor, signer="王局长",
        upload=SimpleUploadedFile("扫描件.pdf", builders.pdf()), code=code if chance.random() < 0.9 else "00000000",
    )  # fmt: skip


def correct(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = ProgressEntry.objects.filter(state="accepted").order_by("pk")
    return corrections.correct(chance.choice(rows), actor=actor, reason="数字有误") if rows else None


def lock(world: World, actor: ActorContext, chance: Random) -> Any:
    window = _window(chance)
    act = programmes.unlock_window if window.locked_at else programmes.lock_window
    return act(window, actor=actor, reason=chance.choice(["", "本期结束"]))


def prepare_indicator(world: World) -> None:
    Indicator.objects.create(
        programme=world.programme, task=world.tasks[0], name="专项检测", kind="numeric", comparator="count>=", value=23,
        unit="次", clause_path="一/(1)", reporter=world.units["甲局"],
    )  # fmt: skip


LINES = Walk(
    entries.TASKS.machine,
    table(FILED, WHO),
    filed_moves(entries.TASKS.machine),
    {
        "type": type_sheet,
        "hand_in": hand_in,
        "sign_on_paper": sign_on_paper,
        "correct": correct,
        "lock": lock,
    },
)
READING = IndicatorSource().machine
READINGS = Walk(
    READING, table(FILED, WHO), filed_moves(READING), {"sign_on_paper": sign_on_paper}, prepare_indicator
)


def ask_report(world: World, actor: ActorContext, chance: Random) -> Any:
    return reports.request(actor=actor, programme=world.programme, window=world.window, scope="programme")


def build_report(world: World, actor: ActorContext, chance: Random) -> Any:
    """What the worker does: begin, or give up."""
    rows = ProgressReport.objects.order_by("pk")
    if not rows:
        return None
    row = chance.choice(rows)
    return reports.begin(row) if chance.random() < 0.5 else reports.fail(row, sentence="没有做成。")


BUILDS = Walk(
    reports.BUILDS,
    table(
        """
        queued           | begin  | building | clock
        queued, building | finish | ready    | clock
        queued, building | fail   | failed   | clock
        failed           | retry  | queued   | reader
        """,
        WHO,
    ),
    {"retry": lambda row, actor, reason: reports.retry(row, actor=actor)},
    {"ask_report": ask_report, "build_report": build_report},
)
