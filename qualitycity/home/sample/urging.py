"""督办 in the present quarter of the fictional city: slips, calls, later dates, an adjustment, supporters' parts."""

from programs.choices import AdjustmentKind, ResponsibilityRole, SlipState
from programs.domain import burden
from programs.domain.supervision import (
    adjustments,
    bulletins,
    calls,
    contributions,
    extensions,
    slip_answers,
    slips,
)
from programs.domain.supervision.proposals import propose_slips
from programs.models import Slip, Task

from . import gathering
from .stage import Stage, Stumbled
from .supervision_facts import ExtensionFacts, SlipFacts
from .timeline import PAST_QUARTERS

NOW = PAST_QUARTERS
#: Days before the present on which slips are issued, answered, and everything else is asked for.
ISSUED, ANSWERED, ASKED = 24, 18, 12
OFFICE, CLERK = "office", "clerk1"
#: 填报负担: returns a unit may be asked for in a quarter without a reason.
MOST_ASKED = 6


def tell(stage: Stage) -> None:
    clock, begun = stage.clock, stage.timeline.quarters[NOW].start
    clock.ago(ISSUED, not_before=begun)
    propose_slips()
    for facts in stage.facts.supervision.slips:
        _issue(stage, facts)
    clock.ago(ANSWERED, not_before=begun)
    for facts in stage.facts.supervision.slips:
        _answer(stage, facts)
    gathering.coordinate(stage)
    clock.ago(ASKED, not_before=begun)
    for asked in stage.facts.supervision.extensions:
        _extend(stage, asked)
    _adjust(stage)
    _contribute(stage)
    clock.pause(30)
    _report_on_the_quarter(stage)


def propose(stage: Stage) -> None:
    """What the hour's job proposes at the present moment, with dates that lie ahead; a person decides about it."""
    stage.clock.ago(0, not_before=stage.timeline.quarters[NOW].start)
    propose_slips()


def _report_on_the_quarter(stage: Stage) -> None:
    """督查通报 of the last whole quarter, and the limit of what units are asked for."""
    quarter, place = stage.timeline.quarters[NOW - 1], stage.programme.jurisdiction
    row = bulletins.draft(
        actor=stage.actor(CLERK), jurisdiction=place, starts_on=quarter.start, ends_on=quarter.end,
        programme=stage.programme,
    )  # fmt: skip
    bulletins.issue(row, actor=stage.actor(OFFICE))
    burden.set_cap(actor=stage.actor(OFFICE), jurisdiction=place, per_quarter=MOST_ASKED)


def _slip(facts: SlipFacts, stage: Stage) -> Slip:
    found = Slip.objects.filter(item_part__item__title=facts.item, department=stage.units[facts.unit])
    slip = found.select_related("jurisdiction").order_by("pk").first()
    if slip is None:
        raise Stumbled(f"{facts.item}: no slip was proposed for {facts.unit}")
    return slip


def _issue(stage: Stage, facts: SlipFacts) -> None:
    slip = slips.issue(_slip(facts, stage), actor=stage.actor(OFFICE))
    stage.clock.pause(15)
    if facts.call is not None:
        calls.log_call(actor=stage.actor(CLERK), slip=slip, said=facts.call.said, reached=facts.call.reached)
    slips.acknowledge(slip, actor=stage.actor(stage.filer(facts.unit)))


def _answer(stage: Stage, facts: SlipFacts) -> None:
    filer, head = stage.actor(stage.filer(facts.unit)), stage.head(facts.unit)
    for answer in facts.answers:
        slip = _slip(facts, stage)
        before = slip_answers.open_answer(slip)
        row = slip_answers.submit(
            slip=slip, actor=filer, values={"text": answer.text, "measures": answer.measures, "promised_on": None},
            row_version=before.row_version if before else None,
        )  # fmt: skip
        stage.clock.pause(20)
        row = slip_answers.sign(row, actor=stage.actor(head or OFFICE))
        stage.clock.pause(40)
        if answer.refused:
            slip_answers.refuse(row, actor=stage.actor(OFFICE), by="office", reason=answer.refused)
        else:
            slip_answers.accept(row, actor=stage.actor(OFFICE))
    if facts.answers and _slip(facts, stage).state != SlipState.SETTLED:
        raise Stumbled(f"{facts.item}: the slip of {facts.unit} is not settled")


def _extend(stage: Stage, facts: ExtensionFacts) -> None:
    """Asked by the first unit that may; only while the date has not passed."""
    task = Task.objects.select_related("programme__jurisdiction").get(
        programme=stage.programme, number=facts.task
    )
    parts = [part for part in extensions.asking_parts(task) if part.department is not None]
    codes = {unit.pk: code for code, unit in stage.units.items()}
    part = next((part for part in parts if stage.head(codes[part.department_id])), None)
    if part is None or task.due_on is None or task.due_on < stage.clock.today:
        return
    unit = codes[part.department_id]
    row = extensions.ask(
        task=task, department=stage.units[unit], actor=stage.actor(stage.filer(unit)), reason=facts.reason,
        progress=facts.progress, wanted_on=stage.clock.calendar.add_working_days(task.due_on, facts.days),
    )  # fmt: skip
    stage.clock.pause(30)
    row = extensions.sign(row, actor=stage.actor(stage.head(unit) or OFFICE))
    stage.clock.pause(60)
    if facts.granted:
        extensions.grant(row, actor=stage.actor(OFFICE), granted_on=row.wanted_on, answer="同意，抓紧推进。")


def _adjust(stage: Stage) -> None:
    facts = stage.facts.supervision.adjustment
    row = adjustments.draft(
        task=stage.task(facts.task), kind=AdjustmentKind.WORDING, actor=stage.actor(CLERK), basis=facts.basis,
        approver=facts.approver, approved_on=stage.clock.today, requirement=facts.requirement,
        title=stage.task(facts.task).title,
    )  # fmt: skip
    stage.clock.pause(30)
    adjustments.carry_out(row, actor=stage.actor(OFFICE))


def _contribute(stage: Stage) -> None:
    window = stage.windows[NOW]
    for facts in stage.facts.supervision.contributions:
        task = stage.task(facts.task)
        part = task.parts.filter(role=ResponsibilityRole.SUPPORT, department=stage.units[facts.unit]).first()
        if part is None:
            raise Stumbled(f"{facts.task}: {facts.unit} does not support it")
        row = contributions.hand_in(
            part=part, window=window, actor=stage.actor(stage.filer(facts.unit)), text=facts.text
        )
        stage.clock.pause(10)
        lead = task.parts.filter(role=ResponsibilityRole.LEAD, department__isnull=False).first()
        codes = {unit.pk: code for code, unit in stage.units.items()}
        if facts.adopted and lead is not None:
            contributions.adopt(row, actor=stage.actor(stage.filer(codes[lead.department_id])))
