"""Programmes, tasks, parts, lines of the sheet and PDF reports: shadow tables from docs and designs, and how to move."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kpis.domain.readings import INDICATORS
from kpis.models import Indicator, IndicatorReading
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
from taskforce.models import Department, Membership

from ..factories import World, make_part, make_task
from ..files import builders
from .walk import UNIT, Walk, table

PROGRAMMES = Walk(
    programmes.PROGRAMMES,
    table(
        """
        draft           | start   | running  | director
        running         | close   | closed   | director
        draft, closed   | archive | archived | director
        """
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
    """Beside the three tasks at work: two being broken down, one without a unit, two completed – of one no report is
    under way –, one closed, and a programme not yet started."""
    jia, yi, donghu = (world.units[name] for name in ("甲局", "乙局", "东湖区"))
    for number in (4, 5):
        make_part(make_task(world.programme, number, mode="sole", due_on=date(2026, 11, 30)), jia, "sole")
    make_task(world.programme, 6, mode="sole")
    finished = [
        make_task(world.programme, number, mode="sole", due_on=date(2026, 11, 30)) for number in (7, 8, 9)
    ]
    director = world.actor("director")
    for task, unit in zip(finished, (yi, yi, donghu), strict=True):
        part = make_part(task, unit, "sole")
        task_moves.confirm([task], actor=director)
        task_moves.assign([task], actor=director)
        parts.finish(part, actor=world.actor("clerk"), reason="已办结")
        task_moves.complete(task, actor=director)
    task_moves.close(Task.objects.get(pk=finished[1].pk), actor=director)
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
        """
    ),
    {
        "confirm": lambda row, actor, reason: task_moves.confirm([row], actor=actor),
        "revise": lambda row, actor, reason: task_moves.revise([row], actor=actor),
        "assign": lambda row, actor, reason: task_moves.assign([row], actor=actor),
        "complete": lambda row, actor, reason: task_moves.complete(row, actor=actor, reason=reason),
        "close": lambda row, actor, reason: task_moves.close(row, actor=actor, reason=reason),
        "suspend": lambda row, actor, reason: task_moves.suspend(
            row, actor=actor, reason=reason, basis="会议纪要第3号"
        ),
        "resume": lambda row, actor, reason: task_moves.resume(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: task_moves.reopen(row, actor=actor, reason=reason),
    },
    {"consult": consult, "milestone": milestone},
    prepare_tasks,
)

def hand_out(world: World, actor: ActorContext, chance: Random) -> Any:
    """Parts go out with their task, by the same act; mostly somebody of the office has confirmed it before."""
    task = chance.choice(Task.objects.exclude(state=TaskState.ACTIVE).order_by("pk") or world.tasks)
    if chance.random() < 0.7:
        task_moves.confirm([task], actor=world.actor("clerk"))
    return task_moves.assign([task], actor=actor)


