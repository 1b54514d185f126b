"""How it began: broken down, out for comment, confirmed, started, assigned, signed for."""

from datetime import timedelta

from kpis.domain.reporters import name_reporter
from kpis.models import Indicator
from programs.choices import PartState, TaskState
from programs.domain import additions, arrangements, breakdown, consultation, parts, programmes, tasks
from programs.models import Responsibility
from taskforce.domain.groups import give_list
from taskforce.models import DepartmentGroup, Seat

from .stage import Stage

#: A quarter's window opens as soon as the one before is over, so that on any day one is open.
OPENS_BEFORE = 92
#: Working days before the start of the programme.
COMMENTS_FROM, COMMENTS_UNTIL = 14, 6
LATE_SIGNING_DAYS = 8


def break_down(stage: Stage) -> None:
    """办公室分解, while the programme is being prepared."""
    office, clerk = stage.actor("office"), stage.actor("clerk1")
    facts = stage.facts.breakdown
    arrangements.arrange(
        stage.programme,
        actor=office,
        office=stage.units["shili-shijianju"],
        report_opens_before=OPENS_BEFORE,
        contact="市市场监管局（领导小组办公室）0999-5550010",
    )
    for row in facts.lists:
        group = DepartmentGroup.objects.get(code=row.group)
        give_list(group, [stage.units[code] for code in row.units], row.basis, office)
    for item in facts.items:
        added = additions.add_item(
            stage.task(item.task), actor=clerk, title=item.title, requirement=item.requirement, due_on=item.due
        )
        breakdown.add_part(added, actor=clerk, department=stage.units[item.unit], role="sole")
    for number in facts.expand:
        for part in Responsibility.objects.filter(task=stage.task(number), group__isnull=False):
            breakdown.expand_group(part, actor=clerk)
    _set_dates(stage)
    _name_people(stage)
    for convenor in facts.convenors:
        part = Responsibility.objects.get(task=stage.task(convenor.task), department=stage.units[convenor.unit])
        breakdown.name_convenor(part, actor=office, reason=convenor.reason)
    for row in facts.milestones:
        task = stage.task(row.task) if row.task else None
        breakdown.add_milestone(
            programme=stage.programme, task=task, actor=clerk, title=row.title, due_on=row.due
        )
    indicators = {row.name: row for row in Indicator.objects.filter(programme=stage.programme)}
    for reading in stage.facts.readings:
        name_reporter(
            indicators[reading.indicator],
            actor=clerk,
            department=stage.units[reading.reporter],
            data_source=reading.source,
        )


def _set_dates(stage: Stage) -> None:
    seats = {seat.post: seat for seat in Seat.objects.filter(body=stage.programme.body)}
    phases = {phase.name: phase for phase in stage.programme.phases.all()}
    for row in stage.facts.breakdown.tasks:
        task = stage.task(row.task)
        values = {
            "due_on": row.due,
            "phase": phases[row.phase] if row.phase else None,
            "responsible_leader": seats[row.leader],
        }
        breakdown.edit_task(task, actor=stage.actor("clerk1"), values=values, row_version=task.row_version)


def _name_people(stage: Stage) -> None:
    """责任人 and 联络员 of every unit that will report."""
    codes = {unit.pk: code for code, unit in stage.units.items()}
    for part in Responsibility.objects.filing().filter(task__programme=stage.programme).order_by("pk"):
        unit = codes[part.department_id]
        head = next(iter(stage.accounts(unit, "unit_head") or stage.accounts(unit, "liaison")))
        breakdown.name_people(
            part,
            actor=stage.actor("clerk1"),
            contact=stage.users[stage.filer(unit)],
            responsible=f"{head.name}（{head.post}）",
            row_version=part.row_version,
        )


def consult(stage: Stage) -> None:
    """征求意见: most agree, some ask for a change and are answered, one says nothing."""
    facts, clock = stage.facts.breakdown.consultation, stage.clock
    eve = stage.timeline.start - timedelta(days=1)
    clock.go(clock.workday(eve, COMMENTS_FROM))
    answers_due = clock.workday(eve, COMMENTS_UNTIL)
    office = stage.actor("office")
    round_ = consultation.open_round(stage.programme, actor=office, due_on=answers_due, note=facts.note)
    clock.go(clock.workday(eve, COMMENTS_UNTIL + 3), "14:20")
    units = set(
        Responsibility.objects.filter(
            task__programme=stage.programme, task__state=TaskState.CONSULTING, department__isnull=False
        ).values_list("department__code", flat=True)
    )
    wishes = {wish.unit: wish for wish in facts.answers}
    answered: dict[int, str] = {}
    for code in sorted(units - set(facts.silent)):
        wish = wishes.get(code)
        answers = {None: consultation.Answer("agree")}
        if wish:
            answers = {stage.task(wish.task).pk: consultation.Answer("change", wish.text)}
        rows = consultation.reply(
            round_, actor=stage.actor(stage.filer(code)), department=stage.units[code], answers=answers
        )
        if wish:
            answered[rows[0].pk] = wish.answer
        clock.pause(11)
    clock.go(answers_due, "16:40")
    consultation.answer_wishes(round_, actor=stage.actor("office"), answers=answered)
    clock.go(clock.workday(eve, COMMENTS_UNTIL - 2), "10:10")
    consultation.close_round(round_, actor=stage.actor("office"))


def assign(stage: Stage) -> None:
    """启动, 交办, 签收. One unit signs for its tasks days after the limit."""
    clock = stage.clock
    clock.go(stage.timeline.start, "09:00")
    programmes.start(stage.programme, actor=stage.actor("office"))
    del stage.programme  # it runs now: whoever asks next reads it anew
    clock.pause(40)
    tasks.assign(stage.programme.tasks.filter(state=TaskState.CONFIRMED), actor=stage.actor("office"))
    assigned_on = clock.today
    clock.go(clock.calendar.add_working_days(assigned_on, 1), "15:00")
    late = stage.facts.breakdown.late_to_sign
    waiting: dict[str, list[Responsibility]] = {}
    for part in Responsibility.objects.filter(
        task__programme=stage.programme, state=PartState.ASSIGNED
    ).select_related("department"):
        waiting.setdefault(part.department.code, []).append(part)
    for code in sorted(set(waiting) - {late}):
        parts.sign_for(waiting[code], actor=stage.actor(stage.filer(code)))
        clock.pause(2)
    clock.go(clock.calendar.add_working_days(assigned_on, LATE_SIGNING_DAYS), "16:30")
    parts.sign_for(waiting[late], actor=stage.actor(stage.filer(late)))