PARTS = Walk(
    parts.PARTS,
    table(
        """
        pending                       | assign   | assigned   | director
        assigned                      | sign_for | signed_for | unit
        assigned, signed_for          | finish   | done       | office
        pending, assigned, signed_for | waive    | waived     | director
        done, waived                  | reopen   | signed_for | director
        """
    ),
    {
        "sign_for": lambda row, actor, reason: parts.sign_for([row], actor=actor),
        "finish": lambda row, actor, reason: parts.finish(row, actor=actor, reason=reason),
        "waive": lambda row, actor, reason: parts.waive(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: parts.reopen(row, actor=actor, reason=reason),
    },
    {"assign": hand_out},
)

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
"""
CORRECTED = f"{FILED}    accepted | supersede | superseded | clock"
FILED_APART = {
    "sign": ("filed_by_id",),
    "countersign": ("filed_by_id",),
    "accept": ("filed_by_id", "signed_by_id"),
}


def no_head_passed_over(row: Any, action: str, roles: frozenset[str]) -> str:
    """会签 by the office is for units without a head."""
    heads = Membership.objects.filter(role=Role.UNIT_HEAD, department_id=row.department_id)
    passed_over = action == "countersign" and heads.exclude(user_id=row.filed_by_id).exists()
    return "countersigned, although the unit has a head" if passed_over else ""


def filed_moves(machine: Any) -> dict[str, Any]:
    def back(by: str) -> Any:
        return lambda row, actor, reason: filing.return_rows(
            machine, [row], actor=actor, by=by, reason=reason
        )

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


def _window(world: World, chance: Random) -> ReportingWindow:
    """Mostly the one that is being reported on."""
    return world.window if chance.random() < 0.7 else chance.choice(ReportingWindow.objects.order_by("pk"))


def own_unit(world: World, actor: ActorContext, chance: Random) -> Department:
    """The one whoever acts belongs to, sometimes another one."""
    units = sorted(world.units.values(), key=lambda unit: unit.pk)
    mine = [unit for unit in units if unit.pk in actor.departments(*UNIT)]
    return chance.choice(mine if mine and chance.random() < 0.8 else units)


def _type(world: World, actor: ActorContext, chance: Random, write: Any) -> Any:
    """A unit's sheet with something typed into some of its lines; most people type what can be handed in."""
    window, unit, well = _window(world, chance), {own_unit(world, actor, chance).pk}, chance.random() < 0.6
    typed = {}
    for line in sheet.sheet_lines(window, unit):
        if line.row.state not in ("draft", "returned") if well else chance.random() < 0.3:
            continue
        values: dict[str, Any] = {"result": "见效", "next_steps": "继续"}
        values["progress"] = "完成检查" if well else chance.choice(["", "推进中" * 50])
        values["percent"] = (
            (40 if line.nature == "outcome" else None) if well else chance.choice([None, 0, 100])
        )
        values["coordination"] = chance.choice(["", "", "请协调检测用地", "请协调经费"])
        if line.source.name == "indicator":
            values = {"value": 1 if well else chance.choice([None, 23]), "note": chance.choice(["", "抽查"])}
        stale = chance.random() < 0.1 and not well
        typed[line.key] = sheet.Typed(values, line.row.row_version - stale if line.row.pk else None)
    return write(actor=actor, window=window, departments=unit, typed=typed)


def type_sheet(world: World, actor: ActorContext, chance: Random) -> Any:
    return _type(world, actor, chance, sheet.save)


def hand_in(world: World, actor: ActorContext, chance: Random) -> Any:
    return _type(world, actor, chance, sheet.submit)


def sign_on_paper(world: World, actor: ActorContext, chance: Random) -> Any:
    window, unit = _window(world, chance), own_unit(world, actor, chance)
    code = paper.check_code(paper.lines_to_sign(window, {unit.pk}))
    return paper.accept_scan(
        window=window, department=unit, departments={unit.pk}, actor=actor, signer="王局长",
        upload=SimpleUploadedFile("扫描件.pdf", builders.pdf()), code=code if chance.random() < 0.9 else "00000000",
    )  # fmt: skip


#: Who files and who signs, by unit; 丙局 has no head.
UNITS = {
    "甲局": ("jia_liaison", "jia_head"),
    "乙局": ("yi_liaison", "yi_head"),
    "丙局": ("bing_liaison", "director"),
}


def anew(world: World, actor: ActorContext, row: ProgressEntry, coordination: str) -> Any:
    """A report comes back, is written anew and signed: three people, one after the other."""
    name = next(name for name, unit in world.units.items() if unit.pk == row.department_id)
    liaison, head = (world.actor(who) for who in UNITS[name])
    machine, line = entries.TASKS.machine, ProgressEntry.objects.filter(pk=row.pk)
    if row.state == "signed":
        filing.return_rows(machine, [row], actor=actor, by="office", reason="请写明")
    row = line.get()
    said: dict[str, Any] = {"progress": "完成检查", "result": "见效", "next_steps": "继续", "coordination": coordination}
    said["percent"] = 40 if row.part.task.nature == "outcome" else None
    sheet.submit(
        actor=liaison,
        window=row.window,
        departments={row.department_id or 0},
        typed={f"task-{row.part_id}": sheet.Typed(said, row.row_version)},
    )
    act = filing.countersign_rows if name == "丙局" else filing.sign_rows
    return act(machine, [line.get()], actor=head)


def file_anew(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = ProgressEntry.objects.filter(state__in=["draft", "returned", "signed"], version=1).order_by("pk")
    return anew(world, actor, chance.choice(rows), "") if rows else None


def prepare_lines(world: World) -> None:
    """甲局 corrects an accepted line of a task that it does with others; the correction is with its head."""
    liaison, unit = world.actor("jia_liaison"), {world.units["甲局"].pk}
    key = f"task-{world.tasks[1].parts.get(department=world.units['甲局']).pk}"
    typed = world.typed("jia_liaison", "甲局", world.window)[key]
    assert sheet.submit(actor=liaison, window=world.window, departments=unit, typed={key: typed}).ok
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    draft = corrections.correct(world.rows("甲局")[0], actor=liaison, reason="数字有误")
    again = sheet.Typed({**typed.values, "progress": "更正后"}, draft.row_version)
    assert sheet.submit(actor=liaison, window=world.window, departments=unit, typed={key: again}).ok


def correct(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = ProgressEntry.objects.filter(state="accepted").order_by("pk")
    return corrections.correct(chance.choice(rows), actor=actor, reason="数字有误") if rows else None


def correct_reading(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = IndicatorReading.objects.filter(state="accepted").order_by("pk")
    return corrections.correct(chance.choice(rows), actor=actor, reason="数字有误") if rows else None


def lock(world: World, actor: ActorContext, chance: Random) -> Any:
    window = _window(world, chance)
    act = programmes.unlock_window if window.locked_at else programmes.lock_window
    return act(window, actor=actor, reason=chance.choice(["", "本期结束"]))


READING = INDICATORS.machine


def prepare_indicators(world: World) -> None:
    """甲局 corrects an accepted figure and has filed another one; 丙局 owes a third."""
    for name, task, unit in (("专项检测", 0, "甲局"), ("计量检定", 0, "甲局"), ("认证检查", 2, "丙局")):
        Indicator.objects.create(
            programme=world.programme, task=world.tasks[task], name=name, kind="numeric", comparator="count>=", value=23,
            unit="次", clause_path="一/(1)", reporter=world.units[unit],
        )  # fmt: skip
    unit, liaison = world.units["甲局"].pk, world.actor("jia_liaison")
    keys = [line.key for line in sheet.sheet_lines(world.window, {unit}) if line.source.name == "indicator"]
    filed = sheet.submit(
        actor=liaison, window=world.window, departments={unit},
        typed={key: sheet.Typed({"value": 1, "note": "抽查"}, None) for key in keys},
    )  # fmt: skip
    assert filed.ok
    first = IndicatorReading.objects.order_by("pk")[0]
    filing.sign_rows(READING, [first], actor=world.actor("jia_head"))
    filing.accept_rows(READING, [first], actor=world.actor("clerk"))
    corrections.correct(IndicatorReading.objects.get(pk=first.pk), actor=liaison, reason="数字有误")


LINES = Walk(
    entries.TASKS.machine,
    table(CORRECTED),
    filed_moves(entries.TASKS.machine),
    {
        "type": type_sheet,
        "hand_in": hand_in,
        "sign_on_paper": sign_on_paper,
        "correct": correct,
        "lock": lock,
        "file_anew": file_anew,
    },
    prepare_lines,
    apart=FILED_APART,
    closer=no_head_passed_over,
)
READINGS = Walk(
    READING,
    table(CORRECTED),
    filed_moves(READING),
    {"type": type_sheet, "hand_in": hand_in, "sign_on_paper": sign_on_paper, "correct": correct_reading},
    prepare_indicators,
    apart=FILED_APART,
    closer=no_head_passed_over,
)


def ask_report(world: World, actor: ActorContext, chance: Random) -> Any:
    return reports.request(actor=actor, programme=world.programme, window=world.window, scope="programme")


def build_report(world: World, actor: ActorContext, chance: Random) -> Any:
    """What the worker does: begin, bring it to an end, or give up."""
    rows = ProgressReport.objects.order_by("pk")
    if not rows:
        return None
    row, luck = chance.choice(rows), chance.random()
    if luck < 0.4:
        return reports.begin(row)
    if luck < 0.8:
        return reports.fail(row, sentence="没有做成。")
    return reports.finish(row, content={}, sha256="0" * 64, pdf=builders.pdf(), at=timezone.now())


BUILDS = Walk(
    reports.BUILDS,
    table(
        """
        queued           | begin  | building | clock
        queued, building | finish | ready    | clock
        queued, building | fail   | failed   | clock
        failed           | retry  | queued   | reader
        """
    ),
    {"retry": lambda row, actor, reason: reports.retry(row, actor=actor)},
    {"ask_report": ask_report, "build_report": build_report},
)
